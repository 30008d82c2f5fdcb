"""Job: a process in a job object, with limited memory, time and processes. It contains accidents, on Windows."""

from __future__ import annotations

from grader.base import messages
from grader.sandbox.levels.limits import Limits


class Job(Limits):
    """As Limits, where the job object of a process limits it (sandbox/job.py)."""

    name = "job"
    fix = messages.FIX_WINDOWS
