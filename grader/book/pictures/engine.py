"""How the engine hands gradients on, and one of its operations."""

from __future__ import annotations

from collections.abc import Sequence

from grader.book.pictures.chain_rule import shown
from grader.book.pictures.diagram import Node, circle, join
from grader.book.pictures.given import Given
from grader.book.pictures.plot import Plot, between
from grader.book.pictures.svg import GREY, INK, SMALL, Picture


def twice_used(given: Given) -> tuple[float, float]:
    """The gradient of a in b = a + a, and what each of the two uses hands on."""
    a = given.solutions["Value"](3.0)
    b = a + a
    b.backward()
    return a.grad, a.grad / len(b._prev)


def accumulate(given: Given) -> str:
    """`=` keeps what came last, `+=` adds up what came."""
    words = given.labels
    total, each = (shown(value) for value in twice_used(given))
    picture = Picture(640, 330, words["title"])
    for left, code, colour, arrived, ends, verdict in (
        (0, "a.grad = ...", 2, f"{each},  {each}", each, words["wrong"]),
        (320, "a.grad += ...", 1, f"{each} + {each}", total, words["right"]),
    ):
        picture.text(left + 160, 38, code, colour, bold=True, code=True)
        a = circle(picture, left + 60, 130, 32, "$a$", colour)
        b = circle(picture, left + 260, 130, 32, "$b$", INK)
        join(picture, b, a, each, colour, 3, bend=-34)
        join(picture, b, a, each, colour, 3, bend=34)
        picture.text(left + 160, 130, "$b = a + a$", GREY, SMALL)
        picture.text(left + 160, 228, f"{words['arrives']} {arrived}", GREY, SMALL)
        picture.text(left + 160, 262, f"a.grad: {ends}", colour, bold=True, code=True)
        picture.text(left + 160, 296, verdict, colour, SMALL)
    picture.thin((320, 24), (320, 306))
    return picture.svg()


def in_order(given: Given, order: str) -> dict[str, tuple[float, float]]:
    """b = a + a, s = b + 1, y = b * s at a = 1, where the nodes hand on in this order: for each its gradient when it
    does so, and its gradient in the end."""
    a = given.solutions["Value"](1.0)
    b = a + a
    s = b + 1
    y = b * s
    nodes = {"y": y, "s": s, "b": b, "a": a}
    y.grad, then = 1.0, {}
    for name in order:
        then[name] = nodes[name].grad
        nodes[name]._backward()
    return {name: (then[name], nodes[name].grad) for name in order}


def wrong_order(given: Given) -> str:
    """A node that hands on before it has all, and the same graph in the right order."""
    words = given.labels
    picture = Picture(640, 480, words["title"])
    for top, order, colour in ((0, "ybsa", 2), (240, "ysba", 1)):
        picture.text(24, top + 36, words["wrong" if colour == 2 else "right"], colour, bold=True, anchor="start")
        grads = in_order(given, order)
        nodes = {name: Node(x, top + 135, 64, 64, True) for name, x in (("a", 70), ("b", 240), ("s", 410), ("y", 570))}
        for one, other, bend in (("y", "s", 0), ("s", "b", 0), ("y", "b", -62), ("b", "a", -9), ("b", "a", 9)):
            late = colour == 2 and (one, other) == ("s", "b")
            text = words["late"] if late else ""
            join(
                picture,
                nodes[one],
                nodes[other],
                text,
                GREY if late else colour,
                2.5,
                -bend,
                2 if late else 0,
                SMALL,
                below=-20,
            )
        for name, node in nodes.items():
            circle(picture, node.x, node.y, 32, f"${name}$", colour)
            x, y = node.x + (-26 if name == "b" else 26), node.y - 32
            picture.circle((x, y), 14, INK, "paper", 1.5)
            picture.text(x, y, str(order.index(name) + 1), size=SMALL)
            then, end = grads[name]
            gradient = shown(then) if then == end else words["later"].format(then=shown(then), end=shown(end))
            picture.text(node.x, node.y + 56, gradient, colour, bold=True)
    picture.thin((24, 236), (616, 236))
    return picture.svg()


def values_and_slopes(
    given: Given, name: str, xs: Sequence[float]
) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    """The curve of an operation of one number, and that of its slope, as the engine has them."""
    curve, slopes = [], []
    for x in xs:
        if hasattr(given.solutions["Value"], name):
            node = given.solutions["Value"](x)
            out = getattr(node, name)()
            out.backward()
            curve.append((x, out.data))
            slopes.append((x, node.grad))
        else:
            node = given.solutions["Tensor"]([x])
            out = getattr(node, name)()
            out.sum().backward()
            curve.append((x, out.data[0]))
            slopes.append((x, node.grad[0]))
    return curve, slopes


def tanh(given: Given) -> str:
    """tanh and its slope."""
    picture = Picture(640, 400, given.labels["title"])
    plot = Plot(picture, (-4, 4), (-1.2, 1.2), 60, 30, 550, 300)
    plot.axes("$x$", x_ticks=range(-4, 5), y_ticks=(-1, 0, 1))
    curve, slopes = values_and_slopes(given, "tanh", between(-4, 4, 81))
    plot.curve(curve, 1, 3.5)
    plot.curve(slopes, 2, 3)
    plot.label((2.6, 0.8), "$tanh(x)$", 1, bold=True)
    plot.label((-1.4, 0.6), given.labels["slope"], 2, anchor="end", bold=True)
    return picture.svg()


PICTURES = {"accumulate": accumulate, "wrong-order": wrong_order, "tanh": tanh}
