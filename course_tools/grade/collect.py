"""What lies in a class's folder, and whose it is. Nothing of it is executed here."""

import os
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from io import BytesIO
from pathlib import Path, PurePosixPath
from zipfile import ZipFile

from course_models.errors import CourseError
from course_tools.grade.plain import legible

LARGEST = 64_000_000  # bytes of one file
MOST = 5_000  # files and folders of one student
DEEPEST = 12
# Folders and files that nobody hands in: what programs keep, and what the course itself makes.
NEVER = re.compile(
    r"\..*|~.*|__MACOSX|__pycache__|build|node_modules|venv|site-packages|desktop\.ini", re.I
)
ARCHIVE = re.compile(r"\.zip$", re.I)
# In a flat folder these are somebody's work, or what should have been; others are the instructor's.
WORK = re.compile(r"\.(ipynb.*|zip|rar|7z|t?gz|tar|py|html?|pdf|docx?|odt|rtf|txt|json)$", re.I)
HOLDERS = re.compile(
    r"((?P<task>.+)[-_ ])?(submissions?|submitted|abgaben?|hand-?ins?)|students|class|homeworks?",
    re.I,
)
GROUP = re.compile(r"(group|gruppe|section|team|tutorial)\b.*", re.I)
OF_ONE = re.compile(
    r"((week|lesson|unit|hw|homework|task|v)?[ _-]*\d{1,2}(\D.*)?)|notebooks?", re.I
)
# How learning platforms name what they give out: the student, a number, perhaps the time.
PLATFORMS = [
    re.compile(pattern)
    for pattern in (
        r"(?P<name>.+?)_(?P<id>\d+)_assignsubmission_[a-z]+_?(?P<rest>.*)",  # Moodle
        r"(?P<name>[^_]+)(?:_LATE)?_(?P<id>\d+)_\d+_(?P<rest>.+)",  # Canvas
        r"(?P<id>\d+)-\d+ ?- ?(?P<name>.+?) ?- ?"  # Brightspace
        r"(?P<time>[A-Z]\w{2,8} \d{1,2}, \d{4} \d{3,4} ?[AP]M)(?: - )?(?P<rest>.*)",
        r".+_(?P<name>[^_]+)_attempt_(?P<time>\d{4}(?:-\d\d){5})_?(?P<rest>.*)",  # Blackboard
    )
]
TIMES = ("%b %d, %Y %I%M %p", "%B %d, %Y %I%M %p", "%Y-%m-%d-%H-%M-%S")
COPY = re.compile(
    r"^(copy|kopie|copie|copia) (of|von|de) |[ _-]+(copy|kopie|copie)\b|\s*\(\d+\)", re.I
)


@dataclass(frozen=True)
class Entry:
    """A file, or a place where there could have been one.

    Attributes:
        parts: its path below the class's folder, as legible text.
        time: seconds since 1970 when it was last changed or handed in.
        read: gives its bytes; raises OSError, ValueError or RuntimeError if it cannot.
        problem: why there is nothing to read.
    """

    parts: tuple[str, ...]
    time: float = 0.0
    read: Callable[[], bytes] | None = None
    problem: str = ""

    @property
    def path(self) -> str:
        return "/".join(self.parts)


def collect(
    folder: Path,
    lessons: Iterable[str],
    student: str | None = None,
    roster: Mapping[str, str] | None = None,
) -> dict[str, list[Entry]]:
    """Everything that was handed in, by student.

    Args:
        folder: the class's folder, or a zip file of it; links are not followed.
        lessons: names of the course's notebooks, which are no names of students.
        student: all of the folder is this student's.
        roster: name, number or address of a student → how the reports call them.

    Raises:
        CourseError: there is no such folder, or it is empty.
    """
    if ARCHIVE.search(folder.name) and folder.is_file():
        entries = list(_unzip(lambda: str(folder), ()))
    elif folder.is_dir():
        entries = list(_walk(str(folder)))
    else:
        raise CourseError(f"There is no folder {str(folder)!r}: name the one with the notebooks.")
    if student:
        return {student: entries}
    entries, task = _below_holders(entries)
    entries = [e for e in entries if len(e.parts) > 1 or e.problem or WORK.search(e.parts[0])]
    if not any(e.parts for e in entries):
        raise CourseError(f"Nothing was handed in in {str(folder)!r}: name the class's folder.")
    owners = [(entry, *_owner(entry, lessons, task)) for entry in entries if entry.parts]
    numbers: dict[str, set[str]] = {}
    for _, name, number, _ in owners:
        numbers.setdefault(name, set()).add(number)
    found: dict[str, list[Entry]] = {}
    unnamed = all(not name for _, name, _, _ in owners)
    for entry, name, number, when in owners:
        if not name:  # a flat folder in which no file names anybody
            name = legible(folder.resolve().stem) if unnamed else entry.parts[0]
        elif number and len(numbers[name]) > 1:  # two students of one name
            name = f"{name} ({number})"
        name = _in_roster(name, number, roster or {})
        found.setdefault(name, []).append(replace(entry, time=when or entry.time))
    return found


def _walk(top: str) -> Iterator[Entry]:
    lost: list[OSError] = []
    count = Counter[str]()
    for folder, inside, files in os.walk(top, onerror=lost.append):
        parts = _parts(folder, top)
        names = [name for name in sorted(inside + files) if not NEVER.fullmatch(_text(name))]
        inside[:] = sorted({*inside} & {*names})
        count[parts[0] if parts else ""] += len(names)
        if len(parts) > DEEPEST or (parts and count[parts[0]] > MOST):
            words = f"it is more than {DEEPEST} folders deep, or one of more than {MOST} files"
            yield Entry(parts, problem=words)
            inside.clear()
            continue
        if not names:
            yield Entry(parts, problem="this folder is empty")
        for name in names:
            path, inner = os.path.join(folder, name), (*parts, _text(name))
            if os.path.islink(path):
                yield Entry(inner, problem="it is a link, and links are not followed")
            elif ARCHIVE.search(name) and os.path.isfile(path):
                yield from _unzip(lambda path=path: path, inner)
            elif os.path.isfile(path):
                about = os.stat(path)
                yield _file(inner, about.st_size, about.st_mtime, Path(path).read_bytes)
            elif name not in inside:
                yield Entry(inner, problem="it is not a file, or none that can be looked at")
    for error in lost:
        words = f"this folder cannot be opened ({error.strerror})"
        yield Entry(_parts(error.filename, top), problem=words)


def _parts(place: str, top: str) -> tuple[str, ...]:
    return tuple(map(_text, Path(place).relative_to(top).parts))


def _file(parts: tuple[str, ...], size: int, when: float, read: Callable[[], bytes]) -> Entry:
    if size > LARGEST:
        return Entry(parts, when, problem=f"it has more than {LARGEST / 1e6:.0f} MB")
    return Entry(parts, when, read)


def _unzip(file: Callable[[], str | BytesIO], parts: tuple[str, ...]) -> Iterator[Entry]:
    """What is in a zip file; also in one inside it, if it is the class's."""
    try:
        with ZipFile(file()) as archive:
            members = archive.infolist()
    except Exception as error:  # a damaged one fails in as many ways as it can be damaged
        yield Entry(parts, problem=f"the zip file cannot be opened ({error})")
        return
    paths = [PurePosixPath(member.filename.replace("\\", "/")) for member in members[:MOST]]
    filled = {parent for path in paths for parent in path.parents}
    kept = 0
    for member, path in zip(members, paths):
        inner = tuple(legible(name) for name in path.parts if name not in ("/", ".."))
        if path in filled or not inner or any(map(NEVER.fullmatch, inner)):
            continue
        kept, inner = kept + 1, (*parts, *inner)
        read = partial(_member, file, member.filename)
        try:
            when = time.mktime((*member.date_time, 0, 0, -1))
        except (ValueError, OverflowError):
            when = 0.0
        if member.is_dir():
            yield Entry(inner, problem="this folder is empty")
        elif not ARCHIVE.search(inner[-1]) or member.file_size > LARGEST:
            # No more is read of a file than the bytes that it says to have.
            yield _file(inner, member.file_size, when, read)
        elif parts:
            yield Entry(inner, problem="it is a zip file in a zip file, which was not opened")
        else:
            yield from _unzip(lambda read=read: BytesIO(read()), inner)
    if len(members) > MOST:
        yield Entry(parts, problem=f"the zip file has more than {MOST} files")
    elif not kept:
        yield Entry(parts, problem="the zip file is empty")


def _member(file: Callable[[], str | BytesIO], name: str) -> bytes:
    with ZipFile(file()) as archive:
        return archive.read(name)


def _text(name: str) -> str:
    """A file's name as text; bytes that are no UTF-8 are taken for Western Windows ones."""
    raw = os.fsencode(name)
    try:
        return legible(raw.decode())
    except UnicodeDecodeError:
        return legible(raw.decode("cp1252", "replace"))


def _below_holders(entries: list[Entry]) -> tuple[list[Entry], str]:
    """Without folders that hold the whole class; and a name that theirs began with."""
    task = ""
    while True:
        first = {entry.parts[:1] for entry in entries}
        if len(first) != 1 or any(len(entry.parts) < 2 for entry in entries):
            return entries, task
        name = ARCHIVE.sub("", entries[0].parts[0])
        below = {entry.parts[1] for entry in entries if len(entry.parts) > 2}
        holder = HOLDERS.fullmatch(name)
        of_class = len(below) > 1 and not any(map(OF_ONE.fullmatch, below))
        of_class |= len(below) == 1 and any(map(HOLDERS.fullmatch, below))
        if not holder and (not of_class or any(len(entry.parts) < 3 for entry in entries)):
            return entries, task
        task = holder["task"] if holder else task
        entries = [replace(entry, parts=entry.parts[1:]) for entry in entries]


def _owner(entry: Entry, lessons: Iterable[str], task: str) -> tuple[str, str, float]:
    """Name, number and time that a path says; the name is empty where it says none."""
    first, *more = entry.parts
    if GROUP.fullmatch(first) and len(more) > 1:
        name, _, when = _owner(replace(entry, parts=tuple(more)), lessons, task)
        return name, first, when
    for platform in PLATFORMS:
        if found := platform.fullmatch(first):
            known = {"id": "", "time": ""} | found.groupdict()
            return known["name"].strip(), known["id"], _time(known["time"])
    if more and not ARCHIVE.search(first):
        return re.sub(rf"^{re.escape(task)}-", "", first) if task else first, "", 0.0
    if not WORK.search(first):
        return first, "", 0.0
    bare = re.sub(rf"({'|'.join(map(re.escape, lessons))})(-\d$)?", "", WORK.sub("", first))
    while (shorter := COPY.sub("", bare)) != bare:
        bare = shorter
    return bare.strip(" _-."), "", 0.0


def _time(text: str) -> float:
    for pattern in TIMES:
        with suppress(ValueError):
            return datetime.strptime(text, pattern).timestamp()
    return 0.0


def _in_roster(name: str, number: str, roster: Mapping[str, str]) -> str:
    plain = normal(name)
    for key in (plain, normal(number)):
        if key in roster:
            return roster[key]
    ends = [key for key in roster if re.search(rf"(^|[-_ ]){re.escape(key)}$", plain)]
    return roster[max(ends, key=len)] if ends else name


def normal(name: str) -> str:
    """A name as it is compared: case, blanks and commas do not count."""
    return " ".join(re.sub(r"[,\s]+", " ", name).casefold().split())
