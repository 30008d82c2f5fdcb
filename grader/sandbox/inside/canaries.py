"""Tries what must be impossible in a sandbox, before any learner code is there to try it.

Each canary answers why it did not come about, or nothing where it did.
"""

from __future__ import annotations

import errno
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


def try_all(read: list[str], write: list[str], grader: int) -> dict[str, str]:
    """Canary -> why it was impossible, or "" where it was possible.

    read: files that must not be read; write: folders that must not be written to; grader: a process that must not be
    signalled.
    """
    return {
        "read": _why_not(_read, *read),
        "write": _why_not(_write, *write),
        "process": _why_not(_fork, None),
        "network": _why_not(_socket, None),
        "signal": _why_not(_signal, grader),
    }


def _why_not(attempt: Callable[[Any], None], *targets: object) -> str:
    """The last failure, if it fails with all targets."""
    why = ""
    for target in targets:
        try:
            attempt(target)
        except (OSError, AttributeError, ImportError) as error:
            why = getattr(error, "strerror", None) or "not on this system"
        else:
            return ""
    return why


def _read(path: str) -> None:
    os.close(os.open(path, os.O_RDONLY))


def _write(folder: str) -> None:
    path = f"{folder}/mg-grade-canary-{os.getpid()}"
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL))
    os.remove(path)  # noqa: PTH107 - no pathlib in here


def _fork(_: None) -> None:
    if os.name == "nt":
        os.spawnv(os.P_WAIT, sys.executable, [sys.executable, "-c", "pass"])  # noqa: S606 - itself
        return
    child = os.fork()
    if not child:
        os._exit(0)
    os.waitpid(child, 0)


def _socket(_: None) -> None:
    import _socket  # socket itself would bring in a dozen modules

    _socket.socket(_socket.AF_INET, _socket.SOCK_DGRAM).close()


def _signal(process: int) -> None:
    if os.name == "nt":  # where a signal 0 is Ctrl-C
        from .integrity import can_end

        if not can_end(process):
            raise OSError(errno.EACCES, os.strerror(errno.EACCES))
        return
    os.kill(process, 0)
