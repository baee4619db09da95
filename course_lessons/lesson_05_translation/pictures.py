"""Drawn pictures of lesson 05: encoder and decoder, a beam tree, and lines of attention."""

from collections.abc import Sequence
from dataclasses import dataclass

from course_models.language import tr
from course_utils.drawings import BODY, HEAD, NEUTRAL, RIGHT, Drawing, picture
from course_utils.pictures import box, label, line, svg

SEEN = 0.05  # a thinner line of attention is not drawn


def encoder_decoder(source: Sequence[str], written: Sequence[str]) -> Drawing:
    """What the encoder reads, what the decoder has written, and what it looks at.

    Args:
        source: the input's tokens; the first six are drawn.
        written: the decoder's tokens, start token first; the first six are drawn.
    """
    parts, wide = [], 100
    has = list(written[:5])
    rows = {tr("the encoder reads"): list(source[:6]), tr("the decoder has"): has}
    for row, (words, tokens) in enumerate(rows.items()):
        for place, token in enumerate(tokens):
            x = 150 + wide * place
            parts.append(box(x, 30 + 190 * row, wide - 10, 32, token))
            ends = (220, 188) if row else (62, 86)
            parts.append(line(x + 45, ends[0], x + 45, ends[1]))
        parts.append(label(140, 51 + 190 * row, words, "end"))
    parts += [box(150, 86, 590, 36, tr("encoder: looks to both sides"), BODY)]
    parts += [box(150, 152, 490, 36, tr("decoder: looks only to the left"), BODY)]
    parts += [line(200, 122, 200, 152, width=3), label(212, 142, tr("▼ cross-attention"))]
    parts += [line(640, 170, 660, 170), box(660, 152, 80, 36, tr("head"), HEAD)]
    following = written[len(has)] if len(written) > 5 else written[-1]
    parts += [line(700, 188, 700, 220), box(655, 220, 90, 32, following, RIGHT)]
    parts.append(label(700, 270, tr("✓ next token"), "middle"))
    text = tr(
        "The encoder reads {source} and looks to both sides. The decoder has {written}, looks "
        "only to the left, and through cross-attention at the encoder. The head on the decoder "
        "gives the next token: {following}.",
        source=" ".join(source),
        written=" ".join(has),
        following=following,
    )
    return picture(svg(760, 286, parts), text)


@dataclass(frozen=True)
class Node:
    """A beginning in a beam search.

    Attributes:
        step: how many tokens it has, from 1.
        rank: its place among those of its step, from 0.
        parent: rank of the beginning one step before that it continues; 0 in step 1.
        text: what it says.
        token: its last token; for a text that has ended the same as before.
        score: sum of its log-probabilities.
        kept: whether the search goes on with it.
        ended: whether it is complete.
    """

    step: int
    rank: int
    parent: int
    text: str
    token: str
    score: float
    kept: bool
    ended: bool


def beam_tree(nodes: Sequence[Node], title: str) -> Drawing:
    """A beam search as a tree: one column a step, the best beginning of a step on top.

    Args:
        nodes: all beginnings to draw, whose parents were kept.
        title: what is searched.
    """
    steps = max(node.step for node in nodes)
    ranks = max(node.rank for node in nodes) + 1
    column, row, wide = 158, 54, 126

    def at(step: int, rank: int) -> tuple[float, float]:
        return 16 + column * (step - 1), 66 + row * rank

    parts, lines, end = [label(16, 26, title, bold=True)], [title], tr(" (end)")
    for step in range(1, steps + 1):
        parts.append(
            label(at(step, 0)[0] + wide / 2, 52, tr("step {step}", step=step), "middle", NEUTRAL)
        )
        lines.append(tr("step {step}", step=step))
        for node in (node for node in nodes if node.step == step):
            x, y = at(step, node.rank)
            colour = RIGHT if node.kept else NEUTRAL
            if step > 1:
                px, py = at(step - 1, node.parent)
                parts.append(
                    line(
                        px + wide,
                        py + 20,
                        x,
                        y + 20,
                        colour,
                        2 if node.kept else 1.5,
                        dashed=not node.kept,
                    )
                )
            parts.append(box(x, y, wide, 40, "", colour, dashed=not node.kept))
            sign = "★ " if node.kept else "✗ "
            parts.append(label(x + 8, y + 17, f"{sign}{node.token}", bold=node.kept))
            parts.append(label(x + 8, y + 34, f"{node.score:.2f}{end * node.ended}"))
            mark = "★" if node.kept else " "
            lines.append(f"{mark} {node.score:6.2f}  {node.text}{end * node.ended}")
    size = 16 + column * steps, 66 + row * ranks + 10
    return picture(svg(*size, parts), "\n".join(lines))


def attention_lines(
    weights: Sequence[Sequence[float]], rows: Sequence[str], columns: Sequence[str]
) -> Drawing:
    """Two rows of tokens, joined by lines as thick as the attention between them.

    Args:
        weights: one row of weights (0 to 1) per entry of `rows`; those ≤ SEEN are left out.
        rows: the tokens that were written, drawn below.
        columns: the tokens that were read, drawn above.
    """
    wide = 92
    parts, said = [label(12, 26, tr("read (above) and written (below)"), bold=True)], []
    for row, (name, values) in enumerate(zip(rows, weights, strict=True)):
        x = 12 + wide * row + wide / 2 - 4
        strongest = max(range(len(values)), key=values.__getitem__)
        for place, weight in enumerate(values):
            if weight > SEEN:
                colour = HEAD if place == strongest else NEUTRAL
                end = 12 + wide * place + wide / 2 - 4
                parts.append(line(x, 210, end, 70, colour, round(9 * weight, 1)))
        parts.append(box(12 + wide * row, 210, wide - 8, 30, name, BODY))
        said.append(
            tr(
                "{name} looks most at {column} ({weight:.2f})",
                name=name,
                column=columns[strongest],
                weight=values[strongest],
            )
        )
    for place, name in enumerate(columns):
        parts.append(box(12 + wide * place, 40, wide - 8, 30, name, BODY))
    width = 20 + wide * max(len(rows), len(columns))
    return picture(svg(width, 256, parts), "; ".join(said) + ".")
