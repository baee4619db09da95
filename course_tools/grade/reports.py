"""Write what grading found: tables for programs, pages for students and for the instructor.

The same results give the same files, byte for byte. Seconds differ between runs, so they stand in
the tables (results.csv, results.json, junit.xml) and in none of the pages.
"""

import csv
import hashlib
import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader

from course_tools.grade.grade_class import write_atomically
from course_utils.exercises import all_exercises

COLUMNS = """student notebook file time late exercise verdict reason mistake points possible seconds
error""".split()
SIGNS = {
    "right": "✓",
    "wrong": "✗",
    "error": "!",
    "not attempted": "○",
    "missing": "–",
    "not graded": "?",
}
_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)


def page(title: str, body: str) -> str:
    """A whole page around a piece of HTML that is safe."""
    return _PAGES.get_template("page.html").render(title=title, body=body)


def merged(results: Sequence[dict], out: Path) -> list[dict]:
    """The results, and those of earlier runs into the same folder about other copies."""
    try:
        earlier = json.loads((out / "results.json").read_text(encoding="utf-8"))
        known = {(one["student"], one["notebook"]): one for one in earlier}
    except (OSError, ValueError, TypeError, LookupError):
        known = {}
    known |= {(one["student"], one["notebook"]): one for one in results}
    return [known[key] for key in sorted(known)]


def write_reports(
    results: Sequence[dict],
    out: Path,
    roster: Mapping[str, Mapping[str, str]] | None = None,
    feedback: Mapping[str, str] | None = None,
) -> Path:
    """Write all reports of a class into a folder; return the class's page.

    Args:
        results: see `grade_class`, with points.
        out: gets results.csv, results.json, gradebook.csv, junit.xml, class.html and
            students/NAME.html.
        roster: id → the roster's row, which gradebook.csv repeats.
        feedback: student → the folder they handed in; writes feedback.zip with their pages.
    """
    students: dict[str, dict[str, dict]] = {student: {} for student in roster or ()}
    for result in results:
        students.setdefault(result["student"], {})[result["notebook"]] = result
    pages = {student: page_name(student) for student in students}
    (out / "students").mkdir(parents=True, exist_ok=True)
    write_atomically(out / "results.json", json.dumps(results, indent=1, ensure_ascii=False) + "\n")
    write_atomically(out / "results.csv", _csv(COLUMNS, _rows(results)))
    write_atomically(out / "gradebook.csv", _gradebook(students, roster or {}))
    write_atomically(out / "junit.xml", _junit(results))
    for student, theirs in students.items():
        write_atomically(out / "students" / pages[student], _student_page(student, theirs))
    write_atomically(out / "class.html", _class_page(students, pages))
    if feedback is not None:
        with zipfile.ZipFile(out / "feedback.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            for student in students:
                name = re.sub(r"[/\\:]", "_", feedback.get(student, student))
                archive.write(out / "students" / pages[student], f"{name}/feedback.html")
    return out / "class.html"


def page_name(student: str) -> str:
    """The file of a student's page: the same in every run, and nobody else's."""
    plain = re.sub(r"[^a-z0-9-]+", "-", student.lower()).strip("-")[:60] or "student"
    if plain == student:
        return f"{plain}.html"
    return f"{plain}-{hashlib.sha256(student.encode()).hexdigest()[:8]}.html"


def _rows(results: Iterable[dict]) -> list[dict]:
    """One row for each student and exercise."""
    return [
        {"reason": "", **{name: one[name] for name in one if name in COLUMNS}, **row}
        for one in results
        for row in one["exercises"]
    ]


def _csv(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    text = io.StringIO()
    table = csv.DictWriter(text, columns, extrasaction="ignore", lineterminator="\n")
    table.writerow({name: _harmless(name) for name in columns})
    table.writerows({name: _harmless(row.get(name)) for name in columns} for row in rows)
    return text.getvalue()


def _harmless(value: Any) -> Any:
    """Text that a spreadsheet does not take for a formula, and numbers without a needless .0."""
    if isinstance(value, float):
        return f"{value:g}"
    formula = isinstance(value, str) and value.lstrip()[:1] in set("=+-@＝＋－＠")
    return f"'{value}" if formula or str(value)[:1] in "\t\r" and value else value


def _gradebook(students: Mapping[str, Mapping[str, dict]], roster: Mapping[str, Mapping]) -> str:
    """A line for each student and a column for each lesson, as learning platforms take it."""
    lessons = sorted({lesson for theirs in students.values() for lesson in theirs})
    own = list(next(iter(roster.values()), {}))
    rows = []
    for student, theirs in students.items():
        row = dict(roster.get(student, {})) if roster else {}
        row |= {"student": student, "total": _sum(_of(theirs))}
        rows.append(row | {lesson: _sum(theirs[lesson]["exercises"]) for lesson in theirs})
    extra = [] if "student" in own else ["student"]
    return _csv([*own, *extra, *lessons, "total"], rows)


def _of(theirs: Mapping[str, dict]) -> list[dict]:
    return [row for result in theirs.values() for row in result["exercises"]]


def _sum(rows: Iterable[dict]) -> float:
    return float(sum(row["points"] for row in rows))


def _points(rows: Sequence[dict]) -> str:
    return f"{_sum(rows):g} of {sum(row['possible'] for row in rows):g}"


def _junit(results: Sequence[dict]) -> str:
    tags = {"wrong": "failure", "not attempted": "skipped"}
    bad = ("error", "missing", "not graded")
    return _printable(_PAGES.get_template("junit.xml").render(results=results, tags=tags, bad=bad))


def _printable(text: str) -> str:
    """Without the characters that XML does not have."""
    return re.sub(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "?", text)


def _student_page(student: str, theirs: Mapping[str, dict]) -> str:
    return _PAGES.get_template("student.html").render(
        title=student, results=theirs.values(), rows=_of(theirs), points=_points, signs=SIGNS
    )


def _class_page(students: Mapping[str, Mapping[str, dict]], pages: Mapping[str, str]) -> str:
    results = [result for theirs in students.values() for result in theirs.values()]
    rows = _rows(results)
    known = {f"{e.id}/{m.name}": m.message for e in all_exercises().values() for m in e.mistakes}
    found = Counter(row["mistake"] for row in rows if row.get("mistake"))
    ranked = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
    count = Counter((row["exercise"], row["verdict"]) for row in rows)
    names = sorted({row["exercise"] for row in rows})
    tried = {
        name: sum(count[name, verdict] for verdict in ("right", "wrong", "error")) for name in names
    }
    hardest = [(name, count[name, "right"], tried[name]) for name in names if tried[name]]
    hardest = [one for one in hardest if one[1] < one[2]]
    return _PAGES.get_template("class.html").render(
        title="Class summary",
        students=students,
        pages=pages,
        lessons=sorted({result["notebook"] for result in results}),
        nothing=[
            s for s, theirs in students.items() if not any(r["file"] for r in theirs.values())
        ],
        late=[f"{one['student']} {one['notebook']}" for one in results if one.get("late")],
        mistakes=[
            {"count": n, "exercise": name.partition("/")[0], "message": known.get(name, name)}
            for name, n in ranked
        ],
        hardest=sorted(hardest, key=lambda one: one[1] / one[2])[:3],
        verdicts=list(SIGNS),
        exercises=names,
        count=count,
        other=Counter(
            row["exercise"]
            for row in rows
            if row["verdict"] in ("wrong", "error") and not row.get("mistake")
        ),
        noticed=[(one["student"], f) for one in results for f in one["findings"]][:2_000],
        not_graded=[one for one in results if "not_graded" in one],
        points=_points,
        rows_of=_of,
        signs=SIGNS,
    )
