"""The nodes and edges of a graph."""

from __future__ import annotations

from typing import Any

from grader.book.pictures.chain_rule import shown
from grader.book.pictures.diagram import Node, box, join
from grader.book.pictures.given import Given
from grader.book.pictures.svg import SMALL, Picture

PLACES = {"a": (104, 218), "b": (320, 76), "c": (536, 218)}
MADE = {"a": "a", "b": "b = a + a", "c": "c = b * a"}


def traced(given: Given) -> tuple[dict[str, float], set[tuple[str, str]]]:
    """The nodes of a = 3, b = a + a, c = b * a with their data, and the edges from child to parent."""
    a: Any = given.solutions["Value"](3.0)
    b = a + a
    c = b * a
    names = {a: "a", b: "b", c: "c"}
    nodes, edges = given.solutions["trace"](c)
    return {names[node]: node.data for node in nodes}, {(names[child], names[parent]) for child, parent in edges}


def trace(given: Given) -> str:
    """Three nodes and three edges: a is used twice in b, and has one edge there."""
    picture = Picture(640, 340, given.labels["title"])
    data, edges = traced(given)
    nodes = {name: Node(*PLACES[name], 150, 80) for name in sorted(data)}
    for child, parent in sorted(edges):
        join(picture, nodes[child], nodes[parent], colour=1, width=3)
    for name, node in nodes.items():
        box(picture, node.x, node.y, node.width, node.height, f"${MADE[name]}$\n{shown(data[name])}")
    picture.text(196, 120, given.labels["twice"], 1, SMALL, "end")
    picture.text(320, 308, given.labels["counts"].format(nodes=len(data), edges=len(edges)), 1)
    return picture.svg()


PICTURES = {"trace": trace}
