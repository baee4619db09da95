"""Exercises with checks that name the misconception: `check`, `hint`, `solution`, `progress`.

An exercise is content: a prompt, a reference solution, a catalogue of plausible wrong answers with
what each shows about the learner's idea, and hints. `course_lessons` has them all.
"""

import contextlib
import inspect
import os
import textwrap
from html import escape
from io import StringIO
from typing import Any

from IPython import get_ipython
from IPython.display import display
from ipywidgets import HTML, Button, HBox, VBox

from course_models.errors import CourseError
from course_models.language import tr
from course_utils import lessons, records
from course_utils.drawings import Drawing
from course_utils.progress import progress  # so that a lesson imports all four from here
from course_utils.verdicts import Exercise, State, Verdict, judge

__all__ = ["all_exercises", "check", "find", "hint", "progress", "solution"]


class WrongAnswer(AssertionError):
    """Raised in place of a verdict under nbgrader, which gives points where nothing is raised."""


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
    raise CourseError(
        tr("There is no exercise {id!r}: choose one of {ids}.", id=exercise, ids=", ".join(ids))
    )


def check(exercise: str, answer: Any) -> Verdict:
    """Say at once whether an answer is right, and if not, which idea is likely behind it.

    Args:
        exercise: id, such as "04-fill".
        answer: the function (not called) or the value that the exercise asks for.

    Raises:
        CourseError: there is no such exercise.
        WrongAnswer: nbgrader runs this notebook, and the answer is not right.
    """
    found = find(exercise)
    # What a model says while it is loaded is noise here, and costs the points under nbgrader.
    with contextlib.redirect_stderr(StringIO()):
        verdict = judge(found, answer)
    records.record(exercise, verdict.state)
    right = verdict.state is State.RIGHT
    if os.environ.get("NBGRADER_EXECUTION") and not right:
        raise WrongAnswer(str(verdict))
    if get_ipython() and not right:
        display(_help_buttons(exercise))
    return verdict


def _help_buttons(exercise: str) -> VBox:
    """Buttons that show the next hint and the solution, so that nobody has to type the calls."""
    shown = HTML()
    buttons = []
    for label, helper in ((tr("Hint"), hint), (tr("Solution"), solution)):
        tooltip = tr("{what} for {exercise}", what=label, exercise=exercise)
        button = Button(description=label, tooltip=tooltip)
        button.on_click(lambda _, helper=helper: setattr(shown, "value", helper(exercise).html))
        buttons.append(button)
    return VBox([HBox(buttons), shown])


def hint(exercise: str) -> Drawing:
    """The next hint of an exercise; after the last one, the last one again."""
    hints = find(exercise).hints
    number = min(records.count_hint(exercise), len(hints))
    shown = tr(hints[number - 1])
    text = tr("Hint {number} of {count}: {hint}", number=number, count=len(hints), hint=shown)
    return Drawing(f"<div>{escape(text)}</div>", text)


def solution(exercise: str) -> Drawing:
    """The reference solution and what it shows."""
    found = find(exercise)
    code = textwrap.dedent(inspect.getsource(found.reference)).rstrip()
    if found.value:  # the check takes the value, in the variable of the learner's cell
        code += f"\n\n{found.stub.split()[0]} = {found.reference.__name__}()"
    html = f'<pre style="color:inherit;background:transparent">{escape(code)}</pre>'
    why = tr(found.why)
    return Drawing(f"{html}<div>{escape(why)}</div>", f"{code}\n\n{why}")
