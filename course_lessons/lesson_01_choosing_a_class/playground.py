"""Playground: any checkpoint with any of the seven classes."""

from collections.abc import Iterable
from enum import StrEnum
from functools import cache

import torch
import transformers

from course_lessons.loads import load as load_quietly
from course_lessons.loads import names
from course_models.language import tr
from course_models.registry import concrete_classes
from course_models.weights import tensor_table
from course_utils.checkpoints import CHECKPOINTS, SEVEN, embedded
from course_utils.drawings import Drawing, facts
from course_utils.heads import head_modules
from course_utils.playgrounds import Control, Playground


class Diagnosis(StrEnum):
    """What a load means for the answers."""

    REFUSED = "✗ refused"
    CUT = "✗ loads without a part of the body"
    RANDOM_HEAD = "! loads with a random head"
    RANDOM_BODY = "! loads with a random part below the head"
    FITS = "✓ loads with all it needs"


def random_names(missing: Iterable[str], one: torch.nn.Module, two: torch.nn.Module) -> set[str]:
    """Which missing tensors are random: they, or others of their layer, differ in two loads.

    A bias starts from zeros, and a table of sines is computed: neither differs, but a bias belongs
    to a layer that does.
    """
    first, second = one.state_dict(), two.state_dict()
    layer = lambda name: name.rpartition(".")[0]  # noqa: E731
    drawn = {layer(name) for name in missing if not torch.equal(first[name], second[name])}
    return {name for name in missing if layer(name) in drawn}


def diagnose(
    model: torch.nn.Module, unexpected: Iterable[str], random: Iterable[str]
) -> tuple[Diagnosis, set[str]]:
    """What a load means, and the parts of the model that it is about."""
    body = f"{model.base_model_prefix}."
    # Many classes have no use for the pooler, so that one may stay behind.
    lost = {name.split(".")[1] for name in unexpected if name.startswith(body)} - {"pooler"}
    if lost:
        return Diagnosis.CUT, lost
    heads = {name.split(".")[0] for name in random} & head_modules(model).keys()
    if heads:
        return Diagnosis.RANDOM_HEAD, heads
    if random:
        return Diagnosis.RANDOM_BODY, {name.removeprefix(body).split(".")[0] for name in random}
    return Diagnosis.FITS, set()


REASONS = {
    Diagnosis.CUT: "the class has no place for: {parts}",
    Diagnosis.RANDOM_HEAD: "the file has no weights for: {parts}",
    Diagnosis.RANDOM_BODY: "what is in the file fits, but it has no weights for: {parts}",
    Diagnosis.FITS: "names and shapes fit; what it was trained for, no load can tell",
}


def playground() -> Playground:
    """Any checkpoint of the course with any of the seven classes: the diagnosis of the load."""

    @cache
    def load(task: str, auto_class: str):
        """Model, missing, unexpected and random names; None if the class refuses it."""
        loaded = load_quietly(embedded(task), auto_class)
        if loaded is None:
            return None
        model, info = loaded
        missing, unexpected = set(info["missing_keys"]), set(info["unexpected_keys"])
        again = load_quietly(embedded(task), auto_class)[0] if missing else model
        return model, missing, unexpected, random_names(missing, model, again)

    def draw(task: str, auto_class: str) -> Drawing:
        title = tr("{auto_class} on the checkpoint {task}", auto_class=auto_class, task=task)
        loaded = load(task, auto_class)
        if loaded is None:
            kind = transformers.AutoConfig.from_pretrained(embedded(task)).model_type
            others = [name for name in SEVEN if name in concrete_classes(kind)]
            return facts(
                {
                    tr("verdict"): tr(Diagnosis.REFUSED.value),
                    tr("reason"): tr(
                        "the table of {auto_class} has no entry for {kind!r}",
                        auto_class=auto_class,
                        kind=kind,
                    ),
                    tr("classes that accept it"): ", ".join(others),
                },
                title,
            )
        model, missing, unexpected, random = loaded
        diagnosis, parts = diagnose(model, unexpected, random)
        rows = {
            tr("verdict"): tr(diagnosis.value),
            tr("reason"): tr(REASONS[diagnosis], parts=", ".join(sorted(parts))),
            tr("concrete class"): type(model).__name__,
            "MISSING": names(missing),
            tr("of these random"): names(random),
            "UNEXPECTED": names(unexpected),
        }
        if other := _same_shape(task, model, unexpected, random):
            rows[tr("same shape, other name")] = names(other)
        return facts(rows, title)

    return Playground(
        tr("Load Doctor"),
        draw,
        {
            "task": Control(tr("checkpoint"), list(CHECKPOINTS)),
            "auto_class": Control(tr("Auto class"), SEVEN),
        },
        {
            tr("made for each other"): ("fill-mask", "AutoModelForMaskedLM"),
            tr("random head"): ("fill-mask", "AutoModelForSequenceClassification"),
            tr("loads, but does it suit?"): ("fill-mask", "AutoModelForCausalLM"),
            tr("cut in half"): ("translation", "AutoModelForCausalLM"),
            tr("refused"): ("fill-mask", "AutoModelForSeq2SeqLM"),
        },
    )


def _same_shape(task: str, model, unexpected: set[str], random: set[str]) -> set[str]:
    """The leftover tables that may be what the model lacks, under a name of their own."""
    wanted = {tuple(model.state_dict()[name].shape) for name in random}
    shapes = tensor_table(embedded(task)).set_index("tensor")["shape"]
    shapes = shapes[shapes.index.isin(unexpected)]
    return {name for name, shape in shapes.items() if shape in wanted and len(shape) == 2}
