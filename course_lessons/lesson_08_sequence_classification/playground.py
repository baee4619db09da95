"""Playground: softmax and sigmoid on the same logits."""

from collections.abc import Sequence

import torch

from course_models.language import tr
from course_utils.drawings import Drawing, bars, facts, stack
from course_utils.playgrounds import Control, Playground, steps


def playground(labels: Sequence[str] = ("food", "service", "price")) -> Playground:
    """The same three scores under softmax and under sigmoid.

    Args:
        labels: three names of labels.
    """

    def draw(**logits: float) -> Drawing:
        scores = torch.tensor([logits[label] for label in labels])
        softmax, sigmoid = scores.softmax(dim=-1).tolist(), scores.sigmoid().tolist()
        present = [label for label, p in zip(labels, sigmoid) if p > 0.5]
        top = max(softmax)
        best = [label for label, p in zip(labels, softmax) if p == top]
        return stack(
            bars(
                dict(zip(labels, softmax)),
                tr("softmax: which one? (sum {sum:.0%})", sum=sum(softmax)),
            ),
            bars(
                dict(zip(labels, sigmoid)),
                tr("sigmoid: which of them? (sum {sum:.0%})", sum=sum(sigmoid)),
            ),
            facts(
                {
                    tr("largest by softmax"): " = ".join(best),
                    tr("above one half by sigmoid"): ", ".join(present) or tr("none"),
                },
                tr("What one would answer"),
            ),
        )

    return Playground(
        tr("Logit playground"),
        draw,
        {label: Control(tr("score of {label}", label=label), steps(-4, 4, 17)) for label in labels},
        {
            tr("one clear winner"): (4.0, -2.0, -3.0),
            tr("two are there"): (2.0, 2.0, -3.0),
            tr("none is there"): (-3.0, -3.0, -3.0),
            tr("all are there"): (3.0, 3.0, 3.0),
        },
    )
