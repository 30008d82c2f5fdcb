"""Helpers for text that somebody else wrote."""

from __future__ import annotations

import html
import json
import re
import textwrap
import unicodedata
from collections.abc import Iterator

SOURCE_WIDTH = 70
MAX_MARKS = 4  # on a letter: no script has more
MAX_PATH = 120  # characters
MAX_PATH_BYTES = 240  # in JSON, where a character can take twelve
_COLOUR = re.compile(r"(\x1b\[(?:[0127]|3[0-7]|9[0-7])m)")  # what click.style makes of what is used here
# What GitHub obeys at the beginning of a line, behind spaces and colours.
_CI_LINE = re.compile(r"^((?:\s|\x1b\[[0-9;]*m)*)::", re.MULTILINE)
_CI_COMMAND = re.compile(r"##(?=\w*\[)")
_BLANK = "\u115f\u1160\u2800\u3164\uffa0"  # letters that show nothing: two names could look the same
# What Excel, LibreOffice and Google Sheets take for the beginning of a formula, full-width or not, and what they skip
# in front of it. A tab or a line end in front is enough for some.
_FORMULA = re.compile(
    r"""(?:^|(?<=[;\r\n]))(?=[\t\r\n]|[\s"\x00-\x1f\ufeff\u200b]*[=+\-@＝＋－＠])"""  # noqa: RUF001 (full-width on purpose)
)
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>()#+.!|~@$-]|&(?=[#\w])|:(?=//))")
_FILL = "\0"  # beside a character that takes two columns; in no text that is printable


def printable(value: str) -> str:
    """The same text with everything that is not printable (escape codes, bidi marks, blank letters) shown as an escape,
    and so are accents that would stand on something else, or cover the lines around.

    ##[command] and ##vso[command], which CI systems obey anywhere in a line, are taken apart.
    """
    is_plain = value.isascii() and value.isprintable()  # as most is
    return _CI_COMMAND.sub("# #", value if is_plain else "".join(_printable(value)))


def _printable(value: str) -> Iterator[str]:
    marks = MAX_MARKS  # on the last letter; where there is none, there is no room for any
    for character in value:
        if unicodedata.category(character) in ("Mn", "Me"):
            marks += 1
        else:
            marks = MAX_MARKS if character == " " else 0
        is_shown = character.isprintable() and character not in _BLANK and marks <= MAX_MARKS
        yield character if is_shown else character.encode("unicode_escape").decode()


def columns(value: str) -> int:
    """How many columns of a terminal a printable line takes: the characters of some scripts take two."""
    return len(value) if value.isascii() else sum(2 if _is_wide(c) else 1 for c in value)


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


def to_the_right(value: str, room: int) -> str:
    """A line with spaces in front of it, so that it ends after so many columns."""
    return " " * (room - columns(value)) + value


def in_columns(value: str, most: int, end: str) -> str:
    """A line that takes at most so many columns; what is cut off is told by its end."""
    if columns(value) <= most:
        return value
    value = value[:most]
    while columns(value) > most - len(end):
        value = value[:-1]
    return value + end


def wrapped(value: str, width: int, indent: str = "", then: str = "") -> list[str]:
    """A text in lines of less than so many columns, which a terminal breaks no further: each begins with an indent, the
    first with its own."""
    if not value.isascii():
        value = "".join(c + _FILL if _is_wide(c) else c for c in value)
        width -= 1  # a line may break before what fills its last column
    wrapper = textwrap.TextWrapper(width - 1, indent, then, break_on_hyphens=False)
    return [line.replace(_FILL, "") for line in wrapper.wrap(value)]


def for_terminal(value: str) -> str:
    """A text of several lines, with colours, as a terminal or the log of a CI system is to show it: nothing else in it
    moves the cursor, and no line of it is a command."""
    parts = _COLOUR.split(value)  # what is between colours, and every second one a colour
    parts[::2] = ["\n".join(map(printable, part.split("\n"))) for part in parts[::2]]
    return _CI_LINE.sub(r"\1: :", "".join(parts))


def for_cell(value: str) -> str:
    """A text as a cell of CSV that no spreadsheet runs as a formula, with ' in front where one would; also where the
    spreadsheet takes semicolons for the ends of cells, inside quotes as well."""
    return _FORMULA.sub("'", value)


def for_markdown(value: str) -> str:
    """A text on one line that Markdown shows as it is."""
    return _MARKDOWN.sub(r"\\\1", printable(" ".join(value.split())))


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
    before, after = printable(before.expandtabs(4)), printable(after.expandtabs(4))
    if len(before + after) > SOURCE_WIDTH:
        before = before[-SOURCE_WIDTH // 2 :]
    return f"{(before + after)[:SOURCE_WIDTH].rstrip()}\n{' ' * len(before)}^"
