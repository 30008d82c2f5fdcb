"""The learner's own lines around a place, for a report that is read without the files beside it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from grader.base.model import Place, SourceFile
from grader.base.report import Excerpt
from grader.base.text import cut, printable

BEFORE, AFTER = 3, 8  # lines
MAX_LINE = 160  # bytes in JSON


def excerpt(place: Place | None, files: Iterable[SourceFile]) -> Excerpt | None:
    """Some lines around a place, of its cell where it is in a notebook; None where it is in none of the files."""
    file = next((file for file in files if place is not None and file.path == place.path), None)
    if file is None or place is None:
        return None
    lines = file.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    starts = [line for line, _ in file.cells]
    begin = max((line for line in starts if line <= place.line), default=1)
    end = min((line - 1 for line in starts if line > place.line), default=len(lines))
    if not begin <= place.line <= end:
        return None
    first, last = max(begin, place.line - BEFORE), min(end, place.line + AFTER)
    marked = _indent(lines[place.line - 1])
    for number in range(place.line + 1, last + 1):
        line = lines[number - 1]
        if _indent(line) < marked and line.lstrip().startswith(("def ", "class ", "@")):  # something else begins
            last = number - 1
            break
    while first < place.line and not lines[first - 1].strip():
        first += 1
    while last > place.line and not lines[last - 1].strip():
        last -= 1
    dedented = textwrap.dedent("\n".join(line.expandtabs(4) for line in lines[first - 1 : last])).split("\n")
    shown = tuple(cut(printable(line), MAX_LINE) for line in dedented)
    number = first - begin + 1 if file.cells else first
    return Excerpt(str(place), number, shown, place.line - first)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
