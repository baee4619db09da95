"""Say how long a lesson takes: computed from its words, cells, questions and exercises.

200 words a minute, 20 seconds a code cell, a minute a question, 4 minutes an exercise; a rule of
thumb from timing readers of the course, rounded to five minutes.
"""

import re
from dataclasses import dataclass

from nbformat import NotebookNode

from course_utils import lessons
from course_utils.quizzes import Part, questions

WORDS, CELL, QUESTION, EXERCISE = 200, 20 / 60, 1, 4
TO_READ = "**Time:** about {reading} minutes to read."
WITH_EXERCISES = TO_READ.removesuffix(".") + ", {exercises} for the exercises."
LINE = re.compile(r"^\*\*Time:\*\* .*$", re.MULTILINE)


@dataclass(frozen=True)
class Minutes:
    """How long a lesson takes, in minutes rounded to five."""

    reading: int
    exercises: int

    @property
    def line(self) -> str:
        """What a lesson's first cell says."""
        form = WITH_EXERCISES if self.exercises else TO_READ
        return form.format(reading=self.reading, exercises=self.exercises)


def minutes(notebook: NotebookNode, number: str) -> Minutes:
    """How long a lesson takes.

    Args:
        notebook: the lesson.
        number: its number, such as "04".
    """
    ours = [c for c in notebook.cells if not re.match(r"(ask|answer|check)-\d\d-", c.id)]
    words = sum(len(c.source.split()) for c in ours if c.cell_type == "markdown")
    cells = sum(c.cell_type == "code" for c in ours)
    asked = number in lessons.having("questions")
    count = sum(len(questions(number, part).questions) for part in Part) if asked else 0
    exercises = sum(bool(re.match(r"check-\d\d-", c.id)) for c in notebook.cells)
    return Minutes(
        _rounded(words / WORDS + cells * CELL + count * QUESTION), _rounded(exercises * EXERCISE)
    )


def _rounded(minutes: float) -> int:
    return 5 * round(minutes / 5)


def stamp_minutes(notebook: NotebookNode, number: str) -> None:
    """Write the minutes into the lesson's line that begins with Time."""
    said = minutes(notebook, number)
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and LINE.search(cell.source):
            cell.source = LINE.sub(said.line, cell.source, count=1)
            return
