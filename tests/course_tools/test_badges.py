"""`make badges REPO=owner/name` links the notebooks to copies that stand alone, or unlinks them."""

import re
import shutil
from pathlib import Path

import nbformat
import pytest

from course_models.errors import CourseError
from course_tools.commands import main
from course_tools.publish.badges import CELL, stamp_all
from executed import SOURCES


@pytest.fixture
def notebooks(tmp_path):
    copies = [Path(shutil.copy(SOURCES / f"{name}.ipynb", tmp_path)) for name in ("04_fill_mask",)]
    stamp_all(copies, "", "main", "colab")  # in a fork they may be stamped already
    return copies


def test_the_links_lead_to_the_stand_alone_copy(notebooks):
    stamp_all(notebooks, "somebody/a.fork", "main", "colab")
    title, links = nbformat.read(notebooks[0], as_version=4).cells[:2]
    assert title.id == "title" and links.id == CELL
    place = "somebody/a.fork/blob/main/colab/04_fill_mask.ipynb"
    assert re.findall(r"\]\((.*?)\)", links.source) == [
        f"https://colab.research.google.com/github/{place}",
        f"https://kaggle.com/kernels/welcome?src=https://github.com/{place}",
    ]


def test_stamping_twice_is_stamping_once_and_the_last_one_counts(notebooks):
    clean = notebooks[0].read_bytes()
    assert stamp_all(notebooks, "old/name", "main", "colab") == notebooks
    stamp_all(notebooks, "new/name", "main", "colab")
    stamped = notebooks[0].read_bytes()
    assert stamp_all(notebooks, "new/name", "main", "colab") == []
    assert notebooks[0].read_bytes() == stamped and b"old/name" not in stamped
    stamp_all(notebooks, "", "main", "colab")
    assert notebooks[0].read_bytes() == clean


@pytest.mark.parametrize("address", ["https://github.com/a/b", "a", "a/b/c", "a b/c"])
def test_another_form_of_address_is_refused(notebooks, address):
    with pytest.raises(CourseError, match="owner/name"):
        stamp_all(notebooks, address, "main", "colab")


def test_links_go_only_when_that_is_said(notebooks, monkeypatch, tmp_path, capsys):
    (tmp_path / "notebooks").mkdir()
    notebook = Path(shutil.move(notebooks[0], tmp_path / "notebooks"))
    clean = notebook.read_bytes()
    stamp_all([notebook], "owner/name", "main", "colab")
    stamped = notebook.read_bytes()
    monkeypatch.chdir(tmp_path)
    for nothing in ([], [""]):
        with pytest.raises(SystemExit) as end:
            main(["badges", *nothing])
        assert end.value.code == 2 and "REPO=owner/name" in capsys.readouterr().err
        assert notebook.read_bytes() == stamped
    assert main(["badges", "none"]) == 0
    assert notebook.read_bytes() == clean and not (tmp_path / "colab").exists()
