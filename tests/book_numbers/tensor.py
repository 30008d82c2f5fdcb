"""The numbers of a chapter of the book: see test_book_numbers.py."""

from __future__ import annotations

import math
import operator
import struct
import sys
from collections.abc import Iterator
from typing import Any

from oracle import Value, kit

Tensor: Any = kit.tensor.Tensor

X, W1, B1 = [1.0, 2.0], [[0.1, -0.2], [0.3, 0.4]], [0.1, -0.1]
W2, B2, Y = [[0.5, -0.6]], [0.2], [1.0]

GIVEN: tuple[str, ...] = (
    "and a loss of 0.2 A loss is",
    "`x = [1, 2, 3]` is data, `w = [0.1, 0.2, 0.3]`",
    "prints a loss of 0.2",
    r"\frac{x_i}{3}",
    r"\frac{w_i - 1}{3}",
    "the gradient $x_i$ times 1,",
    "so $x$ has 3 numbers, and $z$ has 2, as",
    "with 100 in place of each 2 they are",
    "into 0 to 1, and",
    r"\frac{1}{1 + e^{-a}}",
    r"L = \frac{1}{2} \sum_i",
    "a vector $b$ of shape `(3,)`",
    "with the learning rate 0.1 takes",
    "Let 1 arrive at $z_1$ and 10 at $z_2$",
    "Now let each 2 be 100: 100 inputs and 100 hidden neurons",
    "With 80 examples as the columns",
    "(here the biases are then repeated 80 times as well) there are 80 times",
    "`x = [1, 2]` goes through",
    r"W_1 = \begin{bmatrix} 0.1 & -0.2 \\ 0.3 & 0.4 \end{bmatrix}",
    r"b_1 = \begin{bmatrix} 0.1 \\ -0.1 \end{bmatrix}",
    r"W_2 = \begin{bmatrix} 0.5 & -0.6 \end{bmatrix}",
    r"b_2 = \begin{bmatrix} 0.2 \end{bmatrix}",
)


def claims() -> Iterator[str]:
    """Pieces of the text, with the numbers worked out."""
    yield from product_claims()
    yield from matrix_claims()
    yield from matrix_product_claims()
    yield from layer_claims()
    yield from size_claims()
    yield from broadcast_claims()


def rounded(data: Any) -> Any:
    """With four places at most, and whole numbers without any."""
    return kit.tensor.each(lambda number: int(number) if number == int(number) else round(number, 4), data)


def product_claims() -> Iterator[str]:
    x, w = Tensor([1.0, 2.0, 3.0]), Tensor([0.1, 0.2, 0.3])
    z = x * w
    difference = z - x
    loss = difference.mean()
    loss.backward()
    yield f"z = x * w {rounded(z.data)} z - x {rounded(difference.data)}"
    yield f"loss {sum(difference.data):.1f} / 3 = {loss.data:.4f}"
    assert all(math.isclose(slope, number / 3) for slope, number in zip(w.grad, [1, 2, 3]))
    yield f"which is `[1/3, 2/3, 1]` for $w$ and `{rounded(x.grad)}` for $x$"
    yield f"The mean of $w$ is {w.mean().data:.1f}"
    yield f"the mean of $z$ would be {z.mean().data:.4f}"
    by_sum = Tensor(w.data)
    (x * by_sum - x).sum().backward()
    yield f"that is `{rounded(by_sum.grad)}`"
    moved, _, _ = kit.derivatives.vector_product(x.data, [0.1, 0.2, 0.301])
    change = moved - loss.data
    yield f"from {w.data[2]} to 0.301: $z$ there rises by {3 * 0.301 - z.data[2]:.3f}, and the mean by {change:.3f}"
    yield f"So that slope is {change / 0.001:.0f}"
    new = [number - 0.1 * slope for number, slope in zip(w.data, w.grad)]
    later, _, _ = kit.derivatives.vector_product(x.data, new)
    yield f"takes $w$ to `{rounded(new)}` and the loss from {loss.data:.4f} to {later:.4f}"


def matrix_claims() -> Iterator[str]:
    w, x = Tensor(W1), Tensor(X)
    z = w @ x
    z.backward([1.0, 10.0])
    first, second = rounded(z.data)
    rows = [f"{row[0]} \\cdot 1 {'-' if row[1] < 0 else '+'} {abs(row[1])} \\cdot 2" for row in W1]
    inputs = r"\begin{bmatrix} 0.1 & -0.2 \\ 0.3 & 0.4 \end{bmatrix} \begin{bmatrix} 1 \\ 2 \end{bmatrix}"
    products = rf"\begin{{bmatrix}} {rows[0]} \\ {rows[1]} \end{{bmatrix}}"
    yield rf"{inputs} = {products} = \begin{{bmatrix}} {first} \\ {second} \end{{bmatrix}}"
    yield rf"{x.grad[0]:.1f} is ${W1[0][0]} \cdot 1 + {W1[1][0]} \cdot 10$"
    assert math.isclose(x.grad[0], W1[0][0] * 1 + W1[1][0] * 10)
    s = Tensor(0.0).sigmoid()
    s.backward()
    t = Tensor(0.0).tanh()
    t.backward()
    yield f"At 0 the sigmoid is {s.data} and its slope {s._prev[0].grad}"
    yield f"$\\tanh$ is {t.data:g} there with the slope {t._prev[0].grad:g}"
    assert 0.5e-6 < s._prev[0].grad ** 10 < 2e-6, "about a millionth"
    yield f"by ${s._prev[0].grad}^{{10}}$ at most, about a millionth"


def matrix_product_claims() -> Iterator[str]:
    (row,) = (Tensor([[1.0, 2.0]]) @ Tensor([[3.0, 5.0], [4.0, 6.0]])).data
    yield rf"2 \cdot 6 \end{{bmatrix}} = \begin{{bmatrix}} {row[0]:g} & {row[1]:g} \end{{bmatrix}}$$"


def layer_claims() -> Iterator[str]:
    t = two_layers(X, W1, B1, W2, B2, Y, "tanh")
    v = of_values(X, W1, B1, W2, B2, Y)
    for name in ("x", "W1", "b1", "W2", "b2"):
        pairs = zip(kit.tensor.flat(t[name].grad), kit.tensor.flat(v[name]))
        assert all(math.isclose(slope, node.grad) for slope, node in pairs), name
    yield f"$a_1$ is `{rounded(t['a1'].data)}`, $h_1$ is `{rounded(t['h1'].data)}`, $z$ is `{rounded(t['z'].data)}`"
    yield f"and $L$ is {t['L'].data:.4f}"
    yield " ".join(f"{name} {rounded(t[name].grad)}" for name in ("z", "W2", "h1", "a1", "W1", "x"))
    up = [round(slope, 4) for slope in t["a1"].grad]
    yield rf"2 \cdot ({up[0]}) = {v['W1'][0][1].grad:.4f}"
    yield rf"{W1[0][0]} \cdot ({up[0]}) + {W1[1][0]} \cdot {up[1]} = {v['x'][0].grad:.4f}"
    s = two_layers(X, W1, B1, W2, B2, Y, "sigmoid")
    yield f"$z$ is `{rounded(s['z'].data)}` and $L$ is {s['L'].data:.4f}"
    yield f"take {count(v['L'])} Values, or {count(t['L'])} Tensors"
    yield f"as a graph of Values, {count(v['L'])} nodes, and as a graph of Tensors, {count(t['L'])} nodes"


def broadcast_claims() -> Iterator[str]:
    """A vector that is added to each row of a matrix, row by row."""
    b = Tensor([1.0, 2.0, 3.0])
    rows = [Tensor([4.0, 5.0, 6.0]) + b, Tensor([7.0, 8.0, 9.0]) + b]
    (rows[0].sum() + rows[1].sum()).backward()
    yield f"shape `(3,)` to a matrix of shape `({len(rows)}, 3)`"
    yield f"If 1 arrives everywhere, $b$ gets `{rounded(b.grad)}`"


def size_claims() -> Iterator[str]:
    row = [0.1] * 100
    point: list[Any] = [row, [row] * 100, row, [row], [0.1], [1.0]]
    parameters = sum(len(kit.tensor.flat(data)) for data in point[1:5])
    values = count(of_values(*point)["L"])
    yield f"with {parameters:,} parameters. That takes {values:,} Values"
    large = two_layers(*point, "tanh")
    yield f"And it still takes {count(large['L'])} Tensors"
    yield f"in place of each 2 they are {values:,} and {count(large['L'])}."
    # 80 examples: x, both biases and y get 80 columns, whatever the sizes of the layers.
    small = (X, W1, B1, W2, B2, Y)
    columns = [data if isinstance(data[0], list) else [[number] * 80 for number in data] for data in small]
    many = two_layers(*columns, "tanh")
    yield f"on the way, and {count(many['L'])} Tensors again"
    yield f"is {len(kit.tensor.flat(point[1])):,} multiplications"
    yield f"of {sys.getsizeof(0.1)} bytes in CPython"
    yield f"often {struct.calcsize('f')} bytes each or less"


def count(loss: Any) -> int:
    return len(kit.graph.trace(loss)[0])


def two_layers(*point_and_activation: Any) -> dict[str, Any]:
    """The two layers of Tensors, after backward()."""
    *point, activation = point_and_activation
    x, w1, b1, w2, b2, y = map(Tensor, point)
    a1 = w1 @ x + b1
    h1 = getattr(a1, activation)()
    z = w2 @ h1 + b2
    error = z - y
    loss = (error * error).sum() * 0.5
    loss.backward()
    return {"x": x, "W1": w1, "b1": b1, "W2": w2, "b2": b2, "a1": a1, "h1": h1, "z": z, "L": loss}


def of_values(*point: Any) -> dict[str, Any]:
    """The same of Values, with tanh and one output; y and the rest as numbers."""
    x, w1, b1, w2, b2, y = (kit.tensor.each(Value, data) for data in point)

    def layer(w: Any, inputs: Any, b: Any) -> list[Any]:
        found = []
        for row, bias in zip(w, b):
            first, *others = map(operator.mul, row, inputs)
            found.append(sum(others, first) + bias)
        return found

    (z,) = layer(w2, [a.tanh() for a in layer(w1, x, b1)], b2)
    error = z - y[0]
    loss = error * error * 0.5
    if len(x) <= 2:
        loss.backward()
    return {"x": x, "W1": w1, "b1": b1, "W2": w2, "b2": b2, "L": loss}
