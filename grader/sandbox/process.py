"""One worker process: requests out, checked replies in, under deadlines."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import time
from collections.abc import Sequence
from typing import Any

from grader import messages
from grader.errors import GraderError, LearnerFault
from grader.sandbox import protocol
from grader.sandbox.confine import ENVIRONMENT

HELLO_SECONDS = 30.0  # wall-clock seconds for an interpreter to start on a busy machine
IDLE_SECONDS = 3.0  # wall-clock seconds beyond the CPU limit: for code that sleeps, or a machine that is busy

_encode = json.JSONEncoder(ensure_ascii=False).encode  # made once, not for every request


class WorkerProcess:
    """A worker: it starts while the caller goes on, and the first request waits for it."""

    def __init__(self, command: Sequence[str]) -> None:
        self._requests = 0
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=ENVIRONMENT,
                cwd="/" if os.name == "posix" else None,
                start_new_session=True,
                bufsize=0,
            )
        except OSError as error:
            raise GraderError(messages.NO_WORKER.format(why=error)) from error
        assert self._process.stdin and self._process.stdout
        self._in = self._process.stdin.fileno()
        self._out = self._process.stdout.fileno()
        os.set_blocking(self._in, False)
        self._greeted = False

    def request(self, op: str, key: str, cpu_seconds: float, **fields: Any) -> Any | protocol.Raised:
        """Send one request; the value under key of its reply, or the exception that the learner's code raised.

        LearnerFault where there is no proper reply within cpu_seconds of the worker's CPU time.
        """
        if not self._greeted:
            self._await_hello()
        self._requests += 1
        # With every character as it is (no surrogate pairs), JSON is a Python expression too: the worker reads it so.
        request = _encode({"id": self._requests, "op": op, **fields})
        self._send(request.encode(errors="replace") + b"\n", cpu_seconds + IDLE_SECONDS)
        return protocol.take(protocol.parse_reply(self._line(cpu_seconds)), self._requests, key)

    def _await_hello(self) -> None:
        """GraderError if the worker does not say hello: it comes before any learner code."""
        try:
            hello = protocol.parse_reply(self._line(HELLO_SECONDS))
        except LearnerFault:
            hello = {}
        if set(hello) != {"hello"}:
            assert self._process.stderr
            os.set_blocking(self._process.stderr.fileno(), False)
            said = (self._process.stderr.read() or b"").decode(errors="replace").strip().splitlines()
            self.kill()
            raise GraderError(messages.NO_WORKER.format(why=said[-1] if said else messages.NO_HELLO))
        self._greeted = True

    def kill(self) -> None:
        """End the process and all that it started, and wait until it is gone."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe is not None:
                pipe.close()

    def _send(self, data: bytes, seconds: float) -> None:
        end = time.monotonic() + seconds
        try:
            while data:
                try:
                    data = data[os.write(self._in, data) :]
                except BlockingIOError:  # the pipe is full: wait until there is room
                    _, writable, _ = select.select([], [self._in], [], max(0.0, end - time.monotonic()))
                    if not writable:
                        raise LearnerFault("timeout", messages.TIMEOUT.format(seconds=seconds)) from None
        except BrokenPipeError:
            raise self._death() from None

    def _line(self, cpu_seconds: float) -> bytes:
        """The bytes up to a newline, which must be the last ones that are there."""
        end = time.monotonic() + cpu_seconds + IDLE_SECONDS
        cpu_end = self._cpu_seconds() + cpu_seconds
        wait = cpu_seconds
        data = b""
        while True:
            readable, _, _ = select.select([self._out], [], [], wait)
            if readable:
                more = os.read(self._out, protocol.MAX_LINE)
                if not more:
                    raise self._death()
                data += more
                if len(data) > protocol.MAX_LINE:
                    raise protocol.nonsense("a reply that is too long")
            if data.endswith(b"\n"):
                break
            wait = min(end - time.monotonic(), max(cpu_end - self._cpu_seconds(), 0.0) + 0.01)
            if wait < 0 or (not readable and self._cpu_seconds() >= cpu_end):
                raise LearnerFault("timeout", messages.TIMEOUT.format(seconds=cpu_seconds))
        if data.count(b"\n") > 1:
            raise protocol.nonsense("more than one reply")
        return data[:-1]

    def _cpu_seconds(self) -> float:
        """CPU seconds that the worker has used; where the system does not tell, the time that went by."""
        try:
            # The CPU clock of another process, as clock_getcpuclockid(3) makes its number.
            return time.clock_gettime((~self._process.pid << 3) | 2)
        except (AttributeError, OSError, OverflowError):
            return time.monotonic()

    def _death(self) -> LearnerFault:
        try:
            status = self._process.wait(1.0)
        except subprocess.TimeoutExpired:  # it closed its end and lives on
            return LearnerFault("protocol", messages.PROTOCOL.format(what="no reply"))
        if status >= 0:
            return LearnerFault("crash", messages.ENDED.format(status=status))
        names = {number.value: number.name for number in signal.Signals}
        return LearnerFault("crash", messages.KILLED.format(signal=names.get(-status, -status)))
