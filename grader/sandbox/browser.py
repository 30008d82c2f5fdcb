"""A worker in a browser: another Web Worker, or another Python in this one. It is process and wire in one.

JavaScript does what there is to do (site/engine/channels.js): it is this module, which site/engine/grader.js registers.
"""

from __future__ import annotations

import time

import mg_grade_channels as channels  # type: ignore[import-not-found]  # only in a browser

from grader.base import messages
from grader.base.errors import GraderError
from grader.sandbox.levels import WORKER


class Beside:
    """One worker, as WorkerProcess takes it: it has no descriptors, and no clock but the one on the wall."""

    stdin = stdout = stderr = -1

    def __init__(self, begins: str) -> None:
        if begins != WORKER:  # a reader of archives: what is handed in here is text
            raise GraderError(messages.NO_WORKER.format(why=begins))
        self._channel = channels.begin()
        self._came = b""

    def find(self) -> int:
        """Its number."""
        return int(self._channel.number)

    def wait(self, seconds: float) -> int | None:
        """Its exit status, minus a signal's number where it crashed; None if it has not ended by then."""
        end = time.monotonic() + seconds
        while self._channel.status is None and time.monotonic() < end:
            time.sleep(0.01)
        status = self._channel.status
        return None if status is None else int(status)

    def cpu_seconds(self) -> None:
        """Nobody tells."""

    def stop(self) -> None:
        """End it: at once where it works on something, else it is cleared for the next."""
        self._channel.end()

    def kill(self) -> None:
        self.stop()

    def send(self, data: bytes, seconds: float) -> None:  # noqa: ARG002 - it takes no time
        """As Wire has it: a message waits for whoever takes it."""
        if not self._channel.send(data.decode()):
            raise BrokenPipeError

    def receive(self, most: int, seconds: float) -> bytes | None:
        """As Wire has it."""
        if not self._came:
            text = self._channel.receive(max(0.0, seconds))
            if text is None:
                return None
            self._came = text.encode()
        data, self._came = self._came[:most], self._came[most:]
        return data

    def rest(self, descriptor: int) -> bytes:  # noqa: ARG002 - it has none
        """Why it did not begin."""
        return str(self._channel.why).encode()

    def close(self) -> None:
        pass
