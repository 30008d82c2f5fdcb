"""Pictures of the book that say in characters what they say as a picture: the graph that chapter 2 fills in."""

from __future__ import annotations

from pathlib import PurePosixPath

from grader.base.report import NodeShown
from grader.reports import drawing

# L = (a*b + c) * f at a = 2, b = -3, c = 10, f = -2, from the result down: how each node was made, what from, its data
# and its gradient.
_NODES = {
    "L": ("d * f", ("d", "f"), "-8", "1"),
    "d": ("e + c", ("e", "c"), "4", "-2"),
    "e": ("a * b", ("a", "b"), "-6", "-2"),
    "a": ("", (), "2", "6"),
    "b": ("", (), "-3", "-4"),
    "c": ("", (), "10", "-2"),
    "f": ("", (), "-2", "4"),
}
# The picture -> the nodes whose gradient is in it already.
GRAPHS = {"graph-data": (), "graph-halfway": ("L", "d", "f"), "graph-gradients": tuple(_NODES)}


def drawn(picture: str, width: int = drawing.TREE_WIDTH) -> list[str]:
    """The lines of a picture, by its path; none where it is one that only a picture shows."""
    known = GRAPHS.get(PurePosixPath(picture).stem)
    if known is None:
        return []
    nodes = [
        NodeShown(name, made, children, data, grad if name in known else "", data, grad, True)
        for name, (made, children, data, grad) in _NODES.items()
    ]
    return drawing.tree(nodes, own=False, width=width - 1)
