"""Read what a learner saw: the executed copy of a notebook, cell by cell."""

from ast import literal_eval
from itertools import groupby
from pathlib import Path
from typing import Any

import nbformat

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ROOT / "notebooks"
COPIES = ROOT / "build" / "test" / "notebooks"  # made by `make test`


class ExecutedNotebook:
    """One executed notebook; cells go by their id, and every miss says what to do."""

    def __init__(self, node: nbformat.NotebookNode, name: str):
        self.name = name
        self.cells = {cell.id: cell for cell in node.cells}

    def source(self, cell: str) -> str:
        """The cell's text, code or markdown."""
        return self._cell(cell).source

    def value(self, cell: str) -> Any:
        """The Python literal that the cell's last expression shows."""
        text = self._bundle(cell, "execute_result").get("text/plain")
        assert text is not None, f"{self.name}: cell {cell!r} shows no value"
        try:
            return literal_eval(text)
        except (ValueError, SyntaxError):
            raise AssertionError(
                f"{self.name}: cell {cell!r} shows {text[:80]!r}, which is no Python literal; "
                "read it with .text(), or let the cell end in a str, number, tuple, list or dict"
            ) from None

    def text(self, cell: str) -> str:
        """All that the cell prints and shows as plain text, in order."""
        parts = []
        for kind, outputs in groupby(self._outputs(cell), key=lambda o: o.get("name")):
            if kind:  # a kernel may send what one print writes in several pieces
                parts.append("".join(output.text for output in outputs).rstrip("\n"))
            else:
                parts += [o.data.get("text/plain", "") for o in outputs if "data" in o]
        return "\n".join(parts)

    def html(self, cell: str) -> str:
        """All that the cell shows as HTML."""
        return "\n".join(
            output.data["text/html"]
            for output in self._outputs(cell)
            if "text/html" in output.get("data", {})
        )

    def _bundle(self, cell: str, kind: str) -> dict[str, Any]:
        return next((o.data for o in self._outputs(cell) if o.output_type == kind), {})

    def _outputs(self, cell: str) -> list[nbformat.NotebookNode]:
        outputs = self._cell(cell).get("outputs")
        assert outputs is not None, f"{self.name}: cell {cell!r} is no code cell"
        return outputs

    def _cell(self, cell: str) -> nbformat.NotebookNode:
        assert cell in self.cells, f"{self.name} has no cell {cell!r}: {', '.join(self.cells)}"
        return self.cells[cell]


def read_executed(name: str, folder: Path) -> ExecutedNotebook:
    """The executed copy of notebook `name` (such as "04_fill_mask").

    A copy in the usual place must be of the notebook as it stands now; copies elsewhere are
    deliberately broken ones (see test_mutations.py).
    """
    copy = folder / f"{name}.ipynb"
    assert copy.exists(), f"{name} has not been executed"
    node = nbformat.read(copy, as_version=4)
    if folder == COPIES:
        source = nbformat.read(SOURCES / f"{name}.ipynb", as_version=4)
        now, then = ([c.source for c in n.cells if c.cell_type == "code"] for n in (source, node))
        assert now == then, f"{name} has changed after it was executed"
    return ExecutedNotebook(node, name)
