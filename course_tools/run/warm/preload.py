"""Import what notebooks import, once: multiprocessing's fork server does so before it forks."""

import atexit
import builtins
import gc
import json
import os
import shutil
import subprocess
import sys
from contextlib import suppress
from importlib import import_module
from multiprocessing import forkserver
from pathlib import Path

MODULES = """torch pandas matplotlib.pyplot matplotlib.backends.backend_agg sacremoses sentencepiece
transformers.generation transformers.modeling_utils transformers.models.auto.modeling_auto
transformers.models.auto.tokenization_auto""".split()
# Tells a cold kernel's path: newer versions of Python give this process the runner's.
SHOW_PATH = [sys.executable, "-c", "import sys; print(*sys.path[1:], sep='\\n')"]
QUIET = "PYDEVD_DISABLE_FILE_VALIDATION"  # of frozen modules, which no kernel has else


class ZMQInteractiveShell:
    """As much of a kernel's shell as libraries look for while they are imported."""

    config = {"IPKernelApp": {}}
    kernel = None


def leave_nothing() -> None:
    """Remove the run's files: the server ends by itself only if the runner was killed."""
    shutil.rmtree(os.environ["COURSE_RUN_FOLDER"], ignore_errors=True)
    socket = Path(forkserver._forkserver._forkserver_address)
    with suppress(OSError):
        socket.unlink()
        socket.parent.rmdir()


os.setsid()  # Ctrl-C is for the runner
atexit.register(leave_nothing)
gc.disable()  # there is nothing to collect while modules are imported
path = subprocess.run(SHOW_PATH, capture_output=True, text=True).stdout.splitlines()
environment = dict(os.environ)
os.environ[QUIET] = "1"
for name in ("ipykernel.kernelapp", "ipykernel.zmqshell", "ipykernel.debugger"):
    import_module(name)
del os.environ[QUIET]
set_by_ipykernel = {name: os.environ[name] for name in os.environ.keys() - environment.keys()}
course = Path(import_module("course_utils").__file__).parent  # sets what huggingface_hub reads
os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
import_module("ipywidgets")  # it must see the true get_ipython
ipython = import_module("IPython")
outside, ipython.get_ipython = ipython.get_ipython, ZMQInteractiveShell
import_module("tqdm.auto")  # decides there and then which kind of bar it draws
ipython.get_ipython = outside
builtins.get_ipython = ZMQInteractiveShell  # pandas asks how wide a table may be
for name in MODULES:
    import_module(name)
del builtins.get_ipython
sys.modules["pandas"].set_option("display.encoding", "UTF-8")  # which a kernel's stdout has
for config in course.glob("embedded/*/config.json"):
    model = json.loads(config.read_text(encoding="utf-8"))["model_type"]
    for part in ("modeling", "tokenization"):
        with suppress(ModuleNotFoundError):  # a model can use another one's tokenizer
            import_module(f"transformers.models.{model}.{part}_{model}")
with suppress(ImportError):  # another release does it elsewhere, and kernels do it themselves
    # What takes transformers most of a process's first load: patterns for tensors' names.
    import_module("transformers.conversion_mapping").get_checkpoint_conversion_mapping("bert")
why_cold: str | None = None
if sys.modules["torch"].accelerator.is_available():
    why_cold = "torch has a GPU here, and processes that use one cannot be forked"
elif len(os.listdir("/proc/self/task")) > 1:
    why_cold = "the server has more than one thread: set OMP_NUM_THREADS=1"
gc.enable()
gc.collect()
gc.freeze()  # else the first collection in each fork copies all of this
