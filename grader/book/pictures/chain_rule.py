"""Gradients on a graph, and the paths of the chain rule."""

from __future__ import annotations

from collections.abc import Collection

from grader.book.pictures.diagram import Node, box, circle, join
from grader.book.pictures.given import Given
from grader.book.pictures.svg import GREY, INK, SMALL, Picture
from grader.book.pictures.words import MINUS

INPUTS = {"a": 2.0, "b": -3.0, "c": 10.0, "f": -2.0}
# Where the nodes of L = (a*b + c) * f stand, and how they are made.
PLACES = {
    "a": (68, 62),
    "b": (68, 172),
    "c": (68, 282),
    "e": (236, 117),
    "d": (404, 200),
    "f": (404, 332),
    "L": (572, 266),
}
MADE = {"e": ("a", "b", "e = a * b"), "d": ("e", "c", "d = e + c"), "L": ("d", "f", "L = d * f")}
WIDE, HIGH = 116, 92


def shown(value: float) -> str:
    """A number as it stands in a node."""
    return f"{value:g}".replace("-", MINUS)


def lecture_graph(given: Given) -> dict[str, tuple[float, float]]:
    """The nodes of the graph: name -> (data, gradient), as the engine has them."""
    value = given.solutions["Value"]
    nodes = {name: value(number) for name, number in INPUTS.items()}
    nodes["e"] = nodes["a"] * nodes["b"]
    nodes["d"] = nodes["e"] + nodes["c"]
    nodes["L"] = nodes["d"] * nodes["f"]
    nodes["L"].backward()
    return {name: (node.data, node.grad) for name, node in nodes.items()}


def _graph(given: Given, known: Collection[str], question: str = "?") -> str:
    """The graph, with the gradients that are known already, and the way that they came."""
    words, numbers = given.labels, lecture_graph(given)
    picture = Picture(640, 392, words["title"])
    nodes = {name: Node(*place, WIDE, HIGH) for name, place in PLACES.items()}
    for name, (one, other, _) in MADE.items():
        for child in (one, other):
            if child in known:
                join(picture, nodes[name], nodes[child], colour=2, width=3)
            else:
                join(picture, nodes[child], nodes[name], colour=GREY)
    for name, node in nodes.items():
        data, grad = numbers[name]
        is_known = name in known
        box(picture, node.x, node.y, WIDE, HIGH, colour=2 if is_known else INK)
        formula = MADE[name][2] if name in MADE else name
        picture.text(node.x, node.y - 28, f"${formula}$", INK, bold=True)
        picture.text(node.x - WIDE / 2 + 10, node.y, words["data"], GREY, SMALL, "start")
        picture.text(node.x + WIDE / 2 - 10, node.y, shown(data), 1, anchor="end")
        picture.text(node.x - WIDE / 2 + 10, node.y + 28, words["grad"], GREY, SMALL, "start")
        grad_shown = shown(grad) if is_known else question
        picture.text(
            node.x + WIDE / 2 - 10, node.y + 28, grad_shown, 2 if is_known else GREY, anchor="end", bold=is_known
        )
    return picture.svg()


def graph_data(given: Given) -> str:
    """Data only: the way forward."""
    return _graph(given, ())


def graph_halfway(given: Given) -> str:
    """Gradients from the end to d."""
    return _graph(given, ("L", "f", "d"))


def graph_gradients(given: Given) -> str:
    """All gradients."""
    return _graph(given, tuple(PLACES))


def two_paths(given: Given) -> str:
    """A result that depends on x through two nodes: along a path slopes multiply, and the paths add up."""
    picture = Picture(640, 340, given.labels["title"])
    x = circle(picture, 90, 130, 36, "$x$")
    y = circle(picture, 550, 130, 36, "$y$")
    for number, (height, colour) in enumerate(((65, 1), (195, 2)), 1):
        u = circle(picture, 320, height, 36, f"$u_{number}$", colour)
        side = -1 if number == 1 else 1
        join(picture, x, u, f"$du_{number}/dx$", colour, 3, right=-8, below=side * 24)
        join(picture, u, y, f"$dy/du_{number}$", colour, 3, right=8, below=side * 24)
    picture.text(118, 290, "$dy/dx =$", anchor="end")
    picture.text(222, 290, "$dy/du_1 * du_1/dx$", 1, bold=True)
    picture.text(330, 290, "$+$")
    picture.text(438, 290, "$dy/du_2 * du_2/dx$", 2, bold=True)
    return picture.svg()


PICTURES = {
    "graph-data": graph_data,
    "graph-halfway": graph_halfway,
    "graph-gradients": graph_gradients,
    "two-paths": two_paths,
}
