"""Lessons and commands on a Windows that is pretended (see pretend_windows.py)."""

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from executed import ROOT, SOURCES, ExecutedNotebook
from faulty_notebooks import write_notebook
from fresh_process import call, run_cells
from pretend_windows import MODULES, environment, pretend

NAMES = sorted(path.stem for path in SOURCES.glob("*.ipynb"))
REFUSED = """import os, pathlib, tempfile, zmq
import course_tools.commands as course
from safetensors.torch import load_file, save_file
import torch

folder = pathlib.Path(tempfile.mkdtemp())
save_file({"a": torch.ones(9)}, folder / "mapped")
kept = load_file(folder / "mapped")
(folder / "new").write_text("é")

def refused(what):
    try:
        what()
    except (OSError, zmq.ZMQError, ImportError) as error:
        return type(error).__name__
    return "nothing"
"""
REFUSALS = {
    "os.symlink(folder / 'new', folder / 'link')": "OSError",
    "save_file({'a': torch.ones(9)}, folder / 'mapped')": "PermissionError",
    "os.remove(folder / 'mapped')": "PermissionError",
    "os.replace(folder / 'new', folder / 'mapped')": "PermissionError",
    "open(folder / 'mapped', 'w')": "PermissionError",
    "zmq.Context.instance().socket(zmq.REP).bind('ipc://' + str(folder / 's'))": "ZMQError",
    "os.remove(folder / 'new')": "nothing",
}


def run_there(notebook: Path, folder: Path) -> str | None:
    """The error that ends a notebook on Windows, or None; in a process of its own."""
    node = nbformat.read(notebook, as_version=4)
    pretend()
    return run_cells(node, folder)


@pytest.mark.parametrize("name", NAMES)
def test_a_lesson_runs_through_on_windows(tmp_path, name):
    assert call(run_there, SOURCES / f"{name}.ipynb", tmp_path) is None


def test_commands_and_kernels_run_on_windows(tmp_path):
    """A kernel over a network port, and refusals in it: so the pretence reaches kernels."""
    cells = [REFUSED, "(folder / 'new').read_bytes().decode('cp1252'), course.sys.platform"]
    cells += [f"refused(lambda: {what})" for what in REFUSALS]
    cells += [f"try:\n    import {name}\nexcept ImportError:\n    print()" for name in MODULES]
    write_notebook(tmp_path / "one.ipynb", *cells)
    (tmp_path / "start").mkdir()
    command = [sys.executable, "-m", "course_tools", "run", tmp_path / "one.ipynb"]
    done = subprocess.run(
        [*map(str, command), "--out", str(tmp_path)],
        cwd=ROOT,
        env=environment(tmp_path / "start"),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    node = nbformat.read(tmp_path / "executed" / "one.ipynb", as_version=4)
    shown = ExecutedNotebook(node, "one")
    assert shown.value("cell-1") == ("é", "win32")
    said = [shown.value(f"cell-{number}") for number in range(2, 2 + len(REFUSALS))]
    assert dict(zip(REFUSALS, said, strict=True)) == REFUSALS
    for number in range(len(MODULES)):
        assert shown.text(f"cell-{2 + len(REFUSALS) + number}") == "", MODULES[number]
