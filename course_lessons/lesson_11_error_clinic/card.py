"""What a card of the error clinic is, and how its symptom is reproduced; the cards stand beside."""

import contextlib
import difflib
import dis
import inspect
import logging
import os
import re
import tempfile
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from html import escape
from typing import Any

from transformers.utils import logging as library_logging

from course_models.errors import CourseError
from course_models.language import tr
from course_utils.checkpoints import EMBEDDED
from course_utils.drawings import Drawing

SCRATCH = tempfile.TemporaryDirectory(prefix="clinic-")  # for the folders of the cards
SENTENCES = 320  # characters of an error message that are shown: its first sentences


class Group(StrEnum):
    """What a reader sees of a trouble; `GROUP_WORDS` says it in words."""

    RED = "red"  # it stops
    YELLOW = "yellow"  # it goes on and says something
    SILENT = "silent"


RED, YELLOW, SILENT = Group
GROUP_WORDS = {RED: "red error", YELLOW: "yellow report", SILENT: "nothing at all"}


@dataclass(frozen=True)
class Card:
    """One trouble that readers meet.

    Attributes:
        id: short name, such as "missing-head".
        group: what the reader sees: RED (it stops), YELLOW (it goes on and says something), SILENT.
        title: the trouble in a few words.
        said_4: how transformers 4.x put it, or how people ask about it where nothing is said.
        says_5: regular expression of what `observe(demo)` gives on 5.x; only `.*` and `|` in it.
        also: regular expression of other wordings of the same trouble: other versions, other
            families of models; "" if there are none.
        cause: what is really the matter.
        wrong_fix: the popular remedy, and why it fails.
        fix: what helps.
        demo: reproduces it offline: raises (RED), logs (YELLOW) or returns wrong results (SILENT).
        contrast: the working case beside it; returns something that shows that it works.
        confusions: numbers of the course's list of confusions that it belongs to.
        notebook: where the course explains it, such as "01".
        recorded: the trouble needs a network; a stand-in plays the hub's answer.
    """

    id: str
    group: Group
    title: str
    said_4: str
    says_5: str
    cause: str
    wrong_fix: str
    fix: str
    demo: Callable[[], Any] = field(repr=False)
    contrast: Callable[[], Any] = field(repr=False)
    confusions: tuple[int, ...]
    notebook: str
    recorded: bool = False
    also: str = ""

    @property
    def wording(self) -> str:
        """The 5.x message for human eyes."""
        return re.sub(r"\\(.)", r"\1", self.says_5.replace(".*", " … ").replace("|", " (or) "))


@dataclass(frozen=True)
class Seen:
    """What one run of a demonstration showed: its group, the words, and the result if any."""

    group: Group
    text: str
    result: Any = None


@contextlib.contextmanager
def _listening() -> Iterator[list[str]]:
    # Collect what the library logs and warns about, so that it is shown once and in one place.
    lines: list[str] = []
    listener = logging.Handler()
    listener.emit = lambda record: lines.append(record.getMessage())
    library = library_logging.get_logger()
    before, level = library.handlers[:], library.level
    library.handlers[:] = [listener]
    library.setLevel(logging.WARNING)
    library_logging.warning_once.cache_clear()  # else a second look would show nothing
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            yield lines
    finally:
        library.handlers[:] = before
        library.setLevel(level)
        lines += [str(w.message) for w in caught if w.category in (UserWarning, FutureWarning)]


def observe(action: Callable[[], Any]) -> Seen:
    """Run a demonstration and say what a reader would see of it."""
    with _listening() as lines:
        try:
            result = action()
        except Exception as error:  # whatever it raises is what we came to see
            return Seen(RED, clean(f"{type(error).__name__}: {error}"))
    if lines:
        return Seen(YELLOW, clean("\n".join(lines)), result)
    return Seen(SILENT, clean(repr(result)), result)


def clean(text: str) -> str:
    """A message without terminal colours and without folders of this machine."""
    return without_paths(re.sub(r"\x1b\[[0-9;]*m", "", text)).strip()


def first_sentences(text: str) -> str:
    """The beginning of a message, cut after a sentence."""
    shown = ""
    for sentence in re.split(r"(?<=[.!?:])(?=\s)", text):
        if shown and len(shown + sentence) > SENTENCES:
            return f"{shown} …"
        shown += sentence
    return shown if len(shown) <= 2 * SENTENCES else f"{shown[: 2 * SENTENCES]} …"


def page(heading: str, parts: Sequence[tuple[str, str]], code: Sequence[str] = ()) -> Drawing:
    """A heading and labelled parts, as HTML and as text; parts named in `code` keep their lines."""
    html, plain = [f"<b>{escape(heading)}</b>"], [heading]
    for label, text in parts:
        style = "white-space:pre-wrap;overflow-x:auto;color:inherit;background:transparent;margin:0"
        shown = f'<pre style="{style}">{escape(text)}</pre>' if label in code else escape(text)
        html.append(f'<div style="margin:4px 0"><b>{escape(label)}</b> {shown}</div>')
        plain.append(f"{label}\n{text}" if label in code else f"{label} {text}")
    border = "border-left:4px solid currentColor;padding:4px 12px;color:inherit"
    return Drawing(f'<div style="{border}">{"".join(html)}</div>', "\n".join(plain))


def source(function: Callable) -> str:
    """The lines of a demonstration, after those of the functions beside it that it calls."""
    return "\n\n".join(inspect.getsource(part).rstrip() for part in _with_helpers(function))


def _with_helpers(function: Callable) -> list[Callable]:
    used = [i.argval for i in dis.get_instructions(function) if i.opname == "LOAD_GLOBAL"]
    beside = [function.__globals__.get(name) for name in used]
    own = [f for f in beside if inspect.isfunction(f) and f.__module__ == function.__module__]
    parts = [part for helper in own for part in _with_helpers(helper)]
    return list(dict.fromkeys([*parts, function]))


def without_paths(text: str) -> str:
    """A message without the folders of this machine."""
    for root in (str(EMBEDDED), SCRATCH.name):
        text = text.replace(root + os.sep, "")
    return re.sub(r"\([^()]*site-packages[/\\]", "(", text)


@cache
def all_cards() -> dict[str, Card]:
    """Every card by id."""
    from course_lessons.lesson_11_error_clinic.cards import CARDS  # which need this module

    return {card.id: card for card in CARDS}


def find_card(id: str) -> Card:
    """The card with this id.

    Raises:
        CourseError: there is none; the message names the nearest ones.
    """
    known = all_cards()
    if id not in known:
        near = difflib.get_close_matches(str(id), known, n=3, cutoff=0.3) or list(known)[:3]
        raise CourseError(
            tr(
                "There is no card {id!r}: did you mean {near}? cards() lists them all.",
                id=id,
                near=", ".join(near),
            )
        )
    return known[id]
