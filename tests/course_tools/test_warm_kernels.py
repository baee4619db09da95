"""A warm kernel is a cold one that starts at once: the same outputs, and nothing left of the last.

`make proof` compares all notebooks, not only one, and starts fifty runs in a row.
"""

import json
import multiprocessing.resource_tracker
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from jupyter_client.provisioning import KernelProvisionerFactory
from nbclient import NotebookClient

from course_tools.run import warm
from course_tools.run.running import run_notebooks
from course_tools.run.warm import WarmKernels, warm_kernels
from executed import ROOT, SOURCES, ExecutedNotebook
from faulty_notebooks import write_notebook
from same_outputs import differing_cells

LESSON = "04_fill_mask"
LIMIT = 300  # seconds for one cell, on a busy machine

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forking is safe on Linux only")

# What a notebook finds, once it has imported what lessons import.
PROBE = """
import gc, locale, logging, resource, signal, sys, threading, warnings
import course_utils, matplotlib.pyplot, numpy, pandas, torch, transformers
from tqdm.auto import tqdm

per_kernel = ("JPY_PARENT_PID", "IPYTHONDIR", "COURSE_RUN_FOLDER")
{
    "folder": os.getcwd(),
    "environment": {name: value for name, value in environment if name not in per_kernel},
    "arguments": sys.argv[:2],
    "path": sys.path,
    "flags": tuple(sys.flags),
    "names": [name for name in names if not name.startswith("_")],
    "main": (__name__, sys.modules["__main__"].__dict__ is globals()),
    "signals": {n.name: str(signal.getsignal(n)).split(" at ")[0] for n in signal.Signals},
    "blocked signals": signal.pthread_sigmask(signal.SIG_BLOCK, ()),
    # Without pipes: a fork has one that ends with its runner.
    "files": sorted({file.partition(":")[0] for file in files} - {"pipe"}),
    "threads": sorted(thread.name.partition("-")[0] for thread in threading.enumerate()),
    "leads its session": os.getsid(0) == os.getpid(),
    "mask": (os.umask(0o22), os.umask(0o22)),
    "limits": [resource.getrlimit(n) for n in range(10)],
    "collector": (gc.isenabled(), gc.get_threshold()),
    "locale": locale.getlocale(),
    "torch": (torch.get_num_threads(), torch.get_default_dtype() is torch.float32),
    "drawing": (matplotlib.get_backend(), matplotlib.pyplot.isinteractive()),
    "tables": str(pandas.options.d),
    "bar": tqdm.__mro__[1].__module__,
    "offline": sys.modules["huggingface_hub"].constants.HF_HUB_OFFLINE,
    "log": [str(type(h.stream)) for h in logging.getLogger("transformers").handlers],
}
"""
BEFORE = """
names, environment = dir(), None
import os

environment = sorted(os.environ.items())
files = [os.readlink(f"/proc/self/fd/{n}") for n in os.listdir("/proc/self/fd") if int(n) > 2 and
         os.path.exists(f"/proc/self/fd/{n}")]
"""
DAMAGE = {
    "exits": "import os\n\nos._exit(3)",
    "crashes": "import ctypes\n\nctypes.string_at(0)",
    "kills_its_group": "import os\n\nos.killpg(0, 9)",
    "breaks_modules": (
        "import builtins, sys, torch, transformers\n\n"
        "torch.nn = torch.tensor = None\n"
        "transformers.AutoModel.from_pretrained = None\n"
        "sys.modules['pandas'] = sys.modules['numpy'] = 5\nsys.path.clear()\n"
        "builtins.sum = None"
    ),
    "has_many_threads": (
        "import threading, time\n\nfor _ in range(300):\n"
        "    threading.Thread(target=time.sleep, args=(600,)).start()\n"
        "threading.active_count() > 300 or 1 / 0"
    ),
    "is_hungry": (
        "import resource\n\nresource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))\n"
        "hoard = []\nwhile True:\n    hoard.append(bytearray(1 << 24))"
    ),
    "loses_its_folder": "import os, shutil\n\nshutil.rmtree(os.getcwd())",
    "changes_its_environment": (
        "import os\n\nos.environ.clear()\nos.environ.update(HF_HUB_OFFLINE='0', HOME='/nowhere')\n"
        "os.umask(0)\nos.nice(5)"
    ),
    "ignores_signals": (
        "import gc, signal\n\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\ngc.disable()\n"
        "signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())"
    ),
    "leaves_a_process": "import subprocess\n\nsubprocess.Popen(['sleep', '600']).pid",
}
BUSY = (
    "import pathlib, re, subprocess\n\n"
    "_ = pathlib.Path({!r}).write_text(str(subprocess.Popen(['sleep', '600']).pid))\n"
    "re.match('(a*)*b', 'a' * 60)"
)
FINISHES = set(DAMAGE) - {"exits", "crashes", "kills_its_group", "is_hungry"}


@pytest.fixture(scope="module")
def kernels() -> Iterator[WarmKernels]:
    with warm_kernels() as kernels:
        yield kernels
        assert kernels.cold_starts() == []


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """Socket paths have 104 letters at most."""
    with tempfile.TemporaryDirectory(prefix="t") as folder:
        yield Path(folder)


def outputs_of(*cells: str, folder: Path, name: str = "some") -> ExecutedNotebook:
    """Run a notebook of these cells by whichever kernel is named python3 now."""
    notebook = write_notebook(folder / f"{name}.ipynb", *cells)
    (done,) = run_notebooks([notebook], folder / "executed", jobs=1, timeout=LIMIT)
    assert done.failure is None, done.failure
    return ExecutedNotebook(nbformat.read(folder / "executed" / notebook.name, 4), name)


def children(pid: int) -> list[int]:
    threads = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for thread in threads for child in thread.read_text().split()]


def is_running(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def wait_until(condition: Callable[[], bool], seconds: float = 30) -> bool:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.05)
    return condition()


def leave_warm_kernels(monkeypatch: pytest.MonkeyPatch) -> None:
    factory = KernelProvisionerFactory.instance()
    monkeypatch.setattr(factory, "default_provisioner_name", "local-provisioner")
    monkeypatch.delenv("COURSE_RUN_FOLDER", raising=False)


@contextmanager
def cold_by_its_environment(
    kernels: WarmKernels, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Kernels start cold; the module's tests find no note of it afterwards."""
    monkeypatch.setenv("HF_ENDPOINT", "https://hub.invalid")
    yield
    monkeypatch.delenv("HF_ENDPOINT")
    (kernels.folder / "cold").unlink()


def server_of(kernels: WarmKernels) -> int:
    return kernels.server._forkserver_pid


def test_a_notebook_finds_the_same_as_in_a_cold_kernel(kernels, tmp_path, monkeypatch):
    cells = BEFORE, PROBE
    warm = outputs_of(*cells, "os.getppid()", folder=tmp_path)
    assert warm.value("cell-2") == server_of(kernels)
    with cold_by_its_environment(kernels, monkeypatch):
        fallback = outputs_of(*cells, "os.getppid()", folder=tmp_path)
    leave_warm_kernels(monkeypatch)
    usual = outputs_of(*cells, "os.getppid()", folder=tmp_path)
    assert usual.value("cell-2") == os.getpid()
    assert warm.text("cell-1") == usual.text("cell-1")
    others = {"environment": None, "offline": None}  # which is another one on purpose
    assert fallback.value("cell-1") | others == usual.value("cell-1") | others


def test_a_lesson_shows_the_same(kernels, tmp_path, monkeypatch):
    executed = []
    for kind in ("warm", "cold"):
        if kind == "cold":
            leave_warm_kernels(monkeypatch)
        (done,) = run_notebooks([SOURCES / f"{LESSON}.ipynb"], tmp_path / kind, 1, timeout=600)
        assert done.failure is None, done.failure
        executed.append(nbformat.read(tmp_path / kind / done.copy, 4))
    assert differing_cells(*executed) == []


def test_no_two_kernels_draw_the_same_numbers(kernels, tmp_path):
    cell = (
        "import random, numpy, torch\n\nrandom.random(), numpy.random.rand(), torch.rand(1).item()"
    )
    first, second = (outputs_of(cell, folder=tmp_path).value("cell-0") for _ in range(2))
    assert not set(first) & set(second)


def test_no_damage_reaches_the_next_notebook(kernels, tmp_path):
    cells = BEFORE, PROBE
    before = outputs_of(*cells, folder=tmp_path)
    notebooks = []
    for name, source in DAMAGE.items():
        (tmp_path / name).mkdir()
        notebooks.append(write_notebook(tmp_path / name / f"{name}.ipynb", source))
    for done in run_notebooks(notebooks, tmp_path / "executed", jobs=3, timeout=60):
        assert (done.failure is None) == (done.notebook.stem in FINISHES), done.failure
    after = outputs_of(*cells, folder=tmp_path)
    assert after.text("cell-1") == before.text("cell-1")
    assert wait_until(lambda: children(server_of(kernels)) == [])
    left = outputs_of("1", folder=tmp_path)  # and the server still answers
    assert left.value("cell-0") == 1


def test_what_a_notebook_started_ends_with_it(kernels, tmp_path):
    cell = "import subprocess\n\nsubprocess.Popen(['sleep', '600']).pid"
    assert wait_until(lambda: not is_running(outputs_of(cell, folder=tmp_path).value("cell-0")), 5)


@pytest.mark.parametrize("forked", [True, False])
def test_a_graded_notebook_is_shut_in_and_cannot_reach_the_server(
    forked, kernels, tmp_path, monkeypatch
):
    """By asking for a kernel, or by a file of the server's, student code could get out."""
    told = tmp_path / "told"
    limits = {"memory": 4 << 30, "seconds": LIMIT, "file": 1 << 20}
    places = {"folder": str(kernels.folder), "readable": [], "told": str(told)}
    sandbox = places | limits
    monkeypatch.setenv("COURSE_SANDBOX", json.dumps(sandbox))
    monkeypatch.setenv("TMPDIR", str(kernels.folder))
    with nullcontext() if forked else cold_by_its_environment(kernels, monkeypatch):
        shown = outputs_of(
            "import socket\n\nserver = socket.socket(socket.AF_UNIX)\ntry:\n"
            f"    server.connect({kernels.server._forkserver_address!r})\n"
            "except PermissionError:\n    print('refused')",
            BEFORE.replace("environment = ", "_ = ") + "files",
            "import sys\n\n'torch' in sys.modules",
            folder=kernels.folder,
        )
    assert shown.text("cell-0") == "refused"
    assert json.loads(told.read_text())["files"] in (True, False)
    tracker = multiprocessing.resource_tracker.getfd()
    pipes = {
        os.readlink(f"/proc/self/fd/{n}") for n in (kernels.server._forkserver_alive_fd, tracker)
    }
    assert not pipes & set(shown.value("cell-1"))
    assert shown.value("cell-2") == forked


def test_the_network_is_blocked_in_a_warm_kernel(kernels, tmp_path):
    source = "import socket\n\nsocket.create_connection(('192.0.2.1', 443), timeout=1)"
    notebook = write_notebook(tmp_path / "online.ipynb", source)
    (done,) = run_notebooks([notebook], tmp_path / "executed", jobs=1, timeout=LIMIT)
    assert "the course's tests run offline" in str(done.failure)


def test_a_cell_can_be_interrupted(kernels, tmp_path):
    source = "try:\n    while True:\n        pass\nexcept KeyboardInterrupt:\n    print('stopped')"
    notebook = nbformat.read(write_notebook(tmp_path / "endless.ipynb", source, "1 + 1"), 4)
    NotebookClient(notebook, timeout=3, interrupt_on_timeout=True, allow_errors=True).execute()
    shown = ExecutedNotebook(notebook, "endless")
    assert (shown.text("cell-0"), shown.value("cell-1")) == ("stopped", 2)


@pytest.mark.parametrize("victim", ["server", "client"])
def test_a_kernel_does_not_outlive(victim, tmp_path):
    """Not even one that lets no other thread run, and with what it has started."""
    code = (
        "from jupyter_client.manager import start_new_kernel\n"
        "from course_tools.run.warm import warm_kernels\n"
        "with warm_kernels() as kernels:\n"
        "    manager, client = start_new_kernel()\n"
        f"    client.execute({BUSY!r}.format({str(tmp_path / 'child')!r}))\n"
        "    print(kernels.server._forkserver_pid, manager.provisioner.pid, flush=True)\n"
        "    input()"
    )
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-c", code], **pipes, cwd=ROOT) as client:
        server, kernel = map(int, client.stdout.readline().split())
        assert children(server) == [kernel]
        assert wait_until((tmp_path / "child").exists)
        child = int((tmp_path / "child").read_text())
        os.kill(server if victim == "server" else client.pid, signal.SIGKILL)
        gone = [kernel, child] if victim == "client" else [server]
        assert wait_until(lambda: not any(map(is_running, gone)))
        client.kill()
        assert wait_until(lambda: not any(map(is_running, (server, kernel, child))))


@pytest.mark.parametrize("end", ["by itself", "SIGINT", "SIGKILL"])
def test_a_run_leaves_no_process_and_no_file(end, short_folder, monkeypatch):
    leave_warm_kernels(monkeypatch)
    pid = short_folder / "pid"
    cell = f"import os, pathlib, time\n\npathlib.Path({str(pid)!r}).write_text(str(os.getpid()))\n"
    cell += f"time.sleep({0 if end == 'by itself' else 600})\nos.getppid()"
    (short_folder / "tmp").mkdir()
    for name in ("one", "two"):
        write_notebook(short_folder / f"{name}.ipynb", cell)
    command = [sys.executable, "-m", "course_tools", "run", "--jobs", "2"]
    client = subprocess.Popen(
        [*command, "--out", str(short_folder), *map(str, short_folder.glob("*.ipynb"))],
        cwd=ROOT,
        env=os.environ | {"TMPDIR": str(short_folder / "tmp")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    assert wait_until(lambda: pid.exists() and pid.read_text() != "", 300)
    processes = [int(pid.read_text())]
    if end != "by itself":
        processes += children(client.pid)
        assert len(processes) >= 3  # a kernel, the server, multiprocessing's own tracker of files
        client.send_signal(getattr(signal, end))
    client.wait(60)
    assert wait_until(lambda: not any(map(is_running, processes)))
    everything_but_torchs_cache = "[!t]*"
    assert wait_until(lambda: not list((short_folder / "tmp").glob(everything_but_torchs_cache)))


@pytest.mark.parametrize("obstacle", ["", "raise ImportError('planted')"])
def test_nbmakes_workers_start_warm_or_say_why_not(obstacle, tmp_path):
    plant(obstacle, tmp_path)
    write_notebook(tmp_path / "a.ipynb", "import sys\n\n'torch' in sys.modules")
    options = ["--nbmake", "--overwrite", "-n1", "-c", str(ROOT / "pyproject.toml")]
    command = [sys.executable, "-m", "pytest", *options, "-p", "no:cacheprovider", str(tmp_path)]
    path = os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])])
    environment = os.environ | {"PYTHONPATH": path}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert "1 passed" in done.stdout
    assert ("started cold" in done.stdout) == bool(obstacle)
    for path in tmp_path.glob("*.ipynb"):
        shown = ExecutedNotebook(nbformat.read(path, 4), path.stem)
        assert shown.value("cell-0") == (not obstacle)


def test_another_environment_starts_cold_and_one_line_says_so(tmp_path, monkeypatch):
    with warm_kernels() as kernels:
        monkeypatch.setenv("HF_ENDPOINT", "https://hub.invalid")
        assert not starts_warm(tmp_path)
        (line,) = kernels.cold_starts()
        assert line.startswith("1 kernel(s) started cold: ") and "HF_ENDPOINT" in line
        monkeypatch.delenv("HF_ENDPOINT")
        os.kill(server_of(kernels), signal.SIGKILL)
        assert not starts_warm(tmp_path)
        assert "does not answer" in kernels.cold_starts()[1]


@pytest.mark.parametrize(
    ("obstacle", "sentence"),
    [
        ("import torch\ntorch.accelerator.is_available = lambda: True", "torch has a GPU here"),
        (
            "import threading, time\n"
            "threading.Thread(target=time.sleep, args=(600,), daemon=True).start()",
            "the server has more than one thread",
        ),
        ("raise ImportError('planted')", "could not import"),
        ("import os\nos.abort()", "does not answer"),
    ],
)
def test_an_obstacle_to_forking_starts_cold(obstacle, sentence, tmp_path, monkeypatch):
    plant(obstacle, tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    with warm_kernels() as kernels:
        assert not starts_warm(tmp_path)
        (line,) = kernels.cold_starts()
        assert sentence in line


def test_on_another_system_kernels_start_cold(tmp_path, monkeypatch):
    monkeypatch.setattr(warm, "sys", SimpleNamespace(platform="darwin"))
    with warm_kernels() as kernels:
        assert not starts_warm(tmp_path)
        (line,) = kernels.cold_starts()
        assert "Linux only" in line


def test_importing_it_needs_nothing_that_windows_lacks():
    code = (
        "import os, signal, socket, sys\nimport jupyter_client, multiprocessing.reduction\n"
        "sys.platform = 'win32'\n"
        "del os.fork, os.setsid, os.getpgrp, os.killpg, os.WNOHANG, os.set_blocking\n"
        "del signal.SIGKILL, signal.SIGCHLD, signal.pthread_sigmask, socket.AF_UNIX\n"
        "sys.modules['fcntl'] = sys.modules['resource'] = sys.modules['_posixsubprocess'] = None\n"
        "import course_tools.run.warm.provisioner"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


@pytest.mark.parametrize("forked", [True, False])
def test_no_kernel_starts_outside_the_sandbox_it_was_to_enter(
    forked, kernels, tmp_path, monkeypatch
):
    monkeypatch.setenv("COURSE_SANDBOX", "no JSON")
    notebook = write_notebook(tmp_path / "some.ipynb", "1")
    with nullcontext() if forked else cold_by_its_environment(kernels, monkeypatch):
        (done,) = run_notebooks([notebook], tmp_path / "executed", jobs=1, timeout=LIMIT)
    assert "the kernel did not start" in str(done.failure)


def plant(source: str, folder: Path) -> None:
    """Something that the server meets while it imports, after torch."""
    if source:
        (folder / "sacremoses.py").write_text(source)


def starts_warm(folder: Path) -> bool:
    return outputs_of("import sys\n\n'torch' in sys.modules", folder=folder).value("cell-0")
