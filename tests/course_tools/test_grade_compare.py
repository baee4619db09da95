"""Inputs and results pass between grader and kernel by value; the grader alone compares."""

import json

import numpy as np
import pytest
import torch

from course_tools.grade import trial
from course_tools.grade.cases import Cases
from course_tools.grade.grading import Trial, judge
from course_tools.grade.plain import LONGEST, decode, encode, error_named, legible, whole
from course_utils.answers import same
from course_utils.exercises import all_exercises, find


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        0,
        2**70,
        1.5,
        float("inf"),
        "half \ud83d",
        [1, [2, (3, "x")]],
        {"a": (1, 2), 3: [None]},
        {1, 2},
        ...,
        np.float32(0.5),
        np.arange(4),
        torch.arange(6).reshape(2, 3),
        torch.tensor([0.1, float("nan")], dtype=torch.bfloat16),
        torch.zeros((0, 2), dtype=torch.long),
        torch.tensor(3),
    ],
    ids=repr,
)
def test_a_plain_value_comes_back_as_it_was(value):
    back = decode(encode(value))
    assert type(back) is type(value)
    assert same(value, back) or value is back


def test_what_is_not_plain_equals_nothing():
    class Yes(list):
        def __len__(self):
            return 2

        def __eq__(self, other):
            return True

        def __iter__(self):
            return iter([1, 2])

    class Broken:
        def __repr__(self):
            raise SystemError("no")

    assert decode(encode(Yes([5]))) == [5]
    deep: list = []
    for _ in range(100):
        deep = [deep]
    for odd in (object(), Broken(), deep, torch.zeros(LONGEST), "x" * LONGEST, print, len):
        back = decode(encode(odd))
        assert back != odd and not same(back, odd) and not same(odd, back)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        '["tensor"]',
        '["tensor", "torch.int64", [9], "AAAA"]',
        '["dict", [[["list", []], 1]]]',
    ]
    + ['["numpy", "O", 1]', '["x", 1]', "[" * 5_000, '["tensor", "torch.int64", [-1], ""]']
    + ['["tensor", "os.system", [1], ""]', '["other", "a\\u0000b", "x"]'],
)
def test_what_no_kernel_sends_is_a_value_error_at_worst(text):
    try:
        back = decode(text)
    except ValueError:
        return
    assert not same(back, [1])


def test_errors_are_known_by_name():
    assert type(error_named("KeyError", "x")) is KeyError
    assert type(error_named("UnicodeDecodeError", "x")) is UnicodeDecodeError
    assert type(error_named("TooSlow", "")).__module__ == "course_utils.answers"
    for name in ("SystemExit", "print", "Own", "__name__"):
        assert isinstance(error_named(name, "x"), Exception), name


def test_text_is_cleaned_at_the_border():
    assert whole("\ud83d\ude00") == "😀" and whole("\ud83d") == "\ufffd"
    assert legible("\x1b[31mred\x1b[0m\u202e\x00\r\ntail") == "red\ntail"


@pytest.fixture(scope="module")
def cases():
    with Cases() as made:
        yield made


def row(exercise, answer, cases):
    path = str(cases.write(exercise.id))
    given = answer() if exercise.value else answer
    return judge(
        exercise, Trial(json.loads(json.dumps(trial.run(path, exercise.value, lambda: given))))
    )


@pytest.mark.parametrize("exercise", all_exercises().values(), ids=lambda exercise: exercise.id)
def test_references_are_right_and_mistakes_named_across_the_border(exercise, cases):
    assert row(exercise, exercise.reference, cases)["verdict"] == "right"
    for mistake in exercise.mistakes:
        found = row(exercise, mistake.answer, cases)
        assert (found["verdict"], found["mistake"]) == ("wrong", f"{exercise.id}/{mistake.name}")


def test_what_a_kernel_says_of_itself_gives_no_point():
    exercise = find("04-mask-positions")
    right = {"result": encode([]), "error": None, "changed": False, "printed": ""}
    for said in (
        {"state": "right"},
        {"state": "called", "outcomes": []},
        {"state": "called", "outcomes": [right]},
        {"state": "called", "outcomes": [3, 4, 5]},
        {"state": "called", "outcomes": "xyz"},
        {"state": "unfit", "value": encode(print)},
    ):
        assert judge(exercise, Trial(said))["verdict"] in ("error", "wrong"), said
    blank = {"state": "unfit", "value": encode(...)}
    assert judge(exercise, Trial(blank))["verdict"] == "not attempted"
    value = {"state": "unfit", "value": encode(3)}
    assert judge(exercise, Trial(value))["reason"] == "not-a-function"
