"""One worker process: requests out, checked replies in, under deadlines."""

from __future__ import annotations

import contextlib
import functools
import json
import marshal
import math
import os
import secrets
import select
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from typing import Any

from grader.base import messages
from grader.base.errors import Fault, GraderError, LearnerFault
from grader.sandbox import protocol
from grader.sandbox.inside import probes
from grader.sandbox.levels import ENVIRONMENT, Level, Start

HELLO_SECONDS = 30.0  # wall-clock seconds for an interpreter to start on a busy machine
IDLE_SECONDS = 3.0  # wall-clock seconds beyond the CPU limit: for code that sleeps, or a machine that is busy

_encode = json.JSONEncoder(ensure_ascii=False).encode  # made once, not for every request


@functools.lru_cache(5_000)
def _code(script: str, reads: tuple[str, ...]) -> str:
    """A probe as the worker takes it. It runs the same Python, and is spared compiling what others were asked too."""
    return marshal.dumps(probes.compiled(script, reads)).hex()


class WorkerProcess:
    """A worker: it starts while the caller goes on, and the first request waits for it.

    canaries: canary -> why it was impossible, or "" where it was possible; known once the worker has said hello.
    """

    def __init__(self, level: Level, canaries: Mapping[str, Any], deadline: float = math.inf) -> None:
        """GraderError where the system does not start it at all. deadline: of time.monotonic, for every answer."""
        self._deadline = deadline
        self.canaries: dict[str, str] = {}
        self._level = level
        self._greeted = False
        self._pid = 0
        self._pid_from: int | None = None
        self._pid_descriptor: int | None = None
        start = Start(())
        try:
            start = level.start(canaries)
            self._pid_from = start.pid_from
            self._process = subprocess.Popen(
                start.command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=ENVIRONMENT,
                cwd="/" if os.name == "posix" else None,
                start_new_session=True,
                pass_fds=start.pass_fds,
                bufsize=0,
            )
        except OSError as error:
            self._close(self._pid_from)
            raise GraderError(messages.NO_WORKER.format(why=error)) from error
        finally:
            self._close(*start.pass_fds)
        assert self._process.stdin and self._process.stdout
        self._in = self._process.stdin.fileno()
        self._out = self._process.stdout.fileno()
        os.set_blocking(self._in, False)
        with contextlib.suppress(LearnerFault):  # then there will be no hello
            settings = start.settings.lasting(deadline - time.monotonic())
            self._send(settings.line() + b"\n", HELLO_SECONDS)

    def request(self, op: str, key: str, cpu_seconds: float, **fields: Any) -> Any | protocol.Raised:
        """Send one request; the value under key of its reply, or the exception that the learner's code raised.

        LearnerFault where there is no proper reply within cpu_seconds of the worker's CPU time.
        """
        self.await_hello()
        if select.select([self._out], [], [], 0)[0]:
            raise protocol.nonsense("a reply before the question")
        number = secrets.randbits(53)  # nobody can answer a question before it is asked
        # With every character as it is (no surrogate pairs), JSON is a Python expression too: the worker reads it so.
        request = _encode({"id": number, "op": op, **fields})
        self._send(request.encode(errors="replace") + b"\n", cpu_seconds + IDLE_SECONDS)
        return protocol.take(protocol.parse_reply(self._line(cpu_seconds, self._deadline)), number, key)

    def probe(self, script: str, reads: Sequence[str], cpu_seconds: float) -> Any | protocol.Raised:
        """Put one probe: its answers, of any shape, or what was raised. LearnerFault as in request."""
        return self.request("probe", "answers", cpu_seconds, code=_code(script, tuple(reads)))

    def await_hello(self) -> None:
        """GraderError if the worker does not say hello, or not from within a sandbox: no learner code has run yet."""
        if self._greeted:
            return
        try:
            hello = protocol.parse_reply(self._line(HELLO_SECONDS, math.inf))
        except LearnerFault:
            hello = {}
        if set(hello) != {"hello", "canaries"}:
            assert self._process.stderr
            os.set_blocking(self._process.stderr.fileno(), False)
            said = (self._process.stderr.read() or b"").decode(errors="replace").strip().splitlines()
            self.kill()
            errors = [line for line in said if "rror" in line] or said or [messages.NO_HELLO]
            raise GraderError(messages.NO_WORKER.format(why=errors[-1]))
        self.canaries = hello["canaries"]
        try:
            self._find_worker()
        except (OSError, ValueError, AttributeError) as error:  # it has ended, or the system has no pidfd_open
            self.kill()
            raise GraderError(messages.NO_WORKER.format(why=error)) from error
        possible = [name for name, why_not in self.canaries.items() if not why_not]
        if self._level.is_sandbox and (possible or not self.canaries):
            self.kill()
            raise GraderError(messages.LEAKS.format(level=self._level.name, canaries=", ".join(possible)))
        self._greeted = True

    def kill(self) -> None:
        """End the process and all that it started, and wait until it is gone."""
        if self._pid_descriptor is not None:  # what was started is not the worker, but ends with it
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pid_descriptor, signal.SIGKILL)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(1.0)
        # A worker that has ended may have left others in its group, but not in a sandbox.
        if hasattr(os, "killpg") and not (self._level.is_sandbox and self._process.returncode is not None):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()
        self._process.wait()
        self._close(self._pid_from, self._pid_descriptor)
        self._pid_from = self._pid_descriptor = None
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe is not None:
                pipe.close()

    def _find_worker(self) -> None:
        """Which process the worker is: the one that was started, or one that this one started."""
        self._pid = self._process.pid
        if self._pid_from is not None:
            if not select.select([self._pid_from], [], [], 1.0)[0]:
                raise ValueError(messages.NO_PROCESS)
            self._pid = json.loads(os.read(self._pid_from, 4096))["child-pid"]
            self._pid_descriptor = os.pidfd_open(self._pid)

    @staticmethod
    def _close(*descriptors: int | None) -> None:
        for descriptor in descriptors:
            if descriptor is not None:
                os.close(descriptor)

    def _send(self, data: bytes, seconds: float) -> None:
        end = time.monotonic() + seconds
        try:
            while data:
                try:
                    data = data[os.write(self._in, data) :]
                except BlockingIOError:  # the pipe is full: wait until there is room
                    _, writable, _ = select.select([], [self._in], [], max(0.0, end - time.monotonic()))
                    if not writable:
                        raise LearnerFault(Fault.TIMEOUT, messages.TIMEOUT.format(seconds=seconds)) from None
        except BrokenPipeError:
            raise self._death() from None

    def _line(self, cpu_seconds: float, deadline: float) -> bytes:
        """The bytes up to a newline, which must be the last ones that are there."""
        begin, cpu_begin = time.monotonic(), self._cpu_seconds()
        end = min(begin + cpu_seconds + IDLE_SECONDS, deadline)
        wait = max(0.0, min(cpu_seconds, end - begin))
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
            now, cpu_now = time.monotonic(), self._cpu_seconds()
            if cpu_begin is None:
                cpu_left = begin + cpu_seconds - now
            else:
                cpu_left = (
                    cpu_begin + cpu_seconds - (cpu_now or cpu_begin)
                )  # when a process has ended, so has its clock
            wait = min(end - now, max(cpu_left, 0.0) + 0.01)
            if wait < 0 or cpu_left <= 0:  # an answer that comes too late is none, even if it has begun in time
                raise LearnerFault(Fault.TIMEOUT, messages.TIMEOUT.format(seconds=cpu_seconds))
            if data.endswith(b"\n"):
                break
        if data.count(b"\n") > 1:
            raise protocol.nonsense("more than one reply")
        return data[:-1]

    def _cpu_seconds(self) -> float | None:
        """CPU seconds that the worker has used; None where the system does not tell, and when it has ended."""
        try:
            # The CPU clock of another process, as clock_getcpuclockid(3) makes its number.
            return time.clock_gettime((~self._pid << 3) | 2) if self._pid else None
        except (AttributeError, OSError, OverflowError):
            return None

    def _death(self) -> LearnerFault:
        try:
            status = self._process.wait(1.0)
        except subprocess.TimeoutExpired:  # it closed its end and lives on
            return LearnerFault(Fault.PROTOCOL, messages.PROTOCOL.format(what="no reply"))
        if self._pid_descriptor is not None and status > 128:  # so bubblewrap reports a signal
            status = 128 - status
        if status >= 0:
            return LearnerFault(Fault.CRASH, messages.ENDED.format(status=status))
        names = {number.value: number.name for number in signal.Signals}
        return LearnerFault(Fault.CRASH, messages.KILLED.format(signal=names.get(-status, -status)))
