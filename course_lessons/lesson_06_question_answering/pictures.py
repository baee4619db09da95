"""Pictures of lesson 06: a pair as one sequence, and the scores above the text."""

from collections.abc import Sequence

from course_models.language import tr
from course_utils.drawings import BODY, HEAD, NEUTRAL, Drawing, picture
from course_utils.pictures import box, label, line, svg

WIDTH, LINE = 10, 82  # pixels of a character, characters in a line
PARTS = {None: NEUTRAL, 0: BODY, 1: HEAD}
NAMES = {None: "special", 0: "part 0", 1: "part 1"}


def _places(tokens: Sequence[str], height: int) -> list[tuple[float, float, float]]:
    """x, y and width of each token, in lines of LINE characters."""
    places, column, row = [], 0, 0
    for token in tokens:
        size = len(token) + 1
        if column + size > LINE:
            column, row = 0, row + 1
        places.append((12 + column * WIDTH, 12 + row * height, size * WIDTH - 4))
        column += size
    return places


def pair(tokens: Sequence[str], parts: Sequence[int | None]) -> Drawing:
    """One sequence made of two texts: each token in a box, with the part it belongs to below.

    Args:
        tokens: the tokens of the sequence.
        parts: what `sequence_ids` gives: 0, 1, or None for special tokens.
    """
    drawn, places = [], _places(tokens, 64)
    for token, part, (x, y, width) in zip(tokens, parts, places):
        drawn.append(box(x, y, width, 28, token, PARTS[part], dashed=part is None))
        drawn.append(label(x + width / 2, y + 44, "–" if part is None else str(part), "middle"))
    said = ", ".join(f"{token} ({tr(NAMES[part])})" for token, part in zip(tokens, parts))
    height = round(places[-1][1]) + 64
    return picture(
        svg(WIDTH * LINE + 24, height, drawn), tr("One sequence of two parts: {said}", said=said)
    )


def scores(
    tokens: Sequence[str], inside: Sequence[bool], start: Sequence[float], end: Sequence[float]
) -> Drawing:
    """Two bars above each token of the context: the probabilities of a start and of an end.

    Args:
        tokens: the tokens of the sequence.
        inside: whether each belongs to the context.
        start: probability that the answer starts at each token.
        end: probability that it ends there.
    """
    kept = [(t, s, e) for t, within, s, e in zip(tokens, inside, start, end) if within]
    drawn, places, said = [], _places([max(t, "_" * 5, key=len) for t, *_ in kept], 130), []
    for (token, *pair_of), (x, y, width) in zip(kept, places):
        drawn.append(line(x, y + 90, x + width, y + 90))
        for place, (value, colour) in enumerate(zip(pair_of, (BODY, HEAD))):
            high = 80 * value
            drawn.append(
                f'<rect x="{x + place * 20}" y="{y + 90 - high}" width="16" height="{high}" '
                f'fill="{colour}"/>'
            )
            if value >= 0.05:
                letter = label(x + place * 20 + 8, y + 86 - high, "SE"[place], "middle", colour)
                drawn.append(letter)
        drawn.append(label(x, y + 108, token))
        if max(pair_of) >= 0.05:
            said.append(
                tr(
                    "{token}: start {start:.0%}, end {end:.0%}",
                    token=token,
                    start=pair_of[0],
                    end=pair_of[1],
                )
            )
    height = round(places[-1][1]) + 130
    text = tr("S is the probability of a start, E of an end. ") + "; ".join(said)
    return picture(svg(WIDTH * LINE + 24, height, drawn), text)
