"""A worker on Windows: a process in a job object, which limits it, and ends it and all that it started.

Structures and numbers are those of winnt.h (job objects: CreateJobObject, SetInformationJobObject; limits:
JOBOBJECT_EXTENDED_LIMIT_INFORMATION) and of processthreadsapi.h (GetProcessTimes).
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Mapping
from ctypes import wintypes

from grader.base import messages
from grader.base.errors import GraderError
from grader.sandbox.fresh import Fresh
from grader.sandbox.levels import Level

PROCESS_TIME, ACTIVE_PROCESS, PROCESS_MEMORY = 0x2, 0x8, 0x100
DIE_ON_UNHANDLED_EXCEPTION, KILL_ON_JOB_CLOSE = 0x400, 0x2000
EXTENDED_LIMITS = 9  # JobObjectExtendedLimitInformation
TICKS = 10_000_000  # of 100 ns, in a second
KILLED = 9  # the exit status of what is ended here


class _Basic(ctypes.Structure):
    _fields_ = (
        ("per_process_user_time", ctypes.c_int64),
        ("per_job_user_time", ctypes.c_int64),
        ("flags", wintypes.DWORD),
        ("least_working_set", ctypes.c_size_t),
        ("most_working_set", ctypes.c_size_t),
        ("active_processes", wintypes.DWORD),
        ("affinity", ctypes.c_size_t),
        ("priority_class", wintypes.DWORD),
        ("scheduling_class", wintypes.DWORD),
    )


class _Limits(ctypes.Structure):
    _fields_ = (
        ("basic", _Basic),
        ("io_counters", ctypes.c_uint64 * 6),
        ("process_memory", ctypes.c_size_t),
        ("job_memory", ctypes.c_size_t),
        ("peak_process_memory", ctypes.c_size_t),
        ("peak_job_memory", ctypes.c_size_t),
    )


if sys.platform == "win32":
    _kernel = ctypes.WinDLL("kernel32", use_last_error=True)
    _kernel.CreateJobObjectW.restype = wintypes.HANDLE
    _kernel.GetCurrentProcess.restype = wintypes.HANDLE
    _kernel.SetInformationJobObject.argtypes = (wintypes.HANDLE, ctypes.c_int, ctypes.c_void_p, wintypes.DWORD)
    _kernel.AssignProcessToJobObject.argtypes = (wintypes.HANDLE, wintypes.HANDLE)
    _kernel.TerminateJobObject.argtypes = (wintypes.HANDLE, wintypes.UINT)
    _kernel.CloseHandle.argtypes = (wintypes.HANDLE,)
    _kernel.GetProcessTimes.argtypes = (wintypes.HANDLE, *(ctypes.POINTER(wintypes.FILETIME),) * 4)

    class Job:
        """A job object. What is in it ends with it, and it ends when this process does."""

        def __init__(self, seconds: int = 0, memory: int = 0, processes: int = 0) -> None:
            """Limits of each process in it, where they are not 0: CPU seconds, bytes; and how many there are at once.
            OSError where the system makes none."""
            self._handle = _kernel.CreateJobObjectW(None, None)
            if not self._handle:
                raise ctypes.WinError(ctypes.get_last_error())
            limits = _Limits(process_memory=memory)
            limits.basic.per_process_user_time = seconds * TICKS
            limits.basic.active_processes = processes
            limits.basic.flags = KILL_ON_JOB_CLOSE | DIE_ON_UNHANDLED_EXCEPTION
            limits.basic.flags |= PROCESS_TIME * bool(seconds) | PROCESS_MEMORY * bool(memory)
            limits.basic.flags |= ACTIVE_PROCESS * bool(processes)
            self._check(
                _kernel.SetInformationJobObject(
                    self._handle, EXTENDED_LIMITS, ctypes.byref(limits), ctypes.sizeof(limits)
                )
            )

        def take(self, process: int) -> None:
            """Put a process in it, by its handle. OSError where that cannot be."""
            self._check(_kernel.AssignProcessToJobObject(self._handle, process))

        def take_this(self) -> None:
            """Put this process in it, with all that it starts from here on."""
            self.take(_kernel.GetCurrentProcess())

        def end(self) -> None:
            """End all that is in it."""
            if self._handle:
                _kernel.TerminateJobObject(self._handle, KILLED)

        def close(self) -> None:
            """End all that is in it, and be of no further use."""
            handle, self._handle = self._handle, None
            if handle:
                _kernel.TerminateJobObject(handle, KILLED)
                _kernel.CloseHandle(handle)

        def _check(self, is_done: int) -> None:
            if not is_done:
                raise ctypes.WinError(ctypes.get_last_error())

    class InJob(Fresh):
        """One worker, as WorkerProcess takes it."""

        def __init__(self, level: Level, begins: str, limits: Mapping[str, int]) -> None:
            """GraderError where the system does not start it. limits: as WorkerProcess has them."""
            super().__init__(level, begins)
            # It waits for its first line, so it has done nothing yet.
            self._handle = int(self._process._handle)  # type: ignore[attr-defined]  # of Windows alone
            try:
                self._job = Job(limits["RLIMIT_CPU"], limits["RLIMIT_AS"], 1)
                self._job.take(self._handle)
            except OSError as error:
                self._process.kill()
                raise GraderError(messages.NO_WORKER.format(why=error)) from error

        def cpu_seconds(self) -> float | None:
            """CPU seconds that it has used; None where the system does not tell."""
            times = [wintypes.FILETIME() for _ in range(4)]
            if not _kernel.GetProcessTimes(self._handle, *map(ctypes.byref, times)):
                return None
            ticks = [time.dwHighDateTime << 32 | time.dwLowDateTime for time in times]
            return (ticks[2] + ticks[3]) / TICKS  # in the kernel and outside of it

        def stop(self) -> None:
            """End it and all that it started."""
            self._job.end()

        def kill(self) -> None:
            """The same, and wait until it is gone."""
            self._job.end()
            self._process.wait()
            self._job.close()
            for pipe in self._pipes:
                pipe.close()
