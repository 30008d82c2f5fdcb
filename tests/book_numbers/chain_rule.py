"""The numbers of the chapter on the chain rule: see test_book_numbers.py."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from oracle import Value, kit

VALUES = {"a": 2.0, "b": -3.0, "c": 10.0, "f": -2.0}
GIVEN = (
    "a 2, b -3 and c 10 lead to",
    "With $a = 2$, $b = -3$, $c = 10$, $f = -2$ it gives",
    "raise $e$ by 0.001,",
    "from 4 to 4.001,",
    "with $a = 2.001$ and",
    "a=2 b=-3 c=10 f=-2 --reference",
    "a=2 b=-3 c=10 f=-2 ```",
    "With a step of 0.01,",
    "With a step of -0.01",
    "after 20. To",
    "For the 20 doublings",
    r"$x_2 = 0$,",
    "beside this weight is 0,",
    "`MLP(3, [4, 4, 1])` of",
    "$b = 6.8813735870195432$",
    "x1=2 x2=0 w1=-3 w2=1 b=6.8813735870195432 --reference",
    r"$\frac{e^{2n} - 1}{e^{2n} + 1}$",
)


def result(values: dict[str, float]) -> float:
    """L of the chapter."""
    return (values["a"] * values["b"] + values["c"]) * values["f"]


def slope(name: str, **values: float) -> float:
    """The slope of L by one input, measured."""
    h = 1e-5
    above, below = values | {name: values[name] + h}, values | {name: values[name] - h}
    return round((result(above) - result(below)) / (2 * h), 6)


def claims() -> Iterator[str]:
    """Pieces of the text, with the numbers worked out."""
    yield from of_the_graph()
    yield from of_a_step()
    yield from of_paths()
    yield from of_costs()
    yield from of_the_neuron()


def of_the_graph() -> Iterator[str]:
    a, b, c, f = VALUES.values()
    e = a * b
    d = e + c
    yield f"it gives $e = {e:g}$, $d = {d:g}$ and $L = {d * f:g}$."
    yield f"lead to e = {e:g} and d = {d:g}; d and f = {f:g} are multiplied to L = {d * f:g}."
    yield f"and $d$ rises by {(e + 0.001 + c) - d:.3f}."
    raised = (d + 0.001) * f
    yield f"$L$ goes from {d * f:g} to {raised:.3f}: the slope is {(raised - d * f) / 0.001:.6g}, which is $f$."
    yield f"$3 \\cdot 2 = {3 * 2}$ metres"
    by = {name: slope(name, **VALUES) for name in VALUES}
    found = kit.chain_rule.manual_backprop(**VALUES)
    assert {name: found[name] for name in by} == by
    yield f"the upstream gradient is {found['d']:g}, the local slope of the sum is 1, and"
    yield rf"$\frac{{dL}}{{de}} = {found['d']:g} \cdot 1 = {found['e']:g}$."
    yield f"{found['d']:g} for $d$, and {by['f']:g} for $f$."
    yield f"L has the gradient {found['L']:g}, d has {found['d']:g} and f has {by['f']:g}."
    yield f"$c$ and $e$ get {by['c']:g} as well"
    yield f"b = -2 \\cdot (-3) = {by['a']:g} \\\\"
    yield f"a = -2 \\cdot 2 = {by['b']:g} \\end{{aligned}}$$"
    yield f"all gradients: {', '.join(f'{name} {found[name]:g}' for name in 'abcdefL')}."
    nudged = result(VALUES | {"a": 2.001})
    yield f"$L$ is {nudged:.3f}. It has risen by {nudged - d * f:.3f}, so the slope is {by['a']:g}."
    yield f"at $a$ it gives {b:g} in place of {by['a']:g}"


def of_a_step() -> Iterator[str]:
    gradients = {name: slope(name, **VALUES) for name in VALUES}
    before = result(VALUES)
    moved = {step: kit.chain_rule.nudge(VALUES, gradients, step) for step in (0.01, -0.01, 1)}
    a, b, c, f = moved[0.01].values()
    yield f"$2 + 0.01 \\cdot {gradients['a']:g} = {a:.6g}$"
    yield f"become {b:.6g}, {c:.6g} and {f:.6g}."
    yield f"$L$ is {result(moved[0.01]):.3f}, up from {before:g}."
    squares = [number**2 for number in gradients.values()]
    yield f"$0.01 \\cdot ({' + '.join(f'{square:g}' for square in squares)}) = {0.01 * sum(squares):.6g}$"
    yield f"it is {result(moved[0.01]) - before:.4f}, as"
    yield f"$L$ falls to {result(moved[-0.01]):.3f}."
    yield f"takes it to {result(moved[1]):g}."


def of_paths() -> Iterator[str]:
    x, h = 2.0, 1e-5
    u1, u2 = x**2, 3 * x
    yield f"At $x = {x:g}$ we have $u_1 = {u1:g}$ and $u_2 = {u2:g}$."
    through = u2 * 2 * x, u1 * 3
    yield f"$u_2 \\cdot 2x = {u2:g} \\cdot {2 * x:g} = {through[0]:g}$"
    yield f"$u_1 \\cdot 3 = {u1:g} \\cdot 3 = {through[1]:g}$, and together they make {sum(through):g}."
    yield f"{u2:g} times {2 * x:g} and {u1:g} times 3 make {sum(through):g}"
    measured = ((x + h) ** 2 * 3 * (x + h) - (x - h) ** 2 * 3 * (x - h)) / (2 * h)
    yield f"whose slope $9x^2$ is {measured:.6g} at 2"


def of_costs() -> Iterator[str]:
    yield f"{paths(doublings(10)):,} after 10,"
    end = doublings(20)
    end.backward()
    leaf = next(node for node in nodes(end) if not node._prev)
    yield f"{leaf.grad:,.0f} after 20."  # each path adds 1
    yield f"that makes {handed_on(end)} products"

    network = kit.nn.MLP(3, [4, 4, 1])
    parameters = len(network.parameters())
    out = network([2.0, 3.0, -1.0])
    forward = sum(1 for node in nodes(out) if node._prev)
    backward = handed_on(out)
    yield f"has {parameters} parameters, and one forward pass through it is {forward} operations."
    sizes = [3, 4, 4, 1]
    layers = [outs * (2 * ins + (outs > 1)) for ins, outs in pairwise(sizes)]  # products, sums, perhaps a tanh
    assert sum(layers) == forward
    yield f"{layers[0] // 4} operations, and {layers[0]} for the four."
    yield f"The second layer makes 4 times {layers[1] // 4}, and the last neuron, without tanh, {layers[2]}.)"
    # A difference is measured here, to count what it calls.
    calls: list[int] = []

    def loss(_: list[float]) -> float:
        calls.append(1)
        return 0.0

    kit.derivatives.gradient(loss, [0.0] * parameters)
    yield f"forward differences {parameters + 1} 0 {(parameters + 1) * forward:,}"
    yield f"central differences {len(calls)} 0 {len(calls) * forward:,}"
    yield f"back-propagation 1 1 {forward + backward}"
    yield f"{backward} of them here"


def of_the_neuron() -> Iterator[str]:
    at = {"x1": 2.0, "x2": 0.0, "w1": -3.0, "w2": 1.0, "b": 6.8813735870195432}
    total = at["x1"] * at["w1"] + at["x2"] * at["w2"] + at["b"]
    o = math.tanh(total)
    assert math.isclose(o, (math.exp(2 * total) - 1) / (math.exp(2 * total) + 1))
    h = 1e-5
    local = (math.tanh(total + h) - math.tanh(total - h)) / (2 * h)
    yield f"products are {at['x1'] * at['w1']:g} and {at['x2'] * at['w2']:g}, the sum $n$ is {total:.4f}"
    yield f"$o$ is {o:.4f}. (The"
    yield f"$o^2$ is {o * o:.6g}, and"
    found = {name: round(number, 9) for name, number in kit.chain_rule.manual_neuron(**at).items()}
    yield f"The gradient of $n$ is {local:.6g}."
    yield f"so $b$ and both products get {found['b']:g}."
    yield f"each gets the other times {local:.6g}: the gradient of $x_1$ is {found['x1']:g}"
    yield f"and that of $w_1$ is {found['w1']:g}."
    yield f"it is {found['x2']:g} for $x_2$, and {found['w2']:g} for $w_2$."
    for name in at:  # by differences, as the solution is nobody's witness
        above, below = (tanh_of(at | {name: at[name] + move}) for move in (h, -h))
        assert math.isclose((above - below) / (2 * h), found[name], abs_tol=1e-8)


def tanh_of(at: dict[str, float]) -> float:
    """The neuron of the chapter."""
    return math.tanh(at["x1"] * at["w1"] + at["x2"] * at["w2"] + at["b"])


def doublings(number: int) -> Any:
    """A number that was added to itself again and again."""
    node = Value(1.0)
    for _ in range(number):
        node = node + node
    return node


def paths(node: Any) -> int:
    """In how many ways one comes from a node to the inputs: each is walked."""
    return sum(paths(child) for child in node._prev) if node._prev else 1


def nodes(root: Any) -> set[Any]:
    """Every node that root is made of, and root."""
    found: set[Any] = kit.graph.trace(root)[0]
    return found


def handed_on(root: Any) -> int:
    """How often a gradient is handed on in one pass backward: once for every use of a node."""
    return sum(len(node._prev) for node in nodes(root))
