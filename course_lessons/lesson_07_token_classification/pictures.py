"""Picture of lesson 07: labels in boxes above the text."""

from collections.abc import Sequence

from course_models.language import tr
from course_utils.drawings import HEAD, NEUTRAL, Drawing, picture
from course_utils.pictures import box, label, line, svg

WIDTH = 8.6  # pixels of one monospaced character at 14 pixels
LINE = 84  # characters in one line


def iob(text: str, offsets: Sequence[Sequence[int]], labels: Sequence[str]) -> Drawing:
    """The text, and above each token that has a label other than O a box that opens or continues.

    Args:
        text: the text as the reader wrote it.
        offsets: (start, end) of each token in characters; empty for special tokens.
        labels: one label per token, such as "B-LOC".
    """
    parts, said, column, row = [], [], 0, 0
    for place, ((start, end), name) in enumerate(zip(offsets, labels)):
        if start == end:
            continue
        piece = text[start:end]
        width = max(len(piece), len(name) + 1 if name != "O" else 0)
        if column + width > LINE:
            column, row = 0, row + 1
        x, y = 16 + column * WIDTH, 20 + row * 62
        parts.append(label(x, y + 42, piece))
        if name == "O":
            parts.append(line(x, y + 48, x + WIDTH * len(piece), y + 48, NEUTRAL, 1))
        else:
            parts.append(box(x - 2, y, WIDTH * width, 24, name, HEAD, dashed=name[0] == "I"))
            said.append(f"{piece} {name}")
        spaced = text[end : offsets[place + 1][0]] if place + 1 < len(offsets) else ""
        column += width + (1 if spaced or name != "O" else 0)
    drawn = svg(round(WIDTH * LINE) + 40, 20 + (row + 1) * 62, parts)
    drawn = drawn.replace("system-ui,sans-serif", "ui-monospace,Menlo,Consolas,monospace")
    return picture(
        drawn, tr("Labels above the text: {said}.", said=", ".join(said) or tr("each is O"))
    )
