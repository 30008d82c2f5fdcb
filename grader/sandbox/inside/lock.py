"""Gives up, for good, what learner code must not have: Landlock for files, capabilities, and a system call filter.

Runs in the fork server and in its workers, before any learner code. Numbers and structures are those of
linux/landlock.h, linux/prctl.h, linux/capability.h, linux/sched.h and linux/seccomp.h; the system calls of Landlock
have the same numbers everywhere.
"""

from __future__ import annotations

import ctypes
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
RULESET_VERSION, PATH_BENEATH = 1, 1
READ_FILE, READ_DIR, MAKE_BLOCK = 1 << 2, 1 << 3, 1 << 11
# The highest right to files that each version of Landlock knows.
FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
PR_SET_PDEATHSIG, SIGKILL = 1, 9
PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS, SECCOMP_MODE_FILTER = 22, 38, 2
CLONE_NEWPID = 0x20000000
CAPABILITY_VERSION_3 = 0x20080522

_libc = ctypes.CDLL(None, use_errno=True)
_own_namespace: int | None = None  # a pidfd of the fork server, where its workers get process namespaces of their own
_server = 0


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (("allowed_access", ctypes.c_uint64), ("parent_fd", ctypes.c_int32))


class _Program(ctypes.Structure):
    _fields_ = (("len", ctypes.c_ushort), ("filter", ctypes.c_char_p))


class _Capabilities(ctypes.Structure):
    """struct __user_cap_header_struct and two struct __user_cap_data_struct, of which there are none."""

    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int), ("sets", ctypes.c_uint32 * 6))


def _call(function: str, *arguments: object) -> int:
    result: int = getattr(_libc, function)(*arguments)
    if result < 0:
        raise OSError(ctypes.get_errno(), f"{function}: {os.strerror(ctypes.get_errno())}")
    return result


def landlock(readable: Iterable[str], listable: Iterable[str]) -> None:
    """Keep the right to read these paths and to list these folders. OSError where the kernel does not have it."""
    _call("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    version = _call("syscall", CREATE_RULESET, None, 0, RULESET_VERSION)
    _restrict((1 << FILE_RIGHTS.get(version, max(FILE_RIGHTS.values()))) - 1, readable, listable)


def _restrict(rights_lost: int, readable: Iterable[str], listable: Iterable[str]) -> None:
    """Lose these rights to all files, but for reading and listing some."""
    handled = ctypes.c_uint64(rights_lost)
    ruleset = _call("syscall", CREATE_RULESET, ctypes.byref(handled), ctypes.sizeof(handled), 0)
    for paths, rights in ((readable, READ_FILE | READ_DIR), (listable, READ_DIR)):
        for path in paths:
            descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
            is_folder = os.path.isdir(descriptor)  # noqa: PTH112 - no pathlib in here
            rule = _PathBeneath(rights if is_folder else READ_FILE, descriptor)
            _call("syscall", ADD_RULE, ruleset, PATH_BENEATH, ctypes.byref(rule), 0)
            os.close(descriptor)
    _call("syscall", RESTRICT_SELF, ruleset, 0)
    os.close(ruleset)


def prepare(namespaces: bool) -> None:
    """Get ready to fork. namespaces: whether to give each worker a process namespace of its own, where that goes."""
    global _own_namespace, _server
    _server = os.getpid()
    if namespaces:
        own = os.pidfd_open(_server)
        try:
            _call("setns", own, CLONE_NEWPID)  # kernels before 5.8 cannot: there the filter alone keeps signals in
        except OSError:
            os.close(own)
        else:
            _own_namespace = own


def fork() -> int:
    """A copy of this process, in the copy 0; the copy ends when this process does."""
    if _own_namespace is None:
        process = os.fork()
    else:
        _call("unshare", CLONE_NEWPID)  # of the children that come from here on
        process = -1
        try:
            process = os.fork()
        finally:
            if process:
                _call("setns", _own_namespace, CLONE_NEWPID)
    if not process:
        _call("prctl", PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0)  # the filter lets nobody undo it
        if _own_namespace is None and os.getppid() != _server:
            os._exit(0)
    return process


def lock(filter: bytes, landlocked: bool) -> None:  # noqa: A002 - as the kernel calls it
    """Keep the right to make the calls that the filter lets through, and nothing that others of the fork server have.

    landlocked: whether Landlock confines it. Then it takes a domain of its own, so that /proc shows it nothing of other
    workers; else it gives up all capabilities.
    """
    if landlocked:
        _restrict(MAKE_BLOCK, (), ())
    else:
        none = _Capabilities(CAPABILITY_VERSION_3)
        _call("capset", ctypes.byref(none), ctypes.byref(none, _Capabilities.sets.offset))
    _call("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    program = _Program(len(filter) // 8, filter)
    _call("prctl", PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0)
