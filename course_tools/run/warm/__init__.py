"""Kernels that start at once: each is forked from one process that has imported torch already.

Inside ``with warm_kernels():`` multiprocessing's fork server imports what notebooks do (`preload`),
and jupyter_client has it fork each kernel (`provisioner`, `kernel`). A kernel ends with the program
that started it. It shares with others what was imported before (never the course's own modules)
and the seed of Python's string hashes. Where forking is unsafe an ordinary kernel starts, and the
run says why: outside Linux, with a GPU, in another environment.

Warm or cold, a kernel whose environment has COURSE_SANDBOX first hands what that says in JSON to
`course_tools.grade.sandbox.enter`, and does not start if that fails.
"""

import os
import shutil
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class WarmKernels:
    """A run: `folder` is private to it, `server` a ForkServer, or None where none can be."""

    def __init__(self):
        self.folder, self.server = Path(tempfile.mkdtemp(prefix="course-")), None

    def cold_starts(self) -> list[str]:
        """For each reason why kernels started cold: one line that says so."""
        notes = self.folder / "cold"
        reasons = Counter(notes.read_text().splitlines() if notes.exists() else ())
        return [f"{count} kernel(s) started cold: {why}." for why, count in reasons.items()]


@contextmanager
def warm_kernels() -> Iterator[WarmKernels]:
    """Fork the kernels named python3 that this process starts in the meantime.

    Set what the kernels' environment shall have before: in another one they start cold.
    """
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # more threads could not be forked
    kernels = WarmKernels()
    os.environ["COURSE_RUN_FOLDER"] = str(kernels.folder)
    try:
        if sys.platform == "linux":
            from multiprocessing.forkserver import ForkServer  # not on Windows

            kernels.server = ForkServer()
            kernels.server.set_forkserver_preload(["course_tools.run.warm.preload"])
            kernels.server.ensure_running()
            # No second one, should this be killed: it would get the environment of then.
            kernels.server.ensure_running = lambda: None
        from course_tools.run.warm.provisioner import provide  # late: the server starts before

        with provide(kernels):
            yield kernels
    finally:
        if kernels.server:
            os.kill(kernels.server._forkserver_pid, signal.SIGKILL)  # it may be importing still
            kernels.server._stop()
        os.environ.pop("COURSE_RUN_FOLDER", None)
        shutil.rmtree(kernels.folder, ignore_errors=True)
