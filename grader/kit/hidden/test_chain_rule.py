"""Chapter 2: gradients written by hand."""

from __future__ import annotations

import pytest

from grader.kit.asking import Check, Draw


@pytest.mark.exercise("manual-backprop")
@pytest.mark.parametrize("nodes", ["Ldf", "ec", "ab"])
def test_backprop(check: Check, draw: Draw, nodes: str) -> None:
    """The chain rule gives the gradient of L = (a*b + c) * f for every node."""
    for _ in range(2):
        a, b, c, f = draw.reals(4)
        check(f"g = manual_backprop(a={a}, b={b}, c={c}, f={f})", *(f'g["{node}"]' for node in nodes))
    check("g = manual_backprop(a=2, b=-3, c=10, f=-2)", *(f'g["{node}"]' for node in nodes))  # of the reading


@pytest.mark.exercise("nudge")
def test_a_step_along_the_gradient(check: Check, draw: Draw) -> None:
    """A positive step moves every value along its gradient, by step times the gradient."""
    a, b, da, db = draw.reals(4)
    check(f'new = nudge({{"a": {a}, "b": {b}}}, {{"b": {db}, "a": {da}}}, 0.01)', 'new["a"]', 'new["b"]')


@pytest.mark.exercise("nudge")
def test_a_step_against_the_gradient(check: Check, draw: Draw) -> None:
    """A negative step goes against the gradient; names without a value are passed over; both dicts stay."""
    x, y, dx, dy, dz = draw.reals(5)
    script = (
        f'values = {{"x": {x}, "y": {y}}}; slopes = {{"z": {dz}, "y": {dy}, "x": {dx}}}\n'
        "new = nudge(values, slopes, -0.05)"
    )
    check(script, 'new["x"]', 'new["y"]', "len(new)", 'values["x"]', 'slopes["x"]')
    check(
        f'new = nudge({{"p": {x}, "q": 0.0}}, {{"p": 0.0, "q": {dy}}}, {draw.real(1.1, 2.9)})', 'new["p"]', 'new["q"]'
    )


@pytest.mark.exercise("manual-neuron")
@pytest.mark.parametrize("inputs", ["b w1 w2", "x1 x2"])
def test_neuron_by_hand(check: Check, draw: Draw, inputs: str) -> None:
    """The chain rule gives the gradient of o = tanh(x1*w1 + x2*w2 + b) for every input."""
    for _ in range(2):
        x1, x2, w1, w2, b = draw.reals(5, -1.5, 1.5)
        script = f"g = manual_neuron(x1={x1}, x2={x2}, w1={w1}, w2={w2}, b={b})"
        check(script, *(f'g["{name}"]' for name in inputs.split()))
    script = "g = manual_neuron(x1=2, x2=0, w1=-3, w2=1, b=6.8813735870195432)"  # of the reading
    check(script, *(f'g["{name}"]' for name in inputs.split()))
