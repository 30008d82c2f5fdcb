"""Notices that a file of a folder has changed: at once where the system tells (watchfiles), else by looking often.

What has changed is always found by looking; an event only says when to look. So a file system without events, or a
machine without the library (the extra "watch"), costs time and nothing else, as does a folder that is made later.
"""

from __future__ import annotations

import contextlib
import select
import socket
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from grader.intake.tree import Refused, walk
from grader.sandbox.inside.reading.kinds import is_taken

LOOK_SECONDS = 0.1  # between two looks
LOOK_SECONDS_WITH_EVENTS = 1.0  # the same, where events are expected
SETTLE_SECONDS = 0.02  # an editor may write a file in several steps

Signature = dict[str, tuple[int, int, int]]


class Waitable(Protocol):
    """What select takes: on Windows sockets alone."""

    def fileno(self) -> int: ...


class Changes:
    """The files of a folder that a submission is read from, watched."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen = self._look()
        self._event, self._signal = socket.socketpair()  # every system can wait for those
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Listen no more."""
        self._stop.set()
        self._thread.join(2.0)
        if not self._thread.is_alive():  # else it still holds its end
            self._signal.close()
            self._event.close()

    def wait(self, also: Iterable[Waitable | int]) -> set[str]:
        """Wait until files have changed, or until one of these can be read: the paths of the files, from
        the folder, or nothing."""
        others = list(also)
        while True:
            seconds = LOOK_SECONDS_WITH_EVENTS if self._thread.is_alive() else LOOK_SECONDS
            readable, _, _ = select.select([self._event, *others], [], [], seconds)
            if self._event in readable:
                self._event.recv(4096)
            changed = self._changed()
            if changed or set(others) & set(readable):
                return changed

    def _changed(self) -> set[str]:
        now = self._look()
        changed: set[str] = set()
        while now != self._seen:
            changed |= {path for path, _ in self._seen.items() ^ now.items()}
            self._seen = now
            threading.Event().wait(SETTLE_SECONDS)
            now = self._look()
        return changed

    def _look(self) -> Signature:
        """Every file of a kind that is graded: when it was changed, its size and its number."""
        found: Signature = {}
        with contextlib.suppress(OSError, Refused):  # the folder is being changed just now: the next look will tell
            for path in filter(is_taken, walk(self._folder)):
                with contextlib.suppress(OSError):
                    status = (self._folder / path).lstat()
                    found[path.as_posix()] = status.st_mtime_ns, status.st_size, status.st_ino
        return found

    def _listen(self) -> None:
        """Signal every event of the system, for as long as it sends any."""
        try:
            from watchfiles import watch

            # Folder by folder: with all below it, it would follow links, to the ends of the disk.
            folders = {self._folder, *((self._folder / path).parent for path in self._seen)}
            for _ in watch(
                *folders,
                watch_filter=None,
                debounce=10,
                step=5,
                stop_event=self._stop,
                recursive=False,
                raise_interrupt=False,
            ):
                self._signal.send(b".")
        except Exception:  # noqa: BLE001 - not installed, or out of watches: looking will do
            return
