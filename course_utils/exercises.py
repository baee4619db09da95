"""Check a learner's answer against a reference, and name the misconception behind a wrong one.

An exercise is content: a prompt, a reference solution, a catalogue of plausible wrong answers with
what each shows about the learner's idea, and hints. The engine runs the learner's answer and every
catalogued one on the same inputs; equal results mean the same idea.
"""

import contextlib
import copy
import inspect
import os
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from io import StringIO
from typing import Any

import torch

from course_utils import lessons, records
from course_utils.answers import (
    CHARACTERS,
    SECONDS,
    Outcome,
    TooChatty,
    TooSlow,
    alike,
    call,
    has_idea,
)
from course_utils.drawings import Drawing, notice
from course_utils.errors import CourseError
from course_utils.progress import progress  # noqa: F401, so that a lesson imports all from here

MIME = "application/vnd.automodel-course.verdict+json"  # a verdict for programs to read


@dataclass(frozen=True)
class Mistake:
    """A plausible wrong answer: code of the same form as the reference, and what it reveals."""

    answer: Callable
    message: str


@dataclass(frozen=True)
class Exercise:
    """One task for the learner; see `course_lessons`.

    Attributes:
        id: notebook number and a short name, such as "04-fill".
        prompt: what to do, in Markdown.
        stub: the learner's cell as it is handed out, with `...` to replace.
        reference: a right answer. For an exercise whose answer is a value, a function without
            arguments that computes the value.
        cases: the inputs (argument tuples) the learner has not seen; built when needed, because
            they may load a model.
        mistakes: at least two plausible wrong answers.
        hints: from a nudge to nearly the answer.
        why: what the solution shows.
        value: the answer is a value, not a function.
    """

    id: str
    prompt: str
    stub: str
    reference: Callable
    mistakes: tuple[Mistake, ...]
    hints: tuple[str, ...]
    why: str
    cases: Callable[[], Sequence[tuple]] = lambda: [()]
    value: bool = False


class Verdict(Drawing):
    """What `check` says.

    Attributes:
        exercise: its id.
        state: "right", "wrong" or "not attempted".
        message: what the learner reads.
        mistake: which catalogued mistake it is, such as "04-fill/2" for the second one, or None.
        error: name of the exception that the answer raised, or None.
    """

    def __init__(
        self,
        exercise: str,
        state: str,
        message: str,
        mistake: str | None = None,
        error: str | None = None,
    ):
        self.exercise, self.state, self.message = exercise, state, message
        self.mistake, self.error = mistake, error
        sign = {"right": "✓", "wrong": "✗", "not attempted": "○"}[state]
        head = f"{sign} {exercise}: {state}"
        super().__init__(notice(head, message), f"{head}\n{message}")

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, dict]:
        names = ("exercise", "state", "message", "mistake", "error")
        return {MIME: {name: getattr(self, name) for name in names}}


class WrongAnswer(AssertionError):
    """Raised in place of a verdict under nbgrader, which gives points where nothing is raised."""


def _blank(): ...


def _blank_with_docstring():
    """As a learner may leave it."""


def _is_blank(answer: Any) -> bool:
    if isinstance(answer, Mapping):
        return any(_is_blank(value) for value in answer.values())
    code = getattr(answer, "__code__", None)
    blanks = {_blank.__code__.co_code, _blank_with_docstring.__code__.co_code}
    return answer is ... or (
        code is not None
        and code.co_code in blanks
        and set(code.co_consts) <= {None, answer.__doc__}  # a `return 3` has the same byte code
    )


def all_exercises() -> dict[str, Exercise]:
    """Every exercise of the course by id, in the order of the notebooks."""
    found = lessons.having("exercises").values()
    return {exercise.id: exercise for module in found for exercise in module.EXERCISES}


def find(exercise: str) -> Exercise:
    """The exercise with this id.

    Raises:
        CourseError: there is none; the message lists the ids of the same notebook.
    """
    # Each lesson's inputs import models of their own, so only the one asked for is imported.
    lesson = str(exercise)[:2]
    known = lesson in lessons.folders()
    near = lessons.content(lesson, "exercises").EXERCISES if known else ()
    for found in near:
        if found.id == exercise:
            return found
    ids = [found.id for found in near] or list(all_exercises())
    raise CourseError(f"There is no exercise {exercise!r}: choose one of {', '.join(ids)}.")


def judge(exercise: Exercise, answer: Any) -> Verdict:
    """Compare an answer with the reference on every case; nothing is remembered."""
    if _is_blank(answer):
        return Verdict(exercise.id, "not attempted", "Replace the `...` in the cell above.")
    if exercise.value and callable(answer):
        return _wrong(exercise, "This exercise asks for a value; you passed a function.")
    if not exercise.value and not callable(answer):
        return _wrong(
            exercise,
            f"Pass the function itself, without calling it: this is a {type(answer).__name__}.",
        )
    function = (lambda: copy.deepcopy(answer)) if exercise.value else answer
    cases = exercise.cases()
    wanted = [call(exercise.reference, case) for case in cases]
    found = []
    for case in cases:
        found.append(call(function, case))
        if isinstance(found[-1].error, TooSlow):  # it would be for each of the others
            return _wrong(exercise, _describe(case, Outcome(), found[-1]), error=TooSlow.__name__)
    for case, right, given in zip(cases, wanted, found, strict=True):
        if alike(right, given) and not given.changed:
            continue
        for number, mistake in enumerate(() if given.changed else exercise.mistakes, start=1):
            if all(
                has_idea(call(mistake.answer, inputs), outcome, exercise.value)
                for inputs, outcome in zip(cases, found, strict=True)
            ):
                return _wrong(exercise, mistake.message, mistake=f"{exercise.id}/{number}")
        error = type(given.error).__name__ if given.error else None
        return _wrong(exercise, _describe(case, right, given), error=error)
    return Verdict(exercise.id, "right", exercise.why)


def _describe(case: tuple, right: Outcome, given: Outcome) -> str:
    """What went wrong on one input, when no catalogued mistake explains it."""
    call = f"For the input {_short(case)} " if case else ""
    if isinstance(given.error, TooSlow):
        return f"{call}it was still running after {SECONDS} s: is there a loop that never ends?"
    if isinstance(given.error, TooChatty):
        return f"{call}it printed more than {CHARACTERS} characters: return the result instead."
    if given.error is not None:
        return f"{call}it raised {type(given.error).__name__}: {given.error}"
    if given.changed:
        return f"{call}it changed the object it was given: build a new one and return that."
    if type(right.result) is not type(given.result):
        return (
            f"{call}the answer should be a {type(right.result).__name__}; "
            f"yours is {_short(given.result)}, a {type(given.result).__name__}."
        )
    return f"{call}the answer should be {_short(right.result)}; yours is {_short(given.result)}."


def _short(thing: Any) -> str:
    if isinstance(thing, torch.Tensor) and thing.numel() > 12:
        return f"a tensor of shape {tuple(thing.shape)}"
    if isinstance(thing, tuple):
        return ", ".join(_short(part) for part in thing)
    if isinstance(thing, torch.nn.Module):
        return type(thing).__name__
    return textwrap.shorten(repr(thing), 120, placeholder=" …")


def _wrong(exercise: Exercise, message: str, **more: str | None) -> Verdict:
    return Verdict(exercise.id, "wrong", f"{message}\nHint: {exercise.hints[0]}", **more)


def check(exercise: str, answer: Any) -> Verdict:
    """Say at once whether an answer is right, and if not, which idea is likely behind it.

    Args:
        exercise: id, such as "04-fill".
        answer: the function (not called) or the value that the exercise asks for.

    Raises:
        CourseError: there is no such exercise.
        WrongAnswer: nbgrader runs this notebook, and the answer is not right.
    """
    # What a model says while it is loaded is noise here, and costs the points under nbgrader.
    with contextlib.redirect_stderr(StringIO()):
        verdict = judge(find(exercise), answer)
    records.record(exercise, verdict.state)
    if os.environ.get("NBGRADER_EXECUTION") and verdict.state != "right":
        raise WrongAnswer(str(verdict))
    return verdict


def hint(exercise: str) -> Drawing:
    """The next hint of an exercise; after the last one, the last one again."""
    hints = find(exercise).hints
    number = min(records.count_hint(exercise), len(hints))
    text = f"Hint {number} of {len(hints)}: {hints[number - 1]}"
    return Drawing(f"<div>{escape(text)}</div>", text)


def solution(exercise: str) -> Drawing:
    """The reference solution and what it shows."""
    found = find(exercise)
    code = textwrap.dedent(inspect.getsource(found.reference)).rstrip()
    html = f'<pre style="color:inherit;background:transparent">{escape(code)}</pre>'
    return Drawing(f"{html}<div>{escape(found.why)}</div>", f"{code}\n\n{found.why}")
