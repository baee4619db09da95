"""What the kernelspec runs in place of a kernel: it asks the server for one and stands in for it.

Run as ``python -I -S stub.py FOLDER LAUNCH -f CONNECTION_FILE``, so that it starts in milliseconds:
nothing but the standard library. To whoever started it this process is the kernel: signals that it
gets are passed on, its exit status is the kernel's, and when it is killed, so is the kernel. If the
server cannot give a kernel, this process becomes an ordinary one by running the script LAUNCH.
"""

import json
import os
import select
import signal
import socket
import sys
import time

PASSED_ON = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2)


def main():
    folder, launch, *arguments = sys.argv[1:]
    # A signal that comes before there is a kernel waits until there is one.
    signal.pthread_sigmask(signal.SIG_BLOCK, PASSED_ON)
    answer, problem = {}, "it has ended"
    try:
        connection = ask(os.path.join(folder, "socket"), arguments)
        answers = listen(connection, os.getppid())
        answer = next(answers, {})
    except OSError as error:
        problem = error
    if not answer.get("started"):
        reason = f"the server of warm kernels does not answer ({problem})"
        start_cold(folder, launch, arguments, answer.get("cold", reason))
    pass_signals_on(connection)
    try:
        leave(next(answers)["exit"])
    except (OSError, StopIteration):  # the server was killed, and its kernels with it
        leave(-signal.SIGKILL)


def ask(path, arguments):
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(path)
    request = {"arguments": arguments, "environment": dict(os.environ)}
    message = json.dumps(request).encode() + b"\n"
    # The folder goes as an open file: it may have lost its name.
    files = [0, 1, 2, os.open(".", os.O_RDONLY)]
    sent = socket.send_fds(connection, [message], files)
    if sent < len(message):  # sending nothing would fail once the server has said no and closed
        connection.sendall(message[sent:])
    return connection


def listen(connection, parent):
    """What the server says, until it closes the connection; ends this process with its parent."""
    received = b""
    while True:
        if select.select([connection], [], [], 1)[0]:
            part = connection.recv(4096)
            if not part:
                return
            *lines, received = (received + part).split(b"\n")
            for line in lines:
                yield json.loads(line)
        elif os.getppid() != parent:
            sys.exit(1)


def pass_signals_on(connection):
    def pass_on(number, _):
        # jupyter_client interrupts a kernel just before it kills it. An ordinary one has no time
        # to say so, and this one shall not either.
        time.sleep(0.05)
        try:
            connection.send(bytes([number]))
        except OSError:
            pass  # the server is gone, which `listen` will notice

    for number in PASSED_ON:
        signal.signal(number, pass_on)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, PASSED_ON)


def start_cold(folder, launch, arguments, reason):
    signal.pthread_sigmask(signal.SIG_UNBLOCK, PASSED_ON)
    try:
        with open(os.path.join(folder, "cold"), "a") as notes:
            notes.write(reason + "\n")
    except OSError:
        print(f"This kernel starts cold: {reason}.", file=sys.stderr, flush=True)
    os.execv(sys.executable, [sys.executable, launch, *arguments])


def leave(status):
    """End as the kernel did; a negative status is the signal that killed it."""
    if status < 0:
        if -status not in (signal.SIGKILL, signal.SIGSTOP):
            signal.signal(-status, signal.SIG_DFL)
        os.kill(os.getpid(), -status)
    sys.exit(status)


main()
