"""Workers that a fork server begins: the trusted end of inside/fork_server.py."""

from __future__ import annotations

import atexit
import contextlib
import os
import select
import signal
import socket
import subprocess
import threading
from collections.abc import Sequence
from pathlib import Path

from grader.base import messages
from grader.base.errors import GraderError, WorkerLostError
from grader.sandbox.fresh import cpu_seconds, what_went_wrong
from grader.sandbox.levels import ENVIRONMENT, Level

START_SECONDS = 30.0  # by the clock, for an interpreter to start on a busy machine
END_SECONDS = 1.0


class ForkServer:
    """The process that begins the workers or the readers of one level. It starts while the caller goes on."""

    def __init__(self, level: Level, begins: str) -> None:
        """OSError where the system does not start it at all."""
        start = level.start(begins)
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            self._process = subprocess.Popen(
                start.command,
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                env=ENVIRONMENT,
                cwd="/",
                start_new_session=True,
                bufsize=0,
            )
        except OSError:
            self._control.close()
            raise
        finally:
            theirs.close()
        with contextlib.suppress(OSError):  # it has ended already, as the first worker will notice
            self._control.send(repr(start.server).encode())

    def begin(self) -> Forked:
        """Order a worker. WorkerLostError where the server has ended; GraderError where descriptors have run out."""
        with contextlib.ExitStack() as theirs, contextlib.ExitStack() as ours:
            try:
                (its_in, our_in), (our_out, its_out), (our_err, its_err) = (_pipe(theirs, ours, way) for way in "<>>")
                told, teller = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
                ours.callback(told.close)
                theirs.callback(teller.close)
                # A null device of its own: the flags of a descriptor belong to all that it was copied to.
                theirs.callback(os.close, null := os.open(os.devnull, os.O_RDWR))
            except OSError as error:
                raise GraderError(messages.NO_WORKER.format(why=error)) from error
            try:
                socket.send_fds(self._control, [b"begin"], [its_in, its_out, its_err, null, teller.fileno()])
            except OSError as error:
                raise WorkerLostError(messages.NO_WORKER.format(why=self.last_words() or error)) from error
            ours.pop_all()
        return Forked(self, [our_in, our_out, our_err], told)

    @property
    def has_ended(self) -> bool:
        return self._process.poll() is not None

    def last_words(self) -> str:
        """What it said before it ended; nothing where it has not ended."""
        assert self._process.stderr
        if self._process.stderr.closed:  # end() was called
            return ""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(END_SECONDS)
            os.set_blocking(self._process.stderr.fileno(), False)
            return what_went_wrong(self._process.stderr.read() or b"")
        return ""

    def end(self) -> None:
        """End it and its workers, and wait until it is gone."""
        self._control.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(END_SECONDS)
        # Bubblewrap while it starts: two processes, of which one waits for the other, also where that is gone.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        assert self._process.stderr
        self._process.stderr.close()

    def forget(self) -> None:
        """In a copy of the process that started it: let go of it."""
        self._control.close()


class Forked:
    """One worker, as WorkerProcess takes it."""

    def __init__(self, server: ForkServer, pipes: Sequence[int], told: socket.socket) -> None:
        self.stdin, self.stdout, self.stderr = pipes
        self._server = server
        self._told = told
        self._open = list(pipes)  # what is still to be closed
        self._pidfd: int | None = None
        self._pid = 0
        self._status: int | None = None
        self._waiting = threading.Lock()  # the status is told once: where a run is stopped, two threads wait for it

    def find(self, seconds: float = START_SECONDS) -> int:
        """Its number, once it has begun. GraderError where it does not begin."""
        if self._pid > 0:
            return self._pid
        try:
            self._told.settimeout(seconds)
            _, (self._pidfd,), _, _ = socket.recv_fds(self._told, 16, 1)
            self._open.append(self._pidfd)
            lines = Path(f"/proc/self/fdinfo/{self._pidfd}").read_text(encoding="ascii").splitlines()
            self._pid = next(int(line.removeprefix("Pid:")) for line in lines if line.startswith("Pid:"))
        except (OSError, ValueError, StopIteration) as error:
            why = self._server.last_words() or messages.NO_HELLO
            raise WorkerLostError(messages.NO_WORKER.format(why=why)) from error
        if self._pid <= 0:  # it has ended already
            raise WorkerLostError(messages.NO_WORKER.format(why=messages.NO_HELLO))
        return self._pid

    def cpu_seconds(self) -> float | None:
        """CPU seconds that it has used; None where the system does not tell, and when it has ended."""
        return cpu_seconds(self._pid) if self._pid > 0 else None

    def wait(self, seconds: float) -> int | None:
        """Its exit status, minus a signal's number where one has ended it; None if it has not ended by then.

        WorkerLostError where nobody can tell any more.
        """
        with self._waiting:
            if self._status is None and select.select([self._told], [], [], seconds)[0]:
                try:
                    said = self._told.recv(16)
                    self._status = int(said)
                except (OSError, ValueError) as error:
                    raise WorkerLostError(messages.WORKER_LOST) from error
            return self._status

    def stop(self) -> None:
        """End it, if it has begun."""
        if self._pidfd is not None:
            with contextlib.suppress(OSError):  # it has ended
                signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)

    def kill(self) -> None:
        """End it, and wait until it is gone."""
        if not self._open:  # that has been done
            return
        with contextlib.suppress(GraderError):
            if self._pidfd is None:  # not told yet; or told to whoever was interrupted just then
                self.find(END_SECONDS)
            self.stop()
            self.wait(END_SECONDS)
        while self._open:  # whoever interrupts it here can call it again
            os.close(self._open.pop())
        self._told.close()


def _pipe(theirs: contextlib.ExitStack, ours: contextlib.ExitStack, way: str) -> tuple[int, int]:
    """Both ends of a pipe, each to be closed with those of its side; what comes first is where it is read."""
    reading, writing = os.pipe()
    for end, side in ((reading, theirs if way == "<" else ours), (writing, ours if way == "<" else theirs)):
        side.callback(os.close, end)
    return reading, writing


_servers: dict[tuple[Level, str], ForkServer] = {}
_lock = threading.Lock()


def begin_worker(level: Level, begins: str) -> Forked:
    """A worker or a reader of the level's fork server, which is started where there is none, or the one that there was
    has ended.

    GraderError where it cannot be started.
    """
    with _lock:
        try:
            return warm(level, begins).begin()
        except WorkerLostError:
            _servers.pop((level, begins)).end()
            return warm(level, begins).begin()


def warm(level: Level, begins: str) -> ForkServer:
    """The fork server of a level for what begins so, started where there is none."""
    server = _servers.get((level, begins))
    if server is None or server.has_ended:
        if server is not None:
            server.end()
        try:
            server = _servers[level, begins] = ForkServer(level, begins)
        except OSError as error:
            raise GraderError(messages.NO_WORKER.format(why=error)) from error
    return server


def end_servers() -> None:
    """End every fork server of this process, and all their workers."""
    while _servers:
        _servers.popitem()[1].end()


def _forget_servers() -> None:
    while _servers:
        _servers.popitem()[1].forget()


atexit.register(end_servers)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_servers)
