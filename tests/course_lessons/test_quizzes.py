"""Quizzes: every choice explains itself, and what the library can decide it decides."""

import nbformat
import pytest

from course_models.errors import CourseError
from course_utils import lessons, static_widget
from course_utils.exercises import progress
from course_utils.quizzes import Choice, Part, Question, answer_to, questions, quiz, warm_up
from executed import SOURCES

LESSONS = list(lessons.having("questions"))
QUESTIONS = {q.id: q for n in LESSONS for part in Part for q in questions(n, part).questions}
EACH = pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)


@pytest.fixture(autouse=True)
def own_progress(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "progress.json"))


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_opens_and_ends_with_questions(lesson):
    for part, least in ((Part.WARM_UP, 1), (Part.QUIZ, 2)):
        asked = questions(lesson, part).questions
        assert len(asked) >= least
        assert all(question.id.startswith(f"{lesson}-") for question in asked)


def test_no_question_is_asked_twice():
    assert len({question.text for question in QUESTIONS.values()}) == len(QUESTIONS)


@EACH
def test_each_choice_has_a_key_and_its_own_explanation(question):
    assert len(question.choices) >= 3
    for one in ("key", "text", "why"):
        assert len({getattr(choice, one) for choice in question.choices}) == len(question.choices)
    assert question.choice(question.right)
    for choice in question.choices:
        assert len(choice.why.split()) >= 5, choice
        assert len(choice.text) <= 100, f"too wide for a page: {choice}"


@EACH
def test_the_installed_library_agrees_with_the_explanations(question):
    assert question.computed is None or question.computed() == question.right


def test_a_good_part_of_the_answers_is_computed():
    assert sum(question.computed is not None for question in QUESTIONS.values()) >= 15


@EACH
def test_a_right_and_each_wrong_choice_are_answered(question):
    for choice in question.choices:
        answer = answer_to(question, choice.key)
        assert (answer.right, answer.why) == (choice.key == question.right, choice.why)


def test_a_library_that_has_changed_overrules_the_text():
    choices = (Choice("a", "the first", "So."), Choice("b", "the second", "Not so."))
    changed = Question("x", "?", choices, right="a", computed=lambda: "b")
    assert answer_to(changed, "b").right
    answer = answer_to(changed, "a")
    assert not answer.right and "the second" in answer.why


def test_buttons_answer_and_progress_counts():
    shown = questions("00", Part.QUIZ)
    state = lambda: progress().table.set_index("exercise").state["00-quiz"]  # noqa: E731
    assert state() == "not attempted"
    for asked in shown.asked:
        wrong = next(c for c in asked.question.choices if c.key != asked.question.right)
        asked.buttons[wrong.key].click()
        assert "✗" in asked.verdict.value
    assert state() == "begun"
    for asked in reversed(shown.asked):
        asked.buttons[asked.question.right].click()
        assert "✓" in asked.verdict.value and "✗" not in asked.verdict.value
    assert state() == "right"


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_static_rendering_has_every_choice_with_its_explanation(lesson, monkeypatch):
    outputs = []
    monkeypatch.setattr(static_widget, "display", lambda bundle, raw: outputs.append(bundle))
    warm_up(lesson)
    quiz(lesson)
    for output, part in zip(outputs, Part, strict=True):
        html, text = output["text/html"], output["text/plain"]
        assert "application/vnd.jupyter.widget-view+json" in output
        choices = [c for q in questions(lesson, part).questions for c in q.choices]
        assert html.count("<details>") == len(choices) and html.count("✓") >= 1
        for choice in choices:
            assert choice.text.replace("`", "") in text
            words = choice.why.split("`")[0].split("'")[0].split("<")[0].split("&")[0]
            assert words.split('"')[0] in html


@pytest.mark.parametrize("lesson", ["4", "99", 4, ""])
def test_an_unknown_lesson_names_those_there_are(lesson):
    with pytest.raises(CourseError, match="choose one of 00, 01"):
        quiz(lesson)


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_notebook_asks_both(lesson):
    (path,) = SOURCES.glob(f"{lesson}_*.ipynb")
    sources = {cell.id: cell.source for cell in nbformat.read(path, as_version=4).cells}
    assert f'warm_up("{lesson}")' in sources["warm-up-questions"]
    assert sources["quiz-questions"] == f'quiz("{lesson}")'
