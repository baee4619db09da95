"""Judge an answer to an exercise: run it on the cases, compare, and name the idea behind it.

Running and comparing are apart, so that a grader can run a stranger's code in one process and
compare in another: `outcomes` needs the answer, `verdict_of` only what came out.
"""

import copy
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import torch

from course_models.language import english, tr
from course_utils.answers import (
    CHARACTERS,
    SECONDS,
    Outcome,
    TooChatty,
    TooSlow,
    call,
    first_difference,
    has_idea,
    plain,
    same,
)
from course_utils.drawings import Drawing, notice


class State(StrEnum):
    """What became of an exercise, as stored and graded."""

    RIGHT = "right"
    WRONG = "wrong"
    NOT_ATTEMPTED = "not attempted"


class Reason(StrEnum):
    """Why an answer is not right."""

    BLANK = "blank"  # not attempted
    MISTAKE = "mistake"  # a catalogued one
    NOT_A_VALUE = "not-a-value"
    NOT_A_FUNCTION = "not-a-function"
    TOO_SLOW = "too-slow"
    TOO_CHATTY = "too-chatty"
    RAISED = "raised"
    SHOULD_RAISE = "should-raise"
    CHANGED_INPUT = "changed-input"
    RETURNED_NOTHING = "returned-nothing"
    WRONG_RESULT = "wrong-result"


SIGNS = {State.RIGHT: "✓", State.WRONG: "✗", State.NOT_ATTEMPTED: "○"}


@dataclass(frozen=True)
class Mistake:
    """A plausible wrong answer.

    Attributes:
        name: short name of the idea, such as "all-at-once"; grades store it.
        answer: code of the same form as the reference.
        message: what it reveals about the learner's idea.
    """

    name: str
    answer: Callable
    message: str


@dataclass(frozen=True)
class Exercise:
    """One task for the learner; see `course_lessons`.

    Attributes:
        id: notebook number and a short name, such as "04-fill".
        prompt: what to do, in Markdown.
        stub: the learner's cell as it is handed out, with `...` to replace: a function returns it.
        reference: a right answer that runs when pasted into the learner's cell. For an exercise
            whose answer is a value, a function without arguments that computes the value.
        cases: the inputs (argument tuples) the learner has not seen; built when needed, because
            they may load a model. The lesson's own classes and functions in them lie in its
            inputs.py: a student's code is graded where there is no exercises.py.
        mistakes: at least two plausible wrong answers.
        hints: from a nudge to nearly the answer.
        why: what the solution shows.
        value: the answer is a value, not a function.
        accepts: whether a result is as good as the reference's, as (expected, found) → bool.
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
    accepts: Callable[[Any, Any], bool] = same


class Verdict(Drawing):
    """What `check` says.

    Attributes:
        exercise: its id.
        state: right, wrong or not attempted.
        message: what the learner reads.
        reason: why it is not right; None if it is.
        mistake: which catalogued mistake it is, such as "04-fill/all-at-once", or None.
        error: name of the exception that the answer raised, or None.
    """

    FIELDS = ("exercise", "state", "reason", "message", "mistake", "error")  # as grades store it

    def __init__(
        self,
        exercise: str,
        state: State,
        message: str,
        reason: Reason | None = None,
        mistake: str | None = None,
        error: str | None = None,
    ):
        self.exercise, self.state, self.message = exercise, state, message
        self.reason, self.mistake, self.error = reason, mistake, error
        head = f"{SIGNS[state]} {exercise}: {tr(state.value)}"
        super().__init__(notice(head, message), f"{head}\n{message}")


def outcomes(exercise: Exercise, answer: Any, cases: Sequence[tuple]) -> list[Outcome]:
    """Run an answer on the cases, one after the other, until one of them takes too long."""
    value = _in_english(answer)
    function = (lambda: copy.deepcopy(value)) if exercise.value else answer
    found: list[Outcome] = []
    for case in cases:
        found.append(call(function, case))
        if isinstance(found[-1].error, TooSlow):  # it would be for each of the others
            break
    return found


def unfit(exercise: Exercise, answer: Any) -> Verdict | None:
    """The verdict on something that cannot be run as an answer; None if it can."""
    if _is_blank(answer):
        return _blank(exercise)
    if exercise.value and callable(answer):
        return _wrong(
            exercise,
            Reason.NOT_A_VALUE,
            tr("This exercise asks for a value; you passed a function."),
        )
    if not exercise.value and not callable(answer):
        return _wrong(
            exercise,
            Reason.NOT_A_FUNCTION,
            tr(
                "Pass the function itself, without calling it: this is a {type}.",
                type=type(answer).__name__,
            ),
        )
    return None


def verdict_of(
    exercise: Exercise,
    cases: Sequence[tuple],
    found: Sequence[Outcome],
    wanted: Sequence[Outcome],
    mistaken: Callable[[Mistake], Sequence[Outcome]],
) -> Verdict:
    """Compare what an answer did with what the reference does.

    Args:
        exercise: what was answered.
        cases: its inputs; only shown, not run.
        found: the answer's outcomes on them.
        wanted: the reference's.
        mistaken: gives a mistake's outcomes; asked only if the answer is wrong.
    """
    if any(_is_blank(outcome.result) for outcome in found):
        return _blank(exercise)
    for case, right, given in zip(cases, wanted, found):
        if _fits(exercise, right, given) and not given.changed:
            continue
        stopped = isinstance(given.error, TooSlow)
        for mistake in () if given.changed or stopped else exercise.mistakes:
            ideas = zip(mistaken(mistake), found, strict=True)
            if all(has_idea(idea, outcome, exercise.value) for idea, outcome in ideas):
                name = f"{exercise.id}/{mistake.name}"
                return _wrong(exercise, Reason.MISTAKE, tr(mistake.message), given, name)
        reason, message = _describe(case, right, given)
        return _wrong(exercise, reason, message, given)
    return Verdict(exercise.id, State.RIGHT, tr(exercise.why))


def judge(exercise: Exercise, answer: Any) -> Verdict:
    """Compare an answer with the reference on every case; nothing is remembered."""
    verdict = unfit(exercise, answer)
    if verdict:
        return verdict
    cases = exercise.cases()
    found = outcomes(exercise, answer, cases)

    def by_the_course(function: Callable) -> list[Outcome]:
        return [call(function, case, timed=False) for case in cases]

    wanted = by_the_course(exercise.reference)
    return verdict_of(exercise, cases, found, wanted, lambda m: by_the_course(m.answer))


def _is_blank(answer: Any) -> bool:
    if isinstance(answer, Mapping):
        return any(_is_blank(value) for value in answer.values())
    return answer is ...


def _in_english(answer: Any) -> Any:
    # A table of answers may have the Chinese edition's words as its keys.
    if type(answer) is dict:
        return {english(key): value for key, value in answer.items()}
    return answer


def _blank(exercise: Exercise) -> Verdict:
    message = tr("Replace the `...` in the cell above.")
    return Verdict(exercise.id, State.NOT_ATTEMPTED, message, Reason.BLANK)


def _fits(exercise: Exercise, right: Outcome, given: Outcome) -> bool:
    if right.error or given.error:
        return type(right.error) is type(given.error)
    return exercise.accepts(right.result, given.result)


def _describe(case: tuple, right: Outcome, given: Outcome) -> tuple[Reason, str]:
    """What went wrong on one input, when no catalogued mistake explains it."""
    of = tr("For the input {input} ", input=_short(case)) if case else ""
    if isinstance(given.error, TooSlow):
        words = tr(
            "it was still running after {seconds} s: is there a loop that never ends?",
            seconds=SECONDS,
        )
        return Reason.TOO_SLOW, of + words
    if isinstance(given.error, TooChatty):
        words = tr(
            "it printed more than {count} characters: return the result instead.", count=CHARACTERS
        )
        return Reason.TOO_CHATTY, of + words
    if given.error is not None:
        name = type(given.error).__name__
        return Reason.RAISED, of + tr("it raised {name}: {error}", name=name, error=given.error)
    if given.changed:
        words = tr("it changed the object it was given: build a new one and return that.")
        return Reason.CHANGED_INPUT, of + words
    if right.error is not None:
        words = tr(
            "it should raise {name}; it returned {result}.",
            name=type(right.error).__name__,
            result=_short(given.result),
        )
        return Reason.SHOULD_RAISE, of + words
    if given.result is None:
        words = tr("it returned nothing: does it end with `return`?")
        return Reason.RETURNED_NOTHING, of + words
    difference = first_difference(right.result, given.result)
    if difference:
        place, value = difference
        if value is ...:
            words = tr("the entry {place} is missing.", place=place)
        else:
            words = tr("the entry {place} should not be {value}.", place=place, value=_short(value))
        return Reason.WRONG_RESULT, of + words
    words = tr(
        "the answer should be {right}; yours is {given}.",
        right=_short(right.result),
        given=_short(given.result),
    )
    return Reason.WRONG_RESULT, of + words


def _short(thing: Any) -> str:
    if isinstance(thing, tuple):
        return ", ".join(_short(part) for part in thing)
    thing = plain(thing)
    if isinstance(thing, torch.Tensor) and thing.numel() > 12:
        return tr("a tensor of shape {shape}", shape=tuple(thing.shape))
    if isinstance(thing, torch.nn.Module):
        return type(thing).__name__
    if hasattr(thing, "name_or_path"):  # a tokenizer's repr fills a page
        return type(thing).__name__
    text = repr(thing)
    return text if len(text) <= 120 else f"{text[:118]} …"


def _wrong(
    exercise: Exercise,
    reason: Reason,
    message: str,
    given: Outcome | None = None,
    mistake: str | None = None,
) -> Verdict:
    lines = [message]
    if given and given.printed and reason is not Reason.TOO_CHATTY:
        lines.append(
            tr("It printed:") + "\n" + textwrap.indent(given.printed.rstrip()[-400:], "  ")
        )
    if reason is not Reason.MISTAKE:  # a mistake's message is about the learner's own idea
        lines.append(tr("Hint: {hint}", hint=tr(exercise.hints[0])))
    error = type(given.error).__name__ if given and given.error else None
    return Verdict(exercise.id, State.WRONG, "\n".join(lines), reason, mistake, error)
