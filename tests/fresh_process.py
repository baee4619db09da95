"""Run a notebook in a new process without paying for its imports again.

A kernel needs seconds to import torch and transformers; thirty notebooks would take minutes. So one
server process imports them, and each notebook runs in a fork of it, in a bare IPython shell: the
same namespace rules, the same magics and the same text and HTML for a value as in a kernel, but no
widgets. A notebook that is half done can be forked once more, to go on in several ways.
"""

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output

LIBRARIES = (
    "torch",
    "transformers",
    "transformers.models.auto.modeling_auto",
    "transformers.models.bert.modeling_bert",
    "transformers.generation",
    "pandas",
    "IPython.core.interactiveshell",
    "nbformat",
    "jsonschema",
    "nbclient",
)
PRELOAD = ["course_utils", *LIBRARIES, "pytest"]  # course_utils first: it sets HF_HUB_OFFLINE


def call(function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
    """The result of a module-level function, computed in a new process."""
    # Forking needs a parent without threads, which the fork server is; macOS libraries do not
    # survive a fork, so there each process imports everything itself.
    context = get_context("forkserver" if sys.platform == "linux" else "spawn")
    context.set_forkserver_preload(PRELOAD)
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        return pool.submit(function, *arguments, **named).result()


def in_fork(function: Callable[..., Any], *arguments: Any, seconds: float | None = None) -> Any:
    """The result of a function in a fork of this process: what it changes is gone afterwards.

    Raises:
        TimeoutError: it had not ended after so many seconds.
        EOFError: the fork died.
    """
    context = get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=lambda: sender.send(function(*arguments)))
    child.start()
    sender.close()  # so that the end of the child is the end of what comes
    try:
        if not receiver.poll(seconds):
            raise TimeoutError
        return receiver.recv()
    finally:
        child.kill()
        child.join()


def run_cells(notebook: NotebookNode, folder: Path) -> str | None:
    """Fill in the outputs of all code cells, in this process.

    Args:
        notebook: changed in place; a cell that fails without leave ends the run.
        folder: where the notebook believes to be.

    Returns:
        Name of the exception that ended the run, or None if it came to its end.
    """
    shell = new_shell(folder)
    for cell in notebook.cells:
        error = run_cell(shell, cell)
        if error:
            print(*cell.outputs[-1].traceback, sep="\n", file=sys.stderr)  # pytest shows it
            return error
    return None


def run_cell(shell: Any, cell: NotebookNode) -> str | None:
    """Fill in the outputs of one cell, if it is code.

    Returns:
        Name of the exception that it raised without leave, which is its last output, or None.
    """
    if cell.cell_type != "code":
        return None
    shell.outputs = []
    with _captured() as printed:
        result = shell.run_cell(cell.source)
    if printed:
        shell.outputs.insert(0, new_output("stream", name="stdout", text=printed[0]))
    cell.outputs = shell.outputs
    if result.success or "raises-exception" in cell.metadata.get("tags", []):
        return None
    return cell.outputs[-1].ename


def new_shell(folder: Path) -> Any:
    """What runs cells in this process; the notebook believes to be in the folder."""
    import torch
    from IPython.core.displayhook import DisplayHook
    from IPython.core.displaypub import DisplayPublisher
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    class Hook(DisplayHook):
        def write_output_prompt(self):
            pass

        def write_format_data(self, format_dict, md_dict=None):
            self.shell.outputs.append(
                new_output("execute_result", data=format_dict, metadata=md_dict or {})
            )

        def finish_displayhook(self):
            pass

    class Publisher(DisplayPublisher):
        def publish(self, data, metadata=None, **more):
            self.shell.outputs.append(
                new_output("display_data", data=data, metadata=metadata or {})
            )

    class Shell(InteractiveShell):
        def _showtraceback(self, etype, evalue, stb):
            self.outputs.append(
                new_output("error", ename=etype.__name__, evalue=str(evalue), traceback=stb)
            )

    os.chdir(folder)
    # Threads would not be there in a fork, and what waits for them would wait for ever.
    if torch.get_num_threads() > 1:  # not always: after a fork a new thread fails over the setting
        torch.set_num_threads(1)
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    config = Config()
    config.HistoryManager.enabled = False
    return Shell.instance(
        config=config,
        ipython_dir=tempfile.mkdtemp(),
        displayhook_class=Hook,
        display_pub_class=Publisher,
    )


@contextmanager
def _captured() -> Iterator[list[str]]:
    """Collect what is written to stdout and stderr, also by code that is not Python."""
    text: list[str] = []
    sys.stdout.flush()
    sys.stderr.flush()
    with tempfile.TemporaryFile() as file:
        kept = [os.dup(1), os.dup(2)]
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
        try:
            yield text
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            for number, copy in enumerate(kept, start=1):
                os.dup2(copy, number)
                os.close(copy)
            file.seek(0)
            printed = file.read().decode(errors="replace")
            if printed:
                text.append(printed)
