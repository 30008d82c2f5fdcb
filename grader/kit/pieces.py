"""A file of the kit in pieces, each small enough for a cell of a notebook. Pure text.

A class in which many exercises stand is taken apart: its beginning is one piece, the methods of each exercise are
another, as plain functions with lines like `Value.__add__ = __add__` below them. Run one after the other, the pieces do
what the file does.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from grader.kit.gaps import BEGIN

WHOLE = 3  # exercises in a class that stays in one piece
INDENT = "    "
_CLASS = re.compile(r"^class +(\w+)")
_DEFINES = re.compile(r"^(?:async +)?(?:def|class) +(\w+)", re.MULTILINE)
_GAP = re.compile(rf"^[ \t]*{BEGIN}(\S+)", re.MULTILINE)
_METHOD = re.compile(r"(?:async +)?def +(\w+)")
_ALIAS = re.compile(r"(\w+) *= *(\w+)[ \t]*(?:#.*)?$")
# What means another thing outside of a class.
_BOUND = re.compile(r"\bsuper\(\)|\b__class__\b|\b__(?!\w*__\b)\w+")


@dataclass(frozen=True)
class Piece:
    """name: the same in another version of the kit. gaps: the exercises whose gaps are in it, in order. methods: those
    that it puts into a class."""

    name: str
    text: str
    methods: tuple[str, ...] = ()

    @property
    def gaps(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(_GAP.findall(self.text)))


@dataclass(frozen=True)
class _Item:
    """A statement in the body of a class, with the comments above it. method: the name that it defines."""

    method: str
    lines: tuple[str, ...]

    @property
    def gap(self) -> str:
        found = _GAP.search("\n".join(self.lines))
        return found[1] if found else ""


def pieces(text: str) -> list[Piece]:
    """The pieces of a file, in order, without the text at its head."""
    code = text.split('"""', 2)[2] if text.startswith('"""') else text
    found: list[Piece] = []
    for part in re.split(r"\n\n\n(?=\S)", code.strip()):
        taken_apart = apart(part) if len(set(_GAP.findall(part))) > WHOLE else None
        defined = _DEFINES.search(part)
        found += taken_apart or [Piece(defined[1] if defined else "imports", part)]
    return found


def apart(text: str, known: Iterable[Piece] = ()) -> list[Piece] | None:
    """The pieces of the class in a text, whatever a learner has made of it: first the class with all that comes before
    its first exercise, at the end what stands below the class. None where it is not to be taken apart.

    known: the pieces that it had as it came, and which of them a method goes to, also where its marks are gone.
    """
    lines = text.split("\n")
    start = next((number for number, line in enumerate(lines) if _CLASS.match(line)), None)
    if start is None or _BOUND.search(text):
        return None
    name = _class_name(lines[start])
    end = next((n for n in range(start + 1, len(lines)) if lines[n].strip() and not lines[n][0].isspace()), len(lines))
    homes = {method: piece.name for piece in known for method in piece.methods}
    items = list(_items(lines[start + 1 : end]))
    first = next((n for n, item in enumerate(items) if item.gap or item.method in homes), len(items))
    groups: dict[str, list[_Item]] = {}
    given = ""  # the piece that what needs no filling in goes to, one after the other
    for item in items[first:]:
        if not item.method:
            return None
        part = homes.get(item.method) or (f"{name}-{item.gap}" if item.gap else given)
        part = part or _unlike(f"{name}-{item.method.strip('_')}", {*homes.values(), *groups})
        given = "" if item.gap else part
        groups.setdefault(part, []).append(item)
    head = [*lines[: start + 1], *(line for item in items[:first] for line in item.lines)]
    found = [Piece(name, "\n".join(head).rstrip())]
    found += [_piece(part, name, group) for part, group in groups.items()]
    below = "\n".join(lines[end:]).strip()
    found += [Piece(f"{name}-below", below)] if below else []
    is_whole = _can_be_read(text)
    return found if len(found) > 1 and not (is_whole and not all(_can_be_read(piece.text) for piece in found)) else None


def as_functions(text: str) -> str:
    """The text of a file as the cells of the notebook have it together."""
    return "\n".join(piece.text for piece in pieces(text))


def _unlike(name: str, others: Collection[str]) -> str:
    return _unlike(f"{name}-own", others) if name in others else name


def _class_name(line: str) -> str:
    found = _CLASS.match(line)
    return found[1] if found else ""


def _items(body: list[str]) -> Iterator[_Item]:
    """The statements of a class, one after the other: nothing is lost."""
    lines: list[str] = []
    method, is_begun = "", False
    for line in body:
        code = line.removeprefix(INDENT)
        begins = line.startswith(INDENT) and code[:1].strip() and not code.startswith((")", "]", "}"))
        if is_begun and begins:
            lines, above = _without_end(lines)
            yield _Item(method, tuple(lines))
            lines, method, is_begun = above, "", False
        if begins and not code.startswith(("#", "@")):
            defined = _METHOD.match(code) or _ALIAS.match(code)
            method, is_begun = defined[1] if defined else "", True
        lines.append(line)
    yield _Item(method, tuple(lines))


def _without_end(lines: list[str]) -> tuple[list[str], list[str]]:
    """The lines without the empty ones at their end, and those."""
    last = next(n for n in range(len(lines), 0, -1) if lines[n - 1].strip())
    return lines[:last], lines[last:]


def _piece(name: str, cls: str, items: list[_Item]) -> Piece:
    """Methods as functions, and below them what puts them into the class."""
    functions, puts = [], []
    for item in items:
        text = "\n".join(line.removeprefix(INDENT) for line in item.lines).strip("\n")
        alias = _ALIAS.search(text)
        if not _METHOD.search(text) and alias:
            puts.append(f"{text[: alias.start()]}{cls}.{alias[1]} = {cls}.{alias[2]}")
            continue
        function = item.method if item.method.startswith("_") else f"{cls.lower()}_{item.method}"
        functions.append(re.sub(rf"^((?:async +)?def +){item.method}\b", rf"\1{function}", text, flags=re.MULTILINE))
        puts.append(f"{cls}.{item.method} = {function}")
    parts = [*functions, "\n".join(puts)]
    return Piece(name, "\n\n".join(parts), tuple(item.method for item in items))


def _can_be_read(text: str) -> bool:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
