"""Chapter 9. Each operation is judged alone, as a whole: data and gradients, with any gradient from above."""

from __future__ import annotations

import pytest

from grader.kit.asking import Check, Draw

SIGNS = "+-*"
SHAPES = ((3,), (2, 3))
ACTIVATIONS = ("tanh", "sigmoid")


def _numbers(draw: Draw, shape: tuple[int, ...], low: float = -3.0, high: float = 3.0) -> object:
    """Numbers that differ from each other, of a shape."""
    rows = [draw.reals(shape[-1], low, high) for _ in range(shape[0] if len(shape) > 1 else 1)]
    return rows if len(shape) > 1 else rows[0]


def _tensors(draw: Draw, **shapes: tuple[int, ...]) -> str:
    return "; ".join(f"{name} = Tensor({_numbers(draw, shape)})" for name, shape in shapes.items())


@pytest.mark.exercise("tensor-elementwise")
@pytest.mark.parametrize("sign", SIGNS)
def test_place_by_place(check: Check, draw: Draw, sign: str) -> None:
    """Each place of an input gets the slope of a number there, times the gradient from above."""
    for shape in SHAPES:
        script = f"{_tensors(draw, a=shape, b=shape)}; y = a {sign} b; y.backward({_numbers(draw, shape)})"
        check(script, "y.data", "a.grad", "b.grad")
    script = f"a = Tensor([0.0, {draw.real()}]); y = a {sign} {draw.real()}; y.backward({_numbers(draw, (2,))})"
    check(script, "y.data", "a.grad")
    script = f"a = Tensor([3, -4]); y = {draw.real()} {sign} a; y.backward({_numbers(draw, (2,))})"
    check(script, "y.data", "a.grad")


@pytest.mark.exercise("tensor-elementwise")
@pytest.mark.parametrize("sign", SIGNS)
def test_tensor_gradients_add_up(check: Check, draw: Draw, sign: str) -> None:
    """Gradients add up: to what an input has already, and over all the uses of an input."""
    earlier = f"a.grad = {_numbers(draw, (2,))}; b.grad = {_numbers(draw, (2,))}"
    script = f"{_tensors(draw, a=(2,), b=(2,))}; {earlier}; y = a {sign} b; y.backward({_numbers(draw, (2,))})"
    check(script, "a.grad", "b.grad")
    check(f"{_tensors(draw, a=(2,))}; y = a {sign} a; y.backward({_numbers(draw, (2,))})", "y.data", "a.grad")
    script = f"{_tensors(draw, a=(2,), b=(2,))}; y = (a {sign} b) {sign} a; y.backward({_numbers(draw, (2,))})"
    check(script, "y.data", "a.grad", "b.grad")


@pytest.mark.exercise("tensor-reduce")
@pytest.mark.parametrize("name", ["sum", "mean"])
def test_one_number_of_many(check: Check, draw: Draw, name: str) -> None:
    """Every entry gets its share of the one gradient from above, beside what it has already."""
    for shape in (*SHAPES, (1,)):
        script = f"{_tensors(draw, a=shape)}; y = a.{name}(); y.backward({draw.real()})"
        check(script, "y.data", "a.grad")
    script = f"{_tensors(draw, a=(4,))}; a.grad = {_numbers(draw, (4,))}; y = a.{name}(); y.backward()"
    check(script, "a.grad")
    script = f"{_tensors(draw, a=(2,))}; m = a.{name}(); y = m.{name}(); y.backward({draw.real()})"
    check(script, "y.data", "a.grad", "m.grad")


@pytest.mark.exercise("tensor-matmul")
@pytest.mark.parametrize("parts", ["y.data W.grad", "y.data x.grad"])
@pytest.mark.parametrize("columns", [(), (2,)], ids=["vector", "matrix"])
def test_matrix_product(check: Check, draw: Draw, columns: tuple[int, ...], parts: str) -> None:
    """A matrix times a vector or a matrix, and both gradients: up times x transposed, and W transposed times up."""
    for rows, inner in ((2, 2), (3, 2), (1, 3)):
        make = _tensors(draw, W=(rows, inner), x=(inner, *columns))
        check(f"{make}; y = W @ x; y.backward({_numbers(draw, (rows, *columns))})", *parts.split())
    make = _tensors(draw, W=(2, 3), x=(3, *columns))
    earlier = f"W.grad = {_numbers(draw, (2, 3))}; x.grad = {_numbers(draw, (3, *columns))}"
    check(f"{make}; {earlier}; y = W @ x; y.backward({_numbers(draw, (2, *columns))})", *parts.split())


@pytest.mark.exercise("tensor-matmul")
def test_two_matrices_in_a_row(check: Check, draw: Draw) -> None:
    """Through two products, one after the other, the gradient is handed on all the way down."""
    make = _tensors(draw, A=(2, 3), B=(3, 2), x=(2,))
    reads = ("y.data", "A.grad", "B.grad", "x.grad")
    check(f"{make}; y = A @ (B @ x); y.backward({_numbers(draw, (2,))})", *reads)
    check(f"{make}; y = (A @ B) @ x; y.backward({_numbers(draw, (2,))})", *reads)
    check(f"{_tensors(draw, A=(2, 2))}; y = A @ A; y.backward({_numbers(draw, (2, 2))})", "y.data", "A.grad")


@pytest.mark.exercise("tensor-activation")
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activation(check: Check, draw: Draw, name: str) -> None:
    """Every entry gets the slope at its place times the gradient from above, beside what it has already."""
    for shape in SHAPES:
        script = f"{_tensors(draw, a=shape)}; y = a.{name}(); y.backward({_numbers(draw, shape)})"
        check(script, "y.data", "a.grad")
    script = f"a = Tensor([0.0, 3, -900, {draw.real(900, 1100)}]); y = a.{name}(); y.backward([1.5, -2.5, 3.5, 0.5])"
    check(script, "y.data", "a.grad")
    script = f"{_tensors(draw, a=(2,))}; a.grad = {_numbers(draw, (2,))}; y = a.{name}(); y.backward([0.7, -1.3])"
    check(script, "a.grad")
    check(f"{_tensors(draw, a=(2,))}; m = a.{name}(); y = m.{name}(); y.backward([0.7, -1.3])", "y.data", "a.grad")


@pytest.mark.exercise("two-layer-backward")
@pytest.mark.parametrize("keys", ["z W2 b2", "h1 a1", "W1 b1 x"])
def test_two_layers_by_hand(check: Check, draw: Draw, keys: str) -> None:
    """Each gradient of the two layers has the shape and the numbers that the chain rule gives."""
    reads = [f'g["{key}"]' for key in keys.split()]
    for inputs, hidden, outputs in ((2, 2, 2), (2, 3, 2), (3, 2, 1)):
        sizes = {"x": (inputs,), "W1": (hidden, inputs), "b1": (hidden,)}
        sizes |= {"W2": (outputs, hidden), "b2": (outputs,), "y": (outputs,)}
        given = ", ".join(f"{name}={_numbers(draw, shape, -1.5, 1.5)}" for name, shape in sizes.items())
        check(f"g = two_layer_gradients({given})", *reads)
