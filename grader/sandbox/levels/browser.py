"""Browser: a Web Worker with a Python of its own. It contains accidents: that Python has no page, network or files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from grader.base.errors import GraderError
from grader.sandbox.levels import Settings, Start


class Browser:
    """What the worker gives up itself (sandbox/inside/browser.py, site/engine/learner.js)."""

    name = "browser"
    is_sandbox = False
    fix = ""

    def why_not(self) -> str:
        return ""

    def settings(self, canaries: Mapping[str, Any]) -> Settings:
        return Settings(canaries)

    def start(self, begins: str) -> Start:
        raise GraderError(f"no command starts {begins} in a browser")
