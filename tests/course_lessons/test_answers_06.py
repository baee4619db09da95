"""Exercises of 06: answers that have to be right, and wrong ones that must not pass."""

import numpy
import pytest
import torch

from course_utils.exercises import find
from course_utils.verdicts import State, judge

best_spans = find("06-best-span").reference
answer_or_none = find("06-or-none").reference


def as_numpy(start, end, allowed, longest, k):
    return [numpy.array(span) for span in best_spans(start, end, allowed, longest, k)]


def equals_in_reading_order(start, end, allowed, longest, k):
    """Where two spans score the same, the earlier one first; the reference takes the later one."""
    last = len(start) - 1
    mirrored = best_spans(end.flip(0), start.flip(0), allowed[::-1], longest, k)
    return [(last - j, last - i) for i, j in mirrored]


def one_too_long(start, end, allowed, longest, k):
    return best_spans(start, end, allowed, longest + 1, k)


def products(start, end, allowed, longest, k):
    n = len(allowed)
    spans = sorted(
        (
            (float(start[i] * end[j]), i, j)
            for i in range(n)
            for j in range(i, min(i + longest, n))
            if allowed[i] and allowed[j]
        ),
        reverse=True,
    )
    kept = []
    for _, i, j in spans:
        if all(j < other[0] or other[1] < i for other in kept):
            kept.append((i, j))
    return kept[:k]


def wants_k(start, end, allowed, longest, k):
    spans = best_spans(start, end, allowed, longest, k)
    return [spans[place] for place in range(k)]


def unravelled(start, end, allowed, longest, margin):
    inside = torch.tensor(allowed)
    sums = start[:, None] + end[None, :]
    legal = torch.ones_like(sums).triu().tril(longest - 1).bool() & inside[:, None] & inside
    sums = sums.masked_fill(~legal, -torch.inf)
    best = torch.unravel_index(sums.argmax(), sums.shape)
    return best if sums[best] > start[0] + end[0] + margin else None


def not_above(start, end, allowed, longest, margin):
    answer = unravelled(start, end, allowed, longest, margin - 1e-6)
    return answer and tuple(map(int, answer))


def longest_ignored(start, end, allowed, longest, margin):
    return answer_or_none(start, end, allowed, len(start), margin)


def twice_the_start(start, end, allowed, longest, margin):
    end = torch.cat([start[:1], end[1:]])
    return answer_or_none(start, end, allowed, longest, margin)


RIGHT = [
    ("06-best-span", as_numpy),
    ("06-best-span", equals_in_reading_order),
    ("06-or-none", unravelled),
]
WRONG = [
    ("06-best-span", one_too_long),
    ("06-best-span", products),
    ("06-best-span", wants_k),
    ("06-or-none", not_above),
    ("06-or-none", twice_the_start),
    ("06-or-none", longest_ignored),
]


@pytest.mark.parametrize("exercise, answer", RIGHT)
def test_a_right_answer_in_another_dress_is_right(exercise, answer):
    verdict = judge(find(exercise), answer)
    assert verdict.state == State.RIGHT, verdict


@pytest.mark.parametrize("exercise, answer", WRONG)
def test_a_wrong_answer_is_told_apart(exercise, answer):
    assert judge(find(exercise), answer).state == State.WRONG
