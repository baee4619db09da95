"""Shut a kernel in before it runs a stranger's code.

`enter` is called in the process that becomes the kernel. It lowers what the process may use, and
asks Linux to refuse the rest: files outside its own folder (Landlock), other processes, network
and foreign signals (seccomp). Both need no privileges and work inside containers; neither can be
taken back. An audit hook says in words what was tried, and is all there is on other systems:
it stops Python code that does not set out to evade it.
"""

import contextlib
import ctypes
import errno
import json
import os
import resource
import signal
import socket
import struct
import sys
import tempfile
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from pathlib import Path

RECORDS = 50  # attempts that are written down; the rest are refused without a word

# What Python and torch read besides their own folders. Nothing here is private.
_SYSTEM = """/usr /lib /lib64 /bin /etc/ld.so.cache /etc/localtime /etc/passwd /etc/group
/etc/nsswitch.conf /etc/os-release /etc/mime.types /etc/ssl/openssl.cnf /etc/fonts /proc/self
/proc/cpuinfo /proc/meminfo /proc/stat /proc/uptime /proc/loadavg /proc/sys/vm
/proc/sys/kernel /sys/devices/system /sys/fs/cgroup /sys/kernel/mm /dev/null /dev/zero
/dev/urandom /dev/random /System /Library""".split()
_DEVICES = "/dev/null"

_PROCESSES = {
    f"os.{name}" for name in ("fork", "forkpty", "posix_spawn", "exec", "spawn", "system")
} | {"subprocess.Popen", "pty.spawn"}
_LOOKUPS = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}
_TALK = {"socket.connect", "socket.sendto", "socket.sendmsg", "socket.bind"}
# Event → the positions of the paths among its arguments, and of the folder each is relative to.
_CHANGES = {
    "os.remove": ((0, 1),),
    "os.rmdir": ((0, 1),),
    "os.mkdir": ((0, 2),),
    "os.rename": ((0, 2), (1, 3)),
    "os.link": ((0, 2), (1, 3)),
    "os.symlink": ((1, 2),),
    "os.truncate": ((0, None),),
    "os.chmod": ((0, 2),),
    "os.chown": ((0, 3),),
    "os.utime": ((0, 3),),
    "shutil.rmtree": ((0, 1),),
}
_LISTS = {"os.listdir", "os.scandir"}


def enter(limits: dict) -> None:
    """Restrict this process for good; to be called before it has threads.

    Args:
        limits: ``folder``: the only folder it may write to, as an absolute path; ``record``: file
            outside it for what was tried (one JSON list per line: kind, detail; the first line
            says which protections hold); ``memory``: bytes of address space beyond what is mapped
            now; ``seconds``: CPU time; ``file``: bytes of the largest file.
    """
    sys.dont_write_bytecode = True
    tempfile.tempdir = None  # a parent may have found out where it is, for itself
    record = os.open(limits["record"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    _lower(limits)
    writable = [os.path.realpath(limits["folder"])]
    readable = [*_readable(), *writable]
    held = {"files": False, "processes and network": False}
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            _drop_privileges()
        with contextlib.suppress(OSError):
            _keep_to_folders(readable, writable)
            held["files"] = True
        with contextlib.suppress(OSError, KeyError):
            _forbid_system_calls()
            held["processes and network"] = True
    os.write(record, json.dumps(["held", held]).encode() + b"\n")
    sys.addaudithook(_watch(record, tuple(readable), tuple(writable)))


def _lower(limits: dict) -> None:
    for name, value in (
        ("RLIMIT_CORE", 0),
        ("RLIMIT_CPU", int(limits["seconds"]) + 1),
        ("RLIMIT_FSIZE", limits["file"]),
        ("RLIMIT_AS", _mapped() + limits["memory"]),
    ):
        with contextlib.suppress(OSError, ValueError):  # already lower, or unknown to the system
            resource.setrlimit(getattr(resource, name), (value, value))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # a file too large is an OSError


def _mapped() -> int:
    """Bytes of address space in use: torch maps far more than it uses."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except OSError:
        return 8 << 30
    return pages * resource.getpagesize()


def _readable() -> list[str]:
    root = Path(__file__).parents[2]
    course = [str(root / name) for name in ("course_utils", "course_lessons", "course_tools")]
    folders = [sys.prefix, sys.base_prefix, *course, *_SYSTEM]
    for package in ("torch", "ipykernel"):
        found = find_spec(package)
        if found and found.origin:
            folders.append(str(Path(found.origin).parents[1]))
    return sorted({os.path.realpath(folder) for folder in folders if os.path.exists(folder)})


# --- Linux -----------------------------------------------------------------------------------

_libc = ctypes.CDLL(None, use_errno=True)


def _checked(result: int) -> int:
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def _drop_privileges() -> None:
    """Give up root's capabilities, and for good every way to gain privileges."""
    _checked(_libc.prctl(38, 1, 0, 0, 0))  # PR_SET_NO_NEW_PRIVS
    _checked(_libc.capset(struct.pack("=Ii", 0x20080522, 0), bytes(24)))


def _keep_to_folders(readable: Iterable[str], writable: Iterable[str]) -> None:
    """Landlock: every other file can neither be opened nor changed."""
    create, add, restrict = 444, 445, 446  # the same numbers on every architecture
    version = _checked(_libc.syscall(create, None, 0, 1))
    rights = (1 << {1: 13, 2: 14}.get(version, 15)) - 1
    for_files = rights & (1 << 0 | 1 << 1 | 1 << 2 | 1 << 14)  # run, write, read, truncate
    read = 1 << 0 | 1 << 2 | 1 << 3  # run, read file, read folder
    ruleset = _checked(_libc.syscall(create, struct.pack("=Q", rights), 8, 0))
    allowed = [*((p, read) for p in readable), *((p, rights) for p in writable)]
    for path, access in [*allowed, (_DEVICES, for_files)]:
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
        access &= rights if os.path.isdir(path) else for_files
        _checked(_libc.syscall(add, ruleset, 1, struct.pack("=Qi", access, handle), 0))
        os.close(handle)
    _checked(_libc.syscall(restrict, ruleset, 0))
    os.close(ruleset)


# System calls by machine: `no` are refused, the others depend on their first argument.
_CALLS = {
    "x86_64": {
        "architecture": 0xC000003E,
        # fork vfork execve execveat connect ptrace process_vm_* pidfd_* unshare io_uring_setup
        "no": (57, 58, 59, 322, 42, 101, 310, 311, 424, 438, 272, 425),
        "clone": 56,
        "socket": 41,
        "kill": (62, 234),
    },
    "aarch64": {
        "architecture": 0xC00000B7,
        "no": (221, 281, 203, 117, 270, 271, 424, 438, 97, 425),
        "clone": 220,
        "socket": 198,
        "kill": (129, 131),
    },
}


def _forbid_system_calls() -> None:
    """Seccomp: no new processes, no programs, no sockets but local ones, no signals to others."""
    calls = _CALLS[os.uname().machine]
    allow, fail = 0x7FFF0000, 0x00050000
    refuse, absent, unsupported = (
        fail | number for number in (errno.EPERM, errno.ENOSYS, errno.EOPNOTSUPP)
    )
    load, equal, at_least, any_bit, leave = 0x20, 0x15, 0x35, 0x45, 0x06
    code = [
        (load, 0, 0, 4),
        (equal, 1, 0, calls["architecture"]),
        (leave, 0, 0, refuse),
        (load, 0, 0, 0),
        (at_least, 0, 1, 0x40000000),  # another numbering of the same calls
        (leave, 0, 0, refuse),
    ]
    for number in calls["no"]:
        code += [(equal, 0, 1, number), (leave, 0, 0, refuse)]
    code += [(equal, 0, 1, 435), (leave, 0, 0, absent)]  # clone3: libc then takes clone
    only_if = [
        (calls["clone"], any_bit, 0x10000, refuse),  # CLONE_THREAD
        (calls["socket"], equal, socket.AF_UNIX, unsupported),  # ZeroMQ aborts on another refusal
        *((number, equal, os.getpid(), refuse) for number in calls["kill"]),
    ]
    for number, test, value, otherwise in only_if:
        code += [(equal, 0, 4, number), (load, 0, 0, 16), (test, 1, 0, value)]
        code += [(leave, 0, 0, otherwise), (leave, 0, 0, allow)]
    code.append((leave, 0, 0, allow))
    program = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in code))
    header = struct.pack("@HP", len(code), ctypes.addressof(program))
    _checked(_libc.prctl(22, 2, header, 0, 0))  # PR_SET_SECCOMP, SECCOMP_MODE_FILTER


# --- What was tried ----------------------------------------------------------------------------


def _watch(record: int, readable: tuple[str, ...], writable: tuple[str, ...]) -> Callable:
    """An audit hook that refuses what the sandbox forbids, and writes down what it was."""
    write, dumps, realpath, exists = os.write, json.dumps, os.path.realpath, os.path.lexists
    own, left = os.getpid(), [RECORDS]

    def refuse(kind: str, detail: object) -> None:
        if left[0] > 0:
            left[0] -= 1
            write(record, dumps([kind, str(detail)[:200]]).encode() + b"\n")
        raise PermissionError(errno.EPERM, f"the grader does not allow this ({kind})")

    def full(path: object, folder: object) -> str | None:
        if isinstance(path, int):  # an open file
            return "the grader's record" if path == record else None
        path = os.fsdecode(path) if path else "."
        if isinstance(folder, int) and folder >= 0 and not path.startswith("/"):
            path = os.path.join(f"/proc/self/fd/{folder}", path)
        # The last part is not followed: deleting a link does not touch what it points to.
        return os.path.join(realpath(os.path.dirname(path)), os.path.basename(path))

    def inside(path: str, folders: tuple[str, ...]) -> bool:
        return any(path == folder or path.startswith(folder + "/") for folder in folders)

    def hook(event: str, given: tuple) -> None:
        if event == "open":
            path, _, flags = given
            if isinstance(path, int):
                return
            path = realpath(os.fsdecode(path))
            changes = flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC)
            if changes and path != _DEVICES and not inside(path, writable):
                refuse("change", path)
            if not changes and exists(path) and not inside(path, readable):
                if not path.startswith("/proc/"):
                    refuse("read", path)
        elif event in _LISTS:
            path = full(given[0], None)
            if path is not None and exists(path) and not inside(realpath(path), readable):
                refuse("read", path)
        elif event in _CHANGES:
            for position, folder in _CHANGES[event]:
                path = full(given[position], None if folder is None else given[folder])
                if path is not None and not inside(path, writable):
                    refuse("change", path)
        elif event in _PROCESSES:
            refuse("process", event)
        elif event in _LOOKUPS:
            refuse("network", given[0] if len(given) < 2 else f"{given[0]}:{given[1]}")
        elif event in _TALK:
            refuse("network", given[1])
        elif event == "socket.__new__" and given[1] != socket.AF_UNIX:
            refuse("network", "a network socket")
        elif event in ("os.kill", "os.killpg") and given[0] != own:
            refuse("signal", "another process")

    return hook
