"""Job: a process in a job object, with limited memory, time and processes. It contains accidents, on Windows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from grader.base import messages
from grader.sandbox import interpreter
from grader.sandbox.levels import INSIDE, Settings, Start, command


class Job:
    """What the job object of its process limits (sandbox/job.py)."""

    name = "job"
    is_sandbox = False
    fix = messages.FIX_WINDOWS

    def why_not(self) -> str:
        return ""

    def settings(self, canaries: Mapping[str, Any]) -> Settings:
        return Settings(canaries)

    def start(self, begins: str) -> Start:
        return Start(command(interpreter.executable(), str(INSIDE.parent), begins))
