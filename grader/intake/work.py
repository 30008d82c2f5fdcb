"""What a file holds work for, going by its text: the exercises whose names it defines, and whose gaps are not as they
came. It is a guess that decides between files, and never a grade."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from grader.base.model import SourceFile
from grader.kit.gaps import emptied, filled, marked, unfilled
from grader.kit.model import Exercise, Manifest

OPERATORS = {"__add__", "__mul__", "__truediv__", "__pow__"}  # whatever the class is called
MATRIX_PRODUCT = "__matmul__"  # what a class of one number has no use for
_TOP = re.compile(
    r"^(?:(?:async )?def|class) +(\w+)|^(\w+) *= *(?:lambda\b|[A-Za-z_][\w.]*[ \t]*(?:#.*)?$)", re.MULTILINE
)
_CLASS = re.compile(r"^class +(\w+).*\n(?:[ \t].*\n|[ \t]*\n)*", re.MULTILINE)
_METHOD = re.compile(r"^[ \t]+(?:async )?def +(\w+)|^[ \t]+(__\w+__) *= *\w", re.MULTILINE)
_PATCH = re.compile(r"^\w+\.(\w+) *= *\w|^setattr\(\w+, *[\"'](\w+)[\"']", re.MULTILINE)
_GAP = re.compile(r"NotImplementedError\(\s*[\"']([\w-]+)[\"']")


@dataclass(frozen=True)
class _Plain:
    """A text without indents and empty lines: all of it, in the gaps of each exercise, and around those."""

    text: str
    gaps: dict[str, str]
    around: str


class Work:
    """What files hold work for; each text is looked at once. (Two long paths may be cut to the same one.)"""

    def __init__(self, manifest: Manifest) -> None:
        self._manifest = manifest
        self._known: dict[str, dict[str, frozenset[str]]] = {}
        self._plain: dict[str, _Plain] = {}

    def of(self, source: SourceFile, file: str) -> frozenset[str]:
        """The ids of the exercises of one of the kit's files that a file holds work for."""
        if source.text not in self._known:
            self._known[source.text] = self._found(source.text)
        return self._known[source.text].get(file, frozenset())

    def of_all(self, sources: Iterable[SourceFile], file: str) -> frozenset[str]:
        """The ids of those that any of several files holds work for."""
        return frozenset().union(*(self.of(source, file) for source in sources))

    def is_same(self, first: SourceFile, second: SourceFile, exercises: list[Exercise]) -> bool:
        """Whether two files hold the same work for some exercises: they have the same in their gaps and the same around
        all gaps, or are the same as a whole."""
        own, others = self._plainly(first), self._plainly(second)
        if own.text == others.text:
            return True
        gaps = {exercise.gap for exercise in exercises}
        if not gaps <= own.gaps.keys() & others.gaps.keys():
            return False
        return own.around == others.around and all(own.gaps[gap] == others.gaps[gap] for gap in gaps)

    def _plainly(self, source: SourceFile) -> _Plain:
        text = source.text
        if text not in self._plain:
            gaps = {gap: _lines(inside) for gap, inside in filled(text).items()}
            self._plain[text] = _Plain(_lines(text), gaps, _lines(emptied(text)))
        return self._plain[text]

    def _found(self, text: str) -> dict[str, frozenset[str]]:
        top, patches = _names(_TOP, text), _names(_PATCH, text)
        classes = {found[1]: found[0] for found in _CLASS.finditer(text)}
        methods = _names(_METHOD, _CLASS.sub(lambda found: "" if MATRIX_PRODUCT in found[0] else found[0], text))
        # A class of one number is a Value, whatever it is called: no Tensor.
        top -= {n for n, c in classes.items() if MATRIX_PRODUCT not in c and OPERATORS & _names(_METHOD, c)} - {"Value"}
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


def _lines(text: str) -> str:
    """The lines that are not empty, without their indents."""
    return "\n".join(stripped for line in text.splitlines() if (stripped := line.strip()))
