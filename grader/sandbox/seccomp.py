"""The system call filter of a worker: what an interpreter that computes needs, and nothing else.

A program of the kernel's classic packet filter, which sees the number and the arguments of every call (Linux,
Documentation/userspace-api/seccomp_filter.rst; struct seccomp_data is {int nr; u32 arch; u64 ip; u64 args[6]}).
A call that is not listed fails with ENOSYS, as on a kernel that has never heard of it: C libraries fall back from
newer calls to older ones at that error and at no other. So learner code can start no process or thread, open no socket,
signal nobody, change no file, and write to no memory that others see.
"""

from __future__ import annotations

import errno
import functools
import struct
from dataclasses import dataclass

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
    "brk": (12, 214),
    # the one thread there is
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


@dataclass(frozen=True)
class Condition:
    """What a call may be asked for: half of an argument is one of some values, or has none of some bits.

    word: which half: 2 * i is the lower one of argument i, 2 * i + 1 the upper one.
    """

    word: int
    one_of: tuple[int, ...] = ()
    no_bits: int = 0


# Calls whose arguments matter: name -> (numbers, conditions that must all be met). The lower half is enough where
# the kernel takes 32 bits of an argument.
CONDITIONAL: dict[str, tuple[tuple[int, int | None], tuple[Condition, ...]]] = {
    # F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_DUPFD_CLOEXEC; not F_SETOWN, which sends signals to anybody, nor F_SETFL,
    # which changes what others share
    "fcntl": ((72, 25), (Condition(2, (0, 1, 2, 3, 1030)),)),
    # FUTEX_WAIT, _WAKE, _WAIT_BITSET (by another clock too), _WAKE_BITSET, all of them private: pages of a library are
    # shared with every process that has loaded it
    "futex": ((202, 98), (Condition(2, (128, 129, 137, 393, 138)),)),
    # TCGETS (is it a terminal?), TIOCGWINSZ, FIONCLEX, FIOCLEX
    "ioctl": ((16, 29), (Condition(2, (0x5401, 0x5413, 0x5450, 0x5451)),)),
    # MADV_DONTNEED, MADV_FREE, MADV_HUGEPAGE, as allocators use them; not what poisons memory
    "madvise": ((28, 233), (Condition(4, (4, 8, 14)),)),
    # Its own limits are read, not set: root could raise them.
    "prlimit64": ((302, 261), (Condition(0, (0,)), Condition(4, (0,)), Condition(5, (0,)))),
}
# For reading only: no O_WRONLY, O_RDWR, O_CREAT or O_TRUNC, as old Landlocks let files be emptied.
NOT_READ_ONLY = 0o3 | 0o100 | 0o1000
OPEN = {
    "open": ((2, None), (Condition(2, no_bits=NOT_READ_ONLY),)),
    "openat": ((257, 56), (Condition(4, no_bits=NOT_READ_ONLY),)),
}

# What the kernel calls a machine: its column above, and its AUDIT_ARCH (linux/audit.h).
MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}

# BPF_LD|BPF_W|BPF_ABS, BPF_JMP|BPF_JEQ|BPF_K, BPF_JMP|BPF_JSET|BPF_K, BPF_RET|BPF_K
LOAD, JUMP_IF_EQUAL, JUMP_IF_BITS, RETURN = 0x20, 0x15, 0x45, 0x06
NUMBER, ARCHITECTURE, ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data; both machines are little-endian
ALLOW, KILL, ERROR = 0x7FFF0000, 0x80000000, 0x00050000  # SECCOMP_RET_*
NO_SUCH_CALL, NOT_PERMITTED = ERROR | errno.ENOSYS, ERROR | errno.EACCES
Instruction = tuple[int, int, int, int]  # code, jump if true, jump if false, constant


def is_known(machine: str) -> bool:
    """Whether there is a filter for a machine, as platform.machine() names it."""
    return machine in MACHINES


@functools.cache
def program(machine: str, *, read_only: bool) -> bytes:
    """The filter as an array of struct sock_filter {u16 code; u8 jt; u8 jf; u32 k}, in the byte order of this machine.

    read_only: whether files may be opened for reading only.
    """
    column, architecture = MACHINES[machine]
    code: list[Instruction] = [(LOAD, 0, 0, ARCHITECTURE), (JUMP_IF_EQUAL, 1, 0, architecture), (RETURN, 0, 0, KILL)]
    code.append((LOAD, 0, 0, NUMBER))
    for numbers in CALLS.values():
        code += _where(numbers[column], [])
    for name, (numbers, conditions) in (CONDITIONAL | OPEN).items():
        met = () if name in OPEN and not read_only else conditions
        code += _where(numbers[column], [step for condition in met for step in _unless(condition)])
    code.append((RETURN, 0, 0, NO_SUCH_CALL))
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in code)


def _where(number: int | None, checks: list[Instruction]) -> list[Instruction]:
    """Let this call pass that does not end in one of the checks."""
    if number is None:
        return []
    return [(JUMP_IF_EQUAL, 0, len(checks) + 1, number), *checks, (RETURN, 0, 0, ALLOW)]


def _unless(condition: Condition) -> list[Instruction]:
    """End the call unless a condition is met."""
    load = (LOAD, 0, 0, ARGUMENTS + 4 * condition.word)
    if condition.no_bits:
        return [load, (JUMP_IF_BITS, 0, 1, condition.no_bits), (RETURN, 0, 0, NOT_PERMITTED)]
    most = len(condition.one_of)
    jumps = [(JUMP_IF_EQUAL, most - i, 0, value) for i, value in enumerate(condition.one_of)]
    return [load, *jumps, (RETURN, 0, 0, NO_SUCH_CALL)]
