"""The command `grade`: its options, and what it says at the end."""

import argparse
import os
import sys
from dataclasses import replace
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
    from course_tools.grade.cells import exercises_in, read_cells
    from course_tools.grade.collect import collect, normal
    from course_tools.grade.grade_class import grade_class
    from course_tools.grade.kernel import STOP, Limits
    from course_tools.grade.reports import merged, write_reports
    from course_tools.grade.rules import Marks, Roster, pseudonyms, read_marks, read_roster
    from course_utils.exercises import all_exercises

    course = {p.stem: read_cells(p.read_bytes())[0] for p in notebooks if exercises_in(p.stem)}
    lessons = []
    for number in options.lessons:
        fit = [name for name in course if number in (name, name[:2], name[:2].lstrip("0"))]
        if not fit:
            raise CourseError(f"There is no lesson {number!r}: choose one of {', '.join(course)}.")
        lessons += fit
    roster = read_roster(options.roster) if options.roster else Roster()
    marks = read_marks(options.points, list(all_exercises())) if options.points else Marks()
    found = collect(options.folder, course, options.student, roster.names)
    strangers = [student for student in found if roster.rows and student not in roster.rows]
    handed_in = {student: found.get(student, []) for student in [*roster.rows, *found]}
    folders = {student: entries[0].parts[0] for student, entries in handed_in.items() if entries}
    everybody = list(handed_in)
    if options.only:
        wanted = {roster.names.get(normal(name), name) for name in options.only}
        if unknown := sorted(wanted - handed_in.keys()):
            raise CourseError(f"Nothing is there of {', '.join(unknown)}: check the name.")
        handed_in = {student: handed_in[student] for student in sorted(wanted)}
    rows = roster.rows
    if options.pseudonyms:
        known = pseudonyms(options.pseudonyms, everybody)
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
    more = {"lessons": lessons, "scheduler": options.scheduler, "best": options.best}
    results = grade_class(handed_in, course, out / "done", limits, options.jobs, **more)
    for result in results:
        marks.give(result)
    everything = merged(results, out)
    page = write_reports(everything, out, rows, folders if options.zip else None)
    if len(everything) > len(results):
        print(f"{len(everything) - len(results)} results of earlier runs are kept in the reports.")
    if strangers:
        print(f"Not in the roster: {', '.join(strangers)}")
    fine = _say(results, page, options.strict)
    if STOP.is_set():
        print("Stopped: start it again to grade the rest.", file=sys.stderr)
        return 130
    return 0 if fine else 1


def _say(results: list[dict], page: Path, strict: bool) -> bool:
    """Say what came of a class; return whether all is as it should be."""
    rows = [row for result in results for row in result["exercises"]]
    right = sum(row["verdict"] == "right" for row in rows)
    students = {result["student"] for result in results}
    print(f"{len(students)} students, {right} of {len(rows)} answers right. Read {page}")
    held = [pair for result in results for pair in result["held"].items()]
    if lacking := sorted({name for name, there in held if not there}):
        print(f"This system does not let the grader limit {', '.join(lacking)}: see the guide.")
    fine = bool(rows) and (right == len(rows) or not strict)
    for result in results:
        lost = [f["text"] for f in result["findings"] if f["kind"] == "unreadable"]
        if "not_graded" in result:
            fine = False
            print(f"Not graded: {result['student']}, {result['file']}: {result['not_graded']}")
        elif lost and not result["file"]:
            fine = False
            print(f"Not read: {result['student']}: {'; '.join(lost)[:300]}")
    return fine
