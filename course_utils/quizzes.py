"""Ask multiple-choice questions in which every choice explains itself.

The questions stand in `course_lessons`. Where the installed library can
decide which choice is right, it does, so an answer cannot go out of date unnoticed.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from ipywidgets import HTML, Button, RadioButtons, VBox

from course_utils import lessons
from course_utils.drawings import notice
from course_utils.records import record
from course_utils.static_widget import show_with_static

WIDE = {"width": "max-content"}  # as wide as the longest choice


@dataclass(frozen=True)
class Question:
    """One question; `code` in backticks is set as code.

    Attributes:
        id: notebook number and a short name, such as "04-two-blanks".
        text: the question.
        choices: choice → its explanation, which begins with "Yes" for the right one and with "No"
            for the others.
        computed: returns the right choice as the installed library has it, if it can tell.
    """

    id: str
    text: str
    choices: Mapping[str, str]
    computed: Callable[[], str] | None = None

    @property
    def marked(self) -> str:
        """The choice that its explanation calls right."""
        return next(choice for choice, why in self.choices.items() if why.startswith("Yes"))

    def right(self) -> str:
        """The right choice, computed where that is possible."""
        return self.computed() if self.computed else self.marked


def judge(question: Question, choice: str | None) -> tuple[str, str]:
    """What is said about a choice: a heading, which begins with ✓ if it is right, and the reason.

    Args:
        question: the question.
        choice: one of its choices, or None while nothing is chosen.
    """
    if choice is None:
        return "○ no answer yet", "Choose one of the answers first."
    right = question.right()
    head = "✓ right" if choice == right else "✗ not right"
    if right != question.marked:  # a newer library than this text
        return head, f"With the transformers installed here, the answer is: {right}"
    return head, question.choices[choice]


class Asked:
    """One question on the page: its widgets, and what the learner has answered."""

    def __init__(self, question: Question, number: int, after: Callable[[], None]):
        self.question, self.solved, self._after = question, False, after
        options = [(_plain(choice), choice) for choice in question.choices]
        self.choice = RadioButtons(options=options, index=None, layout=WIDE, description="Answer:")
        self.button = Button(description=f"Check question {number}", layout={"width": "160px"})
        self.verdict = HTML()
        self.button.on_click(lambda _: self.check())
        head = HTML(f"<p><b>{number}.</b> {_html(question.text)}</p>")
        self.box = VBox([head, self.choice, self.button, self.verdict])

    def check(self) -> None:
        """Say whether the present choice is right, and why."""
        head, why = judge(self.question, self.choice.value)
        self.verdict.value = notice(head, _plain(why))
        if self.choice.value is not None:
            self.solved |= head.startswith("✓")
            self._after()


class Quiz:
    """Several questions; answers are counted in `progress()` under the quiz's id."""

    def __init__(self, id: str, questions: Sequence[Question]):
        self.id, self.questions = id, questions
        self.asked = [Asked(q, n, self._record) for n, q in enumerate(questions, start=1)]

    def _record(self) -> None:
        done = all(asked.solved for asked in self.asked)
        record(self.id, "right" if done else "begun")

    def show(self) -> None:
        """Display the questions, and for viewers without widgets each choice with its reason."""
        html, text = [], []
        for number, question in enumerate(self.questions, start=1):
            html.append(f"<p><b>{number}.</b> {_html(question.text)}</p>")
            text.append(f"{number}. {_plain(question.text)}")
            for choice, why in question.choices.items():
                summary = f"<summary>{_html(choice)}</summary>"
                html.append(f"<details>{summary}<p>{_html(why)}</p></details>")
                text.append(f"   ○ {_plain(choice)}")
        text += ["", "Run this cell in a notebook to answer; each choice has an explanation."]
        widget = VBox([asked.box for asked in self.asked])
        show_with_static(widget, "".join(html), "\n".join(text))


def _html(text: str) -> str:
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


def _plain(text: str) -> str:
    return text.replace("`", "")


def load(lesson: str, part: str) -> Quiz:
    """The questions of one notebook.

    Args:
        lesson: number of the notebook, such as "04".
        part: "warm-up" or "quiz".

    Raises:
        CourseError: there is no such notebook.
    """
    content = lessons.content(lesson, "questions")
    return Quiz(f"{lesson}-{part}", content.WARM_UP if part == "warm-up" else content.QUIZ)


def warm_up(lesson: str) -> None:
    """Two questions on the notebooks before this one; for the arguments and errors see `load`."""
    load(lesson, "warm-up").show()


def quiz(lesson: str) -> None:
    """Three questions on this notebook; for the arguments and errors see `load`."""
    load(lesson, "quiz").show()
