"""Everything of ours can be translated: shown in a language that marks each text of ours.

One lesson here, which shows most kinds of output; `make test-pseudo` does all of them.
"""

import ast
import os
import re
from functools import cache
from html import unescape

import pytest

from course_tools.translate import messages
from edition_outputs import same, shown
from executed import COPIES, ROOT, SOURCES
from pseudo import english, execute, unmarked

ALL = sorted(path.stem for path in SOURCES.glob("*.ipynb"))
NAMES = ALL if os.environ.get("COURSE_PSEUDO") == "all" else ["05_translation"]
# Their strings are a library's words, code and data, except for those that are listed by import.
NOT_OURS = ("cards", "exercises", "questions", "broken_folders", "runs")


@pytest.fixture(scope="module")
def marked(tmp_path_factory):
    """Name of a lesson → cell id → what it shows in the pseudo-language."""
    folder = execute(NAMES, tmp_path_factory.mktemp("pseudo"))
    return {name: shown(folder / f"{name}.ipynb") for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_it_computes_the_same(marked, name):
    plain = shown(COPIES / f"{name}.ipynb")
    assert marked[name].keys() == plain.keys()
    other = [cell for cell in plain if not same(plain[cell], english(marked[name][cell]))]
    assert other == []


@pytest.mark.parametrize("name", NAMES)
def test_no_english_of_ours_is_left(marked, name):
    outside = unmarked(unescape("\n".join(marked[name].values())))
    assert [text for text in own_prose() if text in outside] == []


def test_english_that_is_left_would_be_found():
    assert "and again, with the longer row" in own_prose()
    assert unmarked("⟦a ⟦b⟧ c⟧ d") == "⟨⟩ d"


@cache
def own_prose() -> frozenset[str]:
    """Strings of three words or more that stand in the functions of our packages."""
    found = set()
    for package in ("course_models", "course_utils", "course_lessons"):
        for path in (ROOT / package).rglob("*.py"):
            if not path.stem.startswith(NOT_OURS):
                tree = ast.parse(path.read_text(encoding="utf-8"))
                functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]
                nodes = [node for function in functions for node in ast.walk(function)]
                found |= {n.value for n in nodes if isinstance(n, ast.Constant) and is_prose(n)}
    return frozenset(found - messages.listed("keep.txt"))


def is_prose(node: ast.Constant) -> bool:
    text = node.value
    prose = isinstance(text, str) and " " in text.strip() and not re.search(r"[<>=;]", text)
    return prose and len(re.findall(r"[A-Za-z]{2,}", text)) >= 3
