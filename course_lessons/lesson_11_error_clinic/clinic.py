"""The error clinic: look at a card, reproduce its symptom, find a card by an error's words."""

import textwrap
from collections.abc import Sequence

import pandas as pd
import transformers

from course_lessons.lesson_11_error_clinic.card import (
    GROUP_WORDS,
    RED,
    SILENT,
    YELLOW,
    all_cards,
    clean,
    find_card,
    first_sentences,
    observe,
    page,
    source,
)
from course_lessons.lesson_11_error_clinic.error_search import explain_error
from course_utils.drawings import Drawing

__all__ = ["card", "cards", "contrast", "explain_error", "rosetta", "symptom"]

ROSETTA = (  # what people still search for, and why they no longer find it
    *("missing-head", "unexpected-weights", "label-count", "no-generate", "no-decoder-ids", "typo"),
    *("encode-plus", "dead-class", "old-pipeline", "torch-dtype", "load-in-8bit", "gated"),
)


def card(id: str) -> Drawing:
    """A card to read: symptom, cause, the popular wrong fix, the fix."""
    found = find_card(id)
    note = " A stand-in plays the hub here, since the course is offline." if found.recorded else ""
    return page(
        f"{found.id}: {found.title}",
        [
            ("What you see:", GROUP_WORDS[found.group] + "." + note),
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
    found = find_card(id)
    seen = observe(found.demo)
    text = first_sentences(seen.text) if seen.group == RED else seen.text
    label = (
        "No message. The result:"
        if seen.group == SILENT
        else f"{GROUP_WORDS[seen.group].capitalize()}:"
    )
    parts = [("Code:", source(found.demo)), (label, text)]
    if seen.group == YELLOW and isinstance(seen.result, bool | int | dict):
        parts.append(("And the result:", repr(seen.result)))
    return page(f"{id}: symptom", parts, code=("Code:", label))


def contrast(id: str) -> Drawing:
    """Run the working case beside the symptom, and show its code and result."""
    found = find_card(id)
    result = clean(repr(observe(found.contrast).result))
    parts = [("Code:", source(found.contrast)), ("The result:", result)]
    return page(f"{id}: the working case", parts, code=("Code:", "The result:"))


def cards() -> pd.DataFrame:
    """All cards: red errors first, then yellow reports, then those that say nothing."""
    found = sorted(all_cards().values(), key=lambda card: list(GROUP_WORDS).index(card.group))
    rows = [(card.id, GROUP_WORDS[card.group], card.title, card.notebook) for card in found]
    return pd.DataFrame(rows, columns=["card", "what you see", "trouble", "notebook"])


def rosetta(ids: Sequence[str] = ROSETTA) -> pd.DataFrame:
    """What 4.x said, and what the installed version says to the same: run now, not remembered."""
    rows = []
    for found in map(find_card, ids):
        seen = observe(found.demo)
        line = next((line for line in seen.text.splitlines() if line.strip()), "")
        now = f"nothing ({seen.text})" if seen.group == SILENT else textwrap.shorten(line, 110)
        rows.append((found.id, textwrap.shorten(found.said_4, 110), now))
    return pd.DataFrame(rows, columns=["card", "on 4.x", f"on {transformers.__version__}"])
