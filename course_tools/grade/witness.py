"""Runs in the grader's kernel, before and after a student's code: was the checker left alone?"""

import builtins
import copy
import math
import sys
from collections.abc import Callable

import torch

from course_utils import answers, exercises, verdicts

CHECKER = (
    "course_utils.exercises",
    "course_utils.verdicts",
    "course_utils.answers",
    "course_lessons",
)
# IPython sets these anew with each cell.
_OF_THE_KERNEL = {("builtins", name) for name in ("_", "__", "___", "input")}


def begin(nonce: str, output: int) -> None:
    """Let every verdict from now on carry the grader's word and whether the checker is intact.

    Args:
        nonce: the grader's word.
        output: how many characters may be printed; a larger print raises TooChatty, since a
            kernel that is to send gigabytes answers no more.
    """
    for stream in (sys.stdout, sys.stderr):
        stream.write = _limited(stream.write, output)
    exercises.all_exercises()  # later imports would look like changes
    plain = verdicts.Verdict._repr_mimebundle_

    def signed(self, include=None, exclude=None) -> dict[str, dict]:
        bundle = plain(self)
        bundle[verdicts.MIME] |= {"nonce": nonce, "intact": _fingerprint() == before}
        return bundle

    verdicts.Verdict._repr_mimebundle_ = signed
    before = _fingerprint()


def _limited(write: Callable[[str], int], left: int) -> Callable[[str], int]:
    def limited(text: str) -> int:
        nonlocal left
        left -= len(text)
        if left < 0:
            raise answers.TooChatty(f"more than {output_limit} characters")
        return write(text)

    output_limit = left
    return limited


def _fingerprint() -> dict[tuple[str, str], tuple[int, int]]:
    """Which object, and which code, each name has that decides about a verdict.

    It sees replaced functions, classes, attributes and code; it does not see objects changed
    inside, nor a replaced `_fingerprint`.
    """
    names = {
        (module, name): value
        for module, loaded in list(sys.modules.items())
        if module.startswith(CHECKER)
        for name, value in vars(loaded).items()
    }
    for owner in (builtins, math, copy, verdicts.Verdict, verdicts.Exercise, verdicts.Mistake):
        names |= {(owner.__name__, name): value for name, value in vars(owner).items()}
    names["torch", "allclose"] = torch.allclose
    for exercise in exercises.all_exercises().values():
        names |= {(exercise.id, name): value for name, value in vars(exercise).items()}
    return {
        key: (id(value), id(getattr(value, "__code__", None)))
        for key, value in names.items()
        if key not in _OF_THE_KERNEL
    }
