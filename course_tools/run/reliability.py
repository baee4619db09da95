"""Make a headless run mean what it says: it never hangs, and it never passes wrongly.

Five things go wrong with stock nbclient, whichever program drives it:

* two kernels that start at the same moment can be given the same port, and one of them dies
  (nbmake issue 129): `cure_nbclient` gives each its own socket files instead;
* a cell that prints into an Output widget can miss the wake-up for its own reply and then wait
  until the cell's time limit (nbclient issue 312): `cure_nbclient` cures it;
* a kernel short of memory may fail in a cell and have no room left to show the error, and runners
  look for errors that are shown: `cure_nbclient` shows those too;
* an error inside a widget callback ends up in the widget, where no runner looks, and
* a cell tagged ``raises-exception`` that raises nothing passes: `hidden_problems` finds both.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from queue import Empty
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any
from uuid import uuid4

import zmq
from jupyter_client import KernelManager
from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.channels import AsyncZMQSocketChannel
from nbclient import NotebookClient
from nbformat import NotebookNode
from nbformat.v4 import new_output

from course_tools.run.warm import write_profile

RAISES = "raises-exception"
WIDGET_STATE = "application/vnd.jupyter.widget-state+json"
LONGEST_WAIT = 0.5  # seconds until the socket is looked at again, wake-up or not
LONGEST_SILENCE = 0.02  # seconds until a kernel that has just started has nothing more to say
LONGEST_START = 300  # seconds; a busy machine may need a minute to import what kernels need


class WakefulChannel(AsyncZMQSocketChannel):
    """A channel that waits in slices: a lost wake-up costs half a second, not the time limit.

    nbclient answers an Output widget by sending on the very socket on which it awaits the cell's
    reply. Sending consumes the socket's edge-triggered signal, and a reply that came in at that
    moment stays unseen until something polls the socket anew.
    """

    async def get_msg(self, timeout: float | None = None) -> dict[str, Any]:
        deadline = None if timeout is None else monotonic() + timeout
        while True:
            left = LONGEST_WAIT if deadline is None else max(0.0, deadline - monotonic())
            try:
                return await super().get_msg(min(LONGEST_WAIT, left))
            except Empty:
                if deadline is not None and monotonic() >= deadline:
                    raise


class PromptChannel(AsyncZMQSocketChannel):
    """A channel of a kernel's outputs on which nobody waits long for nothing.

    jupyter_client asks it for whatever a starting kernel still says, until 0.2 seconds were silent.
    nbclient waits without a limit, and passes over what no cell of its own has said.
    """

    async def get_msg(self, timeout: float | None = None) -> dict[str, Any]:
        return await super().get_msg(None if timeout is None else min(timeout, LONGEST_SILENCE))


_create_kernel_manager = NotebookClient.create_kernel_manager


def _create_with_own_sockets(client: NotebookClient) -> KernelManager:
    manager = _create_kernel_manager(client)
    if not zmq.has("ipc"):  # on Windows
        return manager
    manager.transport = "ipc"
    # Absolute, since kernels run in other folders; short, since a socket's path has 104 letters.
    manager.ip = str(Path(os.environ["IPYTHONDIR"], uuid4().hex[:8]))
    manager.connection_file = f"{manager.ip}.json"
    return manager


def _show_error(cell: NotebookNode, cell_index: int, execute_reply: dict[str, Any]) -> None:
    if not any(output.output_type == "error" for output in cell.outputs):
        reply = execute_reply["content"]
        shown = {name: reply.get(name, "") for name in ("ename", "evalue")}
        cell.outputs.append(new_output("error", **shown, traceback=reply.get("traceback", [])))


def cure_nbclient() -> None:
    """Let every nbclient of this process wait in slices, start kernels clean, stop them at once.

    nbmake and papermill create their clients themselves, so the cure is a change of defaults.
    A graceful shutdown takes seconds with torch loaded and saves nothing that a lesson needs.
    Clean: an IPYTHONDIR of our own, so that nobody's personal start-up files decide whether the
    course passes.
    One thread for each kernel: several run at once, and threads that wait for each other's cores
    made the lessons many times slower.
    """
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    AsyncKernelClient.shell_channel_class.default_value = WakefulChannel
    AsyncKernelClient.iopub_channel_class.default_value = PromptChannel
    NotebookClient.create_kernel_manager = _create_with_own_sockets
    NotebookClient.on_cell_error.default_value = _show_error
    NotebookClient.shutdown_kernel.default_value = "immediate"
    NotebookClient.startup_timeout.default_value = LONGEST_START
    folder = Path(_ipython_folder(os.environ.get("COURSE_RUN_FOLDER")).name)
    write_profile(folder)
    os.environ["IPYTHONDIR"] = str(folder)


@cache
def _ipython_folder(parent: str | None) -> TemporaryDirectory:
    # Removed when this process ends, or with its parent if warm_kernels made one for the run.
    return TemporaryDirectory(prefix="course-", dir=parent)


@dataclass(frozen=True)
class Problem:
    """What is wrong with a notebook that ran through.

    Attributes:
        cell: index of the cell among all cells, or None where a widget shows up in no cell.
        summary: what is wrong there, in a few words.
    """

    cell: int | None
    summary: str


def hidden_problems(notebook: NotebookNode) -> Iterator[Problem]:
    """Find what a runner overlooks in an executed notebook."""
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type != "code":
            continue
        errors = [output for output in cell.outputs if output.output_type == "error"]
        expected = RAISES in cell.metadata.get("tags", [])
        if expected and not errors:
            yield Problem(index, f"tagged {RAISES}, but it raised nothing")
        elif errors and not expected:
            yield Problem(index, _words(errors[0]))
    widgets = notebook.metadata.get("widgets", {}).get(WIDGET_STATE, {}).get("state", {})
    for model_id, widget in widgets.items():
        for output in widget.get("state", {}).get("outputs") or ():
            if output["output_type"] == "error":
                yield Problem(_showing(notebook, model_id), f"a widget hides {_words(output)}")


def _words(error: dict[str, Any]) -> str:
    return f"{error['ename']}: {error['evalue']}"


def _showing(notebook: NotebookNode, model_id: str) -> int | None:
    """Index of the cell that displays the widget, or a widget that contains it."""
    wanted = {model_id}
    widgets = notebook.metadata["widgets"][WIDGET_STATE]["state"]
    while True:
        boxes = {
            key
            for key, widget in widgets.items()
            if any(f"IPY_MODEL_{child}" in widget["state"].get("children", ()) for child in wanted)
        }
        if boxes <= wanted:
            break
        wanted |= boxes
    for index, cell in enumerate(notebook.cells):
        for output in cell.get("outputs", ()):
            view = output.get("data", {}).get("application/vnd.jupyter.widget-view+json", {})
            if view.get("model_id") in wanted:
                return index
    return None
