"""Exercises of 10_source_inspection, the seed's homework among them."""

import inspect

from torch import nn

from course_lessons.fixtures import tiny
from course_lessons.lesson_10_source_inspection.inputs import open_ended, strict
from course_utils.verdicts import Exercise, Mistake


def output_layer(model):
    body = set(model.base_model.modules())
    layers = [
        (name, layer)
        for name, layer in model.named_modules()
        if isinstance(layer, nn.Linear) and layer not in body
    ]
    name, layer = layers[-1]
    return (name, layer.in_features, layer.out_features)


def _children_only(model):
    layers = [(n, m) for n, m in model.named_children() if isinstance(m, nn.Linear)]
    name, layer = layers[-1]
    return (name, layer.in_features, layer.out_features)


def _first_layer(model):
    body = set(model.base_model.modules())
    return next(
        (name, layer.in_features, layer.out_features)
        for name, layer in model.named_modules()
        if isinstance(layer, nn.Linear) and layer not in body
    )


def _turned_round(model):
    name, width, out = output_layer(model)
    return (name, out, width)


_MODELS = (
    "BertForQuestionAnswering",
    "DistilBertForSequenceClassification",
    "GPT2LMHeadModel",
    "BertForMaskedLM",
)


def _models():
    body_last = tiny("LlamaForSequenceClassification")
    body = body_last._modules.pop("model")
    body_last._modules["model"] = body  # modules are named in the order in which they were made
    return [(tiny(name),) for name in _MODELS] + [(body_last,)]


def _last_of_all(model):
    layers = [(n, m) for n, m in model.named_modules() if isinstance(m, nn.Linear)]
    name, layer = layers[-1]
    return (name, layer.in_features, layer.out_features)


def mini_auto(table, config):
    model_type = config.get("model_type")
    if model_type not in table:
        raise ValueError(f"{model_type!r} is none of {sorted(table)}")
    return table[model_type]


def _by_architecture(table, config):
    return config["architectures"][0]


def _none_if_unknown(table, config):
    return table.get(config.get("model_type"))


def _first_if_unknown(table, config):
    return table.get(config.get("model_type"), next(iter(table.values())))


_TABLE = {"bert": "BertForMaskedLM", "roberta": "RobertaForMaskedLM"}


def swallowed(function, arguments):
    named = {
        name
        for name, parameter in inspect.signature(function).parameters.items()
        if parameter.kind is not parameter.VAR_KEYWORD
    }
    return sorted(set(arguments) - named)


def _accepted(function, arguments):
    return sorted(set(arguments) & set(inspect.signature(function).parameters))


def _keyword_counts(function, arguments):
    parameters = inspect.signature(function).parameters.values()
    if any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters):
        return []
    return swallowed(function, arguments)


EXERCISES = (
    Exercise(
        id="10-output-layer",
        prompt="""The homework: compare the `__init__` of at least three `AutoModelForXxx`
models and write down what their heads are made of. Then let code do it: `output_layer(model)`
returns a tuple (attribute path, in_features, out_features) of the *last* `nn.Linear` that
belongs to the head, not to the body. `model.named_modules()` walks through all modules with
their paths, such as `"cls.predictions.decoder"`; `model.base_model.modules()` are those of the
body.""",
        stub="""def output_layer(model):
    # Replace the dots by your code.
    return ...""",
        reference=output_layer,
        cases=_models,
        mistakes=(
            Mistake(
                "children-only",
                _children_only,
                "A direct child is not always a Linear: some heads are modules of their own with "
                "the layer inside. Walk through named_modules().",
            ),
            Mistake(
                "first-layer",
                _first_layer,
                "You returned the first layer of the head; some heads have two, and "
                "the scores come out of the last.",
            ),
            Mistake(
                "last-of-all",
                _last_of_all,
                "You took the last Linear of the whole model, and that may lie in the body: leave "
                "out what is in model.base_model.modules().",
            ),
            Mistake("turned-round", _turned_round, "in_features comes first, out_features second."),
        ),
        hints=(
            "body = set(model.base_model.modules()) lets you ask `layer not in body`.",
            "Collect all nn.Linear outside the body and take the last one.",
        ),
        why="Same width in, a different number of scores out: that is what tells heads apart.",
    ),
    Exercise(
        id="10-mini-auto",
        prompt="""Write the heart of an Auto class: `mini_auto(table, config)`. `table` maps
model types to class names, `config` is a parsed `config.json`. Return the name from the table
for the config's `model_type`. If the table has no such type, refuse with a `ValueError`: an
Auto class never guesses. The hidden configs also have `architectures`; think about whether that
key should matter.""",
        stub="""def mini_auto(table, config):
    # Replace the dots by your code.
    return ...""",
        reference=mini_auto,
        cases=lambda: [
            (_TABLE, {"model_type": "bert", "architectures": ["BertForMaskedLM"]}),
            (_TABLE, {"model_type": "roberta", "architectures": ["TotallyWrong"]}),
            (_TABLE, {"model_type": "gpt2", "architectures": ["GPT2LMHeadModel"]}),
            (_TABLE, {"architectures": ["BertModel"]}),
        ],
        mistakes=(
            Mistake(
                "by-architecture",
                _by_architecture,
                "You read architectures. That says which class saved the checkpoint; "
                "model_type and the table decide what is built.",
            ),
            Mistake(
                "none-if-unknown",
                _none_if_unknown,
                "For an unknown type you return None, and the reader meets the error much later: "
                "raise a ValueError at once.",
            ),
            Mistake(
                "first-if-unknown",
                _first_if_unknown,
                "For an unknown type you guess. An Auto class refuses: raise a ValueError.",
            ),
        ),
        hints=(
            "config.get('model_type') is the only key that counts.",
            "if model_type not in table: raise ValueError(...)",
        ),
        why="model_type → table → class, or a refusal: that is the whole dispatch.",
    ),
    Exercise(
        id="10-swallowed",
        prompt="""A model's `forward` ends in `**kwargs`, so a misspelt argument disappears
without an error. Write `swallowed(function, arguments)`: the sorted list of those argument
names (strings) that the function does *not* name itself.
`inspect.signature(function).parameters` lists what it names; the entry of kind `VAR_KEYWORD` is
the `**kwargs` that swallows the rest, and does not count as a name.""",
        stub="""def swallowed(function, arguments):
    # Replace the dots by your code.
    return ...""",
        reference=swallowed,
        cases=lambda: [
            (open_ended, ["input_ids", "atention_mask"]),
            (open_ended, ["labels", "kwargs", "input_ids"]),
            (strict, ["labels", "input_ids", "label"]),
        ],
        mistakes=(
            Mistake(
                "accepted", _accepted, "Those are the names it knows; the others are asked for."
            ),
            Mistake(
                "keyword-counts",
                _keyword_counts,
                "**kwargs accepts everything, and that is the trap: an accepted name need not be a "
                "used one.",
            ),
        ),
        hints=(
            "Collect the parameter names whose kind is not VAR_KEYWORD.",
            "The answer is the difference of two sets, sorted.",
        ),
        why="Comparing with the signature finds the typo that Python itself lets pass.",
    ),
)
