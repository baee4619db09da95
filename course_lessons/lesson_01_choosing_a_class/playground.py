"""Playground: any checkpoint with any of the seven classes."""

from functools import cache

import transformers

from course_lessons.loads import load as load_quietly
from course_lessons.loads import names
from course_utils.checkpoints import CHECKPOINTS, SEVEN, embedded
from course_utils.drawings import Drawing, facts
from course_utils.heads import head_modules
from course_utils.playgrounds import Control, Playground
from course_utils.registry import concrete_classes


def playground() -> Playground:
    """Any checkpoint of the course with any of the seven classes: the diagnosis of the load."""
    load = cache(lambda task, auto_class: load_quietly(embedded(task), auto_class))

    def draw(task: str, auto_class: str) -> Drawing:
        title = f"{auto_class} on the checkpoint {task}"
        loaded = load(task, auto_class)
        if loaded is None:
            kind = transformers.AutoConfig.from_pretrained(embedded(task)).model_type
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
                "MISSING": names(info["missing_keys"]),
                "UNEXPECTED": names(info["unexpected_keys"]),
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
