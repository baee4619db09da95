"""Pictures of 02_config_and_parameters."""

from collections.abc import Mapping

from course_models.language import tr
from course_utils.drawings import BODY, NEUTRAL, PALE, WRONG, Drawing, picture
from course_utils.pictures import box, label, line, svg

WIDEST, DEEPEST = 960, 24  # what the axes of `blocks` reach to
FORMATS = {"float32": 4, "float16, bfloat16": 2, "8-bit": 1, "4-bit": 0.5}  # bytes per number


def blocks(n_embd: int, n_layer: int, n_head: int) -> Drawing:
    """A GPT-2 as a stack: its width, its depth and its heads, on axes that stay the same.

    Args:
        n_embd: width, up to WIDEST.
        n_layer: blocks, up to DEEPEST.
        n_head: pieces that each block is cut into; where they come out uneven, nothing is cut.
    """
    fits, across = n_embd % n_head == 0, 560 / WIDEST
    colour, width = (BODY if fits else WRONG), n_embd * across
    bottom, left = 350, 150
    frame = box(
        left, bottom - 12 * DEEPEST, WIDEST * across, 12 * DEEPEST, "", NEUTRAL, dashed=True
    )
    parts = [frame]
    for layer in range(n_layer):
        y = bottom - 12 * (layer + 1)
        parts.append(
            f'<rect x="{left}" y="{y}" width="{width:.1f}" height="10" fill="{PALE[colour]}" '
            f'stroke="{colour}"/>'
        )
    for cut in range(1, n_head if fits else 1):
        x = round(left + width * cut / n_head, 1)
        parts.append(line(x, bottom - 12 * n_layer, x, bottom - 2, colour, 1))
    each = n_embd // n_head
    head = (
        tr("{count} heads, {width} wide each", count=n_head, width=each)
        if fits
        else tr("✗ no even cut")
    )
    sides = [
        (left - 12, bottom - 6 * n_layer + 5, f"n_layer = {n_layer}", "end"),
        (left + width / 2, bottom - 12 * n_layer - 8, f"n_embd = {n_embd}", "middle"),
        (left, bottom + 52, f"n_head = {n_head}: {head}", "start"),
    ]
    parts += [label(x, y, text, anchor, colour, bold=True) for x, y, text, anchor in sides]
    parts.append(box(left, bottom + 6, width, 24, tr("token and position tables"), colour))
    words = tr(
        "{blocks} blocks, each {width} wide; n_head = {heads}: {head}.",
        blocks=n_layer,
        width=n_embd,
        heads=n_head,
        head=head,
    )
    return picture(svg(740, bottom + 66, parts), words)


def memory(sizes: Mapping[str, int]) -> Drawing:
    """What the weights of models take in several number formats, on one scale.

    Args:
        sizes: name of a model → its number of parameters.
    """
    largest = max(sizes.values()) * max(FORMATS.values())
    parts, said, y = [], [tr("Memory of the weights.")], 10
    for name, parameters in sizes.items():
        y += 26
        heading = tr("{name}: {count:,} parameters", name=name, count=parameters)
        parts.append(label(16, y, heading, bold=True))
        words = []
        for form, each in FORMATS.items():
            y += 24
            megabytes = parameters * each / 1e6
            parts.append(label(150, y, form, "end"))
            width = max(1, 440 * parameters * each / largest)
            parts.append(
                f'<rect x="160" y="{y - 13}" width="{width:.1f}" height="16" '
                f'fill="{PALE[BODY]}" stroke="{BODY}"/>'
            )
            parts.append(label(168 + width, y, f"{megabytes:,.0f} MB"))
            words.append(f"{form} {megabytes:,.0f} MB")
        said.append(f"{name}: {', '.join(words)}.")
    return picture(svg(740, y + 18, parts), " ".join(said))
