"""A prediction is compared with what its own cell has computed; nobody has to make one."""

import ast

import nbformat
import pytest

from course_models.errors import CourseError
from course_utils import static_widget
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


def test_a_right_and_a_wrong_choice_are_told_apart():
    prediction = predict("Which class?", ["AutoModel", "BertModel"], "BertModel")
    assert prediction.right == "BertModel" and not prediction.verdict.value
    prediction.buttons["BertModel"].click()
    assert "✓" in prediction.verdict.value
    prediction.buttons["AutoModel"].click()
    assert "✗ you said: AutoModel" in prediction.verdict.value
    assert "Computed: BertModel" in prediction.verdict.value


def test_each_prediction_keeps_its_own_answer():
    first = predict("One?", ["1", "2"], "1")
    second = predict("Two?", ["1", "2"], "2")
    first.buttons["1"].click()
    second.buttons["1"].click()
    assert "✓" in first.verdict.value and "✗" in second.verdict.value


def test_a_choice_in_words_stands_for_a_value():
    choices = {"both": (True, True), "the first": (True, False)}
    assert predict("Same numbers?", choices, [True, False]).right == "the first"
    other = predict("Same numbers?", choices, (False, False))
    assert other.right is None and "(False, False)" in other.found
    assert predict("Close?", {"one": 1.0, "two": 2.0}, 1.000001).right == "one"


def test_true_is_not_one():
    assert predict("What?", [1, True], True).right == "True"
    assert predict("What?", [1, True], 1).right == "1"


def test_all_stands_in_the_output_without_a_widget(shown):
    predict("Is 1 < 2?", ["yes", "no & never"], "yes")._ipython_display_()
    (output,) = shown
    assert output["text/plain"] == "Predict: Is 1 < 2?\n  ○ yes\n  ○ no & never\nComputed: yes"
    for part in ("Is 1 &lt; 2?", "<li>yes</li>", "<li>no &amp; never</li>", "<details>"):
        assert part in output["text/html"]
    assert "application/vnd.jupyter.widget-view+json" in output


@pytest.mark.parametrize("choices", [["one"], ["same", "same"], {"one": 1}])
def test_choices_that_leave_no_choice_are_refused(choices):
    with pytest.raises(CourseError, match="two or more different choices"):
        predict("What?", choices, "one")


def predictions_in(path):
    """Each call of `predict`: (cell id, call)."""
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code" and "predict(" in cell.source:
            for node in ast.walk(ast.parse(cell.source)):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "predict":
                    yield cell.id, node


@EACH
def test_a_prediction_is_compared_with_something_computed(path, executed):
    copy = executed(path.stem)
    for cell, node in predictions_in(path):
        answer = node.args[2] if len(node.args) == 3 else node.keywords[-1].value
        assert any(isinstance(n, ast.Name) for n in ast.walk(answer)), f"{cell}: a stored answer"
        text = copy.text(cell)
        assert "Predict: " in text and "something else" not in text, cell
