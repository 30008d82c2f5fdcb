"""The learner's own lines around a place, for a report that is read without the files beside it."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable

from grader.base.model import Place, SourceFile
from grader.base.report import Excerpt
from grader.base.text import cut, printable

BEFORE, AFTER = 3, 8  # lines
MAX_LINE = 160  # bytes in JSON
MAX_ALL = 1200  # of the lines together


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
    some = (line[: 2 * MAX_LINE].expandtabs(4) for line in lines[first - 1 : last])  # one can be as long as a file
    shown = [cut(printable(line), MAX_LINE) for line in textwrap.dedent("\n".join(some)).split("\n")]
    while len(json.dumps(shown)) > MAX_ALL:
        if last > place.line:
            last -= 1
            shown.pop()
        else:
            first += 1
            shown.pop(0)
    number = first - begin + 1 if file.cells else first
    return Excerpt(str(place), number, tuple(shown), place.line - first)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
