"""Ctrl-C, for what goes on step by step."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Callable, Iterator
from types import FrameType


@contextlib.contextmanager
def stoppable() -> Iterator[Callable[[], bool]]:
    """Ctrl-C once ends what is done step by step, and what came of it is shown; twice ends everything.

    What is raised in the place of it could be lost: Python drops what comes up while it tidies up.
    """
    pressed: list[int] = []

    def note(signal_number: int, frame: FrameType | None) -> None:
        if pressed:
            signal.default_int_handler(signal_number, frame)
        pressed.append(signal_number)

    before = signal.signal(signal.SIGINT, note)
    try:
        yield lambda: bool(pressed)
    finally:
        signal.signal(signal.SIGINT, before)
