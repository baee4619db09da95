"""The error clinic: look at a card, reproduce its symptom, find a card by an error's words."""

from collections.abc import Sequence

import pandas as pd
import transformers

from course_lessons.lesson_11_error_clinic.card import (
    GROUP_WORDS,
    RED,
    SILENT,
    YELLOW,
    clean,
    find_card,
    first_sentences,
    observe,
    page,
    source,
)
from course_lessons.lesson_11_error_clinic.cards import WHEN, when
from course_lessons.lesson_11_error_clinic.error_search import explain_error
from course_models.language import shorten, tr
from course_utils.drawings import Drawing

__all__ = ["card", "cards", "contrast", "explain_error", "rosetta", "symptom"]

COLUMNS = ("what you did", "card", "what you see", "trouble", "notebook")
ROSETTA = (  # what people still search for, and why they no longer find it
    *("missing-head", "unexpected-weights", "label-count", "no-generate", "no-decoder-ids", "typo"),
    *("encode-plus", "as-target", "dead-class", "old-pipeline", "torch-dtype", "load-in-8bit"),
    *("gated", "no-tokenizer-files"),
)


def card(id: str) -> Drawing:
    """A card to read: symptom, cause, the popular wrong fix, the fix."""
    found = find_card(id)
    note = (
        tr(" A stand-in plays the hub here, since the course is offline.") if found.recorded else ""
    )
    now = found.wording if found.group != SILENT else tr("nothing; look at the result")
    return page(
        f"{found.id}: {tr(found.title)}",
        [
            (tr("What you did:"), tr(when(id))),
            (tr("What you see:"), tr(GROUP_WORDS[found.group]) + tr(".") + note),
            (tr("On 4.x:"), found.said_4),
            (tr("On 5.x:"), now),
            (tr("Cause:"), tr(found.cause)),
            (tr("Popular, but wrong:"), tr(found.wrong_fix)),
            (tr("Fix:"), tr(found.fix)),
            (tr("Read more:"), tr("notebook {number}", number=found.notebook)),
        ],
    )


def symptom(id: str) -> Drawing:
    """Run the card's demonstration, and show the code and what a reader sees of it."""
    found = find_card(id)
    seen = observe(found.demo)
    text = first_sentences(seen.text) if seen.group == RED else seen.text
    label = {
        RED: tr("Red error:"),
        YELLOW: tr("Yellow report:"),
        SILENT: tr("No message. The result:"),
    }[seen.group]
    parts = [(tr("Code:"), source(found.demo)), (label, text)]
    if seen.group == YELLOW and isinstance(seen.result, bool | int | dict):
        parts.append((tr("And the result:"), repr(seen.result)))
    return page(tr("{id}: symptom", id=id), parts, code=(tr("Code:"), label))


def contrast(id: str) -> Drawing:
    """Run the working case beside the symptom, and show its code and result."""
    found = find_card(id)
    result = clean(repr(observe(found.contrast).result))
    labels = tr("Code:"), tr("The result:")
    parts = list(zip(labels, (source(found.contrast), result)))
    return page(tr("{id}: the working case", id=id), parts, code=labels)


def cards() -> pd.DataFrame:
    """All cards by what one did when the trouble came, in the order of a program."""
    rows = []
    for doing, ids in WHEN.items():
        for found in map(find_card, ids):
            seen = tr(GROUP_WORDS[found.group])
            rows.append((tr(doing), found.id, seen, tr(found.title), found.notebook))
    return pd.DataFrame(rows, columns=list(map(tr, COLUMNS)))


def rosetta(ids: Sequence[str] = ROSETTA) -> pd.DataFrame:
    """What 4.x said, and what the installed version says to the same: run now, not remembered."""
    rows = []
    for found in map(find_card, ids):
        seen = observe(found.demo)
        line = next((line for line in seen.text.splitlines() if line.strip()), "")
        now = (
            tr("nothing ({result})", result=seen.text)
            if seen.group == SILENT
            else shorten(line, 110)
        )
        rows.append((found.id, shorten(found.said_4, 110), now))
    return pd.DataFrame(
        rows,
        columns=[tr("card"), tr("on 4.x"), tr("on {version}", version=transformers.__version__)],
    )
