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
SIGNS = {"right": "✓", "wrong": "✗", "error": "!", "not attempted": "○", "missing": "–"}
SIGNS["not graded"] = "?"
TAGS = {"wrong": "failure", "not attempted": "skipped"}  # in JUnit's XML; others are errors there


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
    students: dict[str, list[dict]] = {student: [] for student in roster or ()}
    for result in results:
        students.setdefault(result["student"], []).append(result)
    pages = {student: page_name(student) for student in students}
    (out / "students").mkdir(parents=True, exist_ok=True)
    write_atomically(out / "results.json", json.dumps(results, indent=1, ensure_ascii=False) + "\n")
    write_atomically(out / "results.csv", _csv(COLUMNS, _rows(results)))
    write_atomically(out / "gradebook.csv", _gradebook(students, roster or {}))
    junit = render("junit.xml", results=results, tags=TAGS)
    # Without the characters that XML does not have.
    junit = re.sub(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "?", junit)
    write_atomically(out / "junit.xml", junit)
    for student, theirs in students.items():
        text = render("student.html", title=student, results=theirs, rows=_rows(theirs))
        write_atomically(out / "students" / pages[student], text)
    write_atomically(out / "class.html", _class_page(results, students, pages))
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
    table = csv.writer(text, lineterminator="\n")
    table.writerow(map(_harmless, columns))
    table.writerows([_harmless(row.get(name)) for name in columns] for row in rows)
    return text.getvalue()


def _harmless(value: Any) -> Any:
    """Text that a spreadsheet does not take for a formula, and numbers without a needless .0."""
    if isinstance(value, float):
        return f"{value:g}"
    formula = isinstance(value, str) and re.match(r"[\t\r]|\s*[=+\-@＝＋－＠]", value)
    return f"'{value}" if formula else value


def _gradebook(students: Mapping[str, Sequence[dict]], roster: Mapping[str, Mapping]) -> str:
    """A line for each student and a column for each lesson, as learning platforms take it."""
    lessons = sorted({result["notebook"] for theirs in students.values() for result in theirs})
    own = list(next(iter(roster.values()), {}))
    rows = [
        roster.get(student, {})
        | {"student": student, "total": _sum(_rows(theirs))}
        | {result["notebook"]: _sum(result["exercises"]) for result in theirs}
        for student, theirs in students.items()
    ]
    return _csv([*own, *({"student"} - {*own}), *lessons, "total"], rows)


def _sum(rows: Iterable[dict]) -> float:
    return float(sum(row["points"] for row in rows))


def _points(rows: Sequence[dict]) -> str:
    return f"{_sum(rows):g} of {sum(row['possible'] for row in rows):g}"


def _class_page(
    results: Sequence[dict], students: Mapping[str, Sequence[dict]], pages: Mapping[str, str]
) -> str:
    rows = _rows(results)
    known = {f"{e.id}/{m.name}": m.message for e in all_exercises().values() for m in e.mistakes}
    found = Counter(row["mistake"] for row in rows if row.get("mistake"))
    count = Counter((row["exercise"], row["verdict"]) for row in rows)
    other = [row for row in rows if row["verdict"] in ("wrong", "error") and not row.get("mistake")]
    names = sorted({row["exercise"] for row in rows})
    tried = {name: sum(count[name, v] for v in ("right", "wrong", "error")) for name in names}
    hardest = [(name, count[name, "right"], tried[name]) for name in names]
    hardest = [one for one in hardest if one[1] < one[2]]
    return render(
        "class.html",
        title="Class summary",
        results=results,
        students=students,
        pages=pages,
        lessons=sorted({result["notebook"] for result in results}),
        nothing=[s for s, theirs in students.items() if not any(r["file"] for r in theirs)],
        mistakes=[
            (number, name.partition("/")[0], known.get(name, name))
            for name, number in sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
        ],
        hardest=sorted(hardest, key=lambda one: one[1] / one[2])[:3],
        exercises=names,
        count=count,
        other=Counter(row["exercise"] for row in other),
        rows_of=_rows,
    )


def render(template: str, **values: Any) -> str:
    """The text that a template makes of values, in which nothing is taken for HTML."""
    return _PAGES.get_template(template).render(values)


_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)
_PAGES.globals |= {"signs": SIGNS, "points": _points}
