"""The answer key and the list of misconceptions, made from the exercises that the checks use."""

import inspect
import textwrap
from html import escape

from course_tools.grade.reports import render
from course_tools.grade.rules import POINTS
from course_utils.exercises import all_exercises
from course_utils.verdicts import Exercise


def answer_key() -> str:
    """One HTML page: of each exercise a right answer, why, the hints, and what wrong ones show."""
    parts, notebook = [], ""
    for exercise in all_exercises().values():
        if exercise.id[:2] != notebook:
            notebook = exercise.id[:2]
            parts.append(f"<h2>Notebook {notebook}</h2>\n")
        parts.append(_section(exercise))
    return render("frame.html", title="Answer key and misconceptions", body="".join(parts))


def _section(exercise: Exercise) -> str:
    code = textwrap.dedent(inspect.getsource(exercise.reference))
    mistakes = "".join(
        f"<li>{escape(exercise.id)}/{mistake.name}: {escape(mistake.message)}</li>\n"
        for mistake in exercise.mistakes
    )
    hints = "".join(f"<li>{escape(hint)}</li>\n" for hint in exercise.hints)
    return (
        f"<section><h3>{escape(exercise.id)} ({POINTS} point)</h3>\n"
        f"<p>{escape(exercise.prompt)}</p>\n<pre>{escape(code)}</pre>\n"
        f"<p>{escape(exercise.why)}</p>\n"
        f"<h4>Wrong answers that are recognised</h4>\n<ul>\n{mistakes}</ul>\n"
        f"<h4>Hints</h4>\n<ol>\n{hints}</ol></section>\n"
    )
