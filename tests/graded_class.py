"""A class's submissions, made from notebook 04: one student for each thing that can happen."""

import copy
import inspect
import textwrap
from pathlib import Path

import nbformat

from course_tools.grade.cells import exercises_in, read_cells
from course_utils.exercises import find
from executed import SOURCES

NOTEBOOK = "04_fill_mask"
PATHS = [path for path in sorted(SOURCES.glob("[0-9]*.ipynb")) if exercises_in(path.stem)]
NOTEBOOKS = {path.stem: nbformat.read(path, as_version=4) for path in PATHS}
COURSE = {path.stem: read_cells(path.read_bytes())[0] for path in PATHS}
EXERCISE, NAME = "04-mask-positions", "mask_positions"
RIGHT = inspect.getsource(find(EXERCISE).reference)
_MISTAKE = find(EXERCISE).mistakes[1]
MISTAKE_NAME = f"{EXERCISE}/{_MISTAKE.name}"
SECOND_MISTAKE = textwrap.dedent(inspect.getsource(_MISTAKE.answer)).replace(
    _MISTAKE.answer.__name__, NAME
)

# What stands before a right answer, and the kind of finding that the grader has to report.
HOSTILE = {
    "loop": ("while True:\n    pass", "time"),
    "forks": ("import os\n\nwhile True:\n    os.fork()", "refused"),
    "memory": ("hog = bytearray(10 << 30)", "memory"),
    "output": ("for _ in range(1000):\n    print('x' * 1_000_000)", "output"),
    "raw-output": ("import os\n\nwhile True:\n    os.write(1, b'x' * 100_000)", "output"),
    "delete": ("import shutil\n\nshutil.rmtree({victim!r})", "refused"),
    "secret": ("print(open({secret!r}).read())", "refused"),
    "network": (
        "import socket\n\nsocket.create_connection(('127.0.0.1', {port}), timeout=5)",
        "refused",
    ),
    "killer": ("import os\n\nos.kill(os.getppid(), 9)", "refused"),
    "exit": ("import os\n\nos._exit(0)", "died"),
    "threads": (
        "import threading\n\nthreading.stack_size(1 << 16)\nwhile True:\n"
        "    threading.Thread(target=threading.Event().wait, daemon=True).start()",
        "threads",
    ),
    "scratch": (
        "n = 0\nwhile True:\n    n += 1\n    open(f'{{n}}', 'wb').write(bytes(1 << 20))",
        "files",
    ),
}


def submission(answer: str | None = None) -> nbformat.NotebookNode:
    """A copy of the notebook with one of its exercises answered."""
    notebook = copy.deepcopy(NOTEBOOKS[NOTEBOOK])
    if answer is not None:
        cell(notebook, f"answer-{EXERCISE}").source = answer
    return notebook


def cell(notebook: nbformat.NotebookNode, name: str) -> nbformat.NotebookNode:
    return next(cell for cell in notebook.cells if cell.id == name)


def hand_in(notebook: nbformat.NotebookNode, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(nbformat.writes(notebook), encoding="utf-8")


def hand_in_hostile(folder: Path, **places: object) -> None:
    """One submission of each kind in HOSTILE; `places` fills in what they go for."""
    for student, (code, _) in HOSTILE.items():
        answer = f"{code.format(**places)}\n\n\n{RIGHT}"
        hand_in(submission(answer), folder / student / f"{NOTEBOOK}.ipynb")


def without_seconds(results: list[dict]) -> list[dict]:
    """Results as they are the same in every run."""
    return [
        result | {"exercises": [row | {"seconds": 0} for row in result["exercises"]]}
        for result in results
    ]
