"""A broken lesson must not pass: the tests of what a notebook shows fail on broken copies of it.

Each `test_shown_NN_topic.py` lists believable mistakes in its table

    MUTATIONS = [("cell-id", "old text", "new text"), …]

For each of them the notebook is run with that change, and then its tests, of which one has to fail.
"""

import importlib
import os
import tempfile
from pathlib import Path

import nbformat
import pytest

from executed import ROOT, SOURCES
from fresh_process import call, run_cells

TESTS = Path(__file__).parent
TABLES = {
    path.stem.removeprefix("test_shown_"): getattr(
        importlib.import_module(path.stem), "MUTATIONS", []
    )
    for path in sorted(TESTS.glob("test_shown_*.py"))
}
TASKS = [path.stem for path in sorted(SOURCES.glob("0[3-9]_*.ipynb"))]
MUTATIONS = [
    pytest.param(name, mutation, id=f"{name}-{mutation[0]}-{index}")
    for name, table in TABLES.items()
    for index, mutation in enumerate(table)
]


@pytest.mark.parametrize("name", [name for name, table in TABLES.items() if table])
def test_the_tests_accept_the_notebook_as_it_is(name):
    error, failed = call(failing_tests, name, None)
    assert (error, failed) == (None, [])


@pytest.mark.parametrize(("name", "mutation"), MUTATIONS)
def test_the_tests_notice(name, mutation):
    error, failed = call(failing_tests, name, mutation)
    assert error not in ("NameError", "SyntaxError", "IndentationError"), "a slip in the new text"
    assert error or failed, f"all tests of {name} pass although {mutation[1]!r} → {mutation[2]!r}"


@pytest.mark.parametrize("name", TASKS)
def test_each_task_notebook_lists_three_mutations(name):
    assert len(TABLES.get(name, [])) >= 3


def failing_tests(name: str, mutation: tuple[str, str, str] | None) -> tuple[str | None, list[str]]:
    """Run the notebook with the mutation, then its tests.

    Returns:
        The exception that ended the notebook's run, if any, and the names of the tests that fail.
    """
    node = nbformat.read(SOURCES / f"{name}.ipynb", as_version=4)
    if mutation:
        cell_id, old, new = mutation
        cell = next((cell for cell in node.cells if cell.id == cell_id), None)
        if cell is None or old not in cell.source:
            raise LookupError(f"{name}: cell {cell_id!r} has no text {old!r}")
        cell.source = cell.source.replace(old, new)
    error = run_cells(node, SOURCES)
    failed = []

    class Notes:
        def pytest_runtest_logreport(self, report):
            if report.failed:
                failed.append(report.nodeid.split("::", 1)[1])

    with tempfile.TemporaryDirectory() as folder:
        nbformat.write(node, Path(folder, f"{name}.ipynb"))
        os.environ["COURSE_EXECUTED"] = folder
        options = [
            "-qq",
            "-p",
            "no:cacheprovider",
            "-p",
            "no:xdist",
            "--rootdir",
            str(ROOT),
        ]
        status = pytest.main([*options, str(TESTS / f"test_shown_{name}.py")], plugins=[Notes()])
    if status not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        raise RuntimeError(f"pytest could not run the tests of {name}: {status!r}")
    return error, failed
