"""A kernel in a sandbox, as the grader sees it: code in, outputs out, and nothing believed."""

import errno
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from subprocess import DEVNULL

import matplotlib
import torch
import zmq
from jupyter_client import KernelManager

from course_tools.run.warm import WarmKernels, warm_kernels, write_profile

ROOT = Path(__file__).resolve().parents[2]
START = 180  # seconds for a kernel to come up
STOP = threading.Event()  # set when the run is to end at once
KEPT = ("PATH", "LANG", "LC_ALL", "TZ", "SYSTEMROOT")  # of the environment; no tokens
KERNELS_OWN = {"COURSE_RUN_FOLDER"}  # set by `warm_kernels`
SMALLEST = 10_000
WORDS = ("text", "ename", "evalue")
BEGIN = """import os, sys
sys.path.insert(0, {root!r})
from course_tools.grade import trial
trial.begin(get_ipython())
os.getpid()"""


@dataclass(frozen=True)
class Limits:
    """What a submission may use.

    Attributes:
        cell: seconds for one cell.
        total: seconds for one submission.
        memory: bytes of address space.
        output: bytes that its cells may print and show.
        file: bytes of the largest file.
        scratch: bytes of all its files, each of which counts as at least SMALLEST.
        threads: threads of its kernel, which has a dozen of its own.
    """

    cell: float = 30
    total: float = 180
    memory: int = 4 << 30
    output: int = 1_000_000
    file: int = 50_000_000
    scratch: int = 200_000_000
    threads: int = 200


class NotGraded(Exception):
    """The grader's own side failed; the submission is not to blame and stays to be graded."""


class Stopped(Exception):
    """The kernel cannot go on, because of the cell it was running; `kind` says why in one word."""

    def __init__(self, kind: str, text: str):
        super().__init__(text)
        self.kind = kind


class Kernel:
    """A kernel with a folder of its own; a context manager.

    Attributes:
        held: which protections the system granted, by name.

    Raises:
        NotGraded: it did not come up.
    """

    def __init__(self, limits: Limits, readable: Path):
        self.limits, self.written, self.watched = limits, 0, 0.0
        self.base = Path(tempfile.mkdtemp(prefix=f"grade-{os.getpid()}-"))
        self.folder = self.base / "run"
        for name in ("work", "tmp"):
            (self.folder / name).mkdir(parents=True)
        write_profile(self.folder / "ipython")
        local = {"transport": "ipc", "ip": str(self.folder / "s")} if zmq.has("ipc") else {}
        self.manager = KernelManager(
            kernel_name="python3", connection_file=str(self.folder / "kernel.json"), **local
        )
        self.context = zmq.Context()
        # A larger message ends the connection: it would be in our memory before it is counted.
        self.context.setsockopt(zmq.MAXMSGSIZE, 2 * limits.output)
        self.context.setsockopt(zmq.RCVHWM, 100)  # nobody reads the replies
        self.context.setsockopt(zmq.RECONNECT_IVL, 10)
        self.sandbox = {
            "folder": str(self.folder),
            "readable": [str(readable)],
            "told": str(self.base / "held"),
            "memory": limits.memory,
            "seconds": limits.total,
            "file": limits.file,
        }

    def __enter__(self) -> "Kernel":
        try:
            self._start()
        except BaseException as error:
            self.__exit__()
            if isinstance(error, RuntimeError | OSError):
                raise NotGraded(f"no kernel came up: {error}") from None
            raise
        return self

    def _start(self) -> None:
        environment = clean_environment() | {
            "TMPDIR": str(self.folder / "tmp"),
            "IPYTHONDIR": str(self.folder / "ipython"),
            "COURSE_PROGRESS": str(self.folder / "progress.json"),
            "COURSE_SANDBOX": json.dumps(self.sandbox),
        }
        self.manager.start_kernel(
            env=environment, cwd=str(self.folder / "work"), stdout=DEVNULL, stderr=DEVNULL
        )
        self.client = self.manager.client(context=self.context)
        self.client.start_channels(stdin=False, hb=False)
        self.socket = self.client.iopub_channel.socket
        self.monitor = self.socket.get_monitor_socket(zmq.EVENT_DISCONNECTED)
        self.poller = zmq.Poller()
        self.poller.register(self.socket, zmq.POLLIN)
        deadline = time.monotonic() + START
        # The first messages are lost until the subscription is known: ask until one is heard.
        while not self.socket.poll(50):
            if STOP.is_set() or time.monotonic() > deadline or not self.manager.is_alive():
                raise NotGraded("the kernel did not answer")
            self.client.kernel_info()
        self.poller.register(self.monitor, zmq.POLLIN)
        try:
            self.held = json.loads((self.base / "held").read_text())
        except (OSError, ValueError):
            raise NotGraded("the kernel started without its sandbox") from None
        outputs = self.run(BEGIN.format(root=str(ROOT)), START)
        numbers = [o["data"].get("text/plain", "") for o in outputs if o["data"]]
        if not numbers:
            raise NotGraded(f"the kernel has no course: {outputs[-1:]}")
        self.pid = int(numbers[-1])

    def __exit__(self, *_: object) -> None:
        if self.manager.has_kernel:
            self.manager.shutdown_kernel(now=True)
        if hasattr(self, "client"):
            self.client.stop_channels()
        self.context.destroy(linger=0)
        remove(self.base)

    def run(self, code: str, seconds: float) -> list[dict]:
        """Run code; return its outputs as (nbformat-like) dictionaries.

        Raises:
            Stopped: it took too long, used too much, or the kernel died.
        """
        asked = self.client.execute(code, store_history=False)
        deadline, outputs = time.monotonic() + seconds, []
        while True:
            ready = dict(self.poller.poll(200))
            if STOP.is_set():
                raise NotGraded("the run was stopped before it")
            if self.monitor in ready:  # the kernel is gone, or sent more than it may at once
                for _ in range(20):
                    self._must_live()
                    time.sleep(0.1)
                self._count(self.limits.output)
            elif self.socket in ready:
                try:
                    message = self.client.get_iopub_msg(timeout=1)
                    content, kind = dict(message["content"]), str(message["msg_type"])
                    mine = message["parent_header"].get("msg_id") == asked
                except Exception as error:  # whatever a student's code has sent in its place
                    words = f"it sent what no kernel sends ({error!r:.200})"
                    raise Stopped("died", words) from None
                self._count(len(repr(content)))
                if mine and kind == "status" and content.get("execution_state") == "idle":
                    return outputs
                if mine and kind in ("stream", "display_data", "execute_result", "error"):
                    # In the types it should have: a kernel under test can send anything.
                    data = content.get("data")
                    words = {name: str(content.get(name, "")) for name in WORDS}
                    data = data if isinstance(data, dict) else {}
                    outputs.append({"kind": kind, "data": data, **words})
            else:
                self._must_live()
            self._watch()
            if time.monotonic() > deadline:
                raise Stopped("time", f"it was still running after {seconds:.0f} s and was stopped")

    def _must_live(self) -> None:
        if not self.manager.is_alive():
            raise Stopped("died", "it ended its kernel, or the system had to")

    def _count(self, written: int) -> None:
        self.written += written
        if self.written >= self.limits.output:
            limit = self.limits.output / 1e6
            words = f"it wrote more than {limit:g} MB of output and was stopped"
            raise Stopped("output", words)

    def _watch(self) -> None:
        """Once a second: has it more files or threads than it may have?"""
        if time.monotonic() < self.watched + 1:
            return
        self.watched = time.monotonic()
        size, folders = 0, [str(self.folder)]
        for folder in folders:
            try:
                with os.scandir(folder) as found:
                    for file in found:
                        size += max(file.stat(follow_symlinks=False).st_blocks * 512, SMALLEST)
                        if file.is_dir(follow_symlinks=False):
                            folders.append(file.path)
                        if size > self.limits.scratch:
                            raise Stopped("files", "it made more files than it may and was stopped")
            except OSError as error:
                if error.errno == errno.ENAMETOOLONG:  # what is further in could not be counted
                    raise Stopped("files", "it nested folders too deeply and was stopped") from None
        with suppress(OSError, AttributeError):
            threads = len(os.listdir(f"/proc/{self.pid}/task"))
            if threads > self.limits.threads:
                raise Stopped("threads", f"it started {threads} threads and was stopped")


def remove(folder: Path) -> None:
    """Delete a kernel's folder, whatever its code has made of it."""
    with suppress(Exception):  # folders can be nested more deeply than Python goes
        shutil.rmtree(folder)
    if folder.exists() and os.name == "posix":
        subprocess.run(["rm", "-rf", str(folder)], stderr=DEVNULL)


def sweep() -> None:
    """Delete the folders of graders that were killed."""
    for folder in Path(tempfile.gettempdir()).glob("grade-*-*"):
        number = re.fullmatch(r"grade-(\d+)-\w+", folder.name)
        if number and sys.platform == "linux" and not os.path.exists(f"/proc/{number[1]}"):
            remove(folder)


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
    torch.set_num_threads(1)  # as theirs; several fight the kernels for the processor's cores
    tempfile.gettempdir()  # while TMPDIR is there
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
