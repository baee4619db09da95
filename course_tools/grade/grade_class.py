"""Grade a whole class: several submissions at once, here or on a Dask cluster, and resumable."""

import atexit
import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from tempfile import NamedTemporaryFile

from nbformat import NotebookNode
from tqdm import tqdm

from course_tools.grade.grading import Limits, NotGraded, grade, graded_kernels
from course_tools.grade.submissions import Step, Submission, find_submissions, steps_for
from course_utils.errors import CourseError

Engine = Callable[[Iterable["Job"]], Iterator[dict]]


@dataclass(frozen=True)
class Job:
    """All that a worker needs; it has the course installed, but none of the grader's files."""

    submission: Submission
    steps: tuple[Step, ...]
    limits: Limits
    grader: str

    @property
    def key(self) -> str:
        """The same for the same file, answers, limits and grader; names the stored result."""
        everything = json.dumps(asdict(self), sort_keys=True)
        return hashlib.sha256(everything.encode()).hexdigest()[:24]


def grade_class(
    folder: Path,
    course: Mapping[str, NotebookNode],
    done: Path,
    limits: Limits,
    jobs: int,
    scheduler: str | None = None,
) -> list[dict]:
    """Grade every notebook of a class; what was graded before is not run again.

    Args:
        folder: the class's notebooks, see `find_submissions`.
        course: name → the grader's copy of each notebook.
        done: folder for one JSON file per graded submission.
        limits: what one submission may use.
        jobs: how many run at once on this machine.
        scheduler: address of a Dask scheduler, whose workers then do the work.

    Returns:
        One result per notebook in the order of their paths, see `grading.grade`; one that could
        not be graded has ``not_graded`` with the reason, and is tried again next time.
    """
    done.mkdir(parents=True, exist_ok=True)
    work, results = {}, {}
    for submission in find_submissions(folder, course):
        steps = []
        if submission.notebook:
            steps = steps_for(course[submission.notebook], submission.answers)
        job = Job(submission, tuple(steps), limits, grader_version())
        try:
            results[submission.file] = json.loads((done / f"{job.key}.json").read_text())
        except (OSError, ValueError):
            work[submission.file] = job
    engine = _on_cluster(scheduler) if scheduler else _on_this_machine(jobs)
    with (
        engine as run,
        tqdm(
            total=len(work) + len(results), initial=len(results), unit="notebook", disable=None
        ) as bar,
    ):
        for result in run(work.values()):
            results[result["file"]] = result
            if "not_graded" not in result:
                write_atomically(done / f"{work[result['file']].key}.json", json.dumps(result))
            bar.update()
    return [results[name] for name in sorted(results)]


def run_job(job: Job) -> dict:
    """Grade one submission; the grader's own failures become a result that says so."""
    submission = job.submission
    try:
        if job.grader != grader_version():
            raise NotGraded("this machine has another version of the course or of its libraries")
        return grade(submission, job.steps, job.limits)
    except (NotGraded, RuntimeError, OSError) as error:  # RuntimeError: no kernel came up
        return not_graded(submission, str(error))


def not_graded(submission: Submission, reason: str) -> dict:
    """The result of a submission that was not graded; it names no exercises."""
    return {
        "student": submission.student,
        "notebook": submission.notebook,
        "file": submission.file,
        "findings": [],
        "exercises": [],
        "not_graded": reason,
    }


@contextmanager
def _on_this_machine(jobs: int) -> Iterator[Engine]:
    """An engine: jobs in, results out in the order in which they are ready."""
    pool = ThreadPoolExecutor(jobs)

    def run(work: Iterable[Job]) -> Iterator[dict]:
        for done in as_completed([pool.submit(run_job, job) for job in work]):
            yield done.result()

    with graded_kernels():
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
        client = Client(scheduler, timeout=10, set_as_default=False)
    except (OSError, ValueError) as error:
        raise CourseError(f"No Dask scheduler answers at {scheduler} ({error}).") from None

    def run(work: Iterable[Job]) -> Iterator[dict]:
        waiting = {client.submit(_run_on_worker, job, pure=False): job for job in work}
        for future in as_completed(list(waiting), loop=client.loop):
            job = waiting.pop(future)
            # Whatever stops a job on a worker, the submission stays to be graded.
            failed = future.exception()
            yield not_graded(job.submission, str(failed)) if failed else future.result()

    with client:
        yield run


def _run_on_worker(job: Job) -> dict:
    _warm_worker()
    return run_job(job)


@cache
def _warm_worker() -> None:
    """Let the kernels of this worker process start warm, for as long as it lives."""
    kernels = ExitStack()
    kernels.enter_context(graded_kernels())
    atexit.register(kernels.close)


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
    with NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as new:
        new.write(text)
    os.replace(new.name, path)
