"""Questions of 08_sequence_classification."""

import torch
from transformers import AutoModelForTokenClassification

from course_utils import registry
from course_utils.quizzes import Question

SCORES = torch.tensor([3.0, 2.9, -1.0])  # two topics are there, one is not


def _best_label() -> str:
    if SCORES.argmax() == SCORES.softmax(dim=-1).argmax():
        return "`argmax`, then `id2label`."
    return "`softmax`, then `argmax`, then `id2label`: the order may change."


def _both_topics() -> str:
    by_softmax, by_sigmoid = SCORES.softmax(dim=-1) > 0.6, SCORES.sigmoid() > 0.6
    if by_sigmoid.tolist() == [True, True, False] and not by_softmax.any():
        return "`sigmoid`, and all labels above a threshold."
    return "`softmax`, and all labels above a threshold."


WARM_UP = (
    Question(
        id="08-pieces",
        text="In token classification, why are there often more labels than words?",
        choices={
            "Each piece of a word gets a label, and so do the special tokens.": "Yes: the model "
            "labels tokens; `word_ids` says which word each belongs to (notebook 07).",
            "A word may belong to several entities at once.": "No: each token gets one label, the "
            "best-scoring one.",
            "Every label is given twice, as `B-` and as `I-`.": "No: a token gets one of them; "
            "`B-` begins an entity, `I-` continues it.",
        },
    ),
    Question(
        id="08-concrete",
        text="Which class does `AutoModelForTokenClassification` return for the kind `distilbert`?",
        choices={
            "DistilBertModel": "No: that is the body alone, as `AutoModel` returns it.",
            "DistilBertForTokenClassification": "Yes: body and head of the kind that the config "
            "names.",
            "BertForTokenClassification": "No: DistilBERT is a kind of its own, with its own row "
            "in the table.",
        },
        computed=lambda: registry.concrete_class(AutoModelForTokenClassification, "distilbert"),
    ),
)

QUIZ = (
    Question(
        id="08-missing",
        text="You load a checkpoint and the report lists `classifier.weight` as MISSING. What does "
        "that mean?",
        choices={
            "The file is damaged.": "No: the file is complete for the task it was made for.",
            "The head is random until you train it.": "Yes: the model needs the tensor, the file "
            "has none, so it was filled with random numbers.",
            "The tensor was left out because this task does not need it.": "No: that would be "
            "UNEXPECTED, the opposite direction.",
        },
    ),
    Question(
        id="08-best",
        text="You need only the name of the best label. What do you have to do with the logits?",
        choices={
            "`softmax`, then `argmax`, then `id2label`: the order may change.": "No: softmax keeps "
            "the order, so the winner is the same without it.",
            "`argmax`, then a list of names typed by hand.": "No: the order of the names belongs "
            "to the checkpoint.",
            "`argmax`, then `id2label`.": "Yes: the largest score is the largest probability, and "
            "the config knows its name.",
        },
        computed=_best_label,
    ),
    Question(
        id="08-both",
        text="A support mail can be about delivery and about payment. How do you read the logits?",
        choices={
            "`softmax`, and the best label.": "No: it can name only one topic.",
            "`sigmoid`, and all labels above a threshold.": "Yes: each label is a question of its "
            "own.",
            "`softmax`, and all labels above a threshold.": "No: with softmax the labels share a "
            "total of one, so two topics weaken each other.",
        },
        computed=_both_topics,
    ),
)
