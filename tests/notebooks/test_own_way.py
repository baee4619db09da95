"""A lesson survives its learner: cells run twice, a section on its own, text of one's own.

What is tried has to work, or to end in one sentence that says what to do: an error that comes
without a traceback (`errors.CourseError`).

A section begins at a heading of the second level. After a restart it needs what the lesson begins
with, up to the end of section ⑤ (in a lesson without one: of the section that imports). If it needs
another section, its first cell has the tag `needs-ID`, with the id of the other's first cell, and
the other's title in its text.

Each lesson is run once, every cell twice. That run is forked after the beginning, once for each
section; and at its end, once for each own text, to run again all cells that depend on the text.
"""

import ast
import sys
from collections.abc import Iterator
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode

from executed import SOURCES
from fresh_process import call, in_fork, new_shell, run_cell

NAMES = sorted(path.stem for path in SOURCES.glob("*.ipynb"))
OWN_TEXTS = {
    "German": "Die Straßenbahn fährt übermorgen früh nach Köln.",
    "Chinese": "我昨天在北京读了一本有趣的书。",
    "emoji": "🙂🚀👩‍👩‍👧",
    "empty": "",
    "long": "The weather was fine all day. " * 500,
}
BLANK = "[MASK]"  # where the lesson's text has one, the learner's has one too
# What fails today: "twice", "sections", "texts". An entry that is no longer true fails as well.
FAILS: dict[str, set[str]] = {}

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forking is safe on Linux only")

Sections = dict[str, list[NotebookNode]]


@pytest.mark.parametrize("name", NAMES)
def test_it_works_or_ends_in_one_sentence(name):
    found = call(run_lesson, name)
    failing = {way for way, errors in found.items() if errors}
    assert failing == FAILS.get(name, set()), found


@pytest.mark.parametrize("name", NAMES)
def test_a_section_says_what_it_needs(name):
    sections = sections_of(name)
    for cells in sections.values():
        for needed in needs(cells):
            assert title(sections[needed][0]) in cells[0].source, f"{cells[0].id}: {needed}"


def run_lesson(name: str) -> dict[str, dict[str, str]]:
    """What went wrong on each way: cell, section or text → what ended the run that should not."""
    sections, shell = sections_of(name), new_shell(SOURCES)
    start = beginning(sections)
    found: dict[str, dict[str, str | None]] = {"twice": {}, "sections": {}, "texts": {}}
    for key, cells in sections.items():
        for cell in cells:
            for time in ("first", "second"):
                found["twice"][f"{cell.id}, {time}"] = run(shell, [cell])
        if key == start:
            later = list(sections)[list(sections).index(start) + 1 :]
            for other in later:
                cells = list(with_needs(sections, other))
                found["sections"][other] = in_fork(run, shell, cells)
    cells = [cell for cells in sections.values() for cell in cells]
    for what, again in own_texts(cells):
        found["texts"][what] = in_fork(run, shell, again)
    return {way: {k: v for k, v in errors.items() if v} for way, errors in found.items()}


def run(shell: Any, cells: list[NotebookNode]) -> str | None:
    """What ends a run of these cells with more than one sentence, or None."""
    for cell in cells:
        error = run_cell(shell, cell)
        if error:
            said = cell.outputs[-1]
            is_one_sentence = len(said.traceback) == 1 and "\n" not in said.traceback[0]
            return None if is_one_sentence else f"{cell.id}: {error}: {said.evalue[:200]}"
    return None


def sections_of(name: str) -> Sections:
    """Id of a section's first cell → its cells; what stands before the first goes by ""."""
    found: Sections = {"": []}
    for cell in nbformat.read(SOURCES / f"{name}.ipynb", as_version=4).cells:
        if title(cell):
            found[cell.id] = []
        found[list(found)[-1]].append(cell)
    return found


def title(cell: NotebookNode) -> str:
    """The heading of the section that begins in this cell, or nothing."""
    lines = cell.source.splitlines() if cell.cell_type == "markdown" else []
    return next((line.removeprefix("## ") for line in lines if line.startswith("## ")), "")


def needs(cells: list[NotebookNode]) -> list[str]:
    tags = cells[0].metadata.get("tags", []) if cells else []
    return [tag.removeprefix("needs-") for tag in tags if tag.startswith("needs-")]


def with_needs(sections: Sections, key: str) -> Iterator[NotebookNode]:
    for needed in needs(sections[key]):
        yield from with_needs(sections, needed)
    yield from sections[key]


def beginning(sections: Sections) -> str:
    """The last of the sections that every other one needs."""
    fifth = [key for key, cells in sections.items() if cells and "⑤" in title(cells[0])]
    importing = [k for k, cells in sections.items() if {"setup", "imports"} & {c.id for c in cells}]
    return (fifth or importing)[-1]


def own_texts(cells: list[NotebookNode]) -> Iterator[tuple[str, list[NotebookNode]]]:
    """For each text parameter and each text: what it is, and the cells to be run with it."""
    found = [n for n, cell in enumerate(cells) if "parameters" in cell.metadata.get("tags", [])]
    for at in found:
        for parameter, default in text_parameters(cells[at].source).items():
            for kind, text in OWN_TEXTS.items():
                if text and BLANK in default:
                    text = f"{text} {BLANK}."
                first = nbformat.v4.new_code_cell(f"{parameter} = {text!r}", id=cells[at].id)
                yield f"{parameter}, {kind}", [first, *depending(cells[at + 1 :], parameter)]


def text_parameters(source: str) -> dict[str, str]:
    """The parameters of a lesson that are text of the learner's, with their defaults."""
    found = {}
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            found[node.targets[0].id] = node.value.value
    found.pop("device", None)
    return {name: value for name, value in found.items() if isinstance(value, str)}


def depending(cells: list[NotebookNode], name: str) -> Iterator[NotebookNode]:
    """The cells that use this name, or one that such a cell has made."""
    names = {name}
    for cell in cells:
        if cell.cell_type != "code":
            continue
        nodes = list(ast.walk(ast.parse(cell.source)))
        made = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        made |= {n.name for n in nodes if isinstance(n, ast.FunctionDef)}
        if names & {n.id for n in nodes if isinstance(n, ast.Name) and n.id not in made - names}:
            names |= made
            yield cell
        else:
            names -= made
