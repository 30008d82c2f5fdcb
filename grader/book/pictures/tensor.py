"""Shapes forward and backward, and how many nodes a network takes."""

from __future__ import annotations

import random
from typing import Any

from grader.book.pictures.given import Given
from grader.book.pictures.svg import GREY, INK, SMALL, Picture, Point

ROWS, COLUMNS = 2, 3
CELL = 26
APART = 70  # nodes, at most
NARROW, WIDE = 2, 100


def shape(data: Any) -> tuple[int, int]:
    """Rows and columns of a matrix, or of a vector, which is a column."""
    return (len(data), len(data[0])) if isinstance(data[0], list) else (len(data), 1)


def shapes(given: Given) -> dict[str, tuple[int, int]]:
    """Of z = W @ x: name -> rows and columns, for data and gradients."""
    tensor = given.solutions["Tensor"]
    w = tensor([[1.0] * COLUMNS for _ in range(ROWS)])
    x = tensor([1.0] * COLUMNS)
    z = w @ x
    z.sum().backward()
    nodes = {"W": w, "x": x, "z": z}
    data = {name: shape(node.data) for name, node in nodes.items()}
    return data | {f"{name}.grad": shape(node.grad) for name, node in nodes.items()}


def matrix_shapes(given: Given) -> str:
    """z = W @ x and both gradients as blocks of numbers."""
    picture = Picture(640, 500, given.labels["title"])
    known = shapes(given)
    rows = (
        ("z", "=", "W", "@", "x"),
        ("W.grad", "=", "z.grad", "@", "x T"),
        ("x.grad", "=", "W T", "@", "z.grad"),
    )
    for number, row in enumerate(rows):
        for i, name in enumerate(row):
            x, y = (90, 190, 310, 430, 550)[i], 84 + 150 * number
            if name in ("=", "@"):
                picture.text(x, y, name, size=26)
            else:
                _block(picture, x, y, name, known)
        if number:
            picture.thin((24, y - 75), (616, y - 75))
    picture.path([(250, 462), (278, 462), (278, 480), (250, 480)], 2, 2.5, 2, "f2 tint", "Z")
    picture.text(292, 471, given.labels["transposed"], 2, SMALL, "start", bold=True)
    return picture.svg()


def _block(picture: Picture, x: float, y: float, name: str, known: dict[str, tuple[int, int]]) -> None:
    """A matrix with its name above and its shape below."""
    base, _, transposed = name.partition(" ")
    rows, columns = known[base]
    if transposed:
        rows, columns = columns, rows
    colour = 2 if transposed else 1 if ".grad" in base else INK
    left, top = x - columns * CELL / 2, y - rows * CELL / 2
    picture.rect(left, top, columns * CELL, rows * CELL, colour, thick=2.5 if transposed else 2)
    lines = [((left + k * CELL, top), (left + k * CELL, top + rows * CELL)) for k in range(1, columns)]
    lines += [((left, top + k * CELL), (left + columns * CELL, top + k * CELL)) for k in range(1, rows)]
    for one, other in lines:
        picture.path([one, other], colour, 1, 2 if transposed else 0)
    is_gradient = ".grad" in base
    text = f"${base}^T$" if transposed else base if is_gradient else f"${base}$"
    picture.text(x, top - 16, text, colour, SMALL, bold=bool(transposed), code=is_gradient)
    picture.text(x, top + rows * CELL + 16, f"{rows} \u00d7 {columns}", GREY, SMALL)


def network(given: Given, width: int, of_tensors: bool) -> Any:
    """L of two layers: width inputs, width hidden neurons with tanh, one output, and half the squared error."""
    draw = random.Random(1)  # noqa: S311 - the numbers do not matter
    numbers = [[draw.uniform(-1, 1) for _ in range(width)] for _ in range(width + 3)]
    x, b1, w2, w1 = numbers[0], numbers[1], numbers[2], numbers[3:]
    if of_tensors:
        tensor = given.solutions["Tensor"]
        hidden = (tensor(w1) @ tensor(x) + tensor(b1)).tanh()
        error = tensor([w2]) @ hidden + tensor([0.2]) - tensor([1.0])
        return (error * error).sum() * 0.5
    value = given.solutions["Value"]
    inputs = [value(number) for number in x]
    layer = []
    for row, bias in zip(w1, b1, strict=True):
        total = value(bias)
        for weight, one in zip(row, inputs, strict=True):
            total = total + value(weight) * one
        layer.append(total.tanh())
    total = value(0.2)
    for weight, one in zip(w2, layer, strict=True):
        total = total + value(weight) * one
    error = total - value(1.0)
    return error * error * 0.5


def counted(given: Given, width: int, of_tensors: bool) -> int:
    """How many nodes that network has."""
    return len(given.solutions["trace"](network(given, width, of_tensors))[0])


def nodes(given: Given) -> str:
    """The same network twice: many Values, few Tensors."""
    words = given.labels
    picture = Picture(640, 440, words["title"])
    for left, colour, kind, radius in ((0, 1, "values", 6.0), (320, 2, "tensors", 9.0)):
        of_tensors = kind == "tensors"
        number = counted(given, NARROW, of_tensors)
        picture.text(left + 160, 36, words[kind].format(number=number), colour, bold=True)
        _dots(picture, network(given, NARROW, of_tensors), (left + 34, 70), (252, 250), colour, radius)
        number = counted(given, WIDE, of_tensors)
        picture.text(left + 160, 408, words[kind].format(number=f"{number:,}"), colour, bold=True)
    picture.text(320, 370, words["larger"].format(wide=WIDE, narrow=NARROW), GREY, SMALL)
    picture.thin((24, 344), (616, 344))
    picture.thin((320, 24), (320, 334))
    return picture.svg()


def _dots(picture: Picture, root: Any, corner: Point, size: Point, colour: int, radius: float) -> None:
    """A graph as dots and lines, from the leaves at the left to the root at the right."""
    depth: dict[Any, int] = {}

    def visit(node: Any, below: int) -> None:
        depth[node] = max(depth.get(node, 0), below)
        for child in node._prev:
            visit(child, below + 1)

    visit(root, 0)
    order = sorted(depth, key=lambda node: depth[node])  # parents first; what is as deep, as it was met
    columns: list[list[Any]] = [[] for _ in range(max(depth.values()) + 1)]
    users: dict[Any, list[Any]] = {}
    for node in order:
        columns[depth[node]].append(node)
        for child in node._prev:
            users.setdefault(child, []).append(node)
    places: dict[Any, Point] = {}
    apart = min(APART, size[1] / (max(map(len, columns)) - 1))
    for rank, column in enumerate(columns):
        if rank:  # near to the middle of what they are joined to
            column.sort(key=lambda node: sum(places[user][1] for user in users[node]) / len(users[node]))
        x = corner[0] + size[0] * (1 - rank / (len(columns) - 1))
        for k, node in enumerate(column):
            places[node] = x, corner[1] + size[1] / 2 + apart * (k - (len(column) - 1) / 2)
    for node in order:
        for child in dict.fromkeys(node._prev):
            picture.path([places[child], places[node]], GREY, 1.2)
    for node in order:
        picture.circle(places[node], radius, colour, "f", 1)


PICTURES = {"matrix-shapes": matrix_shapes, "nodes": nodes}
