"""Exercises of 08_sequence_classification."""

import copy

import torch

from course_lessons import fixtures
from course_lessons.lesson_08_sequence_classification.inputs import EvenOrOdd
from course_utils.verdicts import Exercise, Mistake

_TASK = "text-classification"


@torch.inference_mode()
def predict_labels(texts, tokenizer, model):
    logits = model(**tokenizer(texts, padding=True, return_tensors="pt")).logits
    return [model.config.id2label[index] for index in logits.argmax(-1).tolist()]


@torch.inference_mode()
def _hard_coded(texts, tokenizer, model):
    logits = model(**tokenizer(texts, padding=True, return_tensors="pt")).logits
    return [["NEGATIVE", "POSITIVE"][index] for index in logits.argmax(-1).tolist()]


@torch.inference_mode()
def _numbers(texts, tokenizer, model):
    return model(**tokenizer(texts, padding=True, return_tensors="pt")).logits.argmax(-1).tolist()


@torch.inference_mode()
def _wrong_axis(texts, tokenizer, model):
    logits = model(**tokenizer(texts, padding=True, return_tensors="pt")).logits
    return [model.config.id2label[index % 2] for index in logits.argmax(0).tolist()]


def _named(model, *labels):
    """A copy of the model with other names for its classes."""
    other = copy.copy(model)
    other.config = copy.deepcopy(model.config)
    other.config.id2label = dict(enumerate(labels))
    other.config.label2id = {name: index for index, name in enumerate(labels)}
    return other


def _predict_cases():
    model = fixtures.model(_TASK)
    models = [model, _named(model, "POSITIVE", "NEGATIVE"), _named(model, "bad", "good")]
    texts = ["What a wonderful film!", "It broke after a day.", "I am very happy with it."]
    texts.append("It is good, really very good.")
    return [(texts, fixtures.tokenizer(_TASK), m) for m in (*models, EvenOrOdd())]


@torch.inference_mode()
def _without_mask(texts, tokenizer, model):
    ids = tokenizer(texts, padding=True, return_tensors="pt").input_ids
    return [model.config.id2label[index] for index in model(ids).logits.argmax(-1).tolist()]


def probabilities(logits, problem_type):
    if problem_type == "multi_label_classification":
        return logits.sigmoid()
    return logits.softmax(-1)


def _always_softmax(logits, problem_type):
    return logits.softmax(-1)


def _always_sigmoid(logits, problem_type):
    return logits.sigmoid()


def _over_texts(logits, problem_type):
    many = problem_type == "multi_label_classification"
    return logits.sigmoid() if many else logits.softmax(0)


def _swapped_types(logits, problem_type):
    many = problem_type == "multi_label_classification"
    return logits.softmax(-1) if many else logits.sigmoid()


def labels_above(logits, id2label, threshold):
    chances = logits.sigmoid().tolist()
    return [id2label[index] for index, chance in enumerate(chances) if chance > threshold]


def _logits_above(logits, id2label, threshold):
    return [id2label[i] for i, logit in enumerate(logits.tolist()) if logit > threshold]


def _softmax_above(logits, id2label, threshold):
    return [id2label[i] for i, p in enumerate(logits.softmax(-1).tolist()) if p > threshold]


def _best_only(logits, id2label, threshold):
    return [id2label[int(logits.argmax())]]


_TOPICS = {0: "sport", 1: "politics", 2: "music", 3: "science"}

EXERCISES = (
    Exercise(
        id="08-predict",
        prompt="""Write `predict_labels(texts, tokenizer, model)`: the list of label names for a
list of texts, in one batch with padding. Take the names from the model's own config, never from
memory: the order of labels differs between checkpoints. Your function will be tried on the
checkpoint of this lesson, on copies of it whose labels are swapped or have other names, and on
a toy model that counts the tokens it is told to read: it must not count the padding.""",
        stub="""def predict_labels(texts, tokenizer, model):
    # Replace the dots by your code.
    return ...""",
        reference=predict_labels,
        cases=_predict_cases,
        mistakes=(
            Mistake(
                "hard-coded",
                _hard_coded,
                "The label names are written into your function. A checkpoint with another order "
                "then gives opposite answers without any error: use model.config.id2label.",
            ),
            Mistake(
                "numbers", _numbers, "Those are class numbers; look up their names in id2label."
            ),
            Mistake(
                "without-mask",
                _without_mask,
                "The model got ids without their mask, so it read the padding as text: pass all "
                "that the tokenizer returned, with **.",
            ),
            Mistake(
                "wrong-axis",
                _wrong_axis,
                "Your argmax runs over the texts, not over the labels: use the last axis.",
            ),
        ),
        hints=(
            "logits.argmax(-1).tolist() gives one class number per text.",
            "model.config.id2label is a dictionary from int to name.",
        ),
        why="Only the config knows which number is which label.",
    ),
    Exercise(
        id="08-probabilities",
        prompt="""Write `probabilities(logits, problem_type)` for logits of shape (texts,
labels). With `"single_label_classification"` exactly one label is true for each text, so the
numbers of a row add up to 1. With `"multi_label_classification"` each label is a separate yes
or no, and several or none may be true. Return a tensor of the same shape, and mind over which
axis you normalise.""",
        stub="""def probabilities(logits, problem_type):
    # Replace the dots by your code.
    return ...""",
        reference=probabilities,
        cases=lambda: [
            (torch.tensor([[2.0, 1.0, -1.0], [0.0, 3.0, 3.0]]), "single_label_classification"),
            (torch.tensor([[2.0, 1.0, -1.0], [0.0, 3.0, 3.0]]), "multi_label_classification"),
        ],
        mistakes=(
            Mistake(
                "always-softmax",
                _always_softmax,
                "Softmax makes the labels compete: two true labels can then never both be likely. "
                "Independent labels need sigmoid.",
            ),
            Mistake(
                "always-sigmoid",
                _always_sigmoid,
                "Sigmoid treats every label alone, so a row need not add up to 1. "
                "Where exactly one label is true, use softmax.",
            ),
            Mistake(
                "over-texts",
                _over_texts,
                "Your softmax runs over the texts (axis 0): use the last axis.",
            ),
            Mistake(
                "swapped-types",
                _swapped_types,
                "The two are swapped: one true label asks for softmax.",
            ),
        ),
        hints=("One choice out of several: softmax.", "Several separate yes/no: sigmoid."),
        why="softmax for one choice among labels, sigmoid for labels that are true independently.",
    ),
    Exercise(
        id="08-multi-label",
        prompt="""Write `labels_above(logits, id2label, threshold)`: the names of all labels of
*one* text whose probability is above the threshold, in the order of their numbers. The model is
multi-label: each label has its own probability. `logits` has shape (labels,). The list may be
empty, and it may hold every label: that is the difference from choosing the best one.""",
        stub="""def labels_above(logits, id2label, threshold):
    # Replace the dots by your code.
    return ...""",
        reference=labels_above,
        cases=lambda: [
            (torch.tensor([2.0, 1.5, -3.0, 0.3]), _TOPICS, 0.5),
            (torch.tensor([-2.0, -1.5, -3.0, -0.3]), _TOPICS, 0.5),
            (torch.tensor([2.0, 0.9, -3.0, 0.3]), _TOPICS, 0.8),
            (torch.tensor([0.3, 1.5, -3.0, 2.0]), _TOPICS, 0.5),
        ],
        mistakes=(
            Mistake(
                "logits-above",
                _logits_above,
                "You compared logits with the threshold. Logits are no probabilities: put them "
                "through sigmoid first.",
            ),
            Mistake(
                "softmax-above",
                _softmax_above,
                "Softmax shares one unit among all labels, so two true labels push "
                "each other down: use sigmoid.",
            ),
            Mistake(
                "best-only",
                _best_only,
                "You chose the best label; any number of labels may be true.",
            ),
        ),
        hints=("logits.sigmoid() gives each label its own probability.", "Keep those > threshold."),
        why="Each label is asked on its own, so none, one or all of them can be above the bar.",
    ),
)
