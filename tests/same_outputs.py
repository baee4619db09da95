"""Compare what two runs of the notebooks show: `python tests/same_outputs.py FOLDER OTHER`."""

import json
import re
import sys
from pathlib import Path

import nbformat
from nbformat import NotebookNode

# Cells that show random numbers, or seconds without a unit.
RANDOM = {"translator-compare", "train"}
# What differs between any two runs: addresses, random ids, temporary folders, times.
VARYING = re.compile(
    r"0x[0-9a-f]{6,}|[0-9a-f]{32}|/tmp/\w+(/\w+)*"
    r"|\d+(\.\d+)? ?(ms|µs|s|it/s)\b|\d\d:\d\d(<\d\d:\d\d)?"
)


def differing_cells(one: NotebookNode, other: NotebookNode) -> list[str]:
    """The ids of the code cells whose outputs are not the same."""
    return [
        cell.id
        for cell, twin in zip(one.cells, other.cells, strict=True)
        if cell.cell_type == "code" and cell.id not in RANDOM and _shown(cell) != _shown(twin)
    ]


def _shown(cell: NotebookNode) -> list[str]:
    """The lines of all outputs, sorted: transformers lists keys in the order of a set."""
    streams: dict[str, str] = {}  # whether an error or a print came first is chance
    others: list[dict] = []
    for output in cell.outputs:
        if output.output_type == "stream":
            streams[output.name] = streams.get(output.name, "") + output.text
        else:
            others.append(dict(output))
    joined = [streams, *others]
    return sorted(VARYING.sub("…", json.dumps(joined, sort_keys=True)).split("\\n"))


def main(one: Path, other: Path) -> int:
    names = sorted(path.name for path in one.glob("*.ipynb"))
    if not names or names != sorted(path.name for path in other.glob("*.ipynb")):
        sys.exit(f"{one} and {other} do not hold the same notebooks: run both first")
    differing = 0
    for name in names:
        for cell in differing_cells(*(nbformat.read(folder / name, 4) for folder in (one, other))):
            print(f"{name}: cell {cell!r} shows something else in {other} than in {one}")
            differing += 1
    print(f"{len(names)} notebooks compared, {differing} cells differ")
    return min(differing, 1)


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))
