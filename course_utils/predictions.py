"""Predict before you run: a guess is kept, and compared with what the next cell computes.

Nobody has to guess. Without a guess, as when a notebook runs by itself, nothing is judged.
"""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from ipywidgets import HTML, RadioButtons, Text, VBox

from course_utils.answers import same
from course_utils.drawings import Drawing, notice
from course_utils.errors import CourseError
from course_utils.static_widget import show_with_static

LABEL = {"description": "Prediction:", "style": {"description_width": "initial"}}
WIDE = {"width": "max-content"}  # as wide as the longest choice


class Prediction:
    """A question with the learner's guess; see `predict`.

    Attributes:
        choices: what the learner reads → the value it stands for; empty for a typed answer.
        control: the widget that holds the guess.
    """

    def __init__(self, question: str, choices: Mapping[str, Any]):
        self.question, self.choices = question, dict(choices)
        if choices:
            self.control = RadioButtons(options=list(choices), index=None, layout=WIDE, **LABEL)
        else:
            self.control = Text(placeholder="type a short answer", continuous_update=False, **LABEL)

    @property
    def guess(self) -> str | None:
        """The learner's words, or None if there are none yet."""
        return (self.control.value or "").strip() or None

    def show(self) -> None:
        """Display the question and its control, and both as text where no control can work."""
        head = f"<p><b>Predict:</b> {escape(self.question)}</p>"
        items = "".join(f"<li>{escape(choice)}</li>" for choice in self.choices)
        lines = [f"Predict: {self.question}", *(f"  ○ {choice}" for choice in self.choices)]
        widget = VBox([HTML(head), self.control])
        show_with_static(widget, head + (items and f"<ul>{items}</ul>"), "\n".join(lines))

    def compare(self, answer: Any) -> Drawing:
        """Set the guess beside the computed answer.

        Args:
            answer: what the lesson has computed: the value of one of the choices, or for a typed
                answer anything whose text is the answer.
        """
        fitting = [words for words, value in self.choices.items() if same(value, answer)]
        found = fitting[0] if fitting else str(answer)
        if self.choices and not fitting:
            found += " (none of the choices)"
        if self.guess is None:
            head, message = "○ no prediction made", f"Computed: {found}"
        elif _plain(self.guess) == _plain(found):
            head, message = "✓ as you predicted", f"Computed: {found}"
        else:
            head, message = "✗ not as you predicted", f"Computed: {found}; you said: {self.guess}"
        return Drawing(notice(head, message), f"{head}\n{message}")


def _plain(words: str) -> str:
    return " ".join(words.casefold().strip("\"'`.").split())


def predict(question: str, choices: Sequence[Any] | Mapping[str, Any] = ()) -> Prediction:
    """Ask before the cell that shows the answer; call `compare` on the result after it.

    Args:
        question: what will happen, in one sentence.
        choices: the possible answers, as values (shown as they print) or as words → value;
            without choices the learner types a short answer.

    Raises:
        CourseError: there is one choice only, or two choices read the same.
    """
    pairs = choices.items() if isinstance(choices, Mapping) else [(str(c), c) for c in choices]
    if len(choices) == 1 or len(dict(pairs)) < len(choices):
        raise CourseError("predict needs two or more different choices, or none at all.")
    prediction = Prediction(question, dict(pairs))
    prediction.show()
    return prediction
