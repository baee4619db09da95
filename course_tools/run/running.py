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
from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from papermill.engines import papermill_engines
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook
from papermill.translators import papermill_translators
from tqdm import tqdm

from course_tools.run.reliability import LONGEST_START, cure_nbclient, hidden_problems

SOURCE_LINES = 12  # lines of a failing cell that are shown
PYTHON = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


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
        copy: file name of its executed copy.
        seconds: wall time.
        failure: why it failed; None when it passed.
    """

    notebook: Path
    copy: str
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
        return f"{Path(self.copy).stem:<26} {self.seconds:6.1f} s  {result}"


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
    runs = [Run(path, copy) for path, copy in zip(notebooks, _copy_names(notebooks), strict=True)]
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


def _copy_names(notebooks: Sequence[Path]) -> list[str]:
    """File names of the copies: two notebooks of one name must not share one."""
    names: list[str] = []
    taken: set[str] = set()
    for path in notebooks:
        name, number = path.name, 1
        while name.casefold() in taken:  # some file systems know no capitals
            number += 1
            name = f"{path.stem}-{number}{path.suffix}"
        taken.add(name.casefold())
        names.append(name)
    return names


def _run(run: Run, executed: Path, timeout: float, parameters: dict[str, Any]) -> Run:
    start = time.perf_counter()
    try:
        _execute(run.notebook, executed / run.copy, timeout, parameters)
    except NotebookFailed as failure:
        run.failure = failure
    run.seconds = time.perf_counter() - start
    return run


def _execute(path: Path, copy: Path, timeout: float, parameters: dict[str, Any]) -> None:
    notebook = _prepared(path, parameters)
    kernel = notebook.metadata.kernelspec["name"]
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
            f"there is no kernel named {kernel!r} here: install it, or if the notebook is in "
            "Python, set its kernel to python3"
            if kernel != PYTHON["name"]
            else f"there is no kernel here: run `{_python()} -m pip install ipykernel`"
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
    except UnicodeEncodeError:
        raise NotebookFailed(
            "the cell holds half a character (a lone surrogate), which no kernel can be sent: "
            "delete it",
            current.get("cell"),
        ) from None
    except RuntimeError as error:  # nbclient: the kernel did not come up
        raise NotebookFailed(f"the kernel did not start ({error})", current.get("cell")) from None
    finally:
        for cell in notebook.cells:
            cell.metadata.pop("papermill", None)
        notebook.metadata.pop("papermill", None)
        # An output may hold half a character, which UTF-8 does not know.
        copy.write_bytes(nbformat.writes(notebook).encode("utf-8", "replace"))
    for problem in hidden_problems(notebook):
        cell = None if problem.cell is None else notebook.cells[problem.cell]
        raise NotebookFailed(problem.summary, cell)


def _prepared(path: Path, parameters: dict[str, Any]) -> NotebookNode:
    """The notebook, with its parameters replaced."""
    if not path.is_file():
        raise NotebookFailed("there is no such file")
    try:
        notebook = load_notebook_node(str(path))
        _settle_kernel(notebook)
        known = _parameters(notebook) if parameters else []
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
    if not parameters:
        return notebook
    return parameterize_notebook(notebook, parameters, **_translated(notebook))


def _settle_kernel(notebook: NotebookNode) -> None:
    """Let python3 run a notebook in Python that names no kernel, or one of another machine."""
    spec, language = (
        found if isinstance(found := notebook.metadata.get(key), dict) else {}
        for key in ("kernelspec", "language_info")
    )
    in_python = (spec.get("language") or language.get("name") or "python").lower() == "python"
    name = spec.get("name")
    if not name or (in_python and name not in KernelSpecManager().find_kernel_specs()):
        notebook.metadata.kernelspec = nbformat.from_dict(PYTHON)


def _parameters(notebook: NotebookNode) -> list[str]:
    """Names that the cell tagged `parameters` gives a value."""
    translator = papermill_translators.find_translator(**_translated(notebook))
    return [
        parameter.name
        for cell in notebook.cells
        if "parameters" in cell.metadata.get("tags", [])
        for parameter in translator.inspect(cell)
    ]


def _translated(notebook: NotebookNode) -> dict[str, str]:
    spec = notebook.metadata.kernelspec
    return {"kernel_name": spec["name"], "language": spec.get("language") or "python"}


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
