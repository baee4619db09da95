"""Grading a class: verdicts that count, hostile answers that harm nothing, runs that resume."""

import copy
import csv
import inspect
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import textwrap
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from course_tools.commands import main
from course_tools.grade import grade_class as module
from course_tools.grade.cells import answer_name, exercises_in
from course_tools.grade.collect import collect
from course_tools.grade.grade_class import grade_class
from course_tools.grade.kernel import Kernel, Limits, graded_kernels, sweep
from course_tools.grade.reports import write_reports
from course_tools.grade.rules import Marks
from course_utils.exercises import all_exercises
from executed import ROOT
from graded_class import (
    COURSE,
    EXERCISE,
    HOSTILE,
    MISTAKE_NAME,
    NAME,
    NOTEBOOK,
    NOTEBOOKS,
    RIGHT,
    SECOND_MISTAKE,
    cell,
    hand_in,
    hand_in_hostile,
    submission,
    without_seconds,
)
from pretend_windows import environment

LIMITS = Limits(cell=8)
SECRET = "the-exam-of-next-week"
linux = pytest.mark.skipif(sys.platform != "linux", reason="the kernel's own limits are Linux's")


ASIDE = {  # ways to a point for no work that need the checker in the student's process
    "frames": """def mask_positions(*_):
    import sys
    frame = sys._getframe()
    while "wanted" not in frame.f_locals:
        frame = frame.f_back
    return frame.f_locals["wanted"][0].result""",
    "objects": """import gc

def mask_positions(*given):
    for one in gc.get_objects():
        if type(one).__name__ == "Exercise":
            return one.reference(*given)""",
    "looks-up": """def mask_positions(*given):
    from course_utils.exercises import find
    return find("04-mask-positions").reference(*given)""",
    "patched": """import torch
import course_utils.answers, course_utils.verdicts

course_utils.answers.same = course_utils.verdicts.same = lambda *_: True
torch.allclose = lambda *_, **__: True

def mask_positions(*_):
    return 0""",
    "liar": """class Yes(list):
    def __len__(self): return 2
    def __eq__(self, other): return True
    def __iter__(self): return iter([])

def mask_positions(*_):
    return Yes()""",
    "both-wrong": """import torch

def mask_positions(*_): return []
torch.Tensor.nonzero = lambda self: torch.zeros((0, 2), dtype=torch.long)""",
    "says-so": """from course_tools.grade import trial

trial.run = lambda *_: trial.Outcomes(state="called", outcomes=[])

def mask_positions(*_): return 0""",
    "odd-message": """k = get_ipython().kernel
m = k.session.msg("stream", content={"name": "stdout", "text": "x"})
m["parent_header"] = [1]
k.session.send(k.iopub_socket, m)

def mask_positions(*_): return 0""",
}


def graded_class(folder: Path, done: Path, **options) -> list[dict]:
    found = grade_class(collect(folder, COURSE), COURSE, done, LIMITS, 2, **options)
    for result in found:
        Marks().give(result)
    return found


class Graded:
    """A graded class with everything in it, and what became of the things that it went for."""

    def __init__(self, folder: Path):
        self.folder, self.out = folder / "class", folder / "out"
        self.victim, self.secret = folder / "victim", folder / "secret.txt"
        self.victim.mkdir()
        (self.victim / "thesis.txt").write_text("years of work")
        self.secret.write_text(SECRET)
        copies = {
            "right": RIGHT,
            "wrong": SECOND_MISTAKE,
            "blank": None,
            "broken": "def mask_positions(",
            "uses-lesson": f"{RIGHT}\n\nassert tokenizer.mask_token_id < model.config.vocab_size",
            "shell": f"!pip list\n%pip install x\nfiles = !ls\n{RIGHT}",
            "checks": f'{RIGHT}\n\ncheck("{EXERCISE}", {NAME})\nhint("{EXERCISE}")',
            "then-raises": f"{RIGHT}\n\nprint(1 / 0)",
            **ASIDE,
        }
        for student, answer in copies.items():
            hand_in(submission(answer), self.folder / student / f"{NOTEBOOK}.ipynb")
        with socket.create_server(("127.0.0.1", 0)) as listener:
            listener.settimeout(0)
            hand_in_hostile(
                self.folder,
                victim=str(self.victim),
                secret=str(self.secret),
                port=listener.getsockname()[1],
            )
            self.results = graded_class(self.folder, self.out / "done")
            try:
                listener.accept()
                self.was_called = True
            except BlockingIOError:
                self.was_called = False
        self.page = write_reports(self.results, self.out)
        self.by_student = {result["student"]: result for result in self.results}

    def row(self, student: str) -> dict:
        rows = self.by_student[student]["exercises"]
        return next(row for row in rows if row["exercise"] == EXERCISE)

    def kinds(self, student: str) -> list[str]:
        return [finding["kind"] for finding in self.by_student[student]["findings"]]


@pytest.fixture(scope="module", autouse=True)
def kernels():
    """One server of warm kernels for all tests here, in an environment with a secret."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HF_TOKEN", SECRET)
        with graded_kernels() as warm:

            @contextmanager
            def running():
                yield warm

            patch.setattr(module, "graded_kernels", running)
            yield


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    return Graded(tmp_path_factory.mktemp("grade"))


def test_nothing_is_lost(graded):
    handed_in = sorted(path.parent.name for path in graded.folder.glob("*/*.ipynb"))
    assert [result["student"] for result in graded.results] == handed_in
    for result in graded.results:
        assert "not_graded" not in result, result
        assert len(result["exercises"]) == 3


@pytest.mark.parametrize(
    ("student", "verdict"),
    [
        ("right", "right"),
        ("wrong", "wrong"),
        ("blank", "not attempted"),
        ("broken", "error"),
        ("uses-lesson", "right"),
        ("shell", "right"),
        ("checks", "right"),
        ("then-raises", "right"),
    ],
)
def test_honest_answers_get_their_verdict(graded, student, verdict):
    row = graded.row(student)
    assert row["verdict"] == verdict, row
    assert row["points"] == (verdict == "right")
    assert graded.kinds(student) == (["shell"] if student == "shell" else [])
    assert row["mistake"] == (MISTAKE_NAME if student == "wrong" else None)


@pytest.mark.parametrize("student", ASIDE)
def test_a_checker_that_is_elsewhere_gives_no_point_for_no_work(graded, student):
    assert graded.row(student)["verdict"] in ("wrong", "error")


@pytest.mark.parametrize("student", HOSTILE)
def test_a_hostile_answer_is_reported_as_what_it_was(graded, student):
    expected = HOSTILE[student][1]
    assert set(graded.kinds(student)) == {expected}, graded.by_student[student]
    assert graded.row(student)["verdict"] == "error"
    others = graded.by_student[student]["exercises"][:2]
    assert [row["verdict"] for row in others] == ["not attempted"] * 2


@linux
def test_nothing_outside_was_touched_read_or_called(graded):
    assert (graded.victim / "thesis.txt").read_text() == "years of work"
    assert not graded.was_called
    assert SECRET not in json.dumps(graded.results)
    assert all(all(result["held"].values()) for result in graded.results)


def test_the_reports_say_it_to_programs_and_people(graded):
    with open(graded.out / "results.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 3 * len(graded.results)
    assert sum(int(row["points"]) for row in rows) == 5
    assert json.loads((graded.out / "results.json").read_text()) == graded.results
    page = (graded.out / "students" / "wrong.html").read_text()
    assert "each needs its row" in page
    summary = graded.page.read_text()
    assert "each needs its row" in summary and "Operation not permitted" in summary


def test_a_second_run_runs_nothing_and_reports_the_same(graded, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "run_job", lambda job, cases: pytest.fail(f"ran {job.file}"))
    # What has died is tried again in every run: it need not be its own fault.
    calm = {
        student: entries
        for student, entries in collect(graded.folder, COURSE).items()
        if "died" not in graded.kinds(student)
    }
    assert len(calm) >= len(graded.results) - 4
    again = grade_class(calm, COURSE, graded.out / "done", LIMITS, 2)
    for result in again:
        Marks().give(result)
    assert again == [result for result in graded.results if result["student"] in calm]
    write_reports(graded.results, tmp_path)
    for report in ("results.csv", "results.json", "junit.xml", "class.html", "gradebook.csv"):
        assert (tmp_path / report).read_bytes() == (graded.out / report).read_bytes(), report


def test_a_stopped_or_killed_run_goes_on_where_it_was(tmp_path, monkeypatch, capsys):
    for number in range(4):
        hand_in(submission(RIGHT), tmp_path / "class" / f"s{number}" / "a.ipynb")
    command = ["grade", str(tmp_path / "class"), "--jobs", "1", "--out", str(tmp_path / "out")]
    done = tmp_path / "out" / "grades" / "done"

    def kept():
        return {path.name: path.stat().st_mtime_ns for path in done.glob("*.json")}

    def results():
        found = json.loads((tmp_path / "out" / "grades" / "results.json").read_text())
        return [len(one["exercises"]) for one in found], sum("not_graded" in one for one in found)

    run = subprocess.Popen([sys.executable, "-m", "course_tools", *command], cwd=ROOT)
    while not kept():
        assert run.poll() is None
        time.sleep(0.02)
    run.kill()
    assert run.wait() == -signal.SIGKILL
    killed = kept()
    assert len(killed) < 3, "it was too fast to be killed in the middle"

    def write_and_stop(path, text):
        write(path, text)
        monkeypatch.setattr(module, "write_atomically", write)
        signal.raise_signal(signal.SIGINT)

    monkeypatch.chdir(ROOT)
    write = module.write_atomically
    monkeypatch.setattr(module, "write_atomically", write_and_stop)
    assert main(command) == 130
    assert "start it again" in capsys.readouterr().err
    stopped = kept()
    assert len(stopped) == len(killed) + 1 and stopped.items() > killed.items()
    assert results() == ([3] * 4, 4 - len(stopped))
    assert main(command) == 0
    assert len(kept()) == 4 and kept().items() > stopped.items()
    assert results() == ([3] * 4, 0)


def test_every_reference_is_right_where_the_exercises_are_not(tmp_path):
    for name, notebook in NOTEBOOKS.items():
        notebook = copy.deepcopy(notebook)
        for exercise in exercises_in(name):
            source = textwrap.dedent(inspect.getsource(exercise.reference))
            if exercise.value:
                source += f"\n\n{answer_name(exercise)} = {exercise.reference.__name__}()"
            cell(notebook, f"answer-{exercise.id}").source = source
        hand_in(notebook, tmp_path / "class" / "ann" / f"{name}.ipynb")
    found = graded_class(tmp_path / "class", tmp_path / "done")
    rows = [row for result in found for row in result["exercises"]]
    assert [row["exercise"] for row in rows] == list(all_exercises())
    assert [row for row in rows if row["verdict"] != "right"] == []


def test_two_runs_give_the_same_report_but_for_the_seconds(graded, tmp_path):
    few = tmp_path / "class"
    for student in ("right", "wrong", "forks"):
        (few / student).mkdir(parents=True)
        source = graded.folder / student / f"{NOTEBOOK}.ipynb"
        shutil.copy2(source, few / student)
    again = graded_class(few, tmp_path / "done")
    before = [graded.by_student[result["student"]] for result in again]
    assert without_seconds(again) == without_seconds(before)


CALLS = """
import ctypes, json, os
libc = ctypes.CDLL(None, use_errno=True)
def errno_of(*call):
    ctypes.set_errno(0)
    libc.syscall(*call)
    return ctypes.get_errno()
parent, own = os.getppid(), os.getpid()
print(json.dumps([errno_of(*call) for call in {calls}]))
"""
# On x86-64: tkill, rt_sigqueueinfo, rt_tgsigqueueinfo, shmget, msgget, mq_open, memfd_create,
# prlimit64 and pidfd_open of another process, ptrace, process_vm_readv, a datagram socket and a
# pair of them, an internet socket, io_uring_setup, unshare, vfork, execve, keyctl, bpf,
# fcntl F_SETOWN and F_SETSIG, ioctl FIOSETOWN and TIOCSTI, setpriority, 32-bit numbering.
FORBIDDEN = """[(200, {pid}, 9), (129, {pid}, 9, 0), (297, {pid}, {pid}, 9, 0),
(29, 77, 4096, 0o1600), (68, 77, 0o1600), (240, 0, 0o100, 0o600, 0), (319, b"x", 0),
(302, {pid}, 0, 0, 0), (434, {pid}, 0), (101, 16, {pid}, 0, 0), (310, {pid}, 0, 0, 0, 0, 0),
(41, 1, 2, 0), (53, 1, 2, 0, (ctypes.c_int * 2)()), (41, 2, 1, 0), (425, 1, 0), (272, 0), (58,),
(59, b"/bin/true", 0, 0), (250, 0, 0), (321, 0, 0, 0), (72, 0, 8, {pid}), (72, 0, 10, 9),
(16, 0, 0x8901, 0), (16, 0, 0x5412, 0), (141, 0, {pid}, 5), (0x40000000 + 39,)]"""


@linux
@pytest.mark.skipif(os.uname().machine != "x86_64", reason="the numbers are those of x86-64")
def test_the_sandbox_refuses_what_it_does_not_list_and_chmod_changes_nothing(tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir(mode=0o700)
    other = subprocess.Popen(["sleep", "600"])
    try:
        with graded_kernels(), Kernel(Limits(), tmp_path) as kernel:
            assert all(kernel.held.values())
            calls = FORBIDDEN.replace("{pid}", str(other.pid))
            told = kernel.run(CALLS.replace("{calls}", calls), 30)
            errnos = json.loads(told[0]["text"])
            assert len(errnos) == 26 and all(errnos), errnos
            quiet = (
                f"import os; os.chmod({str(outside)!r}, 0o777); os.utime({str(outside)!r}, (1, 1))"
            )
            assert kernel.run(quiet, 30) == []
            copy = "import shutil; open('a', 'w').write('x'); shutil.copy('a', 'b')"
            assert [o["kind"] for o in kernel.run(copy, 30)] in ([], ["execute_result"])
            deep = "for _ in range(1200):\n    os.mkdir('d')\n    os.chdir('d')"
            kernel.run(deep, 30)
            base = kernel.base
        assert not base.exists()
        assert other.poll() is None and outside.stat().st_mode & 0o777 == 0o700
        assert outside.stat().st_mtime > 1000
    finally:
        other.kill()
        other.wait()


def test_where_a_system_has_nothing_to_shut_a_kernel_in_it_says_so(tmp_path):
    limits = {"folder": str(tmp_path), "readable": [], "told": str(tmp_path / "held")}
    code = f"from course_tools.grade.sandbox import enter\nenter({limits})"
    windows = environment(tmp_path)
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=windows, check=True)
    assert json.loads((tmp_path / "held").read_text()) == {"files": False, "system calls": False}


def test_folders_of_killed_graders_are_swept(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for name in ("grade-999999999-abc", f"grade-{os.getpid()}-abc", "grade-cases-abc"):
        (tmp_path / name).mkdir()
    sweep()
    left = sorted(path.name for path in tmp_path.iterdir())
    assert left == sorted([f"grade-{os.getpid()}-abc", "grade-cases-abc"])
