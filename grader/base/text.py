"""Helpers for text that somebody else wrote."""

from __future__ import annotations

import re

SOURCE_WIDTH = 70
_CI_COMMAND = re.compile(r"##(?=\w*\[)")


def printable(value: str) -> str:
    """The same text with everything that is not printable (escape codes, bidi marks) shown as an escape.

    ##[command] and ##vso[command], which CI systems obey anywhere in a line, are taken apart.
    """
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in value)
    return _CI_COMMAND.sub("# #", shown)


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
