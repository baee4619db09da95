"""Read a student's notebook, and find the answers in it and what of it they need."""

import ast
import json
import re
import symtable
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from nbformat import NotebookNode

from course_tools.grade.plain import legible, whole
from course_tools.publish.handout import answer_name
from course_utils.exercises import all_exercises
from course_utils.verdicts import Exercise

MOST_CELLS = 5_000
MOST_CODE = 3_000_000  # characters of all cells
LONGEST = 100_000  # characters of one cell's code
SHELL = re.compile(r"^[ \t]*(?:[\w., ]+=[ \t]*)?[!%].*$", re.M)
MARKS = re.compile(r"^<{7} .*?\n(.*?)^={7}\n(.*?)^>{7} .*?\n", re.M | re.S)
OURS_TOO = ("check", "hint", "solution", "progress", "quiz", "warm_up", "predict", "playground")


@dataclass(frozen=True)
class Finding:
    """Something the instructor should know about a copy: `kind` in one word, and words."""

    kind: str
    text: str
    exercise: str | None = None


@dataclass(frozen=True)
class Cell:
    """A cell of a student's notebook; `names` are the ids that it may be known by."""

    names: frozenset[str]
    code: bool
    source: str


@dataclass(frozen=True)
class Step:
    """One cell to run: of "course", "own" (the student's) or "answer"."""

    kind: str
    source: str


@dataclass
class Answers:
    """What a copy of a lesson has to say.

    Attributes:
        steps: exercise → the cells to run, the answer last; without those that need no run.
        settled: exercise → "missing" or "blank", for the others.
        code: exercise → the answer's source.
        findings: what was noticed.
    """

    lesson: str
    steps: dict[str, list[Step]] = field(default_factory=dict)
    settled: dict[str, str] = field(default_factory=dict)
    code: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def read_cells(data: bytes) -> tuple[list[Cell], list[Finding]]:
    """The cells of a notebook of format 3 or 4, however its bytes were mistreated on the way.

    Raises:
        ValueError: it is not legible; the message says why.
    """
    text, findings = _decoded(data)
    if text.count('"cell_type"') > MOST_CELLS:
        raise ValueError(f"it has more than {MOST_CELLS} cells")
    try:
        book = json.loads(text)
    except (ValueError, RecursionError) as error:
        book = _merged(text)
        if book is None:
            empty = "it is empty" if not text.strip() else f"it is no notebook ({error})"
            web = text.lstrip()[:1] == "<"
            raise ValueError("it is a web page" if web else empty) from None
        findings.append(Finding("merge", "it has merge marks; the first version was read"))
    sheets = book.get("worksheets") if isinstance(book, dict) else None
    if isinstance(sheets, list):  # format 3
        book = {"cells": [c for s in sheets if isinstance(s, dict) for c in s.get("cells") or ()]}
    cells = book.get("cells") if isinstance(book, dict) else None
    if not isinstance(cells, list):
        raise ValueError("it is not a notebook of format 3 or 4")
    known = [_cell(cell) for cell in cells if isinstance(cell, dict)]
    if sum(len(cell.source) for cell in known) > MOST_CODE:
        raise ValueError(f"its cells have more than {MOST_CODE} characters")
    return known, findings


def _decoded(data: bytes) -> tuple[str, list[Finding]]:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace"), []
    if data[:4].count(0) == 2:  # UTF-16 without its mark
        return data.decode("utf-16-le" if data[1] == 0 else "utf-16-be", "replace"), []
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        text = "it is not UTF-8, and was read as Windows text: check its accents"
        return data.decode("cp1252", "replace"), [Finding("encoding", text)]


def _merged(text: str) -> Any:
    for side in (1, 2):
        try:
            return json.loads(MARKS.sub(lambda found, side=side: found[side], text))
        except (ValueError, RecursionError):
            continue
    return None


def _cell(cell: dict) -> Cell:
    source = cell.get("source", cell.get("input")) or ""
    source = "".join(map(str, source)) if isinstance(source, list) else str(source)
    about = cell.get("metadata")
    about = about if isinstance(about, dict) else {}
    grader, tags = about.get("nbgrader"), about.get("tags")
    names = [cell.get("id"), about.get("id")]
    names += [grader.get("grade_id")] if isinstance(grader, dict) else []
    for tag in tags if isinstance(tags, list) else []:
        names.append(f"answer-{tag[9:]}" if str(tag).startswith("exercise-") else None)
    known = frozenset(name for name in names if isinstance(name, str))
    return Cell(known, cell.get("cell_type") == "code", whole(source).replace("\r\n", "\n"))


def lesson_of(cells: Sequence[Cell], course: Mapping[str, NotebookNode]) -> str | None:
    """The course's notebook that this is a copy of: the one of most of whose exercises it knows."""

    def known(lesson: str) -> int:
        ids = {
            f"{kind}-{e.id}" for e in exercises_in(lesson) for kind in ("answer", "check", "ask")
        }
        text = sum(any(_checks(cell.source, e.id) for cell in cells) for e in exercises_in(lesson))
        return text + len(ids & {name for cell in cells for name in cell.names})

    best = max(course, key=known)
    return best if known(best) else None


def exercises_in(lesson: str) -> list[Exercise]:
    """The exercises of a notebook, such as "04_fill_mask", in order."""
    return [e for e in all_exercises().values() if e.id[:2] == lesson[:2]]


def _checks(source: str, exercise: str) -> bool:
    return re.search(rf"^\s*check\(\s*[\"']{re.escape(exercise)}[\"']", source, re.M) is not None


def find_answers(cells: Sequence[Cell], lesson: str, notebook: NotebookNode) -> Answers:
    """Take the answers out of a student's copy of a lesson.

    An answer is the cell that has the exercise's id, nbgrader's name for it or its tag; of several
    the last one in which something was done. Where there is none, it is the last other cell of the
    student's that defines what the exercise asks for. A cell that only checks is never an answer.
    """
    exercises = exercises_in(lesson)
    ours = {cell.source.strip() for cell in notebook.cells}
    found = Answers(lesson)
    mine = [c for c in cells if c.code and not _only_checks(c) and c.source.strip() not in ours]
    for exercise in exercises:
        name, wanted = answer_name(exercise), f"answer-{exercise.id}"
        others = {f"answer-{e.id}" for e in exercises if e is not exercise}
        marked = [c for c in cells if wanted in c.names and not _only_checks(c)]
        done = [c for c in marked if not _is_blank(c.source, exercise)]
        own = [c for c in mine if not c.names & others and not _is_blank(c.source, exercise)]
        tries = [c for c in done if _defines(c.source, name)]
        if not tries:
            tries = [c for c in own if c not in marked and _defines(c.source, name)] or done
        if len(tries) > 1:
            words = f"{len(tries)} cells answer it; the last one counts"
            found.findings.append(Finding("attempts", words, exercise.id))
        if not tries:
            blank = marked or any(_defines(c.source, name) for c in cells if c not in mine)
            found.settled[exercise.id] = "blank" if blank else "missing"
            if not blank:
                words = f"its answer cell is missing, and no other defines `{name}`"
                found.findings.append(Finding("answer", words, exercise.id))
            continue
        cell = tries[-1]
        found.code[exercise.id] = legible(cell.source)
        if not cell.code:
            words = "its answer cell is not a code cell any more; its text was run"
            found.findings.append(Finding("markdown", words, exercise.id))
        if len(cell.source) > LONGEST:
            words = f"its answer has more than {LONGEST} characters and was not run"
            found.findings.append(Finding("long", words, exercise.id))
            found.settled[exercise.id] = "missing"
            continue
        if shell := [line.strip() for line in SHELL.findall(cell.source)]:
            if any(
                re.search(r"(^|=\s*)!|^%+(pip|conda|sx|system|bash|sh)\b", line) for line in shell
            ):
                words = f"commands for a shell were passed over: {legible(shell[0])[:60]}"
                found.findings.append(Finding("shell", words, exercise.id))
        rest = [c for c in mine if c is not cell and len(c.source) <= LONGEST]
        found.steps[exercise.id] = [*_needed(cell, rest, notebook), Step("answer", cell.source)]
    return found


def _only_checks(cell: Cell) -> bool:
    """Whether a cell is a check (or asks for a hint …) and nothing of an answer is in it."""
    tree = _tree(cell.source)
    if tree is None or not cell.code:
        return any(name.startswith(("check-", "ask-")) for name in cell.names)
    calls = [s.value for s in tree.body if isinstance(s, ast.Expr)]
    named = [isinstance(c, ast.Call) and getattr(c.func, "id", "") in OURS_TOO for c in calls]
    return bool(tree.body) and len(calls) == len(tree.body) and all(named)


def _is_blank(source: str, exercise: Exercise) -> bool:
    """Whether nothing was done to a cell but to comment it."""
    tree, stub = _tree(source), _tree(exercise.stub)
    if tree is None:
        return not source.strip()
    return not tree.body or ast.dump(tree) == ast.dump(stub)


def _defines(source: str, name: str) -> bool:
    return name in _names(source)[0] or (
        _tree(source) is None
        and re.search(rf"^\s*(def\s+{name}\b|{name}\s*=[^=])", source, re.M) is not None
    )


def _needed(answer: Cell, own: Sequence[Cell], notebook: NotebookNode) -> Iterator[Step]:
    """The lesson's cells and the student's own ones whose names an answer needs."""
    lesson = _lesson_cells(notebook)
    offered = set().union(*(_names(source)[0] for source in lesson))
    ids = {cell.id for cell in notebook.cells}
    needed, kept = set(_names(answer.source)[1]), dict[int, Cell]()
    while True:
        wanted = needed - _names(answer.source)[0]
        # A cell that the student added goes before the lesson's, one of the lesson's edited not.
        new = {
            number: cell
            for number, cell in enumerate(own)
            if number not in kept
            and _names(cell.source)[0] & (wanted - offered if cell.names & ids else wanted)
        }
        if not new:
            break
        kept |= new
        needed |= set().union(*(_names(cell.source)[1] for cell in new.values()))
    course = []
    added = [cell for cell in kept.values() if not cell.names & ids]
    needed -= set().union(*(_names(cell.source)[0] for cell in added))
    for source in reversed(lesson):
        defined, used = _names(source)
        if defined & needed:
            needed |= used
            course.append(source)
    yield from (Step("course", source) for source in reversed(course))
    yield from (Step("own", kept[number].source) for number in sorted(kept))


def _lesson_cells(notebook: NotebookNode) -> list[str]:
    """The code of the grader's copy that can be run before an answer."""
    return [
        cell.source
        for cell in notebook.cells
        if cell.cell_type == "code"
        and not cell.id.startswith(("answer-", "check-"))
        and "raises-exception" not in cell.metadata.get("tags", ())
    ]


def _python(source: str) -> str:
    """The source; where it is not Python, with IPython's own lines taken out."""
    try:
        ast.parse(source)
        return source
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        pass
    return re.sub(r"^([ \t]*)(?:[\w., ]+=[ \t]*)?[!%?].*$", r"\1pass", source, flags=re.M)


@lru_cache(10_000)
def _tree(source: str) -> ast.Module | None:
    if len(source) > LONGEST:
        return None
    try:
        return ast.parse(_python(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


@lru_cache(10_000)
def _names(source: str) -> tuple[frozenset[str], frozenset[str]]:
    """The global names that a cell defines, and those that it uses."""
    if _tree(source) is None:
        return frozenset(), frozenset()
    try:
        table = symtable.symtable(_python(source), "cell", "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset(), frozenset()
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
    return frozenset(defined), frozenset(used)
