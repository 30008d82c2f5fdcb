"""The system call filter of a worker: what an interpreter that computes needs, and nothing else.

A program of the kernel's classic packet filter, which sees the number and the arguments of every call (Linux,
Documentation/userspace-api/seccomp_filter.rst; struct seccomp_data is {int nr; u32 arch; u64 ip; u64 args[6]}).
A call that is not listed fails with ENOSYS, as on a kernel that has never heard of it: C libraries fall back from
newer calls to older ones at that error and at no other. So learner code can start no process or thread, open no socket,
signal nobody, change no file, and share no memory.
"""

from __future__ import annotations

import errno
import struct

# The number of each call on x86-64 and on aarch64 (None: it has no such call).
CALLS: dict[str, tuple[int, int | None]] = {
    # descriptors and files; what may be opened is up to the file system or Landlock
    "read": (0, 63),
    "write": (1, 64),
    "readv": (19, 65),
    "writev": (20, 66),
    "pread64": (17, 67),
    "pwrite64": (18, 68),
    "lseek": (8, 62),
    "close": (3, 57),
    "close_range": (436, 436),
    "dup": (32, 23),
    "dup2": (33, None),
    "dup3": (292, 24),
    "open": (2, None),
    "openat": (257, 56),
    "stat": (4, None),
    "lstat": (6, None),
    "fstat": (5, 80),
    "newfstatat": (262, 79),
    "statx": (332, 291),
    "access": (21, None),
    "faccessat": (269, 48),
    "faccessat2": (439, 439),
    "readlink": (89, None),
    "readlinkat": (267, 78),
    "getdents64": (217, 61),
    "getcwd": (79, 17),
    "chdir": (80, 49),
    # memory
    "mmap": (9, 222),
    "munmap": (11, 215),
    "mprotect": (10, 226),
    "mremap": (25, 216),
    "madvise": (28, 233),
    "brk": (12, 214),
    # the one thread there is
    "futex": (202, 98),
    "membarrier": (324, 283),
    "rseq": (334, 293),
    "set_robust_list": (273, 99),
    "set_tid_address": (218, 96),
    "arch_prctl": (158, None),
    "sched_yield": (24, 124),
    "sched_getaffinity": (204, 123),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "sigaltstack": (131, 132),
    "restart_syscall": (219, 128),
    "exit": (60, 93),
    "exit_group": (231, 94),
    # clocks
    "clock_gettime": (228, 113),
    "clock_getres": (229, 114),
    "clock_nanosleep": (230, 115),
    "nanosleep": (35, 101),
    "gettimeofday": (96, 169),
    "time": (201, None),
    "times": (100, 153),
    "getrusage": (98, 165),
    "alarm": (37, None),
    "getitimer": (36, 102),
    "setitimer": (38, 103),
    "pause": (34, None),
    # who and where it is, and random numbers
    "getpid": (39, 172),
    "getppid": (110, 173),
    "gettid": (186, 178),
    "getuid": (102, 174),
    "geteuid": (107, 175),
    "getgid": (104, 176),
    "getegid": (108, 177),
    "uname": (63, 160),
    "sysinfo": (99, 179),
    "getrandom": (318, 278),
}
EXECUTE = {"execve": (59, 221)}  # bubblewrap starts the interpreter under the filter

# Calls of which one argument must have one of these values: name -> (numbers, which argument, values).
CONDITIONAL: dict[str, tuple[tuple[int, int], int, tuple[int, ...]]] = {
    # F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD_CLOEXEC; not F_SETOWN, which sends signals to anybody
    "fcntl": ((72, 25), 1, (0, 1, 2, 3, 4, 1030)),
    # TCGETS (is it a terminal?), TIOCGWINSZ, FIONCLEX, FIOCLEX
    "ioctl": ((16, 29), 1, (0x5401, 0x5413, 0x5450, 0x5451)),
    # its own limits only
    "prlimit64": ((302, 261), 0, (0,)),
}

# What the kernel calls a machine: its column above, and its AUDIT_ARCH (linux/audit.h).
MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}

LOAD, JUMP_IF_EQUAL, RETURN = 0x20, 0x15, 0x06  # BPF_LD|BPF_W|BPF_ABS, BPF_JMP|BPF_JEQ|BPF_K, BPF_RET|BPF_K
NUMBER, ARCHITECTURE, ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data
ALLOW, FAIL, KILL = 0x7FFF0000, 0x00050000 | errno.ENOSYS, 0x80000000  # SECCOMP_RET_*


def is_known(machine: str) -> bool:
    """Whether there is a filter for a machine, as platform.machine() names it."""
    return machine in MACHINES


def program(machine: str, *, may_execute: bool) -> bytes:
    """The filter as an array of struct sock_filter {u16 code; u8 jt; u8 jf; u32 k}, in the byte order of this machine.

    may_execute: whether execve is allowed, for a filter that is set before the interpreter starts.
    """
    column, architecture = MACHINES[machine]
    numbers = [number[column] for number in (CALLS | (EXECUTE if may_execute else {})).values()]
    code = [(LOAD, 0, 0, ARCHITECTURE), (JUMP_IF_EQUAL, 1, 0, architecture), (RETURN, 0, 0, KILL)]
    code.append((LOAD, 0, 0, NUMBER))
    for number in numbers:
        if number is not None:
            code += [(JUMP_IF_EQUAL, 0, 1, number), (RETURN, 0, 0, ALLOW)]
    for both, argument, values in CONDITIONAL.values():
        # The lower half of the argument (both machines are little-endian), as these calls take 32 bits of it.
        check = [(LOAD, 0, 0, ARGUMENTS + 8 * argument)]
        for value in values:
            check += [(JUMP_IF_EQUAL, 0, 1, value), (RETURN, 0, 0, ALLOW)]
        check.append((RETURN, 0, 0, FAIL))
        code += [(JUMP_IF_EQUAL, 0, len(check), both[column]), *check]
    code.append((RETURN, 0, 0, FAIL))
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in code)
