"""What a process does between being forked and being a kernel like any other.

Run as a script it is an ordinary kernel, which enters the sandbox before it imports anything that
lies in the working directory.
"""

import atexit
import json
import logging
import os
import random
import runpy
import signal
import sys
import tempfile
from contextlib import suppress
from importlib.util import find_spec
from multiprocessing import resource_tracker
from pathlib import Path
from select import select
from typing import NamedTuple

ROOT = str(Path(__file__).resolve().parents[3])  # the folder with the course's packages
COLD = ["-Xfrozen_modules=off", __file__]  # for Python; ipykernel itself asks for the first
# Variables that may differ from the server's: nothing that it imports reads them.
FREE = set(
    """JPY_PARENT_PID JPY_SESSION_NAME IPYTHONDIR JUPYTER_RUNTIME_DIR TMPDIR TEMP TMP COLUMNS LINES
    COURSE_PROGRESS COURSE_RUN_FOLDER COURSE_SANDBOX PYTEST_CURRENT_TEST""".split()
)


class Kernel(NamedTuple):
    """A kernel to be: the command that starts it cold, all of its environment, its folder."""

    command: list[str]
    environment: dict[str, str]
    folder: str

    def _bootstrap(self, runner: int) -> int:
        """What multiprocessing calls in the fork, with a file that ends when the runner does."""
        os.setsid()  # so that the kernel and what it starts can be signalled as one
        _end_with(runner)
        # Keep nothing of the server's: by its pipes one can stop it, or have files deleted.
        for number in map(int, set(os.listdir("/proc/self/fd")) - {"0", "1", "2", str(runner)}):
            with suppress(OSError):
                os.close(number)
        resource_tracker._resource_tracker._fd = None  # a notebook gets one of its own
        os.chdir(self.folder)
        for number in (1, 2) if "COURSE_SANDBOX" in self.environment else ():
            os.dup2(os.open(os.devnull, os.O_WRONLY), number)  # no student writes to a terminal
        environment = self.environment | {"JPY_PARENT_PID": str(os.getppid())}
        server = sys.modules.get("course_tools.run.warm.preload")
        reason = "the server could not import what notebooks do"
        if server is None or (reason := server.why_cold or self._other_than(server.environment)):
            note(Path(os.environ["COURSE_RUN_FOLDER"]), reason)
            os.execve(self.command[0], self.command, environment)
        atexit.unregister(server.leave_nothing)
        sys.path[:] = server.path
        os.environ.clear()
        os.environ.update(server.set_by_ipykernel | environment)
        tempfile.tempdir = None  # looked up again, in this environment
        for module in (random, sys.modules["numpy"].random, sys.modules["torch"]):
            module.seed()  # else all forks draw the same numbers
        with suppress(OSError):  # short of memory, the system shall take this rather than others
            Path("/proc/self/oom_score_adj").write_text("500", encoding="utf-8")
        enter_sandbox()
        _run_application(self.command[self.command.index("-f") :])
        atexit._run_exitfuncs()  # which multiprocessing does not
        return 0

    def _other_than(self, environment: dict[str, str]) -> str | None:
        for name in sorted({*self.environment, *environment} - FREE):
            if self.environment.get(name) != environment.get(name):
                return f"its environment has another {name} than the server's"
        return None


def note(folder: Path, reason: str) -> None:
    """Write down why a kernel of the run with this folder starts cold."""
    with open(folder / "cold", "a", encoding="utf-8") as notes:
        notes.write(reason + "\n")


def _end_with(runner: int) -> None:
    """Have the system kill this process and what it starts once the runner has ended."""
    import fcntl  # not on Windows

    fcntl.fcntl(runner, fcntl.F_SETOWN, -os.getpgrp())
    fcntl.fcntl(runner, fcntl.F_SETSIG, signal.SIGKILL)
    fcntl.fcntl(runner, fcntl.F_SETFL, os.O_ASYNC)
    if select([runner], [], [], 0)[0]:  # it had ended before
        os._exit(1)


def enter_sandbox() -> None:
    """Give up what COURSE_SANDBOX says, if there is one; where that raises, no kernel starts."""
    if "COURSE_SANDBOX" in os.environ:
        sys.path.insert(0, ROOT)
        from course_tools.grade.sandbox import enter

        enter(json.loads(os.environ["COURSE_SANDBOX"]))
        sys.path.remove(ROOT)
    # The notebook may have a copy of the course, and importing it sets environment variables.
    for name in [name for name in sys.modules if name.startswith("course_")]:
        del sys.modules[name]


def _run_application(arguments: list[str]) -> None:
    import ipywidgets
    from ipykernel.kernelapp import IPKernelApp

    sys.argv = [find_spec("ipykernel_launcher").origin, *arguments]
    loggers = [logging.root, *logging.root.manager.loggerDict.values()]
    handlers = [handler for logger in loggers for handler in getattr(logger, "handlers", ())]
    early = [handler for handler in handlers if getattr(handler, "stream", None) is sys.stderr]
    application = IPKernelApp.instance()
    application.initialize([*arguments, f"--IPKernelApp.parent_handle={os.getppid() or 1}"])
    # What importing these does in a kernel, and could not do before there was one.
    for handler in early:
        handler.stream = sys.stderr
        if "flush" in vars(handler):  # transformers sets it
            handler.flush = sys.stderr.flush
    ipywidgets.load_ipython_extension(application.shell)
    application.start()


if __name__ == "__main__":
    del sys.path[0]  # this script's folder, whose modules are no top-level ones
    enter_sandbox()
    runpy.run_module("ipykernel_launcher", run_name="__main__", alter_sys=True)
