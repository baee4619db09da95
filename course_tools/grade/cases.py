"""The inputs of exercises as files, so that a kernel can have them without the exercises.

They are pickles: the grader writes them and kernels read them, never the other way round. Each
model is a file of its own that the exercises of a lesson share.
"""

import marshal
import os
import pickle
import tempfile
import threading
import types
from pathlib import Path
from typing import Any

import torch

from course_utils.exercises import find
from course_utils.verdicts import Exercise

_building = threading.Lock()
_built: dict[str, list[tuple]] = {}


def cases_of(exercise: Exercise) -> list[tuple]:
    """The inputs of an exercise, built once."""
    with _building:  # random models in two threads would mix up their seeds
        if exercise.id not in _built:
            _built[exercise.id] = list(exercise.cases())
        return _built[exercise.id]


class Cases:
    """A folder of input files, which are written when they are first needed; a context manager."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix=f"grade-{os.getpid()}-")
        self.folder = Path(self._folder.name)
        self._lock, self._written, self._models = threading.Lock(), set[str](), dict[int, Any]()

    def __enter__(self) -> "Cases":
        return self

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()

    def write(self, exercise: str) -> None:
        """Have the file of an exercise, ID.pickle, in `folder`."""
        with self._lock:
            if exercise not in self._written:
                with open(self.folder / f"{exercise}.pickle", "wb") as file:
                    _Writer(file, self).dump(cases_of(find(exercise)))
                self._written.add(exercise)

    def model(self, module: torch.nn.Module) -> str:
        """The name of a model's file, written at its first use."""
        if id(module) not in self._models:
            name = f"model-{len(self._models)}"
            self._models[id(module)] = name, module  # kept, so that no other gets its id
            (self.folder / name).write_bytes(pickle.dumps(module))
        return self._models[id(module)][0]


class _Writer(pickle.Pickler):
    def __init__(self, file: Any, cases: Cases):
        super().__init__(file, protocol=5)
        self._cases = cases

    def persistent_id(self, value: Any) -> str | None:
        return self._cases.model(value) if isinstance(value, torch.nn.Module) else None

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


class _Reader(pickle.Unpickler):
    models: dict[Path, Any] = {}

    def __init__(self, path: Path):
        self._path = path
        super().__init__(open(path, "rb"))

    def persistent_load(self, name: str) -> Any:
        path = self._path.with_name(name)
        if path not in self.models:
            self.models[path] = pickle.loads(path.read_bytes())
        return self.models[path]


def read(path: Path) -> list[tuple]:
    """In a kernel: the inputs of one exercise, one tuple of arguments for each case."""
    return _Reader(path).load()
