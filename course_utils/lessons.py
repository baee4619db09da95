"""Find a lesson's content in `course_lessons` by the lesson's number."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from course_models.errors import CourseError
from course_models.language import tr


@cache
def folders() -> dict[str, str]:
    """Number of a lesson → its package, such as "04" → "course_lessons.lesson_04_fill_mask"."""
    root = import_module("course_lessons")
    names = sorted(entry.name for entry in iter_modules(root.__path__) if entry.ispkg)
    return {name[7:9]: f"course_lessons.{name}" for name in names}


def content(lesson: str, part: str) -> ModuleType:
    """One module of a lesson, such as its `exercises`.

    Args:
        lesson: number of the notebook, such as "04".
        part: name of the module: "exercises", "questions" or "playground"; "11" also has "cards".

    Raises:
        CourseError: there is no such lesson, or it has no such part.
    """
    known = folders()
    if lesson not in known:
        raise CourseError(
            tr(
                "There is no lesson {lesson!r}: choose one of {all}.",
                lesson=lesson,
                all=", ".join(known),
            )
        )
    name = f"{known[lesson]}.{part}"
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        raise CourseError(tr("Lesson {lesson} has no {part}.", lesson=lesson, part=part)) from None


def having(part: str) -> dict[str, ModuleType]:
    """All lessons that have a part, by number, in the order of the notebooks."""
    found = {}
    for lesson, package in folders().items():
        root = import_module(package)
        if any(entry.name == part for entry in iter_modules(root.__path__)):
            found[lesson] = content(lesson, part)
    return found
