"""What a process does between being forked and being a kernel like any other."""

import ctypes
import importlib.util
import logging
import os
import random
import signal
import sys
import tempfile
from collections.abc import Mapping, Sequence

from course_tools.run.warm.launch import enter_sandbox

PR_SET_PDEATHSIG = 1


def become_kernel(
    arguments: Sequence[str], environment: Mapping[str, str], files: Sequence[int]
) -> None:
    """Turn a fork of the server into an IPython kernel, and run it until it is told to stop.

    Args:
        arguments: the kernel's command line, such as ``["-f", connection_file]``.
        environment: all of its environment.
        files: open files that become stdin, stdout, stderr and the working directory.
    """
    server = os.getppid()
    os.setsid()  # so that the kernel and what it starts can be signalled as one
    *streams, folder = files
    os.fchdir(folder)
    for number, file in enumerate(streams):
        os.dup2(file, number)
    for file in files:
        os.close(file)
    os.environ.clear()
    os.environ.update(environment)
    launcher = importlib.util.find_spec("ipykernel_launcher")
    sys.argv = [launcher.origin, *arguments]
    tempfile.tempdir = None  # looked up again, in this environment
    _forget_random_state()
    _be_killed_first()
    enter_sandbox()
    _die_with(server)
    _run_application(arguments)


def _forget_random_state() -> None:
    """Seed anew what every fork would otherwise continue in the same way."""
    random.seed()
    if "numpy" in sys.modules:
        import numpy

        numpy.random.seed()
    if "torch" in sys.modules:
        import torch

        torch.seed()


def _be_killed_first() -> None:
    """When memory runs out, the system shall take this kernel, not the server or the runner."""
    try:
        with open("/proc/self/oom_score_adj", "w") as file:
            file.write("500")
    except OSError:
        pass  # it is a preference


def _die_with(server: int) -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() not in (server, 0):  # 0: hidden from a sandbox
        os._exit(1)


def _run_application(arguments: Sequence[str]) -> None:
    from ipykernel.kernelapp import IPKernelApp

    early = [handler for handler in _log_handlers() if handler.stream is sys.stderr]
    application = IPKernelApp.instance()
    # With a parent it says nothing of how to connect; 1 where a sandbox hides the parent.
    parent = f"--IPKernelApp.parent_handle={os.getppid() or 1}"
    application.initialize([*arguments, parent])
    # What importing these does in a kernel, and could not do before there was one.
    for handler in early:
        handler.stream = sys.stderr
        if "flush" in vars(handler):  # transformers sets it
            handler.flush = sys.stderr.flush
    import ipywidgets

    ipywidgets.load_ipython_extension(application.shell)
    application.start()


def _log_handlers() -> list[logging.StreamHandler]:
    loggers = [logging.getLogger(), *logging.getLogger().manager.loggerDict.values()]
    return [
        handler
        for logger in loggers
        for handler in getattr(logger, "handlers", ())
        if isinstance(handler, logging.StreamHandler)
    ]
