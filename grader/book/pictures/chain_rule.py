"""Gradients on a graph, and the paths of the chain rule."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

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


def path_slopes(given: Given) -> dict[str, float]:
    """y = u1 * u2 with u1 = x**2 and u2 = 3x at x = 2: the data of the nodes, and the slopes, by their names."""
    value = given.solutions["Value"]

    def run() -> tuple[Any, Any, Any, Any]:
        x = value(2.0)
        one, other = x**2, 3 * x
        return x, one, other, one * other

    x, one, other, y = run()
    y.backward()
    known = {"x": x.data, "u1": one.data, "u2": other.data, "y": y.data}
    known |= {"dy/dx": x.grad, "dy/du1": one.grad, "dy/du2": other.grad}
    for number in (1, 2):
        nodes = run()
        nodes[number].backward()
        known[f"du{number}/dx"] = nodes[0].grad
    return known


def two_paths(given: Given) -> str:
    """A result that depends on x through two nodes: along a path slopes multiply, and the paths add up."""
    picture = Picture(640, 360, given.labels["title"])
    known = path_slopes(given)
    x = circle(picture, 76, 130, 44, f"$x = {known['x']:g}$")
    y = circle(picture, 564, 130, 44, f"$y = {known['y']:g}$")
    for number, (height, colour) in enumerate(((62, 1), (198, 2)), 1):
        u = circle(picture, 320, height, 44, f"$u_{number} = {known[f'u{number}']:g}$", colour)
        below = -30 if number == 1 else 30
        for one, other, top, bottom, right in ((x, u, f"u{number}", "x", -8), (u, y, "y", f"u{number}", 8)):
            slope = known[f"d{top}/d{bottom}"]
            text = f"$\u2202{_low(top)}/\u2202{_low(bottom)} = {slope:g}$"
            join(picture, one, other, text, colour, 3, right=right, below=below)
    rows = (
        ("\u2202y/\u2202x", "\u2202y/\u2202u_1 * \u2202u_1/\u2202x", "\u2202y/\u2202u_2 * \u2202u_2/\u2202x"),
        (f"{known['dy/dx']:g}", *(f"{known[f'dy/du{n}']:g} * {known[f'du{n}/dx']:g}" for n in (1, 2))),
    )
    for height, (whole, first, second) in zip((286, 326), rows, strict=True):
        picture.text(104, height, f"${whole}$", anchor="end")
        picture.text(122, height, "$=$")
        picture.text(236, height, f"${first}$", 1, bold=True)
        picture.text(352, height, "$+$")
        picture.text(468, height, f"${second}$", 2, bold=True)
    return picture.svg()


def _low(name: str) -> str:
    """The name of a node in a formula: u1 as u_1."""
    return name if name.isalpha() else f"{name[0]}_{name[1]}"


PICTURES = {
    "graph-data": graph_data,
    "graph-halfway": graph_halfway,
    "graph-gradients": graph_gradients,
    "two-paths": two_paths,
}
