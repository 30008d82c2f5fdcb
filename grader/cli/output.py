"""Prints: in colour where a terminal wants it, escaped where it cannot show a character."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterable

import click

from grader.base import messages
from grader.base.errors import OutputError
from grader.base.text import for_terminal

BAR = 24  # characters
DEBUG = "MG_GRADE_DEBUG"  # the variable that asks for tracebacks
PLAIN = str.maketrans("├└│█░", "++|#-")  # for the lines of trees and bars, where nobody or nothing shows them


def say(text: str, *, err: bool = False, nl: bool = True) -> None:
    """Print text with ANSI colours to standard output (or error): what the stream cannot encode is escaped, and so is
    all but the colours that could move the cursor or tell a CI system what to do.

    Where nobody reads any more (`| head`, a closed stream) there is nobody to tell: the result stands all the same.
    """
    stream = sys.stderr if err else sys.stdout
    if stream is None:
        return
    text = for_terminal(text)
    encoding = stream.encoding or "utf-8"
    text = text if stream.isatty() and _has_branches(encoding) else text.translate(PLAIN)
    text = text.encode(encoding, "backslashreplace").decode(encoding)
    try:
        click.echo(text if _wants_colour(stream.isatty()) else click.unstyle(text), nl=nl, file=stream, color=True)
    except OSError as error:
        with contextlib.suppress(OSError):  # what is still in the buffer goes nowhere, without a complaint at exit
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        if not isinstance(error, BrokenPipeError) and not err:
            why = error.strerror or str(error)
            raise OutputError(messages.CANNOT_WRITE.format(path=messages.STANDARD_OUTPUT, why=why)) from error


def show_tracebacks(tracebacks: Iterable[str]) -> None:
    """For whoever keeps the grader: what failed in it, where MG_GRADE_DEBUG is set."""
    if os.environ.get(DEBUG):
        for text in tracebacks:
            say(text, err=True)


def _has_branches(encoding: str) -> bool:
    """Whether the lines of trees and bars can be shown."""
    try:
        "├└│█░".encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def bar(done: int, total: int, length: int = BAR) -> str:
    """How much of something is done, as a bar of so many characters."""
    return f"{'█' * (length * done // total):░<{length}}"


def can_move() -> bool:
    """Whether standard output is a terminal on which a line can be written over."""
    return sys.stdout is not None and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def terminal_size() -> os.terminal_size:
    """How many columns and lines the terminal has, that standard output is. (What the environment says of it may be of
    before it was resized.)"""
    size = os.get_terminal_size(sys.stdout.fileno())
    return size if all(size) else os.terminal_size((80, 24))


def _wants_colour(is_terminal: bool) -> bool:
    return is_terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
