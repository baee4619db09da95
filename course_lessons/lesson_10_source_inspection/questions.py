"""Questions of 10_source_inspection."""

import transformers
from transformers import AutoModel

from course_utils.quizzes import Question


def _auto_model() -> str:
    try:
        AutoModel()
    except OSError as error:
        if "designed to be instantiated" in str(error):
            return "Its constructor does nothing else: objects of it are not meant to exist."
    return "It could not find a checkpoint on disk or on the hub."


def _has_forward() -> str:
    parents = transformers.LlamaForSequenceClassification.__mro__
    return next(cls.__name__ for cls in parents if "forward" in vars(cls))


WARM_UP = (
    Question(
        id="10-backbone",
        text="`AutoModel` and a `Linear` layer that you trained on its vectors: which class of the "
        "library does the same in one piece?",
        choices={
            "AutoModelForSequenceClassification": "Yes: a body and a small trained layer on top "
            "(notebook 09).",
            "AutoModelForMaskedLM": "No: its head scores the whole vocabulary at each position.",
            "AutoModelForSeq2SeqLM": "No: it has two stacks and writes a text.",
        },
    ),
    Question(
        id="10-pooling",
        text="A body returns one vector per token. Which pooling is right for sentences?",
        choices={
            "The vector at `[CLS]`.": "No: it is right for checkpoints that were trained on it, "
            "and ours was not.",
            "The one that the checkpoint was trained with.": "Yes: read its card, and test with a "
            "paraphrase and a stranger (notebook 09).",
            "The `pooler_output`, since the library offers it.": "No: it is left over from how "
            "BERT was once trained, and may be random.",
        },
    ),
)

QUIZ = (
    Question(
        id="10-os-error",
        text="`AutoModel()` raises an `OSError`. Why?",
        choices={
            "It could not find a checkpoint on disk or on the hub.": "No: it never looked for one. "
            "The name of the error suggests files, its text does not.",
            "Its constructor does nothing else: objects of it are not meant to exist.": "Yes: you "
            "printed that constructor. `from_pretrained` and `from_config` return objects of other "
            "classes.",
            "It needs a config as an argument, as in `AutoModel(config)`.": "No: the constructor "
            "refuses all the same. `AutoModel.from_config(config)` is the call that takes one.",
        },
        computed=_auto_model,
    ),
    Question(
        id="10-llama",
        text="`inspect.getsource(LlamaForSequenceClassification)` shows an empty class. Which "
        "class defines its `forward`?",
        choices={
            "LlamaForSequenceClassification": "No: look at its source; it has no line but `pass`.",
            "GenericForSequenceClassification": "Yes: the first class in the MRO that defines "
            "`forward`; it is written once, for many families.",
            "AutoModelForSequenceClassification": "No: Auto classes contain no computation at all.",
        },
        computed=_has_forward,
    ),
    Question(
        id="10-auto-map",
        text="What does `auto_map` in a `config.json` do?",
        choices={
            "It names Python classes in files beside the config, for each Auto class.": "Yes: and "
            "those files run on your machine as soon as you pass `trust_remote_code=True`.",
            "It maps the labels of a classifier to numbers.": "No: that is `id2label` and "
            "`label2id`.",
            "It spreads the model over several devices.": "No: that is `device_map`, an argument "
            "of `from_pretrained`, not a key of the config.",
        },
    ),
)
