"""Links below a notebook's title that open it on Colab and Kaggle, from a repository on GitHub.

Both services open one file and nothing beside it, so the links lead to the stand-alone copies that
`make badges` writes into a folder of the repository, to be committed with the rest.
"""

import re
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from course_models.errors import CourseError

CELL = "open-elsewhere"
COLAB = "https://colab.research.google.com/github/{place}"
KAGGLE = "https://kaggle.com/kernels/welcome?src=https://github.com/{place}"


def stamp(notebook: NotebookNode, place: str | None) -> None:
    """Put the links below the title, in place of older ones; None only takes them out.

    Args:
        place: where the stand-alone copy is: "owner/name/blob/main/colab/04_fill_mask.ipynb".
    """
    notebook.cells = [cell for cell in notebook.cells if cell.id != CELL]
    if place:
        colab, kaggle = COLAB.format(place=place), KAGGLE.format(place=place)
        links = f"[Open in Colab]({colab}) · [Open in Kaggle]({kaggle})"
        notebook.cells.insert(1, new_markdown_cell(links, id=CELL))


def stamp_all(notebooks: list[Path], repository: str, branch: str, folder: str) -> list[Path]:
    """Stamp notebook files, or take the links out of them; return those that changed.

    Args:
        repository: "owner/name" on GitHub; "" takes the links out.

    Raises:
        CourseError: `repository` has another form.
    """
    if repository and not re.fullmatch(r"[\w.-]+/[\w.-]+", repository):
        raise CourseError(f"REPO is {repository!r}: write it as owner/name, as in its address.")
    changed = []
    for path in notebooks:
        before = path.read_text(encoding="utf-8")
        notebook = nbformat.reads(before, as_version=4)
        place = f"{repository}/blob/{branch}/{folder}/{path.name}" if repository else None
        stamp(notebook, place)
        after = nbformat.writes(notebook) + "\n"
        if after != before:
            path.write_text(after, encoding="utf-8")
            changed.append(path)
    return changed
