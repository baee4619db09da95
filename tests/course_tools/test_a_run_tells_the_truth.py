"""A headless run never hangs, never passes wrongly, and names what failed in plain words."""

import asyncio
import errno
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat
import pytest
import zmq.asyncio
from jupyter_client.channels import AsyncZMQSocketChannel

from course_tools import commands as commands_module
from course_tools.commands import main
from course_tools.run import reliability
from course_tools.run.running import run_notebooks
from executed import ROOT, SOURCES, ExecutedNotebook
from faulty_notebooks import write_faulty_notebooks, write_notebook

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
    options = ["--nbmake", "--cold", f"--nbmake-timeout={LIMIT}", "-rA"]
    options += ["-c", ROOT / "pyproject.toml", "-p", "no:cacheprovider"]
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
    limit = 4
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


FOREIGN = {
    "no_metadata": {},
    "null": {"kernelspec": None},
    "no_name": {"kernelspec": {"language": "python"}},
    "a_list": {"kernelspec": ["python3"]},
    "of_another_machine": {"kernelspec": {"name": "conda-env-x-py", "display_name": "x"}},
    "capitals": {"kernelspec": {"name": "venv", "display_name": "x", "language": "Python"}},
}


def test_a_kernel_that_is_not_named_or_not_here_is_python3(tmp_path):
    folder, notebooks = tmp_path / "notebooks", []
    folder.mkdir()
    for name, metadata in FOREIGN.items():
        path = write_notebook(folder / f"{name}.ipynb", "word = 'a'", "word * 2")
        node = json.loads(path.read_text(encoding="utf-8"))
        node["metadata"] = metadata
        node["cells"][0]["metadata"]["tags"] = ["parameters"]
        path.write_text(json.dumps(node), encoding="utf-8")
        notebooks.append(path)
    for parameters, shown in ({}, "aa"), ({"word": "b"}, "bb"):
        for run in run_notebooks(notebooks, tmp_path, 2, 60, parameters):
            assert run.failure is None, (run.notebook, run.failure)
            executed = nbformat.read(tmp_path / run.copy, as_version=4)
            assert executed.cells[-1].outputs[0].data["text/plain"] == repr(shown)


def test_two_notebooks_of_one_name_leave_two_copies(tmp_path):
    paths = []
    for number, name in enumerate(("x", "x", "X")):
        (tmp_path / str(number)).mkdir()
        paths.append(write_notebook(tmp_path / str(number) / f"{name}.ipynb", str(number)))
    runs = run_notebooks(paths, tmp_path / "executed", 2, 60)
    assert [run.copy for run in runs] == ["x.ipynb", "x-2.ipynb", "X-3.ipynb"]
    for number, run in enumerate(runs):
        executed = nbformat.read(tmp_path / "executed" / run.copy, as_version=4)
        assert ExecutedNotebook(executed, run.copy).value("cell-0") == number


def test_half_a_character_is_named_and_loses_nothing(tmp_path):
    whole = write_notebook(tmp_path / "half.ipynb", "1", "'here'").read_text(encoding="utf-8")
    (tmp_path / "half.ipynb").write_text(whole.replace("here", "\\ud83d"), encoding="utf-8")
    done = course("run", tmp_path / "half.ipynb", "--out", tmp_path)
    assert done.returncode == 1 and "half a character" in done.stdout, done.stderr
    assert "in cell 'cell-1'" in done.stdout and "Traceback" not in done.stderr
    assert nbformat.read(tmp_path / "executed" / "half.ipynb", as_version=4).cells[0].outputs


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="it needs a device that is always full")
def test_a_full_disk_is_named(tmp_path):
    write_notebook(tmp_path / "one.ipynb", "1")
    (tmp_path / "executed").mkdir()
    (tmp_path / "executed" / "one.ipynb").symlink_to("/dev/full")
    done = course("run", tmp_path / "one.ipynb", "--out", tmp_path)
    assert done.returncode == 2 and "There is no room left" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("number", [errno.EROFS, errno.EACCES])
@pytest.mark.parametrize("command", [["upload"], ["run", "x.ipynb"], ["book"], ["start", "mine"]])
def test_a_folder_that_cannot_be_written_is_named(monkeypatch, tmp_path, capsys, command, number):
    def refuse(path, *arguments, **named):
        raise OSError(number, "no", str(path))

    (tmp_path / "notebooks").mkdir()
    (tmp_path / "book").mkdir()
    (tmp_path / "build" / "executed").mkdir(parents=True)
    for folder in ("notebooks", "build/executed"):
        write_notebook(tmp_path / folder / "00_x.ipynb", "1")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Path, "mkdir", refuse)
    monkeypatch.setattr(os, "makedirs", refuse)
    with pytest.raises(SystemExit) as end:
        main(command)
    assert end.value.code == 2 and "cannot be written" in capsys.readouterr().err


def test_no_temporary_folder_is_named(monkeypatch, capsys):
    def none():
        raise FileNotFoundError(errno.ENOENT, "No usable temporary directory found in …")

    monkeypatch.setattr(tempfile, "gettempdir", none)
    with pytest.raises(SystemExit) as end:
        main(["run", "x.ipynb", "y.ipynb"])
    assert end.value.code == 2 and "set TMPDIR" in capsys.readouterr().err


def test_root_gets_jupyterlab_with_a_warning(monkeypatch, capsys):
    commands = []
    done = subprocess.CompletedProcess([], 0)
    monkeypatch.setattr(
        commands_module.subprocess, "run", lambda command, env: commands.append(command) or done
    )
    for user in (0, 1000):
        monkeypatch.setattr(os, "geteuid", lambda user=user: user, raising=False)
        monkeypatch.chdir(ROOT)
        assert main(["lab", "--ip=0.0.0.0"]) == 0
        assert ("--allow-root" in commands[-1]) == (user == 0)
        assert ("You are root" in capsys.readouterr().out) == (user == 0)
        assert commands[-1][-1] == "--ip=0.0.0.0"


def test_jupyterlab_keeps_what_widgets_show(monkeypatch):
    from jupyterlab_server.settings_utils import _get_overrides

    done, settings = subprocess.CompletedProcess([], 0), []
    monkeypatch.setattr(
        commands_module.subprocess, "run", lambda command, env: settings.append(env) or done
    )
    monkeypatch.chdir(ROOT)
    assert main(["lab"]) == 0
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", settings[0]["JUPYTER_CONFIG_PATH"])
    overrides, error = _get_overrides("/nowhere")
    assert not error
    assert overrides["@jupyter-widgets/jupyterlab-manager:plugin"]["saveState"] is True


def test_start_writes_the_lessons_and_replaces_none(tmp_path, capsys):
    folder = tmp_path / "mine"
    assert main(["start", str(folder)]) == 0
    assert {path.name for path in (folder / "notebooks").iterdir()} == {
        path.name for path in SOURCES.glob("*.ipynb")
    }
    (folder / "notebooks" / "04_fill_mask.ipynb").write_text("my work", encoding="utf-8")
    assert main(["start", str(folder)]) == 0
    assert (folder / "notebooks" / "04_fill_mask.ipynb").read_text(encoding="utf-8") == "my work"
    assert "04_fill_mask.ipynb is there already" in capsys.readouterr().out


def test_a_run_outside_the_course_says_where_to_go(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "course_tools", "run"], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 2 and "change into the course's folder" in done.stderr
