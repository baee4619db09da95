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

PASSED_ON = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2)


def main():
    folder, launch, *arguments = sys.argv[1:]
    parent = os.getppid()
    # A signal that comes before there is a kernel waits until there is one.
    signal.pthread_sigmask(signal.SIG_BLOCK, PASSED_ON)
    try:
        connection = ask(os.path.join(folder, "socket"), arguments)
        answer = wait_for_answer(connection, parent)
    except OSError as error:
        answer = {"cold": f"the server of warm kernels does not answer ({error})"}
    if "cold" in answer:
        start_cold(folder, launch, arguments, answer["cold"])
    leave(answer["exit"])


def ask(path, arguments):
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(path)
    request = {"arguments": arguments, "environment": dict(os.environ)}
    message = json.dumps(request).encode() + b"\n"
    # The folder goes as an open file: it may have lost its name.
    files = [0, 1, 2, os.open(".", os.O_RDONLY)]
    sent = socket.send_fds(connection, [message], files)
    connection.sendall(message[sent:])
    return connection


def wait_for_answer(connection, parent):
    """The server's one line: at once why there is no kernel, or at its end how it ended."""
    for number in PASSED_ON:
        signal.signal(number, lambda number, _: connection.send(bytes([number])))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, PASSED_ON)
    received = b""
    while not received.endswith(b"\n"):
        if select.select([connection], [], [], 1)[0]:
            part = connection.recv(4096)
            if not part:  # the server was killed, and its kernels with it
                return {"exit": -signal.SIGKILL}
            received += part
        elif os.getppid() != parent:
            sys.exit(1)
    return json.loads(received)


def start_cold(folder, launch, arguments, reason):
    for number in PASSED_ON:
        signal.signal(number, signal.SIG_DFL)
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
