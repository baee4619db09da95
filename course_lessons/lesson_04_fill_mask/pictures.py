"""Drawn picture of lesson 04: candidates on one scale."""

import math
from collections.abc import Mapping

from course_models.language import tr
from course_utils.drawings import HEAD, NEUTRAL, RIGHT, Drawing, picture
from course_utils.pictures import label, line, svg

LOWEST = -8  # powers of ten


def scale(chances: Mapping[str, float], title: str) -> Drawing:
    """Probabilities of some words on one line from 10⁻⁸ to 1, each step ten times the last.

    Args:
        chances: word → probability; at least one.
        title: what they are candidates for.
    """
    left, width, axis = 40, 620, 60 + 26 * len(chances)

    def at(power: float) -> float:
        return left + width * (1 - max(power, LOWEST) / LOWEST)

    parts = [label(left, 26, title, bold=True), line(left, axis, left + width, axis)]
    for power in range(LOWEST, 1, 2):
        name = f"{10.0**power:.0e}" if power < -4 else f"{10.0**power:g}"
        parts.append(line(at(power), 40, at(power), axis + 6, "#d0d7de", 1))
        parts.append(label(at(power), axis + 24, name, "middle", NEUTRAL))
    ranked = sorted(chances.items(), key=lambda pair: -pair[1])
    for row, (word, chance) in enumerate(ranked):
        x, y = at(math.log10(chance) if chance > 0 else LOWEST), 62 + 26 * row
        colour = RIGHT if row == 0 else HEAD
        side = (x - 10, "end") if x > left + width / 2 else (x + 10, "start")
        parts.append(line(x, y, x, axis, colour, 1, dashed=True))
        parts.append(f'<circle cx="{x}" cy="{y}" r="5" fill="{colour}"/>')
        best = "✓ " if row == 0 else ""
        parts.append(label(side[0], y + 5, f"{best}{word} {chance:.2g}", side[1], bold=row == 0))
    said = ", ".join(f"{word} {chance:.2g}" for word, chance in ranked)
    return picture(
        svg(700, axis + 40, parts),
        tr("{title}, most probable first: {said}.", title=title, said=said),
    )
