"""Exercises of lesson 03: right answers in other words, and wrong ones that look right."""

import pytest
import torch

from course_utils.exercises import find
from course_utils.verdicts import State, judge


@torch.no_grad()
def greedy_in_a_list(model, input_ids, n):
    row = input_ids[0].tolist()
    for _ in range(n):
        row.append(model(input_ids=torch.tensor([row])).logits[0, -1].argmax().item())
    return [row]


def with_generate(model, input_ids, n):
    return model.generate(input_ids, max_new_tokens=n, do_sample=False, num_beams=1)


@torch.no_grad()
def without_keepdim(model, input_ids, n):
    for _ in range(n):
        input_ids = torch.cat([input_ids, model(input_ids).logits[:, -1].argmax(-1)], dim=-1)
    return input_ids


def new_by_count(output_ids, input_ids):
    new = output_ids.shape[1] - input_ids.shape[1]
    return output_ids[:, -new:].tolist()


def in_one_call(model, tokenizer, texts, n):
    tokenizer.pad_token = tokenizer.eos_token
    inputs = tokenizer(texts, padding=True, padding_side="left", return_tensors="pt")
    out = model.generate(**inputs, max_new_tokens=n, do_sample=False)
    return [tokenizer.decode(row[-n:], skip_special_tokens=True) for row in out]


def one_by_one(model, tokenizer, texts, n):
    new = []
    for text in texts:
        ids = tokenizer(text, return_tensors="pt").input_ids
        out = model.generate(ids, max_new_tokens=n, do_sample=False)
        new.append(tokenizer.decode(out[0, ids.shape[1] :], skip_special_tokens=True))
    return new


@pytest.mark.parametrize(
    ("exercise", "answer"),
    [
        ("03-greedy", greedy_in_a_list),
        ("03-new-tokens", new_by_count),
        ("03-batch", in_one_call),
    ],
)
def test_a_right_answer_is_accepted(exercise, answer):
    verdict = judge(find(exercise), answer)
    assert verdict.state == State.RIGHT, verdict


@pytest.mark.parametrize(
    ("exercise", "answer", "words"),
    [
        ("03-greedy", with_generate, "You called generate"),
        ("03-greedy", without_keepdim, "keepdim=True"),
        ("03-batch", one_by_one, "once for each text"),
    ],
)
def test_a_wrong_answer_is_told_apart(exercise, answer, words):
    verdict = judge(find(exercise), answer)
    assert verdict.state == State.WRONG and words in verdict.message, verdict
