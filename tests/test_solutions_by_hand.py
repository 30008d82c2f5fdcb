"""The solutions of the derivatives and the chain rule, against independent calculations."""

import math
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import autograd.numpy as anp  # type: ignore[import-untyped]
import numpy as np
import pytest
from autograd import value_and_grad
from hypothesis import given
from hypothesis import strategies as st
from oracle import NAMES, SOLUTIONS, SOME, Value, close, grads, kit, load_solutions, numbers, values

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
