"""What fits on the screen of a terminal: pages of a long text, a part of a long list, lines of another width."""

from __future__ import annotations

import itertools
import os
import textwrap
from collections.abc import Iterator, Sequence

import click

from grader.base import messages
from grader.base.text import columns
from grader.reports.forms.terminal import CODE

WIDEST = 106  # columns: no line of the exercises is longer, and none of ours is to be


def width(size: os.terminal_size | None) -> int:
    """How wide to write for a terminal, or where there is none."""
    return 80 if size is None else max(40, min(size.columns, WIDEST))


def rows(text: str, size: os.terminal_size) -> int:
    """How many rows of a terminal a text takes."""
    return sum(max(1, -(-columns(click.unstyle(line)) // size.columns)) for line in text.splitlines())


def pages(body: str, foot: str, size: os.terminal_size, shorter: Sequence[str] = (), in_parts: str = "") -> list[str]:
    """A text as screens of a terminal, each with the foot below it.

    shorter: the same with less in it, more and more. Where the text does not fit, the first page is the first of those
    that does, as it is or with less code, and all of it follows. in_parts: how it is to stand there, if it is another.
    """
    room = size.lines - rows(foot, size) - 1  # the cursor stands below
    if rows(body, size) <= room:
        return [body + foot]
    tried = (found for text in shorter for found in (text, _with_less_code(text, room, size)))
    first = next((found for found in tried if rows(found, size) <= room), "")
    if first and first in shorter[:1]:
        return [first + foot]
    parts = list(_parts(body if first else in_parts or body, max(1, room - 1), size))
    told = (messages.WATCH_PAGES.format(number=i, total=len(parts)) for i in range(1, len(parts) + 1))
    whole = [f"{part}{click.style(line, dim=True)}\n{foot}" for part, line in zip(parts, told, strict=True)]
    return [first + foot, *whole] if first else whole


def _parts(body: str, room: int, size: os.terminal_size) -> Iterator[str]:
    """The text in parts that have room; one begins with no empty line."""
    part = ""
    for line in body.splitlines():
        if part and rows(f"{part}{line}\n", size) > room:
            yield part
            part = ""
        part += f"{line}\n" if part or line else ""
    yield part


def _with_less_code(body: str, room: int, size: os.terminal_size) -> str:
    """The text without as much of the end of its longest piece of code as it takes to fit, if that is enough."""
    lines = body.splitlines()
    groups = itertools.groupby(range(len(lines)), lambda i: _is_code(lines[max(0, i - 1) : i + 2], lines[i]))
    run = max((list(numbers) for is_code, numbers in groups if is_code), key=len, default=[])
    too_many = rows(body, size) - room + 1  # one for the line that tells of it
    if not 1 < too_many <= len(run) - 2:
        return body
    lines[run[-too_many] : run[-1] + 1] = [CODE + messages.CODE_LEFT_OUT.format(number=too_many)]
    return "".join(f"{line}\n" for line in lines)


def _is_code(around: Sequence[str], line: str) -> bool:
    """Whether a line is code: with an indent, or empty between two that have one."""
    return line.startswith(CODE) or (not line and all(other.startswith(CODE) for other in around if other is not line))


def part_of_list(lines: Sequence[str], at: int, room: int) -> list[str]:
    """As many lines as there is room for, around one of them; what is above and below is told where not all fit."""
    if len(lines) <= room:
        return list(lines)
    shown = max(1, room - 2)
    begin = max(0, min(at - shown // 2, len(lines) - shown))
    above, below = begin, len(lines) - begin - shown
    return [
        messages.LIST_ABOVE.format(number=above) if above else "",
        *lines[begin : begin + shown],
        messages.LIST_BELOW.format(number=below) if below else "",
    ]


def prose(text: str, wide: int) -> str:
    """A text in paragraphs, in lines that fit; formulas, which are indented, stay on lines of their own."""
    if all(len(line) < wide for line in text.splitlines()):
        return text
    blocks = text.split("\n\n")
    fill = textwrap.TextWrapper(wide - 1, subsequent_indent=CODE * 2, break_on_hyphens=False).wrap
    return "\n\n".join(
        "\n".join(part for line in block.splitlines() for part in fill(line))
        if block.startswith(" ")
        else textwrap.fill(block, wide - 1)
        for block in blocks
    )


def keys(words: Sequence[str], wide: int) -> str:
    """What keys do, in lines that fit; none is broken."""
    lines = [""]
    for word in words:
        if lines[-1] and len(lines[-1]) + 2 + len(word) >= wide:
            lines.append("")
        lines[-1] += f"  {word}" if lines[-1] else word
    return "\n".join(lines)
