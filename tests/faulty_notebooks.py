"""Small notebooks with planted faults, written on the spot."""

from collections.abc import Sequence
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

PYTHON = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}


def write_notebook(
    path: Path, *sources: str, tags: Sequence[str] = (), kernel: str = "python3"
) -> Path:
    """Write a notebook of code cells `cell-0`, `cell-1`, …; the last one gets the tags."""
    cells = [new_code_cell(source, id=f"cell-{i}") for i, source in enumerate(sources)]
    if tags:
        cells[-1].metadata.tags = list(tags)
    language = "python" if kernel == PYTHON["name"] else kernel
    metadata = {
        "kernelspec": PYTHON | {"name": kernel, "language": language},
        "language_info": {"name": language},
    }
    nbformat.write(new_notebook(cells=cells, metadata=metadata), path)
    return path


def write_faulty_notebooks(folder: Path) -> None:
    """One good notebook, and one with each fault that a run must survive and report."""
    write_notebook(folder / "good.ipynb", "word = 'hello'\nseed = 0", "word, seed")
    parameters = nbformat.read(folder / "good.ipynb", as_version=4)
    parameters.cells[0].metadata.tags = ["parameters"]
    nbformat.write(parameters, folder / "good.ipynb")
    write_notebook(
        folder / "hidden_in_widget.ipynb",
        "1",
        "from ipywidgets import interact\n\n\n@interact(t=(0, 3))\ndef f(t=0):\n    print(1 / t)",
    )
    write_notebook(folder / "raises_nothing.ipynb", "1 / 1", tags=["raises-exception"])
    write_notebook(folder / "endless.ipynb", "while True:\n    pass")
    write_notebook(folder / "raises.ipynb", "x = 3", "raise ValueError('boom')", "1")
    write_notebook(
        folder / "cannot_show_its_error.ipynb",
        "get_ipython().showtraceback = lambda **how: print('no memory left')",
        "raise MemoryError('full')",
        "1",
    )
    write_notebook(folder / "killed.ipynb", "import os\n\nos.kill(os.getpid(), 9)")
    write_notebook(folder / "no_kernel.ipynb", "1", kernel="klingon")
    (folder / "truncated.ipynb").write_text('{"cells": [')
    (folder / "no_notebook.ipynb").write_text("[]")
