"""How much faster is `grade` than running each copy with papermill, or with nbgrader?

Makes 200 copies of one notebook with right, wrong, blank and hostile answers, grades them, and
runs a sample of them with papermill and `nbgrader autograde`, one after the other. Prints the
ratios, whether memory stayed flat, and whether each hostile copy was reported as what it was.

Usage: python bench/grading.py [COPIES] [--nbgrader ENVIRONMENT], where the environment is one with
nbgrader, such as the one that `make test-nbgrader` makes in build/nbgrader-venv.
"""

import argparse
import inspect
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from course_tools.grade.collect import collect
from course_tools.grade.grade_class import grade_class
from course_tools.grade.kernel import Limits
from course_utils.exercises import find
from graded_class import COURSE, HOSTILE, NOTEBOOK, RIGHT, cell, hand_in, submission

OUT = Path("build/bench/grading")
SAMPLE = 4  # copies that papermill and nbgrader get, each


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("copies", nargs="?", type=int, default=200)
    parser.add_argument("--nbgrader", type=Path, default=Path("build/nbgrader-venv"))
    options = parser.parse_args()
    shutil.rmtree(OUT, ignore_errors=True)
    with tempfile.TemporaryDirectory() as outside, socket.create_server(("127.0.0.1", 0)) as port:
        (Path(outside) / "secret.txt").write_text("secret")
        places = {
            "victim": outside,
            "secret": f"{outside}/secret.txt",
            "port": port.getsockname()[1],
        }
        kinds = write_copies(options.copies, places)
        papermill(sample()[0])  # warms the cache of files for all three
        cold = seconds_of(papermill, sample())
        memory = Memory()
        start = time.perf_counter()
        with memory:
            results = grade_class(collect(OUT / "class", COURSE), COURSE, OUT / "done", Limits(), 2)
        each = (time.perf_counter() - start) / options.copies
        assert (Path(outside) / "secret.txt").exists(), "a hostile copy deleted a folder"
    print(f"grade:     {each:6.2f} s a copy, {options.copies} copies, 2 at a time")
    print(f"papermill: {cold:6.2f} s a copy, ratio {cold / each:.1f} (aim: at least 20)")
    if (options.nbgrader / "bin" / "nbgrader").exists():
        other = seconds_of(lambda path: nbgrader(options.nbgrader, path), sample())
        print(f"nbgrader:  {other:6.2f} s a copy, ratio {other / each:.1f} (aim: at least 15)")
    else:
        print("nbgrader:  not measured; `make test-nbgrader` makes an environment with it")
    first, last = memory.quarters()
    print(f"memory:    last quarter's peak ÷ first's = {last / first:.2f} (aim: at most 1.1)")
    lost = [r["file"] for r in results if "not_graded" in r or len(r["exercises"]) != 3]
    print(f"lost:      {len(lost)} of {options.copies} {lost[:3]}")
    for student, wanted in kinds.items():
        found = {f["kind"] for r in results if r["student"] == student for f in r["findings"]}
        if found != wanted:
            print(
                f"{student}: should be reported as {wanted or 'honest'}, is as {found or 'honest'}"
            )


def write_copies(count: int, places: dict) -> dict[str, set[str]]:
    """Write the class; return for each student the kinds of findings that are due."""
    kinds, hostile = {}, iter([*HOSTILE.items()] * 2)
    for number in range(count):
        student, due = f"s{number:03d}", set()
        notebook = submission()
        if number % 8 == 7 and (attack := next(hostile, None)):
            (code, kind) = attack[1]
            cell(
                notebook, "answer-04-mask-positions"
            ).source = f"{code.format(**places)}\n\n\n{RIGHT}"
            due = {kind}
        elif number % 8 != 6:  # which stays blank
            for exercise in ("04-fill", "04-prefer", "04-mask-positions"):
                answer = find(exercise).reference
                source = inspect.getsource(answer)
                if number % 2:
                    wrong = find(exercise).mistakes[0].answer
                    source = inspect.getsource(wrong).replace(wrong.__name__, answer.__name__)
                cell(notebook, f"answer-{exercise}").source = source
        hand_in(notebook, OUT / "class" / student / f"{NOTEBOOK}.ipynb")
        kinds[student] = due
    return kinds


def sample() -> list[Path]:
    """Some of the copies: right and wrong ones, none hostile."""
    return [OUT / "class" / f"s{number:03d}" / f"{NOTEBOOK}.ipynb" for number in range(SAMPLE)]


def seconds_of(run, paths: list[Path]) -> float:
    """Wall seconds per notebook, one after the other."""
    start = time.perf_counter()
    for path in paths:
        run(path)
    return (time.perf_counter() - start) / len(paths)


def papermill(path: Path) -> None:
    command = [sys.executable, "-m", "papermill", "-k", "python3", "--no-progress-bar"]
    copy = OUT / "papermill.ipynb"
    subprocess.run([*command, str(path), str(copy)], capture_output=True, check=True)


def nbgrader(environment: Path, path: Path) -> None:
    """Autograde one copy; the course folder is the one that `make test-nbgrader` has made."""
    work, student = Path("build/nbgrader").resolve(), path.parent.name
    target = work / "submitted" / student / "lesson" / path.name
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(path, target)
    programs = str(environment.resolve() / "bin")
    variables = os.environ | {
        "PATH": programs + os.pathsep + os.environ["PATH"],
        "JUPYTER_PATH": str(work / "jupyter"),
    }
    command = [f"{programs}/nbgrader", "autograde", "lesson", "--student", student, "--force"]
    subprocess.run([*command, "--create"], cwd=work, env=variables, capture_output=True, check=True)


class Memory(threading.Thread):
    """Peak memory of this process over time, in a `with` block."""

    def __init__(self):
        super().__init__(daemon=True)
        self.seen: list[int] = []
        self.over = threading.Event()

    def run(self) -> None:
        while not self.over.wait(0.2):
            self.seen.append(psutil.Process().memory_info().rss)

    def __enter__(self) -> None:
        self.start()

    def __exit__(self, *_: object) -> None:
        self.over.set()

    def quarters(self) -> tuple[int, int]:
        """The peaks of the first and of the last quarter of the time, in bytes."""
        size = max(1, len(self.seen) // 4)
        return max(self.seen[:size]), max(self.seen[-size:])


if __name__ == "__main__":
    main()
