"""Chapter 1. The functions that are differentiated are drawn, so that no answer can be known before."""

from __future__ import annotations

import pytest

from grader.kit.asking import Check, Draw

READING = "f = lambda x: 3 * x**2 - 4 * x + 5"  # the worked number there


def _cubic(draw: Draw) -> str:
    a, b, c = draw.reals(3)
    return f"lambda x: {a} * x**3 + {b} * x**2 + {c} * x"


@pytest.mark.exercise("derivative")
def test_forward_difference(check: Check, draw: Draw) -> None:
    """The forward difference is (f(x + h) - f(x)) / h."""
    for h in (0.25, 0.001):
        check(f"f = {_cubic(draw)}", f"forward_difference(f, {draw.real()}, {h})", atol=1e-8)
    check(READING, *(f"forward_difference(f, {x}, 0.001)" for x in (3, -3)), atol=1e-8)


@pytest.mark.exercise("derivative")
def test_central_difference(check: Check, draw: Draw) -> None:
    """The central difference is (f(x + h) - f(x - h)) / (2 h)."""
    for h in (0.25, 0.001):
        check(f"f = {_cubic(draw)}", f"central_difference(f, {draw.real()}, {h})", atol=1e-8)
    check(READING, *(f"central_difference(f, {x}, 0.001)" for x in (3, -3)), atol=1e-8)


@pytest.mark.exercise("gradient")
def test_every_partial_derivative(check: Check, draw: Draw) -> None:
    """The gradient lists one slope for each input, the others held still."""
    a, b, c = draw.reals(3)
    # Straight along each input: every difference gives the slope, however large h is, if the others are held still.
    script = f"f = lambda xs: {a} * xs[0] * xs[1] * xs[2] + {b} * xs[1]"
    check(script, f"gradient(f, {draw.reals(3)}, 0.25)", atol=1e-5)
    script = f"f = lambda xs: {a} * xs[0]**2 + {b} * xs[0] * xs[1] + {c} * xs[2]**3"
    check(script, f"gradient(f, {draw.reals(3)})", atol=1e-5, rtol=1e-6)
    # Curved, with a large h: the h that is given counts. And two inputs of one number are two inputs.
    check(script, f"gradient(f, {draw.reals(3)}, 0.5)", atol=1e-8)
    x, y = draw.reals(2)
    check(script, f"gradient(f, {[x, y, x]}, 0.5)", atol=1e-8)


@pytest.mark.exercise("gradient")
def test_any_number_of_inputs(check: Check, draw: Draw) -> None:
    """The gradient has as many entries as there are inputs."""
    for n in (1, 6):
        script = f"f = lambda xs: sum(x**2 for x in xs) + xs[-1] * {draw.real()}"
        check(script, f"gradient(f, {draw.reals(n)})", atol=1e-5)


@pytest.mark.exercise("gradient")
def test_the_inputs_stay_as_they_were(check: Check, draw: Draw) -> None:
    """Finding the gradient leaves xs itself as it was, to the last digit."""
    script = f"xs = {draw.reals(3)}; slopes = gradient(lambda v: v[0] * v[1] - v[2], xs)"
    check(script, "slopes", atol=1e-5)
    check(script, "xs", rtol=0.0, atol=0.0)


@pytest.mark.exercise("vector-product")
@pytest.mark.parametrize("part", ["loss", "[dx, dw]"])
def test_vector_product(check: Check, draw: Draw, part: str) -> None:
    """loss = mean(x * w - x) gives the loss, then dL/dx, then dL/dw."""
    for n in (3, 5, 1):
        check(f"loss, dx, dw = vector_product({draw.reals(n)}, {draw.reals(n)})", part)
    check("loss, dx, dw = vector_product([1, 2, 3], [0.1, 0.2, 0.3])", part)
    x, y, v, w = draw.reals(4)
    script = f"x, w = {[x, y, x]}, {[v, w, w]}; loss, dx, dw = vector_product(x, w)"
    check(script, part, "x", "w")
