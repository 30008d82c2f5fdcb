"""The words in a picture: plain text with formulas between dollars, `the slope $x_1^2$`, as a text of SVG."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from grader.base.text import for_html

SMALLER, LOWER, HIGHER = 0.75, 0.24, -0.36  # subscripts and exponents, of the size of the text
MINUS, TIMES = "\u2212", "\u00d7"
# As wide as the widest of the fonts that a reader may have, of their size.
NARROW, WIDE = "ijl.,:;'|!()[]ftrI /", "mwMWO@%" + MINUS + TIMES + "=+<>\u2248\u2192\u2264\u2211"
WIDTHS = (0.36, 0.6, 0.86)
_PIECE = re.compile(r"([_^])(?:\{([^}]*)\}|(.))|([^_^]+)")
_LETTERS = re.compile(r"[A-Za-z\u0370-\u03ff]+")


@dataclass(frozen=True)
class Piece:
    """Characters that stand together. shift: how far below the line, of the size of the text."""

    text: str
    is_variable: bool = False
    shift: float = 0.0

    @property
    def scale(self) -> float:
        return SMALLER if self.shift else 1.0


def pieces(text: str) -> Iterator[Piece]:
    """The pieces of a text, from left to right."""
    for number, part in enumerate(text.split("$")):
        if number % 2 == 0:
            yield from [Piece(part)] if part else []
            continue
        for mark, braced, single, plain in _PIECE.findall(part.replace("-", MINUS).replace("*", TIMES)):
            shift = {"_": LOWER, "^": HIGHER}.get(mark, 0.0)
            yield from _formula(plain or braced or single, shift)


def _formula(text: str, shift: float) -> Iterator[Piece]:
    """Single letters are variables; names of functions, numbers, signs and the T of what is transposed do not lean."""
    if text == "T" and shift:
        yield Piece(text, shift=shift)
        return
    end = 0
    for found in _LETTERS.finditer(text):
        if len(found[0]) == 1 or found[0].startswith("d"):  # dL, dx
            if found.start() > end:
                yield Piece(text[end : found.start()], shift=shift)
            yield Piece(found[0], True, shift)
            end = found.end()
    if text[end:]:
        yield Piece(text[end:], shift=shift)


def width(text: str, size: float) -> float:
    """About how wide a text gets at most."""
    return sum(_width(piece.text) * piece.scale for piece in pieces(text)) * size


def _width(text: str) -> float:
    return sum(WIDTHS[0] if c in NARROW else WIDTHS[2] if c in WIDE else WIDTHS[1] for c in text)


def spans(text: str, size: float) -> str:
    """A text as what stands in a <text> of SVG of this size."""
    made, shift = "", 0.0
    for piece in pieces(text):
        attributes = ' class="v"' if piece.is_variable else ""
        if piece.shift:
            attributes += f' font-size="{size * SMALLER:.3g}"'
        if piece.shift != shift:
            attributes += f' dy="{(piece.shift - shift) * size:.3g}"'
            shift = piece.shift
        shown = for_html(piece.text)
        made += f"<tspan{attributes}>{shown}</tspan>" if attributes else shown
    return made
