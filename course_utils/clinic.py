"""The error clinic: cards to read, and symptoms to reproduce.

The cards stand in `course_lessons/lesson_11_error_clinic`.
"""

import contextlib
import difflib
import dis
import inspect
import logging
import os
import re
import tempfile
import textwrap
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from html import escape
from typing import Any

import pandas as pd
import transformers
from transformers.utils import logging as library_logging

from course_utils import lessons
from course_utils.checkpoints import EMBEDDED
from course_utils.drawings import Drawing
from course_utils.errors import CourseError

RED, YELLOW, SILENT = GROUPS = ("red error", "yellow report", "nothing at all")
SCRATCH = tempfile.TemporaryDirectory(prefix="clinic-")  # for the folders of the cards
SENTENCES = 320  # characters of an error message that are shown: its first sentences


@dataclass(frozen=True)
class Card:
    """One trouble that readers meet; see the `cards_*` modules beside this one.

    Attributes:
        id: short name, such as "missing-head".
        group: what the reader sees: RED (it stops), YELLOW (it goes on and says something), SILENT.
        title: the trouble in a few words.
        said_4: how transformers 4.x put it, or how people ask about it where nothing is said.
        says_5: regular expression of what `observe(demo)` gives on 5.x; only `.*` and `|` in it.
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
    group: str
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

    @property
    def wording(self) -> str:
        """The 5.x message for human eyes."""
        return re.sub(r"\\(.)", r"\1", self.says_5.replace(".*", " … ").replace("|", " (or) "))


@dataclass(frozen=True)
class Seen:
    """What one run of a demonstration showed: its group, the words, and the result if any."""

    group: str
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


ROSETTA = (  # what people still search for, and why they no longer find it
    *("missing-head", "unexpected-weights", "label-count", "no-generate", "no-decoder-ids", "typo"),
    *("encode-plus", "dead-class", "old-pipeline", "torch-dtype", "load-in-8bit", "gated"),
)


@cache
def all_cards() -> dict[str, Card]:
    """Every card by id."""
    return {card.id: card for card in lessons.content("11", "cards").CARDS}


def find(id: str) -> Card:
    """The card with this id.

    Raises:
        CourseError: there is none; the message names the nearest ones.
    """
    known = all_cards()
    if id not in known:
        near = difflib.get_close_matches(str(id), known, n=3, cutoff=0.3) or list(known)[:3]
        raise CourseError(
            f"There is no card {id!r}: did you mean {', '.join(near)}? cards() lists them all."
        )
    return known[id]


def card(id: str) -> Drawing:
    """A card to read: symptom, cause, the popular wrong fix, the fix."""
    found = find(id)
    note = " A stand-in plays the hub here, since the course is offline." if found.recorded else ""
    return page(
        f"{found.id}: {found.title}",
        [
            ("What you see:", found.group + "." + note),
            ("On 4.x:", found.said_4),
            ("On 5.x:", found.wording if found.group != SILENT else "nothing; look at the result"),
            ("Cause:", found.cause),
            ("Popular, but wrong:", found.wrong_fix),
            ("Fix:", found.fix),
            ("Read more:", f"notebook {found.notebook}"),
        ],
    )


def symptom(id: str) -> Drawing:
    """Run the card's demonstration, and show the code and what a reader sees of it."""
    found = find(id)
    seen = observe(found.demo)
    text = first_sentences(seen.text) if seen.group == RED else seen.text
    label = "No message. The result:" if seen.group == SILENT else f"{seen.group.capitalize()}:"
    parts = [("Code:", source(found.demo)), (label, text)]
    if seen.group == YELLOW and isinstance(seen.result, bool | int | dict):
        parts.append(("And the result:", repr(seen.result)))
    return page(f"{id}: symptom", parts, code=("Code:", label))


def contrast(id: str) -> Drawing:
    """Run the working case beside the symptom, and show its code and result."""
    found = find(id)
    result = clean(repr(observe(found.contrast).result))
    parts = [("Code:", source(found.contrast)), ("The result:", result)]
    return page(f"{id}: the working case", parts, code=("Code:", "The result:"))


def cards() -> pd.DataFrame:
    """All cards: red errors first, then yellow reports, then those that say nothing."""
    found = sorted(all_cards().values(), key=lambda card: GROUPS.index(card.group))
    rows = [(card.id, card.group, card.title, card.notebook) for card in found]
    return pd.DataFrame(rows, columns=["card", "what you see", "trouble", "notebook"])


def rosetta(ids: Sequence[str] = ROSETTA) -> pd.DataFrame:
    """What 4.x said, and what the installed version says to the same: run now, not remembered."""
    rows = []
    for found in map(find, ids):
        seen = observe(found.demo)
        line = next((line for line in seen.text.splitlines() if line.strip()), "")
        now = f"nothing ({seen.text})" if seen.group == SILENT else textwrap.shorten(line, 110)
        rows.append((found.id, textwrap.shorten(found.said_4, 110), now))
    return pd.DataFrame(rows, columns=["card", "on 4.x", f"on {transformers.__version__}"])
