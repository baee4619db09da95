"""Shut a kernel in before it runs a stranger's code.

`enter` is called in the process that becomes the kernel. It lowers what the process may use, and
asks Linux to refuse the rest: files outside its own folder (Landlock), and every system call that
is not listed here (seccomp), such as those for other processes, networks, foreign signals and
shared memory. Both need no privileges and work inside containers; neither can be taken back.
Other systems have nothing of the kind, and nothing is promised there.
"""

import contextlib
import ctypes
import errno
import json
import mmap
import os
import signal
import struct
import sys
import tempfile
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# What Python and torch read besides their own folders. Nothing here is private.
_SYSTEM = """/usr /lib /lib64 /bin /etc/ld.so.cache /etc/localtime /etc/passwd /etc/group
/etc/nsswitch.conf /etc/os-release /etc/mime.types /etc/ssl/openssl.cnf /etc/fonts /proc/self
/proc/cpuinfo /proc/meminfo /proc/stat /proc/uptime /proc/loadavg /proc/sys/vm
/proc/sys/kernel /sys/devices/system /sys/fs/cgroup /sys/kernel/mm /dev/null /dev/zero
/dev/urandom /dev/random /System /Library""".split()


def enter(limits: dict) -> None:
    """Restrict this process for good; to be called before it has threads.

    Args:
        limits: ``folder``: the only folder it may write to, as an absolute path; ``readable``:
            folders that it may read as well; ``told``: file that gets, as JSON, which protections
            hold; ``memory``: bytes of address space beyond what is mapped now; ``seconds``: CPU
            time; ``file``: bytes of the largest file.
    """
    sys.dont_write_bytecode = True
    tempfile.tempdir = None  # a parent may have found out where it is, for itself
    held = {"files": False, "system calls": False}
    with open(limits["told"], "w") as told:
        if sys.platform != "win32":
            _lower(limits)
        if sys.platform == "linux":
            with contextlib.suppress(OSError):
                _drop_privileges()
            with contextlib.suppress(OSError):
                _keep_to_folders(_readable() + limits["readable"], [limits["folder"]])
                held["files"] = True
            with contextlib.suppress(OSError, KeyError):
                _allow_system_calls()
                held["system calls"] = True
        json.dump(held, told)


def _lower(limits: dict) -> None:
    import resource  # not on Windows

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
    return pages * mmap.PAGESIZE


def _readable() -> list[str]:
    """Python, its packages, and of the course all but the modules with the exercises' solutions."""
    course = [ROOT / name for name in ("course_models", "course_utils", "course_tools")]
    lessons = (ROOT / "course_lessons").rglob("*")
    course += [file for file in lessons if file.is_file() and "exercises" not in file.name]
    folders = [sys.prefix, sys.base_prefix, *course, *_SYSTEM]
    for package in ("torch", "ipykernel"):
        found = find_spec(package)
        if found and found.origin:
            folders.append(Path(found.origin).parents[1])
    return [str(folder) for folder in folders]


# --- Linux -----------------------------------------------------------------------------------

_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def _checked(result: int) -> int:
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def _drop_privileges() -> None:
    """Give up root's capabilities, and for good every way to gain privileges."""
    _checked(_libc.prctl(38, 1, 0, 0, 0))  # PR_SET_NO_NEW_PRIVS
    _checked(_libc.capset(struct.pack("=Ii", 0x20080522, 0), bytes(24)))


def _keep_to_folders(readable: Iterable[str], writable: Iterable[str]) -> None:
    """Landlock: every other file can neither be opened nor changed.

    Where the kernel has them, its newer scopes as well: no TCP, no devices' controls, no abstract
    sockets and no signals to processes outside.
    """
    create, add, restrict = 444, 445, 446  # the same numbers on every architecture
    version = _checked(_libc.syscall(create, None, 0, 1))
    rights = (1 << {1: 13, 2: 14, 3: 15, 4: 15}.get(version, 16)) - 1
    for_files = rights & (1 << 0 | 1 << 1 | 1 << 2 | 1 << 14)  # run, write, read, truncate
    read = 1 << 0 | 1 << 2 | 1 << 3  # run, read file, read folder
    handled = struct.pack("=QQQ", rights, 3, 3)[: 8 if version < 4 else 16 if version < 6 else 24]
    ruleset = _checked(_libc.syscall(create, handled, len(handled), 0))
    allowed = [*((p, read) for p in readable), *((p, rights) for p in writable)]
    names = (str(ROOT / "course_lessons"), 1 << 3)  # modules are looked for in it
    for path, access in [*allowed, names, ("/dev/null", for_files)]:
        if not os.path.exists(path):
            continue
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
        access &= rights if os.path.isdir(path) else for_files
        _checked(_libc.syscall(add, ruleset, 1, struct.pack("=Qi", access, handle), 0))
        os.close(handle)
    _checked(_libc.syscall(restrict, ruleset, 0))
    os.close(ruleset)


# Name and number on x86-64 and on 64-bit ARM of what Python, torch and a kernel's sockets need.
_ALLOWED = """
read 0 63, write 1 64, open 2 -, openat 257 56, close 3 57, stat 4 -, fstat 5 80, lstat 6 -,
newfstatat 262 79, statx 332 291, poll 7 -, ppoll 271 73, lseek 8 62, mmap 9 222, mprotect 10 226,
munmap 11 215, brk 12 214, rt_sigaction 13 134, rt_sigprocmask 14 135, rt_sigreturn 15 139,
pread64 17 67, pwrite64 18 68, readv 19 65, writev 20 66, preadv 295 69, pwritev 296 70,
access 21 -, faccessat 269 48, faccessat2 439 439, pipe 22 -, pipe2 293 59, select 23 -,
pselect6 270 72, sched_yield 24 124, mremap 25 216, msync 26 227, mincore 27 232, madvise 28 233,
dup 32 23, dup2 33 -, dup3 292 24, nanosleep 35 101, clock_nanosleep 230 115, getpid 39 172,
gettid 186 178, getppid 110 173, sendfile 40 71, accept 43 202, accept4 288 242, sendto 44 206,
recvfrom 45 207, sendmsg 46 211, recvmsg 47 212, shutdown 48 210, bind 49 200, listen 50 201,
getsockname 51 204, getpeername 52 205, setsockopt 54 208, getsockopt 55 209, exit 60 93,
exit_group 231 94, wait4 61 260, waitid 247 95, uname 63 160, flock 73 32, fsync 74 82,
fdatasync 75 83, truncate 76 45, ftruncate 77 46, getdents 78 -, getdents64 217 61, getcwd 79 17,
chdir 80 49, fchdir 81 50, rename 82 -, renameat 264 38, renameat2 316 276, mkdir 83 -,
mkdirat 258 34, rmdir 84 -, unlink 87 -, unlinkat 263 35, link 86 -, linkat 265 37, symlink 88 -,
symlinkat 266 36, readlink 89 -, readlinkat 267 78, creat 85 -, umask 95 166, gettimeofday 96 169,
time 201 -, getrlimit 97 163, setrlimit 160 164, getrusage 98 165, sysinfo 99 179, times 100 153,
getuid 102 174, getgid 104 176, geteuid 107 175, getegid 108 177, getgroups 115 158,
getresuid 118 148, getresgid 120 150, getpgid 121 155, getpgrp 111 -, getsid 124 156,
rt_sigpending 127 136, rt_sigtimedwait 128 137, rt_sigsuspend 130 133, sigaltstack 131 132,
statfs 137 43, fstatfs 138 44, arch_prctl 158 -, futex 202 98, futex_waitv 449 449,
set_robust_list 273 99, get_robust_list 274 100, set_tid_address 218 96, sched_getaffinity 204 123,
sched_getparam 143 121, sched_getscheduler 145 120, sched_get_priority_max 146 125,
sched_get_priority_min 147 126, getpriority 140 141, getitimer 36 102, setitimer 38 103, alarm 37 -,
pause 34 -, clock_gettime 228 113, clock_getres 229 114, epoll_create 213 -, epoll_create1 291 20,
epoll_ctl 233 21, epoll_wait 232 -, epoll_pwait 281 22, epoll_pwait2 441 441, eventfd 284 -,
eventfd2 290 19, timerfd_create 283 85, timerfd_settime 286 86, timerfd_gettime 287 87,
rseq 334 293, getrandom 318 278, membarrier 324 283, get_mempolicy 239 236, getcpu 309 168,
copy_file_range 326 285, fallocate 285 47, fadvise64 221 223, sync_file_range 277 84,
readahead 187 213, close_range 436 436, restart_syscall 219 128, capget 125 90"""
# These are not done, but seem to be: Landlock does not cover them, and copying a file needs some.
_PRETENDED = """
chmod 90 -, fchmod 91 52, fchmodat 268 53, fchmodat2 452 452, chown 92 -, fchown 93 55, lchown 94 -,
fchownat 260 54, utime 132 -, utimes 235 -, futimesat 261 -, utimensat 280 88,
sched_setaffinity 203 122, sched_setparam 142 118,
sched_setscheduler 144 119"""
# Allowed for some arguments only.
_CHECKED = """
clone 56 220, clone3 435 435, socket 41 198, socketpair 53 199, kill 62 129, tgkill 234 131,
fcntl 72 25, ioctl 16 29, prctl 157 167, prlimit64 302 261"""
_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_FCNTL = (0, 1, 2, 3, 4, 5, 6, 7, 36, 37, 38, 1030, 1032)  # no F_SETOWN, no F_SETSIG
_IOCTL = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)  # sizes, readiness, close on exec
_PRCTL = (3, 15, 16, 0x53564D41)  # names of threads and of memory
_LOCAL = (1,)  # AF_UNIX
_STREAM = tuple(
    kind | flags
    for kind in (1, 5)  # SOCK_STREAM, SOCK_SEQPACKET; a datagram would reach foreign sockets
    for flags in (0, 0o4000, 0o2000000, 0o2004000)  # SOCK_NONBLOCK, SOCK_CLOEXEC
)


def _numbers(table: str) -> dict[str, int]:
    column = list(_ARCHITECTURES).index(os.uname().machine) + 1
    entries = [entry.split() for entry in table.split(",")]
    return {entry[0]: int(entry[column]) for entry in entries if entry[column] != "-"}


def _allow_system_calls() -> None:
    """Seccomp: the calls of the tables; any other fails, a new one as if it did not exist."""
    allow, fail = 0x7FFF0000, 0x00050000
    load, equal, at_least, any_bit, leave = 0x20, 0x15, 0x35, 0x45, 0x06
    code = [
        (load, 0, 0, 4),
        (equal, 1, 0, _ARCHITECTURES[os.uname().machine]),
        (leave, 0, 0, fail | errno.EPERM),
        (load, 0, 0, 0),
    ]
    for number in _numbers(_ALLOWED).values():
        code += [(equal, 0, 1, number), (leave, 0, 0, allow)]
    for number in _numbers(_PRETENDED).values():
        code += [(equal, 0, 1, number), (leave, 0, 0, fail)]
    own, checked = (os.getpid(),), _numbers(_CHECKED)
    # ZeroMQ aborts when a socket is refused with another error than this one.
    unsupported = errno.EOPNOTSUPP
    for name, arguments, otherwise in (
        ("socket", (_LOCAL, _STREAM), unsupported),
        ("socketpair", (_LOCAL, _STREAM), unsupported),
        ("kill", (own,), errno.EPERM),
        ("tgkill", (own,), errno.EPERM),
        ("fcntl", (None, _FCNTL), errno.EPERM),
        ("ioctl", (None, _IOCTL), errno.ENOTTY),
        ("prctl", (_PRCTL,), errno.EPERM),
        ("prlimit64", ((0, *own),), errno.EPERM),
    ):
        tests: list[tuple] = []
        for position, values in enumerate(arguments):
            if values is not None:
                tests.append((load, 0, 0, 16 + 8 * position))
                tests += [(equal, len(values) - i, 0, v) for i, v in enumerate(values)]
                tests.append((leave, 0, 0, fail | otherwise))
        code += [(equal, 0, len(tests) + 1, checked[name]), *tests, (leave, 0, 0, allow)]
    clone_thread = 0x10000
    code += [(equal, 0, 4, checked["clone"]), (load, 0, 0, 16), (any_bit, 0, 1, clone_thread)]
    code += [(leave, 0, 0, allow), (leave, 0, 0, fail | errno.EPERM)]
    # Of clone3 libc goes back to clone; of what is newer than this list, to what is older.
    code += [(at_least, 0, 1, 424), (leave, 0, 0, fail | errno.ENOSYS)]
    code.append((leave, 0, 0, fail | errno.EPERM))
    program = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in code))
    header = struct.pack("@HP", len(code), ctypes.addressof(program))
    _checked(_libc.prctl(22, 2, header, 0, 0))  # PR_SET_SECCOMP, SECCOMP_MODE_FILTER
