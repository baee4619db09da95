"""Run a lesson once, and try at many places how it would have gone on otherwise.

Before a cell that is to be changed, the run is forked: the fork goes on with the changed cell, and
asks after each cell those tests of what the lesson shows that have been waiting for it. The first
one that fails ends the fork, so most changes cost a few cells and not a whole run.
"""

import importlib
import sys
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import nbformat

from executed import SOURCES, ExecutedNotebook
from fresh_process import in_fork, new_shell, run_cell

SECONDS = 120  # for a fork; a whole lesson takes five


class Change(NamedTuple):
    """Another text for one cell."""

    cell: str
    source: str


class Ending(NamedTuple):
    """How a run ended: the exception that stopped it, if any, and the tests that failed so far."""

    error: str | None
    failed: list[str]


class _NotYet(BaseException):
    """A test asks for a cell that has not been run."""


class _HalfRunNotebook(ExecutedNotebook):
    def _cell(self, cell: str) -> nbformat.NotebookNode:
        found = super()._cell(cell)
        if found.cell_type == "code" and "outputs" not in found:
            raise _NotYet(cell)
        return found


class HalfRun:
    """A lesson of which the first cells have been run, in this process.

    Attributes:
        left: the cells that have not been run.
        ending: how it went so far.
    """

    def __init__(self, name: str):
        node = nbformat.read(SOURCES / f"{name}.ipynb", as_version=4)
        self.left = list(node.cells)
        for cell in self.left:
            cell.pop("outputs", None)
        self.ending = Ending(None, [])
        self._notebook = _HalfRunNotebook(node, name)
        self._shell = new_shell(SOURCES)
        self._waiting: dict[str, list[str]] = {}  # cell → the tests that need it next
        self._tests = tests_of(name)
        self._ask(self._tests)

    def step(self) -> None:
        """Run one more cell, and the tests that have been waiting for it."""
        cell = self.left.pop(0)
        error = run_cell(self._shell, cell)
        self.ending = Ending(error, self.ending.failed)
        if not error:
            self._ask(self._waiting.pop(cell.id, ()))

    def finish(self, source: str) -> Ending:
        """Go on with another text for the next cell, until something is noticed."""
        self.left[0].source = source
        while self.left and self.ending == (None, []):
            self.step()
        return self.ending

    def _ask(self, tests: Sequence[str]) -> None:
        for test in tests:
            try:
                self._tests[test](self._notebook)
            except _NotYet as missing:
                self._waiting.setdefault(missing.args[0], []).append(test)
            except Exception as failure:
                print(f"{test}: {type(failure).__name__}: {failure}", file=sys.stderr)
                self.ending.failed.append(test)


def tests_of(name: str) -> dict[str, Callable[[ExecutedNotebook], None]]:
    """The tests of what a lesson shows; they take nothing but the notebook."""
    module = importlib.import_module(f"test_shown_{name}")
    return {key: value for key, value in vars(module).items() if key.startswith("test_")}


def endings(name: str, changes: Sequence[Change]) -> tuple[Ending, list[Ending]]:
    """How the lesson ends as it is, and with each of the changes: in a process of its own.

    Raises:
        LookupError: the lesson has no such cell.
    """
    run = HalfRun(name)
    found: dict[int, Ending] = {}
    while run.left and not run.ending.error:
        for number, change in enumerate(changes):
            if change.cell == run.left[0].id:
                found[number] = _fork(run.finish, change.source)
        run.step()
    missing = [change.cell for n, change in enumerate(changes) if n not in found]
    if missing and not run.ending.error:
        raise LookupError(f"{name} has no cell {missing[0]!r}")
    return run.ending, [found[number] for number in sorted(found)]


def _fork(function: Callable[..., Ending], *arguments: Any) -> Ending:
    try:
        return in_fork(function, *arguments, seconds=SECONDS)
    except (TimeoutError, EOFError) as error:
        return Ending(type(error).__name__, [])
