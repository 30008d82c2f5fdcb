"""Processes of this program that end when it does, whatever it is that ends it."""

from __future__ import annotations

import ctypes
import functools
import multiprocessing
import os
import signal
import sys
import threading

PR_SET_PDEATHSIG = 1  # linux/prctl.h


@functools.cache
def take_along() -> None:
    """In the parent, before it starts any: on Windows a job ends all that is in it."""
    if sys.platform == "win32":
        from grader.sandbox.job import Job

        Job().take_this()


def follow_parent() -> None:
    """In the child, first of all: leave Ctrl-C to its parent, and never outlive it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    parent = multiprocessing.parent_process()

    def follow() -> None:  # where the system does not do it; it waits while a C function holds the interpreter
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=follow, daemon=True).start()
    if sys.platform == "linux":
        # Of the thread that started it, which is the one that submits: it hears of no thread that ends before.
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if parent is not None and os.getppid() != parent.pid:  # it had ended already
            os._exit(1)
