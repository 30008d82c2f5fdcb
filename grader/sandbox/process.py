"""One worker process: requests out, checked replies in, under deadlines."""

from __future__ import annotations

import contextlib
import functools
import json
import marshal
import math
import random
import signal
import sys
import time
import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from grader.base import messages
from grader.base.errors import Fault, GraderError, LearnerFault
from grader.sandbox import protocol
from grader.sandbox.fresh import Fresh, what_went_wrong
from grader.sandbox.inside import probes
from grader.sandbox.levels import RESOURCE_LIMITS, WORKER, Level
from grader.sandbox.wires import wire

HELLO_SECONDS = 30.0  # wall-clock seconds for an interpreter to start on a busy machine
# Where nobody tells how much CPU time a worker has used, the clock on the wall does; and WebAssembly is slower.
SLOWER, SLOWER_AT_MOST = (2, 4.0) if sys.platform == "emscripten" else (1, 0.0)
IDLE_SECONDS = 3.0  # wall-clock seconds beyond the CPU limit: for code that sleeps, or a machine that is busy

_secret = random.SystemRandom().getrandbits
_encode = json.JSONEncoder(ensure_ascii=False).encode  # made once, not for every request


@functools.lru_cache(5_000)
def compiled(script: str, reads: tuple[str, ...]) -> types.CodeType:
    """A probe, ready to be answered: by the reference in this process as well."""
    return probes.compiled(script, reads)


@functools.lru_cache(5_000)
def _code(script: str, reads: tuple[str, ...]) -> str:
    """A probe as the worker takes it. It runs the same Python, and is spared compiling what others were asked too."""
    return marshal.dumps(compiled(script, reads)).hex()


class Process(Protocol):
    """How a worker runs: fresh.py, job.py, forking.py, browser.py. stdin, stdout, stderr: descriptors of this end."""

    stdin: int
    stdout: int
    stderr: int

    def find(self) -> int:
        """Its number, once it has begun. GraderError where it does not begin."""

    def wait(self, seconds: float) -> int | None:
        """Its exit status, minus a signal's number where one has ended it; None if it has not ended by then."""

    def cpu_seconds(self) -> float | None:
        """CPU seconds that it has used; None where the system does not tell, and when it has ended."""

    def stop(self) -> None:
        """End it, if it has begun, and all that it started."""

    def kill(self) -> None:
        """The same, and wait until it is gone."""


def _start(level: Level, begins: str, limits: Mapping[str, int]) -> Process:
    if sys.platform == "emscripten":
        from grader.sandbox.browser import Beside

        return Beside(begins)
    if sys.platform == "win32":
        from grader.sandbox.job import InJob

        return InJob(level, begins, limits)
    if not level.is_sandbox:
        return Fresh(level, begins)
    from grader.sandbox import forking  # not on every system

    return forking.begin_worker(level, begins)


class WorkerProcess:
    """A worker: it starts while the caller goes on, and the first request waits for it.

    canaries: canary -> why it was impossible, or "" where it was possible; known once the worker has said hello.
    """

    begins = WORKER
    limits: Mapping[str, int] = RESOURCE_LIMITS

    def __init__(self, level: Level, canaries: Mapping[str, Any], deadline: float = math.inf) -> None:
        """GraderError where the system does not start it at all. deadline: of time.monotonic, for every answer."""
        self._deadline = deadline
        self.canaries: dict[str, str] = {}
        self._level = level
        self._greeted = False
        self._process = _start(level, self.begins, self.limits)
        self._wire = wire(self._process)
        with contextlib.suppress(LearnerFault, GraderError):  # then there will be no hello
            settings = replace(level.settings(canaries), limits=self.limits).lasting(deadline - time.monotonic())
            self._send(settings.line() + b"\n", HELLO_SECONDS)

    def request(self, op: str, key: str, cpu_seconds: float, **fields: Any) -> Any | protocol.Raised:
        """Send one request; the value under key of its reply, or the exception that the learner's code raised.

        LearnerFault where there is no proper reply within cpu_seconds of the worker's CPU time.
        """
        self._begin(number := _secret(53), {"op": op, **fields}, cpu_seconds)
        return protocol.take(protocol.parse_reply(self._line(cpu_seconds, self._deadline)), number, key)

    def probe(
        self, script: str, reads: Sequence[str], cpu_seconds: float, meanwhile: Callable[[], object] | None = None
    ) -> Any | protocol.Raised:
        """Put one probe: its answers, of any shape, or what was raised. LearnerFault as in request.

        meanwhile: called while the worker works.
        """
        request = {"op": "probe", "code": _code(script, tuple(reads))}
        self._begin(number := _secret(53), request, cpu_seconds)
        line = self._line(cpu_seconds, self._deadline, meanwhile)
        return protocol.take(protocol.parse_reply(line), number, "answers")

    def _begin(self, number: int, request: Mapping[str, Any], cpu_seconds: float) -> None:
        """Send a request with a number that nobody can know: nobody can answer a question before it is asked."""
        self.await_hello()
        early = self._wire.receive(1, 0)
        if early is not None:
            raise protocol.nonsense("a reply before the question") if early else self._death()
        # With every character as it is (no surrogate pairs), JSON is a Python expression too: the worker reads it so.
        line = _encode({"id": number, **request})
        self._send(line.encode(errors="replace") + b"\n", cpu_seconds + IDLE_SECONDS)

    def await_hello(self) -> None:
        """GraderError if the worker does not say hello, or not from within a sandbox: no learner code has run yet."""
        if self._greeted:
            return
        try:
            self._greet()
        except GraderError:
            self.kill()
            raise
        self._greeted = True

    def _greet(self) -> None:
        self._process.find()
        try:
            hello = protocol.parse_reply(self._line(HELLO_SECONDS, math.inf))
        except LearnerFault:
            hello = {}
        if set(hello) != {"hello", "canaries"}:
            said = self._wire.rest(self._process.stderr)
            raise GraderError(messages.NO_WORKER.format(why=what_went_wrong(said) or messages.NO_HELLO))
        self.canaries = hello["canaries"]
        possible = [name for name, why_not in self.canaries.items() if not why_not]
        if self._level.is_sandbox and (possible or not self.canaries):
            raise GraderError(messages.LEAKS.format(level=self._level.name, canaries=", ".join(possible)))

    def stop(self) -> None:
        """From another thread: end the process and all that it started. Whoever waits for its answer is told."""
        self._process.stop()

    def kill(self) -> None:
        """End the process and all that it started, and wait until it is gone."""
        self._process.kill()
        self._wire.close()

    def _send(self, data: bytes, seconds: float) -> None:
        try:
            self._wire.send(data, seconds)
        except TimeoutError:
            raise LearnerFault(Fault.TIMEOUT, messages.TIMEOUT.format(seconds=seconds)) from None
        except BrokenPipeError:
            raise self._death() from None

    def _line(self, cpu_seconds: float, deadline: float, meanwhile: Callable[[], object] | None = None) -> bytes:
        """The bytes up to a newline, which must be the last ones that are there."""
        told = cpu_seconds
        cpu_seconds = max(told, min(told * SLOWER, SLOWER_AT_MOST))
        cpu_begin = self._process.cpu_seconds()
        if meanwhile is not None:
            meanwhile()
        begin = time.monotonic()
        end = min(begin + cpu_seconds + IDLE_SECONDS, deadline)
        wait = max(0.0, min(cpu_seconds, end - begin))
        data = b""
        while True:
            more = self._wire.receive(protocol.MAX_LINE, wait)
            if more is not None:
                if not more:
                    raise self._death()
                data += more
                if len(data) > protocol.MAX_LINE:
                    raise protocol.nonsense("a reply that is too long")
            now, cpu_now = time.monotonic(), self._process.cpu_seconds()
            if cpu_begin is None:
                cpu_left = begin + cpu_seconds - now
            else:
                cpu_left = (
                    cpu_begin + cpu_seconds - (cpu_now or cpu_begin)
                )  # when a process has ended, so has its clock
            wait = min(end - now, max(cpu_left, 0.0) + 0.01)
            if wait < 0 or cpu_left <= 0:  # an answer that comes too late is none, even if it has begun in time
                raise LearnerFault(Fault.TIMEOUT, messages.TIMEOUT.format(seconds=told))
            if data.endswith(b"\n"):
                break
        if data.count(b"\n") > 1:
            raise protocol.nonsense("more than one reply")
        return data[:-1]

    def _death(self) -> LearnerFault:
        status = self._process.wait(1.0)
        if status is None:  # it closed its end and lives on
            return LearnerFault(Fault.PROTOCOL, messages.PROTOCOL.format(what="no reply"))
        if status >= 0:
            return LearnerFault(Fault.CRASH, messages.ENDED.format(status=status))
        names = {number.value: number.name for number in signal.Signals}
        return LearnerFault(Fault.CRASH, messages.KILLED.format(signal=names.get(-status, -status)))
