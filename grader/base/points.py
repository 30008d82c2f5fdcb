"""Points and percentages: exact fractions until they are shown, and the one way in which they are shown."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable
from fractions import Fraction

PLACES = 2
MAX_DIGITS = 400  # every float has fewer


@functools.lru_cache(10_000, typed=True)  # the reports of a class have the same few, thousands of times
def exactly(number: float | str) -> Fraction:
    """The number as it is written: 0.1 is a tenth, and not the nearest float. "1/3" is a third."""
    text = str(number)
    if len(text) > MAX_DIGITS or abs(int(text.lower().partition("e")[2] or 0)) > MAX_DIGITS:
        raise ValueError(text[:MAX_DIGITS])  # it would take minutes to write it out
    return Fraction(text)


def total(points: Iterable[Fraction]) -> Fraction:
    """Their sum; nothing is nothing."""
    whole, parts = 0, Fraction()  # adding whole numbers as such is much faster, and most are
    for one in points:
        if one.denominator == 1:
            whole += one.numerator
        else:
            parts += one
    return parts + whole


def rounded(points: Fraction) -> Fraction:
    """The points as they are shown: to two decimals, a half up (of what is below 0, down)."""
    unit = 10**PLACES
    size = Fraction(math.floor(abs(points) * unit + Fraction(1, 2)), unit)
    return -size if points < 0 else size


@functools.lru_cache(10_000)  # a class has few different ones, and shows each many times
def shown(points: Fraction) -> str:
    """The points for a reader: rounded, with no zeros at the end and no exponent."""
    of_shown = rounded(points)
    whole, part = divmod(abs(of_shown) * 10**PLACES, 10**PLACES)
    digits = f"{int(part):0{PLACES}}".rstrip("0")
    return ("-" if of_shown < 0 else "") + str(int(whole)) + (f".{digits}" if digits else "")


def signed(points: Fraction) -> str:
    """The same with a sign, for what is added or taken off."""
    return shown(points) if points < 0 else f"+{shown(points)}"


def number(points: Fraction) -> float:
    """The points for a program: the number that is shown."""
    return float(shown(points))
