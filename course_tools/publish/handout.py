"""Write the exercises into the notebooks, so that each stands in one place: its lesson module.

The section begins at the cell `exercises` and ends before the next heading; it is written anew each
time, so running this twice changes nothing. Cell ids name the exercise.
"""

from collections.abc import Sequence
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from course_tools.grade.cells import answer_name
from course_tools.grade.rules import POINTS
from course_tools.publish.minutes import stamp_minutes
from course_utils.exercises import all_exercises
from course_utils.verdicts import Exercise

CLOSING = "## What we saw"
INTRODUCTION = """## Exercises

Replace each `...` and run the cell, then the check below it. A check never breaks anything: it
says *right*, *not attempted*, or what is wrong and which idea is probably behind it. Ask for the
next hint with `hint("{first}")`, and see a worked answer with `solution("{first}")`, after an
honest try. `progress()` shows what you have done in all notebooks."""
ASK = "**Exercise {number}.** {prompt}"


def _nbgrader(grade_id: str, points: int | None = None) -> dict:
    """What nbgrader knows a cell by: one with points is a locked check, another is an answer."""
    checks = points is not None
    more = {"points": points} if checks else {}
    return {
        "grade": checks,
        "grade_id": grade_id,
        "locked": checks,
        **more,
        "schema_version": 3,
        "solution": not checks,
        "task": False,
    }


def exercise_cells(exercises: Sequence[Exercise]) -> list[NotebookNode]:
    """The section of one notebook: an introduction, then prompt, answer and check of each."""
    introduction = INTRODUCTION.format(first=exercises[0].id)
    cells = [
        new_markdown_cell(introduction, id="exercises"),
        new_code_cell(
            "from course_utils.exercises import check, hint, progress, solution  # noqa: F401",
            id="exercise-tools",
        ),
    ]
    for number, exercise in enumerate(exercises, start=1):
        answer, check = f"answer-{exercise.id}", f"check-{exercise.id}"
        to_answer = {"tags": [f"exercise-{exercise.id}"], "nbgrader": _nbgrader(answer)}
        to_check = {"nbgrader": _nbgrader(check, points=POINTS)}
        call = f'check("{exercise.id}", {answer_name(exercise)})'
        cells += [
            new_markdown_cell(
                ASK.format(number=number, prompt=exercise.prompt), id=f"ask-{exercise.id}"
            ),
            new_code_cell(exercise.stub, id=answer, metadata=to_answer),
            new_code_cell(call, id=check, metadata=to_check),
        ]
    return cells


def hand_out(notebook: NotebookNode, exercises: Sequence[Exercise]) -> None:
    """Put the exercises into a notebook, before its "What we saw", in place of older ones."""
    ids = [cell.id for cell in notebook.cells]
    headings = [i for i, cell in enumerate(notebook.cells) if cell.source.startswith("## ")]
    end = next(i for i in headings if notebook.cells[i].source.startswith(CLOSING))
    start = end
    if "exercises" in ids:
        start = ids.index("exercises")
        end = next(i for i in headings if i > start)
    notebook.cells[start:end] = exercise_cells(exercises)


def hand_out_all(folder: Path) -> list[Path]:
    """Bring exercises and minutes of a folder's notebooks up to date; return those that changed."""
    changed = []
    for path in sorted(folder.glob("[0-9][0-9]_*.ipynb")):
        exercises = [e for e in all_exercises().values() if e.id[:2] == path.name[:2]]
        before = path.read_text(encoding="utf-8")
        notebook = nbformat.reads(before, as_version=4)
        if exercises:
            hand_out(notebook, exercises)
        stamp_minutes(notebook, path.name[:2])
        after = nbformat.writes(notebook) + "\n"
        if after != before:
            path.write_text(after, encoding="utf-8")
            changed.append(path)
    return changed
