"""jupyter_client's way to start and end a kernel, for kernels that a server forks."""

import os
import pickle
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import EntryPoint

from jupyter_client.kernelspec import NATIVE_KERNEL_NAME
from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner

from course_tools.run.warm import WarmKernels, kernel

NAME = "course-forked"

if sys.platform == "linux":
    from multiprocessing import forkserver, popen_forkserver, util

    class Forked(popen_forkserver.Popen):
        """A process, as LocalProvisioner wants it: multiprocessing's, by a server of our own."""

        stdin = stdout = stderr = None
        send_signal = popen_forkserver.Popen._send_signal

        def __init__(self, wanted: kernel.Kernel, server: forkserver.ForkServer):
            self.server = server
            super().__init__(wanted)

        def _launch(self, wanted: kernel.Kernel) -> None:
            self.sentinel, life = self.server.connect_to_new_process([])
            # The kernel ends once this file is closed, with this object or with this program.
            self.finalizer = util.Finalize(self, util.close_fds, (life, self.sentinel))
            self.pid = forkserver.read_signed(self.sentinel)
            with open(life, "wb", closefd=False) as pipe:
                pickle.dump({"sys_path": sys.path}, pipe)  # what a forked process reads first
                pickle.dump(wanted, pipe)


class ForkedProvisioner(LocalProvisioner):
    """Has the server fork kernels named python3; starts others, and where it cannot, as ever."""

    kernels: WarmKernels | None = None  # of the run that goes on

    async def launch_kernel(self, cmd: list[str], **options) -> dict:
        if self.parent.kernel_name != NATIVE_KERNEL_NAME or "-f" not in cmd:
            return await super().launch_kernel(cmd, **options)
        cmd = [sys.executable, *kernel.COLD, *cmd[cmd.index("-f") :]]
        reason = "forking is safe on Linux only"
        if self.kernels.server:
            wanted = kernel.Kernel(cmd, options["env"], str(options.get("cwd") or os.getcwd()))
            try:
                self.process = Forked(wanted, self.kernels.server)
                self.pid = self.pgid = self.process.pid
                return self.connection_info
            except (OSError, EOFError) as error:
                reason = f"the server of warm kernels does not answer ({error or 'it has ended'})"
        kernel.note(self.kernels.folder, reason)
        return await super().launch_kernel(cmd, **options)


@contextmanager
def provide(kernels: WarmKernels) -> Iterator[None]:
    """Be this process's default provisioner, as JUPYTER_DEFAULT_PROVISIONER_NAME would make us."""
    factory = KernelProvisionerFactory.instance()
    place = f"{__name__}:{ForkedProvisioner.__name__}"
    factory.provisioners[NAME] = EntryPoint(NAME, place, factory.GROUP_NAME)
    before = factory.default_provisioner_name, ForkedProvisioner.kernels
    factory.default_provisioner_name, ForkedProvisioner.kernels = NAME, kernels
    try:
        yield
    finally:
        factory.default_provisioner_name, ForkedProvisioner.kernels = before
