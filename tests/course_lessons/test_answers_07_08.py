"""Exercises of 07 and 08: answers that have to be right, and wrong ones that must not pass."""

from collections import Counter

import numpy
import pytest
import torch

from course_utils.exercises import find
from course_utils.verdicts import State, judge


def labels_as_numpy(word_ids, labels):
    return numpy.array(find("07-word-labels").reference(word_ids, labels))


def first_piece_that_is_a_name(word_ids, labels):
    first = {}
    for word, label in zip(word_ids, labels):
        if word is not None and (word not in first or first[word] == "O"):
            first[word] = label
    return list(first.values())


def majority(word_ids, labels):
    said = {}
    for word, label in zip(word_ids, labels):
        if word is not None:
            said.setdefault(word, []).append(label)
    return [Counter(votes).most_common(1)[0][0] for votes in said.values()]


@torch.no_grad()
def by_inverted_names(texts, tokenizer, model):
    names = {index: name for name, index in model.config.label2id.items()}
    logits = model(**tokenizer(texts, padding=True, return_tensors="pt")).logits
    return tuple(names[int(row.argmax())] for row in logits)


@torch.no_grad()
def without_mask(texts, tokenizer, model):
    ids = tokenizer(texts, padding=True, return_tensors="pt").input_ids
    return [model.config.id2label[int(row.argmax())] for row in model(ids).logits]


def each_entity_once(labels, offsets, text):
    return list(dict.fromkeys(find("07-merge").reference(labels, offsets, text)))


def sorted_by_score(logits, id2label, threshold):
    chances = logits.sigmoid()
    order = chances.argsort(descending=True).tolist()
    return [id2label[index] for index in order if chances[index] > threshold]


RIGHT = {
    "07-counts": [lambda labels: Counter(t[2:] for t in labels if t[0] == "B")],
    "07-word-labels": [labels_as_numpy],
    "08-predict": [by_inverted_names],
    "08-probabilities": [
        lambda z, kind: (z.sigmoid() if kind[0] == "m" else z.softmax(1)).numpy(),
    ],
}
WRONG = {
    "07-merge": [each_entity_once],
    "07-word-labels": [first_piece_that_is_a_name, majority],
    "08-predict": [without_mask],
    "08-multi-label": [sorted_by_score],
}


def pairs(table):
    return [pytest.param(name, answer, id=name) for name in table for answer in table[name]]


@pytest.mark.parametrize("exercise, answer", pairs(RIGHT))
def test_a_right_answer_in_another_dress_is_right(exercise, answer):
    verdict = judge(find(exercise), answer)
    assert verdict.state == State.RIGHT, verdict


@pytest.mark.parametrize("exercise, answer", pairs(WRONG))
def test_a_wrong_answer_is_told_apart(exercise, answer):
    assert judge(find(exercise), answer).state == State.WRONG
