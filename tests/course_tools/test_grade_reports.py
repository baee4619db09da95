"""What a class's reports hold, and that the command says what went wrong in one sentence."""

import csv
import json
import zipfile
from xml.etree import ElementTree

import pytest
from filelock import FileLock

from course_tools.commands import main
from course_tools.grade import grade_class as module
from course_tools.grade.reports import page_name, write_reports
from executed import ROOT
from graded_class import (
    EXERCISE,
    MISTAKE_NAME,
    NOTEBOOK,
    NOTEBOOKS,
    cell,
    hand_in,
    submission,
)

NASTY = "=cmd() <script>alert(1)</script> \x00\x1b\u202e"


@pytest.fixture
def grade(tmp_path, monkeypatch, capsys):
    """Grade tmp_path/class in this process; without answers no kernel is needed."""
    monkeypatch.chdir(ROOT)

    def run(*options):
        try:
            status = main(["grade", str(tmp_path / "class"), "--out", str(tmp_path), *options])
        except SystemExit as stopped:
            status = stopped.code
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return status, said.out + said.err

    return run


def blank(path, lesson=NOTEBOOK):
    hand_in(NOTEBOOKS[lesson], path)


def results(folder):
    found = json.loads((folder / "grades" / "results.json").read_text())
    return {(one["student"], one["notebook"]): one for one in found}


def table(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_totals_come_from_the_course_the_roster_and_the_lessons_asked_for(tmp_path, grade):
    blank(tmp_path / "class" / "Ann Wu_7_assignsubmission_file_" / "a.ipynb")
    notebook = submission()
    for name in ("answer-04-fill", "check-04-fill", "answer-04-prefer", "check-04-prefer"):
        notebook.cells.remove(cell(notebook, name))
    hand_in(notebook, tmp_path / "class" / "stranger" / "a.ipynb")
    (tmp_path / "roster.csv").write_text(
        "First name,Surname,ID,Section\nAnn,Wu,u1,A\nBo,Li,u2,A\n", encoding="utf-8-sig"
    )
    (tmp_path / "marks.csv").write_text("exercise;points;due\n04;2;2020-01-01\n04-fill;0.5;\n")
    tables = ("--roster", str(tmp_path / "roster.csv"), "--points", str(tmp_path / "marks.csv"))
    status, said = grade(*tables, "--lessons", "3", "04", "--zip")
    assert status == 0 and "Not in the roster: stranger" in said
    found = results(tmp_path)
    assert found.keys() == {
        (student, lesson)
        for student in ("u1", "u2", "stranger")
        for lesson in ("03_text_generation", NOTEBOOK)
    }
    verdicts = [row["verdict"] for row in found["stranger", NOTEBOOK]["exercises"]]
    assert verdicts == ["missing", "missing", "not attempted"]
    assert [row["possible"] for row in found["u1", NOTEBOOK]["exercises"]] == [0.5, 2, 2]
    assert found["u1", NOTEBOOK]["late"] and not found["u2", NOTEBOOK]["late"]
    book = table(tmp_path / "grades" / "gradebook.csv")
    assert [row["ID"] for row in book] == ["u1", "u2", ""]
    assert [row["Surname"] for row in book][:2] == ["Wu", "Li"] and book[0]["total"] == "0"
    for options in ((), ("--only", "u2")):  # one is graded anew, all get their pages
        grade(*tables, "--lessons", "3", "04", "--zip", *options)
        with zipfile.ZipFile(tmp_path / "grades" / "feedback.zip") as archive:
            assert "Ann Wu_7_assignsubmission_file_/feedback.html" in archive.namelist()
    assert grade(*tables, "--strict")[0] == 1


def test_another_run_adds_to_the_reports_and_only_one_student_can_be_graded_anew(tmp_path, grade):
    for student in ("ann", "bo"):
        blank(tmp_path / "class" / student / "a.ipynb")
    assert grade()[0] == 0
    blank(tmp_path / "class" / "ann" / "b.ipynb", "03_text_generation")
    (tmp_path / "class" / "bo" / "a.ipynb").unlink()
    status, said = grade("--only", "ann")
    assert status == 0 and "earlier runs are kept" in said
    assert {student for student, _ in results(tmp_path)} == {"ann", "bo"}
    assert results(tmp_path)["bo", NOTEBOOK]["file"] == "bo/a.ipynb"
    assert (tmp_path / "grades" / "students" / "bo.html").exists()
    assert "Nothing is there of cy" in grade("--only", "cy")[1]


def test_pseudonyms_name_nobody_and_stay(tmp_path, grade):
    blank(tmp_path / "class" / "Ann Wu" / "Ann Wu 04.ipynb")
    (tmp_path / "class" / "Bo Li").mkdir()
    key = ("--pseudonyms", str(tmp_path / "key.csv"))
    (tmp_path / "other.csv").write_text("id,name\nu1,Ann\n")
    assert "no table of pseudonyms" in grade("--pseudonyms", str(tmp_path / "other.csv"))[1]
    assert grade(*key)[0] == 1
    assert grade(*key, "--zip")[0] == 1
    names = {row["student"]: row["pseudonym"] for row in table(tmp_path / "key.csv")}
    assert {student for student, _ in results(tmp_path)} == set(names.values())
    for path in (tmp_path / "grades").rglob("*.*"):
        assert "Wu" not in path.name and path.suffix == ".zip" or b"Wu" not in path.read_bytes()


def test_a_class_of_which_nothing_can_be_read_is_no_success(tmp_path, grade):
    (tmp_path / "class" / "ann").mkdir(parents=True)
    (tmp_path / "class" / "ann" / "04.ipynb").write_text("<html>")
    status, said = grade()
    assert status == 1 and "Not read: ann" in said and "web page" in said
    assert ("ann", "") in results(tmp_path)
    blank(tmp_path / "class" / "bo" / "04.ipynb")
    assert grade()[0] == 1


def test_the_newest_copy_with_an_answer_counts_and_the_others_are_named(tmp_path, grade):
    import os

    for number, name in enumerate(("old", "new (1)", "older")):
        blank(tmp_path / "class" / "ann" / f"{name}.ipynb")
        os.utime(tmp_path / "class" / "ann" / f"{name}.ipynb", (0, [2e9, 3e9, 1e9][number]))
    assert grade()[0] == 0
    found = results(tmp_path)["ann", NOTEBOOK]
    assert found["file"] == "ann/new (1).ipynb" and len(found["copies"]) == 2
    assert [finding["kind"] for finding in found["findings"]] == ["copies"]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--jobs", "0"], "above zero"),
        (["--timeout", "-1"], "above zero"),
        (["--lessons", "99"], "There is no lesson '99'"),
        (["--roster", "nowhere.csv"], "cannot be read as a table"),
        (["--points", "README.md"], "is neither an exercise"),
        (["--out", "/dev/null"], "cannot be written"),
        (["--out", "/proc"], "cannot be written"),
    ],
)
def test_a_fault_is_one_sentence(tmp_path, grade, options, sentence):
    blank(tmp_path / "class" / "ann" / "a.ipynb")
    status, said = grade(*options)
    assert status == 2 and sentence in said and len(said.strip().splitlines()) == 1


def test_two_runs_into_one_folder_and_a_full_disk_lose_nothing(tmp_path, grade, monkeypatch):
    blank(tmp_path / "class" / "ann" / "a.ipynb")
    assert grade()[0] == 0
    before = (tmp_path / "grades" / "results.json").read_bytes()
    with FileLock(tmp_path / "grades" / ".lock"):
        status, said = grade()
    assert status == 2 and "Another run writes into" in said

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module.os, "replace", full)
    status, said = grade()
    assert status == 2 and "No space left" in said
    assert (tmp_path / "grades" / "results.json").read_bytes() == before
    assert not [path for path in (tmp_path / "grades").iterdir() if path.name.startswith("tmp")]


def test_pages_have_names_of_their_own():
    students = ["ann", "Ann", "lee", "lee.1", "lee-1", "../../up", "学" * 84, "a" * 300, "."]
    names = {page_name(student) for student in students}
    assert len(names) == len(students)
    assert all(len(name.encode()) < 100 and "/" not in name for name in names)


def test_reports_take_what_no_spreadsheet_page_or_xml_may_get(tmp_path):
    row = {"exercise": EXERCISE, "verdict": "wrong", "reason": "mistake", "points": 0}
    row |= {"possible": 1, "seconds": 0.1, "error": NASTY, "message": NASTY, "code": NASTY}
    row["mistake"] = MISTAKE_NAME
    finding = {"kind": "refused", "text": NASTY, "exercise": EXERCISE}
    common = {"notebook": NOTEBOOK, "time": "", "copies": [], "held": {}, "late": False}
    names = (NASTY, "../../up", "con/../x", "Ann", "ann", "\t=1", "＝1")
    found = [
        common | {"student": n, "file": NASTY, "findings": [finding], "exercises": [row]}
        for n in names
    ]
    write_reports(found, tmp_path)
    pages = [*tmp_path.glob("students/*.html"), tmp_path / "class.html"]
    assert len(pages) == len(names) + 1
    assert all("<script>" not in page.read_text() for page in pages)
    assert not (tmp_path.parent / "up.html").exists()
    cells = [value for row in table(tmp_path / "results.csv") for value in row.values()]
    assert not [value for value in cells if value.strip()[:1] in {"=", "＝"}]
    assert len(ElementTree.parse(tmp_path / "junit.xml").findall(".//failure")) == len(names)
    summary = (tmp_path / "class.html").read_text()
    assert f'<td class="n">{len(names)}</td><td>{EXERCISE}</td>' in summary
