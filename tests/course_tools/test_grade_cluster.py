"""`grade --scheduler`: a real Dask cluster gives the same results, also when a worker is lost."""

import os
import signal
import subprocess
import sys
import time

import pytest

from course_models.errors import CourseError
from course_tools.grade import grade_class as module
from course_tools.grade.collect import collect
from course_tools.grade.grade_class import grade_class
from course_tools.grade.kernel import Limits
from executed import ROOT
from graded_class import (
    COURSE,
    EXERCISE,
    RIGHT,
    SECOND_MISTAKE,
    hand_in,
    submission,
    without_seconds,
)

WORKERS = 2
SUBMISSIONS = 6
LIMITS = Limits()


@pytest.fixture
def cluster(tmp_path):
    """The address of a scheduler with WORKERS single-threaded workers, and their processes."""
    address = tmp_path / "scheduler.json"
    common = ["--host", "127.0.0.1", "--dashboard-address", "127.0.0.1:0"]
    common += ["--scheduler-file", str(address)]
    programs = [["scheduler", "--port", "0", *common]]
    programs += [["worker", "--nthreads", "1", "--no-nanny", *common]] * WORKERS
    with open(tmp_path / "log", "wb") as log:
        processes = [
            subprocess.Popen(
                [sys.executable, "-m", "dask", *program],
                cwd=tmp_path,
                env=os.environ | {"PYTHONPATH": str(ROOT)},
                stdout=log,
                stderr=log,
            )
            for program in programs
        ]
    try:
        yield address, processes[1:]
    finally:
        for process in processes:
            process.kill()  # ending in order takes them seconds, and they leave nothing here
            process.wait()


def test_a_lost_workers_submissions_are_graded_by_the_others(cluster, tmp_path, monkeypatch):
    from distributed import Client

    file, workers = cluster
    folder, done = tmp_path / "class", tmp_path / "done"
    for number in range(SUBMISSIONS):
        answer = [RIGHT, SECOND_MISTAKE, None][number % 3]
        hand_in(submission(answer), folder / f"s{number}" / "a.ipynb")
    deadline = time.monotonic() + 300
    while not file.exists():
        assert time.monotonic() < deadline, (tmp_path / "log").read_text()
        time.sleep(0.1)
    with Client(scheduler_file=str(file), set_as_default=False) as client:
        client.wait_for_workers(WORKERS, timeout=300)
        address = client.scheduler.address
        victim = next(iter(client.run(os.getpid).values()))

    write, killed = module.write_atomically, []

    def write_and_kill(path, text):  # the first result is in: every worker is at work
        if not killed:
            os.kill(victim, signal.SIGKILL)
            killed.append(victim)
        write(path, text)

    monkeypatch.setattr(module, "write_atomically", write_and_kill)
    found = grade_class(collect(folder, COURSE), COURSE, done, LIMITS, 1, scheduler=address)
    assert killed and sum(process.poll() is not None for process in workers) == 1
    assert [result["student"] for result in found] == [f"s{n}" for n in range(SUBMISSIONS)]
    verdicts = [
        row["verdict"] for one in found for row in one["exercises"] if row["exercise"] == EXERCISE
    ]
    assert verdicts == ["right", "wrong", "not attempted"] * (SUBMISSIONS // 3)

    few = {name: entries for name, entries in collect(folder, COURSE).items() if name < "s3"}
    here = grade_class(few, COURSE, tmp_path / "here", LIMITS, 2)
    assert without_seconds(here) == without_seconds(found[:3])


def test_no_scheduler_is_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "CONNECT", 0.5)
    hand_in(submission(RIGHT), tmp_path / "a.ipynb")
    handed_in, where = collect(tmp_path, COURSE), "tcp://127.0.0.1:9"
    with pytest.raises(CourseError, match="No Dask scheduler answers"):
        grade_class(handed_in, COURSE, tmp_path / "done", LIMITS, 1, scheduler=where)
