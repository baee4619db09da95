"""jupyter_client's way to start and end a kernel, for kernels that a server forks."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import EntryPoint

from jupyter_client.kernelspec import NATIVE_KERNEL_NAME
from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner

from course_tools.run.warm import WarmKernels, kernel

NAME = "course-forked"
LONGEST_END = 0.1  # seconds until a killed kernel is left to jupyter_client's own waiting


class ForkedProvisioner(LocalProvisioner):
    """Has the server fork kernels named python3; starts others, and where it cannot, as ever."""

    kernels: WarmKernels | None = None  # of the run that goes on

    async def launch_kernel(self, cmd: list[str], **options) -> dict:
        if self.parent.kernel_name != NATIVE_KERNEL_NAME or "-f" not in cmd:
            return await super().launch_kernel(cmd, **options)
        cmd = [sys.executable, *kernel.COLD, *cmd[cmd.index("-f") :]]
        reason = "forking is safe on Linux only"
        if self.kernels.server:
            from course_tools.run.warm.forked import Forked  # not on Windows

            try:
                folder = str(options.get("cwd") or os.getcwd())
                wanted = kernel.Kernel(cmd, options["env"], folder)
                self.process = Forked(wanted, self.kernels.server)
                self.pid = self.pgid = self.process.pid
                return self.connection_info
            except (OSError, EOFError) as error:
                reason = f"the server of warm kernels does not answer ({error or 'it has ended'})"
        kernel.note(self.kernels.folder, reason)
        return await super().launch_kernel(cmd, **options)

    async def kill(self, restart: bool = False) -> None:
        """Kill the kernel, and see it end: jupyter_client looks only every tenth of a second."""
        await super().kill(restart)
        if hasattr(self.process, "sentinel"):  # a forked one
            self.process.wait(LONGEST_END)


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
