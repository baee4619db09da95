"""What an instructor says about a class in tables: who is in it, what counts, what is due."""

import csv
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from course_models.errors import CourseError
from course_tools.grade.collect import normal
from course_tools.grade.plain import legible

POINTS = 1  # of each exercise, where nothing else is said
IDS = """student, id, username, user name, login, sis login id, identifier, github, id number,
email, email address, e-mail""".replace("\n", " ").split(", ")


@dataclass(frozen=True)
class Roster:
    """Who is in the class.

    Attributes:
        names: what a student may be called in a path → their id, as in the reports.
        rows: id → the roster's own row, in its order.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    rows: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Marks:
    """Points of exercises, and when lessons were due (seconds since 1970)."""

    points: Mapping[str, float] = field(default_factory=dict)
    due: Mapping[str, float] = field(default_factory=dict)

    def give(self, result: dict) -> None:
        """Add ``points`` and ``possible`` to a result's exercises, and ``late``."""
        for row in result["exercises"]:
            name = row["exercise"]
            row["possible"] = self.points.get(name, self.points.get(name[:2], POINTS))
            row["points"] = row["possible"] if row["verdict"] == "right" else 0
        due, when = self.due.get(result["notebook"][:2]), result["time"]
        result["late"] = bool(due and when and datetime.fromisoformat(when).timestamp() > due)


def read_roster(path: Path) -> Roster:
    """A table with a heading; the id is its column called student, id, username …, or the first.

    Raises:
        CourseError: it cannot be read, or an id is missing or there twice.
    """
    names: dict[str, set[str]] = {}
    rows: dict[str, Mapping[str, str]] = {}
    for number, row in enumerate(_table(path), start=2):
        plain = {head.casefold(): cell for head, cell in row.items()}
        key = next((plain[name] for name in IDS if name in plain), next(iter(row.values())))
        if not key or key in rows:
            raise CourseError(f"{path}, line {number}: each student needs an id of their own.")
        rows[key] = row
        first, last = (
            next((plain[name] for name in heads if name in plain), "")
            for heads in (
                ("first name", "given name", "vorname"),
                ("last name", "surname", "nachname"),
            )
        )
        for cell in [*row.values(), f"{first} {last}" if first and last else ""]:
            words = normal(cell)
            also = [words.partition("@")[0]] if "@" in words else []
            also += ["".join(words.split()), " ".join(sorted(words.split()))]
            for name in {words, *also} - {""}:
                names.setdefault(name, set()).add(key)
    # What fits several students, such as a section, names none.
    return Roster({name: min(keys) for name, keys in names.items() if len(keys) == 1}, rows)


def read_marks(path: Path, exercises: Iterable[str]) -> Marks:
    """A table with the columns exercise (an id, or a lesson's number), points and due.

    Raises:
        CourseError: it cannot be read; the message names the line.
    """
    known = {*exercises, *(name[:2] for name in exercises)}
    points, due = {}, {}
    for number, row in enumerate(_table(path), start=2):
        row = {head.casefold(): cell for head, cell in row.items()}
        name = row.get("exercise", "")
        name = name.zfill(2) if name.isdigit() else name
        try:
            if name not in known:
                raise ValueError(f"{name!r} is neither an exercise nor a lesson's number")
            if row.get("points"):
                points[name] = float(row["points"])
            if when := row.get("due"):
                end = when if len(when) > 10 else f"{when} 23:59:59"
                due[name[:2]] = datetime.fromisoformat(end).timestamp()
        except ValueError as error:
            raise CourseError(f"{path}, line {number}: {error}.") from None
    return Marks(points, due)


def pseudonyms(path: Path, students: Iterable[str]) -> dict[str, str]:
    """Student → pseudonym from a table, to which those that are not in it yet are added."""
    table = _table(path) if path.exists() else []
    if any({"student", "pseudonym"} - row.keys() for row in table):
        raise CourseError(f"{path} is no table of pseudonyms: name a new file for them.")
    known = {row["student"]: row["pseudonym"] for row in table}
    new = [student for student in students if student not in known]
    known |= {student: f"student-{secrets.token_hex(3)}" for student in new}
    if new:
        with open(path, "w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([("student", "pseudonym"), *known.items()])
    return known


def _table(path: Path) -> list[dict[str, str]]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
        rows = csv.DictReader(lines, delimiter=max(",;\t", key="".join(lines[:1]).count))
        return [
            {legible(k).strip(): legible(v or "").strip() for k, v in row.items() if k is not None}
            for row in rows
        ]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CourseError(f"{path} cannot be read as a table (UTF-8, CSV): {error}.") from None
