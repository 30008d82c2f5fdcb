"""Gives up, for good, what learner code must not have: Landlock for files, a system call filter for all else.

Runs in the worker, before any learner code, where no bubblewrap did it from outside. Numbers and structures are those
of linux/landlock.h, linux/prctl.h and linux/seccomp.h; the system calls of Landlock have the same numbers everywhere.
"""

from __future__ import annotations

import ctypes
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
RULESET_VERSION, PATH_BENEATH = 1, 1
READ_FILE, READ_DIR = 1 << 2, 1 << 3
# The highest right to files that each version of Landlock knows.
FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
PR_SET_PDEATHSIG, SIGKILL = 1, 9
PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS, SECCOMP_MODE_FILTER = 22, 38, 2


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (("allowed_access", ctypes.c_uint64), ("parent_fd", ctypes.c_int32))


class _Program(ctypes.Structure):
    _fields_ = (("len", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def lock(readable: Iterable[str], listable: Iterable[str], filter: bytes) -> None:  # noqa: A002 - as the kernel calls it
    """Keep the right to read these paths, to list these folders, and to make the calls that the filter lets through.

    OSError where the kernel does not have it.
    """
    libc = ctypes.CDLL(None, use_errno=True)

    def call(function: str, *arguments: object) -> int:
        result: int = getattr(libc, function)(*arguments)
        if result < 0:
            raise OSError(ctypes.get_errno(), f"{function}: {os.strerror(ctypes.get_errno())}")
        return result

    call("prctl", PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0)  # the filter lets nobody undo it
    call("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    version = call("syscall", CREATE_RULESET, None, 0, RULESET_VERSION)
    handled = ctypes.c_uint64((1 << FILE_RIGHTS.get(version, max(FILE_RIGHTS.values()))) - 1)
    ruleset = call("syscall", CREATE_RULESET, ctypes.byref(handled), ctypes.sizeof(handled), 0)
    for paths, rights in ((readable, READ_FILE | READ_DIR), (listable, READ_DIR)):
        for path in paths:
            descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
            is_folder = os.path.isdir(descriptor)  # noqa: PTH112 - no pathlib in here
            rule = _PathBeneath(rights if is_folder else READ_FILE, descriptor)
            call("syscall", ADD_RULE, ruleset, PATH_BENEATH, ctypes.byref(rule), 0)
            os.close(descriptor)
    call("syscall", RESTRICT_SELF, ruleset, 0)
    os.close(ruleset)
    program = _Program(len(filter) // 8, filter)
    call("prctl", PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0)
