"""Playground about source code: where two classes differ."""

import transformers

from course_models.language import tr
from course_utils.drawings import Drawing
from course_utils.heads import compare_sources
from course_utils.playgrounds import Control, Playground

CLASSES = [
    "BertForMaskedLM",
    "BertForTokenClassification",
    "BertForSequenceClassification",
    "BertForQuestionAnswering",
    "DistilBertForQuestionAnswering",
    "LlamaForSequenceClassification",
]


def playground() -> Playground:
    """The constructors of two classes side by side, with the lines that differ marked."""

    def draw(left: str, right: str) -> Drawing:
        shown = {
            f"{side}: {name}": getattr(transformers, name).__init__
            for side, name in ((tr("left"), left), (tr("right"), right))
        }
        return compare_sources(shown, tr("Two constructors; lines marked ≠ are not in both"))

    return Playground(
        tr("Head diff"),
        draw,
        {"left": Control(tr("left class"), CLASSES), "right": Control(tr("right class"), CLASSES)},
        {
            tr("the same class"): (CLASSES[1], CLASSES[1]),
            tr("two labelling heads"): (CLASSES[1], CLASSES[2]),
            tr("one task, two bodies"): (CLASSES[3], CLASSES[4]),
            tr("a body with no code of its own"): (CLASSES[2], CLASSES[5]),
        },
    )
