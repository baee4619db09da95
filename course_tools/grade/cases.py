"""The inputs of exercises as files, so that a kernel can have them without the exercises.

They are pickles: the grader writes them and kernels read them, never the other way round.
"""

import marshal
import os
import pickle
import tempfile
import threading
import types
from functools import cache
from pathlib import Path
from typing import Any

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
                with open(path, "wb") as file:
                    _Writer(file).dump(_cases(exercise))
        return path


class _Writer(pickle.Pickler):
    def reducer_override(self, value: Any) -> Any:
        # A lesson's own functions go as code: their module, with the solutions, stays here.
        if isinstance(value, types.FunctionType) and value.__module__.startswith("course_lessons"):
            code = marshal.dumps(value.__code__)
            return _function, (code, value.__name__, value.__defaults__, value.__kwdefaults__)
        return NotImplemented


def _function(code: bytes, name: str, defaults: tuple | None, named: dict | None) -> Any:
    function = types.FunctionType(
        marshal.loads(code), {"__builtins__": __builtins__}, name, defaults
    )
    function.__kwdefaults__ = named
    return function
