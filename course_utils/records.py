"""What the learner has done, in one JSON file on their own machine."""

import json
import os
import tempfile
import time
from pathlib import Path

from filelock import FileLock, Timeout

from course_models.language import tr

_memory: dict[str, dict] = {}  # used where nothing can be written (a read-only classroom image)
_hints: dict[str, int] = {}
_noticed: set[str] = set()
_latest: list[str] = []  # the exercise attempted last in this kernel


def progress_file() -> Path:
    """Where progress is kept: `COURSE_PROGRESS`, else a file in the home folder."""
    return Path(os.environ.get("COURSE_PROGRESS", Path.home() / ".automodel_course.json"))


def _notice(text: str) -> None:
    if text not in _noticed:
        _noticed.add(text)
        print(text)


def _read(file: Path) -> dict[str, dict]:
    try:
        done = json.loads(file.read_text(encoding="utf-8"))
        if not isinstance(done, dict) or not all(isinstance(v, dict) for v in done.values()):
            raise ValueError("not a table of exercises")
        return done
    except OSError:
        return {}
    except ValueError:
        aside = file.with_name(f"{file.name}.damaged-{time.time_ns()}")
        file.rename(aside)
        _notice(
            tr(
                "The progress file was damaged; it is now {file} and a new one begins.",
                file=aside.name,
            )
        )
        return {}


def _write(file: Path, content: dict) -> None:
    with tempfile.NamedTemporaryFile("w", dir=file.parent, delete=False, encoding="utf-8") as new:
        json.dump(content, new, indent=1)
    os.replace(new.name, file)  # in one step: never half a file


def keep(name: str, content: dict) -> None:
    """Write a table as JSON beside the progress file; where that cannot be, say so once."""
    file = beside(name)
    try:
        _write(file, content)
    except OSError:
        _notice(
            tr(
                "{file} cannot be saved in {folder}: copy the result from the notebook.",
                file=file.name,
                folder=file.parent,
            )
        )


def beside(name: str) -> Path:
    """A file beside the progress file: its name, an underscore and `name`."""
    return progress_file().with_name(f"{progress_file().stem}_{name}.json")


def record(exercise: str, state: str) -> None:
    """Remember the state of one exercise or quiz; one that was right once stays right."""
    _latest[:] = [exercise]
    if state == "not attempted":
        return
    file = progress_file()
    try:
        # The lock and the re-read keep two notebooks that are open at once from losing anything.
        with FileLock(f"{file}.lock", timeout=5):
            done = _read(file)
            _add(done, exercise, state)
            _write(file, done)
    except (OSError, Timeout):
        _notice(
            tr(
                "Progress cannot be saved in {folder}; it is kept until the kernel stops.",
                folder=file.parent,
            )
        )
        _add(_memory, exercise, state)


def _add(done: dict[str, dict], exercise: str, state: str) -> None:
    old = done.get(exercise, {"state": state, "tries": 0})
    kept = "right" if "right" in (old["state"], state) else state
    done[exercise] = {"state": kept, "tries": old["tries"] + 1}


def count_hint(exercise: str) -> int:
    """How many hints have been asked for in this kernel, this one included."""
    _hints[exercise] = _hints.get(exercise, 0) + 1
    return _hints[exercise]


def all_records() -> dict[str, dict]:
    """Id of an exercise or quiz → its state and tries, of all that were attempted."""
    return {**_read(progress_file()), **_memory}


def latest() -> str | None:
    """Number of the notebook in which something was attempted last in this kernel, if any."""
    return _latest[0][:2] if _latest else None
