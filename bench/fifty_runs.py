"""Do runs with warm kernels always end, and leave nothing behind?

Starts the course's run command fifty times in a row on small notebooks that use what lessons use,
then forks as many rounds of kernels from one server. A run that hangs, fails, says anything on
stderr, or leaves a process or a file ends this with an error; so does a server that grows.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from nbformat import write
from nbformat.v4 import new_code_cell, new_notebook

from course_tools.run.running import run_notebooks
from course_tools.run.warm import warm_kernels

RUNS = 50
LIMIT = 300  # seconds for one run: an idle machine takes ten, a busy one a minute
GROWTH = 1.1
CELLS = [
    "import torch\nfrom transformers import AutoConfig, AutoModel\n\n"
    "config = AutoConfig.for_model('bert', hidden_size=8, num_hidden_layers=1,\n"
    "    num_attention_heads=2, intermediate_size=8, vocab_size=50)\n"
    "AutoModel.from_config(config)(torch.tensor([[1, 2, 3]])).last_hidden_state.shape",
    "import pandas as pd\n\npd.DataFrame({'a': [1, 2]})",
    "import matplotlib.pyplot as plt\n\nplt.plot([1, 2])\nplt.show()",
    "from ipywidgets import interact\n\n\n@interact(t=(0, 3))\ndef f(t=0):\n    print(t)",
    "from tqdm.auto import tqdm\n\nsum(tqdm(range(10)))",
]


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="t") as name:
        folder = Path(name)
        notebooks = [folder / f"{letter}.ipynb" for letter in "abcd"]
        for path in notebooks:
            write(new_notebook(cells=[new_code_cell(cell) for cell in CELLS]), path)
        run_often(notebooks, folder)
        fork_often(notebooks, folder)


def run_often(notebooks: list[Path], folder: Path) -> None:
    temporary = folder / "tmp"
    temporary.mkdir()
    command = [sys.executable, "-m", "course_tools", "run", "--jobs", "2", "--out", str(folder)]
    took = []
    for number in range(RUNS):
        start = time.perf_counter()
        done = subprocess.run(
            [*command, *map(str, notebooks)],
            env=os.environ | {"TMPDIR": str(temporary)},
            capture_output=True,
            text=True,
            timeout=LIMIT,
        )
        took.append(time.perf_counter() - start)
        if done.returncode or done.stderr:
            sys.exit(f"run {number + 1} of {RUNS} failed:\n{done.stdout}{done.stderr}")
        time.sleep(2)  # a run's children notice its end at once, and are not gone at once
        files = [name for name in os.listdir(temporary) if not name.startswith("torchinductor")]
        left = [*files, *processes_with(str(temporary))]
        if left:
            sys.exit(f"run {number + 1} of {RUNS} left {left}")
    took.sort()
    print(
        f"{RUNS} runs of {len(notebooks)} notebooks: no hang, no failure, nothing left; "
        f"{took[0]:.1f} to {took[-1]:.1f} s each, median {took[RUNS // 2]:.1f} s"
    )


def processes_with(text: str) -> list[str]:
    """Processes whose environment holds the text."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            if text in (path / "environ").read_text(errors="replace"):
                found.append((path / "cmdline").read_text().replace("\0", " "))
        except OSError:
            pass  # it has just ended, or is somebody else's
    return found


def fork_often(notebooks: list[Path], folder: Path) -> None:
    with warm_kernels() as kernels:
        state = Path(f"/proc/{kernels.server._forkserver_pid}")
        sizes = []
        for _ in range(RUNS):
            for done in run_notebooks(notebooks, folder / "executed", 2, LIMIT):
                if done.failure:
                    sys.exit(str(done.failure))
            memory = int((state / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
            sizes.append((memory, len(list((state / "fd").iterdir()))))
        if kernels.cold_starts():
            sys.exit(" ".join(kernels.cold_starts()))
        time.sleep(2)
        children = (state / "task" / state.name / "children").read_text().split()
    (memory, files), (memory_then, files_then) = sizes[0], sizes[-1]
    print(
        f"{RUNS} rounds from one server: {memory / 1e6:.0f} MB and {files} open files after the "
        f"first, {memory_then / 1e6:.0f} MB and {files_then} after the last, "
        f"{len(children)} kernels left"
    )
    if memory_then > GROWTH * memory or files_then > files or children:
        sys.exit("The server grows.")


if __name__ == "__main__":
    main()
