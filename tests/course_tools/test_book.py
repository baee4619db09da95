"""The HTML book: a page for each notebook, readable without a network."""

import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from course_tools.publish.book import breakable
from executed import COPIES, ROOT, SOURCES

NAMES = sorted(path.stem for path in SOURCES.glob("*.ipynb"))
OUTSIDE = re.compile(r"^\s*(https?:)?//")
OUTSIDE_IN_CSS = re.compile(r"""(?:url\(|@import)\s*['"]?((?:https?:)?//[^'")\s]+)""")


class Loaded(HTMLParser):
    """Addresses that a browser fetches by itself on opening the page; links are not among them."""

    def __init__(self, page: Path):
        super().__init__()
        self.addresses: list[str] = []
        text = page.read_text(encoding="utf-8")
        self.feed(text)
        self.addresses += OUTSIDE_IN_CSS.findall(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag != "a":
            self.addresses += [given[key] for key in ("src", "data", "poster") if given.get(key)]
        if tag == "link" and given.get("rel") not in (
            "canonical",
            "author",
            "license",
            "next",
            "prev",
        ):
            self.addresses.append(given.get("href") or "")


@pytest.fixture(scope="module")
def book(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("book")
    if not COPIES.is_dir():
        pytest.fail("the notebooks have not been executed: run `make test`")
    shutil.copytree(COPIES, out / "executed")
    command = [sys.executable, "-m", "course_tools", "book", "--out", str(out)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "WARNING" not in done.stderr, done.stderr
    assert str(out / "book" / "index.html") in done.stdout
    return out / "book"


def test_the_front_page_leads_to_every_notebook(book):
    front = (book / "index.html").read_text(encoding="utf-8")
    for name in NAMES:
        assert f'href="{name}.html"' in front
        assert (book / f"{name}.html").exists()


def test_opening_a_page_loads_nothing_from_outside(book):
    pages = sorted(book.glob("*.html"))
    outside = {
        (page.name, address)
        for page in pages
        for address in Loaded(page).addresses
        if OUTSIDE.match(address)
    }
    assert len(pages) >= len(NAMES) + 1 and outside == set()


def test_no_style_sheet_loads_anything_from_outside(book):
    sheets = list(book.rglob("*.css"))
    found = {
        (sheet.name, address)
        for sheet in sheets
        for address in OUTSIDE_IN_CSS.findall(sheet.read_text(encoding="utf-8"))
    }
    assert sheets and found == set()


def test_a_class_name_in_a_title_breaks_before_a_capital():
    link = '<a class="reference internal" href="06.html">AutoModelForMaskedLM</a>'
    page = f"<h1>04 · AutoModelForMaskedLM<a>#</a></h1><p>AutoModel {link}</p>"
    broken = "Auto<wbr>Model<wbr>For<wbr>Masked<wbr>LM"
    assert breakable(page) == page.replace("AutoModelForMaskedLM", broken)
