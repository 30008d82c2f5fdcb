"""Processes of this program, one for each core: an executor whose processes end when this one does, whatever ends it.

They are spoken to over pipes alone. (Those of concurrent.futures need semaphores, which a killed group of processes
leaves behind, and pipes of Windows' own that Wine does not get right.)
"""

from __future__ import annotations

import contextlib
import ctypes
import functools
import os
import pickle
import queue
import signal
import struct
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from typing import IO, Any

PR_SET_PDEATHSIG = 1  # linux/prctl.h
_SIZE = struct.Struct("<Q")  # before each message, in bytes


class Children(Executor):
    """So many processes, each with a thread here that waits for it. Where one dies, its call raises BrokenExecutor, and
    the next call has another one."""

    def __init__(self, workers: int) -> None:
        _take_along()
        self._calls: queue.SimpleQueue[tuple[Future[Any], bytes] | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._children: set[_Child] = set()
        self._is_over = False
        self._threads = [threading.Thread(target=self._serve, daemon=True) for _ in range(workers)]
        for thread in self._threads:
            thread.start()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """As executors do; fn, what it takes and what it gives can be pickled."""
        if self._is_over:
            raise RuntimeError("no calls after shutdown")
        future: Future[Any] = Future()
        self._calls.put((future, pickle.dumps((fn, args, kwargs))))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more calls; the processes end when they have answered."""
        self._is_over = True
        if cancel_futures:
            with contextlib.suppress(queue.Empty):
                while True:
                    call = self._calls.get_nowait()
                    if call is not None:
                        call[0].cancel()
        for _ in self._threads:
            self._calls.put(None)
        if wait:
            for thread in self._threads:
                thread.join()

    def end(self) -> None:
        """End the processes at once, whatever they are doing."""
        self.shutdown(wait=False, cancel_futures=True)
        with self._lock:
            for child in self._children:
                child.kill()

    def _serve(self) -> None:
        child: _Child | None = None
        while (call := self._calls.get()) is not None:
            future, request = call
            if not future.set_running_or_notify_cancel():
                continue
            try:
                child = child or self._begin()
                is_result, value = child.call(request)
            except (OSError, EOFError, pickle.UnpicklingError) as error:
                if child is not None:
                    self._leave(child)
                child = None
                future.set_exception(BrokenExecutor(str(error)))
                continue
            if is_result:
                future.set_result(value)
            else:
                future.set_exception(value)
        if child is not None:
            self._leave(child)

    def _begin(self) -> _Child:
        with self._lock:
            if self._is_over:
                raise EOFError("it is over")
            child = _Child()
            self._children.add(child)
        return child

    def _leave(self, child: _Child) -> None:
        with self._lock:
            self._children.discard(child)
        child.kill()
        child.close()


class _Child:
    """One process, from outside."""

    def __init__(self) -> None:
        begin = f"import sys; sys.path[:] = {sys.path!r}; from {__name__} import serve; serve({os.getpid()})"
        self._process = subprocess.Popen([sys.executable, "-c", begin], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self._process.stdin and self._process.stdout
        self._requests, self._replies = self._process.stdin, self._process.stdout

    def call(self, request: bytes) -> tuple[bool, Any]:
        """Whether it has a result, and that or the exception. OSError and EOFError where it has died."""
        self._requests.write(_SIZE.pack(len(request)) + request)
        self._requests.flush()
        is_result, value = pickle.loads(_message(self._replies))  # noqa: S301 - of a process of our own
        return is_result, value

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        self._replies.close()
        with contextlib.suppress(OSError):  # what was still to be written
            self._requests.close()


def serve(parent: int) -> None:
    """The process, from inside: answers calls until its parent is gone. Ctrl-C is left to that."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if sys.platform == "linux":
        # Of the thread that started it, which is one of the executor's: it lasts as long as that.
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:  # it had ended already
            os._exit(1)
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(2, 1)  # what is printed is no reply
    calls: queue.SimpleQueue[bytes] = queue.SimpleQueue()

    def read() -> None:
        with contextlib.suppress(OSError, EOFError):
            while True:
                calls.put(_message(requests))
        os._exit(1)

    threading.Thread(target=read, daemon=True).start()
    while True:
        reply = _reply(calls.get())
        replies.write(_SIZE.pack(len(reply)) + reply)
        replies.flush()


def _reply(request: bytes) -> bytes:
    try:
        function, arguments, named = pickle.loads(request)  # noqa: S301 - of our own parent
        return pickle.dumps((True, function(*arguments, **named)))
    except Exception as error:  # noqa: BLE001 - whoever waits for it is told
        told = "".join(traceback.format_exception(error))
        error.add_note(told)
        try:
            return pickle.dumps((False, error))
        except Exception:  # noqa: BLE001 - an exception may hold anything
            return pickle.dumps((False, RuntimeError(told)))


def _message(file: IO[bytes]) -> bytes:
    """The next message. EOFError where there is none any more."""
    (size,) = _SIZE.unpack(_exactly(file, _SIZE.size))
    return _exactly(file, size)


def _exactly(file: IO[bytes], size: int) -> bytes:
    data = file.read(size)
    if len(data) != size:
        raise EOFError("the process has ended")
    return data


@functools.cache
def _take_along() -> None:
    """On Windows a job ends all that is in it: this process, and what it starts from here on."""
    if sys.platform == "win32":
        from grader.sandbox.job import Job

        Job().take_this()
