"""What students hand in is found, read and theirs, whatever it is called; no kernel runs."""

import json
import os
import zipfile

import nbformat
import pytest

from course_models.errors import CourseError
from course_tools.grade.cells import find_answers, lesson_of, read_cells
from course_tools.grade.collect import collect
from course_tools.grade.grade_class import grade_class
from course_tools.grade.kernel import Limits
from course_utils.exercises import all_exercises
from graded_class import (
    COURSE,
    EXERCISE,
    NOTEBOOK,
    NOTEBOOKS,
    RIGHT,
    cell,
    hand_in,
    submission,
)

ANSWER = f"answer-{EXERCISE}"
BYTES = nbformat.writes(submission(RIGHT)).encode()


def students(folder, **options):
    return sorted(collect(folder, COURSE, **options))


def answers(notebook):
    """What is found in a notebook, which may hold what nbformat would not write."""
    cells, _ = read_cells(json.dumps(notebook).encode())
    return find_answers(cells, lesson_of(cells, COURSE), COURSE[NOTEBOOK])


def kinds(found):
    return [finding.kind for finding in found.findings]


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (["ann/04.ipynb", "bo/week 4/homework.ipynb"], ["ann", "bo"]),
        (["04_fill_mask_ann.ipynb", "bo-04_fill_mask (1).ipynb"], ["ann", "bo"]),
        (["Ann Ünsal.ipynb", "a.smith.ipynb"], ["Ann Ünsal", "a.smith"]),
        (["Copy of 04_fill_mask_ann.ipynb", "04_fill_mask_ann - Copy.ipynb"], ["ann"]),
        (["top/submissions/ann/04.ipynb", "top/submissions/bo/04.ipynb"], ["ann", "bo"]),
        (["HW4/1234567/04.ipynb", "HW4/1234568/04.ipynb"], ["1234567", "1234568"]),
        (["ann/week 3/03.ipynb", "ann/week 4/04.ipynb"], ["ann"]),
        (["Group A/ann/04.ipynb", "Group B/bo/04.ipynb"], ["ann", "bo"]),
        (["Group A/ann/04.ipynb", "Group B/ann/04.ipynb"], ["ann (Group A)", "ann (Group B)"]),
        (
            ["Ann Wu_123_assignsubmission_file_/04.ipynb", "Bo_4_assignsubmission_file_04.ipynb"],
            ["Ann Wu", "Bo"],
        ),
        (
            ["Ann_123_assignsubmission_file_/04.ipynb", "Ann_124_assignsubmission_file_/04.ipynb"],
            ["Ann (123)", "Ann (124)"],
        ),
        (
            ["doejane_10_77_04_fill_mask.ipynb", "doejane_LATE_10_78_04_fill_mask-1.ipynb"],
            ["doejane"],
        ),
        (
            [
                "12-9 - Ann Wu - Nov 5, 2026 1103 PM/04.ipynb",
                "12-9 - Ann Wu - Nov 6, 2026 903 AM/04.ipynb",
            ],
            ["Ann Wu"],
        ),
        (["HW_ann_attempt_2026-11-05-10-11-12_04.ipynb"], ["ann"]),
        (
            ["hw-submissions/hw-ann/notebooks/04.ipynb", "hw-submissions/hw-bo/notebooks/04.ipynb"],
            ["ann", "bo"],
        ),
    ],
)
def test_whose_a_file_is(tmp_path, paths, expected):
    for path in paths:
        hand_in(submission(), tmp_path / "class" / path)
    assert students(tmp_path / "class") == expected


def test_everybody_who_handed_in_anything_is_there(tmp_path):
    folder = tmp_path / "class"
    for name in ("ann/a.txt", "bo/x.pdf", "cy/.ipynb_checkpoints/04.ipynb", "di/build/04.ipynb"):
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_bytes(b"%PDF" if name == "bo/x.pdf" else BYTES)
    (folder / "empty").mkdir()
    (folder / "link").symlink_to(folder / "ann")
    os.mkfifo(folder / "pipe")
    os.makedirs(folder / "deep" / "/".join("d" * 40))
    os.makedirs(os.fsencode(folder) + b"/J\xf6rg")
    (folder / "zoe.zip").write_bytes(b"no zip")
    (folder / "README.md").write_text("for the instructor")
    expected = ["Jörg", "ann", "bo", "cy", "deep", "di", "empty", "link", "pipe", "zoe"]
    assert students(folder) == expected
    found = grade_class(collect(folder, COURSE), COURSE, tmp_path / "done", Limits(), 1)
    assert sorted(one["student"] for one in found) == expected
    by = {one["student"]: one for one in found}
    for name in ("cy", "deep", "di", "empty", "link", "pipe", "zoe", "Jörg", "bo"):
        assert [f["kind"] for f in by[name]["findings"]][-1] == "unreadable", by[name]
        assert {row["verdict"] for row in by[name]["exercises"]} == {"missing"}


def test_a_zip_file_is_opened_within_bounds(tmp_path):
    folder = tmp_path / "class"
    folder.mkdir()
    with zipfile.ZipFile(folder / "ann.zip", "w") as archive:
        archive.writestr("homework\\04.ipynb", BYTES)
        archive.writestr("__MACOSX/homework/._04.ipynb", b"\0")
        archive.writestr("../../up.ipynb", BYTES)
    entries = collect(folder, COURSE)["ann"]
    assert [entry.parts for entry in entries] == [
        ("ann.zip", "homework", "04.ipynb"),
        ("ann.zip", "up.ipynb"),
    ]
    assert entries[0].read() == BYTES
    with zipfile.ZipFile(tmp_path / "all.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bo/04.ipynb", BYTES)
        archive.writestr("cy/04.ipynb", BYTES + b" " * 65_000_000)
        archive.write(folder / "ann.zip", "ann/homework.zip")
        archive.writestr("di/", b"")
    found = collect(tmp_path / "all.zip", COURSE)
    assert sorted(found) == ["ann", "bo", "cy", "di"]
    assert "MB" in found["cy"][0].problem and "empty" in found["di"][0].problem
    assert [entry.read() for entry in found["ann"]] == [BYTES, BYTES]


def test_a_roster_names_students(tmp_path):
    for name in ("wuann_10_77_04.ipynb", "task-bo17/04.ipynb"):
        hand_in(submission(), tmp_path / name)
    names = {"wuann": "ann", "bo17": "bo"}
    assert students(tmp_path, roster=names) == ["ann", "bo"]
    assert students(tmp_path, student="me") == ["me"]
    with pytest.raises(CourseError, match="no folder"):
        collect(tmp_path / "nowhere", COURSE)
    (tmp_path / "none").mkdir()
    with pytest.raises(CourseError, match="Nothing was handed in"):
        collect(tmp_path / "none", COURSE)


MERGE = BYTES.replace(
    b' "nbformat": 4', b'<<<<<<< HEAD\n"nbformat": 4\n=======\n"nbformat": 4\n>>>>>>> x\n'
)
THREE = json.dumps(
    {
        "nbformat": 3,
        "worksheets": [
            {
                "cells": [
                    {"cell_type": "code", "input": one.source, "metadata": one.metadata}
                    for one in submission(RIGHT).cells
                    if one.cell_type == "code"
                ]
            }
        ],
    }
).encode()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (BYTES, []),
        (b"\xef\xbb\xbf" + BYTES, []),
        (BYTES.decode().encode("utf-16"), []),
        (BYTES.decode().encode("utf-16-be"), []),
        (BYTES.replace(b"\n", b"\r\n"), []),
        (
            BYTES.decode().encode("cp1252", "replace").replace(b'"cells"', b'"\xfc": 1, "cells"'),
            ["encoding"],
        ),
        (MERGE, ["merge"]),
        (THREE, []),
        (BYTES.replace(b'"outputs": []', b'"outputs": ["' + b"x" * 1_000_000 + b'"]'), []),
    ],
    ids="plain bom utf-16 utf-16-be crlf cp1252 merge format-3 large".split(),
)
def test_what_is_legible_is_read(data, kind):
    cells, findings = read_cells(data)
    assert [finding.kind for finding in findings] == kind
    found = find_answers(cells, lesson_of(cells, COURSE), COURSE[NOTEBOOK])
    assert found.code[EXERCISE] == RIGHT.strip() or found.code[EXERCISE] == RIGHT
    assert found.settled == {"04-fill": "blank", "04-prefer": "blank"} and kinds(found) == []


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b'{"cells": 3}', b"[" * 100_000, b"<html>", b"\xff\xfe", BYTES[:-20]]
    + [b'{"cells": [' + b'{"cell_type": "code"},' * 6_000 + b"1]}"],
)
def test_what_is_not_legible_is_one_sentence(data):
    with pytest.raises(ValueError):
        read_cells(data)


def test_every_notebook_of_the_course_is_recognised():
    known = set()
    for name, notebook in NOTEBOOKS.items():
        cells, _ = read_cells(nbformat.writes(notebook).encode())
        assert lesson_of(cells, COURSE) == name
        found = find_answers(cells, name, COURSE[name])
        assert set(found.settled.values()) <= {"blank"} and kinds(found) == []
        known |= found.settled.keys()
    assert known == set(all_exercises())


def lost(notebook, *kept):
    for number, one in enumerate(notebook.cells):
        if "metadata.id" in kept:
            one.metadata["id"] = one.id
        one.id = f"lost-{number}"
        for other in {"nbgrader", "tags"} - set(kept):
            one.metadata.pop(other, None)
    return notebook


@pytest.mark.parametrize("kept", ["nbgrader", "tags", "metadata.id", "nothing"])
def test_an_answer_is_found_without_its_id(kept):
    notebook = submission(RIGHT)
    at = notebook.cells.index(cell(notebook, f"check-{EXERCISE}"))
    notebook.cells.insert(at, nbformat.v4.new_code_cell("mask_positions(1, 2)"))
    found = answers(lost(notebook, kept))
    assert found.code == {EXERCISE: found.code[EXERCISE]} and found.code[EXERCISE] in RIGHT
    assert kinds(found) == []


def changed(change):
    notebook = submission(RIGHT)
    change(notebook, notebook.cells.index(cell(notebook, ANSWER)))
    return answers(notebook)


def code(source, **more):
    return nbformat.v4.new_code_cell(source, **more)


def test_of_several_cells_the_last_one_with_an_answer_counts():
    def copied(notebook, at):
        tags = notebook.cells[at].metadata
        notebook.cells.insert(at, code("def mask_positions(*_):\n    return []", metadata=tags))
        notebook.cells.append(code("def mask_positions(i, m):\n    ...", metadata=tags))

    found = changed(copied)
    assert "nonzero" in found.code[EXERCISE] or kinds(found) == ["attempts"]
    assert kinds(found) == ["attempts"]


def test_a_deleted_answer_is_missing_and_a_check_never_an_answer():
    found = changed(lambda notebook, at: notebook.cells.pop(at))
    assert found.settled[EXERCISE] == "missing" and kinds(found) == ["answer"]


def test_an_answer_in_another_kind_of_cell_is_said():
    for kind in ("markdown", "raw"):
        found = changed(lambda notebook, at, kind=kind: notebook.cells[at].update(cell_type=kind))
        assert kinds(found) == ["markdown"] and found.code[EXERCISE] in RIGHT


def test_what_was_handed_out_is_blank_also_in_the_form_of_older_courses():
    for stub in ("return ...", "..."):
        source = f"def mask_positions(input_ids, mask_token_id):\n    # Begin here.\n    {stub}"
        found = changed(lambda notebook, at, new=source: notebook.cells[at].update(source=new))
        assert found.settled[EXERCISE] == "blank" and kinds(found) == []


def test_merged_and_split_cells_are_answers():
    def merged(notebook, at):
        notebook.cells[at].source += "\n\n" + notebook.cells.pop(at + 1).source

    def split(notebook, at):
        notebook.cells[at].source = "from math import pi"
        notebook.cells.insert(at + 1, code(f"{RIGHT}\n\npi"))

    assert kinds(changed(merged)) == []
    found = changed(split)
    assert [step.kind for step in found.steps[EXERCISE]] == ["own", "answer"]


def test_helpers_of_the_student_run_if_an_answer_needs_them():
    def helper(notebook, at):
        notebook.cells[at].source = "def mask_positions(i, m):\n    return rows(i == m)"
        notebook.cells.insert(3, code("def rows(t):\n    return listed(t.nonzero())"))
        notebook.cells.insert(9, code("def unused():\n    return 1 / 0"))
        notebook.cells.append(code("listed = list"))

    steps = changed(helper).steps[EXERCISE]
    assert [step.kind for step in steps] == ["own", "own", "answer"]
    assert "unused" not in str(steps)


def test_what_an_answer_uses_of_the_lesson_runs_before_it():
    def uses(notebook, at):
        notebook.cells[at].source = "def mask_positions(i, m):\n    return tokenizer.mask_token_id"

    sources = [step.source for step in changed(uses).steps[EXERCISE]]
    for name in ("imports", "load"):
        assert cell(NOTEBOOKS[NOTEBOOK], name).source in sources


def test_shell_lines_are_noted_once_and_cost_no_time():
    for lines in ("!pip list\n%pip install x", "x = !ls", "!x\n" * 600):
        source = f"{lines}\n{RIGHT}"
        found = changed(lambda notebook, at, new=source: notebook.cells[at].update(source=new))
        assert kinds(found) == ["shell"] and EXERCISE in found.steps
    percent = "x = ('%s'\n    % 3)\n"
    found = changed(lambda notebook, at: notebook.cells[at].update(source=percent + RIGHT))
    assert kinds(found) == []


def test_odd_cells_stop_nothing():
    def odd(notebook, at):
        notebook.cells[at].source += "\nhalf = '\ud83d'"
        notebook.cells[0] = 5
        notebook.cells[1] = {"cell_type": "code", "metadata": {"tags": 5}, "source": [1, None]}
        notebook.cells[2] = {"cell_type": "code", "metadata": 3, "id": [], "source": "x" * 200_000}

    found = changed(odd)
    assert "\ufffd" in found.code[EXERCISE]
    json.dumps(found.code).encode()
