"""Grading a class: verdicts that count, hostile answers that harm nothing, runs that resume."""

import csv
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from course_tools.grade import grade_class as module
from course_tools.grade.grade_class import grade_class
from course_tools.grade.grading import Limits
from course_tools.grade.reports import write_reports
from course_utils.exercises import find
from executed import ROOT
from graded_class import (
    COURSE,
    EXERCISE,
    HOSTILE,
    NOTEBOOK,
    RIGHT,
    SECOND_MISTAKE,
    hand_in,
    hand_in_hostile,
    submission,
    without_seconds,
)

LIMITS = Limits(cell=15)
SECRET = "the-exam-of-next-week"
linux = pytest.mark.skipif(sys.platform != "linux", reason="the kernel's own limits are Linux's")


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
            before = dict(os.environ)
            os.environ["HF_TOKEN"] = SECRET
            try:
                self.results = grade_class(self.folder, COURSE, self.out / "done", LIMITS, jobs=2)
            finally:
                os.environ.clear()
                os.environ.update(before)
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
    ],
)
def test_honest_answers_get_their_verdict(graded, student, verdict):
    row = graded.row(student)
    assert row["verdict"] == verdict, row
    assert row["points"] == (verdict == "right")
    assert graded.kinds(student) == []
    assert row["mistake"] == (
        f"{EXERCISE}/{find(EXERCISE).mistakes[1].name}" if student == "wrong" else None
    )


@pytest.mark.parametrize("student", HOSTILE)
def test_a_hostile_answer_is_reported_as_what_it_was(graded, student):
    expected = HOSTILE[student][1]
    assert set(graded.kinds(student)) == {expected}, graded.by_student[student]
    if expected != "imitation":  # which is no error, only not a verdict either
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
    assert sum(int(row["points"]) for row in rows) == 3  # right, uses-lesson, imitation
    assert json.loads((graded.out / "results.json").read_text()) == graded.results
    page = (graded.out / "students" / "wrong.html").read_text()
    assert "each needs its row" in page and "Hint:" in page
    summary = graded.page.read_text()
    assert "each needs its row" in summary and "tried to start another process" in summary


def test_a_second_run_runs_nothing_and_reports_the_same(graded, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "run_job", lambda job: pytest.fail(f"ran {job.submission.file}"))
    again = grade_class(graded.folder, COURSE, graded.out / "done", LIMITS, jobs=2)
    write_reports(again, tmp_path)
    for report in ("results.csv", "results.json", "junit.xml", "class.html"):
        assert (tmp_path / report).read_bytes() == (graded.out / report).read_bytes(), report


def test_a_killed_run_goes_on_where_it_was(tmp_path):
    for number in range(4):
        hand_in(submission(RIGHT), tmp_path / "class" / f"s{number}" / "a.ipynb")
    command = [sys.executable, "-m", "course_tools", "grade", str(tmp_path / "class")]
    command += ["--jobs", "1", "--out", str(tmp_path / "out")]
    done = tmp_path / "out" / "grades" / "done"
    first = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    deadline = time.monotonic() + 600
    while not list(done.glob("*.json")):
        assert first.poll() is None and time.monotonic() < deadline, first.stdout.read()
        time.sleep(0.02)
    first.send_signal(signal.SIGKILL)
    first.wait()
    kept = {path.name: path.stat().st_mtime_ns for path in done.glob("*.json")}
    assert 0 < len(kept) < 4, "it was too fast to be killed in the middle"
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    after = {path.name: path.stat().st_mtime_ns for path in done.glob("*.json")}
    assert len(after) == 4 and after.items() >= kept.items()
    results = json.loads((tmp_path / "out" / "grades" / "results.json").read_text())
    assert [len(result["exercises"]) for result in results] == [3] * 4


def test_two_runs_give_the_same_report_but_for_the_seconds(graded, tmp_path):
    few = tmp_path / "class"
    for student in ("right", "wrong", "forks"):
        (few / student).mkdir(parents=True)
        source = graded.folder / student / f"{NOTEBOOK}.ipynb"
        (few / student / source.name).write_text(source.read_text())
    again = grade_class(few, COURSE, tmp_path / "done", LIMITS, jobs=2)
    before = [graded.by_student[result["student"]] for result in again]
    assert without_seconds(again) == without_seconds(before)
