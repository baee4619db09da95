"""Read a student's notebook, and find the answers in it and what of it they need."""

import ast
import json
import re
import symtable
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from course_tools.grade.plain import legible, whole
from course_utils.exercises import all_exercises
from course_utils.verdicts import Exercise

MOST_CELLS = 5_000
MOST_CODE = 3_000_000  # characters of all cells
LONGEST = 100_000  # characters of one cell's code
TOO_LONG = f"raise ValueError('this cell has more than {LONGEST} characters and was not run')"
SHELL = re.compile(r"^[ \t]*(?:[\w., ]+=[ \t]*)?(?:!|%+(?:pip|conda|sx|system|bash|sh)\b).*", re.M)
MERGED = re.compile(r"^<{7} .*?\n(.*?)^={7}\n(.*?)^>{7} .*?\n", re.M | re.S)
OURS_TOO = ("check", "hint", "solution", "progress", "quiz", "warm_up", "predict", "playground")
UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError)  # what odd code does to Python


class Finding(NamedTuple):
    """Something the instructor should know about a copy: `kind` in one word, and words."""

    kind: str
    text: str
    exercise: str | None = None


class Cell(NamedTuple):
    """A cell of a notebook; `names` are the ids that it may be known by."""

    names: frozenset[str]
    tags: frozenset[str]
    code: bool
    source: str

    @property
    def marks(self) -> set[str]:
        """The exercises that it is handed out for to be answered in."""
        ids = {name[7:] for name in self.names if name.startswith("answer-")}
        return ids | {tag[9:] for tag in self.tags if tag.startswith("exercise-")}


class Step(NamedTuple):
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
        book = next(filter(None, (_side(text, number) for number in (1, 2))), None)
        if book is None:
            empty = "it is empty" if not text.strip() else f"it is no notebook ({error})"
            web = text.lstrip()[:1] == "<"
            raise ValueError("it is a web page" if web else empty) from None
        findings.append(Finding("merge", "it has merge marks; the first version was read"))
    book = book if isinstance(book, dict) else {}
    cells = book.get("cells")
    if isinstance(sheets := book.get("worksheets"), list):  # format 3
        cells = [c for s in sheets if isinstance(s, dict) for c in s.get("cells") or ()]
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


def _side(text: str, number: int) -> Any:
    """One of the two versions that merge marks stand between; None if that is no JSON either."""
    try:
        return json.loads(MERGED.sub(lambda found: found[number], text))
    except (ValueError, RecursionError):
        return None


def _cell(cell: dict) -> Cell:
    def of(kind: type, value: Any) -> Any:
        return value if isinstance(value, kind) else kind()

    source = cell.get("source", cell.get("input")) or ""
    source = "".join(map(str, source)) if isinstance(source, list) else str(source)
    source = whole(source).replace("\r\n", "\n")
    about = of(dict, cell.get("metadata"))
    names = (cell.get("id"), about.get("id"), of(dict, about.get("nbgrader")).get("grade_id"))
    return Cell(
        frozenset(name for name in names if isinstance(name, str)),
        frozenset(tag for tag in of(list, about.get("tags")) if isinstance(tag, str)),
        cell.get("cell_type") == "code",
        source if len(source) <= LONGEST else TOO_LONG,
    )


def exercises_in(lesson: str) -> list[Exercise]:
    """The exercises of a notebook, such as "04_fill_mask", in order."""
    return [e for e in all_exercises().values() if e.id[:2] == lesson[:2]]


def answer_name(exercise: Exercise) -> str:
    """The variable or function that the learner's cell defines."""
    found = re.search(r"^(?:def )?(\w+)", exercise.stub)
    assert found, exercise.id
    return found.group(1)


def lesson_of(cells: Sequence[Cell], course: Iterable[str]) -> str | None:
    """The course's notebook that this is a copy of: the one of most of whose exercises it knows."""
    names = {name for cell in cells for name in cell.names}
    text = "\n".join(cell.source for cell in cells)
    checked = set(re.findall(r"^\s*check\(\s*[\"']([\w-]+)[\"']", text, re.M))

    def known(lesson: str) -> int:
        ids = [e.id for e in exercises_in(lesson)]
        kinds = ("answer", "check", "ask")
        return len(checked & {*ids}) + len(names & {f"{k}-{i}" for k in kinds for i in ids})

    best = max(course, key=known)
    return best if known(best) else None


def find_answers(cells: Sequence[Cell], lesson: str, ours: Sequence[Cell]) -> Answers:
    """Take the answers out of a student's copy of a lesson, of which the course has the cells.

    An answer is the cell that has the exercise's id, nbgrader's name for it or its tag; of several
    the last one in which something was done. Where there is none, it is the last other cell of the
    student's that defines what the exercise asks for. A cell that only checks is never an answer.
    """
    found = Answers(lesson)
    sources = {cell.source.strip() for cell in ours}
    tried = [cell for cell in cells if not _only_checks(cell)]
    mine = [cell for cell in tried if cell.code and cell.source.strip() not in sources]
    for exercise in exercises_in(lesson):
        name = answer_name(exercise)
        marked = [cell for cell in tried if exercise.id in cell.marks]
        done = [cell for cell in marked if not _is_blank(cell.source, exercise)]
        own = [c for c in mine if not c.marks and not _is_blank(c.source, exercise)]
        tries = [cell for cell in done if _defines(cell.source, name)]
        tries = tries or [cell for cell in own if _defines(cell.source, name)] or done

        def note(kind: str, words: str, exercise: str = exercise.id) -> None:
            found.findings.append(Finding(kind, words, exercise))

        if not tries:
            blank = marked or any(_defines(c.source, name) for c in cells if c not in mine)
            found.settled[exercise.id] = "blank" if blank else "missing"
            if not blank:
                note("answer", f"its answer cell is missing, and no other defines `{name}`")
            continue
        answer = tries[-1]
        found.code[exercise.id] = legible(answer.source)
        if len(tries) > 1:
            note("attempts", f"{len(tries)} cells answer it; the last one counts")
        if not answer.code:
            note("markdown", "its answer cell is not a code cell any more; its text was run")
        if shell := SHELL.search(answer.source):
            words = legible(shell[0].strip())[:60]
            note("shell", f"commands for a shell were passed over: {words}")
        own = [cell for cell in mine if cell is not answer]
        steps = [*_needed(answer, own, ours), Step("answer", answer.source)]
        found.steps[exercise.id] = steps
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
    tree = _tree(source)
    if tree is None:
        return not source.strip()
    # The course's first versions handed functions out without the return.
    stubs = (exercise.stub, exercise.stub.replace("return ...", "..."))
    return not tree.body or ast.dump(tree) in [ast.dump(ast.parse(stub)) for stub in stubs]


def _defines(source: str, name: str) -> bool:
    if _tree(source) is None:
        return re.search(rf"^\s*(def\s+{name}\b|{name}\s*=[^=])", source, re.M) is not None
    return name in _names(source)[0]


def _needed(answer: Cell, own: Sequence[Cell], ours: Sequence[Cell]) -> Iterator[Step]:
    """The lesson's cells and the student's own ones whose names an answer needs."""
    lesson = [
        cell.source
        for cell in ours
        if cell.code
        and "raises-exception" not in cell.tags
        and not any(name.startswith(("answer-", "check-")) for name in cell.names)
    ]
    offered = set().union(*(_names(source)[0] for source in lesson))
    ids = set().union(*(cell.names for cell in ours))
    defined, needed = map(set, _names(answer.source))
    kept: list[Cell] = []
    # A cell that the student added goes before the lesson's, one of the lesson's edited not.
    while new := [
        cell
        for cell in own
        if cell not in kept
        and (_names(cell.source)[0] - (offered if cell.names & ids else set())) & (needed - defined)
    ]:
        kept += new
        needed |= set().union(*(_names(cell.source)[1] for cell in new))
    added = [cell.source for cell in kept if not cell.names & ids]
    needed -= set().union(*(_names(source)[0] for source in added))
    course = []
    for source in reversed(lesson):
        if _names(source)[0] & needed:
            needed |= _names(source)[1]
            course.insert(0, Step("course", source))
    yield from course
    yield from (Step("own", cell.source) for cell in own if cell in kept)


def _python(source: str) -> str:
    """The source; where it is not Python, with IPython's own lines taken out."""
    try:
        ast.parse(source)
        return source
    except UNREADABLE:
        return re.sub(r"^([ \t]*)(?:[\w., ]+=[ \t]*)?[!%?].*$", r"\1pass", source, flags=re.M)


@lru_cache(10_000)
def _tree(source: str) -> ast.Module | None:
    try:
        return ast.parse(_python(source))
    except UNREADABLE:
        return None


@lru_cache(10_000)
def _names(source: str) -> tuple[frozenset[str], frozenset[str]]:
    """The global names that a cell defines, and those that it uses."""
    try:
        table = symtable.symtable(_python(source), "cell", "exec")
    except UNREADABLE:
        return frozenset(), frozenset()
    defined = {s.get_name() for s in table.get_symbols() if s.is_assigned() or s.is_imported()}
    used: set[str] = set()
    tables = [table]
    for one in tables:
        tables += one.get_children()
        symbols = [s for s in one.get_symbols() if s.is_referenced()]
        used |= {s.get_name() for s in symbols if one is table or s.is_global()}
    return frozenset(defined), frozenset(used)
