"""Quizzes: every choice explains itself, and what the library can decide it decides."""

import nbformat
import pytest

from course_utils import lessons, quizzes, static_widget
from course_utils.errors import CourseError
from course_utils.exercises import progress
from course_utils.quizzes import Question, judge, load, quiz, warm_up
from executed import SOURCES

PARTS = {"warm-up": 2, "quiz": 3}
LESSONS = list(lessons.having("questions"))
QUESTIONS = {q.id: q for n in LESSONS for part in PARTS for q in load(n, part).questions}
EACH = pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)


@pytest.fixture(autouse=True)
def own_progress(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "progress.json"))


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_opens_with_two_questions_and_ends_with_three(lesson):
    for part, count in PARTS.items():
        questions = load(lesson, part).questions
        assert len(questions) == count
        assert all(question.id.startswith(f"{lesson}-") for question in questions)


def test_no_question_is_asked_twice():
    assert len(QUESTIONS) == len(LESSONS) * sum(PARTS.values())
    assert len({question.text for question in QUESTIONS.values()}) == len(QUESTIONS)


@EACH
def test_each_choice_has_its_own_explanation_and_one_is_right(question):
    assert len(question.choices) >= 3
    assert len(set(question.choices.values())) == len(question.choices)
    assert sum(why.startswith("Yes") for why in question.choices.values()) == 1
    for choice, why in question.choices.items():
        assert why.startswith(("Yes", "No")) and len(why.split()) >= 6, choice
        assert len(choice) <= 100, f"too wide for a page: {choice}"


@EACH
def test_the_installed_library_agrees_with_the_explanations(question):
    assert question.right() == question.marked


def test_a_good_part_of_the_answers_is_computed():
    assert sum(question.computed is not None for question in QUESTIONS.values()) >= 15


@EACH
def test_a_right_and_each_wrong_choice_are_answered(question):
    for choice, why in question.choices.items():
        head, message = judge(question, choice)
        assert (head == "✓ right") == (choice == question.marked) and message == why


def test_nothing_chosen_is_not_judged():
    assert judge(QUESTIONS["00-type"], None)[0] == "○ no answer yet"


def test_a_library_that_has_changed_overrules_the_text():
    changed = Question("x", "?", {"a": "Yes: so.", "b": "No: not so."}, computed=lambda: "b")
    assert judge(changed, "b")[0] == "✓ right"
    head, message = judge(changed, "a")
    assert head == "✗ not right" and message.endswith("the answer is: b")


def test_buttons_answer_and_progress_counts():
    shown = load("00", "quiz")
    state = lambda: progress().set_index("exercise").state["00-quiz"]  # noqa: E731
    for asked in shown.asked:
        asked.button.click()
        assert "no answer yet" in asked.verdict.value
    assert state() == "not attempted"
    for asked in shown.asked:
        asked.choice.value = next(c for c in asked.question.choices if c != asked.question.marked)
        asked.button.click()
        assert "✗ not right" in asked.verdict.value and "No" in asked.verdict.value
    assert state() == "begun"
    for asked in reversed(shown.asked):
        asked.choice.value = asked.question.marked
        assert "✗" in asked.verdict.value  # choosing alone says nothing yet
        asked.button.click()
        assert "✓ right" in asked.verdict.value and "Yes" in asked.verdict.value
    assert state() == "right"


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_static_rendering_has_every_choice_with_its_explanation(lesson, monkeypatch):
    outputs = []
    monkeypatch.setattr(static_widget, "display", lambda bundle, raw: outputs.append(bundle))
    warm_up(lesson)
    quiz(lesson)
    for output, part in zip(outputs, PARTS, strict=True):
        html, text = output["text/html"], output["text/plain"]
        assert "application/vnd.jupyter.widget-view+json" in output
        for question in load(lesson, part).questions:
            assert quizzes._html(question.text) in html
            for choice, why in question.choices.items():
                assert f"<summary>{quizzes._html(choice)}</summary><p>{quizzes._html(why)}" in html
                assert quizzes._plain(choice) in text


@pytest.mark.parametrize("lesson", ["4", "12", 4, ""])
def test_an_unknown_lesson_names_those_there_are(lesson):
    with pytest.raises(CourseError, match="choose one of 00, 01"):
        quiz(lesson)


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_notebook_asks_both_and_shows_them_without_a_learner(lesson, executed):
    (path,) = SOURCES.glob(f"{lesson}_*.ipynb")
    sources = {cell.id: cell.source for cell in nbformat.read(path, as_version=4).cells}
    assert f'warm_up("{lesson}")' in sources["warm-up-questions"]
    assert sources["quiz-questions"] == f'quiz("{lesson}")'
    for cell, part in (("warm-up-questions", "warm-up"), ("quiz-questions", "quiz")):
        for question in load(lesson, part).questions:
            assert quizzes._plain(question.text) in executed(path.stem).text(cell)
