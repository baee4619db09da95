"""A prediction is kept and compared with what the lesson computes; nobody has to make one."""

import ast

import nbformat
import pytest
import torch
from ipywidgets import RadioButtons, Text

from course_utils import static_widget
from course_utils.errors import CourseError
from course_utils.predictions import predict
from executed import SOURCES

NOTEBOOKS = sorted(SOURCES.glob("[0-9]*.ipynb"))
EACH = pytest.mark.parametrize("path", NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])


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


def calls_in(path):
    """For each code cell with a call of `predict` or `compare`: (cell id, call, its argument)."""
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code" and cell.id.startswith(("guess-", "compare-")):
            for node in ast.walk(ast.parse(cell.source)):
                if isinstance(node, ast.Call):
                    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                    if name in ("predict", "compare"):
                        yield cell.id, name, node


@EACH
def test_every_prediction_is_followed_by_what_the_lesson_computed(path):
    calls = list(calls_in(path))
    if path.name < "11":
        assert len(calls) >= 6
    for (cell, name, _), (after, then, node) in zip(calls[::2], calls[1::2], strict=True):
        assert (name, then) == ("predict", "compare")
        assert after.removeprefix("compare-") == cell.removeprefix("guess-")
        names = [n.id for n in ast.walk(node.args[0]) if isinstance(n, ast.Name)]
        assert names, f"{after} compares with a stored answer"
    cells = [cell.id for cell in nbformat.read(path, as_version=4).cells]
    for (cell, _, _), (after, _, _) in zip(calls[::2], calls[1::2], strict=True):
        assert cells.index(after) - cells.index(cell) >= 2, f"nothing is computed before {after}"


@EACH
def test_in_a_run_without_a_learner_nothing_is_judged(path, executed):
    copy = executed(path.stem)
    for cell, name, node in calls_in(path):
        if name == "predict":
            assert copy.text(cell).startswith(f"Predict: {node.args[0].value}")
        else:
            assert copy.text(cell).startswith("○ no prediction made\nComputed: ")
            assert "none of the choices" not in copy.text(cell)
