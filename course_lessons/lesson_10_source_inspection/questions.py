"""Questions of 10_source_inspection."""

import transformers
from transformers import AutoModel

from course_utils.quizzes import Choice, Question


def _auto_model() -> str:
    try:
        AutoModel()
    except OSError as error:
        if "designed to be instantiated" in str(error):
            return "constructor-does"
    return "could-find"


def _has_forward() -> str:
    parents = transformers.LlamaForSequenceClassification.__mro__
    return next(cls.__name__ for cls in parents if "forward" in vars(cls))


WARM_UP = (
    Question(
        id="10-backbone",
        text="`AutoModel` and a `Linear` layer that you trained on its vectors: which class of the "
        "library does the same in one piece?",
        choices=(
            Choice(
                "automodelforsequenceclassification",
                "AutoModelForSequenceClassification",
                "A body and a small trained layer on top (notebook 09).",
            ),
            Choice(
                "automodelformaskedlm",
                "AutoModelForMaskedLM",
                "Its head scores the whole vocabulary at each position.",
            ),
            Choice(
                "automodelforseq2seqlm",
                "AutoModelForSeq2SeqLM",
                "It has two stacks and writes a text.",
            ),
        ),
        right="automodelforsequenceclassification",
    ),
    Question(
        id="10-pooling",
        text="A body returns one vector per token. Which pooling is right for sentences?",
        choices=(
            Choice(
                "vector-cls",
                "The vector at `[CLS]`.",
                "It is right for checkpoints that were trained on it, and ours was not.",
            ),
            Choice(
                "checkpoint-was",
                "The one that the checkpoint was trained with.",
                "Read its card, and test with a paraphrase and a stranger (notebook 09).",
            ),
            Choice(
                "pooler-output-since",
                "The `pooler_output`, since the library offers it.",
                "It is left over from how BERT was once trained, and may be random.",
            ),
        ),
        right="checkpoint-was",
    ),
)

QUIZ = (
    Question(
        id="10-os-error",
        text="`AutoModel()` raises an `OSError`. Why?",
        choices=(
            Choice(
                "could-find",
                "It could not find a checkpoint on disk or on the hub.",
                "It never looked for one. The name of the error suggests files, its text does not.",
            ),
            Choice(
                "constructor-does",
                "Its constructor does nothing else: objects of it are not meant to exist.",
                "You printed that constructor. `from_pretrained` and `from_config` return "
                "objects of other classes.",
            ),
            Choice(
                "needs-config",
                "It needs a config as an argument, as in `AutoModel(config)`.",
                "The constructor refuses all the same. `AutoModel.from_config(config)` is "
                "the call that takes one.",
            ),
        ),
        right="constructor-does",
        computed=_auto_model,
    ),
    Question(
        id="10-llama",
        text="`inspect.getsource(LlamaForSequenceClassification)` shows an empty class. Which "
        "class defines its `forward`?",
        choices=(
            Choice(
                "LlamaForSequenceClassification",
                "LlamaForSequenceClassification",
                "Its source has no method of its own; what it can do comes from its parents.",
            ),
            Choice(
                "GenericForSequenceClassification",
                "GenericForSequenceClassification",
                "The first class in the MRO that defines `forward`; it is written once, for "
                "many families.",
            ),
            Choice(
                "AutoModelForSequenceClassification",
                "AutoModelForSequenceClassification",
                "Auto classes contain no computation at all.",
            ),
        ),
        right="GenericForSequenceClassification",
        computed=_has_forward,
    ),
    Question(
        id="10-auto-map",
        text="What does `auto_map` in a `config.json` do?",
        choices=(
            Choice(
                "names-python",
                "It names Python classes in files beside the config, for each Auto class.",
                "And those files run on your machine as soon as you pass `trust_remote_code=True`.",
            ),
            Choice(
                "maps-labels",
                "It maps the labels of a classifier to numbers.",
                "That is `id2label` and `label2id`.",
            ),
            Choice(
                "spreads-model",
                "It spreads the model over several devices.",
                "That is `device_map`, an argument of `from_pretrained`, not a key of the config.",
            ),
        ),
        right="names-python",
    ),
)
