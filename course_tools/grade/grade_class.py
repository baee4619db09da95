"""Grade a whole class: several copies at once, here or on a Dask cluster, and resumable."""

import atexit
import hashlib
import json
import os
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from tempfile import NamedTemporaryFile

from nbformat import NotebookNode
from tqdm import tqdm

from course_models.errors import CourseError
from course_tools.grade import kernel
from course_tools.grade.cases import Cases
from course_tools.grade.cells import (
    Answers,
    Finding,
    Step,
    exercises_in,
    find_answers,
    lesson_of,
    read_cells,
)
from course_tools.grade.collect import Entry
from course_tools.grade.grading import Trial, judge, run_answers
from course_tools.grade.kernel import Limits, NotGraded, graded_kernels, sweep

MAYBE = re.compile(r"\.(ipynb.*|json|txt|py)$|^[^.]+$", re.I)  # may hold a notebook, renamed
CONNECT = 10  # seconds for a Dask scheduler to answer
Engine = Callable[[Sequence["Job"]], Iterator[tuple["Job", dict]]]


@dataclass(frozen=True)
class Job:
    """All that a worker needs; it has the course installed, but none of the grader's files."""

    student: str
    file: str
    steps: dict[str, list[Step]]
    limits: Limits
    grader: str

    @property
    def key(self) -> str:
        """The same for the same file, answers, limits and grader; names the stored trials."""
        everything = json.dumps(asdict(self), sort_keys=True)
        return hashlib.sha256(everything.encode()).hexdigest()[:24]


@dataclass
class Copy:
    """One student's copy of one lesson; `trials` come later."""

    entry: Entry
    answers: Answers
    trials: dict[str, Trial] = field(default_factory=dict)
    not_graded: str = ""
    held: dict[str, bool] = field(default_factory=dict)

    @property
    def age(self) -> tuple:
        """Sorts the copies of a lesson: one without any answer is never better than another."""
        done = len(self.answers.steps)
        return done > 0, self.entry.time // 2, done, self.entry.path


def grade_class(
    handed_in: Mapping[str, Sequence[Entry]],
    course: Mapping[str, NotebookNode],
    done: Path,
    limits: Limits,
    jobs: int,
    *,
    lessons: Sequence[str] = (),
    scheduler: str | None = None,
    best: bool = False,
) -> list[dict]:
    """Grade every student's copy of every lesson; what was graded before is not run again.

    Args:
        handed_in: student → what there is of theirs, see `collect`.
        course: name → the grader's copy of each notebook.
        done: folder for one JSON file per copy that was run.
        limits: what one copy may use.
        jobs: how many run at once on this machine.
        lessons: names of the notebooks that count; none: those of which anybody has a copy.
        scheduler: address of a Dask scheduler, whose workers then do the work.
        best: of several copies of a lesson the one with the most right answers counts, not the
            newest.

    Returns:
        One result for each student and lesson, in that order: student, notebook, file (of the copy
        that counts, or ""), time (ISO, or ""), copies (the files that do not count), findings
        (kind, text, exercise), exercises (see `grading.judge`, and the answer's code), held (the
        sandbox's protections) and, where the grader's own side failed, not_graded.
    """
    done.mkdir(parents=True, exist_ok=True)
    copies: dict[tuple[str, str], list[Copy]] = {}
    problems: dict[str, list[Finding]] = {}
    for student, entries in handed_in.items():
        problems[student] = []
        for copy in _read(entries, course, problems[student]):
            copies.setdefault((student, copy.answers.lesson), []).append(copy)
    lessons = lessons or sorted({lesson for _, lesson in copies}) or [""]
    work: dict[str, tuple[Job, Copy]] = {}
    chosen: dict[tuple[str, str], list[Copy]] = {}
    for key in ((student, lesson) for student in handed_in for lesson in lessons):
        found = sorted(copies.get(key, ()), key=lambda copy: copy.age, reverse=True)
        chosen[key] = found
        for copy in found if best else found[:1]:
            job = Job(key[0], copy.entry.path, copy.answers.steps, limits, grader_version())
            if copy.answers.steps and not _fetch(done / f"{job.key}.json", copy):
                work[job.key] = job, copy
    _run(work, done, jobs, scheduler)
    return [
        _result(student, lesson, found, problems[student], best, lessons)
        for (student, lesson), found in chosen.items()
    ]


def _read(
    entries: Sequence[Entry], course: Mapping[str, NotebookNode], problems: list[Finding]
) -> Iterator[Copy]:
    """The legible copies of lessons among a student's files; the others become problems."""
    minor = []
    for entry in entries:
        named = ".ipynb" in entry.parts[-1].lower() if entry.parts else False
        try:
            if entry.problem:
                raise ValueError(entry.problem)
            data = entry.read() if MAYBE.search(entry.parts[-1]) else b""
            if not named and b'"cells"' not in data and b'"worksheets"' not in data:
                raise ValueError("it is not a notebook")
            cells, remarks = read_cells(data)
            lesson = lesson_of(cells, course)
            if lesson is None:
                raise ValueError("it has none of the course's exercises")
            answers = find_answers(cells, lesson, course[lesson])
            answers.findings[:0] = remarks
            yield Copy(entry, answers)
        except Exception as error:  # one file must not stop the class, whatever is in it
            words = (
                str(error) if isinstance(error, ValueError) else f"it cannot be read ({error!r})"
            )
            place = minor if not named and not entry.problem else problems
            place.append(Finding("unreadable", f"{entry.path}: {words[:200]}"))
    if not problems and len(minor) == len(entries):
        problems += minor[:20]


def _fetch(path: Path, copy: Copy) -> bool:
    try:
        _take(copy, json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, KeyError):
        return False
    return True


def _take(copy: Copy, said: dict) -> None:
    copy.not_graded, copy.held = said.get("not_graded", ""), said.get("held", {})
    for name, trial in said.get("trials", {}).items():
        found = [Finding(**finding) for finding in trial["findings"]]
        copy.trials[name] = Trial(**trial | {"findings": found})


def _run(
    work: Mapping[str, tuple[Job, Copy]], done: Path, jobs: int, scheduler: str | None
) -> None:
    if not work:
        return
    bar = tqdm(total=len(work), unit="copy", disable=None)
    with _on_cluster(scheduler) if scheduler else _on_this_machine(jobs) as run, bar:
        try:
            for job, said in run([job for job, _ in work.values()]):
                _take(work[job.key][1], said)
                died = any(
                    f["kind"] == "died" for t in said["trials"].values() for f in t["findings"]
                )
                if not said["not_graded"] and not died:
                    write_atomically(done / f"{job.key}.json", json.dumps(said))
                bar.update()
        except KeyboardInterrupt:
            kernel.STOP.set()
    for _, copy in work.values():
        if not copy.trials and not copy.not_graded:
            copy.not_graded = "the run was stopped before it"


def _result(
    student: str,
    lesson: str,
    copies: Sequence[Copy],
    problems: Sequence[Finding],
    best: bool,
    lessons: Sequence[str],
) -> dict:
    rows = (
        [_rows(lesson, copy) for copy in copies] if best else [_rows(lesson, c) for c in copies[:1]]
    )
    right = [sum(row["verdict"] == "right" for row in found) for found in rows]
    number = right.index(max(right)) if right else None
    copy = copies[number] if number is not None else None
    others = [one.entry.path for one in copies if one is not copy]
    findings = list(copy.answers.findings) if copy else []
    if copy is None or lesson == lessons[0]:
        findings += problems
    if others:
        kept = "the one with the most right answers" if best else "the newest with answers"
        findings.append(
            Finding("copies", f"{len(copies)} copies; {kept} counts, {copy.entry.path}")
        )
    for trial in copy.trials.values() if copy else ():
        findings += trial.findings
    when = copy.entry.time if copy else 0
    result = {
        "student": student,
        "notebook": lesson,
        "file": copy.entry.path if copy else "",
        "time": datetime.fromtimestamp(when).isoformat(timespec="seconds") if when else "",
        "copies": others,
        "findings": [asdict(finding) for finding in dict.fromkeys(findings)],
        "exercises": rows[number] if copy else _rows(lesson, None),
        "held": copy.held if copy else {},
    }
    if copy and copy.not_graded:
        result["not_graded"] = copy.not_graded
    return result


def _rows(lesson: str, copy: Copy | None) -> list[dict]:
    """A row for every exercise of a lesson, whatever there is of it."""
    rows = []
    for exercise in exercises_in(lesson):
        row = {"exercise": exercise.id, "error": "", "mistake": None, "seconds": 0.0}
        settled = copy.answers.settled.get(exercise.id) if copy else "missing"
        if settled == "blank":
            row |= {"verdict": "not attempted", "message": "Nothing was done here yet."}
        elif settled:
            row |= {"verdict": "missing", "message": "There is no answer to this exercise."}
        elif exercise.id in copy.trials:
            row = judge(exercise, copy.trials[exercise.id])
        else:
            row |= {"verdict": "not graded", "message": copy.not_graded}
        rows.append(row | {"code": copy.answers.code.get(exercise.id, "") if copy else ""})
    return rows


def run_job(job: Job, cases: Cases) -> dict:
    """Run one copy's answers; the grader's own failures become a result that says so."""
    said: dict = {"trials": {}, "held": {}, "not_graded": ""}
    try:
        if job.grader != grader_version():
            raise NotGraded("this machine has another version of the course or of its libraries")
        trials, said["held"] = run_answers(job.steps, job.limits, cases)
        said["trials"] = {name: asdict(trial) for name, trial in trials.items()}
    except Exception as error:  # one copy must not stop the class
        said["not_graded"] = str(error) if isinstance(error, NotGraded) else repr(error)
    return said


@contextmanager
def _on_this_machine(jobs: int) -> Iterator[Engine]:
    """An engine: jobs in, (job, what came of it) out in the order in which they are ready."""
    pool = ThreadPoolExecutor(jobs)

    def run(work: Sequence[Job]) -> Iterator[tuple[Job, dict]]:
        for exercise in sorted({name for job in work for name in job.steps}):
            cases.write(exercise)  # here, so that nothing random is made while references run
        waiting = {pool.submit(run_job, job, cases): job for job in work}
        for future in as_completed(waiting):
            yield waiting[future], future.result()

    kernel.STOP.clear()
    sweep()
    with Cases() as cases, graded_kernels():
        try:
            yield run
        finally:
            pool.shutdown(cancel_futures=True)


@contextmanager
def _on_cluster(scheduler: str) -> Iterator[Engine]:
    """An engine of the workers of a Dask cluster; a lost worker's jobs go to the others."""
    try:
        from distributed import Client, as_completed
    except ImportError:
        raise CourseError(
            "--scheduler needs Dask: run `pip install distributed` here and on the workers."
        ) from None
    try:
        client = Client(scheduler, timeout=CONNECT, set_as_default=False)
    except (OSError, ValueError) as error:
        raise CourseError(f"No Dask scheduler answers at {scheduler} ({error}).") from None

    # Inner functions and plain arguments go as they are: the scheduler needs no course.
    def version_there() -> str:
        from course_tools.grade.grade_class import grader_version

        return grader_version()

    def run_there(job: str) -> dict:
        from course_tools.grade.grade_class import run_on_worker

        return run_on_worker(job)

    def run(work: Sequence[Job]) -> Iterator[tuple[Job, dict]]:
        told = client.run(version_there, on_error="return")
        fit = [worker for worker, found in told.items() if found == grader_version()]
        if not fit:
            raise CourseError(
                f"None of the {len(told)} workers at {scheduler} has this version of the course "
                "and of its libraries: install it there, and start them again."
            )
        waiting = {
            client.submit(run_there, json.dumps(asdict(job)), pure=False, workers=fit): job
            for job in work
        }
        for future in as_completed(list(waiting), loop=client.loop):
            job, said = waiting.pop(future), {"trials": {}, "held": {}}
            try:
                yield job, future.result()
            except Exception as error:  # whatever stops a job there, the copy stays to be graded
                yield job, said | {"not_graded": f"the cluster lost it ({error})"[:200]}

    with client:
        yield run


def run_on_worker(text: str) -> dict:
    """On a Dask worker: run the job that a text describes."""
    given = json.loads(text)
    steps = {name: [Step(**step) for step in found] for name, found in given["steps"].items()}
    return run_job(Job(**given | {"steps": steps, "limits": Limits(**given["limits"])}), _worker())


@cache
def _worker_parts() -> tuple[Cases, ExitStack]:
    stack = ExitStack()
    cases = stack.enter_context(Cases())
    stack.enter_context(graded_kernels())
    atexit.register(stack.close)
    return cases, stack


def _worker() -> Cases:
    """The inputs and the warm kernels of this worker process, for as long as it lives."""
    with _once:
        return _worker_parts()[0]


_once = threading.Lock()


@cache
def grader_version() -> str:
    """A digest of what decides about a verdict: the course's code, the libraries' versions."""
    digest = hashlib.sha256()
    root = Path(__file__).parents[2]
    for path in sorted(root.glob("course_*/**/*.py")):
        digest.update(path.relative_to(root).as_posix().encode() + path.read_bytes())
    digest.update(f"{version('torch')} {version('transformers')}".encode())
    return digest.hexdigest()[:16]


def write_atomically(path: Path, text: str) -> None:
    """Write a file so that it is either the old one or the whole new one."""
    new = NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8")
    try:
        with new:
            new.write(text)
        os.replace(new.name, path)
    except BaseException:  # such as a full disk
        with suppress(OSError):
            os.unlink(new.name)
        raise
