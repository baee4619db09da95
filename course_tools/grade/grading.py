"""Run the answers of one submission in the grader's own notebook, and gather the verdicts."""

import json
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from subprocess import DEVNULL
from uuid import uuid4

import matplotlib
import zmq
from jupyter_client import KernelManager
from jupyter_client.blocking import BlockingKernelClient

from course_tools.grade.submissions import Finding, Step, Submission
from course_tools.publish.handout import POINTS
from course_tools.run.reliability import write_profile
from course_tools.run.warm import WarmKernels, warm_kernels
from course_utils.answers import CHARACTERS, SECONDS
from course_utils.exercises import all_exercises
from course_utils.verdicts import MIME

START = 180  # seconds for a kernel to come up
KEPT = ("PATH", "LANG", "LC_ALL", "TZ")  # of the grader's environment; no tokens among them
KERNELS_OWN = {"JUPYTER_PATH", "COURSE_RUN_FOLDER"}  # set by `warm_kernels`
NO_MEMORY = re.compile(r"MemoryError|(can't allocate|not enough) memory|bad_alloc")
# What the sandbox writes down, in words.
ATTEMPTS = {
    "process": "it tried to start another process ({}), and was refused",
    "network": "it tried to open a network connection ({}), and was refused",
    "read": "it tried to read {}, outside its own folder, and was refused",
    "change": "it tried to write, change or delete {}, outside its own folder, and was refused",
    "signal": "it tried to send a signal to {}, and was refused",
}
IMITATION = re.compile(r"[✓✗○] [0-9]{2}-[a-z0-9-]+: (right|wrong|not attempted)")
LONGEST = 2_000  # characters of a message in the reports


@dataclass(frozen=True)
class Limits:
    """What a submission may use.

    Attributes:
        cell: seconds for one cell.
        total: seconds for one submission.
        memory: bytes of address space.
        output: bytes that its cells may print and show.
        file: bytes of the largest file.
    """

    cell: float = 30
    total: float = 180
    memory: int = 4 << 30
    output: int = 1_000_000
    file: int = 50_000_000


class NotGraded(Exception):
    """The grader's own side failed; the submission is not to blame and stays to be graded."""


class Stopped(Exception):
    """The kernel cannot go on, because of the cell it was running."""

    def __init__(self, kind: str, text: str):
        super().__init__(text)
        self.kind = kind


class Kernel:
    """A kernel in a sandbox, with its own folder; a context manager.

    Attributes:
        held: which protections the system granted, by name.
    """

    def __init__(self, limits: Limits):
        self.limits, self.written, self.seen = limits, 0, 0
        self.base = Path(tempfile.mkdtemp(prefix="grade-"))
        self.folder, self.record = self.base / "run", self.base / "record"
        for name in ("work", "tmp"):
            (self.folder / name).mkdir(parents=True)
        write_profile(self.folder / "ipython")
        self.manager = KernelManager(
            kernel_name="python3",
            transport="ipc",
            ip=str(self.folder / "s"),
            connection_file=str(self.folder / "kernel.json"),
        )
        self.context = zmq.Context()
        # A larger message ends the connection: it would be in our memory before it is counted.
        self.context.setsockopt(zmq.MAXMSGSIZE, 2 * limits.output)
        self.held: dict[str, bool] = {}

    def __enter__(self) -> "Kernel":
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _start(self) -> None:
        sandbox = {
            "folder": str(self.folder),
            "record": str(self.record),
            "memory": self.limits.memory,
            "seconds": self.limits.total,
            "file": self.limits.file,
        }
        environment = clean_environment() | {
            "TMPDIR": str(self.folder / "tmp"),
            "IPYTHONDIR": str(self.folder / "ipython"),
            "COURSE_PROGRESS": str(self.folder / "progress.json"),
            "COURSE_SANDBOX": json.dumps(sandbox),
        }
        self.manager.start_kernel(
            env=environment, cwd=str(self.folder / "work"), stdout=DEVNULL, stderr=DEVNULL
        )
        self.client = self.manager.client(context=self.context)
        assert isinstance(self.client, BlockingKernelClient)
        self.client.start_channels(stdin=False, hb=False)
        self.client.wait_for_ready(timeout=START)
        self.socket = self.client.iopub_channel.socket
        self.monitor = self.socket.get_monitor_socket(zmq.EVENT_DISCONNECTED)
        self.poller = zmq.Poller()
        self.poller.register(self.socket, zmq.POLLIN)
        self.poller.register(self.monitor, zmq.POLLIN)
        held = dict(self.attempts()).get("held")
        if held is None:
            raise NotGraded("the kernel started without its sandbox")
        self.held = held

    def __exit__(self, *_: object) -> None:
        if self.manager.has_kernel:
            self.manager.shutdown_kernel(now=True)
        if hasattr(self, "client"):
            self.client.stop_channels()
        self.context.destroy(linger=0)
        shutil.rmtree(self.base, ignore_errors=True)

    def run(self, code: str, seconds: float, silent: bool = False) -> list[dict]:
        """Run code; return its outputs as (nbformat-like) dictionaries.

        Raises:
            Stopped: it took too long, wrote too much, or the kernel died.
        """
        asked = self.client.execute(code, silent=silent, store_history=not silent)
        deadline, outputs = time.monotonic() + seconds, []
        while True:
            ready = dict(self.poller.poll(200))
            if self.monitor in ready:
                raise self._lost()
            if self.socket in ready:
                try:
                    message = self.client.get_iopub_msg(timeout=1)
                except Exception as error:  # whatever a student's code has sent in its place
                    raise Stopped("died", f"sent what no kernel sends ({error})"[:200]) from None
                content, kind = dict(message["content"]), message["msg_type"]
                self.written += len(repr(content))
                if self.written > self.limits.output:
                    raise self._flood()
                if message["parent_header"].get("msg_id") == asked:
                    if kind == "status" and content.get("execution_state") == "idle":
                        return outputs
                    if kind in ("stream", "display_data", "execute_result", "error"):
                        outputs.append(_output(kind, content))
            elif not self.manager.is_alive():
                raise self._dead()
            if time.monotonic() > deadline:
                raise Stopped("time", f"it was still running after {seconds:.0f} s and was stopped")

    def _lost(self) -> Stopped:
        """Why the connection has ended: the kernel is gone, or sent more than it may at once."""
        for _ in range(20):
            if not self.manager.is_alive():
                return self._dead()
            time.sleep(0.1)
        return self._flood()

    def _dead(self) -> Stopped:
        return Stopped("died", "it ended its kernel, or the system had to")

    def _flood(self) -> Stopped:
        limit = self.limits.output / 1e6
        return Stopped("output", f"it wrote more than {limit:g} MB of output and was stopped")

    def attempts(self) -> list[tuple[str, object]]:
        """What the sandbox has refused since the last call: (kind, detail)."""
        try:
            with self.record.open(encoding="utf-8", errors="replace") as file:
                file.seek(self.seen)
                lines = file.read().splitlines(keepends=True)
                self.seen += sum(len(line.encode()) for line in lines if line.endswith("\n"))
        except OSError:
            return []
        found = []
        for line in lines:
            # The code under test can write here too: what is no line of ours is passed over.
            with suppress(ValueError):
                kind, detail = json.loads(line)
                found.append((str(kind), detail))
        return found


def clean_environment() -> dict[str, str]:
    """What graded kernels have in common: nothing of the grader's but paths and language."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return kept | {
        "HOME": "/nonexistent",
        "MPLCONFIGDIR": matplotlib.get_cachedir(),  # the list of fonts takes seconds to make
        "HF_HUB_OFFLINE": "1",
        "OMP_NUM_THREADS": "1",
    }


@contextmanager
def graded_kernels() -> Iterator[WarmKernels]:
    """`warm_kernels` in the environment that the graded ones will have."""
    before = dict(os.environ)
    clean = clean_environment()
    os.environ.clear()
    os.environ.update(clean)
    try:
        with warm_kernels() as kernels:
            os.environ.update({name: before[name] for name in before.keys() - KERNELS_OWN})
            yield kernels
    finally:
        os.environ.clear()
        os.environ.update(before)


def grade(submission: Submission, steps: Sequence[Step], limits: Limits) -> dict:
    """Run one submission and say what came of it.

    An exercise that stops its kernel does not stop the others: they go on in a new kernel, where
    the cells that ran well run again.

    Args:
        submission: whose answers they are.
        steps: what to run, see `steps_for`.
        limits: what it may use.

    Returns:
        ``student``, ``notebook``, ``file``, ``findings`` (kind, text, exercise) and ``exercises``:
        a list of exercise, verdict ("right", "wrong", "not attempted" or "error"), points,
        seconds, error, message, mistake; and ``held``, the protections of the sandbox.

    Raises:
        NotGraded: the grader's own cells did not run.
    """
    run = _Run(limits, list(submission.findings))
    names = [step.exercise for step in steps if step.kind == "check"]
    while not set(names) <= run.verdicts.keys():
        run.once(steps)
    return {
        "student": submission.student,
        "notebook": submission.notebook,
        "file": submission.file,
        "findings": [asdict(finding) for finding in dict.fromkeys(run.findings)],
        "exercises": [run.row(name) for name in names],
        "held": run.held,
    }


class _Run:
    def __init__(self, limits: Limits, findings: list[Finding]):
        self.limits, self.findings = limits, findings
        self.verdicts: dict[str, dict] = {}
        self.seconds: dict[str, float] = {}
        self.culprits: set[str] = set()
        self.held: dict[str, bool] = {}
        self.deadline = time.monotonic() + limits.total

    def once(self, steps: Sequence[Step]) -> None:
        """Run the steps in one kernel, to the end or until one of them stops it."""
        nonce = uuid4().hex
        begin = f"from course_tools.grade import witness\nwitness.begin({nonce!r}, {{}})"
        with Kernel(self.limits) as kernel:
            self.held = kernel.held
            kernel.run(begin.format(self.limits.output), START, silent=True)
            for step in steps:
                done = step.kind == "check" and step.exercise in self.verdicts
                if step.exercise in self.culprits or done:
                    continue
                start = time.monotonic()
                try:
                    seconds = min(self.limits.cell, self.deadline - start)
                    if seconds <= 0:
                        raise Stopped("time", "no time was left for it")
                    self._look(step, kernel.run(step.source, seconds), nonce)
                except Stopped as stopped:
                    if step.kind == "context":
                        raise NotGraded(f"one of the grader's own cells: {stopped}") from None
                    self._fail(step.exercise, stopped.kind, str(stopped))
                    return
                finally:
                    spent = time.monotonic() - start
                    self.seconds[step.exercise] = self.seconds.get(step.exercise, 0.0) + spent
                    self._note(step.exercise, kernel)

    def _fail(self, exercise: str, kind: str, text: str) -> None:
        self.culprits.add(exercise)
        self.findings.append(Finding(kind, text, exercise))
        self.verdicts.setdefault(exercise, {"state": "error", "error": kind, "message": text})

    def _look(self, step: Step, outputs: Sequence[dict], nonce: str) -> None:
        """Read what a cell has shown; only a check's own result can be a verdict."""
        error = next((o for o in outputs if o["output_type"] == "error"), None)
        if step.kind == "context":
            if error:
                raise NotGraded(f"one of the grader's own cells: {error['evalue']}")
            return
        verdict = None
        for output in outputs:
            claim = output["data"].get(MIME)
            signed = isinstance(claim, dict) and claim.get("nonce") == nonce
            if step.kind == "check" and signed and output["output_type"] == "execute_result":
                verdict = claim
            elif claim or IMITATION.search(_text(output)):
                words = "it shows something that looks like a verdict; only the check's own counts"
                self.findings.append(Finding("imitation", words, step.exercise))
        if error:
            words = f"{error['ename']}: {error['evalue']}"
            lead = "The cell raised" if step.kind == "answer" else "The check could not run:"
            self.verdicts[step.exercise] = {
                "state": "error",
                "error": words,
                "message": f"{lead} {words}",
            }
            if NO_MEMORY.search(words):
                self._memory(step.exercise)
            if error["ename"] == "TooChatty":
                self._chatty(step.exercise, self.limits.output)
        elif step.kind == "check":
            self._judge(step.exercise, verdict)

    def _judge(self, exercise: str, verdict: dict | None) -> None:
        if (
            verdict is None
            or verdict.get("state") not in ("right", "wrong", "not attempted")
            or verdict.get("exercise") != exercise
            or not verdict.get("intact")
        ):
            words = "it changed the checker, so that no verdict of it counts"
            raise Stopped("checker", words)
        self.verdicts[exercise] = verdict
        error, message = verdict.get("error"), str(verdict.get("message"))
        if error == "TooSlow":
            words = f"it was still running after {SECONDS} s and was stopped"
            self.findings.append(Finding("time", words, exercise))
        elif error == "TooChatty":
            self._chatty(exercise, CHARACTERS)
        elif error and NO_MEMORY.search(f"{error} {message}"):
            self._memory(exercise)

    def _chatty(self, exercise: str, characters: int) -> None:
        words = f"it printed more than {characters} characters and was stopped"
        self.findings.append(Finding("output", words, exercise))

    def _memory(self, exercise: str) -> None:
        limit = self.limits.memory / (1 << 30)
        words = f"it asked for more memory than the {limit:g} GB it may use"
        self.findings.append(Finding("memory", words, exercise))

    def _note(self, exercise: str, kernel: Kernel) -> None:
        for kind, detail in kernel.attempts():
            if kind in ATTEMPTS:
                place = str(detail).replace(str(kernel.base), "…")
                self.findings.append(Finding(kind, ATTEMPTS[kind].format(place), exercise or None))

    def row(self, exercise: str) -> dict:
        found = self.verdicts[exercise]
        return {
            "exercise": exercise,
            "verdict": found["state"],
            "points": POINTS if found["state"] == "right" else 0,
            "seconds": round(self.seconds.get(exercise, 0.0), 2),
            "error": _steady(found.get("error") or ""),
            "message": _steady(str(found["message"])),
            "mistake": found["mistake"] if found.get("mistake") in _mistakes() else None,
        }


@cache
def _mistakes() -> tuple[str, ...]:
    return tuple(
        f"{exercise.id}/{number}"
        for exercise in all_exercises().values()
        for number in range(1, len(exercise.mistakes) + 1)
    )


def _output(kind: str, content: dict) -> dict:
    """What a cell showed, in the types it should have: a kernel under test can send anything."""
    data = content.get("data")
    words = {name: str(content.get(name, "")) for name in ("text", "ename", "evalue")}
    return {"output_type": kind, "data": data if isinstance(data, dict) else {}, **words}


def _text(output: dict) -> str:
    return output["text"] + str(output["data"])


def _steady(text: str) -> str:
    """The text without what differs between two runs: addresses and the scratch folder's name."""
    text = re.sub(r"\b0x[0-9a-f]{6,}", "0x…", text[:LONGEST])
    return re.sub(r"\S*/grade-\w+/run", "…", text)
