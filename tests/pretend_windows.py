"""Windows to test with where there is none: what is missing or refused there is so here.

`pretend()` takes forks and ZeroMQ's ipc out of this process, refuses symbolic links,
refuses to delete, replace or overwrite a file that is open or mapped into memory, and reads and
writes text as cp1252 unless told otherwise. The course's own modules and the notebooks also miss
the modules, functions and signals of Unix, and see ``sys.platform == "win32"``; libraries go on
choosing their code for Linux.
`environment()` does the same to whatever Python is started with it, kernels included.

What it cannot show: paths with drive letters and backslashes, the console, other processes' locks,
and what the libraries do in their code for Windows. CI has a real Windows for that.
"""

import builtins
import importlib.abc
import io
import locale
import os
import signal
import socket
import sys
import types
from pathlib import Path

HERE = Path(__file__).resolve()
MODULES = ("fcntl", "resource", "termios", "tty", "pty", "pwd", "grp", "syslog")
FORKS = ("fork", "forkpty")
HIDDEN = (
    *("getuid", "geteuid", "getpgid", "killpg", "setsid", "pidfd_open", "sched_getaffinity"),
    *("SIGKILL", "SIGHUP", "SIGALRM", "SIGUSR1", "SIGUSR2", "SIGSTOP", "SIGCONT", "setitimer"),
    "AF_UNIX",
)
OURS = ("course_models", "course_utils", "course_lessons", "course_tools")
LOCALE = "cp1252"
_open, _import = io.open, builtins.__import__


def in_use(path: str | bytes | os.PathLike | int) -> bool:
    """Whether this process has a file open or mapped, so that Windows would not let it go."""
    if isinstance(path, int):
        return False
    real = os.path.realpath(os.fsdecode(path))
    if not os.path.isfile(real):
        return False
    with _open("/proc/self/maps", encoding="utf-8", errors="replace") as maps:
        if any(line.rstrip("\n").endswith(real) for line in maps):
            return True
    return any(real == target for target in map(_target, os.listdir("/proc/self/fd")))


def _target(number: str) -> str:
    try:
        return os.readlink(f"/proc/self/fd/{number}")
    except OSError:
        return ""


def _refuse(path: object, number: int) -> None:
    raise PermissionError(13, f"[WinError {number}] the file is in use", os.fsdecode(path))


def _hook(event: str, given: tuple) -> None:
    if event == "os.symlink":
        raise OSError(
            22, "[WinError 1314] A required privilege is not held by the client", given[1]
        )
    if event == "os.remove" and in_use(given[0]):
        if sys._getframe(1).f_globals.get("__name__") != "tempfile":
            _refuse(given[0], 32)
    elif event == "os.rename" and in_use(given[1]):
        _refuse(given[1], 5)
    elif event == "os.truncate" and in_use(given[0]):
        _refuse(given[0], 1224)
    elif event == "open" and given[2] & os.O_TRUNC and mapped(given[0]):
        _refuse(given[0], 1224)


def mapped(path: object) -> bool:
    """Whether this process has a file mapped, so that it cannot be written to on Windows."""
    if isinstance(path, int) or not os.path.isfile(path):
        return False
    real = os.path.realpath(os.fsdecode(path))
    with _open("/proc/self/maps", encoding="utf-8", errors="replace") as maps:
        return any(line.rstrip("\n").endswith(real) for line in maps)


def _open_as_there(file, mode="r", buffering=-1, encoding=None, *more, **named):
    if "b" not in mode and encoding in (None, "locale"):
        encoding = LOCALE
    return _open(file, mode, buffering, encoding, *more, **named)


def _import_as_there(name, globals=None, *more, **named):
    importer = (globals or {}).get("__name__", "").partition(".")[0]
    if name in MODULES and importer in (*OURS, "__main__"):
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)
    return _import(name, globals, *more, **named)


class _Seen(types.ModuleType):
    """A module as the course's code sees it there."""

    def __init__(self, module: types.ModuleType, **other: str):
        super().__init__(module.__name__)
        self.__dict__.update(other)
        self._real = module

    def __getattr__(self, name: str):
        if name in HIDDEN:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        return getattr(self._real, name)


SEEN = {
    "sys": _Seen(sys, platform="win32"),
    "os": _Seen(os, name="nt"),
    "signal": _Seen(signal),
    "socket": _Seen(socket),
}


def _change_ours(module: types.ModuleType) -> None:
    for name, seen in SEEN.items():
        if getattr(module, name, None) is seen._real:
            setattr(module, name, seen)


def _change_zmq(module: types.ModuleType) -> None:
    has = module.has
    module.has = lambda name: name != "ipc" and has(name)
    bind, connect = module.Socket.bind, module.Socket.connect

    def checked(method):
        def call(socket, address):
            if str(address).startswith("ipc:"):
                raise module.ZMQError(93, "Protocol not supported")
            return method(socket, address)

        return call

    module.Socket.bind, module.Socket.connect = checked(bind), checked(connect)


def _change_safetensors(module: types.ModuleType) -> None:
    write = module.serialize_file  # in Rust, where no audit hook looks

    def checked(tensors, filename, *more, **named):
        if mapped(filename):
            _refuse(filename, 1224)
        return write(tensors, filename, *more, **named)

    module.serialize_file = checked
    if "safetensors.torch" in sys.modules:
        sys.modules["safetensors.torch"].serialize_file = checked


CHANGES = {"zmq": _change_zmq, "safetensors": _change_safetensors}


class _Finder(importlib.abc.MetaPathFinder):
    """Changes modules as they come."""

    def find_spec(self, name, path=None, target=None):
        change = CHANGES.get(name) or (_change_ours if name.split(".")[0] in OURS else None)
        if change is None:
            return None
        for finder in sys.meta_path:
            spec = None if finder is self else finder.find_spec(name, path, target)
            if spec and spec.loader:
                run = spec.loader.exec_module

                def changed(module, run=run):
                    run(module)
                    change(module)

                spec.loader.exec_module = changed
                return spec
        return None


def pretend() -> None:
    """Make this process one on Windows; there is no way back."""
    builtins.__import__ = _import_as_there
    for name in FORKS:
        delattr(os, name)
    builtins.open = io.open = _open_as_there
    locale.getpreferredencoding = lambda *_: LOCALE
    locale.getencoding = lambda: LOCALE
    sys.addaudithook(_hook)
    for name, change in CHANGES.items():
        if name in sys.modules:
            change(sys.modules[name])
    for name, module in list(sys.modules.items()):
        if module is not None and name.split(".")[0] in OURS:
            _change_ours(module)
    sys.meta_path.insert(0, _Finder())


def environment(folder: Path) -> dict[str, str]:
    """An environment whose Python processes are on Windows.

    Args:
        folder: an empty one, for the file that Python runs when it starts.
    """
    start = f"import runpy\n\nrunpy.run_path({str(HERE)!r})['pretend']()\n"
    (folder / "sitecustomize.py").write_text(start, encoding="utf-8")
    path = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    # Behind the block of the network, which hands over to the next file of this name.
    path.insert(1, str(folder))
    more = {"PYTHONPATH": os.pathsep.join(path), "PYTHONUTF8": "0", "PYTHONIOENCODING": LOCALE}
    return {**os.environ, **more}
