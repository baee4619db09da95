"""Collect what a learner reads: from the notebooks, the lessons' content and the packages."""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import EnumMeta
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from course_tools.publish import handout, minutes
from course_tools.publish.badges import CELL as BADGES
from course_tools.translate.code import FIELD, Literal, literals
from course_utils import lessons
from course_utils.exercises import all_exercises
from course_utils.quizzes import Question

ROOT = Path(__file__).resolve().parents[2]
TRANSLATIONS = ROOT / "translations"
CODE, EXERCISE, QUIZ, TEXT, CARD, HANDOUT = (
    "code",
    "exercise",
    "question",
    "text",
    "card",
    "handout",
)
STUB = "Replace the dots by your code."  # in the cells that learners fill in
SPOKEN = (EXERCISE, QUIZ, TEXT, CARD)  # what `tr` is asked for
# Texts that stand at the top of a module and pass through `tr` where they are shown.
TABLES = {
    "course_models.findings": ("SENTENCES", "WHAT"),
    "course_utils.verdicts": ("State",),
    "course_utils.pictures": ("OUTPUTS",),
    "course_utils.playgrounds": ("OWN",),
    "course_lessons.lesson_01_choosing_a_class.playground": ("Diagnosis", "REASONS"),
    "course_lessons.lesson_01_choosing_a_class.pictures": ("QUESTION", "TEXT", "OUTPUTS", "TEXTS"),
    "course_lessons.lesson_03_text_generation.pictures": ("STEPS",),
    "course_lessons.lesson_03_text_generation.playground": ("TOP_K",),
    "course_lessons.lesson_06_question_answering.pictures": ("NAMES",),
    "course_lessons.lesson_09_feature_extraction.playground": ("POOLINGS",),
    "course_lessons.lesson_11_error_clinic.card": ("GROUP_WORDS",),
    "course_lessons.lesson_11_error_clinic.clinic": ("COLUMNS",),
    "course_lessons.lesson_11_error_clinic.error_search": ("READING_ORDER",),
}


@dataclass(frozen=True)
class Message:
    """Something to translate.

    Attributes:
        context: a markdown cell's id, or what kind of text it is, such as CODE.
        text: in English.
        place: where it stands, if that is more than the context: a cell, an exercise's hint …
    """

    context: str
    text: str
    place: str = ""


@cache
def listed(name: str) -> frozenset[str]:
    """The lines of a list in translations/; `\\n` in it is a line's end."""
    lines = (TRANSLATIONS / name).read_text(encoding="utf-8").splitlines()
    kept = (line for line in lines if line.strip() and not line.startswith("# "))
    return frozenset(line.replace("\\n", "\n") for line in kept)


def of_lesson(number: str, notebook: NotebookNode) -> list[Message]:
    """What a lesson says: its cells, its content, and the strings of its modules."""
    found = []
    for cell in notebook.cells:
        if cell.cell_type == "code":
            found += [Message(CODE, text, cell.id) for text in of_code(cell.source)]
        elif cell.id not in ("exercises", BADGES) and not cell.id.startswith("ask-"):
            found.append(Message(cell.id, timeless(cell.source)))
    found += of_content(number)
    package = lessons.folders()[number]
    folder = ROOT / package.replace(".", "/")
    found += [*_of_modules(sorted(folder.glob("*.py"))), *_of_tables(package)]
    ours = {(m.context, m.text) for m in of_packages()}
    return [message for message in found if (message.context, message.text) not in ours]


def of_code(source: str) -> list[str]:
    """The strings and comments of a cell that are ours: not those that a model reads."""
    return [one.text for one in literals(source) if is_ours(one)]


def is_ours(one: Literal) -> bool:
    """Whether a learner reads it, and no model or library does."""
    said = FIELD.sub("", one.text) if one.kind == "template" else one.text
    sentence = re.search("[A-Za-z]{2}", said) and " " in said.strip()
    word = one.kind == "choice" and re.fullmatch("[a-z]+|[A-Z]+", said)
    if one.kind == "comment" or one.text in listed("words.txt"):
        return True
    return bool(sentence or word) and one.text.strip() not in listed("keep.txt")


def timeless(source: str) -> str:
    """A cell without the minutes that the course computes, so that they do not make it stale."""
    return minutes.LINE.sub("{time}", source)


def of_content(number: str) -> Iterator[Message]:
    """A lesson's exercises, questions and cards."""
    for one in (e for e in all_exercises().values() if e.id[:2] == number):
        yield Message(EXERCISE, one.prompt, f"{one.id}/prompt")
        for mistake in one.mistakes:
            yield Message(EXERCISE, mistake.message, f"{one.id}/{mistake.name}")
        for place, hint in enumerate(one.hints, start=1):
            yield Message(EXERCISE, hint, f"{one.id}/hint-{place}")
        yield Message(EXERCISE, one.why, f"{one.id}/why")
    if number in lessons.having("questions"):
        asked = lessons.content(number, "questions")
        for question in (*asked.WARM_UP, *asked.QUIZ):
            yield from _of_question(question)
    if number in lessons.having("cards"):
        for card in lessons.content(number, "cards").CARDS:
            for part in ("title", "cause", "wrong_fix", "fix"):
                yield Message(CARD, getattr(card, part), f"{card.id}/{part}")


def _of_question(question: Question) -> Iterator[Message]:
    yield Message(QUIZ, question.text, f"{question.id}/question")
    for choice in question.choices:
        if re.search(r"\s|^[a-z]+$", choice.text):  # else a name
            yield Message(QUIZ, choice.text, f"{question.id}/{choice.key}")
        yield Message(QUIZ, choice.why, f"{question.id}/{choice.key}/why")


@cache
def of_packages() -> tuple[Message, ...]:
    """What no single lesson says: the packages' own strings, and what every notebook repeats."""
    folders = [ROOT / name for name in ("course_models", "course_utils", "course_lessons")]
    found = [Message(HANDOUT, text) for text in (handout.INTRODUCTION, handout.ASK)]
    found += [Message(HANDOUT, text) for text in (minutes.TO_READ, minutes.WITH_EXERCISES)]
    found.append(Message(CODE, STUB))
    for folder in folders:
        found += _of_modules(sorted(folder.glob("*.py")))
    return (*found, *_of_tables("course_models"), *_of_tables("course_utils"))


def _of_modules(paths: list[Path]) -> Iterator[Message]:
    for path in paths:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        calls = [node for node in ast.walk(tree) if getattr(node, "func", None)]
        said = [c.args[0] for c in calls if getattr(c.func, "id", "") == "tr"]
        for text in sorted(said, key=lambda node: node.lineno):
            if isinstance(text, ast.Constant):
                yield Message(TEXT, text.value, path.relative_to(ROOT).as_posix())


def _of_tables(package: str) -> Iterator[Message]:
    for module, names in TABLES.items():
        if module.startswith(f"{package}."):
            for name in names:
                for text in _texts(getattr(import_module(module), name)):
                    yield Message(TEXT, text, f"{module.replace('.', '/')}.py")
    if package.endswith("capstone"):
        for run in import_module(f"{package}.runs").RUNS.values():
            yield Message(TEXT, run.wanted, f"{package.replace('.', '/')}/runs.py")


def _texts(table: Any) -> Iterator[str]:
    if isinstance(table, str):
        if not re.fullmatch(r"\{?\w+\}?", table) or table.islower():  # else a name
            yield str(table)
    elif isinstance(table, Mapping):
        said = [value for value in table.values() if isinstance(value, str | tuple)]
        for entry in said or table:
            yield from _texts(entry)
    elif isinstance(table, EnumMeta):
        for member in table:
            yield from _texts(member.value)
    elif isinstance(table, tuple):
        for entry in table:
            yield from _texts(entry)
