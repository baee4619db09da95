"""Find the cards of the error clinic that fit a pasted error, and say when none does.

What went wrong stands in the last line of a traceback that begins with the name of an error. File
names and lines of code above it hold many words that fit other cards, so they do not count.
"""

import re
from collections.abc import Set
from functools import cache

from course_lessons.lesson_11_error_clinic.card import (
    GROUP_WORDS,
    SILENT,
    Card,
    all_cards,
    clean,
    page,
)
from course_models.language import tr
from course_utils.drawings import Drawing

SHOWN = 3
CHINESE = "\u3400-\u9fff"  # of a character set in a regular expression
LONGEST = 20_000  # characters that are looked at: the end of a longer text, where the error is
ERROR = re.compile(
    r"^\W*(?:[A-Za-z_]\w*\.)*[A-Z]\w*(?:Error|Exception|Warning|Interrupt)\b\W*[:：]"
)
FRAME = re.compile(
    r"""^\s*(?:File\s"|Cell\sIn\[|-*>\s*\d+\s|\d+\s|[~^]+\s*$|\.\.\.|/\S+\.py|Traceback\s\(most
    |During\shandling|The\sabove\sexception|\S+\.py\sin\s)""",
    re.VERBOSE,
)
PYTHONS_OWN = re.compile(r"\S+ object has no attribute \S+")  # alike whatever went wrong
ENOUGH = 0.6  # share of a message's word triples that has to be a card's
READING_ORDER = (
    "No card fits this text, so here is the way to read it yourself. 1. The last line that begins "
    "with the name of an error says what went wrong. 2. Go upwards to the last line of your own "
    "code: that call caused it. 3. If there is “During handling of …”, the first error is the "
    "cause. 4. Search the web for the message without your own names and paths. cards() lists what "
    "this clinic knows."
)


class Found(Drawing):
    """What `explain_error` shows; `ids` names the cards, the best first, none if unsure."""

    def __init__(self, ids: list[str], drawing: Drawing):
        self.ids = ids
        super().__init__(drawing.html, drawing.text)


def explain_error(text: str) -> Found:
    """Find cards by an error or a report, in 4.x or 5.x wording, pasted as it is.

    Args:
        text: the message alone, the whole traceback, or either among words of your own.
    """
    message = said_in(str(text))
    scores = {id: _score(card, message) for id, card in all_cards().items()}
    near = sorted((id for id in scores if scores[id] > 0), key=scores.get, reverse=True)[:SHOWN]
    if not near:
        return Found([], page("explain_error", [(tr("No card:"), tr(READING_ORDER))]))
    parts = []
    for found in (all_cards()[id] for id in near):
        parts += [
            (f"{found.id}:", f"{tr(found.title)} ({tr(GROUP_WORDS[found.group])})"),
            (tr("Cause:"), tr(found.cause)),
        ]
        parts += [
            (tr("Fix:"), tr(found.fix)),
            (tr("See it:"), f'card("{found.id}"), symptom("{found.id}")'),
        ]
    return Found(near, page(tr("This looks like"), parts))


def said_in(text: str) -> str:
    """The message in a pasted text: from its last error line on, without frames, in one line."""
    lines = [line for line in clean(text[-LONGEST:]).splitlines() if not FRAME.match(line)]
    starts = [number for number, line in enumerate(lines) if ERROR.match(line)]
    kept = lines[starts[-1] :] if starts else lines
    return " ".join(" ".join(kept).split())


def _score(card: Card, message: str) -> float:
    # A card's own wordings outweigh words that merely resemble it.
    # Of two that fit, the one that says more is about this case.
    also = re.search(card.also, message, re.IGNORECASE) if card.also else None
    said = card.group != SILENT and re.search(card.says_5, message, re.IGNORECASE)
    if said or also:
        return 2 + max(len(card.wording) if said else 0, len(also[0]) if also else 0) / LONGEST
    own, given = _triples(card), _words_by_three(PYTHONS_OWN.sub("", message))
    few = all(len(part) < 3 for part in given)
    if few and not ERROR.match(message):  # a word or two, of which a name in code may be one
        names = set(re.findall(r"\w+_\w+", message.lower(), re.ASCII))
        if names & set(re.findall(r"\w+_\w+", card.said_4.lower())):
            return 1.0
    return max(_share(own, given, length) for length in (2, 3))


def _share(own: Set[tuple[str, ...]], given: Set[tuple[str, ...]], length: int) -> float:
    # Each script by itself: what is said in Chinese around an error does not make it less of one.
    own, given = ({part for part in parts if len(part) == length} for parts in (own, given))
    share = len(own & given) / max(1, min(len(own), len(given)))
    return share if share >= ENOUGH else 0.0


@cache
def _triples(card: Card) -> frozenset[tuple[str, ...]]:
    wording = "" if card.group == SILENT else card.wording
    return frozenset().union(*map(_words_by_three, (card.said_4, card.title, wording)))


def _words_by_three(text: str) -> frozenset[tuple[str, ...]]:
    found: set[tuple[str, ...]] = set()
    # Chinese has no spaces, so its characters are taken two by two; and it may stand next to a
    # name without any.
    for part in re.findall(rf"[{CHINESE}]+|[^{CHINESE}]+", text.lower()):
        chinese = re.match(f"[{CHINESE}]", part)
        words = list(part) if chinese else re.findall(r"\w+", part)
        found |= set(zip(words, words[1:]) if chinese else zip(words, words[1:], words[2:]))
    return frozenset(found)
