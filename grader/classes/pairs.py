"""Pairs of submissions that are alike, side by side (reports/pages/pair.html), with what is alike marked."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from grader.base import messages
from grader.classes.gradebook import CACHE, Gradebook
from grader.classes.outcome import Grading
from grader.classes.similarity import OwnCode, Pair, alike_in, lines_of
from grader.kit import Kit
from grader.kit.pieces import as_functions
from grader.reports.pages import page

MAX_PAIRS = 100
MAX_LINE = 400  # characters
CONTEXT = 3  # lines
KEPT = f"{CACHE}alike"  # the setting: what was compared, and the pairs


@dataclass(frozen=True)
class PairShown:
    """A pair, with the names of both, and the page that shows them side by side ("" where there is none)."""

    pair: Pair
    first: str
    second: str
    link: str = ""


@dataclass(frozen=True)
class _Line:
    number: int
    text: str
    is_alike: bool


@dataclass(frozen=True)
class _File:
    path: str
    lines: Sequence[_Line | str]


def everybodys(kit: Kit) -> list[str]:
    """The texts that everybody has, as they are in files and in the notebook."""
    texts = [text for file in kit.manifest.files for text in (kit.stub(file), kit.solution(file))]
    return [*texts, *map(as_functions, texts)]


def pairs(gradings: Sequence[Grading], kit: Kit, gradebook: Gradebook) -> list[Pair]:
    """The pairs of a class that are alike, the most alike first. The gradebook keeps them until a text is another."""
    prints = sorted((grading.student.key, grading.content) for grading in gradings)
    of = hashlib.sha256(repr(prints).encode()).hexdigest()
    kept = gradebook.setting(KEPT)
    if kept and kept["of"] == of:
        return [Pair(*row) for row in kept["pairs"]]
    own_code = OwnCode(everybodys(kit))
    own = {student: own_code.of(files.values()) for student, files in sources(gradings, gradebook)}
    found = alike_in(own)[:MAX_PAIRS]
    gradebook.keep_setting(KEPT, {"of": of, "pairs": [[p.first, p.second, p.share, p.tokens] for p in found]})
    return found


def sources(gradings: Iterable[Grading], gradebook: Gradebook) -> Iterator[tuple[str, Mapping[str, str]]]:
    """The texts of gradings, path -> text, each with the key of its student, one after the other: those of a large
    class are more than there is memory."""
    attempts = {grading.student.key: grading.attempt for grading in gradings}
    for grading in gradebook.latest(attempts, with_sources=True):
        if grading.attempt == attempts[grading.student.key]:
            yield grading.student.key, grading.sources


def render(shown: PairShown, first: Mapping[str, str], second: Mapping[str, str], own_code: OwnCode) -> str:
    """The page of a pair. first, second: their files, path -> text."""
    both = own_code.of(first.values()) & own_code.of(second.values())
    sides = [(name, _files(files, both)) for name, files in ((shown.first, first), (shown.second, second))]
    return page("pair.html", is_wide=True, shown=shown, sides=sides)


def _files(files: Mapping[str, str], both: frozenset[int]) -> list[_File]:
    """The files that something alike is in, with the lines around it."""
    found = []
    for path, text in files.items():
        marked = lines_of(text, both)
        if marked:
            lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
            numbered = [_Line(i, line[:MAX_LINE], i in marked) for i, line in enumerate(lines, 1)]
            found.append(_File(path, list(_around(numbered))))
    return found


def _around(lines: Sequence[_Line]) -> Iterator[_Line | str]:
    """The lines that are alike and those near to them; in the place of others, how many they are."""
    for is_alike, group in groupby(lines, key=lambda line: line.is_alike):
        some = list(group)
        begin = 0 if some[0] is lines[0] else CONTEXT
        end = len(some) - (0 if some[-1] is lines[-1] else CONTEXT)
        if is_alike or end - begin < 2:
            yield from some
            continue
        yield from some[:begin]
        yield messages.PAGE_LINES_LEFT_OUT.format(number=end - begin)
        yield from some[end:]
