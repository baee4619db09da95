"""Pictures of lesson 09: sentences in a plane, and what a masked mean averages."""

from collections.abc import Sequence

import torch

from course_models.language import tr
from course_utils.drawings import BODY, NEUTRAL, Drawing, picture
from course_utils.pictures import box, label, line, svg


def plane(vectors: torch.Tensor, names: Sequence[str], nearest: Sequence[int]) -> Drawing:
    """Vectors in the two directions in which they differ most, each joined to its nearest other.

    Args:
        vectors: of shape (texts, width).
        names: one short name per text.
        nearest: for each text the number of its nearest other, counted from 1.
    """
    centred = vectors - vectors.mean(dim=0)
    _, sizes, directions = torch.linalg.svd(centred, full_matrices=False)
    points = centred @ directions[:2].T
    kept = float((sizes[:2] ** 2).sum() / (sizes**2).sum())
    span = (points.max(dim=0).values - points.min(dim=0).values).clamp(min=1e-6)
    places = (
        40 + (points - points.min(dim=0).values) / span * torch.tensor([420.0, 220.0])
    ).tolist()
    parts = [line(*places[i], *places[other - 1], BODY, 2) for i, other in enumerate(nearest)]
    for name, (x, y), other in zip(names, places, nearest):
        parts.append(f'<circle cx="{x}" cy="{y}" r="4" fill="{BODY}"/>')
        # Neighbours may lie on each other: their names stand on either side.
        left = (x, y) < tuple(places[other - 1])
        parts.append(label(x + (-8 if left else 8), y + 5, name, "end" if left else "start"))
    caption = tr("Two directions keep {kept:.0%} of the differences.", kept=kept)
    parts.append(label(20, 316, caption, colour=NEUTRAL))
    joined = ", ".join(
        tr("{one} to {other}", one=name, other=names[other - 1])
        for name, other in zip(names, nearest)
    )
    said = tr("Each text joined to its nearest: {joined}.", joined=joined)
    return picture(svg(520, 330, parts), f"{caption} {said}")


def padded(tokens: Sequence[str], mask: Sequence[int]) -> Drawing:
    """One row of a batch: real tokens go into the masked mean, padding does not.

    Args:
        tokens: the tokens of the row.
        mask: its attention mask.
    """
    parts, x, said = [], 12.0, []
    for token, real in zip(tokens, mask):
        width = 10 + 8.5 * len(token)
        if x + width > 880:
            parts.append(label(x, 36, "…"))
            break
        parts.append(box(x, 16, width, 28, token, BODY if real else NEUTRAL, dashed=not real))
        parts.append(label(x + width / 2, 60, str(real), "middle"))
        x += width + 4
    real = [token for token, counts in zip(tokens, mask) if counts]
    said = tr(
        "In the masked mean: {real}. Left out: {count} padding.",
        real=", ".join(real),
        count=len(tokens) - len(real),
    )
    return picture(svg(900, 72, parts), said)
