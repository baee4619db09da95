"""Questions of 02_config_and_parameters."""

import torch
from transformers import AutoModel, GPT2Config

from course_models import registry
from course_utils.quizzes import Choice, Question


def _gpt2(**changes):
    with torch.device("meta"):
        return AutoModel.from_config(GPT2Config(**changes))


def _twice_the_heads() -> str:
    once, twice = (_gpt2(n_head=n).num_parameters() for n in (12, 24))
    return "stays" if once == twice else "grows"


def _longer_context() -> str:
    rows = [len(_gpt2(**change).wpe.weight) for change in ({}, {"n_ctx": 4096})]
    if rows[0] == rows[1]:
        return "nothing"
    return "reads-badly"


WARM_UP = (
    Question(
        id="02-two-answers",
        text="`from_pretrained` returned a model, without any report. What do you know?",
        choices=(
            Choice(
                "names-and-shapes",
                "The names and shapes in the file fit the class.",
                "That is all that loading compares. Whether the weights were trained for "
                "this use is for you to know.",
            ),
            Choice(
                "trained-for-it",
                "The model was trained for this task.",
                "A sentiment head loaded as a head for word labels without a word, and its "
                "labels meant nothing (notebook 01).",
            ),
            Choice(
                "to-be-trained",
                "The model is in a state from which it must be trained.",
                "A report with MISSING would say so, and there was none.",
            ),
        ),
        right="names-and-shapes",
    ),
    Question(
        id="02-gpt2-answers",
        text="Does the kind `gpt2` have a class for `AutoModelForQuestionAnswering`?",
        choices=(
            Choice(
                "class-without-weights",
                "Yes, but our checkpoint has no weights for its head.",
                "The table names a class, and loading a story writer with it leaves the head "
                "random (notebook 01).",
            ),
            Choice(
                "no-class",
                "No, GPT-2 can only write.",
                "That was so in old versions. The table of the installed library has a class "
                "for it.",
            ),
            Choice(
                "class-and-weights",
                "Yes, and every GPT-2 checkpoint can answer with it.",
                "A class in the table is not yet a trained head in the file.",
            ),
        ),
        right="class-without-weights",
        computed=lambda: (
            "class-without-weights"
            if "AutoModelForQuestionAnswering" in registry.concrete_classes("gpt2")
            else "no-class"
        ),
    ),
)

QUIZ = (
    Question(
        id="02-heads",
        text="You double `n_head` in a GPT-2 config and leave the rest. What happens to the number "
        "of parameters?",
        choices=(
            Choice(
                "doubles",
                "It doubles.",
                "`n_head` is in the shape of no tensor.",
            ),
            Choice(
                "grows",
                "It grows, but only in the attention.",
                "Query, key and value together have `n_embd` rows and three times `n_embd` "
                "columns, however many heads share them.",
            ),
            Choice(
                "stays",
                "It stays the same.",
                "Heads are slices of the same vector: twice as many, half as wide. See the "
                "table in section 4.",
            ),
        ),
        right="stays",
        computed=_twice_the_heads,
    ),
    Question(
        id="02-context",
        text='A colleague sets `"n_ctx": 4096` in the config of a GPT-2 checkpoint to read longer '
        "texts. What happens?",
        choices=(
            Choice(
                "reads-badly",
                "It reads 4096 tokens, but badly: it was not trained on so many.",
                "There is no row in the position table for the additional tokens, so there "
                "is an index error and no bad answer.",
            ),
            Choice(
                "nothing",
                "Nothing: the limit stays where it was.",
                "`n_ctx` is an unknown key: stored and ignored. The limit is `n_positions`.",
            ),
            Choice(
                "refused",
                "Loading fails with a shape mismatch.",
                "That would happen with `n_positions`, since the position table in the file "
                "has another shape.",
            ),
        ),
        right="nothing",
        computed=_longer_context,
    ),
    Question(
        id="02-dtype",
        text="Which number format does `from_pretrained(name)` give you, without a `dtype` "
        "argument?",
        choices=(
            Choice(
                "float32",
                "Always float32.",
                "That was the default up to release 4.",
            ),
            Choice(
                "config-or-file",
                "The one named in the config, else that of the file.",
                'The default is `"auto"`. Look at `model.dtype` when it matters.',
            ),
            Choice(
                "by-device",
                "float16 if there is a GPU, else float32.",
                "The device has no say in it.",
            ),
        ),
        right="config-or-file",
    ),
)
