"""Prints: in colour where a terminal wants it, escaped where it cannot show a character."""

from __future__ import annotations

import os
import sys

import click


def say(text: str, *, err: bool = False, nl: bool = True) -> None:
    """Print text with ANSI colours to standard output (or error): what the stream cannot encode is escaped."""
    stream = sys.stderr if err else sys.stdout
    encoding = stream.encoding or "utf-8"
    text = text.encode(encoding, "backslashreplace").decode(encoding)
    click.echo(text if _wants_colour(stream.isatty()) else click.unstyle(text), nl=nl, file=stream, color=True)


def _wants_colour(is_terminal: bool) -> bool:
    return is_terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
