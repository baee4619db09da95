"""Run a learner's answer within limits, and compare what two answers did."""

import _thread
import contextlib
import copy
import math
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from io import StringIO
from typing import Any

import numpy
import torch

from course_models.language import tr

SECONDS = 10  # for one input; the slowest reference needs about one
CHARACTERS = 2_000  # of printing, for one input


class TooSlow(Exception):
    """The answer was still running after SECONDS."""


class TooChatty(Exception):
    """The answer printed more than CHARACTERS."""


class CallLimit(Exception):
    """The answer called what it was given more often than the exercise allows."""


class _Paper(StringIO):
    def write(self, text: str) -> int:
        if self.tell() + len(text) > CHARACTERS:
            raise TooChatty
        return super().write(text)


@dataclass
class Outcome:
    """What one call did.

    Attributes:
        result: what it returned.
        error: what it raised instead, if it did.
        changed: whether it changed what it was given.
        printed: what it wrote to standard output.
    """

    result: Any = None
    error: Exception | None = None
    changed: bool = False
    printed: str = ""


@contextlib.contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    # interrupt_main works on every system and stops loops written in Python.
    fired = threading.Event()

    def fire() -> None:
        fired.set()
        _thread.interrupt_main()

    # Where a job runs in the background, the interrupt is ignored and would stop nothing.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    timer = threading.Timer(seconds, fire)
    timer.start()
    try:
        yield
    except KeyboardInterrupt:
        if fired.is_set():
            raise TooSlow from None
        raise
    finally:
        timer.cancel()
        signal.signal(signal.SIGINT, before)


def call(function: Callable, arguments: tuple, timed: bool = True) -> Outcome:
    """Call a function with copies of its arguments, from a fixed seed.

    Args:
        function: an answer, or the course's own.
        arguments: what it gets.
        timed: stop it after SECONDS. The course's own answers end; on a busy machine a limit
            would make "too slow" of the right answer, and an endless loop would be like it.
    """
    # Models are shared, not copied: copying one for each call would cost more than the exercise.
    shared = {id(a): a for a in arguments if isinstance(a, torch.nn.Module)}
    given = copy.deepcopy(arguments, shared)
    torch.manual_seed(0)
    outcome, paper = Outcome(), _Paper()
    try:
        limit = _time_limit(SECONDS) if timed else contextlib.nullcontext()
        with contextlib.redirect_stdout(paper), limit:
            outcome.result = function(*given)
    except Exception as error:  # a learner's code may raise anything: a verdict, not a crash
        outcome.error = error
    except SystemExit as error:
        outcome.error = RuntimeError(f"the answer called exit({error.code})")
    outcome.printed = paper.getvalue()
    outcome.changed = not all(
        same(before, after)
        for before, after in zip(arguments, given, strict=True)
        if isinstance(before, torch.Tensor | Mapping | list)
    )
    return outcome


def plain(value: Any) -> Any:
    """NumPy's and torch's single values as Python's, also inside lists, tuples and dictionaries."""
    if isinstance(value, numpy.generic) or (
        isinstance(value, torch.Tensor | numpy.ndarray) and value.ndim == 0
    ):
        return value.item()
    if isinstance(value, Mapping):
        return {plain(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    if isinstance(value, numpy.ndarray):
        return torch.from_numpy(value) if value.dtype.kind in "biuf" else value.tolist()
    return value


def same(expected: Any, found: Any) -> bool:
    """Equal in value, whatever number and container type; floats within a tolerance of 1e-4.

    A tensor equals one of the same shape, and a list of numbers equals a tensor that holds them.
    True and 1 differ.
    """
    return _same(plain(expected), plain(found))


def _same(expected: Any, found: Any) -> bool:
    if isinstance(expected, torch.Tensor) != isinstance(found, torch.Tensor):
        return _same(*(v.tolist() if isinstance(v, torch.Tensor) else v for v in (expected, found)))
    if isinstance(expected, torch.Tensor):
        return expected.shape == found.shape and torch.allclose(
            expected.detach().double(), found.detach().double(), atol=1e-4, equal_nan=True
        )
    if isinstance(expected, bool) or isinstance(found, bool):
        return expected is found
    if isinstance(expected, int | float) and isinstance(found, int | float):
        return math.isclose(expected, found, rel_tol=1e-4, abs_tol=1e-4)
    if isinstance(expected, Mapping) and isinstance(found, Mapping):
        return expected.keys() == found.keys() and all(
            _same(expected[key], found[key]) for key in expected
        )
    if isinstance(expected, list) and isinstance(found, list):
        return len(expected) == len(found) and all(map(_same, expected, found))
    return type(expected) is type(found) and bool(expected == found)


def alike(first: Outcome, second: Outcome) -> bool:
    """Whether two calls did the same: returned the same, or raised the same kind of error."""
    if first.error or second.error:
        return type(first.error) is type(second.error)
    return same(first.result, second.result)


def has_idea(mistake: Outcome, found: Outcome, partial: bool) -> bool:
    """Whether an answer shows a catalogued idea; for a table of values one entry is enough."""
    if partial and isinstance(mistake.result, Mapping) and isinstance(found.result, Mapping):
        return all(same(v, found.result.get(k)) for k, v in mistake.result.items())
    return alike(mistake, found)


def first_difference(expected: Any, found: Any) -> tuple[str, Any] | None:
    """Where a list or table first differs, as (index or key in Python's words, what is there).

    None where the two cannot be compared entry by entry.
    """
    expected, found = plain(expected), plain(found)
    if isinstance(expected, Mapping) and isinstance(found, Mapping):
        keys = [*expected, *(key for key in found if key not in expected)]
        wrong = [k for k in keys if k not in found or not _same(expected.get(k, ...), found[k])]
        shown = tr(wrong[0]) if wrong and isinstance(wrong[0], str) else wrong and wrong[0]
        return (f"[{shown!r}]", found.get(wrong[0], ...)) if wrong else None
    if isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        pairs = enumerate(zip(expected, found))
        wrong = next((i for i, (one, other) in pairs if not _same(one, other)), None)
        return None if wrong is None else (f"[{wrong}]", found[wrong])
    return None
