"""Run notebooks where nothing knows the project: a program, for `test_uploads.py`.

    python tests/without_project.py OUT NOTEBOOK...

Each notebook runs alone, in a new empty folder and with an empty cache, in a fork of this process,
which has imported torch and transformers but takes `course_utils` out of reach. The executed
copies go to OUT/executed, and what happened to OUT/results.json: for each notebook the exception
that ended it (null: none) and the hub ids whose weights it downloaded.
"""

import json
import os
import shutil
import sys
from pathlib import Path

from fresh_process import LIBRARIES, run_cells

ROOT = Path(__file__).resolve().parents[1]
JOBS = 2


def hide_project() -> None:
    """Make `import course_utils` fail as it does on a machine that has never seen the project."""
    # An editable install is found by a finder of its own; a plain one would be in site-packages.
    sys.meta_path[:] = [f for f in sys.meta_path if "__editable__" not in str(f.__module__)]
    # The folder of this file has one named course_utils, too: that module's tests.
    ours = (ROOT, ROOT / "tests")
    sys.path[:] = [entry for entry in sys.path if Path(entry or ".").resolve() not in ours]
    try:
        import course_utils  # noqa: F401
    except ModuleNotFoundError:
        return
    sys.exit("course_utils can still be imported")


def start(notebook: Path, out: Path, beside: list[Path]) -> int:
    """Begin one notebook in a fork of this process; return the fork's id."""
    folder, cache = out / "folders" / notebook.stem, out / "caches" / notebook.stem
    folder.mkdir(parents=True)
    for file in beside:
        shutil.copy(file, folder)
    child = os.fork()
    if child == 0:
        try:
            _run_here(notebook, folder, cache, out / "executed" / notebook.name)
        finally:
            os._exit(1)  # _run_here ends the process itself, unless it fails
    return child


def result(notebook: Path, out: Path, status: int) -> dict:
    """What happened to a notebook whose fork has ended with this status."""
    folder, cache = out / "folders" / notebook.stem, out / "caches" / notebook.stem
    error = json.loads((folder / "result.json").read_text()) if status == 0 else f"{status=}"
    weights = cache.glob("models--*/snapshots/*/*.safetensors")
    ids = {path.parents[2].name.removeprefix("models--").replace("--", "/") for path in weights}
    shutil.rmtree(cache, ignore_errors=True)
    return {"error": error, "downloaded": sorted(ids)}


def _run_here(notebook: Path, folder: Path, cache: Path, copy: Path) -> None:
    import nbformat
    from huggingface_hub import constants

    constants.HF_HUB_CACHE = str(cache)
    node = nbformat.read(notebook, as_version=4)
    error = run_cells(node, folder)
    nbformat.write(node, copy)
    (folder / "result.json").write_text(json.dumps(error))
    os._exit(0)


def main(out: Path, *files: Path) -> None:
    notebooks = [file for file in files if file.suffix == ".ipynb"]
    beside = [file for file in files if file.suffix != ".ipynb"]
    hide_project()
    for module in LIBRARIES:
        __import__(module)
    (out / "executed").mkdir(parents=True)
    waiting, running, found = list(notebooks), {}, {}
    while waiting or running:
        while waiting and len(running) < JOBS:
            notebook = waiting.pop(0)
            running[start(notebook, out, beside)] = notebook
        child, status = os.wait()
        notebook = running.pop(child)
        found[notebook.stem] = result(notebook, out, status)
    (out / "results.json").write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
