"""Find the cards of the error clinic that fit a pasted error."""

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache

from course_utils.clinic import SILENT, Card, all_cards, clean, page
from course_utils.drawings import Drawing

SHOWN = 3
COMMON = frozenset(
    "a an and are as at be but by can do does error for from has have i if in into is it its me my "
    "not object of on or s so that the then there this to use using was we what when why with you "
    "your".split()
)


class Found(Drawing):
    """What `explain_error` shows; `ids` names the cards, the best first."""

    def __init__(self, ids: list[str], drawing: Drawing):
        self.ids = ids
        super().__init__(drawing.html, drawing.text)


def explain_error(text: str) -> Found:
    """Find cards by any piece of an error, in 4.x or 5.x wording, pasted as it is."""
    scores = {id: _score(found, str(text)) for id, found in all_cards().items()}
    best = max(scores.values())
    near = sorted((id for id in scores if scores[id] > 0.4 * best), key=scores.get, reverse=True)
    if best < 1:
        advice = (
            "No card fits this text. Paste the last line of the traceback, which begins with the "
            "name of the error, or the first line of the report; or look through cards()."
        )
        return Found([], page("explain_error", [("Sorry:", advice)]))
    parts = []
    for found in (all_cards()[id] for id in near[:SHOWN]):
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
    cards = all_cards().values()
    said = {c.id: (c.said_4, c.title, c.wording * (c.group != SILENT)) for c in cards}
    own = {id: _phrases(texts) for id, texts in said.items()}
    return own, Counter(phrase for phrases in own.values() for phrase in phrases)


def _phrases(texts: Iterable[str]) -> set[tuple[str, ...]]:
    """Words, pairs and triples of words; a pair says more than its words."""
    found = set()
    for text in texts:
        words = [w for w in re.findall(r"\w+", text.lower()) if w not in COMMON]
        found |= {tuple(words[i : i + n]) for n in (1, 2, 3) for i in range(len(words) - n + 1)}
    return found
