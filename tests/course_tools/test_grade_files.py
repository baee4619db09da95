"""Submissions are found and understood whatever they are called, and tampering is seen."""

import json

import pytest

from course_tools.grade.reports import write_reports
from course_tools.grade.submissions import exercises_in, find_submissions, steps_for
from course_utils.errors import CourseError
from course_utils.exercises import all_exercises
from graded_class import COURSE, EXERCISE, NOTEBOOK, RIGHT, cell, hand_in, submission

CHECK, ANSWER = f"check-{EXERCISE}", f"answer-{EXERCISE}"


def only(folder):
    (found,) = find_submissions(folder, COURSE)
    return found


def kinds(found):
    return [finding.kind for finding in found.findings]


@pytest.mark.parametrize(
    ("path", "student"),
    [
        ("ann/04_fill_mask.ipynb", "ann"),
        ("ann/week 4/homework.ipynb", "ann"),
        ("04_fill_mask_ann.ipynb", "ann"),
        ("ann-04_fill_mask (1).ipynb", "ann"),
        ("Ann Ünsal.ipynb", "Ann Ünsal"),
    ],
)
def test_the_student_is_the_folder_or_what_the_file_says_besides(tmp_path, path, student):
    hand_in(submission(RIGHT), tmp_path / path)
    found = only(tmp_path)
    assert (found.student, found.notebook) == (student, NOTEBOOK)
    assert found.answers[EXERCISE] == RIGHT and found.findings == []


def test_every_notebook_of_the_course_is_recognised(tmp_path):
    for name, notebook in COURSE.items():
        hand_in(notebook, tmp_path / "ann" / f"copy of {name[:2]}.ipynb")
    found = find_submissions(tmp_path, COURSE)
    assert [one.notebook for one in found] == list(COURSE)
    assert {name for one in found for name in one.answers} == set(all_exercises())


def test_cells_that_lost_their_ids_are_found(tmp_path):
    for way in ("nbgrader", "tags", "place"):
        notebook = submission(RIGHT)
        for number, one in enumerate(notebook.cells):
            one.id = f"lost-{number}"
            for other in {"nbgrader", "tags"} - {way}:
                one.metadata.pop(other, None)
        hand_in(notebook, tmp_path / way / "a.ipynb")
    for found in find_submissions(tmp_path, COURSE):
        assert found.answers[EXERCISE] == RIGHT and found.findings == [], found.student


def test_tampering_with_cells_is_seen(tmp_path):
    edited, missing, twice, two_answers, no_answer = (submission(RIGHT) for _ in range(5))
    cell(edited, CHECK).source = "print('right')"
    missing.cells.remove(cell(missing, CHECK))
    twice.cells.append(cell(twice, CHECK).copy())
    two_answers.cells.append(cell(two_answers, ANSWER).copy())
    no_answer.cells.remove(cell(no_answer, ANSWER))
    no_answer.cells.remove(cell(no_answer, CHECK))
    made = {
        "edited": (edited, ["check cell"]),
        "missing": (missing, ["check cell"]),
        "twice": (twice, ["check cell"]),
        "two-answers": (two_answers, ["answer"]),
        "no-answer": (no_answer, ["answer", "check cell"]),
    }
    for student, (notebook, _) in made.items():
        path = tmp_path / student / "a.ipynb"
        path.parent.mkdir()
        path.write_text(json.dumps(notebook))  # nbformat itself would rename equal ids
    for found in find_submissions(tmp_path, COURSE):
        assert kinds(found) == made[found.student][1], found
        assert all(finding.exercise == EXERCISE for finding in found.findings)


def test_code_of_their_own_in_our_name_is_seen(tmp_path):
    hand_in(submission(), tmp_path / "ann" / "a.ipynb")
    (tmp_path / "ann" / "course_utils").mkdir()
    assert kinds(only(tmp_path)) == ["course_utils"]


def test_an_answer_that_names_the_checker_is_pointed_out(tmp_path):
    lines = ["from course_utils.exercises import find", f"x = find('{EXERCISE}').reference"]
    hand_in(submission("\n".join(lines)), tmp_path / "a.ipynb")
    assert kinds(only(tmp_path)) == ["checker"]


@pytest.mark.parametrize(
    "content",
    ["", "[]", '{"cells": 3}', '{"cells": [1, {"cell_type": "code"}]}', "[" * 100_000, "\udcff"],
)
def test_a_damaged_file_is_reported_and_stops_nothing(tmp_path, content):
    (tmp_path / "bad.ipynb").write_bytes(content.encode(errors="surrogateescape"))
    hand_in(submission(RIGHT), tmp_path / "good.ipynb")
    bad, good = find_submissions(tmp_path, COURSE)
    assert bad.notebook is None and kinds(bad)[0] in ("unreadable", "unknown")
    assert good.notebook == NOTEBOOK


def test_links_and_hidden_folders_are_left_alone(tmp_path):
    hand_in(submission(), tmp_path / "ann" / ".ipynb_checkpoints" / "a.ipynb")
    hand_in(submission(), tmp_path / "elsewhere" / "a.ipynb")
    (tmp_path / "class").mkdir()
    (tmp_path / "class" / "b.ipynb").symlink_to(tmp_path / "elsewhere" / "a.ipynb")
    assert [one.file for one in find_submissions(tmp_path, COURSE)] == ["elsewhere/a.ipynb"]
    with pytest.raises(CourseError, match="no notebook"):
        find_submissions(tmp_path / "class", COURSE)
    with pytest.raises(CourseError, match="no folder"):
        find_submissions(tmp_path / "nowhere", COURSE)


def test_a_blank_copy_needs_none_of_the_lesson_but_the_tools():
    notebook = COURSE[NOTEBOOK]
    blank = {n: cell(notebook, f"answer-{n}").source for n in exercises_in(notebook)}
    context = [step for step in steps_for(notebook, blank) if step.kind == "context"]
    assert [step.source for step in context] == [cell(notebook, "exercise-tools").source]


def test_what_an_answer_uses_of_the_lesson_is_run_before_it():
    answer = "def mask_positions(input_ids, mask_token_id):\n    return tokenizer.mask_token_id"
    steps = steps_for(COURSE[NOTEBOOK], {EXERCISE: answer})
    sources = [step.source for step in steps]
    for name in ("imports", "parameters", "load"):
        assert cell(COURSE[NOTEBOOK], name).source in sources
    local = "def mask_positions(input_ids, mask_token_id):\n    tokenizer = 3\n    return tokenizer"
    assert len(steps_for(COURSE[NOTEBOOK], {EXERCISE: local})) == 3


def test_reports_take_what_no_spreadsheet_page_or_xml_may_get(tmp_path):
    nasty = "=cmd() <script>alert(1)</script> \x00\x1b"
    row = {
        "exercise": EXERCISE,
        "verdict": "wrong",
        "points": 0,
        "seconds": 0.1,
        "error": nasty,
        "message": nasty,
        "mistake": f"{EXERCISE}/columns-only",
    }
    finding = {"kind": "read", "text": nasty, "exercise": EXERCISE}
    names = (nasty, "../../up", "con/../x", "Ann", "ann")
    results = [
        {
            "student": n,
            "notebook": NOTEBOOK,
            "file": nasty,
            "findings": [finding],
            "exercises": [row],
        }
        for n in names
    ]
    write_reports(results, tmp_path)
    pages = [*tmp_path.glob("students/*.html"), tmp_path / "class.html"]
    assert len(pages) == len(names) + 1
    assert all("<script>" not in page.read_text() for page in pages)
    assert not (tmp_path.parent / "up.html").exists()
    assert "'=cmd()" in (tmp_path / "results.csv").read_text()
    from xml.etree import ElementTree

    assert len(ElementTree.parse(tmp_path / "junit.xml").findall(".//failure")) == len(names)
    assert find_first(tmp_path / "class.html") == str(len(names))


def find_first(page):
    """The number in the first row of the class's table of misconceptions."""
    return page.read_text().partition('<td class="n">')[2].partition("</td>")[0]
