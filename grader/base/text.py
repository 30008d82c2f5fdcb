"""Helpers for text that somebody else wrote."""

from __future__ import annotations

import html
import json
import re

SOURCE_WIDTH = 70
MAX_PATH = 120  # characters
MAX_PATH_BYTES = 240  # in JSON, where a character can take twelve
_COLOUR = re.compile(r"(\x1b\[(?:[0127]|3[0-7]|9[0-7])m)")  # what click.style makes of what is used here
# What GitHub obeys at the beginning of a line, behind spaces and colours.
_CI_LINE = re.compile(r"^((?:\s|\x1b\[[0-9;]*m)*)::", re.MULTILINE)
_CI_COMMAND = re.compile(r"##(?=\w*\[)")


def printable(value: str) -> str:
    """The same text with everything that is not printable (escape codes, bidi marks) shown as an escape.

    ##[command] and ##vso[command], which CI systems obey anywhere in a line, are taken apart.
    """
    if value.isprintable():  # as most is
        shown = value
    else:
        shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in value)
    return _CI_COMMAND.sub("# #", shown)


def for_terminal(value: str) -> str:
    """A text of several lines, with colours, as a terminal or the log of a CI system is to show it: nothing else in it
    moves the cursor, and no line of it is a command."""
    parts = _COLOUR.split(value)  # what is between colours, and every second one a colour
    parts[::2] = ["\n".join(map(printable, part.split("\n"))) for part in parts[::2]]
    return _CI_LINE.sub(r"\1: :", "".join(parts))


def for_markup(value: str) -> str:
    """A text of several lines without what XML cannot hold, or what no page shows; markup is for the form to escape."""
    return "\n".join(map(printable, value.split("\n")))


def for_html(value: str) -> str:
    """The same as HTML or SVG shows it."""
    return html.escape(for_markup(value))


def cut(value: str, most: int) -> str:
    """A text that takes at most so many bytes in JSON, whatever it is written in."""
    while len(json.dumps(value)) - 2 > most:
        value = value[: min(len(value) - 1, most)]
    return value


def short_path(path: str) -> str:
    """A path as it is shown: printable, and cut in the middle where it is long."""
    shown = printable(path)
    half = MAX_PATH // 2 - 2
    while len(json.dumps(shown)) - 2 > MAX_PATH_BYTES or len(shown) > MAX_PATH:
        shown = f"{shown[:half]}...{shown[-half:]}"
        half -= 1
    return shown


def pointed_at(text: str, line: int, column: int) -> str:
    """A line of a text (both from 1) without its indent, and a caret below a column of it; what is long is cut."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    whole = lines[line - 1] if 0 < line <= len(lines) else ""
    if not whole.strip():
        return ""
    indent = len(whole) - len(whole.lstrip())
    at = max(indent, column - 1)
    before, after = whole[max(indent, at - SOURCE_WIDTH) : at], whole[at : at + SOURCE_WIDTH]
    before = printable(before.expandtabs(4))[-SOURCE_WIDTH // 2 :]
    return f"{(before + printable(after.expandtabs(4)))[:SOURCE_WIDTH].rstrip()}\n{' ' * len(before)}^"
