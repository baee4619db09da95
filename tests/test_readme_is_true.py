"""What the README says about the notebooks is what the notebooks say about themselves."""

import re

import nbformat
import pytest

from executed import ROOT, SOURCES

README = (ROOT / "README.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| \[\d\d\]\(notebooks/(\S+)\.ipynb\) \|(.*)\|$", README, re.MULTILINE))
NAMES = sorted(path.stem for path in SOURCES.glob("*.ipynb"))


def test_the_table_has_one_row_for_each_notebook():
    assert sorted(ROWS) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_the_minutes_are_those_the_notebook_announces(name):
    notebook = nbformat.read(SOURCES / f"{name}.ipynb", as_version=4)
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    minutes = re.search(r"Time:\**\s+about (\d+) minutes", text)
    assert minutes, "the notebook announces no time"
    assert ROWS[name].split("|")[1].strip() == minutes[1]


def test_the_files_it_links_exist():
    for target in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / target).exists(), target


def test_the_commands_it_names_are_in_the_makefile():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in set(re.findall(r"[`\n]make (\w+)", README)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_it_is_short():
    assert len(README.splitlines()) <= 140
