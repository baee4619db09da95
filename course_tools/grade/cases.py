"""The inputs of exercises as files, so that a kernel can have them without the exercises.

They are pickles: the grader writes them and kernels read them, never the other way round. Classes
and functions in them are imported there, so they lie beside `exercises.py`, which kernels lack.
"""

import os
import pickle
import tempfile
import threading
from functools import cache
from pathlib import Path

from course_utils.exercises import find
from course_utils.verdicts import Exercise

_building = threading.RLock()  # random models in two threads would mix up their seeds


def cases_of(exercise: Exercise) -> list[tuple]:
    """The inputs of an exercise, built once."""
    with _building:
        return _cases(exercise.id)


@cache
def _cases(exercise: str) -> list[tuple]:
    return list(find(exercise).cases())


class Cases(tempfile.TemporaryDirectory):
    """A folder of input files, which are written when they are first needed; a context manager."""

    def __init__(self) -> None:
        super().__init__(prefix=f"grade-{os.getpid()}-")
        self.folder = Path(self.name)

    def __enter__(self) -> "Cases":
        return self

    def write(self, exercise: str) -> Path:
        """The file with the inputs of an exercise."""
        path = self.folder / f"{exercise}.pickle"
        with _building:
            if not path.exists():
                path.write_bytes(pickle.dumps(_cases(exercise)))
        return path
