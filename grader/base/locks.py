"""Locks of files: one process at a time, on every system."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

RETRY_SECONDS = 0.05


def try_lock(file: IO[str]) -> bool:
    """Lock an open file until it is closed; False where somebody else has locked it, or it cannot be locked."""
    try:
        _lock(file.fileno())
    except OSError:
        return False
    return True


@contextlib.contextmanager
def locked(folder: Path, name: str) -> Iterator[None]:
    """Wait until nobody else has locked a folder, and lock it meanwhile, where the system and its file system can.

    name: of the file in it by which others know, where a folder cannot be locked itself.
    """
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):
            if os.name == "nt":
                file = stack.enter_context((folder / name).open("w"))
                while not try_lock(file):
                    time.sleep(RETRY_SECONDS)
            else:
                import fcntl

                descriptor = os.open(folder, os.O_RDONLY)
                stack.callback(os.close, descriptor)
                fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield


def _lock(descriptor: int) -> None:
    """OSError where it is locked."""
    if os.name == "nt":
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]  # of Windows alone
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
