"""Helpers for text that somebody else wrote."""

from __future__ import annotations

import re

_CI_COMMAND = re.compile(r"##(?=\w*\[)")


def printable(value: str) -> str:
    """The same text with everything that is not printable (escape codes, bidi marks) shown as an escape.

    ##[command] and ##vso[command], which CI systems obey anywhere in a line, are taken apart.
    """
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in value)
    return _CI_COMMAND.sub("# #", shown)
