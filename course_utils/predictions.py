"""Predict before you look: one cell asks, computes, and compares once the learner has chosen.

Nobody has to choose. The cell has computed the answer already and keeps it, so that a prediction
can be made after Run All, after a rerun, and in any order.
"""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from ipywidgets import HTML, Button, VBox

from course_models.errors import CourseError
from course_models.language import tr
from course_utils.answers import same
from course_utils.drawings import notice
from course_utils.static_widget import show_with_static

WIDE = {"width": "auto", "min_width": "240px", "height": "auto"}


class Prediction:
    """A question, its choices and the computed answer; a notebook shows it as a cell's last value.

    Attributes:
        choices: what the learner reads → the value it stands for.
        answer: what was computed.
        right: the choice that stands for the answer; None if none does.
        buttons: choice → its button.
        verdict: the widget that compares once a button was pressed.
    """

    def __init__(self, question: str, choices: Mapping[str, Any], answer: Any):
        self.question, self.choices, self.answer = question, dict(choices), answer
        fitting = [words for words, value in self.choices.items() if same(value, answer)]
        self.right = fitting[0] if fitting else None
        self.verdict = HTML()
        self.buttons = {}
        for words in self.choices:
            button = Button(description=words, layout=WIDE)
            button.on_click(lambda _, words=words: self.choose(words))
            self.buttons[words] = button

    @property
    def found(self) -> str:
        """The answer in the learner's words."""
        # The learner's own text can lead to an answer that nobody foresaw.
        return self.right or tr("something else: {answer}", answer=self.answer)

    def choose(self, words: str) -> None:
        """Compare a choice with the answer."""
        agrees = words == self.right
        head = tr("✓ as you predicted") if agrees else tr("✗ you said: {words}", words=words)
        self.verdict.value = notice(head, tr("Computed: {answer}", answer=self.found))

    def _ipython_display_(self) -> None:
        predict = tr("Predict:")
        head = f"<p><b>{predict}</b> {escape(self.question)}</p>"
        items = "".join(f"<li>{escape(words)}</li>" for words in self.choices)
        summary = tr("Computed")
        reveal = f"<details><summary>{summary}</summary><p>{escape(self.found)}</p></details>"
        asked = tr("Predict: {question}", question=self.question)
        lines = [asked, *(f"  ○ {words}" for words in self.choices)]
        lines.append(tr("Computed: {answer}", answer=self.found))
        widget = VBox([HTML(head), *self.buttons.values(), self.verdict])
        show_with_static(widget, f"{head}<ul>{items}</ul>{reveal}", "\n".join(lines))


def predict(question: str, choices: Sequence[Any] | Mapping[str, Any], answer: Any) -> Prediction:
    """Ask about something that this cell has computed and not yet shown.

    Args:
        question: what has come out, in one sentence.
        choices: the possible answers, as values (shown as they print) or as words → value.
        answer: what was computed: the value of one of the choices, as a rule.

    Raises:
        CourseError: there is one choice only, or two choices read the same.
    """
    pairs = choices.items() if isinstance(choices, Mapping) else [(str(c), c) for c in choices]
    if len(choices) < 2 or len(dict(pairs)) < len(choices):
        raise CourseError(tr("predict needs two or more different choices."))
    return Prediction(question, dict(pairs), answer)
