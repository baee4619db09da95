"""Exercises of lesson 05: right answers in other words, and wrong ones that look right."""

import numpy
import pytest
import torch

from course_utils.exercises import find
from course_utils.verdicts import State, judge


def translate_in_a_list(texts, tokenizer, model):
    out = model.generate(**tokenizer(texts, padding=True, return_tensors="pt"), max_new_tokens=40)
    return [tokenizer.decode(row, skip_special_tokens=True) for row in out]


@torch.no_grad()
def greedy_with_the_encoder_once(model, input_ids, n):
    encoded = model.get_encoder()(input_ids=input_ids)
    row = [model.config.decoder_start_token_id]
    for _ in range(n):
        ids = torch.tensor([row])
        row.append(model(encoder_outputs=encoded, decoder_input_ids=ids).logits[0, -1].argmax())
    return [[int(token) for token in row]]


@torch.no_grad()
def greedy_with_the_newest_token(model, input_ids, n):
    row = [model.config.decoder_start_token_id]
    for _ in range(n):
        ids = torch.tensor([[row[-1]]])
        logits = model(input_ids=input_ids, decoder_input_ids=ids).logits
        row.append(logits[0, -1].argmax().item())
    return torch.tensor([row])


def shift_with_numpy(labels, start_id):
    return numpy.concatenate([[start_id], labels[:-1]])


def shift_to_numpy_numbers(labels, start_id):
    return [numpy.int64(start_id), *map(numpy.int64, labels[:-1])]


@pytest.mark.parametrize(
    ("exercise", "answer"),
    [
        ("05-translate", translate_in_a_list),
        ("05-greedy", greedy_with_the_encoder_once),
        ("05-shift", shift_with_numpy),
        ("05-shift", shift_to_numpy_numbers),
    ],
)
def test_a_right_answer_is_accepted(exercise, answer):
    verdict = judge(find(exercise), answer)
    assert verdict.state == State.RIGHT, verdict


def test_a_decoder_without_its_past_is_told_apart():
    verdict = judge(find("05-greedy"), greedy_with_the_newest_token)
    assert verdict.state == State.WRONG and "only the newest token" in verdict.message, verdict
