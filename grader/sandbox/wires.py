"""Both ways of a worker's pipes, under deadlines: what is sent to it, and what it says.

Where the system can say which pipes are ready (select), nothing else is needed. On Windows it cannot say so of pipes:
there a thread for each way waits in the place of the caller.
"""

from __future__ import annotations

import contextlib
import os
import queue
import select
import sys
import threading
import time
from typing import Protocol

REST_SECONDS = 0.5
AT_ONCE = 64 * 1024  # bytes that a thread reads


class Wire(Protocol):
    """Both ways, seen from the trusted end."""

    def send(self, data: bytes, seconds: float) -> None:
        """Send all of it. TimeoutError where it does not take it in time, BrokenPipeError where it has ended."""

    def receive(self, most: int, seconds: float) -> bytes | None:
        """What has come, as soon as something has: b"" where nothing can come any more, None where nothing came."""

    def rest(self, descriptor: int) -> bytes:
        """What there is to be read at another descriptor of it by now."""

    def close(self) -> None:
        """Nothing is sent or received any more: the worker has ended."""


class Selecting:
    """By select, in the caller's own thread."""

    def __init__(self, stdin: int, stdout: int) -> None:
        self._in, self._out = stdin, stdout
        os.set_blocking(self._in, False)

    def send(self, data: bytes, seconds: float) -> None:
        end = time.monotonic() + seconds
        while data:
            try:
                data = data[os.write(self._in, data) :]
            except BlockingIOError:  # the pipe is full: wait until there is room
                if not select.select([], [self._in], [], max(0.0, end - time.monotonic()))[1]:
                    raise TimeoutError from None

    def receive(self, most: int, seconds: float) -> bytes | None:
        if not select.select([self._out], [], [], seconds)[0]:
            return None
        return os.read(self._out, most)

    def rest(self, descriptor: int) -> bytes:
        os.set_blocking(descriptor, False)
        with contextlib.suppress(BlockingIOError):
            return os.read(descriptor, AT_ONCE)
        return b""

    def close(self) -> None:
        pass


class Threaded:
    """By a thread for each way. They end when the pipes do, which is when the worker ends."""

    def __init__(self, stdin: int, stdout: int) -> None:
        self._in, self._out = stdin, stdout
        self._came: queue.Queue[bytes] = queue.Queue(maxsize=16)  # then the worker has to wait
        self._buffer = b""
        self._has_ended = False
        self._to_send: queue.Queue[bytes] = queue.Queue()
        self._sent: queue.Queue[OSError | None] = queue.Queue()
        for work in (self._read, self._write):
            threading.Thread(target=work, daemon=True).start()

    def send(self, data: bytes, seconds: float) -> None:
        self._to_send.put(data)
        try:
            error = self._sent.get(timeout=max(0.0, seconds))
        except queue.Empty:
            raise TimeoutError from None
        if error is not None:  # Windows has several numbers for a pipe that nobody reads
            raise BrokenPipeError from error

    def receive(self, most: int, seconds: float) -> bytes | None:
        if not self._buffer and not self._has_ended:
            try:
                self._buffer = self._came.get(timeout=seconds) if seconds > 0 else self._came.get_nowait()
            except queue.Empty:
                return None
            self._has_ended = not self._buffer
        data, self._buffer = self._buffer[:most], self._buffer[most:]
        return data

    def rest(self, descriptor: int) -> bytes:
        said: queue.Queue[bytes] = queue.Queue()
        threading.Thread(target=lambda: said.put(_read(descriptor)), daemon=True).start()
        with contextlib.suppress(queue.Empty):
            return said.get(timeout=REST_SECONDS)
        return b""

    def close(self) -> None:
        self._to_send.put(b"")

    def _read(self) -> None:
        while data := _read(self._out):
            self._came.put(data)
        self._came.put(b"")

    def _write(self) -> None:
        while data := self._to_send.get():
            try:
                while data:
                    data = data[os.write(self._in, data) :]
                self._sent.put(None)
            except OSError as error:
                self._sent.put(error)
                return


def _read(descriptor: int) -> bytes:
    """What comes next; nothing where the other end is gone, or this one has been closed."""
    try:
        return os.read(descriptor, AT_ONCE)
    except OSError:
        return b""


class Ends(Protocol):
    """This end of a worker's pipes."""

    stdin: int
    stdout: int


def wire(process: Ends) -> Wire:
    """The one for this system."""
    if sys.platform == "emscripten":  # there are no pipes: the process is its own wire
        from grader.sandbox.browser import Beside

        assert isinstance(process, Beside)
        return process
    stdin, stdout = process.stdin, process.stdout
    return Threaded(stdin, stdout) if os.name == "nt" else Selecting(stdin, stdout)
