"""Finds submissions that have much in common which the class as a whole has not: a reason to look, never a proof."""

from __future__ import annotations

import importlib
import itertools
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from grader.base import messages
from grader.base.errors import MgGradeError

PIECE = 25  # characters of code without names, texts, comments and spaces: one or two statements
MIN_OWN = 200  # pieces: four or five lines of one's own
PIECES_OF_A_CHOICE = 40  # neighbouring pieces overlap: so many of them are one way to write something
# Natural log of how much too unlikely a pair must be. Made-up classes of 10 to 200 have up to 7.6 by chance.
SURPRISE = 7
SELF = re.compile(r"\bself\b")

Pieces = Callable[[str], frozenset[int]]


@dataclass(frozen=True)
class Pair:
    """Two submissions that are alike.

    share: of the smaller one's own code, by weight, what the other has too, 0 to 1. tokens: how many pieces of PIECE
    characters they share.
    """

    first: str
    second: str
    share: float
    tokens: int


def alike(submissions: Mapping[str, Mapping[str, str]], common: Sequence[str], at_least: float = 0.6) -> list[Pair]:
    """The pairs of submissions that share at least so much of what is their own, the most alike first.

    submissions: student -> {file name: text}. common: texts that everybody has. How names, texts, comments, spaces,
    files and the order of functions differ does not matter. Who has next to nothing that is not common is in no pair,
    and neither is who has a text that cannot be read.

    A right answer to a small gap is found by many, so a piece of code weighs the more the fewer others of the class
    have it; and a pair is listed only where its coincidences are too many for any pair of such a class.
    """
    pieces = _pieces()
    everybodys = frozenset[int]().union(*map(pieces, common))
    found = {student: _own(files.values(), everybodys, pieces) for student, files in submissions.items()}
    own = {student: its for student, its in found.items() if len(its) >= MIN_OWN}
    # Those who have quite the same count as one: a text that goes round is no custom.
    times = Counter(itertools.chain.from_iterable(set(own.values())))
    # Of a piece that so many others have (the two that are compared do not count): minus the log of how likely it is.
    weights = [math.log((len(own) + 2) / (others + 1)) for others in range(len(own))]
    totals = {student: sum(weights[times[p] - 1] for p in its) for student, its in own.items()}
    enough = PIECES_OF_A_CHOICE * (SURPRISE + math.log(max(1, math.comb(len(own), 2))))
    pairs: list[Pair] = []
    for first, second in itertools.combinations(own, 2):
        both = own[first] & own[second]
        if len(both) * weights[0] < enough:  # spares most pairs the sums
            continue
        is_same = own[first] == own[second]
        shared = totals[first] if is_same else sum(weights[times[p] - 2] for p in both)
        as_if_alone = sum(weights[times[p] - 1] for p in both)
        smaller = shared if is_same else min(totals[first], totals[second]) - as_if_alone + shared
        apart = smaller - shared  # what was written otherwise speaks against copying as much as the rest for it
        if shared - apart >= enough and shared / smaller >= at_least:
            pairs.append(Pair(first, second, min(1.0, shared / smaller), len(both)))  # sums of reals are rounded
    return sorted(pairs, key=lambda pair: (-pair.share, -pair.tokens, pair.first, pair.second))


def _own(texts: Iterable[str], everybodys: frozenset[int], pieces: Pieces) -> frozenset[int]:
    """The pieces of one submission that not everybody has; none where the text is too much for the library."""
    try:
        return frozenset[int]().union(*map(pieces, texts)) - everybodys
    except Exception:  # noqa: BLE001  # a stranger's text: whatever it does to the lexer, the others are compared
        return frozenset()


def _pieces() -> Pieces:
    """A function that gives the hashes of all the pieces of a text.

    All of them are kept and none is chosen by its hash, as CodeFingerprint does by default: Python's hashes of texts
    differ from run to run, and so would the shares.
    """
    try:
        utils = importlib.import_module("copydetect.utils")
    except ImportError as error:
        raise MgGradeError(messages.SIMILAR_MISSING) from error

    def pieces(text: str) -> frozenset[int]:
        # The library has a letter of its own for self, and one for all other names: this for self changes nothing.
        code, _ = utils.filter_code(SELF.sub("self_", text), "submission.py", "python")
        # S stands for a text. Without it, it does not matter whether there are docstrings. No piece reaches over the
        # beginning of a function into another one, so their order does not matter; short ones are filled up.
        parts = code.replace("S", "").replace("classO", "defF").split("defF")
        edge = " " * (PIECE - 1)
        return frozenset(p for part in parts for p in utils.hashed_kgrams(edge + part + edge, PIECE).tolist())

    return pieces
