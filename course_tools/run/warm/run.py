"""The runner's side: start the server, offer its kernels by the usual name, and end it."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).parent
SERVER = HERE / "server.py"
LONGEST_END = 5  # seconds until a server that is still importing is killed


class WarmKernels:
    """A run with warm kernels.

    Attributes:
        folder: private to the run, removed at its end.
        server: the process they are forked from, if there is one.
    """

    def __init__(self, folder: Path, server: subprocess.Popen | None):
        self.folder = folder
        self.server = server

    def cold_starts(self) -> list[str]:
        """For each reason why kernels started cold: one line that says so."""
        notes = self.folder / "cold"
        reasons = Counter(notes.read_text().splitlines() if notes.exists() else ())
        return [f"{count} kernel(s) started cold: {why}." for why, count in reasons.items()]


@contextmanager
def warm_kernels(cold: bool = False) -> Iterator[WarmKernels]:
    """Fork the kernels named python3 that this process and its children start in the meantime.

    Set what the kernels' environment shall have before: a kernel whose environment differs from
    this process's in a variable that is read while importing, such as HOME, starts cold.

    Args:
        cold: start no server, so that all kernels are ordinary ones (which still enter the sandbox
            that their environment asks for).
    """
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # more threads could not be forked
    folder = Path(tempfile.mkdtemp(prefix="course-"))  # nobody else can look into it
    before = {name: os.environ.get(name) for name in ("JUPYTER_PATH", "COURSE_RUN_FOLDER")}
    server = None
    command = [sys.executable, str(HERE / "launch.py")]
    try:
        if sys.platform != "linux":
            if not cold:
                (folder / "cold").write_text("forking is safe on Linux only\n")
        elif not cold:
            try:
                server = _start_server(folder)
                command[1:1] = ["-I", "-S", str(HERE / "stub.py"), str(folder)]
            except OSError as error:
                (folder / "cold").write_text(f"the server could not start ({error})\n")
        if os.name == "posix":
            _write_spec(folder / "kernels" / "python3", command)
        os.environ["COURSE_RUN_FOLDER"] = str(folder)
        os.environ["JUPYTER_PATH"] = os.pathsep.join(
            filter(None, [str(folder), before["JUPYTER_PATH"]])
        )
        yield WarmKernels(folder, server)
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
        if server is not None:
            _end(server)
        shutil.rmtree(folder, ignore_errors=True)


def _start_server(folder: Path) -> subprocess.Popen:
    with open(folder / "log", "wb") as log, socket.socket(socket.AF_UNIX) as listener:
        # Here, so that it is there before anybody asks for a kernel.
        listener.bind(str(folder / "socket"))
        listener.listen(64)
        return subprocess.Popen(
            [sys.executable, str(SERVER), str(folder), str(listener.fileno())],
            pass_fds=[listener.fileno()],
            stdin=subprocess.PIPE,  # ends when this process does, however that happens
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C is for the runner
        )


def _end(server: subprocess.Popen) -> None:
    server.stdin.close()
    try:
        server.wait(LONGEST_END)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _write_spec(folder: Path, command: list[str]) -> None:
    """The installed kernel's own specification, with another command."""
    from ipykernel.kernelspec import get_kernel_dict  # late: the server starts before

    folder.mkdir(parents=True)
    spec = get_kernel_dict() | {"argv": [*command, "-f", "{connection_file}"]}
    (folder / "kernel.json").write_text(json.dumps(spec))
