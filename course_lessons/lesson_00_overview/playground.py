"""Playground: one checkpoint, seven Auto classes."""

from functools import cache

import torch

from course_lessons.loads import load as load_quietly
from course_lessons.loads import names
from course_models.language import tr
from course_utils.checkpoints import SEVEN
from course_utils.drawings import Drawing, facts
from course_utils.heads import head_modules
from course_utils.playgrounds import Control, Playground


def playground(model_name: str) -> Playground:
    """One checkpoint, seven Auto classes: which head each puts on it, and what comes out.

    Args:
        model_name: folder or hub id of an encoder's checkpoint, such as BERT's.
    """
    load = cache(lambda auto_class: load_quietly(model_name, auto_class))

    def draw(auto_class: str, tokens: int) -> Drawing:
        loaded = load(auto_class)
        if loaded is None:
            return facts(
                {tr("result"): tr("refused: this kind of model has no such head")}, auto_class
            )
        model, info = loaded
        with torch.no_grad():
            outputs = model(input_ids=torch.ones((1, tokens), dtype=torch.long))
        heads = ", ".join(
            f"{name} ({type(head).__name__})" for name, head in head_modules(model).items()
        )
        shapes = {key: tuple(value.shape) for key, value in outputs.items()}
        rows = {
            tr("concrete class"): type(model).__name__,
            tr("head"): heads or tr("none: the body alone"),
            tr("output"): ", ".join(f"{key} {shape}" for key, shape in shapes.items()),
            tr("MISSING (random numbers)"): names(info["missing_keys"]),
            tr("UNEXPECTED (left in the file)"): names(info["unexpected_keys"]),
        }
        return facts(rows, auto_class)

    return Playground(
        tr("Head Swapper"),
        draw,
        {
            "auto_class": Control(tr("Auto class"), SEVEN),
            "tokens": Control(tr("tokens in the text"), range(3, 13)),
        },
        {
            tr("the head it was trained with"): ("AutoModelForMaskedLM", 8),
            tr("no head"): ("AutoModel", 8),
            tr("a new head"): ("AutoModelForSequenceClassification", 8),
            tr("refused"): ("AutoModelForSeq2SeqLM", 8),
        },
    )
