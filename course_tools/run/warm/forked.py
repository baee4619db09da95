"""A process that multiprocessing's fork server forks, seen from the program that asked for it."""

import pickle
import sys
from multiprocessing import forkserver, popen_forkserver, util

from course_tools.run.warm.kernel import Kernel


class Forked(popen_forkserver.Popen):
    """A process, as LocalProvisioner wants it: multiprocessing's, by a server of our own."""

    stdin = stdout = stderr = None
    send_signal = popen_forkserver.Popen._send_signal

    def __init__(self, wanted: Kernel, server: forkserver.ForkServer):
        self.server = server
        super().__init__(wanted)

    def _launch(self, wanted: Kernel) -> None:
        self.sentinel, life = self.server.connect_to_new_process([])
        # The kernel ends once this file is closed, be it with this object or with this program.
        self.finalizer = util.Finalize(self, util.close_fds, (life, self.sentinel))
        self.pid = forkserver.read_signed(self.sentinel)
        with open(life, "wb", closefd=False) as pipe:
            pickle.dump({"sys_path": sys.path}, pipe)  # what a forked process reads first
            pickle.dump(wanted, pipe)
