"""Playgrounds about loading: what an Auto class makes of a checkpoint."""

from contextlib import contextmanager
from functools import cache

import torch
import transformers
from transformers.utils import logging

from course_utils.checkpoints import CHECKPOINTS
from course_utils.drawings import Drawing, facts
from course_utils.heads import head_modules
from course_utils.registry import concrete_classes
from course_utils.widgets.playground import Control, Playground

SEVEN = list(dict.fromkeys(entry.auto_class for entry in CHECKPOINTS.values()))


@contextmanager
def _no_load_report():
    before = logging.get_verbosity()
    logging.set_verbosity_error()  # the playground says itself what the report would say
    try:
        yield
    finally:
        logging.set_verbosity(before)


def _load(name: str, auto_class: str):
    """The model and its loading info; None where the class refuses the checkpoint."""
    kind = transformers.AutoConfig.from_pretrained(name).model_type
    if auto_class not in concrete_classes(kind):
        return None
    with _no_load_report():
        return getattr(transformers, auto_class).from_pretrained(name, output_loading_info=True)


def _names(keys) -> str:
    shown = sorted(keys)
    more = f" and {len(shown) - 2} more" if len(shown) > 2 else ""
    return f"{len(shown)}: {', '.join(shown[:2])}{more}" if shown else "none"


def head_swapper(model_name: str) -> Playground:
    """One checkpoint, seven Auto classes: which head each puts on it, and what comes out.

    Args:
        model_name: folder or hub id of an encoder's checkpoint, such as BERT's.
    """
    load = cache(lambda auto_class: _load(model_name, auto_class))

    def draw(auto_class: str, tokens: int) -> Drawing:
        loaded = load(auto_class)
        if loaded is None:
            return facts({"result": "refused: this kind of model has no such head"}, auto_class)
        model, info = loaded
        with torch.no_grad():
            outputs = model(input_ids=torch.ones((1, tokens), dtype=torch.long))
        heads = ", ".join(
            f"{name} ({type(head).__name__})" for name, head in head_modules(model).items()
        )
        shapes = {key: tuple(value.shape) for key, value in outputs.items()}
        rows = {
            "concrete class": type(model).__name__,
            "head": heads or "none: the body alone",
            "output": ", ".join(f"{key} {shape}" for key, shape in shapes.items()),
            "MISSING (random numbers)": _names(info["missing_keys"]),
            "UNEXPECTED (left in the file)": _names(info["unexpected_keys"]),
        }
        return facts(rows, auto_class)

    return Playground(
        "Head Swapper",
        draw,
        {
            "auto_class": Control("Auto class", SEVEN),
            "tokens": Control("tokens in the text", range(3, 13)),
        },
        {
            "the head it was trained with": ("AutoModelForMaskedLM", 8),
            "no head": ("AutoModel", 8),
            "a new head": ("AutoModelForSequenceClassification", 8),
            "refused": ("AutoModelForSeq2SeqLM", 8),
        },
    )


def _folder(task: str) -> str:
    """The embedded checkpoint in hub mode too, like the rest of notebook 01: any pair is tried."""
    return str(CHECKPOINTS[task].folder)


def load_doctor() -> Playground:
    """Any checkpoint of the course with any of the seven classes: the diagnosis of the load."""
    load = cache(lambda task, auto_class: _load(_folder(task), auto_class))

    def draw(task: str, auto_class: str) -> Drawing:
        title = f"{auto_class} on the checkpoint {task}"
        loaded = load(task, auto_class)
        if loaded is None:
            kind = transformers.AutoConfig.from_pretrained(_folder(task)).model_type
            others = [name for name in SEVEN if name in concrete_classes(kind)]
            return facts(
                {
                    "verdict": "✗ refused",
                    "reason": f"the table of {auto_class} has no entry for {kind!r}",
                    "classes that accept it": ", ".join(others),
                },
                title,
            )
        model, info = loaded
        head = [name for name in info["missing_keys"] if name.split(".")[0] in head_modules(model)]
        if head:
            verdict, reason = "! loads with a random head", "the file has no weights for this head"
        elif not head_modules(model):
            verdict, reason = "✓ loads the body", "this class has no head that could be missing"
        else:
            verdict, reason = "✓ loads with every weight of its head", "the names and shapes fit"
        return facts(
            {
                "verdict": verdict,
                "reason": reason,
                "concrete class": type(model).__name__,
                "MISSING": _names(info["missing_keys"]),
                "UNEXPECTED": _names(info["unexpected_keys"]),
            },
            title,
        )

    return Playground(
        "Load Doctor",
        draw,
        {
            "task": Control("checkpoint", list(CHECKPOINTS)),
            "auto_class": Control("Auto class", SEVEN),
        },
        {
            "made for each other": ("fill-mask", "AutoModelForMaskedLM"),
            "random head": ("fill-mask", "AutoModelForSequenceClassification"),
            "loads, but does it suit?": ("fill-mask", "AutoModelForCausalLM"),
            "refused": ("fill-mask", "AutoModelForSeq2SeqLM"),
        },
    )
