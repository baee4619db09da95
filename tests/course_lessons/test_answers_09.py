"""Exercises of 09: answers that have to be right, and wrong ones that must not pass."""

import numpy
import pytest
import torch

from course_utils.exercises import find
from course_utils.verdicts import Reason, State, judge


def with_numpy(query, documents):
    query, documents = query.numpy(), documents.numpy()
    lengths = numpy.linalg.norm(documents, axis=1)
    return numpy.argsort(-(documents @ query) / lengths)


def first_rows(hidden, mask):
    """The mean of as many rows as there are real tokens: wrong with padding on the left."""
    return torch.stack([row[:n].mean(0) for row, n in zip(hidden, mask.sum(1).tolist())])


def ranks(query, documents):
    return torch.tensor(find("09-search").reference(query, documents)).argsort().tolist()


@pytest.mark.parametrize("exercise, answer", [("09-search", with_numpy)])
def test_a_right_answer_in_another_dress_is_right(exercise, answer):
    verdict = judge(find(exercise), answer)
    assert verdict.state == State.RIGHT, verdict


@pytest.mark.parametrize(
    "exercise, answer", [("09-search", ranks), ("09-last", lambda hidden, mask: hidden[:, 0])]
)
def test_a_wrong_answer_is_named(exercise, answer):
    verdict = judge(find(exercise), answer)
    assert (verdict.state, verdict.reason) == (State.WRONG, Reason.MISTAKE)


def test_padding_may_stand_on_the_left():
    assert judge(find("09-mean"), first_rows).state == State.WRONG
