"""Boxes and circles with words, and arrows between them."""

from __future__ import annotations

import math
from dataclasses import dataclass

from grader.book.pictures.svg import INK, SIZE, Picture, Point

APART = 3  # between a node and the end of an arrow


@dataclass(frozen=True)
class Node:
    """Where a box or a circle stands: its middle and its size."""

    x: float
    y: float
    width: float
    height: float
    is_round: bool = False

    def towards(self, other: Point, apart: float = APART) -> Point:
        """The point of its outline, or so far outside of it, that looks to another point."""
        dx, dy = other[0] - self.x, other[1] - self.y
        length = math.hypot(dx, dy)
        if self.is_round:
            share = (self.width / 2 + apart) / length
        else:
            share = min(
                (self.width / 2 + apart) / abs(dx) if dx else math.inf,
                (self.height / 2 + apart) / abs(dy) if dy else math.inf,
            )
        return self.x + share * dx, self.y + share * dy


def box(
    picture: Picture,
    x: float,
    y: float,
    width: float,
    height: float,
    text: str = "",
    colour: int = INK,
    size: float = SIZE,
    bold: bool = False,
    tint: bool = True,
    code: bool = False,
) -> Node:
    """A box around its middle, with words in it."""
    picture.rect(x - width / 2, y - height / 2, width, height, colour, tint)
    if text:
        picture.text(x, y, text, colour, size, bold=bold, code=code)
    return Node(x, y, width, height)


def circle(
    picture: Picture, x: float, y: float, radius: float, text: str = "", colour: int = INK, size: float = SIZE
) -> Node:
    """A circle around its middle, with words in it."""
    picture.circle((x, y), radius, colour, "tint", 1.5)
    if text:
        picture.text(x, y, text, colour, size)
    return Node(x, y, 2 * radius, 2 * radius, True)


def join(
    picture: Picture,
    one: Node,
    other: Node,
    text: str = "",
    colour: int = INK,
    width: float = 2,
    bend: float = 0,
    dash: int = 0,
    size: float = SIZE,
    right: float = 0,
    below: float = 0,
) -> None:
    """An arrow from one node to another, with words at its middle, moved so far away from it. bend: how far the middle
    of the arrow is to the right, as seen by whoever walks along it."""
    length = math.dist((one.x, one.y), (other.x, other.y))
    ux, uy = (other.x - one.x) / length, (other.y - one.y) / length
    middle = ((one.x + other.x) / 2 - 2 * bend * uy, (one.y + other.y) / 2 + 2 * bend * ux)
    start, end = one.towards(middle), other.towards(middle)
    picture.arrow(start, end, colour, width, bend, dash)
    if text:
        x, y = (start[0] + end[0]) / 2 - bend * uy, (start[1] + end[1]) / 2 + bend * ux
        picture.text(x + right, y + below, text, colour, size, halo=True)
