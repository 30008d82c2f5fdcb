"""Where a function is above 0, as outlines: marching squares (Lorensen and Cline, 1987)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from grader.book.pictures.svg import Point

OUTSIDE = -1.0
Edge: TypeAlias = tuple[int, int, bool]  # row and column of where it begins, and whether it leads to the next row


def loops(at: Sequence[float], values: Sequence[Sequence[float]]) -> list[list[Point]]:
    """The closed lines around where a function is above 0, between the points that it was measured at.

    values: a row for each y of `at`, in it a number for each x of `at`. Filled by the rule "evenodd" they are the
    regions.
    """
    # Around it all lies a frame of no width in which nothing is above 0: so every line is closed.
    at = [at[0], *at, at[-1]]
    empty = [OUTSIDE] * len(at)
    values = [empty, *([OUTSIDE, *row, OUTSIDE] for row in values), empty]
    follows: dict[Edge, Edge] = {}
    for row in range(len(at) - 1):
        for column in range(len(at) - 1):
            follows.update(_segments(values, row, column))
    found = []
    while follows:
        edge, after = follows.popitem()
        loop = [_crossing(at, values, edge)]
        while after != edge:
            loop.append(_crossing(at, values, after))
            after = follows.pop(after)
        found.append(loop)
    return found


def _segments(values: Sequence[Sequence[float]], row: int, column: int) -> list[tuple[Edge, Edge]]:
    """The lines through one cell, each from the edge where it comes in to that where it goes out."""
    corners = ((row, column), (row, column + 1), (row + 1, column + 1), (row + 1, column))
    edges = ((row, column, False), (row, column + 1, True), (row + 1, column, False), (row, column, True))
    heights = [values[i][j] for i, j in corners]
    down = [k for k in range(4) if heights[k] > 0 >= heights[(k + 1) % 4]]
    up = [k for k in range(4) if heights[k] <= 0 < heights[(k + 1) % 4]]
    if len(down) == 2 and (sum(heights) > 0) != (down[0] < up[0]):  # which corners the two lines cut off
        up.reverse()
    return [(edges[i], edges[j]) for i, j in zip(down, up, strict=True)]


def _crossing(at: Sequence[float], values: Sequence[Sequence[float]], edge: Edge) -> Point:
    """Where on an edge the height is 0."""
    row, column, is_vertical = edge
    one, other = values[row][column], values[row + 1][column] if is_vertical else values[row][column + 1]
    share = one / (one - other)
    if is_vertical:
        return at[column], at[row] + share * (at[row + 1] - at[row])
    return at[column] + share * (at[column + 1] - at[column]), at[row]
