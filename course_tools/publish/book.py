"""Turn executed notebooks into an HTML book that needs no network to be read."""

import re
import shutil
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from course_models.errors import CourseError

BOOK = Path("book")  # Sphinx settings and front page, in the course's folder
PICTURE = Path("docs") / "body_and_heads.svg"
PATH = "% lessons"  # where the front page gets its table
# What says "not attempted" in each lesson is of no use to a reader of pages.
NOISE = re.compile(r"check-\d\d-")
# Where a title stands in a page: its heading, and links to it.
TITLE = re.compile(r'(<h1>|<a class="[^"]*\binternal"[^>]*>)([^<]+)')
INNER_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def build_book(executed: Path, out: Path) -> Path:
    """Build `out/book/` from the executed copies; return its front page.

    Raises:
        CourseError: there is nothing to build from, or Sphinx failed.
    """
    from sphinx.cmd.build import main as sphinx_build

    notebooks = sorted(executed.glob("*.ipynb"))
    if not notebooks or not BOOK.is_dir():
        raise CourseError(
            "There are no executed notebooks to make a book of: run `make course` in the course's "
            "folder."
        )
    pages = out / "book_pages"
    shutil.rmtree(pages, ignore_errors=True)
    shutil.copytree(BOOK, pages)
    shutil.copy(PICTURE, pages)
    lessons = {path.stem: nbformat.read(path, as_version=4) for path in notebooks}
    for name, notebook in lessons.items():
        for cell in notebook.cells:
            if cell.cell_type == "code" and NOISE.match(cell.id):
                cell.outputs = []
        nbformat.write(notebook, pages / f"{name}.ipynb")
    front = pages / "index.md"
    text = front.read_text(encoding="utf-8").replace(PATH, lesson_table(lessons))
    front.write_text(text, encoding="utf-8")
    html = out / "book"
    shutil.rmtree(html, ignore_errors=True)
    status = sphinx_build(["-q", "-b", "html", str(pages), str(html)])
    if status:
        raise CourseError(
            f"Sphinx could not build the book (status {status}); its words are above."
        )
    for page in html.glob("*.html"):
        page.write_text(breakable(page.read_text(encoding="utf-8")), encoding="utf-8")
    return html / "index.html"


def breakable(page: str) -> str:
    """An HTML page in which a class name in a title breaks before a capital, on narrow screens."""
    return TITLE.sub(lambda found: found[1] + INNER_CAPITAL.sub("<wbr>", found[2]), page)


def lesson_table(lessons: dict[str, NotebookNode]) -> str:
    """A Markdown table of the lessons: title, time and goals, as their first cells say them."""
    rows = ["| lesson | time | afterwards you can |", "|---|---|---|"]
    for name, notebook in lessons.items():
        text = "\n".join(c.source for c in notebook.cells[:3] if c.cell_type == "markdown")
        title = re.search(r"^# (.+)$", text, re.MULTILINE)
        time = re.search(r"^\*\*Time:\*\* (?:about )?(.+?)\.?$", text, re.MULTILINE)
        goals = re.findall(r"^- (.+)$", text, re.MULTILINE)
        cells = [f"[{title[1] if title else name}]({name}.ipynb)", time[1] if time else ""]
        rows.append(f"| {' | '.join([*cells, '<br>'.join(goals)])} |")
    return "\n".join(rows)
