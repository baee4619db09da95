"""Fixtures for tests of what the notebooks show."""

import os
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

from executed import COPIES, ExecutedNotebook, read_executed
from local_hub import LocalHub

FIRST = """The tests of what lessons show read executed notebooks, and {why}.
First run `make test`, or without the other tests:

    rm -rf build/test/notebooks && mkdir -p build/test && cp -r notebooks build/test
    python -m pytest --nbmake --overwrite build/test/notebooks"""


def say_what_to_run_first(tests: Iterable[str]) -> None:
    """End the run if tests of executed notebooks would all fail, since nobody executed them."""
    if "COURSE_EXECUTED" in os.environ:
        return
    for name in sorted({name for test in tests for name in re.findall(r"test_shown_(\w+)", test)}):
        try:
            read_executed(name, COPIES)
        except AssertionError as missing:
            pytest.exit(FIRST.format(why=missing), returncode=pytest.ExitCode.USAGE_ERROR)


def pytest_collection_finish(session: pytest.Session) -> None:
    if not hasattr(session.config, "workerinput"):
        say_what_to_run_first(item.nodeid for item in session.items)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_node_collection_finished(ids: list[str]) -> None:
    say_what_to_run_first(ids)  # only here pytest-xdist's first process knows what was collected


@pytest.fixture(scope="session")
def executed() -> Callable[[str], ExecutedNotebook]:
    """`executed("04_fill_mask")`: the executed copy of that notebook."""
    folder = Path(os.environ.get("COURSE_EXECUTED", COPIES))
    return cache(lambda name: read_executed(name, folder))


@pytest.fixture
def notebook(
    request: pytest.FixtureRequest, executed: Callable[[str], ExecutedNotebook]
) -> ExecutedNotebook:
    """In `test_shown_04_fill_mask.py`: the executed copy of notebook 04_fill_mask."""
    return executed(request.path.stem.removeprefix("test_shown_"))


@pytest.fixture
def local_hub() -> Iterator[LocalHub]:
    """A working hub on this machine; `local_hub.fault = "cut"` breaks it."""
    with LocalHub() as hub:
        yield hub
