"""Grade a whole class: several copies at once, here or on a Dask cluster, and resumable."""

import atexit
import hashlib
import json
import logging
import os
import pickle
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from tempfile import NamedTemporaryFile

from tqdm import tqdm

from course_models.errors import CourseError
from course_tools.grade import kernel
from course_tools.grade.cases import Cases
from course_tools.grade.cells import (
    Answers,
    Cell,
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
        """The same for the same file, answers, limits and grader; names the stored result."""
        everything = json.dumps(asdict(self), sort_keys=True)
        return hashlib.sha256(everything.encode()).hexdigest()[:24]


@dataclass
class Copy:
    """One student's copy of one lesson; `said` is what came of running it, see `run_job`."""

    entry: Entry
    answers: Answers
    said: dict = field(default_factory=lambda: {"trials": {}, "held": {}, "not_graded": ""})

    @property
    def age(self) -> tuple:
        """Sorts the copies of a lesson: one without any answer is never better than another."""
        done = len(self.answers.steps)
        path = self.entry.path  # "04 (1)" came after "04"
        return done > 0, self.entry.time // 2, done, len(path), path


def grade_class(
    handed_in: Mapping[str, Sequence[Entry]],
    course: Mapping[str, Sequence[Cell]],
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
        course: name → the cells of the grader's copy of each notebook.
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
    chosen = {}
    work: dict[Path, tuple[Job, Copy]] = {}
    for student, lesson in ((student, lesson) for student in handed_in for lesson in lessons):
        found = sorted(copies.get((student, lesson), ()), key=lambda copy: copy.age, reverse=True)
        chosen[student, lesson] = found
        for copy in found if best else found[:1]:
            job = Job(student, copy.entry.path, copy.answers.steps, limits, grader_version())
            path = done / f"{job.key}.json"
            try:
                copy.said = json.loads(path.read_text(encoding="utf-8"))
            except (OSError, ValueError):
                if job.steps:
                    work[path] = job, copy
    if work:
        with _on_cluster(scheduler) if scheduler else _on_this_machine(jobs) as submit:
            _run(work, submit)
    return [
        _result(student, lesson, found, problems[student], best, lesson == lessons[0])
        for (student, lesson), found in chosen.items()
    ]


def _read(
    entries: Sequence[Entry], course: Mapping[str, Sequence[Cell]], problems: list[Finding]
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
            known = isinstance(error, ValueError)
            words = str(error) if known else f"it cannot be read ({error!r})"
            place = minor if not named and not entry.problem else problems
            place.append(Finding("unreadable", f"{entry.path}: {words[:200]}"))
    if not problems and len(minor) == len(entries):
        problems += minor[:20]


def _run(work: Mapping[Path, tuple[Job, Copy]], submit: Callable[[Job], Future]) -> None:
    """Fill in what the copies said, and keep it in the files that `work` names."""
    for _, copy in work.values():
        copy.said["not_graded"] = "the run was stopped before it"
    try:
        waiting = {submit(job): (path, copy) for path, (job, copy) in work.items()}
        for future in tqdm(as_completed(waiting), total=len(work), unit="copy", disable=None):
            path, copy = waiting[future]
            try:
                text = future.result()
            except Exception as error:  # whatever stops a job there, the copy stays to be graded
                copy.said["not_graded"] = f"the cluster lost it ({error!r:.200})"
                continue
            copy.said = json.loads(text)
            findings = [f for trial in copy.said["trials"].values() for f in trial["findings"]]
            if not copy.said["not_graded"] and not any(kind == "died" for kind, *_ in findings):
                write_atomically(path, text)
    except KeyboardInterrupt:
        kernel.STOP.set()


def _result(
    student: str,
    lesson: str,
    copies: Sequence[Copy],
    problems: Sequence[Finding],
    best: bool,
    first: bool,
) -> dict:
    graded = [(_rows(lesson, copy), copy) for copy in (copies if best else copies[:1])]
    # Of equally good ones the first, which is the newest.
    rows, copy = max(
        graded or [(_rows(lesson, None), None)],
        key=lambda pair: sum(row["verdict"] == "right" for row in pair[0]),
    )
    findings = [*(copy.answers.findings if copy else ()), *(problems if first else ())]
    if len(copies) > 1:
        kept = "the one with the most right answers" if best else "the newest with answers"
        words = f"{len(copies)} copies; {kept} counts, {copy.entry.path}"
        findings.append(Finding("copies", words))
    when = copy.entry.time if copy else 0
    result = {
        "student": student,
        "notebook": lesson,
        "file": copy.entry.path if copy else "",
        "time": datetime.fromtimestamp(when).isoformat(timespec="seconds") if when else "",
        "copies": [one.entry.path for one in copies if one is not copy],
        "findings": [finding._asdict() for finding in dict.fromkeys(findings)],
        "exercises": rows,
        "held": copy.said["held"] if copy else {},
    }
    return result | ({"not_graded": why} if copy and (why := copy.said["not_graded"]) else {})


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
        elif trial := copy.said["trials"].get(exercise.id):
            trial = Trial(**trial | {"findings": [Finding(*found) for found in trial["findings"]]})
            row = judge(exercise, trial)
            copy.answers.findings += trial.findings
        else:
            row |= {"verdict": "not graded", "message": copy.said["not_graded"]}
        rows.append(row | {"code": copy.answers.code.get(exercise.id, "") if copy else ""})
    return rows


def run_job(job: Job, cases: Cases) -> str:
    """Run one copy's answers.

    Returns:
        JSON of trials (exercise → a `Trial`), held (the sandbox's protections) and not_graded: what
        failed on the grader's own side, or "".
    """
    trials, held, failed = {}, {}, ""
    try:
        if job.grader != grader_version():
            raise NotGraded("this machine has another version of the course or of its libraries")
        trials, held = run_answers(job.steps, job.limits, cases)
    except Exception as error:  # one copy must not stop the class
        failed = str(error) if isinstance(error, NotGraded) else repr(error)
    found = {name: asdict(trial) for name, trial in trials.items()}
    return json.dumps({"trials": found, "held": held, "not_graded": failed})


@contextmanager
def _on_this_machine(jobs: int) -> Iterator[Callable[[Job], Future]]:
    """Gives a function that starts a job as soon as one of `jobs` threads is free."""
    kernel.STOP.clear()
    sweep()
    with Cases() as cases, graded_kernels():
        pool = ThreadPoolExecutor(jobs)

        def submit(job: Job) -> Future:
            for exercise in job.steps:  # here, so that nothing random is made in two threads
                cases.write(exercise)
            return pool.submit(run_job, job, cases)

        try:
            yield submit
        finally:
            pool.shutdown(cancel_futures=True)


@contextmanager
def _on_cluster(scheduler: str) -> Iterator[Callable[[Job], Future]]:
    """Gives a function that has a Dask worker do a job; a lost worker's go to the others."""
    try:
        from distributed import Client
    except ImportError:
        raise CourseError(
            "--scheduler needs Dask: run `pip install distributed` here and on the workers."
        ) from None
    try:
        client = Client(scheduler, timeout=CONNECT, set_as_default=False)
    except (OSError, ValueError) as error:
        raise CourseError(f"No Dask scheduler answers at {scheduler} ({error}).") from None

    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)  # reports tell

    # Inner functions and plain arguments go as they are: the scheduler needs no course.
    def version_there() -> str:
        from course_tools.grade.grade_class import grader_version

        return grader_version()

    def run_there(job: bytes) -> str:
        import pickle

        from course_tools.grade.grade_class import run_job, worker_cases

        return run_job(pickle.loads(job), worker_cases())

    with client:
        told = client.run(version_there, on_error="return")
        fit = [worker for worker, found in told.items() if found == grader_version()]
        if not fit:
            raise CourseError(
                f"None of the {len(told)} workers at {scheduler} has this version of the course "
                "and of its libraries: install it there, and start them again."
            )
        pool = client.get_executor(workers=fit, pure=False)
        try:
            yield lambda job: pool.submit(run_there, pickle.dumps(job))
        finally:
            pool.shutdown(wait=False)


@cache
def _for_good() -> Cases:
    stack = ExitStack()
    atexit.register(stack.close)
    cases = stack.enter_context(Cases())
    stack.enter_context(graded_kernels())
    return cases


def worker_cases() -> Cases:
    """The inputs of a worker process, which has warm kernels too for as long as it lives."""
    with _once:
        return _for_good()


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
