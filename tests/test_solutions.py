"""The solutions: worked numbers, two autodiffs of other people as oracles, and a whole training, number by number."""

import csv
import gc
import importlib
import math
import random
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import autograd.numpy as anp  # type: ignore[import-untyped]
import micrograd.engine  # type: ignore[import-untyped]
import numpy as np
import pytest
from autograd import value_and_grad
from hypothesis import given, settings
from hypothesis import strategies as st

ROOT = Path(__file__).resolve().parent.parent
DATASETS = ROOT / "datasets"
SOLUTIONS = ROOT / "solutions"
NAMES = ["engine", "nn", "losses", "optim", "train", "graph", "derivatives", "chain_rule"]

TRAIN_STEPS = 100
MANY = settings(derandomize=True, deadline=None, max_examples=300)
SOME = settings(derandomize=True, deadline=None, max_examples=60)


def load_solutions() -> SimpleNamespace:
    """Give the modules of solutions/, which import each other by bare names; leave sys as it was."""
    path, no_bytecode = sys.path, sys.dont_write_bytecode
    others = {name: sys.modules.pop(name) for name in NAMES if name in sys.modules}
    sys.path, sys.dont_write_bytecode = [str(SOLUTIONS), *path], True  # other tests copy the folder: keep it clean
    try:
        return SimpleNamespace(**{name: importlib.import_module(name) for name in NAMES})
    finally:
        sys.path, sys.dont_write_bytecode = path, no_bytecode
        for name in NAMES:
            sys.modules.pop(name, None)
        sys.modules.update(others)


kit: Any = load_solutions()
Value: Any = kit.engine.Value


def close(expected: Any, absolute: float = 1e-12) -> Any:
    """Give what equals expected to a relative 1e-9; the absolute tolerance is for sums that cancel to about 0."""
    return pytest.approx(expected, rel=1e-9, abs=absolute)


def values(numbers: Any) -> list[Any]:
    """Give a Value for each number."""
    return [Value(float(number)) for number in numbers]


def data(nodes: Any) -> list[float]:
    """Give the number of each node."""
    return [node.data for node in nodes]


def grads(nodes: Any) -> list[float]:
    """Give the gradient of each node."""
    return [node.grad for node in nodes]


def weighted(outputs: Any, weights: Any) -> Any:
    """Give the sum of weight times output: one number, whose gradient depends on every output."""
    return sum(weight * output for weight, output in zip(weights, outputs))


def number(limit: int = 3) -> st.SearchStrategy[float]:
    """Draw a number from -limit to limit, in thousandths: none is so close to 0 that it rounds away beside 1."""
    return st.integers(-1000 * limit, 1000 * limit).map(lambda n: n / 1000)


def numbers(size: int, limit: int = 3) -> st.SearchStrategy[list[float]]:
    """Draw a list of so many such numbers."""
    return st.lists(number(limit), min_size=size, max_size=size)


# Importing


def test_loading_leaves_no_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loading the solutions leaves sys.path and sys.modules as they were, even if a name is taken."""
    assert all(sys.modules.get(name) is not getattr(kit, name) for name in NAMES)
    monkeypatch.setitem(sys.modules, "train", ModuleType("train"))
    before = list(sys.path), dict(sys.modules), sys.dont_write_bytecode
    again = load_solutions()
    assert (sys.path, sys.modules, sys.dont_write_bytecode) == before
    assert all(Path(getattr(again, name).__file__).parent == SOLUTIONS for name in NAMES)
    assert again.nn.Value is again.losses.Value is again.train.Value is again.engine.Value


# Chapter 1: derivatives


def parabola(x: Any) -> Any:
    """Give 3x^2 - 4x + 5, for a number or a Value."""
    return 3 * x**2 - 4 * x + 5


@pytest.mark.parametrize(("x", "y", "slope"), [(3, 20, 14), (-3, 44, -22), (2 / 3, 11 / 3, 0)])
def test_parabola(x: float, y: float, slope: float) -> None:
    """3x^2 - 4x + 5 has the slopes 14 at 3, -22 at -3 and 0 at 2/3, by the engine and by differences."""
    node = Value(x)
    out = parabola(node)
    out.backward()
    assert out.data == close(y)
    assert node.grad == close(slope)
    assert kit.derivatives.central_difference(parabola, x, 1e-3) == close(slope, 1e-9)
    assert kit.derivatives.forward_difference(parabola, x, 1e-3) == close(slope + 3e-3, 1e-9)


def test_orders_of_the_differences() -> None:
    """Halving h halves the error of the forward difference and quarters that of the central one."""

    def error(difference: Any, h: float) -> float:
        return float(difference(math.exp, 1.0, h) - math.e)

    for difference, ratio in [(kit.derivatives.forward_difference, 2), (kit.derivatives.central_difference, 4)]:
        assert error(difference, 1e-3) / error(difference, 5e-4) == pytest.approx(ratio, rel=1e-3)


@pytest.mark.parametrize(
    ("f", "slope"),
    [(math.exp, math.exp), (math.log, lambda x: 1 / x), (math.sin, math.cos), (lambda x: x**3, lambda x: 3 * x**2)],
)
def test_smaller_h_is_not_always_better(f: Callable[[float], float], slope: Callable[[float], float]) -> None:
    """Near 1 the central difference of a smooth function errs less with h = 1e-5 than with h = 1e-9."""

    def error(h: float) -> float:
        xs = [1 + k / 100 for k in range(-10, 11)]
        return float(max(abs(kit.derivatives.central_difference(f, x, h) - slope(x)) for x in xs))

    assert error(1e-5) < error(1e-9)


def test_gradient_of_a_worked_function() -> None:
    """z = x*y + b at x=2, y=3, b=1 is 7, and its gradient is 3, 2, 1, by the engine and by differences."""
    nodes = x, y, b = values([2, 3, 1])
    z = x * y + b
    z.backward()
    assert z.data == close(7)
    assert grads(nodes) == close([3, 2, 1])
    xs = [2.0, 3.0, 1.0]
    assert kit.derivatives.gradient(lambda v: v[0] * v[1] + v[2], xs, 1e-3) == close([3, 2, 1])
    assert xs == [2.0, 3.0, 1.0]


@SOME
@given(numbers(4))
def test_gradient_against_autograd(xs: list[float]) -> None:
    """gradient with its own h agrees with autograd to the accuracy of central differences."""

    def f(v: Any) -> Any:
        return anp.sin(v[0] * v[1]) + anp.exp(v[2] / 3) * v[3] - v[0] ** 2

    assert kit.derivatives.gradient(f, xs) == pytest.approx(value_and_grad(f)(np.array(xs))[1], abs=1e-7)


def test_vector_product_worked() -> None:
    """At x = [1, 2, 3], w = [.1, .2, .3] the loss is -4.6/3, with the gradients worked out by hand."""
    loss, dx, dw = kit.derivatives.vector_product([1, 2, 3], [0.1, 0.2, 0.3])
    assert loss == close(-4.6 / 3)
    assert dx == close([-0.3, -0.8 / 3, -0.7 / 3])
    assert dw == close([1 / 3, 2 / 3, 1])


@SOME
@given(st.integers(1, 6).flatmap(lambda n: st.tuples(numbers(n), numbers(n))))
def test_vector_product_against_autograd(xw: tuple[list[float], list[float]]) -> None:
    """vector_product gives the mean of x * w - x and both its gradients."""
    expected, (dx, dw) = value_and_grad(lambda v: anp.mean(v[0] * v[1] - v[0]))(np.array(xw))
    loss, *slopes = kit.derivatives.vector_product(*xw)
    assert loss == close(expected)
    assert slopes == [close(dx.tolist()), close(dw.tolist())]


# Chapter 2: the chain rule


def test_manual_backprop_worked() -> None:
    """L = (a*b + c) * f at 2, -3, 10, -2 is -8, with the gradients worked out by hand, by both ways."""
    expected = {"a": 6, "b": -4, "c": -2, "d": -2, "e": -2, "f": 4, "L": 1}
    assert kit.chain_rule.manual_backprop(2.0, -3.0, 10.0, -2.0) == close(expected)
    a, b, c, f = values([2, -3, 10, -2])
    e = a * b
    d = e + c
    out = d * f
    out.backward()
    assert out.data == close(-8)
    assert grads([a, b, c, d, e, f, out]) == close(list(expected.values()))


@SOME
@given(numbers(4))
def test_manual_backprop_against_autograd(inputs: list[float]) -> None:
    """manual_backprop gives the slopes of L with respect to a, b, c and f at any point."""
    slopes = kit.chain_rule.manual_backprop(*inputs)
    _, expected = value_and_grad(lambda v: (v[0] * v[1] + v[2]) * v[3])(np.array(inputs))
    assert [slopes[name] for name in "abcf"] == close(expected.tolist())
    assert slopes["d"] == slopes["e"] == slopes["c"]


def test_nudge_uphill() -> None:
    """Moving a, b, c and f by +0.01 * gradient takes L from -8 to -7.286496 and leaves the dicts as they were."""
    start = {"a": 2.0, "b": -3.0, "c": 10.0, "f": -2.0}
    slopes = kit.chain_rule.manual_backprop(**start)
    kept = dict(start), dict(slopes)
    moved = kit.chain_rule.nudge(start, slopes, 0.01)
    assert moved == close({"a": 2.06, "b": -3.04, "c": 9.98, "f": -1.96})
    assert (moved["a"] * moved["b"] + moved["c"]) * moved["f"] == close(-7.286496)
    assert (start, slopes) == kept


BIAS = 6.8813735870195432


def tanh_by_method(n: Any) -> Any:
    """Give tanh(n) in one operation."""
    return n.tanh()


def tanh_by_exp(n: Any) -> Any:
    """Give tanh(n) as (e - 1) / (e + 1) with e = exp(2n)."""
    e = (2 * n).exp()
    return (e - 1) / (e + 1)


@pytest.mark.parametrize("tanh", [tanh_by_method, tanh_by_exp])
def test_neuron_worked(tanh: Callable[[Any], Any]) -> None:
    """The worked neuron gives 0.7071 and the gradients -1.5, 0.5, 1, 0, 0.5, also with tanh made from exp."""
    nodes = x1, x2, w1, w2, b = values([2, 0, -3, 1, BIAS])
    out = tanh(x1 * w1 + x2 * w2 + b)
    out.backward()
    assert out.data == close(0.7071067811865477)
    assert grads(nodes) == close([-1.5, 0.5, 1, 0, 0.5])


def test_manual_neuron_worked() -> None:
    """manual_neuron gives the gradients of the worked neuron."""
    expected = {"x1": -1.5, "x2": 0.5, "w1": 1, "w2": 0, "b": 0.5}
    assert kit.chain_rule.manual_neuron(2.0, 0.0, -3.0, 1.0, BIAS) == close(expected)


@SOME
@given(numbers(5, 1))
def test_manual_neuron_against_autograd(inputs: list[float]) -> None:
    """manual_neuron gives the slopes of tanh(x1*w1 + x2*w2 + b) at any point."""
    slopes = kit.chain_rule.manual_neuron(*inputs)
    _, expected = value_and_grad(lambda v: anp.tanh(v[0] * v[2] + v[1] * v[3] + v[4]))(np.array(inputs))
    assert [slopes[name] for name in ("x1", "x2", "w1", "w2", "b")] == close(expected.tolist())


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
    """A chain of 50,000 additions is sorted, walked and traced without a RecursionError."""
    x = Value(2.0)
    y = x
    for _ in range(50_000):
        y = y + x
    order = kit.engine.topological_sort(y)
    assert (len(order), order[0], order[-1]) == (50_001, x, y)
    y.backward()
    assert (y.data, x.grad) == (100_002, 50_001)
    nodes, edges = kit.graph.trace(y)
    assert (len(nodes), len(edges)) == (50_001, 99_999)


# Chapter 4: networks


def set_parameters(module: Any, seed: int) -> Any:
    """Give all parameters of a module, biases too, numbers drawn with the seed; return them as an array."""
    rng = np.random.default_rng(seed)
    for p in module.parameters():
        p.data = float(rng.uniform(-1, 1))
    return np.array(data(module.parameters()))


def layer_on_arrays(x: Any, flat: Any, nout: int, nonlin: bool) -> Any:
    """Give the outputs of a layer whose parameters are, neuron by neuron, the weights and then the bias."""
    table = flat.reshape(nout, -1)
    sums = anp.dot(table[:, :-1], x) + table[:, -1]
    return anp.tanh(sums) if nonlin else sums


def mlp_on_arrays(x: Any, flat: Any, nouts: list[int]) -> Any:
    """Give the outputs of an MLP whose parameters are listed layer by layer; only the last is linear."""
    for k, nout in enumerate(nouts):
        size = nout * (len(x) + 1)
        x = layer_on_arrays(x, flat[:size], nout, k < len(nouts) - 1)
        flat = flat[size:]
    return x


def assert_same_as_arrays(module: Any, nin: int, seed: int, on_arrays: Callable[[Any, Any], Any]) -> None:
    """Fail unless a module with random numbers has the outputs and all gradients that autograd finds."""
    rng = np.random.default_rng([seed])
    flat, point = set_parameters(module, seed), rng.uniform(-2, 2, nin)
    weights = rng.uniform(-2, 2, len(on_arrays(point, flat)))
    loss, (dx, dflat) = value_and_grad(lambda v: anp.dot(weights, on_arrays(*v)))((point, flat))
    x = values(point)
    outputs = module(x)
    out = weighted(outputs if isinstance(outputs, list) else [outputs], weights.tolist())
    out.backward()
    assert out.data == close(loss)
    assert grads(x) == close(dx.tolist())
    assert grads(module.parameters()) == close(dflat.tolist())


@pytest.mark.parametrize("nonlin", [True, False])
@pytest.mark.parametrize("nin", [1, 2, 5])
def test_neuron_against_autograd(nin: int, nonlin: bool) -> None:
    """A neuron is w . x + b, with tanh unless it is linear; its parameters are w and then b."""
    neuron = kit.nn.Neuron(nin, nonlin)
    assert neuron.parameters() == [*neuron.w, neuron.b]
    assert_same_as_arrays(neuron, nin, 10 * nin, lambda x, flat: layer_on_arrays(x, flat, 1, nonlin))


@pytest.mark.parametrize("nonlin", [True, False])
@pytest.mark.parametrize(("nin", "nout"), [(1, 3), (4, 2), (3, 1)])
def test_layer_against_autograd(nin: int, nout: int, nonlin: bool) -> None:
    """A layer is a row of neurons on the same inputs."""
    layer = kit.nn.Layer(nin, nout, nonlin)
    assert_same_as_arrays(layer, nin, 10 * nin + nout, lambda x, flat: layer_on_arrays(x, flat, nout, nonlin))


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("nin", "nouts"), [(2, [3]), (3, [4, 4, 1]), (1, [5, 2]), (4, [3, 2, 3, 2])])
def test_mlp_against_autograd(nin: int, nouts: list[int], seed: int) -> None:
    """An MLP is tanh layers in a row and a linear one at the end."""
    assert_same_as_arrays(kit.nn.MLP(nin, nouts), nin, seed, lambda x, flat: mlp_on_arrays(x, flat, nouts))


@pytest.mark.parametrize(("nin", "nouts", "count"), [(3, [4, 4, 1], 41), (2, [16, 16, 1], 337)])
def test_parameter_counts(nin: int, nouts: list[int], count: int) -> None:
    """MLP(3, [4, 4, 1]) has 41 different parameters and MLP(2, [16, 16, 1]) has 337."""
    parameters = kit.nn.MLP(nin, nouts).parameters()
    assert len(parameters) == len(set(parameters)) == count


def test_new_neurons_and_outputs() -> None:
    """A new neuron has random weights within 1 of 0 and the bias 0, and a single output comes without a list."""
    neuron = kit.nn.Neuron(100)
    weights = data(neuron.w)
    assert all(-1 <= w <= 1 for w in weights)
    assert len(set(weights)) == 100
    assert (neuron.b.data, neuron.nonlin) == (0, True)
    assert isinstance(kit.nn.MLP(2, [3, 1])([1.0, 2.0]), Value)
    assert [type(out) for out in kit.nn.MLP(2, [3, 2])([1.0, 2.0])] == [Value, Value]


def test_zero_grad() -> None:
    """zero_grad of a network and of an optimiser sets every gradient to 0 and leaves the numbers."""
    model = kit.nn.MLP(2, [3, 1])
    parameters = model.parameters()
    kept = data(parameters)
    for clear in (model.zero_grad, kit.optim.SGD(parameters, 0.1).zero_grad):
        for p in parameters:
            p.grad = 7.0
        clear()
        assert grads(parameters) == [0] * 13
    assert data(parameters) == kept


# Chapter 5: losses


def softmax_on_arrays(logits: Any) -> Any:
    """Give the probabilities of an array of small logits by the definition."""
    return anp.exp(logits) / anp.sum(anp.exp(logits))


def cross_entropy_on_arrays(logits: Any, target: int) -> Any:
    """Give -log p[target] of an array of small logits by the definition."""
    return -anp.log(softmax_on_arrays(logits)[target])


def test_cross_entropy_worked() -> None:
    """The logits 0, 3, -2, 1 with target 3 have the loss 2.1755, and the gradient is p, less 1 at the target."""
    expected = [0.041772570515350445, 0.8390245074625319, 0.005653302662216329, -0.8864503806400986]
    logits = values([0, 3, -2, 1])
    loss = kit.losses.cross_entropy(logits, 3)
    loss.backward()
    assert loss.data == close(2.1755153626167147)
    assert grads(logits) == close(expected)
    assert data(kit.losses.softmax(logits)) == close([*expected[:3], 1 + expected[3]])


@SOME
@given(st.lists(number(8), min_size=1, max_size=6), st.integers(0, 5))
def test_cross_entropy_against_autograd(numbers: list[float], target: int) -> None:
    """cross_entropy and its gradient are those of -log p[target]."""
    target %= len(numbers)
    logits = values(numbers)
    loss = kit.losses.cross_entropy(logits, target)
    loss.backward()
    expected, slopes = value_and_grad(cross_entropy_on_arrays)(np.array(numbers), target)
    assert loss.data == close(expected)
    assert grads(logits) == close(slopes.tolist())


@SOME
@given(st.integers(1, 6).flatmap(lambda n: st.tuples(numbers(n, 8), numbers(n))))
def test_softmax_against_autograd(case: tuple[list[float], list[float]]) -> None:
    """Softmax gives probabilities that add up to 1, with the right gradient for any weights on them."""
    numbers, weights = case
    logits = values(numbers)
    p = kit.losses.softmax(logits)
    out = weighted(p, weights)
    out.backward()
    _, slopes = value_and_grad(lambda v: anp.dot(np.array(weights), softmax_on_arrays(v)))(np.array(numbers))
    assert data(p) == close(softmax_on_arrays(np.array(numbers)).tolist())
    assert sum(data(p)) == close(1)
    assert grads(logits) == close(slopes.tolist())


def test_large_logits() -> None:
    """Logits of 1000 and -1000 overflow nothing: the right class costs 0 and the wrong one 2000."""
    for target, expected in [(0, 0), (1, 2000)]:
        logits = values([1000, -1000])
        loss = kit.losses.cross_entropy(logits, target)
        loss.backward()
        assert loss.data == close(expected)
        assert grads(logits) == close([1 - (target == 0), -(target == 1)])
    assert data(kit.losses.softmax(logits)) == close([1, 0])


@pytest.mark.parametrize(("name", "reduce"), [("sum_squared_error", anp.sum), ("mean_squared_error", anp.mean)])
@SOME
@given(case=st.integers(1, 6).flatmap(lambda n: st.tuples(numbers(n), numbers(n))))
def test_squared_errors_against_autograd(
    name: str, reduce: Callable[[Any], Any], case: tuple[list[float], list[float]]
) -> None:
    """sum_squared_error and mean_squared_error have the values and gradients of their formulas."""
    predictions, targets = case
    nodes = values(predictions)
    loss = getattr(kit.losses, name)(nodes, targets)
    loss.backward()
    expected, slopes = value_and_grad(lambda v: reduce((v - np.array(targets)) ** 2))(np.array(predictions))
    assert loss.data == close(expected)
    assert grads(nodes) == close(slopes.tolist())


@SOME
@given(st.lists(st.tuples(numbers(3), st.integers(0, 2)), min_size=1, max_size=4))
def test_mean_cross_entropy_against_autograd(cases: list[tuple[list[float], int]]) -> None:
    """mean_cross_entropy is the mean of the losses of single points, with its gradient."""
    rows, labels = [row for row, _ in cases], [label for _, label in cases]
    predictions = [values(row) for row in rows]
    loss = kit.train.mean_cross_entropy(predictions, labels)
    loss.backward()
    expected, slopes = value_and_grad(
        lambda v: sum(cross_entropy_on_arrays(v[k], label) for k, label in enumerate(labels)) / len(labels)
    )(np.array(rows))
    assert loss.data == close(expected)
    assert [grads(prediction) for prediction in predictions] == [close(row) for row in slopes.tolist()]


# Chapter 6: optimisers, by sums over all steps so far in place of running numbers


def decayed_sums(rows: Any, decay: float) -> Any:
    """Give for each step t the sum of decay^(t - k) times row k over all k up to t."""
    t = np.arange(len(rows))
    return np.tril(decay ** np.maximum(t[:, None] - t, 0)) @ rows


def sgd_moves(g: Any, lr: float) -> Any:
    """Give how far SGD moves in each step."""
    return lr * g


def momentum_moves(g: Any, lr: float, momentum: float = 0.9) -> Any:
    """Give how far Momentum moves in each step."""
    return lr * decayed_sums(g, momentum)


def adagrad_moves(g: Any, lr: float, eps: float = 1e-8) -> Any:
    """Give how far AdaGrad moves in each step."""
    return lr * g / (np.sqrt(np.cumsum(g**2, axis=0)) + eps)


def rmsprop_moves(g: Any, lr: float, decay: float = 0.9, eps: float = 1e-8) -> Any:
    """Give how far RMSProp moves in each step."""
    return lr * g / (np.sqrt((1 - decay) * decayed_sums(g**2, decay)) + eps)


def adamw_moves(g: Any, lr: float, betas: tuple[float, float] = (0.9, 0.95), eps: float = 1e-8) -> Any:
    """Give how far AdamW moves in each step, apart from the weight decay."""
    ones = np.ones((len(g), 1))
    m_hat, v_hat = (decayed_sums(g**k, beta) / decayed_sums(ones, beta) for k, beta in zip((1, 2), betas))
    return lr * m_hat / (np.sqrt(v_hat) + eps)


@pytest.mark.parametrize(
    ("name", "moves", "options", "weight_decay"),
    [
        ("SGD", sgd_moves, {}, 0),
        ("Momentum", momentum_moves, {}, 0),
        ("Momentum", momentum_moves, {"momentum": 0.5}, 0),
        ("AdaGrad", adagrad_moves, {}, 0),
        ("AdaGrad", adagrad_moves, {"eps": 0.1}, 0),
        ("RMSProp", rmsprop_moves, {}, 0),
        ("RMSProp", rmsprop_moves, {"decay": 0.6, "eps": 0.1}, 0),
        ("AdamW", adamw_moves, {}, 1e-4),
        ("AdamW", adamw_moves, {}, 0.3),
        ("AdamW", adamw_moves, {"betas": (0.8, 0.5), "eps": 0.1}, 0.3),
    ],
)
def test_optimisers(name: str, moves: Callable[..., Any], options: dict[str, Any], weight_decay: float) -> None:
    """Over 30 steps with gradients large, small, tiny and 0 an optimiser goes where its formula says."""
    lr, start = 0.1, np.array([1.0, -2.0, 0.5, 3.0])
    g = np.random.default_rng(7).normal(size=(30, 4)) * [1, 1e-3, 1e-7, 0]
    keep = 1 - lr * weight_decay  # the share of itself that a parameter keeps in each step
    expected = keep ** np.arange(1, 31)[:, None] * start - decayed_sums(moves(g, lr, **options), keep)

    parameters = values(start)
    # 1e-4 is the default and is left to the optimiser
    more = {"weight_decay": weight_decay} if weight_decay not in (0, 1e-4) else {}
    optimiser = getattr(kit.optim, name)(parameters, lr, **options, **more)
    for slopes, position in zip(g.tolist(), expected.tolist()):
        for p, slope in zip(parameters, slopes):
            p.grad = slope
        optimiser.step()
        assert data(parameters) == close(position)
    assert grads(parameters) == g[-1].tolist()


@pytest.mark.parametrize(("name", "options", "position"), [("SGD", {}, 0.95), ("AdamW", {"weight_decay": 0}, 0.9)])
def test_first_steps_worked(name: str, options: dict[str, Any], position: float) -> None:
    """From 1 with gradient 0.5 and learning rate 0.1, SGD goes to 0.95 and AdamW without decay to 0.9."""
    p = Value(1.0)
    p.grad = 0.5
    getattr(kit.optim, name)([p], 0.1, **options).step()
    assert p.data == pytest.approx(position, rel=1e-8)


# Chapter 7: training


@SOME
@given(st.lists(st.integers()), st.none() | st.integers(1, 12), st.none() | st.integers(0, 1000))
def test_batches(items: list[int], size: int | None, seed: int | None) -> None:
    """Batches hold every item once, all are full but the last, and only a seed changes the order."""
    kept, state = list(items), random.getstate()
    cut = kit.train.batches(items, size, seed)
    joined = [item for batch in cut for item in batch]
    assert sorted(joined) == sorted(items)
    assert seed is not None or joined == items
    assert cut == kit.train.batches(items, size, seed)
    assert (items, random.getstate()) == (kept, state)
    if size is None:
        assert len(cut) == bool(items)
    else:
        assert all(len(batch) == size for batch in cut[:-1])
        assert all(1 <= len(batch) <= size for batch in cut[-1:])


def test_batches_worked() -> None:
    """Five items in twos are two pairs and a single one; different seeds shuffle them differently."""
    assert kit.train.batches([1, 2, 3, 4, 5], 2) == [[1, 2], [3, 4], [5]]
    assert kit.train.batches([1, 2, 3]) == [[1, 2, 3]]
    orders = {tuple(kit.train.batches(list(range(100)), seed=seed)[0]) for seed in (0, 1, 2)}
    assert len(orders | {tuple(range(100))}) == 4


def test_train_follows_the_closed_form() -> None:
    """train gives the losses before the updates: for (p - 3)^2 and SGD with lr 0.1 the distance shrinks by 0.8."""
    p = Value(4.0)
    p.grad = 100.0  # old gradients are cleared first
    losses = kit.train.train(
        lambda x: p * x, [1.0], [3.0], kit.losses.sum_squared_error, kit.optim.SGD([p], 0.1), steps=20
    )
    assert losses == close([0.64**k for k in range(20)])
    assert p.data == close(3 + 0.8**20)


def square_from_3(p: Any) -> Callable[[], Any]:
    """Give a function that builds (p - 3)^2."""
    return lambda: (p - 3) ** 2


@pytest.mark.parametrize(
    ("tolerance", "max_steps", "count", "updates"),
    [
        (0.21, 50, 1, 0),  # flat enough at once
        (0.19, 50, 2, 1),  # 0.2 is too steep, 0.16 is not
        (0.2 * 0.8**9.5, 50, 11, 10),
        (0.0, 5, 5, 5),  # never flat enough
        (1.0, 0, 0, 0),
    ],
)
def test_minimise(tolerance: float, max_steps: int, count: int, updates: int) -> None:
    """Minimise stops without an update where the gradient norm is below the tolerance, or after max_steps."""
    p = Value(3.1)
    p.grad = 100.0
    losses = kit.train.minimise(square_from_3(p), [p], 0.1, max_steps, tolerance)
    assert losses == close([0.01 * 0.64**k for k in range(count)])
    assert p.data == close(3 + 0.1 * 0.8**updates)


def test_gradient_norm() -> None:
    """The norm of the gradients 3 and -4 is 5."""
    parameters = values([1, 1])
    parameters[0].grad, parameters[1].grad = 3.0, -4.0
    assert kit.train.gradient_norm(parameters) == close(5)


def test_predictions() -> None:
    """predict gives the largest output, accuracy the share of right ones, and class_grid has a row for each y."""

    def model(point: list[float]) -> list[Any]:
        return values([point[0], point[1], 0.5])

    assert [kit.train.predict(model, point) for point in ([2, 1], [1, 2], [0, 0])] == [0, 1, 2]
    assert kit.train.accuracy(model, [[2, 1], [1, 2], [0, 0], [9, 0]], [0, 1, 1, 0]) == 0.75
    assert kit.train.class_grid(model, [0, 1, 4], [0.25, 3]) == [[2, 0, 0], [1, 1, 0]]


# The whole training


@pytest.fixture
def rare_collection() -> Iterator[None]:
    """Collect garbage rarely: the graphs of a training are full of cycles, and looking for them takes most of it."""
    kept = gc.get_threshold()
    gc.set_threshold(1_000_000, 1, 1)
    yield
    gc.set_threshold(*kept)


def read(name: str) -> list[dict[str, str]]:
    """Give the rows of a file of the data set three_regions."""
    with (DATASETS / f"three_regions{name}.csv").open(newline="", encoding="ascii") as file:
        return list(csv.DictReader(file))


def split(name: str) -> tuple[list[list[float]], list[int]]:
    """Give the points and the labels of one split."""
    rows = [row for row in read("") if row["split"] == name]
    return [[float(row["x"]), float(row["y"])] for row in rows], [int(row["label"]) for row in rows]


class Watched:
    """A network that notes the validation loss before each tenth step of a training on so many points."""

    def __init__(self, model: Any, points: int) -> None:
        self.model = model
        self.calls_of_ten_steps = 10 * points
        self.points, self.labels = split("val")
        self.calls = 0
        self.losses: list[float] = []

    def parameters(self) -> Any:
        return self.model.parameters()

    def __call__(self, x: Any) -> Any:
        if self.calls % self.calls_of_ten_steps == 0:
            outputs = [self.model(point) for point in self.points]
            self.losses.append(kit.train.mean_cross_entropy(outputs, self.labels).data)
        self.calls += 1
        return self.model(x)


def _number_of_the_hidden_test() -> float:
    """LOSS_OF_20_AFTER_A_STEP, of a module that only the grader's own pytest can import."""
    text = (ROOT / "grader" / "kit" / "hidden" / "test_train.py").read_text(encoding="utf-8")
    return float(text.partition("\nLOSS_OF_20_AFTER_A_STEP = ")[2].partition("\n")[0])


@pytest.mark.usefixtures("rare_collection")
def test_training_log() -> None:
    """Training MLP(2, [16, 3]) from the given weights gives all losses of the log, of training and validation."""
    network = kit.nn.MLP(2, [16, 3])
    for row in read("_weights"):
        neuron = network.layers[int(row["layer"])].neurons[int(row["neuron"])]
        neuron.w[int(row["input"])].data = float(row["weight"])
    points, labels = split("train")
    model = Watched(network, len(points))
    log = read("_training_log")
    assert len(log) == TRAIN_STEPS
    first = kit.nn.MLP(2, [16, 3])
    for p, its in zip(first.parameters(), network.parameters()):
        p.data = its.data
    assert kit.train.train_classifier(first, points, labels, 1) == close([float(log[0]["train_loss"])])
    outputs = [first(point) for point in points]
    assert kit.train.mean_cross_entropy(outputs, labels).data == close(float(log[1]["train_loss"]))
    assert kit.train.mean_cross_entropy(outputs[:20], labels[:20]).data == close(_number_of_the_hidden_test())
    losses = kit.train.train_classifier(model, points, labels, TRAIN_STEPS)
    assert losses == close([float(row["train_loss"]) for row in log])
    noted = {row["step"]: row["val_loss_before_update"] for row in log if row["val_loss_before_update"]}
    assert {str(10 * k): f"{loss:.6f}" for k, loss in enumerate(model.losses)} == noted
    assert kit.train.accuracy(network, points, labels) == 1


# (the file, what its reading says, the function, where, its value there, its gradient there)
WORKED: list[tuple[str, str, Callable[..., Any], list[float], float, list[float]]] = [
    ("derivatives", "has f(3) = 20 and slope 6x - 4 = 14 at x = 3", lambda x: 3 * x**2 - 4 * x + 5, [3.0], 20, [14]),
    ("derivatives", "At x = -3 the slope is -22", lambda x: 3 * x**2 - 4 * x + 5, [-3.0], 44, [-22]),
    ("derivatives", "At x = 2/3 it is 0", lambda x: 3 * x**2 - 4 * x + 5, [2 / 3], 11 / 3, [0]),
    (
        "derivatives",
        "at x = 2, y = 3, b = 1 is 7, and its gradient is [3, 2, 1]",
        lambda x, y, b: x * y + b,
        [2.0, 3.0, 1.0],
        7,
        [3, 2, 1],
    ),
    (
        "chain_rule",
        "f = -2 gives e = -6, d = 4, L = -8",
        lambda a, b, c, f: (a * b + c) * f,
        [2.0, -3.0, 10.0, -2.0],
        -8,
        [6, -4, -2, 4],
    ),
    (
        "chain_rule",
        "the gradient of x1 is -1.5, that of w1 is 1, of x2 0.5, of w2 0 and of b 0.5",
        lambda x1, w1, x2, w2, b: anp.tanh(x1 * w1 + x2 * w2 + b),
        [2.0, -3.0, 0.0, 1.0, 6.8813735870195432],
        0.7071067811865477,
        [-1.5, 1, 0.5, 0, 0.5],
    ),
    ("engine", "so b.grad = 2, so a.grad = 4", lambda a: (a + a) + (a + a), [1.0], 4, [4]),
    ("engine", "y is -20 and x.grad is 46", lambda x: _one_to_try(x), [-4.0], -20, [46]),
]


def _one_to_try(x: Any) -> Any:
    z = 2 * x + 2 + x
    q = anp.maximum(z, 0) + z * x
    return anp.maximum(z * z, 0) + q + q * x


@pytest.mark.parametrize(("file", "says", "function", "point", "value", "gradient"), WORKED, ids=range(len(WORKED)))
def test_worked_numbers_of_the_readings(
    file: str, says: str, function: Callable[..., Any], point: list[float], value: float, gradient: list[float]
) -> None:
    """What a reading says is in it, and autograd finds the same numbers."""
    text = Path(ROOT, "solutions", f"{file}.py").read_text(encoding="utf-8").split('"""')[1]
    assert says in " ".join(text.split())
    found, slopes = value_and_grad(function, tuple(range(len(point))))(*point)
    assert found == pytest.approx(value)
    assert list(slopes) == pytest.approx(gradient, abs=1e-9)
