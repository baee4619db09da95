"""Exercises of lesson 04: right answers in other words, and wrong ones that look right."""

import numpy
import pytest
import torch

from course_utils.exercises import find
from course_utils.verdicts import State
from judging import judged


@torch.no_grad()
def fill_by_the_whole_table(text, tokenizer, model):
    ids = tokenizer(text, return_tensors="pt").input_ids
    while tokenizer.mask_token_id in ids:
        chances = model(input_ids=ids).logits[0].softmax(dim=-1)
        chances[ids[0] != tokenizer.mask_token_id] = 0
        place, word = divmod(int(chances.argmax()), chances.shape[1])
        ids[0, place] = word
    return tokenizer.decode(ids[0], skip_special_tokens=True)


@torch.no_grad()
def fill_random_order(text, tokenizer, model):
    ids = tokenizer(text, return_tensors="pt").input_ids
    blanks = (ids[0] == tokenizer.mask_token_id).nonzero()[:, 0].tolist()
    for blank in reversed(blanks):
        ids[0, blank] = model(ids).logits[0, blank].argmax()
    return tokenizer.decode(ids[0], skip_special_tokens=True)


@torch.no_grad()
def prefer_by_probability(text, first, second, tokenizer, model):
    inputs = tokenizer(text, return_tensors="pt")
    chances = model(**inputs).logits.softmax(dim=-1)[inputs.input_ids == tokenizer.mask_token_id]
    one, two = chances[0, tokenizer.convert_tokens_to_ids([first, second])].tolist()
    return numpy.str_(first if one > two else second)


def positions_as_numpy(input_ids, mask_token_id):
    return numpy.argwhere((input_ids == mask_token_id).numpy())


def positions_as_tuples(input_ids, mask_token_id):
    return list(zip(*(axis.tolist() for axis in torch.where(input_ids == mask_token_id))))


@pytest.mark.parametrize(
    ("exercise", "answer"),
    [
        ("04-fill", fill_by_the_whole_table),
        ("04-prefer", prefer_by_probability),
        ("04-mask-positions", positions_as_numpy),
        ("04-mask-positions", positions_as_tuples),
    ],
)
def test_a_right_answer_is_accepted(exercise, answer):
    verdict = judged(find(exercise), answer)
    assert verdict.state == State.RIGHT, verdict


@torch.no_grad()
def prefer_over_positions(text, first, second, tokenizer, model):
    inputs = tokenizer(text, return_tensors="pt")
    chances = model(**inputs).logits.softmax(dim=1)[inputs.input_ids == tokenizer.mask_token_id]
    one, two = chances[0, tokenizer.convert_tokens_to_ids([first, second])].tolist()
    return first if one > two else second


@pytest.mark.parametrize("answer", [lambda text, *words: min(words[:2]), prefer_over_positions])
def test_a_preference_without_the_scores_of_the_blank_is_refused(answer):
    assert judged(find("04-prefer"), answer).state == State.WRONG


def test_an_answer_in_another_order_is_refused():
    assert judged(find("04-fill"), fill_random_order).state == State.WRONG
