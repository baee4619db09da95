"""Run the notebooks with COURSE_CHECKPOINTS=hub against a hub on this machine.

A program (see `test_hub_mode.py`), because huggingface_hub reads its environment once per process:
this one sets it, and each notebook runs in a fork of a server that imported the libraries with it.
"""

import json
import os
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import nbformat

from executed import SOURCES
from fresh_process import call, run_cells
from local_hub import LocalHub, hub_environment

LOADING = "announce(model", "config = AutoConfig.from_pretrained("


def run(name: str, only_load: bool) -> dict:
    """Run one notebook; `only_load`: as far as its first checkpoint has been loaded and used.

    Returns:
        `error`: name of the exception that ended it, or None; `said`: what the cells that announce
        a checkpoint printed.
    """
    node = nbformat.read(SOURCES / f"{name}.ipynb", as_version=4)
    if only_load:
        loads = [any(mark in cell.source for mark in LOADING) for cell in node.cells]
        del node.cells[loads.index(True) + 1 :]
    error = run_cells(node, SOURCES)
    said = [
        "".join(output.get("text", "") for output in cell.outputs)
        for cell in node.cells
        if cell.cell_type == "code" and "announce(" in cell.source
    ]
    if error:
        last = [c for c in node.cells if c.get("outputs")][-1]
        error = f"{last.id}: {error}: {last.outputs[-1].get('evalue', '')[:500]}"
    return {"error": error, "said": said}


def checkpoint_requests(hub: LocalHub) -> list:
    """All requests but huggingface_hub's own: once a day it asks which AI agents there are."""
    return [request for request in hub.requests if request[1] != "/api/agent-harnesses"]


def main() -> None:
    """Load from a hub what notebooks load first, load it again, and run them when the hub is gone.

    They run through with a hub in `test_uploads.py`. Notebooks that only use embedded checkpoints
    run once, before the others. A report is printed as JSON.
    """
    asking, others = (names.split(",") for names in sys.argv[1:3])
    phases = {"embedded": others, "first": asking, "second": asking, "offline": asking}
    report = {}
    with LocalHub() as hub, tempfile.TemporaryDirectory() as home, ThreadPoolExecutor(2) as pool:
        os.environ.update(hub_environment(hub.url, Path(home)))
        for phase, names in phases.items():
            if phase == "offline":
                hub.close()
            asked, weights = len(checkpoint_requests(hub)), len(hub.weight_requests())
            downloads = len(hub.weight_requests(whole=True))
            program = partial(call, run, only_load=phase in ("first", "second"))
            results = list(pool.map(program, names))
            report[phase] = {
                "notebooks": dict(zip(names, results)),
                "requests": len(checkpoint_requests(hub)) - asked,
                "weights": hub.weight_requests()[weights:],
                "downloads": hub.weight_requests(whole=True)[downloads:],
            }
            print(phase, json.dumps(report[phase]), file=sys.stderr, flush=True)
    print(json.dumps(report))
