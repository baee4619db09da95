"""What executed cells show, for comparing two editions of a notebook."""

import base64
import re
from pathlib import Path

import nbformat

IMAGE = re.compile(r"data:image/svg\+xml;base64,([\w+/=]+)")
WIDGET = "application/vnd.jupyter.widget-view+json"
# Places in memory and on this machine.
PLACES = re.compile(r" at 0x[0-9a-f]+|/\S*?(?=course_utils/embedded)|/\S*?/tmp\w+/")


def shown(path: Path) -> dict[str, str]:
    """Cell id → all that an executed cell prints and shows, pictures as their source."""
    cells = nbformat.read(path, as_version=4).cells
    return {cell.id: _outputs(cell) for cell in cells if cell.cell_type == "code"}


def _outputs(cell: nbformat.NotebookNode) -> str:
    parts = []
    for output in cell.outputs:
        data = output.get("data", {})
        # A table's text is cut to a page's width, and a button's is Python.
        plain = "" if "text/html" in data or WIDGET in data else data.get("text/plain", "")
        parts += [output.get("text", ""), plain, data.get("text/html", "")]
    text = "\n".join(parts)
    return IMAGE.sub(lambda found: base64.b64decode(found[1]).decode(), text)


def same(one: str, other: str) -> bool:
    """Whether two outputs differ in nothing but white space, which depends on the width of words.

    The rows of a load report come in another order each time.
    """
    lines = [
        [re.sub(r"\s|-{3,}", "", line) for line in PLACES.sub("", text).splitlines()]
        for text in (one, other)
    ]
    return len(set(map("".join, lines))) == 1 or sorted(filter(None, lines[0])) == sorted(
        filter(None, lines[1])
    )
