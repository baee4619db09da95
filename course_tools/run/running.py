"""Execute notebooks headless, several at once, and say in one line each how it went."""

import logging
import os
import re
import shlex
import shutil
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import papermill
from jupyter_client.kernelspec import NoSuchKernel
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from papermill.engines import papermill_engines
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook
from tqdm import tqdm

from course_tools.run.reliability import LONGEST_START, cure_nbclient, hidden_problems

SOURCE_LINES = 12  # lines of a failing cell that are shown


class NotebookFailed(Exception):
    """Why a notebook did not run through, and in which cell (None: before the first one)."""

    def __init__(self, reason: str, cell: NotebookNode | None = None):
        super().__init__(reason)
        self.cell = cell


@dataclass
class Run:
    """One notebook's run.

    Attributes:
        notebook: its file.
        seconds: wall time.
        failure: why it failed; None when it passed.
    """

    notebook: Path
    seconds: float = 0.0
    failure: NotebookFailed | None = None

    @property
    def line(self) -> str:
        where = (
            ""
            if self.failure is None or self.failure.cell is None
            else (f" in cell {self.failure.cell.id!r}")
        )
        result = "ok" if self.failure is None else f"FAILED{where}"
        return f"{self.notebook.stem:<26} {self.seconds:6.1f} s  {result}"


def run_notebooks(
    notebooks: Sequence[Path],
    executed: Path,
    jobs: int,
    timeout: float,
    parameters: Mapping[str, Any] | None = None,
) -> list[Run]:
    """Run notebooks in their own folder, `jobs` at a time; a failing one does not stop the others.

    Args:
        notebooks: the files; they stay as they are.
        executed: folder for the executed copies, also of those that fail.
        timeout: seconds that one cell may take.
        parameters: values for the notebooks' cell tagged ``parameters``.

    Returns:
        One entry per notebook, in the order given.
    """
    cure_nbclient()
    for chatty in ("papermill", "asyncio"):  # what they would log is said in our own lines
        logging.getLogger(chatty).setLevel(logging.CRITICAL)
    executed.mkdir(parents=True, exist_ok=True)
    runs = [Run(path) for path in notebooks]
    with (
        ThreadPoolExecutor(jobs) as pool,
        tqdm(total=len(runs), unit="notebook", disable=None, leave=False) as bar,
    ):
        pending = [
            pool.submit(_run, run, executed, timeout, dict(parameters or {})) for run in runs
        ]
        try:
            for done in as_completed(pending):
                bar.write(done.result().line)
                bar.update()
        except KeyboardInterrupt:
            print("Stopped.", file=sys.stderr)
            shutil.rmtree(os.environ["IPYTHONDIR"], ignore_errors=True)
            os._exit(130)  # the kernels notice that their parent is gone and end themselves
    return runs


def _run(run: Run, executed: Path, timeout: float, parameters: dict[str, Any]) -> Run:
    start = time.perf_counter()
    try:
        _execute(run.notebook, executed / run.notebook.name, timeout, parameters)
    except NotebookFailed as failure:
        run.failure = failure
    run.seconds = time.perf_counter() - start
    return run


def _execute(path: Path, copy: Path, timeout: float, parameters: dict[str, Any]) -> None:
    notebook = _prepared(path, parameters)
    kernel = notebook.metadata.get("kernelspec", {}).get("name", "python3")
    current: dict[str, NotebookNode] = {}
    try:
        # papermill.execute_notebook would fail on cells that raise on purpose, so we drive its
        # engine ourselves and judge the outputs with hidden_problems.
        notebook = papermill_engines.execute_notebook_with_engine(
            None,
            notebook,
            kernel_name=kernel,
            progress_bar=False,
            start_timeout=LONGEST_START,
            execution_timeout=timeout,
            resources={"metadata": {"path": str(path.parent)}},
            on_cell_start=lambda cell, cell_index: current.update(cell=cell),
        )
    except NoSuchKernel:
        raise NotebookFailed(
            f"there is no kernel named {kernel!r} here: run `{_python()} -m pip install ipykernel`,"
            " or set the notebook's kernel to python3"
        ) from None
    except CellTimeoutError:
        raise NotebookFailed(
            f"the cell did not finish within {timeout:g} s: look for an endless loop, or give it "
            "more with --timeout",
            current.get("cell"),
        ) from None
    except DeadKernelError:
        raise NotebookFailed(
            "the kernel died (most often: out of memory; try --jobs 1)", current.get("cell")
        ) from None
    except RuntimeError as error:  # nbclient: the kernel did not come up
        raise NotebookFailed(f"the kernel did not start ({error})", current.get("cell")) from None
    finally:
        for cell in notebook.cells:
            cell.metadata.pop("papermill", None)
        notebook.metadata.pop("papermill", None)
        nbformat.write(notebook, copy)
    for problem in hidden_problems(notebook):
        cell = None if problem.cell is None else notebook.cells[problem.cell]
        raise NotebookFailed(problem.summary, cell)


def _prepared(path: Path, parameters: dict[str, Any]) -> NotebookNode:
    """The notebook, with its parameters replaced."""
    if not path.is_file():
        raise NotebookFailed("there is no such file")
    try:
        notebook = load_notebook_node(str(path))
        known = papermill.inspect_notebook(str(path)) if parameters else {}
    except Exception as error:  # a damaged file fails in as many ways as it can be damaged
        raise NotebookFailed(
            f"the file is not a notebook that Jupyter can read ({_short(str(error), 1)}): restore "
            f"it with `git checkout {shlex.quote(str(path))}`"
        ) from None
    unknown = sorted(set(parameters) - set(known))
    if unknown:
        raise NotebookFailed(
            f"the notebook has no parameter {unknown[0]!r}; it has {', '.join(known) or 'none'}"
        )
    return parameterize_notebook(notebook, parameters) if parameters else notebook


def failure_report(run: Run, again: Sequence[str]) -> str:
    """What failed, the cell's source, the error, and the command that runs this notebook alone.

    Args:
        run: a run whose `failure` is set.
        again: the options of the whole run, to be given once more.
    """
    cell = run.failure.cell
    lines = [f"{run.notebook} failed" + (f" in cell {cell.id!r}:" if cell else ":"), ""]
    if cell:
        lines += [f"    {line}" for line in _short(cell.source, SOURCE_LINES).splitlines()] + [""]
    command = shlex.join([_python(), "-m", "course_tools", "run", str(run.notebook), *again])
    lines += [f"  {line}" for line in _short(str(run.failure), 4).splitlines()]
    lines.append(f"  To run it alone: {command}")
    return "\n".join(lines)


def _short(text: str, lines: int) -> str:
    """At most so many lines of a text, without terminal colours."""
    kept = re.sub(r"\x1b\[[0-9;]*m", "", text).strip().splitlines() or ["empty"]
    return "\n".join(line[:200] for line in kept[:lines]) + (" …" if len(kept) > lines else "")


def _python() -> str:
    """This interpreter, as one would type it in the current folder."""
    python = Path(sys.executable)
    return str(python.relative_to(Path.cwd()) if python.is_relative_to(Path.cwd()) else python)
