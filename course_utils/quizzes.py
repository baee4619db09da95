"""Ask multiple-choice questions in which every choice explains itself.

The questions stand in `course_lessons`. Where the installed library can decide which choice is
right, it does, so an answer cannot go out of date unnoticed.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from html import escape

from ipywidgets import HTML, Button, VBox

from course_models.errors import CourseError
from course_models.language import tr
from course_utils import lessons
from course_utils.drawings import notice
from course_utils.records import record
from course_utils.static_widget import show_with_static

WIDE = {"width": "auto", "min_width": "240px", "height": "auto"}


class Part(StrEnum):
    """The two places of a notebook where questions are asked."""

    WARM_UP = "warm-up"
    QUIZ = "quiz"


@dataclass(frozen=True)
class Choice:
    """One possible answer; `code` in backticks is set as code.

    Attributes:
        key: its name within the question; for a computed question, what `computed` may return.
        text: what the learner reads.
        why: why it is right or wrong.
    """

    key: str
    text: str
    why: str


@dataclass(frozen=True)
class Question:
    """One question.

    Attributes:
        id: notebook number and a short name, such as "04-two-blanks".
        text: the question.
        choices: the possible answers.
        right: key of the right one.
        computed: returns the key of the right one as the installed library has it, if it can tell.
    """

    id: str
    text: str
    choices: tuple[Choice, ...]
    right: str
    computed: Callable[[], str] | None = None

    def choice(self, key: str) -> Choice:
        """The choice with this key.

        Raises:
            CourseError: there is none, as when a newer library computes something unforeseen.
        """
        for found in self.choices:
            if found.key == key:
                return found
        raise CourseError(tr("Question {id} has no choice {key!r}.", id=self.id, key=key))


@dataclass(frozen=True)
class Answer:
    """What is said about a choice."""

    right: bool
    why: str


def answer_to(question: Question, key: str) -> Answer:
    """Whether a choice is right, and why.

    Args:
        question: the question.
        key: key of one of its choices.
    """
    right = question.computed() if question.computed else question.right
    if right != question.right:  # a newer library than this text
        known = {choice.key: choice.text for choice in question.choices}
        text = tr(
            "With the transformers installed here, the answer is: {answer}",
            answer=tr(known.get(right, right)),
        )
        return Answer(key == right, text)
    return Answer(key == right, tr(question.choice(key).why))


class Asked:
    """One question on the page: its widgets, and what the learner has answered.

    Attributes:
        buttons: key of a choice → its button.
        solved: whether the right one was chosen.
        verdict: what was said about the last choice.
    """

    def __init__(self, question: Question, number: int, after: Callable[[], None]):
        self.question, self.solved, self._after = question, False, after
        self.verdict = HTML()
        self.buttons = {}
        for choice in question.choices:
            button = Button(description=plain_text(tr(choice.text)), layout=WIDE)
            button.on_click(lambda _, key=choice.key: self.choose(key))
            self.buttons[choice.key] = button
        head = HTML(f"<p><b>{number}.</b> {with_code(tr(question.text))}</p>")
        self.box = VBox([head, *self.buttons.values(), self.verdict])

    def choose(self, key: str) -> None:
        """Say whether a choice is right, and why."""
        answer = answer_to(self.question, key)
        sign = "✓" if answer.right else "✗"
        head = f"{sign} {plain_text(tr(self.question.choice(key).text))}"
        self.verdict.value = notice(head, plain_text(answer.why))
        for other, button in self.buttons.items():
            button.icon = {True: "check", False: "times"}[answer.right] if other == key else ""
        self.solved |= answer.right
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
            html.append(f"<p><b>{number}.</b> {with_code(tr(question.text))}</p>")
            text.append(f"{number}. {plain_text(tr(question.text))}")
            for choice in question.choices:
                sign = "✓" if choice.key == question.right else "✗"
                summary = f"<summary>{with_code(tr(choice.text))}</summary>"
                html.append(
                    f"<details>{summary}<p>{sign} {with_code(tr(choice.why))}</p></details>"
                )
                text.append(f"   ○ {plain_text(tr(choice.text))}")
        text += ["", tr("Run this cell in a notebook to answer; each choice has an explanation.")]
        widget = VBox([asked.box for asked in self.asked])
        show_with_static(widget, "".join(html), "\n".join(text))


def with_code(text: str) -> str:
    """HTML of a text in which `code` stands in backticks."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


def plain_text(text: str) -> str:
    """A text without its backticks."""
    return text.replace("`", "")


def questions(lesson: str, part: Part) -> Quiz:
    """The questions of one notebook.

    Args:
        lesson: number of the notebook, such as "04".
        part: its warm-up or its quiz.

    Raises:
        CourseError: there is no such notebook.
    """
    content = lessons.content(lesson, "questions")
    asked = {Part.WARM_UP: content.WARM_UP, Part.QUIZ: content.QUIZ}[part]
    return Quiz(f"{lesson}-{part}", asked)


def warm_up(lesson: str) -> None:
    """Questions on the notebooks before this one; for the arguments and errors see `questions`."""
    questions(lesson, Part.WARM_UP).show()


def quiz(lesson: str) -> None:
    """Questions on this notebook; for the arguments and errors see `questions`."""
    questions(lesson, Part.QUIZ).show()
