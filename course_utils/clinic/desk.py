"""What learners call: look at a card, reproduce its symptom, find a card by an error's words."""

import difflib
import re
import textwrap
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache

import pandas as pd
import transformers

from course_utils.clinic import cards_red, cards_silent, cards_yellow
from course_utils.clinic.engine import (
    GROUPS,
    RED,
    SILENT,
    YELLOW,
    Card,
    Drawing,
    clean,
    first_sentences,
    observe,
    page,
    source,
)
from course_utils.messages import CourseError

CARDS = {c.id: c for module in (cards_red, cards_yellow, cards_silent) for c in module.CARDS}
SHOWN = 3
ROSETTA = (  # what people still search for, and why they no longer find it
    *("missing-head", "unexpected-weights", "label-count", "no-generate", "no-decoder-ids", "typo"),
    *("encode-plus", "dead-class", "old-pipeline", "torch-dtype", "load-in-8bit", "gated"),
)
COMMON = frozenset(
    "a an and are as at be but by can do does error for from has have i if in into is it its me my "
    "not object of on or s so that the then there this to use using was we what when why with you "
    "your".split()
)


def find(id: str) -> Card:
    """The card with this id.

    Raises:
        CourseError: there is none; the message names the nearest ones.
    """
    if id not in CARDS:
        near = difflib.get_close_matches(str(id), CARDS, n=3, cutoff=0.3) or list(CARDS)[:3]
        raise CourseError(
            f"There is no card {id!r}: did you mean {', '.join(near)}? cards() lists them all."
        )
    return CARDS[id]


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
    rows = [
        (c.id, c.group, c.title, c.notebook) for g in GROUPS for c in CARDS.values() if c.group == g
    ]
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


class Found(Drawing):
    """What `explain_error` shows; `ids` names the cards, the best first."""

    def __init__(self, ids: list[str], drawing: Drawing):
        self.ids = ids
        super().__init__(drawing.html, drawing.text)


def explain_error(text: str) -> Found:
    """Find cards by any piece of an error, in 4.x or 5.x wording, pasted as it is."""
    scores = {id: _score(found, str(text)) for id, found in CARDS.items()}
    best = max(scores.values())
    near = sorted((id for id in scores if scores[id] > 0.4 * best), key=scores.get, reverse=True)
    if best < 1:
        advice = (
            "No card fits this text. Paste the last line of the traceback, which begins with the "
            "name of the error, or the first line of the report; or look through cards()."
        )
        return Found([], page("explain_error", [("Sorry:", advice)]))
    parts = []
    for found in (CARDS[id] for id in near[:SHOWN]):
        parts += [(f"{found.id}:", f"{found.title} ({found.group})"), ("Cause:", found.cause)]
        parts += [("Fix:", found.fix), ("See it:", f'card("{found.id}"), symptom("{found.id}")')]
    return Found(near[:SHOWN], page("This looks like", parts))


def _score(found: Card, text: str) -> float:
    flat = " ".join(clean(text).split())
    shared = _phrases([flat]) & _known()[0][found.id]
    score = sum(_weight(phrase) / _known()[1][phrase] for phrase in shared)
    # The message itself outweighs words that merely resemble it.
    messages = found.says_5.split("|") if found.group != SILENT else ()
    if any(re.search(part, flat, re.IGNORECASE) for part in messages):
        score += 2 + 2 * len(_phrases([found.wording]))
    return score


def _weight(phrase: tuple[str, ...]) -> float:
    # A short word alone says little; an identifier or a long one may be all that is pasted.
    telling = "_" in phrase[0] or len(phrase[0]) >= 10
    return len(phrase) if len(phrase) > 1 or telling else 0.5


@cache
def _known() -> tuple[dict[str, set], Counter]:
    said = {c.id: (c.said_4, c.title, c.wording * (c.group != SILENT)) for c in CARDS.values()}
    own = {id: _phrases(texts) for id, texts in said.items()}
    return own, Counter(phrase for phrases in own.values() for phrase in phrases)


def _phrases(texts: Iterable[str]) -> set[tuple[str, ...]]:
    """Words, pairs and triples of words; a pair says more than its words."""
    found = set()
    for text in texts:
        words = [w for w in re.findall(r"\w+", text.lower()) if w not in COMMON]
        found |= {tuple(words[i : i + n]) for n in (1, 2, 3) for i in range(len(words) - n + 1)}
    return found
