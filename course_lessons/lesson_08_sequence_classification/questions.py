"""Questions of 08_sequence_classification."""

import torch
from transformers import AutoModelForTokenClassification

from course_models import registry
from course_utils.quizzes import Choice, Question

SCORES = torch.tensor([3.0, 2.9, -1.0])  # two topics are there, one is not


def _best_label() -> str:
    if SCORES.argmax() == SCORES.softmax(dim=-1).argmax():
        return "argmax-then-id2label"
    return "softmax-then"


def _both_topics() -> str:
    by_softmax, by_sigmoid = SCORES.softmax(dim=-1) > 0.6, SCORES.sigmoid() > 0.6
    if by_sigmoid.tolist() == [True, True, False] and not by_softmax.any():
        return "sigmoid-all"
    return "softmax-all"


WARM_UP = (
    Question(
        id="08-pieces",
        text="In token classification, why are there often more labels than words?",
        choices=(
            Choice(
                "each-piece",
                "Each piece of a word gets a label, and so do the special tokens.",
                "The model labels tokens; `word_ids` says which word each belongs to "
                "(notebook 07).",
            ),
            Choice(
                "word-may",
                "A word may belong to several entities at once.",
                "Each token gets one label, the best-scoring one.",
            ),
            Choice(
                "every-label",
                "Every label is given twice, as `B-` and as `I-`.",
                "A token gets one of them; `B-` begins an entity, `I-` continues it.",
            ),
        ),
        right="each-piece",
    ),
    Question(
        id="08-concrete",
        text="Which class does `AutoModelForTokenClassification` return for the kind `distilbert`?",
        choices=(
            Choice(
                "DistilBertModel",
                "DistilBertModel",
                "That is the body alone, as `AutoModel` returns it.",
            ),
            Choice(
                "DistilBertForTokenClassification",
                "DistilBertForTokenClassification",
                "Body and head of the kind that the config names.",
            ),
            Choice(
                "BertForTokenClassification",
                "BertForTokenClassification",
                "DistilBERT is a kind of its own, with its own row in the table.",
            ),
        ),
        right="DistilBertForTokenClassification",
        computed=lambda: registry.concrete_class(AutoModelForTokenClassification, "distilbert"),
    ),
)

QUIZ = (
    Question(
        id="08-missing",
        text="You load a checkpoint and the report lists `classifier.weight` as MISSING. What does "
        "that mean?",
        choices=(
            Choice(
                "file-damaged",
                "The file is damaged.",
                "The file is complete for the task it was made for.",
            ),
            Choice(
                "head-random",
                "The head is random until you train it.",
                "The model needs the tensor, the file has none, so it was filled with random "
                "numbers.",
            ),
            Choice(
                "tensor-was",
                "The tensor was left out because this task does not need it.",
                "That would be UNEXPECTED, the opposite direction.",
            ),
        ),
        right="head-random",
    ),
    Question(
        id="08-best",
        text="You need only the name of the best label. What do you have to do with the logits?",
        choices=(
            Choice(
                "softmax-then",
                "`softmax`, then `argmax`, then `id2label`: the order may change.",
                "Softmax keeps the order, so the winner is the same without it.",
            ),
            Choice(
                "argmax-then",
                "`argmax`, then a list of names typed by hand.",
                "The order of the names belongs to the checkpoint.",
            ),
            Choice(
                "argmax-then-id2label",
                "`argmax`, then `id2label`.",
                "The largest score is the largest probability, and the config knows its name.",
            ),
        ),
        right="argmax-then-id2label",
        computed=_best_label,
    ),
    Question(
        id="08-both",
        text="A support mail can be about delivery and about payment. How do you read the logits?",
        choices=(
            Choice(
                "softmax-best",
                "`softmax`, and the best label.",
                "It can name only one topic.",
            ),
            Choice(
                "sigmoid-all",
                "`sigmoid`, and all labels above a threshold.",
                "Each label is a question of its own.",
            ),
            Choice(
                "softmax-all",
                "`softmax`, and all labels above a threshold.",
                "With softmax the labels share a total of one, so two topics weaken each other.",
            ),
        ),
        right="sigmoid-all",
        computed=_both_topics,
    ),
)
