"""Each notebook carries its exercises, as they stand in the lesson modules."""

import nbformat
import pytest

from course_tools.publish.handout import exercise_cells, hand_out
from course_utils.exercises import all_exercises
from executed import SOURCES

NUMBERS = {exercise.id[:2] for exercise in all_exercises().values()}
NOTEBOOKS = [path for path in sorted(SOURCES.glob("[0-9]*.ipynb")) if path.name[:2] in NUMBERS]
each = pytest.mark.parametrize("path", NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])


def exercises_of(path):
    return [e for e in all_exercises().values() if e.id[:2] == path.name[:2]]


@each
def test_the_notebook_has_the_exercises_as_they_are_now(path):
    notebook = nbformat.read(path, as_version=4)
    before = [(cell.id, cell.source) for cell in notebook.cells]
    hand_out(notebook, exercises_of(path))
    after = [(cell.id, cell.source) for cell in notebook.cells]
    assert before == after, "run `python -m course_tools handout`"


@each
def test_an_untouched_notebook_says_not_attempted(path, executed):
    copy = executed(path.stem)
    for cell in exercise_cells(exercises_of(path)):
        if cell.id.startswith("check-"):
            assert "not attempted" in copy.text(cell.id)
