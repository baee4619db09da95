"""Run a learner's answer within limits, and compare what two answers did."""

import _thread
import contextlib
import copy
import math
import signal
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import StringIO
from typing import Any

import torch

SECONDS = 10  # for one input; the slowest reference needs about one
CHARACTERS = 2_000  # of printing, for one input


class TooSlow(Exception):
    """The answer was still running after SECONDS."""


class TooChatty(Exception):
    """The answer printed more than CHARACTERS."""


class _Paper(StringIO):
    def write(self, text: str) -> int:
        if self.tell() + len(text) > CHARACTERS:
            raise TooChatty
        return super().write(text)


@dataclass
class Outcome:
    """What one call did: a result or an error, and whether it changed what it was given."""

    result: Any = None
    error: Exception | None = None
    changed: bool = False


@contextlib.contextmanager
def _time_limit(seconds: float):
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


def call(function: Callable, arguments: tuple) -> Outcome:
    # Models are shared, not copied: copying one for each call would cost more than the exercise.
    shared = {id(a): a for a in arguments if isinstance(a, torch.nn.Module)}
    given = copy.deepcopy(arguments, shared)
    torch.manual_seed(0)
    outcome = Outcome()
    try:
        with contextlib.redirect_stdout(_Paper()), _time_limit(SECONDS):
            outcome.result = function(*given)
    except (
        Exception
    ) as error:  # a learner's code may raise anything; that is a verdict, not a crash
        outcome.error = error
    except SystemExit as error:
        outcome.error = RuntimeError(f"the answer called exit({error.code})")
    outcome.changed = not all(
        same(before, after)
        for before, after in zip(arguments, given, strict=True)
        if isinstance(before, torch.Tensor | Mapping | list)
    )
    return outcome


def same(expected: Any, found: Any) -> bool:
    """Equal in value and kind; numbers and tensors within a tolerance of 1e-4."""
    if isinstance(expected, torch.Tensor):
        return (
            isinstance(found, torch.Tensor)
            and expected.shape == found.shape
            and torch.allclose(expected.double(), found.double(), atol=1e-4)
        )
    if isinstance(expected, bool) or isinstance(found, bool):
        return expected is found
    if isinstance(expected, int | float) and isinstance(found, int | float):
        return math.isclose(expected, found, rel_tol=1e-4, abs_tol=1e-4)
    if isinstance(expected, Mapping) and isinstance(found, Mapping):
        return expected.keys() == found.keys() and all(
            same(expected[k], found[k]) for k in expected
        )
    if isinstance(expected, list | tuple) and isinstance(found, list | tuple):
        return len(expected) == len(found) and all(map(same, expected, found))
    return type(expected) is type(found) and expected == found


def alike(first: Outcome, second: Outcome) -> bool:
    if first.error or second.error:
        return type(first.error) is type(second.error)
    return same(first.result, second.result)


def has_idea(mistake: Outcome, found: Outcome, partial: bool) -> bool:
    """Whether an answer shows a catalogued idea; for a table of values one entry is enough."""
    if partial and isinstance(mistake.result, Mapping) and isinstance(found.result, Mapping):
        return all(same(v, found.result.get(k)) for k, v in mistake.result.items())
    return alike(mistake, found)
