"""Exercises answer a learner: right, not attempted, or wrong with the idea behind it."""

import builtins
import inspect
import symtable
import textwrap
import time
from dataclasses import replace

import nbformat
import numpy
import pytest
import torch
from transformers import LlamaForCausalLM

from course_models.errors import CourseError
from course_utils import answers
from course_utils.exercises import (
    all_exercises,
    check,
    find,
    hint,
    progress,
    solution,
)
from course_utils.verdicts import Reason, State, judge
from executed import SOURCES
from judging import judged

EXERCISES = all_exercises()
EACH = pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)


@pytest.fixture(autouse=True)
def own_progress(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "progress.json"))


def code_before(path, last):
    """For each code cell before one of them, the names that it defines."""
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.id == last:
            return
        if cell.cell_type == "code" and not cell.source.startswith("%"):
            table = symtable.symtable(cell.source, cell.id, "exec")
            yield {s.get_name() for s in table.get_symbols() if s.is_assigned() or s.is_imported()}


def answer_of(exercise, function):
    return function() if exercise.value else function


def test_there_are_three_for_every_notebook():
    assert len(EXERCISES) >= 30
    for number in range(11):
        assert sum(name.startswith(f"{number:02d}-") for name in EXERCISES) >= 2


@EACH
def test_the_reference_is_right(exercise):
    verdict = judged(exercise, answer_of(exercise, exercise.reference))
    assert verdict.state == "right", verdict


@EACH
def test_the_handed_out_cell_is_not_attempted(exercise):
    names = {}
    exec(exercise.stub, names)
    names.pop("__builtins__")
    (answer,) = names.values()
    assert judge(exercise, answer).state == "not attempted"


@EACH
def test_each_catalogued_mistake_gets_its_own_message(exercise):
    assert len(exercise.mistakes) >= 2
    seen = set()
    for mistake in exercise.mistakes:
        answer = mistake.answer
        if exercise.value:
            answer = {**exercise.reference(), **mistake.answer()}
        verdict = judged(exercise, answer)
        assert (verdict.state, verdict.reason) == (State.WRONG, Reason.MISTAKE)
        assert verdict.mistake == f"{exercise.id}/{mistake.name}"
        assert verdict.message.startswith(mistake.message)
        seen.add(verdict.message)
    assert len(seen) == len(exercise.mistakes)


@EACH
def test_the_solution_runs_when_pasted_into_the_learners_cell(exercise):
    """It uses no name but its own, Python's, and those that the lesson has defined before."""
    source = textwrap.dedent(inspect.getsource(exercise.reference))
    lesson = next(SOURCES.glob(f"{exercise.id[:2]}_*.ipynb"))
    known = set(dir(builtins)).union(*code_before(lesson, f"answer-{exercise.id}"))
    assert not globals_of(source) - known


def globals_of(source):
    """The names that code takes from around it."""
    table = symtable.symtable(source, "solution", "exec")
    own = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_assigned()}
    names, tables = set(), [table]
    while tables:
        one = tables.pop()
        tables += one.get_children()
        names |= {s.get_name() for s in one.get_symbols() if one is table or s.is_global()}
    return names - own


@EACH
def test_every_exercise_explains_itself(exercise):
    assert len(exercise.prompt.split()) >= 40 and len(exercise.hints) >= 2 and exercise.why
    assert exercise.why in repr(solution(exercise.id))
    shown = [repr(hint(exercise.id)) for _ in range(len(exercise.hints) + 1)]
    assert shown[0].endswith(exercise.hints[0]) and shown[-1] == shown[-2]


def nothing(labels):
    print("labels are", labels[:1])


BAD_ANSWERS = {
    "a value instead of a function": ([1, 2], Reason.NOT_A_FUNCTION, "Pass the function itself"),
    "a function with the wrong arguments": (lambda: 1, Reason.RAISED, "raised TypeError"),
    "a wrong type": (lambda labels: 3, Reason.WRONG_RESULT, "yours is 3"),
    "a wrong entry": (lambda labels: {"PER": 9}, Reason.WRONG_RESULT, "entry ['PER']"),
    "an error": (lambda labels: 1 / 0, Reason.RAISED, "ZeroDivisionError: division by zero"),
    "an exit": (lambda labels: exit(3), Reason.RAISED, "called exit"),
    "nothing returned": (nothing, Reason.RETURNED_NOTHING, "labels are ["),
    "megabytes of printing": (
        lambda labels: print("x" * 10_000_000),
        Reason.TOO_CHATTY,
        "printed more than",
    ),
    "a changed argument": (
        lambda labels: labels.clear(),
        Reason.CHANGED_INPUT,
        "changed the object it was given",
    ),
}


@pytest.mark.parametrize("answer, reason, message", BAD_ANSWERS.values(), ids=BAD_ANSWERS)
def test_a_bad_answer_gets_a_clear_verdict(answer, reason, message, capsys):
    verdict = check("07-counts", answer)
    assert (verdict.state, verdict.reason) == (State.WRONG, reason)
    assert message in verdict.message


@pytest.mark.parametrize(
    "kind", [numpy.int64, torch.tensor, numpy.asarray, lambda n: torch.tensor(n)[None].sum()]
)
def test_a_number_may_come_in_any_type(kind):
    exact = find("07-counts").reference
    right = check("07-counts", lambda labels: {k: kind(n) for k, n in exact(labels).items()})
    assert right.state == State.RIGHT
    wrong = check("07-counts", lambda labels: {k: kind(n + 1) for k, n in exact(labels).items()})
    assert wrong.state == State.WRONG


def test_an_answer_that_never_ends_is_stopped(monkeypatch):
    monkeypatch.setattr(answers, "SECONDS", 0.2)

    def answer(labels):
        while True:
            time.sleep(0.01)

    assert "still running" in check("07-counts", answer).message


def test_a_busy_machine_makes_no_endless_loop_right(monkeypatch):
    monkeypatch.setattr(answers, "SECONDS", 0.05)

    def slow(labels):
        time.sleep(0.2)
        return find("07-counts").reference(labels)

    def endless(labels):
        while True:
            time.sleep(0.01)

    busy = replace(find("07-counts"), reference=slow)
    assert judge(busy, find("07-counts").reference).state == State.RIGHT
    assert judge(busy, endless).state == State.WRONG


def test_an_unknown_exercise_names_its_neighbours():
    with pytest.raises(CourseError, match="'07-conts'.*07-counts"):
        find("07-conts")


def test_progress_is_kept_and_a_right_answer_stays_right(capsys):
    check("07-counts", lambda labels: {})
    check("07-counts", find("07-counts").reference)
    check("07-counts", lambda labels: {})
    row = progress().table.set_index("exercise").loc["07-counts"]
    assert (row.state, row.tries) == ("right", 3)
    assert (
        len(progress().table) == len(EXERCISES) + 2 * 12
    )  # and a warm-up and a quiz in each notebook


def test_a_damaged_progress_file_is_set_aside(tmp_path, capsys):
    (tmp_path / "progress.json").write_text("[1")
    check("07-counts", lambda labels: {})
    assert "was damaged" in capsys.readouterr().out
    assert (progress().table.state == "wrong").sum() == 1
    assert [path for path in tmp_path.iterdir() if "damaged" in path.name]


def test_a_place_that_cannot_be_written_falls_back_to_memory(tmp_path, monkeypatch, capsys):
    (tmp_path / "file").touch()
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "file" / "progress.json"))
    check("07-counts", lambda labels: {})
    assert "cannot be saved" in capsys.readouterr().out
    assert (progress().table.set_index("exercise").state["07-counts"]) == "wrong"


def test_the_count_of_parameters_is_the_librarys():
    exercise = find("02-count")
    for (config,) in exercise.cases():
        with torch.device("meta"):
            model = LlamaForCausalLM(config)
        model.tie_weights()  # some 5.x releases forget to share tied tensors on the meta device
        assert exercise.reference(config) == model.num_parameters()
