"""The solution of the engine, against an autodiff of other people."""

import math
from collections.abc import Callable
from typing import Any

import autograd.numpy as anp  # type: ignore[import-untyped]
import micrograd.engine  # type: ignore[import-untyped]
import numpy as np
import pytest
from autograd import value_and_grad
from hypothesis import given
from hypothesis import strategies as st
from oracle import MANY, Value, close, grads, kit, number, numbers, values

# Chapter 3: the engine


def double(a: Any) -> Any:
    """Give a + a: one node used twice by one operation."""
    return a + a


def diamond(a: Any, b: Any) -> Any:
    """Give (a * b) * (a + b): two paths from each input."""
    return (a * b) * (a + b)


def ladder(a: Any) -> Any:
    """Give c = b + b with b = a + a, where b must have its whole gradient before it hands it on."""
    b = a + a
    return b + b


def micrograd_small(x: Any) -> Any:
    """Give the y of micrograd's first test."""
    z = 2 * x + 2 + x
    q = z.relu() + z * x
    h = (z * z).relu()
    return h + q + q * x


def micrograd_large(a: Any, b: Any) -> Any:
    """Give the g of micrograd's second test."""
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    return g


@pytest.mark.parametrize(
    ("f", "inputs", "result", "gradient"),
    [
        (double, [3], 6, [2]),
        (diamond, [-2, 3], -6, [-3, -8]),
        (ladder, [1], 4, [4]),
        (micrograd_small, [-4], -20, [46]),
        (micrograd_large, [-4, 2], 24.70408163265306, [138.83381924198252, 645.5772594752186]),
    ],
)
def test_worked_expressions(f: Callable[..., Any], inputs: list[float], result: float, gradient: list[float]) -> None:
    """The known expressions have the known results and gradients."""
    nodes = values(inputs)
    out = f(*nodes)
    out.backward()
    assert out.data == close(result)
    assert grads(nodes) == close(gradient)
    assert out.grad == 1


def test_relu_is_flat_at_zero() -> None:
    """At exactly 0 relu gives 0 with slope 0."""
    x = Value(0.0)
    out = x.relu()
    out.backward()
    assert (out.data, x.grad) == (0, 0)


def test_gradients_of_two_results_add_up() -> None:
    """backward() adds to the gradients that are there: those of 3x and x^2 at 5 add up to 13."""
    x = Value(5.0)
    (3 * x).backward()
    (x**2).backward()
    assert x.grad == close(13)


def test_second_walk() -> None:
    """A second backward() starts from 1 again and adds the same slope once more: x^2 at 5 comes to 20."""
    x = Value(5.0)
    out = x**2
    out.backward()
    out.backward()
    assert out.grad == 1
    assert x.grad == close(20)


# Random programs: each step (operation, i, j, n) appends the operation on a = value i, b = value j and the plain
# number n. A step is kept where its condition holds and its result is within LIMIT; tanh is kept out of saturation,
# where 1 - tanh^2 has no digits left.

Step = tuple[str, int, int, float]
LIMIT = 50.0
MICROGRAD_OPERATIONS = {
    "a + b": "True",
    "a + n": "True",
    "n + a": "True",
    "a - b": "True",
    "a - n": "True",
    "n - a": "True",
    "a * b": "True",
    "a * n": "True",
    "n * a": "True",
    "a / b": "abs(b) > 0.05",
    "a / n": "abs(n) > 0.05",
    "n / a": "abs(a) > 0.05",
    "-a": "True",
    "a ** 2": "True",
    "a ** 3": "True",
    "a ** -1": "abs(a) > 0.05",
    "a ** -2.0": "abs(a) > 0.05",
    "a ** n": "a > 0.05",
    "relu(a)": "abs(a) > 1e-3",
}
OPERATIONS = MICROGRAD_OPERATIONS | {
    "exp(a)": "a < 4",
    "log(a)": "a > 0.05",
    "tanh(a)": "abs(a) < 4",
}
ON_FLOATS: dict[str, Any] = {"exp": math.exp, "log": math.log, "tanh": math.tanh, "relu": lambda x: max(x, 0.0)}
ON_NODES: dict[str, Any] = {
    "exp": lambda x: x.exp(),
    "log": lambda x: x.log(),
    "tanh": lambda x: x.tanh(),
    "relu": lambda x: x.relu(),
}
ON_AUTOGRAD: dict[str, Any] = {
    "exp": anp.exp,
    "log": anp.log,
    "tanh": anp.tanh,
    "relu": lambda x: anp.maximum(x, 0.0),
}


@st.composite
def programs(draw: st.DrawFn, operations: dict[str, str]) -> tuple[list[float], list[Step]]:
    """Draw one to three inputs and a program that stays in the safe range on them."""
    inputs = draw(st.integers(1, 3).flatmap(numbers))
    index = st.integers(0, 30)
    steps: list[Step] = []
    results = list(inputs)
    drawn = st.lists(st.tuples(st.sampled_from(list(operations)), index, index, number()), min_size=4, max_size=15)
    for operation, i, j, n in draw(drawn):
        step = operation, i % len(results), j % len(results), n
        names = {"a": results[step[1]], "b": results[step[2]], "n": n}
        if eval(operations[operation], {}, names):
            result = eval(operation, ON_FLOATS, names)
            if abs(result) <= LIMIT:
                steps.append(step)
                results.append(result)
    return inputs, steps


def run(steps: list[Step], inputs: Any, functions: dict[str, Any]) -> Any:
    """Give the sum of all inputs and results of a program, so that every step counts."""
    results = list(inputs)
    for operation, i, j, n in steps:
        results.append(eval(operation, functions, {"a": results[i], "b": results[j], "n": n}))
    return sum(results)


def run_on_nodes(node: Any, steps: list[Step], inputs: list[float]) -> tuple[float, list[float]]:
    """Give the sum of a program and its gradient by an engine whose node class is node."""
    leaves = [node(x) for x in inputs]
    out = run(steps, leaves, ON_NODES)
    out.backward()
    return out.data, grads(leaves)


@MANY
@given(programs(OPERATIONS))
def test_random_programs_against_autograd(program: tuple[list[float], list[Step]]) -> None:
    """On random graphs the engine agrees with autograd in value and all gradients."""
    inputs, steps = program
    value, gradient = run_on_nodes(Value, steps, inputs)
    expected, slopes = value_and_grad(lambda v: run(steps, [v[i] for i in range(len(inputs))], ON_AUTOGRAD))(
        np.array(inputs)
    )
    assert value == close(expected)
    assert gradient == close(slopes.tolist())


@MANY
@given(programs(MICROGRAD_OPERATIONS))
def test_random_programs_against_micrograd(program: tuple[list[float], list[Step]]) -> None:
    """On random graphs of the operations that micrograd has, the engine agrees with it."""
    inputs, steps = program
    value, gradient = run_on_nodes(Value, steps, inputs)
    expected, slopes = run_on_nodes(micrograd.engine.Value, steps, inputs)
    assert value == close(expected)
    assert gradient == close(slopes)


# The order of the nodes and the drawing


@st.composite
def graphs(draw: st.DrawFn) -> list[list[int]]:
    """Draw a graph: for each node its children among the nodes before it, the same one twice at times."""
    return [draw(st.lists(st.integers(0, k - 1), max_size=3)) if k else [] for k in range(draw(st.integers(1, 12)))]


def build(graph: list[list[int]]) -> tuple[list[Any], set[Any]]:
    """Give the nodes of a graph and the set of those that the last is made from, with itself."""
    nodes: list[Any] = []
    below: list[set[Any]] = []
    for children in graph:
        node = Value(0.0, tuple(nodes[i] for i in children))
        below.append({node}.union(*(below[i] for i in children)))
        nodes.append(node)
    return nodes, below[-1]


@MANY
@given(graphs())
def test_topological_sort(graph: list[list[int]]) -> None:
    """topological_sort lists what the root is made from, each node once and after all its children."""
    nodes, below = build(graph)
    order = kit.engine.topological_sort(nodes[-1])
    assert len(order) == len(below)
    assert set(order) == below
    place = {node: k for k, node in enumerate(order)}
    assert all(place[child] < place[node] for node in order for child in node._prev)


@MANY
@given(graphs())
def test_trace(graph: list[list[int]]) -> None:
    """Trace gives what the root is made from, and an edge from each child to each node made from it."""
    nodes, below = build(graph)
    edges = {(nodes[i], nodes[k]) for k, children in enumerate(graph) for i in children}
    assert kit.graph.trace(nodes[-1]) == (below, {(child, node) for child, node in edges if node in below})


def test_trace_worked() -> None:
    """For b = a + a and c = b * a there are three nodes and the edges a to b, b to c and a to c."""
    a = Value(3.0)
    b = a + a
    c = b * a
    assert kit.graph.trace(c) == ({a, b, c}, {(a, b), (b, c), (a, c)})


def test_deep_graph() -> None:
    """A chain of 10,000 additions is sorted, walked and traced without a RecursionError."""
    x = Value(2.0)
    y = x
    for _ in range(10_000):
        y = y + x
    order = kit.engine.topological_sort(y)
    assert (len(order), order[0], order[-1]) == (10_001, x, y)
    y.backward()
    assert (y.data, x.grad) == (20_002, 10_001)
    nodes, edges = kit.graph.trace(y)
    assert (len(nodes), len(edges)) == (10_001, 19_999)
