"""What the README says about the notebooks is what the notebooks say about themselves."""

import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from course_tools.publish.minutes import Minutes, minutes
from course_tools.translate.catalogues import read
from course_tools.translate.edition import LOCALE
from course_tools.translate.messages import TRANSLATIONS
from executed import ROOT, SOURCES

README = (ROOT / "README.md").read_text(encoding="utf-8")
CHINESE = (ROOT / "README.zh-CN.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| \[\d\d\]\(notebooks/(\S+)\.ipynb\) \|(.*)\|$", README, re.MULTILINE))
NAMES = sorted(path.stem for path in SOURCES.glob("*.ipynb"))


def test_the_table_has_one_row_for_each_notebook():
    assert sorted(ROWS) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_the_minutes_are_computed_and_the_same_everywhere(name):
    notebook = nbformat.read(SOURCES / f"{name}.ipynb", as_version=4)
    said = minutes(notebook, name[:2])
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert said.line in text, "run `python -m course_tools handout`"
    reading, exercises = (part.strip() for part in ROWS[name].split("|")[1:3])
    assert (reading, exercises) == (str(said.reading), str(said.exercises or ""))


def test_the_minutes_follow_the_formula():
    cells = [new_markdown_cell("word " * 1000), *(new_code_cell("1") for _ in range(30))]
    checks = [new_code_cell('check("99-x", x)', id=f"check-99-{n}") for n in "abc"]
    assert minutes(new_notebook(cells=[*cells, *checks]), "99") == Minutes(15, 10)


def test_the_files_it_links_exist():
    for target in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / target).exists(), target


def test_the_commands_it_names_are_in_the_makefile():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in set(re.findall(r"[`\n]make (\w+)", README)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_the_instructor_guide_names_sections_that_exist():
    guide = (ROOT / "docs/instructor_guide.md").read_text(encoding="utf-8")
    for number, sections in re.findall(r"^\| (\d\d) \| (.+?) \|", guide, re.MULTILINE):
        notebook = nbformat.read(next(SOURCES.glob(f"{number}*.ipynb")), as_version=4)
        text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
        headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
        assert set(sections.split("; ")) <= set(headings), number


def test_it_is_short():
    assert len(README.splitlines()) <= 130


def parts(text):
    """What a translation keeps: heading levels, code, links, numbers of the table of lessons."""
    return {
        "headings": re.findall(r"^#+", text, re.MULTILINE),
        "code": re.findall(r"^```.*?^```", text, re.MULTILINE | re.DOTALL),
        "links": sorted(set(re.findall(r"\]\(([^)]+)\)", text)) - {"README.md", "README.zh-CN.md"}),
        "lessons": re.findall(r"^\| (\[\d\d\]\(.*?\)) .*?(\| \d+ \| \d* ?\|)", text, re.MULTILINE),
        "platforms": len(re.findall(r"^\| .*(?:CI|make|repo2docker).*\|$", text, re.MULTILINE)),
    }


def test_the_chinese_readme_says_the_same():
    assert parts(CHINESE.replace("notebooks/zh/", "notebooks/")) == parts(README)


def test_the_chinese_readme_names_the_lessons_that_are_translated():
    (named,) = re.findall(r"译完的是 ([\d、]+)；", CHINESE)
    done = []
    for name in NAMES:
        entries = [e for e in read(TRANSLATIONS / LOCALE / f"{name}.po") if e.id]
        if sum(bool(e.string) for e in entries) > 0.9 * len(entries):
            done.append(name[:2])
    assert named.split("、") == done
