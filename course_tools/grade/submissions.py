"""Find a class's notebooks in a folder, and take the answers out of them.

Nothing of a submission is executed here, and nothing but the answers goes on to be: they are
put into the grader's own notebook.
"""

import json
import re
import symtable
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from IPython.core.inputtransformer2 import TransformerManager
from nbformat import NotebookNode

from course_utils.errors import CourseError
from course_utils.exercises import all_exercises
from course_utils.verdicts import MIME

LARGEST = 20_000_000  # bytes of one notebook
OUR_CODE = ("course_utils", "course_utils.py", "sitecustomize.py", "usercustomize.py")


@dataclass(frozen=True)
class Finding:
    """Something the instructor should know about a submission: `kind` in one word, and words."""

    kind: str
    text: str
    exercise: str | None = None


@dataclass(frozen=True)
class Step:
    """One cell that the grader runs: `kind` is "context", "answer" or "check"."""

    kind: str
    source: str
    exercise: str = ""


@dataclass
class Submission:
    """One student's copy of one notebook.

    Attributes:
        student: name of their folder, or what the file's name says besides the notebook's.
        file: path below the class's folder.
        notebook: name of the course's notebook, or None where it is none of them.
        answers: exercise → the student's code; an exercise whose cell is missing is left out.
        findings: what was noticed in the file.
    """

    student: str
    file: str
    notebook: str | None = None
    answers: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def find_submissions(folder: Path, course: Mapping[str, NotebookNode]) -> list[Submission]:
    """Every notebook below a class's folder: one folder per student, or one flat folder.

    Args:
        folder: where the notebooks are; links are not followed.
        course: name → the grader's own copy of each notebook.

    Raises:
        CourseError: there is no such folder, or no notebook in it.
    """
    if not folder.is_dir():
        raise CourseError(f"There is no folder {str(folder)!r}: name the one with the notebooks.")
    files = sorted(_notebooks(folder))
    if not files:
        raise CourseError(f"There is no notebook (*.ipynb) in {str(folder)!r}.")
    found = [_read(folder, file, course) for file in files]
    seen: dict[tuple, str] = {}
    for one in found:
        first = seen.setdefault((one.student, one.notebook), one.file)
        if one.notebook and first != one.file:
            one.findings.append(Finding("copies", f"the same notebook is also there as {first}"))
    return found


def _notebooks(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.is_symlink() or path.name.startswith("."):
            continue
        if path.is_dir():
            yield from _notebooks(path)
        elif path.suffix == ".ipynb" and path.is_file():
            yield path


def _read(folder: Path, path: Path, course: Mapping[str, NotebookNode]) -> Submission:
    inner = path.relative_to(folder)
    submission = Submission(_student(inner, course), inner.as_posix())
    shipped = [name for name in OUR_CODE if (path.parent / name).exists()]
    if shipped and path.parent != folder:
        text = f"brings a {shipped[0]} of its own, which was not used"
        submission.findings.append(Finding("course_utils", text))
    try:
        if path.stat().st_size > LARGEST:
            raise ValueError(f"it has more than {LARGEST / 1e6:.0f} MB")
        cells = _code_cells(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, RecursionError) as error:
        words = str(error) or type(error).__name__
        submission.findings.append(Finding("unreadable", f"the file cannot be read: {words[:200]}"))
        return submission
    answers = {
        name: {exercise: _answers_to(exercise, cells) for exercise in exercises_in(notebook)}
        for name, notebook in course.items()
    }
    name = max(answers, key=lambda name: sum(map(bool, answers[name].values())))
    if not any(answers[name].values()):
        submission.findings.append(Finding("unknown", "it has none of the course's exercises"))
        return submission
    submission.notebook = name
    for exercise, sources in answers[name].items():
        if sources:
            submission.answers[exercise] = sources[0]
        if len(sources) != 1:
            words = "appears twice; the first one counts" if sources else "is missing"
            submission.findings.append(Finding("answer", f"its answer cell {words}", exercise))
        elif re.search(
            rf"course_utils\.(exercises|answers)|course_lessons|{re.escape(MIME)}|\.reference\b",
            sources[0],
        ):
            submission.findings.append(
                Finding("checker", "the answer's code mentions the checker: read it", exercise)
            )
    submission.findings += _changed_checks(cells, course[name])
    return submission


def _student(inner: Path, course: Mapping[str, NotebookNode]) -> str:
    if len(inner.parts) > 1:
        return inner.parts[0]
    names = "|".join(re.escape(name) for name in course)
    rest = re.sub(rf"({names})( \(\d+\))?", "", inner.stem).strip(" _-.")
    return rest or inner.stem


def _code_cells(notebook: Any) -> list[dict]:
    """The code cells as plain dictionaries with `id`, `source` and `metadata`, whatever is there.

    Raises:
        ValueError: this is no notebook.
    """
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list):
        raise ValueError("it is not a notebook of format 4")
    kept = []
    for cell in cells:
        if not isinstance(cell, dict) or cell.get("cell_type") != "code":
            continue
        source, metadata = cell.get("source", ""), cell.get("metadata")
        if isinstance(source, list):
            source = "".join(map(str, source))
        kept.append(
            {
                "id": cell.get("id"),
                "source": str(source),
                "metadata": metadata if isinstance(metadata, dict) else {},
            }
        )
    return kept


def _answers_to(exercise: str, cells: Sequence[dict]) -> list[str]:
    """The sources of the cells that answer an exercise.

    Most programs keep the ids of cells; where one did not, nbgrader's name for the cell, its tag,
    or its place before the check finds it.
    """
    wanted = f"answer-{exercise}"
    tests = (
        lambda cell: cell["id"] == wanted,
        lambda cell: _grade_id(cell) == wanted,
        lambda cell: f"exercise-{exercise}" in (cell["metadata"].get("tags") or ()),
    )
    for test in tests:
        if found := [cell["source"] for cell in cells if test(cell)]:
            return found
    return [
        before["source"]
        for before, cell in zip(cells, cells[1:])
        if re.match(rf"\s*check\(\s*[\"']{re.escape(exercise)}[\"']", cell["source"])
    ]


def _grade_id(cell: dict) -> Any:
    block = cell["metadata"].get("nbgrader")
    return block.get("grade_id") if isinstance(block, dict) else None


def _changed_checks(cells: Sequence[dict], notebook: NotebookNode) -> Iterator[Finding]:
    for exercise in exercises_in(notebook):
        wanted = f"check-{exercise}"
        ours = next(cell.source for cell in notebook.cells if cell.id == wanted)
        found = [c["source"] for c in cells if wanted in (c["id"], _grade_id(c))]
        found = found or [c["source"] for c in cells if c["source"].strip() == ours.strip()]
        words = None
        if not found:
            words = "is missing"
        elif len(found) > 1:
            words = "appears more than once"
        elif found[0].strip() != ours.strip():
            words = "was edited"
        if words:
            text = f"its check cell {words}; the grader's own was run"
            yield Finding("check cell", text, exercise)


def exercises_in(notebook: NotebookNode) -> list[str]:
    """The ids of a course notebook's exercises, in order."""
    ids = {cell.id for cell in notebook.cells}
    return [exercise for exercise in all_exercises() if f"answer-{exercise}" in ids]


def steps_for(notebook: NotebookNode, answers: Mapping[str, str]) -> list[Step]:
    """The cells to run: answers, checks, and of the grader's others those whose names are needed.

    Args:
        notebook: the grader's copy.
        answers: exercise → the student's code.
    """
    steps, known = [], exercises_in(notebook)
    for cell in notebook.cells:
        kind, _, exercise = cell.id.partition("-")
        if cell.cell_type != "code" or "raises-exception" in cell.metadata.get("tags", ()):
            continue
        if kind in ("answer", "check") and exercise in known:
            if exercise in answers:
                source = answers[exercise] if kind == "answer" else cell.source
                steps.append(Step(kind, source, exercise))
        else:
            steps.append(Step("context", cell.source))
    needed: set[str] = set()
    kept = []
    for step in reversed(steps):
        defined, used = _names(step.source)
        if step.kind != "context" or defined & needed:
            needed |= used
            kept.append(step)
    return kept[::-1]


def _names(source: str) -> tuple[set[str], set[str]]:
    """The global names that a cell defines, and those that it uses."""
    try:
        code = TransformerManager().transform_cell(source)
        table = symtable.symtable(code, "cell", "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set(), set()
    defined = {s.get_name() for s in table.get_symbols() if s.is_assigned() or s.is_imported()}
    used: set[str] = set()
    tables = [table]
    while tables:
        one = tables.pop()
        tables += one.get_children()
        used |= {
            s.get_name()
            for s in one.get_symbols()
            if s.is_referenced() and (one is table or s.is_global())
        }
    return defined, used
