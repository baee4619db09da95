"""Kernels that start at once: each is forked from one process that has imported torch already.

Almost all of a headless run's time is importing torch and transformers, once for each notebook.
Inside ``with warm_kernels():`` a server process imports them once. The kernelspec ``python3``, the
name that papermill, nbmake and nbclient ask for, then runs a small program (`stub.py`) in place of
a kernel; it asks the server for a fork, and the fork becomes an ordinary IPython kernel
(`kernel.py`) with the working directory, environment and files that the stub was started with. A
kernel lives no longer than its stub, a stub no longer than the program that started it, and the
server no longer than the ``with`` block or its process.

What a warm kernel shares with the next one: the modules that were imported before any notebook ran
(never `course_utils`, which each kernel imports itself) and the seed of Python's string hashes.
huggingface_hub is imported as after `import course_utils`: offline unless COURSE_CHECKPOINTS=hub.

Where forking is unsafe or the server does not answer, an ordinary kernel starts instead and the run
says so in one line: outside Linux (macOS libraries do not survive a fork), where torch has a GPU,
and where the kernel's environment differs in a variable that is read while importing.
"""

from course_tools.run.warm.run import WarmKernels, warm_kernels

__all__ = ["WarmKernels", "warm_kernels"]
