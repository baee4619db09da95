"""Drawn pictures of lesson 03: the generation loop, and what a temperature does."""

from collections.abc import Mapping, Sequence

from torch import Tensor

from course_models.language import tr
from course_utils.drawings import BODY, HEAD, NEUTRAL, RIGHT, Drawing, picture
from course_utils.pictures import box, label, line, svg

STEPS = ("the row so far", "score", "pick", "append")
TEMPERATURES = [0.1 * step for step in range(1, 21)]


def loop(tokens: Sequence[str], candidates: Mapping[str, float]) -> Drawing:
    """The generation loop in four frames: prompt, scores, pick, append.

    Args:
        tokens: what the model reads, as text; only the last four are drawn.
        candidates: next token → probability, the most probable first; four are drawn.
    """
    read = [*(["…"] if len(tokens) > 4 else []), *tokens[-4:]]
    best, *_ = candidates
    shown = list(candidates.items())[:4]
    parts = []
    for frame, title in enumerate(STEPS):
        x = 10 + 200 * frame
        parts += [label(x, 24, f"{frame + 1} {tr(title)}", bold=True), box(x, 34, 180, 196)]
        if frame < 3:
            parts.append(label(x + 190, 138, "→", "middle", bold=True))
        if frame in (0, 3):
            row = read if frame == 0 else [*read[1:], best] if len(read) > 4 else [*read, best]
            for place, token in enumerate(row):
                new = frame == 3 and place == len(row) - 1
                text = f"+ {token}" if new else token
                parts.append(box(x + 20, 42 + 37 * place, 140, 30, text, HEAD if new else BODY))
        else:
            for place, (token, chance) in enumerate(shown):
                y, picked = 50 + 44 * place, frame == 2 and token == best
                colour = RIGHT if picked else HEAD
                parts.append(label(x + 10, y + 10, f"{'✓ ' * picked}{token}", bold=picked))
                parts.append(label(x + 170, y + 10, f"{chance:.1%}", "end", bold=picked))
                parts.append(box(x + 10, y + 16, max(160 * chance, 1), 10, "", colour))
    parts.append(line(700, 230, 700, 252) + line(700, 252, 100, 252) + line(100, 252, 100, 232))
    parts.append(label(100, 244, "▲", "middle", NEUTRAL))
    parts.append(label(400, 270, tr("and again, with the longer row"), "middle"))
    scores = ", ".join(f"{token} {chance:.1%}" for token, chance in shown)
    text = tr(
        "1 the row so far: {row}. 2 score: {scores}. 3 pick: {best}. 4 append: {longer}. And "
        "again, with the longer row.",
        row=" ".join(read),
        scores=scores,
        best=best,
        longer=" ".join([*read, best]),
    )
    return picture(svg(800, 282, parts), text)


def temperature_curves(scores: Tensor, names: Mapping[int, str], cursor: float = 1.0) -> Drawing:
    """The probabilities of some tokens over the temperature, one labelled line each.

    Args:
        scores: the logits of one position, shape (vocabulary,).
        names: token id → how it is written.
        cursor: the temperature to mark, at which the text gives the numbers.
    """
    left, top, width, height = 60, 60, 440, 240

    def at(temperature: float, chance: float) -> tuple[float, float]:
        return left + width * (temperature - 0.1) / 1.9, top + height * (1 - chance)

    def chances(temperature: float) -> list[float]:
        return (scores / temperature).softmax(dim=-1)[list(names)].tolist()

    parts = [label(left, 24, tr("probability of the next token"), bold=True)]
    for share in (0, 0.25, 0.5, 0.75, 1):
        (x, y), (end, _) = at(0.1, share), at(2, share)
        parts += [line(x, y, end, y, "#d0d7de", 1), label(x - 8, y + 5, f"{share:.0%}", "end")]
    for temperature in (0.1, 0.5, 1, 1.5, 2):
        x, y = at(temperature, 0)
        parts.append(label(x, y + 20, f"{temperature:g}", "middle"))
    parts.append(label(left + width / 2, top + height + 42, tr("temperature"), "middle"))
    curves = [chances(temperature) for temperature in TEMPERATURES]
    for place in range(len(names)):
        points = [at(t, row[place]) for t, row in zip(TEMPERATURES, curves)]
        path = " L".join(f"{x:.1f} {y:.1f}" for x, y in points)
        parts.append(f'<path d="M{path}" stroke="{BODY}" stroke-width="2" fill="none"/>')
    x, _ = at(cursor, 0)
    parts.append(line(x, top - 6, x, top + height, HEAD, 2, dashed=True))
    parts.append(label(x, top - 8, f"▼ {cursor:g}", "middle", HEAD, bold=True))
    # Labels at the ends of the lines, lowest first, pushed up where they would overlap.
    (end, lowest), room = at(2, 0), 16
    limit = lowest + room / 2
    ends = zip(names.values(), curves[-1], chances(cursor), strict=True)
    for name, last, now in sorted(ends, key=lambda entry: entry[1]):
        y = at(2, last)[1]
        limit = min(y, limit - room)
        parts += [line(end, y, end + 18, limit, "#d0d7de", 1)]
        parts.append(label(end + 22, limit + 5, f"{name} {now:.1%}"))
    said = ", ".join(f"{n} {c:.1%}" for n, c in zip(names.values(), chances(cursor)))
    low, high = (f"{curves[end][0]:.1%}" for end in (0, -1))
    first = next(iter(names.values()))
    text = tr(
        "Probability of the next token over the temperature. At {cursor:g}: {said}. {first} falls "
        "from {low} at temperature 0.1 to {high} at 2.",
        cursor=cursor,
        said=said,
        first=first,
        low=low,
        high=high,
    )
    return picture(svg(720, 356, parts), text)
