"""A broken lesson must not pass: the tests of what a notebook shows fail on broken copies of it.

Each `test_shown_NN_topic.py` lists believable mistakes in its table

    MUTATIONS = [("cell-id", "old text", "new text"), …]

The notebook is run, and goes on once more from each of these cells with that change; then the run
has to end, or one of its tests has to fail. `python tests/mutation_judge.py` tries random changes.
"""

import importlib
import sys
from pathlib import Path

import nbformat
import pytest

from executed import SOURCES
from fresh_process import call
from half_run import Change, endings

TESTS = Path(__file__).parent
NAMES = sorted(path.stem for path in SOURCES.glob("*.ipynb"))

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forking is safe on Linux only")


def table(name: str) -> list[tuple[str, str, str]]:
    return getattr(importlib.import_module(f"test_shown_{name}"), "MUTATIONS", [])


def changes(name: str) -> list[Change]:
    node = nbformat.read(SOURCES / f"{name}.ipynb", as_version=4)
    sources = {cell.id: cell.source for cell in node.cells}
    found = []
    for cell, old, new in table(name):
        assert old in sources.get(cell, ""), f"{name}: cell {cell!r} has no text {old!r}"
        found.append(Change(cell, sources[cell].replace(old, new)))
    return found


@pytest.mark.parametrize("name", NAMES)
def test_the_tests_accept_the_lesson_and_notice_each_mutation(name):
    unbroken, broken = call(endings, name, changes(name))
    assert unbroken == (None, [])  # else a slip of this runner would pass for a mutation found
    for (cell, old, new), ending in zip(table(name), broken, strict=True):
        slips = ("NameError", "SyntaxError", "IndentationError", "TimeoutError", "EOFError")
        assert ending.error not in slips, f"{cell}: a slip in the new text {new!r}"
        assert ending != (None, []), f"{cell}: all tests pass although {old!r} → {new!r}"


@pytest.mark.parametrize("name", NAMES)
def test_each_lesson_lists_three_mutations(name):
    assert len(table(name)) >= 3
