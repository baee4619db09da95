"""Turn executed notebooks into an HTML book that needs no network to be read."""

import shutil
from pathlib import Path

from course_utils.errors import CourseError

BOOK = Path("book")  # Sphinx settings and front page, in the course's folder


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
    for notebook in notebooks:
        shutil.copy(notebook, pages)
    html = out / "book"
    shutil.rmtree(html, ignore_errors=True)
    status = sphinx_build(["-q", "-b", "html", str(pages), str(html)])
    if status:
        raise CourseError(
            f"Sphinx could not build the book (status {status}); its words are above."
        )
    return html / "index.html"
