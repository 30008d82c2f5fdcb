"""A file of the kit in pieces, each small enough for a cell of a notebook. Pure text.

A class in which many exercises stand is taken apart: the class with what is given in it is one piece, and the methods
of each exercise are another, as plain functions with lines like `Value.__add__ = __add__` below them. Run one after
the other, the pieces do what the file does.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from grader.kit.gaps import BEGIN

WHOLE = 3  # exercises in a class that stays in one piece
INDENT = "    "
_CLASS = re.compile(r"^class +(\w+)")
_DEFINES = re.compile(r"^(?:async +)?(?:def|class) +(\w+)", re.MULTILINE)
_GAP = re.compile(rf"^[ \t]*{BEGIN}(\S+)", re.MULTILINE)
_METHOD = re.compile(r"(?:async +)?def +(\w+)")
_ALIAS = re.compile(r"(\w+) *= *([^\W\d]\w*)[ \t]*(?:#.*)?$")
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
    """A statement in the body of a class, with the comments above it. method: the name that it defines. alias_of: the
    other name that this is for."""

    method: str
    alias_of: str
    lines: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """Whether nothing stands below another name, where something that was broken off may."""
        return not self.alias_of or _ALIAS.match(self.lines[-1].strip()) is not None

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


def apart(text: str, known: Sequence[Piece] = ()) -> list[Piece] | None:
    """The pieces of the class in a text, whatever a learner has made of it: first the class with all that is no part of
    an exercise, at the end what stands below the class. None where it is not to be taken apart.

    known: the pieces that it had as it came, and which of them a method goes to, also where its marks are gone.
    """
    lines = text.split("\n")
    start = next((number for number, line in enumerate(lines) if _CLASS.match(line)), None)
    if start is None or _BOUND.search(text):
        return None
    name = _class_name(lines[start])
    if known and known[0].name != name:
        return None
    end = next((n for n in range(start + 1, len(lines)) if lines[n].strip() and not lines[n][0].isspace()), len(lines))
    homes = {method: piece.name for piece in known for method in piece.methods}
    items = list(_items(lines[start + 1 : end]))
    groups: dict[str, list[_Item]] = {}
    head = lines[: start + 1]
    for item in items:
        part = homes.get(item.method) or homes.get(item.alias_of) or (f"{name}-{item.gap}" if item.gap else "")
        if part and (not item.method or not item.is_whole):
            return None
        if part:
            groups.setdefault(part, []).append(item)
        else:
            head += item.lines
    found = [Piece(name, "\n".join(head).rstrip())]
    found += [_piece(part, name, group) for part, group in groups.items()]
    below = "\n".join(lines[end:]).strip()
    found += [Piece(f"{name}-below", below)] if below else []
    is_whole = _can_be_read(text)
    return found if len(found) > 1 and not (is_whole and not all(_can_be_read(piece.text) for piece in found)) else None


def as_functions(text: str) -> str:
    """The text of a file as the cells of the notebook have it together."""
    return "\n".join(piece.text for piece in pieces(text))


def _class_name(line: str) -> str:
    found = _CLASS.match(line)
    return found[1] if found else ""


def _items(body: list[str]) -> Iterator[_Item]:
    """The statements of a class, one after the other: nothing is lost."""
    lines: list[str] = []
    method, alias_of, is_begun = "", "", False
    for line in body:
        code = line.removeprefix(INDENT)
        begins = line.startswith(INDENT) and code[:1].strip() and not code.startswith((")", "]", "}"))
        if is_begun and begins:
            lines, above = _without_end(lines)
            yield _Item(method, alias_of, tuple(lines))
            lines, method, alias_of, is_begun = above, "", "", False
        if begins and not code.startswith(("#", "@")):
            defined, alias = _METHOD.match(code), _ALIAS.match(code)
            method = defined[1] if defined else alias[1] if alias else ""
            alias_of, is_begun = alias[2] if alias else "", True
        lines.append(line)
    if is_begun:
        lines, _ = _without_end(lines)
    yield _Item(method, alias_of, tuple(lines))


def _without_end(lines: list[str]) -> tuple[list[str], list[str]]:
    """The lines without the empty ones at their end, and those."""
    last = next(n for n in range(len(lines), 0, -1) if lines[n - 1].strip())
    return lines[:last], lines[last:]


def _piece(name: str, cls: str, items: list[_Item]) -> Piece:
    """Methods as functions, and below them what puts them into the class."""
    functions, puts = [], []
    for item in items:
        text = "\n".join(line.removeprefix(INDENT) for line in item.lines).strip("\n")
        if item.alias_of:
            *above, _ = text.split("\n")
            puts += [*above, f"{cls}.{item.method} = {cls}.{item.alias_of}"]
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
