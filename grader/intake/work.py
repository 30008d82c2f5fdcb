"""What a file holds work for, going by its text: the exercises whose names it defines, and whose gaps are not as they
came. It is a guess that decides between files, and never a grade."""

from __future__ import annotations

import re

from grader.base.model import SourceFile
from grader.kit.gaps import emptied, filled, marked, unfilled
from grader.kit.model import Exercise, Manifest

OPERATORS = {"__add__", "__mul__", "__truediv__", "__pow__"}  # whatever the class is called
_TOP = re.compile(
    r"^(?:(?:async )?def|class) +(\w+)|^(\w+) *= *(?:lambda\b|[A-Za-z_][\w.]*[ \t]*(?:#.*)?$)", re.MULTILINE
)
_METHOD = re.compile(r"^[ \t]+(?:async )?def +(\w+)|^[ \t]+(__\w+__) *= *\w", re.MULTILINE)
_PATCH = re.compile(r"^\w+\.(\w+) *= *\w|^setattr\(\w+, *[\"'](\w+)[\"']", re.MULTILINE)
_GAP = re.compile(r"NotImplementedError\(\s*[\"']([\w-]+)[\"']")


class Work:
    """What files hold work for; each is looked at once."""

    def __init__(self, manifest: Manifest) -> None:
        self._manifest = manifest
        self._known: dict[str, dict[str, frozenset[str]]] = {}

    def of(self, source: SourceFile, file: str) -> frozenset[str]:
        """The ids of the exercises of one of the kit's files that a file holds work for."""
        if source.path not in self._known:
            self._known[source.path] = self._found(source.text)
        return self._known[source.path].get(file, frozenset())

    def _found(self, text: str) -> dict[str, frozenset[str]]:
        top, methods, patches = (_names(pattern, text) for pattern in (_TOP, _METHOD, _PATCH))
        is_engine = bool(methods & OPERATORS) or "Value" in top
        engines = (methods if is_engine else set()) | patches
        gaps = set(_GAP.findall(text))
        found: dict[str, set[str]] = {}
        for exercise in self._manifest.exercises:
            if exercise.gap not in gaps and any(_is_there(s, top, engines) for s in exercise.symbols):
                found.setdefault(exercise.file, set()).add(exercise.id)
        return {file: frozenset(ids) for file, ids in found.items()}


def _names(pattern: re.Pattern[str], text: str) -> set[str]:
    return {name for groups in pattern.findall(text) for name in groups if name}


def _is_there(symbol: str, top: set[str], engines: set[str]) -> bool:
    name, _, method = symbol.partition(".")
    return method in engines if name == "Value" else name in top


def is_as_it_came(source: SourceFile) -> bool:
    """Whether none of the gaps of a file of the kit has been filled in."""
    return unfilled(source.text) >= max(1, marked(source.text))


def is_same(first: SourceFile, second: SourceFile, exercises: list[Exercise]) -> bool:
    """Whether two files hold the same work for some exercises: they have the same in their gaps and the same around
    all gaps, or are the same as a whole."""
    if _lines(first.text) == _lines(second.text):
        return True
    gaps = {exercise.gap for exercise in exercises}
    own, others = filled(first.text), filled(second.text)
    if not gaps <= own.keys() & others.keys():
        return False
    has_same = all(_lines(own[gap]) == _lines(others[gap]) for gap in gaps)
    return has_same and _lines(emptied(first.text)) == _lines(emptied(second.text))


def _lines(text: str) -> list[str]:
    return [stripped for line in text.splitlines() if (stripped := line.strip())]
