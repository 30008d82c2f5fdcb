"""Limits: a process of its own with limited memory, time and descriptors. It contains accidents, on any system."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from grader.sandbox import interpreter
from grader.sandbox.levels import INSIDE, Settings, Start, command


class Limits:
    """Nothing but what the worker sets itself: resource limits, and a clock."""

    name = "limits"
    is_sandbox = False
    fix = ""

    def why_not(self) -> str:
        return ""

    def settings(self, canaries: Mapping[str, Any]) -> Settings:
        return Settings(canaries)

    def start(self, begins: str) -> Start:
        return Start(command(interpreter.executable(), str(INSIDE.parent), begins))
