"""What fits on the screen of a terminal."""

from __future__ import annotations

import itertools
import os

import click

from grader.base import messages
from grader.reports.forms.terminal import CODE


def fits(screen: str, size: os.terminal_size) -> bool:
    """Whether a terminal shows all of a text, with the cursor below it."""
    return _rows(screen, size) < size.lines


def _rows(screen: str, size: os.terminal_size) -> int:
    return sum(max(1, -(-len(click.unstyle(line)) // size.columns)) for line in screen.splitlines())


def fitted(screen: str, size: os.terminal_size) -> str:
    """A text in the lines that a terminal has: of too many, lines of code are left out, but not the first of them."""
    lines = screen.splitlines()
    begin = next((i for i, line in enumerate(lines) if line.startswith(CODE)), len(lines))
    code = list(itertools.takewhile(lambda line: line.startswith(CODE) or not line, lines[begin:]))
    # One more for the line that tells of it, and one for the cursor.
    too_many = min(_rows(screen, size) - size.lines + 2, len(code) - 2)
    if fits(screen, size) or too_many < 2:
        return screen
    lines[begin + 1 : begin + 1 + too_many] = [CODE + messages.CODE_LEFT_OUT.format(number=too_many)]
    return "\n".join(lines)
