"""A prediction is kept and compared with what the lesson computes; nobody has to make one."""

import pytest
import torch
from ipywidgets import RadioButtons, Text

from course_utils import static_widget
from course_utils.messages import CourseError
from course_utils.predict import predict


@pytest.fixture(autouse=True)
def shown(monkeypatch):
    """The outputs that a notebook would show."""
    outputs = []
    monkeypatch.setattr(static_widget, "display", lambda bundle, raw: outputs.append(bundle))
    return outputs


def test_a_right_a_wrong_and_no_guess_are_told_apart():
    guess = predict("Which class?", ["AutoModel", "BertModel"])
    assert isinstance(guess.control, RadioButtons)
    assert repr(guess.compare("BertModel")) == "○ no prediction made\nComputed: BertModel"
    guess.control.value = "BertModel"
    assert repr(guess.compare("BertModel")).startswith("✓ as you predicted")
    guess.control.value = "AutoModel"
    verdict = repr(guess.compare("BertModel"))
    assert verdict.startswith("✗ not as you predicted") and "you said: AutoModel" in verdict


def test_a_choice_in_words_stands_for_a_value():
    guess = predict("Same numbers?", {"both": (True, True), "the first": (True, False)})
    guess.control.value = "the first"
    assert repr(guess.compare((True, False))).startswith("✓")
    assert "Computed: both" in repr(guess.compare([True, True]))
    assert "(False, False) (none of the choices)" in repr(guess.compare((False, False)))
    guess = predict("Close?", {"one": 1.0, "two": 2.0})
    assert "Computed: one" in repr(guess.compare(1.000001))


def test_true_is_not_one():
    guess = predict("What?", [1, True])
    assert "Computed: True" in repr(guess.compare(True)) and "Computed: 1" in repr(guess.compare(1))


@pytest.mark.parametrize("typed", ["9", " 9 ", "`9`", "9."])
def test_a_typed_answer_need_not_be_typed_exactly(typed):
    guess = predict("How many?")
    assert isinstance(guess.control, Text)
    assert repr(guess.compare(9)).startswith("○")
    guess.control.value = typed
    assert repr(guess.compare(9)).startswith("✓")
    assert repr(guess.compare("nine")).startswith("✗")


def test_spaces_alone_are_no_guess():
    guess = predict("How many?")
    guess.control.value = "  "
    assert repr(guess.compare(torch.Size([2]))).startswith("○")


def test_the_question_and_its_choices_stand_in_the_output_without_a_widget(shown):
    predict("Is 1 < 2?", ["yes", "no & never"])
    (output,) = shown
    assert output["text/plain"] == "Predict: Is 1 < 2?\n  ○ yes\n  ○ no & never"
    for part in ("Is 1 &lt; 2?", "<li>yes</li>", "<li>no &amp; never</li>"):
        assert part in output["text/html"]
    assert "application/vnd.jupyter.widget-view+json" in output


@pytest.mark.parametrize("choices", [["one"], ["same", "same"], {"one": 1}])
def test_choices_that_leave_no_choice_are_refused(choices):
    with pytest.raises(CourseError, match="two or more different choices"):
        predict("What?", choices)
