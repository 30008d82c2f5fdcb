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
# Methods that a class gets from outside: Value.__add__ = add, also several in a row; setattr; @add_to(Value).
_PATCHES = re.compile(r"^[ \t]*((?:\w+\.\w+ *= *)+)(?=[\w(])", re.MULTILINE)
_PATCH = re.compile(r"(\w+)\.(\w+) *=")
_SET = re.compile(r"^[ \t]*setattr\( *(\w+), *(?:[\"'](\w+)[\"']|\w+) *,", re.MULTILINE)
_QUOTED = re.compile(r"[\"'](\w+)[\"']")
_ADDED = re.compile(r"^@\w[\w.]*\((\w+)\)[ \t]*(?:#.*)?\n(?:async )?def +(\w+)", re.MULTILINE)
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
        top = _names(_TOP, text)
        classes: dict[str, set[str]] = {}
        for found_class in _CLASS.finditer(text):
            classes.setdefault(found_class[1], set()).update(_names(_METHOD, found_class[0]))
        patches = _patches(text, {*classes, "Value"})
        for name, its in patches.items():
            classes.setdefault(name, set()).update(its)
        of_matrices = {name for name, its in classes.items() if MATRIX_PRODUCT in its}
        methods = _names(_METHOD, _CLASS.sub(lambda found: "" if found[1] in of_matrices else found[0], text))
        added_to_numbers = {method for name, its in patches.items() if name not in of_matrices for method in its}
        # A class of one number is a Value, whatever it is called: no Tensor.
        top -= {name for name, its in classes.items() if name not in of_matrices and OPERATORS & its} - {"Value"}
        is_engine = bool((methods | added_to_numbers) & OPERATORS) or "Value" in top
        engines = (methods if is_engine else set()) | added_to_numbers
        gaps = set(_GAP.findall(text))
        found: dict[str, set[str]] = {}
        for exercise in self._manifest.exercises:
            if exercise.gap not in gaps and any(_is_there(s, top, engines) for s in exercise.symbols):
                found.setdefault(exercise.file, set()).add(exercise.id)
        return {file: frozenset(ids) for file, ids in found.items()}


def _names(pattern: re.Pattern[str], text: str) -> set[str]:
    return {name for groups in pattern.findall(text) for name in groups if name}


def _patches(text: str, classes: set[str]) -> dict[str, set[str]]:
    """What is put into classes from outside: class -> methods. Further in than at the left edge only what is put into
    one of these."""
    rows = [(row[0], name, method) for row in _PATCHES.finditer(text) for name, method in _PATCH.findall(row[1])]
    rows += [(row[0], row[1], row[2] or "") for pattern in (_SET, _ADDED) for row in pattern.finditer(text)]
    found: dict[str, set[str]] = {}
    for row, name, method in rows:
        if name in classes or not row[0].isspace():
            found.setdefault(name, set()).add(method)
    for its in found.values():
        if "" in its:  # for name, f in {"__add__": add, ..}.items(): setattr(Value, name, f)
            its.update(_QUOTED.findall(text))
    return found


def _is_there(symbol: str, top: set[str], engines: set[str]) -> bool:
    name, _, method = symbol.partition(".")
    return method in engines if name == "Value" else name in top


def is_as_it_came(source: SourceFile) -> bool:
    """Whether none of the gaps of a file of the kit has been filled in."""
    return unfilled(source.text) >= max(1, marked(source.text))


def _lines(text: str) -> str:
    """The lines that are not empty, without their indents."""
    return "\n".join(stripped for line in text.splitlines() if (stripped := line.strip()))
