"""A headless run never hangs, never passes wrongly, and names what failed in plain words."""

import asyncio
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
import zmq.asyncio
from jupyter_client.channels import AsyncZMQSocketChannel

from course_tools.run import reliability
from course_tools.run.running import run_notebooks
from executed import ROOT, ExecutedNotebook
from planted import write_faulty_notebooks, write_notebook

LIMIT = 4  # seconds for one cell
SENTENCES = {
    "hidden_in_widget": ("cell-1", "a widget hides ZeroDivisionError"),
    "raises_nothing": ("cell-0", "tagged raises-exception, but it raised nothing"),
    "endless": ("cell-0", f"did not finish within {LIMIT} s"),
    "raises": ("cell-1", "ValueError: boom"),
    "cannot_show_its_error": ("cell-1", "MemoryError: full"),
    "killed": ("cell-0", "the kernel died"),
    "no_kernel": (None, "there is no kernel named 'klingon'"),
    "truncated": (None, "not a notebook that Jupyter can read"),
    "no_notebook": (None, "not a notebook that Jupyter can read"),
    "missing": (None, "there is no such file"),
}


def course(*arguments: object) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "course_tools", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


@pytest.fixture(scope="module")
def faulty(tmp_path_factory) -> tuple[Path, subprocess.CompletedProcess]:
    folder = tmp_path_factory.mktemp("a folder with spaces")
    write_faulty_notebooks(folder)
    notebooks = [*sorted(folder.glob("*.ipynb")), folder / "missing.ipynb"]
    return folder, course("run", *notebooks, "--timeout", LIMIT, "--jobs", 2, "--out", folder)


def test_the_run_goes_on_after_a_failure_and_its_status_says_so(faulty):
    folder, done = faulty
    lines = {line.split()[0]: line for line in done.stdout.splitlines() if " s  " in line}
    assert set(lines) == {*SENTENCES, "good"}
    assert lines["good"].endswith("ok")
    assert (
        done.returncode == 1 and f"{len(SENTENCES)} of {len(lines)} notebooks failed" in done.stdout
    )
    assert (folder / "executed" / "raises.ipynb").exists()
    assert done.stderr == ""


@pytest.mark.parametrize("name", SENTENCES)
def test_a_fault_is_named_with_its_cell(faulty, name):
    cell, sentence = SENTENCES[name]
    folder, done = faulty
    start = f"{folder / name}.ipynb failed"
    report = done.stdout.partition(start)[2].partition("To run it alone")[0]
    assert sentence in report
    assert report.startswith(f" in cell '{cell}':" if cell else ":")


def test_the_printed_command_runs_the_notebook_alone(faulty):
    folder, done = faulty
    (command,) = [
        line.partition(": ")[2]
        for line in done.stdout.splitlines()
        if "To run it alone" in line and "raises_nothing" in line
    ]
    again = subprocess.run(
        f"{command} --out '{folder / 'again'}'",
        shell=True,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert again.returncode == 1 and "it raised nothing" in again.stdout
    assert "1 of 1 notebooks failed" in again.stdout


def test_nbmake_finds_the_same_faults(faulty, tmp_path):
    names = "good hidden_in_widget raises_nothing endless raises cannot_show_its_error".split()
    for name in names:
        (tmp_path / f"{name}.ipynb").write_bytes((faulty[0] / f"{name}.ipynb").read_bytes())
    options = ["--nbmake", f"--nbmake-timeout={LIMIT}", "-rA", "-c", ROOT / "pyproject.toml"]
    options += ["-p", "no:cacheprovider"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *map(str, options), str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    summary = done.stdout.partition("short test summary")[2]
    assert "5 failed, 1 passed" in summary
    assert "PASSED" in summary and "good.ipynb" in summary.partition("PASSED")[2].splitlines()[0]
    assert "cell 'cell-1': a widget hides ZeroDivisionError" in done.stdout
    assert "cell 'cell-0': tagged raises-exception, but it raised nothing" in done.stdout


def test_a_lost_wake_up_does_not_wait_for_the_time_limit(tmp_path, monkeypatch):
    """nbclient can miss the signal that a reply has come (nbclient issue 312).

    Planted here: a socket that never wakes anybody, and shows what came only when asked anew.
    Without the cure each cell takes its whole time limit, and then passes.
    """
    poll = zmq.asyncio.Socket.poll

    async def deaf_poll(socket, timeout=None, flags=zmq.POLLIN):
        if socket.type == zmq.DEALER and timeout and not await poll(socket, 0, flags):
            await asyncio.sleep(timeout / 1000)
            return await poll(socket, 0, flags)
        return await poll(socket, timeout, flags)

    monkeypatch.setattr(zmq.asyncio.Socket, "poll", deaf_poll)
    limit = 6
    cells = "import time\n\nstart = time.time()\ntime.sleep(0.2)", "time.time() - start"
    notebook = write_notebook(tmp_path / "deaf.ipynb", *cells)

    def seconds_until_the_second_cell() -> float:
        (run,) = run_notebooks([notebook], tmp_path / "executed", jobs=1, timeout=limit)
        assert run.failure is None
        node = nbformat.read(tmp_path / "executed" / "deaf.ipynb", as_version=4)
        return ExecutedNotebook(node, "deaf").value("cell-1")

    assert seconds_until_the_second_cell() < limit / 2
    monkeypatch.setattr(reliability, "WakefulChannel", AsyncZMQSocketChannel)
    assert seconds_until_the_second_cell() > limit * 0.9


def test_parameters_reach_the_notebook_and_unknown_ones_are_named(faulty, tmp_path):
    good = faulty[0] / "good.ipynb"
    done = course("run", good, "--out", tmp_path, "-p", "word", "bye", "-p", "seed", 7)
    assert done.returncode == 0, done.stdout
    executed = nbformat.read(tmp_path / "executed" / "good.ipynb", as_version=4)
    assert ExecutedNotebook(executed, "good").value("cell-1") == ("bye", 7)
    done = course("run", good, "--out", tmp_path, "-p", "wrod", "bye")
    assert "has no parameter 'wrod'; it has word, seed" in done.stdout


def test_a_run_outside_the_course_says_where_to_go(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "course_tools", "run"], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 2 and "change into the course's folder" in done.stderr
