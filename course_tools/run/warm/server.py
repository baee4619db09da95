"""The process that imports everything once and forks a kernel for each request.

Run as ``python server.py FOLDER SOCKET`` by `run.py`: SOCKET is the number of an open file, and
stdin a pipe that ends when the run does.
It has one thread, since only that one would live on in a fork.
"""

import builtins
import gc
import importlib
import json
import os
import selectors
import shutil
import signal
import socket
import struct
import sys
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

HERE = Path(__file__).resolve().parent
COURSE = HERE.parents[2] / "course_utils"
MODULES = [
    "ipykernel.ipkernel",
    "ipykernel.zmqshell",
    "torch",
    "pandas",
    "matplotlib.pyplot",
    "matplotlib.backends.backend_agg",
    "sacremoses",
    "sentencepiece",
    "transformers",
    "transformers.generation",
    "transformers.modeling_utils",
    "transformers.models.auto.modeling_auto",
    "transformers.models.auto.tokenization_auto",
]
# Variables that C libraries read while they are loaded, unseen by `Watched`.
READ_IN_C = ("PYTHON", "OMP_", "OPENBLAS_", "MKL_", "KMP_", "GOMP_", "ATEN_", "TORCH_", "PYTORCH_")
READ_IN_C += ("CUDA_", "HF_", "TRANSFORMERS_", "LD_", "MALLOC_", "LANG", "LC_", "TZ")
# Variables that differ between kernels and are read anew when one starts.
READ_ANEW = {"JPY_PARENT_PID", "IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "TMPDIR", "TEMP", "TMP"}
INLINE = "module://matplotlib_inline.backend_inline"
LONGEST_REQUEST = 5  # seconds


class Watched(type(os.environ)):
    """`os.environ`, remembering which variables were asked for by name."""

    asked: set[str] = set()
    passing = None

    def __getitem__(self, key: str) -> str:
        if key != self.passing:  # else somebody copies all of it
            self.asked.add(key)
        return super().__getitem__(key)

    def __iter__(self):
        for self.passing in list(super().__iter__()):
            yield self.passing
        self.passing = None


class ZMQInteractiveShell:
    """As much of a kernel's shell as libraries look for while they are imported."""

    config = {"IPKernelApp": {}}
    kernel = None


class Server:
    """Takes requests until its owner ends.

    Args:
        folder: private to the run, and removed at its end.
        listener: the socket where requests wait until everything is imported.
    """

    def __init__(self, folder: Path, listener: socket.socket):
        self.folder = folder
        self.owner = os.getppid()
        self.environment = dict(os.environ)
        self.environment.setdefault("MPLBACKEND", INLINE)
        self.imports_read: set[str] = set()
        self.set_by_ipykernel: dict[str, str] = {}
        self.why_cold: str | None = None
        self.told_cold: set[int] = set()
        self.kernels: dict[int, SimpleNamespace] = {}
        self.listener = listener

    def preload(self) -> None:
        """Import what notebooks import, or note why no kernel can be forked here."""
        gc.disable()  # there is nothing to collect while modules are imported
        try:
            os.pidfd_open(os.getpid())
            self._import_all()
        except Exception as error:
            self.why_cold = f"the server could not start ({type(error).__name__}: {error})"
            return
        import torch

        if torch.accelerator.is_available():
            self.why_cold = "torch has a GPU here, and processes that use one cannot be forked"
        elif self._threads() > 1:
            self.why_cold = "the server has more than one thread: set OMP_NUM_THREADS=1"
        gc.enable()
        gc.collect()
        gc.freeze()  # else the first collection in each fork copies all of this

    def _import_all(self) -> None:
        plain = type(os.environ)
        os.environ.__class__ = Watched
        os.environ["MPLBACKEND"] = self.environment["MPLBACKEND"]
        sys.path.insert(0, str(COURSE.parent))
        # pandas asks how wide a table may be, and which letters there are.
        builtins.get_ipython = ZMQInteractiveShell
        encoding = sys.stdout.encoding
        sys.stdout.reconfigure(encoding="UTF-8")
        try:
            importlib.import_module("course_utils")  # sets what huggingface_hub reads
            before = set(os.environ)
            importlib.import_module("ipykernel.kernelapp")
            importlib.import_module("ipykernel.debugger")
            self.set_by_ipykernel = {k: os.environ[k] for k in set(os.environ) - before}
            _import_bars()
            for name in MODULES:
                importlib.import_module(name)
            _compile_patterns()
            from course_tools.run.warm.kernel import become_kernel
            from course_tools.run.warm.launch import forget_course

            self.become_kernel = become_kernel
            for config in COURSE.glob("embedded/*/config.json"):
                model = json.loads(config.read_text(encoding="utf-8"))["model_type"]
                for part in ("modeling", "tokenization"):
                    _import_if_there(f"transformers.models.{model}.{part}_{model}")
        finally:
            os.environ.__class__ = plain
            del builtins.get_ipython
            sys.stdout.reconfigure(encoding=encoding)
            sys.path.remove(str(COURSE.parent))
        self.imports_read = Watched.asked - READ_ANEW
        forget_course()

    def serve(self) -> tuple[dict[str, Any], list[int]]:
        """Fork kernels and end them; comes to an end with the run.

        Returns:
            Only in a fork: the request and its open files.
        """
        self.selector = selectors.DefaultSelector()
        self.selector.register(0, selectors.EVENT_READ)  # stdin
        self.selector.register(self.listener, selectors.EVENT_READ)
        while os.getppid() == self.owner:
            for key, _ in self.selector.select(timeout=1):
                if key.fd == 0:
                    self.end()
                elif key.fileobj is self.listener:
                    mine = self._accept()
                    if mine:
                        return mine
                elif key.data in self.kernels:
                    self._attend(self.kernels[key.data], key.fileobj)
        self.end()

    def _accept(self) -> tuple[dict[str, Any], list[int]] | None:
        connection, _ = self.listener.accept()
        stub = struct.unpack(
            "3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
        )[0]
        files: list[int] = []
        pid = None
        try:
            request = self._receive(connection, files)
            reason = self._why_cold(stub, request["environment"])
            if reason is None:
                pid = os.fork()
        except OSError as error:  # the stub was killed, or there is no room for more processes
            reason = f"the server cannot fork ({error})"
        except (ValueError, KeyError, TypeError):
            reason = "the server was asked for something else than a kernel"
        if pid == 0:
            connection.close()
            self._close_all()
            return request, files
        for file in files:
            os.close(file)
        if pid:
            kernel = SimpleNamespace(pid=pid, connection=connection, ended=os.pidfd_open(pid))
            self.kernels[pid] = kernel
            self.selector.register(connection, selectors.EVENT_READ, pid)
            self.selector.register(kernel.ended, selectors.EVENT_READ, pid)
            _tell(connection, {"started": pid})
        else:
            self.told_cold.add(stub)
            _tell(connection, {"cold": reason})
            connection.close()
        return None

    def _receive(self, connection: socket.socket, files: list[int]) -> dict[str, Any]:
        connection.settimeout(LONGEST_REQUEST)
        message, passed, _, _ = socket.recv_fds(connection, 1 << 16, 4)
        files += passed
        while not message.endswith(b"\n"):
            part = connection.recv(1 << 16)
            if not part:
                raise ConnectionError("the stub has ended")
            message += part
        return json.loads(message)

    def _why_cold(self, stub: int, environment: Mapping[str, str]) -> str | None:
        """Why this request gets no kernel from here; None if it does."""
        if not self._belongs_to_the_run(stub):
            return "it was asked for by a process that is not of this run"
        if self.why_cold:
            return self.why_cold
        if self._threads() > 1:
            return "the server has more than one thread"
        wanted = {"MPLBACKEND": INLINE} | environment
        for name in sorted({*wanted, *self.environment}):
            if wanted.get(name) != self.environment.get(name) and (
                name in self.imports_read or name.startswith(READ_IN_C)
            ):
                return f"its environment has another {name} than the server's"
        return None

    def _belongs_to_the_run(self, pid: int) -> bool:
        """Whether the owner started it, and no kernel did: a notebook gets no kernel from here."""
        while pid not in (0, 1, os.getpid(), *self.told_cold):
            if pid == self.owner:
                return True
            try:
                pid = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                return False
        return False

    def _attend(self, kernel: SimpleNamespace, source: object) -> None:
        """Pass a signal on, or end what has ended on one of the two sides."""
        if source is kernel.connection:
            try:
                signals = kernel.connection.recv(64)
            except OSError:
                signals = b""
            for number in signals or (signal.SIGKILL,):
                _signal_group(kernel.pid, number)
            if not signals:
                self.selector.unregister(kernel.connection)
            return
        # First what the kernel started, while its number cannot have gone to anybody else.
        _signal_group(kernel.pid, signal.SIGKILL)
        _, status = os.waitpid(kernel.pid, 0)
        _tell(kernel.connection, {"exit": os.waitstatus_to_exitcode(status)})
        self.selector.unregister(kernel.ended)
        os.close(kernel.ended)
        if kernel.connection in self.selector.get_map():
            self.selector.unregister(kernel.connection)
        kernel.connection.close()
        del self.kernels[kernel.pid]

    def end(self) -> None:
        for pid in self.kernels:
            _signal_group(pid, signal.SIGKILL)
        shutil.rmtree(self.folder, ignore_errors=True)
        os._exit(0)

    def _close_all(self) -> None:
        """In a fork: nothing of the server's stays open."""
        self.selector.close()
        self.listener.close()
        for kernel in self.kernels.values():
            kernel.connection.close()
            os.close(kernel.ended)

    @staticmethod
    def _threads() -> int:
        return len(os.listdir("/proc/self/task"))


def _tell(connection: socket.socket, answer: dict[str, Any]) -> None:
    try:
        connection.sendall(json.dumps(answer).encode() + b"\n")
    except OSError:
        pass  # the stub is gone


def _signal_group(pid: int, number: int) -> None:
    for send in (os.killpg, os.kill):  # it has no group until it has made one
        try:
            send(pid, number)
            return
        except ProcessLookupError:
            pass


def _import_bars() -> None:
    """Import tqdm.auto, which decides there and then which kind of bar it draws, as in a kernel."""
    import IPython
    import ipywidgets  # noqa: F401  (it must see the true get_ipython)

    outside = IPython.get_ipython
    IPython.get_ipython = ZMQInteractiveShell
    try:
        importlib.import_module("tqdm.auto")
    finally:
        IPython.get_ipython = outside


def _compile_patterns() -> None:
    """Do what takes transformers most of a process's first load: patterns for tensors' names."""
    try:
        from transformers.conversion_mapping import get_checkpoint_conversion_mapping
    except ImportError:
        return  # another release does it elsewhere, and kernels do it themselves
    get_checkpoint_conversion_mapping("bert")


def _import_if_there(name: str) -> None:
    try:
        importlib.import_module(name)
    except ModuleNotFoundError:
        pass  # a model can use another one's tokenizer


def main() -> None:
    # Python puts a script's folder into its path, and its modules are no top-level ones.
    if sys.path and Path(sys.path[0]).resolve() == HERE:
        del sys.path[0]
    folder, number = sys.argv[1:]
    server = Server(Path(folder), socket.socket(fileno=int(number)))
    server.preload()
    request, files = server.serve()
    environment = server.set_by_ipykernel | request["environment"]
    server.become_kernel(request["arguments"], environment, files)


if __name__ == "__main__":
    main()
