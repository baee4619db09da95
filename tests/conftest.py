"""Fixtures for tests of what the notebooks show."""

import os
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from executed import COPIES, ExecutedNotebook, read_executed
from local_hub import ORIGINALS, LocalHub


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
    with LocalHub(ORIGINALS) as hub:
        yield hub
