"""The command line: run notebooks, build the book, hand out the exercises, grade a class."""

import argparse
import errno
import os
import subprocess
import sys
import tempfile
from ast import literal_eval
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from course_models.errors import CourseError
from course_tools.grade.command import add_options as add_grade_options

NOTEBOOKS = Path("notebooks")
TIMEOUT = 120.0
NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
NOT_OURS = (errno.EACCES, errno.EPERM, errno.EROFS, errno.EEXIST, errno.ENOTDIR)
NOWHERE = "none"  # as the repository of `badges`


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status is non-zero if anything failed."""
    parser = argparse.ArgumentParser(prog="python -m course_tools", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)

    start = commands.add_parser("start", help="write the notebooks into a folder of yours")
    start.set_defaults(function=_start)
    start.add_argument("folder", type=Path, help="made if it is not there; no file is replaced")

    lab = commands.add_parser(
        "lab", help="open the course in JupyterLab, with its own options, such as --ip=0.0.0.0"
    )
    lab.set_defaults(function=_lab)

    course = commands.add_parser("course", help="run all notebooks and make the book of them")
    course.set_defaults(function=_course, notebooks=[], parameter=[])

    run = commands.add_parser("run", help="execute notebooks headless")
    run.set_defaults(function=_run)
    run.add_argument("notebooks", nargs="*", type=Path, help="default: all of notebooks/")
    for command in (course, run):
        command.add_argument(
            "--jobs", type=int, default=min(os.cpu_count() or 1, 4), help="how many run at once"
        )
        command.add_argument(
            "--timeout", type=float, default=TIMEOUT, help="seconds that one cell may take"
        )
        command.add_argument(
            "--cold",
            action="store_true",
            help="let each kernel import everything itself: slower, but it tests the imports too",
        )
    run.add_argument(
        "-p",
        "--parameter",
        nargs=2,
        action="append",
        default=[],
        metavar=("NAME", "VALUE"),
        help="a value for the cell tagged `parameters`; may be repeated",
    )

    book = commands.add_parser("book", help="make the HTML book from the executed notebooks")
    book.set_defaults(function=_book)

    handout = commands.add_parser("handout", help="write the exercises into the notebooks")
    handout.set_defaults(function=_handout)

    translate = commands.add_parser(
        "translate", help="bring the catalogues and the Chinese edition up to date"
    )
    translate.set_defaults(function=_translate)

    upload = commands.add_parser("upload", help="make notebooks that stand alone (Colab, Kaggle)")
    upload.set_defaults(function=_upload)

    originals = commands.add_parser("originals", help="compare the registry with the hub")
    originals.set_defaults(function=_originals)

    badges = commands.add_parser(
        "badges", help="link the notebooks to their stand-alone copies on Colab and Kaggle"
    )
    badges.set_defaults(function=_badges)
    badges.add_argument(
        "repository", nargs="?", help=f"owner/name on GitHub; {NOWHERE} takes the links out"
    )
    badges.add_argument("--branch", default="main", help="default: main")
    badges.add_argument("--folder", default="colab", help="for the copies; default: colab")

    grade = commands.add_parser("grade", help="grade a class's notebooks")
    grade.set_defaults(function=_grade)
    add_grade_options(grade)

    answers = commands.add_parser("answers", help="write the answer key with the misconceptions")
    answers.set_defaults(function=_answers)

    for command in (course, run, book, upload, grade, answers):
        command.add_argument("--out", type=Path, default=Path("build"), help="default: build/")
    options, options.others = parser.parse_known_args(arguments)
    if options.others and options.function is not _lab:
        parser.error(f"unrecognized arguments: {' '.join(options.others)}")
    try:
        return options.function(options)
    except CourseError as error:
        parser.exit(2, f"{error}\n")
    except OSError as error:
        if not (sentence := _about_the_disk(error)):
            raise
        parser.exit(2, f"{sentence}\n")


def _about_the_disk(error: OSError) -> str | None:
    """What to do where nothing can be written; None if that is not what is the matter."""
    place = error.filename or "the disk"
    if error.errno in NO_ROOM:
        return f"There is no room left for {place}: free some, or choose another disk with --out."
    if error.errno in NOT_OURS:
        return f"{place} cannot be written: choose a folder of yours with --out."
    try:
        tempfile.gettempdir()
    except FileNotFoundError:
        return "No temporary folder can be written: free some room, or set TMPDIR to another one."
    return None


def _start(options: argparse.Namespace) -> int:
    from course_tools.publish.lessons_folder import write_lessons

    written, kept = write_lessons(options.folder / NOTEBOOKS)
    print(f"{len(written)} notebooks written to {options.folder / NOTEBOOKS}.")
    for path in kept:
        print(f"{path} is there already and stays as it is.")
    print(f"Change into {options.folder} and say `python -m course_tools lab`.")
    return 0


def _lab(options: argparse.Namespace) -> int:
    command = [sys.executable, "-m", "jupyter", "lab", str(_all_notebooks()[0])]
    if getattr(os, "geteuid", lambda: 1)() == 0:
        # In a container there is often nobody else, and JupyterLab would refuse to start.
        print("You are root: whoever opens this JupyterLab may change anything on this machine.")
        command.append("--allow-root")
    try:
        return subprocess.run([*command, *options.others]).returncode
    except KeyboardInterrupt:  # the usual way to stop it, which it has seen itself
        return 0


def _course(options: argparse.Namespace) -> int:
    # A failing notebook keeps neither the others from running nor the book from being made.
    failed = _run(options)
    return _book(options) or failed


def _run(options: argparse.Namespace) -> int:
    from course_tools.run.warm import warm_kernels

    notebooks = options.notebooks or _all_notebooks()
    # A single kernel is as quick to import what it needs itself.
    cold = options.cold or len(notebooks) == 1
    with nullcontext() if cold else warm_kernels() as kernels:
        # In here, since it takes a while, and the kernels' server has much to import meanwhile.
        from course_tools.run.running import failure_report, run_notebooks

        runs = run_notebooks(
            notebooks,
            options.out / "executed",
            options.jobs,
            options.timeout,
            {name: _value(text) for name, text in options.parameter},
        )
        for line in kernels.cold_starts() if kernels else ():
            print(line, file=sys.stderr)
    failed = [run for run in runs if run.failure]
    again = [word for pair in options.parameter for word in ("-p", *pair)]
    if options.timeout != TIMEOUT:
        again += ["--timeout", f"{options.timeout:g}"]
    for run in failed:
        print("\n" + failure_report(run, again))
    if failed:
        print(f"\n{len(failed)} of {len(runs)} notebooks failed.")
    return min(len(failed), 1)


def _book(options: argparse.Namespace) -> int:
    from course_tools.publish.book import build_book

    page = build_book(options.out / "executed", options.out)
    print(f"Open {page} in a browser, or say `python -m course_tools lab` to work in JupyterLab.")
    return 0


def _handout(options: argparse.Namespace) -> int:
    from course_tools.publish.handout import hand_out_all

    changed = hand_out_all(NOTEBOOKS)
    print("\n".join(map(str, changed)) or "The notebooks have the exercises as they are.")
    return 0


def _translate(options: argparse.Namespace) -> int:
    try:
        from course_tools.translate.edition import write_edition
    except ModuleNotFoundError as error:
        raise CourseError(f"Translating needs {error.name}: pip install {error.name}.") from None

    print("\n".join(write_edition()) or "The Chinese edition is as its catalogues say.")
    return 0


def _upload(options: argparse.Namespace) -> int:
    from course_tools.publish.upload import write_uploads

    for path in write_uploads(_all_notebooks(), options.out / "upload"):
        print(f"{path}  {path.stat().st_size / 1e6:.2f} MB")
    return 0


def _badges(options: argparse.Namespace) -> int:
    from course_tools.publish.badges import stamp_all
    from course_tools.publish.upload import write_notebooks

    if not options.repository:
        raise CourseError(
            "Say where the links lead: `make badges REPO=owner/name`, as in your fork's address; "
            f"REPO={NOWHERE} takes them out."
        )
    repository = "" if options.repository == NOWHERE else options.repository
    changed = stamp_all(_all_notebooks(), repository, options.branch, options.folder)
    if repository:
        changed += write_notebooks(_all_notebooks(), Path(options.folder))
    print("\n".join(map(str, changed)) or "The notebooks have no links to take out.")
    return 0


def _originals(options: argparse.Namespace) -> int:
    from course_tools.publish.originals import compare_originals

    return 0 if compare_originals() else 1


def _grade(options: argparse.Namespace) -> int:
    from course_tools.grade.command import run

    return run(options, _all_notebooks())


def _answers(options: argparse.Namespace) -> int:
    from course_tools.publish.answer_key import answer_key

    page = options.out / "answers.html"
    options.out.mkdir(parents=True, exist_ok=True)
    page.write_text(answer_key(), encoding="utf-8")
    print(f"Open {page} in a browser.")
    return 0


def _all_notebooks() -> list[Path]:
    found = sorted(NOTEBOOKS.glob("[0-9]*.ipynb"))
    if not found:
        raise CourseError(
            "There is no folder `notebooks` here: change into the course's folder, or name files."
        )
    return found


def _value(text: str) -> Any:
    """A number, a list … if the text reads like one in Python, else the text itself."""
    try:
        return literal_eval(text)
    except (ValueError, SyntaxError):
        return text
