"""Write what grading found: tables for programs, pages for students and for the instructor.

The same results give the same files, byte for byte. Seconds differ between runs, so they stand in
the tables (results.csv, results.json, junit.xml) and in none of the pages.
"""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from xml.etree import ElementTree

from course_tools.grade.grade_class import write_atomically
from course_utils.exercises import all_exercises

COLUMNS = ("student", "notebook", "file", "exercise", "verdict", "points", "seconds", "error")
SIGNS = {"right": "✓", "wrong": "✗", "not attempted": "○", "error": "!", "not graded": "?"}
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<style>body{{font:16px/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}}
table{{border-collapse:collapse}}th,td{{padding:.2rem .7rem;text-align:left;vertical-align:top;
border:1px solid color-mix(in srgb,currentColor 35%,transparent)}}td.n{{text-align:right}}
section{{border-left:4px solid currentColor;padding:.1rem 1rem;margin:1rem 0}}
pre{{overflow-x:auto;white-space:pre-wrap}}</style></head>
<body><h1>{title}</h1>
{body}</body></html>
"""


def write_reports(results: Sequence[dict], out: Path) -> Path:
    """Write all reports of a class into a folder; return the class's page.

    Args:
        results: see `grading.grade`, in the order of the reports.
        out: gets results.csv, results.json, junit.xml, class.html and students/NAME.html.
    """
    students = out / "students"
    students.mkdir(parents=True, exist_ok=True)
    by_student: dict[str, list[dict]] = {}
    for result in results:
        by_student.setdefault(result["student"], []).append(result)
    pages = dict(zip(by_student, _file_names(by_student)))
    for old in set(students.glob("*.html")) - {students / name for name in pages.values()}:
        old.unlink()
    for student, theirs in by_student.items():
        write_atomically(students / pages[student], _student_page(student, theirs))
    write_atomically(out / "results.json", json.dumps(results, indent=1, ensure_ascii=False) + "\n")
    write_atomically(out / "results.csv", _csv(results))
    write_atomically(out / "junit.xml", _junit(results))
    write_atomically(out / "class.html", _class_page(by_student, pages))
    return out / "class.html"


def _rows(results: Iterable[dict]) -> list[dict]:
    """One row per exercise; a file without any has one row that says why."""
    rows = []
    for result in results:
        common = {name: result[name] or "" for name in ("student", "notebook", "file")}
        empty = {"exercise": "", "points": 0, "seconds": 0, "mistake": None}
        for exercise in result["exercises"]:
            rows.append(common | exercise)
        if not result["exercises"]:
            reason = result.get("not_graded") or "; ".join(f["text"] for f in result["findings"])
            verdict = "not graded" if "not_graded" in result else "error"
            rows.append(common | empty | {"verdict": verdict, "error": reason, "message": reason})
    return rows


def _csv(results: Sequence[dict]) -> str:
    text = io.StringIO()
    table = csv.DictWriter(text, COLUMNS, extrasaction="ignore", lineterminator="\n")
    table.writeheader()
    for row in _rows(results):
        table.writerow({name: _harmless(value) for name, value in row.items()})
    return text.getvalue()


def _harmless(value: object) -> object:
    """Text that a spreadsheet does not take for a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@") else value


def _junit(results: Sequence[dict]) -> str:
    root = ElementTree.Element("testsuites")
    for result in results:
        rows = _rows([result])
        count = Counter(row["verdict"] for row in rows)
        suite = ElementTree.SubElement(
            root,
            "testsuite",
            name=_printable(result["file"]),
            tests=str(len(rows)),
            failures=str(count["wrong"]),
            errors=str(count["error"] + count["not graded"]),
            skipped=str(count["not attempted"]),
            time=f"{sum(row['seconds'] for row in rows):.2f}",
        )
        for row in rows:
            case = ElementTree.SubElement(
                suite,
                "testcase",
                classname=_printable(f"{row['student']}.{row['notebook']}"),
                name=_printable(row["exercise"] or row["file"]),
                time=f"{row['seconds']:.2f}",
            )
            kind = {"wrong": "failure", "not attempted": "skipped", "right": None}
            if tag := kind.get(row["verdict"], "error"):
                lead = row["message"].splitlines()[:1] or [row["verdict"]]
                ElementTree.SubElement(case, tag, message=_printable(lead[0])).text = _printable(
                    row["message"]
                )
    ElementTree.indent(root, " ")
    return ElementTree.tostring(root, encoding="unicode") + "\n"


def _printable(text: str) -> str:
    """Without the characters that XML does not have."""
    return re.sub(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "?", text)


def _file_names(students: Iterable[str]) -> list[str]:
    names: list[str] = []
    for student in students:
        plain = re.sub(r"[^\w.-]+", "_", student).strip(".") or "student"
        number = sum(name.lower().startswith(f"{plain}.".lower()) for name in names)
        names.append(f"{plain}.{number}.html" if number else f"{plain}.html")
    return names


def _points(rows: Sequence[dict]) -> str:
    return f"{sum(row['points'] for row in rows)} of {len([r for r in rows if r['exercise']])}"


def _findings(results: Iterable[dict]) -> list[str]:
    return [
        f"{finding['exercise'] or 'file'}: {finding['text']}"
        for result in results
        for finding in result["findings"]
    ]


def _list(lines: Iterable[str]) -> str:
    items = "".join(f"<li>{escape(line)}</li>\n" for line in lines)
    return f"<ul>\n{items}</ul>\n" if items else "<p>None.</p>\n"


def _student_page(student: str, results: Sequence[dict]) -> str:
    parts = [f"<p>{_points(_rows(results))} points.</p>\n"]
    for result in results:
        rows = _rows([result])
        parts.append(f"<h2>{escape(result['notebook'] or result['file'])}</h2>\n")
        parts.append(f"<p>{escape(result['file'])}: {_points(rows)} points.</p>\n")
        for row in rows:
            head = f"{SIGNS[row['verdict']]} {row['exercise']} {row['verdict']}"
            body = "".join(f"<p>{escape(line)}</p>\n" for line in row["message"].splitlines())
            parts.append(f"<section><h3>{escape(head)}</h3>\n{body}</section>\n")
        if result["findings"] and result["exercises"]:
            parts.append(f"<h3>Noticed while grading</h3>\n{_list(_findings([result]))}")
    return PAGE.format(title=escape(student), body="".join(parts))


def _table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """An HTML table; a cell that begins with `<` is HTML already."""
    lines = ["<table><thead><tr>" + "".join(f"<th>{head}</th>" for head in heads) + "</tr></thead>"]
    for row in rows:
        cells = [
            f'<td class="n">{cell}</td>'
            if isinstance(cell, int)
            else f"<td>{cell if str(cell).startswith('<a ') else escape(str(cell))}</td>"
            for cell in row
        ]
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return "\n".join(lines) + "\n</table>\n"


def _class_page(by_student: Mapping[str, Sequence[dict]], pages: Mapping[str, str]) -> str:
    results = [result for theirs in by_student.values() for result in theirs]
    rows = _rows(results)
    graded = [row for row in rows if row["exercise"]]
    mistakes = Counter(row["mistake"] for row in graded if row["mistake"])
    known = all_exercises()
    ranked = [
        (count, name.partition("/")[0], _mistake(known, name))
        for name, count in sorted(mistakes.items(), key=lambda pair: (-pair[1], pair[0]))
    ]
    other = Counter(
        row["exercise"]
        for row in graded
        if row["verdict"] in ("wrong", "error") and not row["mistake"]
    )
    states = ("right", "wrong", "error", "not attempted")
    table = Counter((row["exercise"], row["verdict"]) for row in graded)
    exercises = [
        (name, *(table[name, state] for state in states), other[name])
        for name in sorted({row["exercise"] for row in graded})
    ]
    noticed = [
        f"{student}, {line}" for student, theirs in by_student.items() for line in _findings(theirs)
    ]
    missing = [f"{r['file']}: {r['not_graded']}" for r in results if "not_graded" in r]
    people = [
        (
            f'<a href="students/{escape(pages[student])}">{escape(student)}</a>',
            len(theirs),
            _points(_rows(theirs)),
        )
        for student, theirs in by_student.items()
    ]
    body = [
        f"<p>{len(by_student)} students, {len(results)} notebooks.</p>\n",
        "<h2>Misconceptions, the most frequent first</h2>\n",
        _table(("answers", "exercise", "what it shows"), ranked) if ranked else "<p>None.</p>\n",
        "<h2>Exercises</h2>\n",
        _table(("exercise", *states, "of them not in the catalogue"), exercises),
        "<h2>Noticed while grading</h2>\n" + _list(noticed),
        *(["<h2>Not graded</h2>\n" + _list(missing)] if missing else []),
        "<h2>Students</h2>\n",
        _table(("student", "notebooks", "points"), people),
    ]
    return PAGE.format(title="Class summary", body="".join(body))


def _mistake(known: Mapping, name: str) -> str:
    exercise, _, mistake = name.partition("/")
    return next(m.message for m in known[exercise].mistakes if m.name == mistake)
