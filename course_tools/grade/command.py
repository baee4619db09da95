"""The command `grade`: its options, and what it says at the end."""

import argparse
import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from course_models.errors import CourseError


def add_options(parser: argparse.ArgumentParser) -> None:
    """Give the parser of `grade` its options."""
    add = parser.add_argument
    add("folder", type=Path, help="the class's folder, or a zip file of it")
    add("--lessons", nargs="+", metavar="NN", default=[], help="what counts; default: all found")
    add("--roster", type=Path, metavar="CSV", help="who is in the class; see the guide")
    add("--points", type=Path, metavar="CSV", help="points and due dates; see the guide")
    add("--only", nargs="+", metavar="STUDENT", help="grade these anew, keep the others' results")
    add("--student", help="all of the folder is this student's")
    add("--best", action="store_true", help="of several copies the best counts, not the newest")
    add("--pseudonyms", type=Path, metavar="CSV", help="name nobody; this table says who is who")
    add("--zip", action="store_true", help="also write feedback.zip, to be handed back")
    add("--jobs", type=int, default=os.cpu_count() or 1, help="how many run at once")
    add("--timeout", type=float, default=30, help="seconds that one cell may take (default: 30)")
    add("--memory", type=float, default=4, help="gigabytes for one copy (default: 4)")
    add("--scheduler", help="run on a Dask cluster: its address, tcp://HOST:PORT")
    add("--strict", action="store_true", help="fail unless every answer is right (for CI)")


def run(options: argparse.Namespace, notebooks: list[Path]) -> int:
    """Grade a class.

    Returns:
        0; 1 if a student's work could not be read or graded or, with --strict, is not all right;
        130 if it was stopped, after which the reports say what is missing.
    """
    from filelock import FileLock, Timeout

    if options.jobs < 1 or options.timeout <= 0 or options.memory <= 0:
        raise CourseError("--jobs, --timeout and --memory need numbers above zero.")
    out = options.out / "grades"
    try:
        out.mkdir(parents=True, exist_ok=True)
        with FileLock(out / ".lock", timeout=0):
            return _grade(options, notebooks, out)
    except Timeout:
        raise CourseError(
            f"Another run writes into {out}: wait for it, or name another folder with --out."
        ) from None
    except KeyboardInterrupt:
        print("Stopped: start it again, what was graded is kept.", file=sys.stderr)
        return 130
    except OSError as error:
        raise CourseError(
            f"The reports cannot be written into {out} ({error.strerror or error}): make room or "
            "name another folder with --out, and start again; what was graded is kept."
        ) from None


def _grade(options: argparse.Namespace, notebooks: list[Path], out: Path) -> int:
    import nbformat

    from course_tools.grade.collect import Entry, collect, normal
    from course_tools.grade.grade_class import grade_class
    from course_tools.grade.kernel import STOP, Limits
    from course_tools.grade.reports import merged, write_reports
    from course_tools.grade.rules import Marks, Roster, pseudonyms, read_marks, read_roster
    from course_utils.exercises import all_exercises

    course = {path.stem: nbformat.read(path, as_version=4) for path in notebooks}
    course = {name: book for name, book in course.items() if _has_exercises(name)}
    lessons = []
    for number in options.lessons:
        fit = [name for name in course if number in (name, name[:2], name[:2].lstrip("0"))]
        if not fit:
            raise CourseError(f"There is no lesson {number!r}: choose one of {', '.join(course)}.")
        lessons += fit
    roster = read_roster(options.roster) if options.roster else Roster()
    marks = read_marks(options.points, list(all_exercises())) if options.points else Marks()
    handed_in: Mapping[str, list[Entry]] = collect(
        options.folder, course, options.student, roster.names
    )
    strangers = [student for student in handed_in if roster.rows and student not in roster.rows]
    handed_in = {student: [] for student in roster.rows} | handed_in
    if options.only:
        wanted = {roster.names.get(normal(name), name) for name in options.only}
        if unknown := sorted(wanted - handed_in.keys()):
            raise CourseError(f"Nothing is there of {', '.join(unknown)}: check the name.")
        handed_in = {student: handed_in[student] for student in sorted(wanted)}
    folders = {student: entries[0].parts[0] for student, entries in handed_in.items() if entries}
    rows = dict(roster.rows)
    if options.pseudonyms:
        known = pseudonyms(options.pseudonyms, handed_in)
        handed_in = {
            known[student]: [
                replace(entry, parts=(known[student], f"{number}{Path(entry.parts[-1]).suffix}"))
                for number, entry in enumerate(entries, start=1)
            ]
            for student, entries in handed_in.items()
        }
        folders = {known[student]: folder for student, folder in folders.items()}
        strangers, rows = [known[student] for student in strangers], {}
    limits = Limits(cell=options.timeout, memory=int(options.memory * (1 << 30)))
    results = grade_class(
        handed_in,
        course,
        out / "done",
        limits,
        options.jobs,
        lessons=lessons,
        scheduler=options.scheduler,
        best=options.best,
    )
    for result in results:
        when = result["time"] and datetime.fromisoformat(result["time"]).timestamp()
        marks.give(result, when or 0)
    everything = merged(results, out)
    page = write_reports(everything, out, rows, folders if options.zip else None)
    return _say(results, len(everything), page, strangers, options.strict, STOP.is_set())


def _has_exercises(name: str) -> bool:
    from course_tools.grade.cells import exercises_in

    return bool(exercises_in(name))


def _say(
    results: list[dict],
    all_kept: int,
    page: Path,
    strangers: list[str],
    strict: bool,
    stopped: bool,
) -> int:
    rows = [row for result in results for row in result["exercises"]]
    right = sum(row["verdict"] == "right" for row in rows)
    students = {result["student"] for result in results}
    print(f"{len(students)} students, {right} of {len(rows)} answers right. Read {page}")
    if all_kept > len(results):
        print(f"{all_kept - len(results)} results of earlier runs are kept in the reports.")
    if strangers:
        print(f"Not in the roster: {', '.join(strangers)}")
    held = [result["held"] for result in results]
    if lacking := sorted({name for one in held for name, there in one.items() if not there}):
        print(f"This system does not let the grader limit {', '.join(lacking)}: see the guide.")
    bad = [result for result in results if "not_graded" in result]
    for result in bad:
        print(f"Not graded: {result['student']}, {result['file']}: {result['not_graded']}")
    for result in results:
        lost = [f["text"] for f in result["findings"] if f["kind"] == "unreadable"]
        if lost and not result["file"]:
            bad.append(result)
            print(f"Not read: {result['student']}: {'; '.join(lost)[:300]}")
    if stopped:
        print("Stopped: start it again to grade the rest.", file=sys.stderr)
        return 130
    return int(bool(bad) or (strict and right < len(rows)) or not rows)
