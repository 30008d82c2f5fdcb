"""Finds submissions that have much in common which the class as a whole has not: a reason to look, never a proof."""

from __future__ import annotations

import builtins
import functools
import itertools
import keyword
import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

PIECE = 25  # characters of code without names, texts, comments and spaces: one or two statements
AT_LEAST = 0.6  # of the smaller one's own code, for a pair to be listed
MIN_OWN = 200  # pieces: four or five lines of one's own
PIECES_OF_A_CHOICE = 40  # neighbouring pieces overlap: so many of them are one way to write something
# Natural log of how much too unlikely a pair must be. Made-up classes of 10 to 200 have up to 7.6 by chance.
SURPRISE = 7
FUNCTION = "\0"
BEGINS = re.compile(r"^(?=[ \t]*(?:def|class)\b)", re.MULTILINE)
KEPT = frozenset(keyword.kwlist) | frozenset(dir(builtins))  # these words say what code does
TOKEN = re.compile(
    r"""
      (?: \s+ | \#[^\n]* | \\\n )                             # spaces and comments
    | (?: \b[rbuf]{1,2} )?                                     # texts, as far as they are closed
      (?: \"{3}.*?\"{3} | '{3}.*?'{3} | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*' )
    | (?P<word> [^\W\d]\w* )
    | (?P<other> [\d.][\w.]* | . )
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)


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


def alike(
    submissions: Mapping[str, Mapping[str, str]], common: Sequence[str], at_least: float = AT_LEAST
) -> list[Pair]:
    """The pairs of submissions that share at least so much of what is their own, the most alike first.

    submissions: student -> {file name: text}. common: texts that everybody has. How names, texts, comments, spaces,
    files and the order of functions differ does not matter. Who has next to nothing that is not common is in no pair.

    A right answer to a small gap is found by many, so a piece of code weighs the more the fewer others of the class
    have it; and a pair is listed only where its coincidences are too many for any pair of such a class.
    """
    own_code = OwnCode(common)
    return alike_in({student: own_code.of(files.values()) for student, files in submissions.items()}, at_least)


def alike_in(found: Mapping[str, frozenset[int]], at_least: float = AT_LEAST) -> list[Pair]:
    """The same, where it is known already what is each one's own: student -> pieces, as OwnCode has them."""
    own = {student: some for student, some in found.items() if len(some) >= MIN_OWN}
    # Those who have quite the same count as one: a text that goes round is no custom.
    times = Counter(itertools.chain.from_iterable(set(own.values())))
    # The weight of a piece that so many others have, the surprise in nats that one more has it (of the two that are
    # compared neither counts): log(1 / p), where p = (others + 1) / (all + 2).
    weights = [math.log((len(own) + 2) / (others + 1)) for others in range(len(own))]
    totals = {student: math.fsum(weights[times[p] - 1] for p in some) for student, some in own.items()}
    enough = PIECES_OF_A_CHOICE * (SURPRISE + math.log(max(1, math.comb(len(own), 2))))
    pairs: list[Pair] = []
    bits = _as_bits(own, times)
    # The most that anybody can share with somebody: who has too little of it is in no pair.
    most = {s: math.fsum(weights[max(0, times[p] - 2)] for p in some) for s, some in own.items()}
    some_own = [student for student in own if most[student] >= enough]
    for first, second in itertools.combinations(some_own, 2):
        if (bits[first] & bits[second]).bit_count() * weights[0] < enough:  # spares most pairs the sums
            continue
        both = own[first] & own[second]
        is_same = own[first] == own[second]
        shared = totals[first] if is_same else math.fsum(weights[times[p] - 2] for p in both)
        as_if_alone = math.fsum(weights[times[p] - 1] for p in both)
        smaller = shared if is_same else min(totals[first], totals[second]) - as_if_alone + shared
        apart = smaller - shared  # what was written otherwise speaks against copying as much as the rest for it
        if shared - apart >= enough and shared / smaller >= at_least:
            share = min(1.0, shared / smaller)  # the difference of reals is rounded
            pairs.append(Pair(first, second, share, len(both)))
    return sorted(pairs, key=lambda pair: (-pair.share, -pair.tokens, pair.first, pair.second))


def _as_bits(own: Mapping[str, frozenset[int]], times: Counter[int]) -> dict[str, int]:
    """Each set of pieces as a number with a bit for each of those that several have, so that what two have in common is
    quickly counted. Several: or one text that several have."""
    shared = {piece for piece, number in times.items() if number > 1}
    shared.update(*(some for some, number in Counter(own.values()).items() if number > 1))
    place = {piece: number for number, piece in enumerate(shared)}
    found = {}
    for student, some in own.items():
        row = bytearray(len(place) // 8 + 1)
        for number in (place[piece] for piece in some if piece in place):
            row[number >> 3] |= 1 << (number & 7)
        found[student] = int.from_bytes(row, "little")
    return found


class OwnCode:
    """What in a text is not everybody's. Many students have the same functions: each is looked at once."""

    def __init__(self, everybodys: Iterable[str]) -> None:
        self._everybodys = frozenset[int]().union(*map(pieces, everybodys))
        self._of_part = functools.lru_cache(2_000)(lambda part: pieces(part) - self._everybodys)

    def of(self, texts: Iterable[str]) -> frozenset[int]:
        """The pieces of one submission that not everybody has."""
        return frozenset[int]().union(*(self._of_part(part) for text in texts for part in BEGINS.split(text)))


def pieces(text: str) -> frozenset[int]:
    """The hashes of all the pieces of a text; any text at all, also one that is no Python.

    No piece reaches over the beginning of a function into another one, so their order does not matter; short ones are
    filled up.
    """
    edge = " " * (PIECE - 1)
    codes = (f"{edge}{code}{edge}" for part in BEGINS.split(text) for code in plain_code(part).split(FUNCTION))
    return frozenset(hash(code[i : i + PIECE]) for code in codes for i in range(len(code) - PIECE + 1))


def plain_code(text: str) -> str:
    """The code without names, texts, comments and spaces; FUNCTION stands where a function or a class begins."""
    return "".join(map(_plain, TOKEN.finditer(text)))


def _plain(token: re.Match[str]) -> str:
    word = token["word"]
    if word in ("def", "class"):
        return FUNCTION
    if word is not None:
        return word if word in KEPT else "V"
    return token["other"] or ""


def lines_of(text: str, some: Collection[int]) -> set[int]:
    """The lines of a text, from 1, that these pieces are made of."""
    found: set[int] = set()
    begin = 1
    for part in BEGINS.split(text):
        code: list[tuple[str, int]] = []
        line, at = begin, 0
        for token in TOKEN.finditer(part):
            line += part.count("\n", at, token.start())
            at = token.start()
            code += [(character, line) for character in _plain(token)]
        begin += part.count("\n")
        for is_edge, group in itertools.groupby(code, key=lambda pair: pair[0] == FUNCTION):
            if not is_edge:
                found |= _lines_of_code(list(group), some)
    return found


def _lines_of_code(code: Sequence[tuple[str, int]], some: Collection[int]) -> set[int]:
    edge = [(" ", 0)] * (PIECE - 1)
    padded = [*edge, *code, *edge]
    plain = "".join(character for character, _ in padded)
    found: set[int] = set()
    for i in range(len(plain) - PIECE + 1):
        if hash(plain[i : i + PIECE]) in some:
            found.update(line for _, line in padded[i : i + PIECE])
    return found - {0}
