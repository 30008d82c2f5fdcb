"""The solution of the tensors, against an autodiff of other people, differences, and the engine of single numbers."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import autograd.numpy as anp  # type: ignore[import-untyped]
import numpy as np
import pytest
from autograd import grad, value_and_grad
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st
from oracle import SOLUTIONS, SOME, Value, close, kit, numbers

from grader.kit import read_kit

Tensor: Any = kit.tensor.Tensor
gradients: Any = kit.tensor.two_layer_gradients

READING = " ".join((SOLUTIONS / "tensor.py").read_text(encoding="utf-8").split('"""')[1].split())
CHAPTER = " ".join((ROOT / "exercises" / "book" / "en" / "tensor.md").read_text(encoding="utf-8").split())
HINTS = {exercise.id: exercise.hints for exercise in read_kit().manifest.exercises}

# The two layers of the reading, at its numbers.
POINT: dict[str, Any] = {
    "x": [1.0, 2.0],
    "W1": [[0.1, -0.2], [0.3, 0.4]],
    "b1": [0.1, -0.1],
    "W2": [[0.5, -0.6]],
    "b2": [0.2],
    "y": [1.0],
}


def vector(size: int) -> st.SearchStrategy[Any]:
    return numbers(size)


def matrix(rows: int, columns: int) -> st.SearchStrategy[Any]:
    return st.lists(numbers(columns), min_size=rows, max_size=rows)


def two_layers(activation: str, **point: Any) -> dict[str, Any]:
    """The two layers as Tensors, after backward()."""
    t = {name: Tensor(data) for name, data in point.items()}
    t["a1"] = t["W1"] @ t["x"] + t["b1"]
    t["h1"] = getattr(t["a1"], activation)()
    t["z"] = t["W2"] @ t["h1"] + t["b2"]
    error = t["z"] - t["y"]
    t["L"] = (error * error).sum() * 0.5
    t["L"].backward()
    return t


def by_numpy(activation: str, x: Any, W1: Any, b1: Any, W2: Any, b2: Any, y: Any) -> Any:  # noqa: N803 - as in the mathematics
    a1 = anp.dot(W1, x) + b1
    h1 = anp.tanh(a1) if activation == "tanh" else 1 / (1 + anp.exp(-a1))
    return anp.sum((anp.dot(W2, h1) + b2 - y) ** 2) / 2


def flat(data: Any) -> list[Any]:
    return [number for row in data for number in flat(row)] if isinstance(data, list) else [data]


def same(found: Any, expected: Any, absolute: float = 1e-12) -> None:
    """The same shape, and the same numbers."""
    assert np.shape(found) == np.shape(expected)
    assert flat(found) == close(np.ravel(expected).tolist(), absolute)


# One operation, as Tensors have it and as numpy has it, and the shapes of its operands.
OPERATIONS: dict[str, tuple[Callable[..., Any], Callable[..., Any], list[tuple[int, ...]]]] = {
    "add": (lambda a, b: a + b, lambda a, b: a + b, [(2, 3), (2, 3)]),
    "sub": (lambda a, b: a - b, lambda a, b: a - b, [(3,), (3,)]),
    "mul": (lambda a, b: a * b, lambda a, b: a * b, [(2, 3), (2, 3)]),
    "square": (lambda a: a * a, lambda a: a * a, [(3,)]),
    "diamond": (lambda a, b: (a * b) * (a - b) + a, lambda a, b: (a * b) * (a - b) + a, [(3,), (3,)]),
    "numbers": (lambda a: 2 - (3 + a * 4) * 5 + (a - 6), lambda a: 2 - (3 + a * 4) * 5 + (a - 6), [(2, 2)]),
    "sum": (lambda a: a.sum(), anp.sum, [(2, 3)]),
    "mean": (lambda a: a.mean(), anp.mean, [(2, 3)]),
    "mean of a mean": (lambda a: a.mean().mean(), anp.mean, [(3,)]),
    "vector": (lambda a, b: a @ b, anp.dot, [(3, 2), (2,)]),
    "matrix": (lambda a, b: a @ b, anp.dot, [(3, 2), (2, 4)]),
    "power": (lambda a: a @ a, lambda a: anp.dot(a, a), [(3, 3)]),
    "tanh": (lambda a: a.tanh(), anp.tanh, [(2, 2)]),
    "sigmoid": (lambda a: a.sigmoid(), lambda a: 1 / (1 + anp.exp(-a)), [(3,)]),
}


@pytest.mark.parametrize("name", OPERATIONS)
@SOME
@given(data=st.data())
def test_operation_against_autograd(name: str, data: st.DataObject) -> None:
    """Data and gradients of an operation are those of autograd, whatever gradient arrives from above."""
    own, theirs, shapes = OPERATIONS[name]
    point = [data.draw(vector(*shape) if len(shape) == 1 else matrix(*shape)) for shape in shapes]
    arrays = [np.array(item) for item in point]
    expected = theirs(*arrays)
    upstream = np.array(data.draw(vector(expected.size))).reshape(expected.shape)
    inputs = [Tensor(item) for item in point]
    out = own(*inputs)
    same(out.data, expected)
    out.backward(upstream.tolist())
    for i, node in enumerate(inputs):
        same(node.grad, grad(lambda *a: anp.sum(theirs(*a) * upstream), i)(*arrays))


@pytest.mark.parametrize("activation", ["tanh", "sigmoid"])
@SOME
@given(st.data())
def test_two_layers_against_autograd(activation: str, data: st.DataObject) -> None:
    """Both the Tensors and the gradients by hand are those of autograd, at any point and for any sizes."""
    inputs, hidden, outputs = (data.draw(st.integers(1, 3)) for _ in range(3))
    point = {"x": data.draw(vector(inputs)), "W1": data.draw(matrix(hidden, inputs)), "b1": data.draw(vector(hidden))}
    point |= {
        "W2": data.draw(matrix(outputs, hidden)),
        "b2": data.draw(vector(outputs)),
        "y": data.draw(vector(outputs)),
    }
    arrays = [np.array(item) for item in point.values()]
    loss, slopes = value_and_grad(lambda *a: by_numpy(activation, *a), tuple(range(6)))(*arrays)
    tensors = two_layers(activation, **point)
    assert tensors["L"].data == close(loss)
    for name, slope in zip(point, slopes):
        same(tensors[name].grad, slope)
    if activation == "sigmoid":
        for name, found in gradients(**point).items():
            same(found, tensors[name].grad)


def test_agrees_with_single_numbers_and_with_differences() -> None:
    """Entry by entry the gradients are those of the engine of chapter 3, and of central differences."""
    t = two_layers("tanh", **POINT)
    v = {
        name: [[Value(n) for n in row] if isinstance(row, list) else Value(row) for row in POINT[name]]
        for name in POINT
    }

    def layer(w: Any, x: Any, b: Any) -> list[Any]:
        return [sum((one * other for one, other in zip(row[1:], x[1:])), row[0] * x[0]) + c for row, c in zip(w, b)]

    hidden = [a.tanh() for a in layer(v["W1"], v["x"], v["b1"])]
    (error,) = [z - y for z, y in zip(layer(v["W2"], hidden, v["b2"]), v["y"])]
    loss = error * error * 0.5
    loss.backward()
    for name in POINT:
        assert flat(t[name].grad) == close([node.grad for node in flat(v[name])])
    assert f"take {len(kit.graph.trace(loss)[0])} Values, or {len(kit.graph.trace(t['L'])[0])} Tensors" in CHAPTER
    slopes = kit.derivatives.gradient(
        lambda w: by_numpy("tanh", **{**{k: np.array(n) for k, n in POINT.items()}, "W1": np.reshape(w, (2, 2))}),
        flat(POINT["W1"]),
    )
    assert flat(t["W1"].grad) == pytest.approx(slopes, abs=1e-8)


def test_count_of_a_larger_network() -> None:
    """With 100 numbers in place of each 2 there are as many Values as the book says, and no more Tensors."""
    row = [0.1] * 100
    w1, w2, x = [[Value(n) for n in row] for _ in row], [Value(n) for n in row], [Value(n) for n in row]

    def weighted(w: Any, x: Any) -> Any:
        return sum((one * other for one, other in zip(w[1:], x[1:])), w[0] * x[0]) + Value(0.1)

    error = weighted(w2, [weighted(r, x).tanh() for r in w1]) - Value(1.0)
    count = len(kit.graph.trace(error * error * 0.5)[0])
    assert f"{count:,} Values" in CHAPTER
    large = {"x": row, "W1": [row] * 100, "b1": row, "W2": [row], "b2": [0.1], "y": [1.0]}
    assert f"still takes {len(kit.graph.trace(two_layers('tanh', **large)['L'])[0])} Tensors" in CHAPTER


def test_worked_vector_product() -> None:
    """The vector product of the reading, its gradients, and a step that moves w alone."""
    x, w = Tensor([1, 2, 3]), Tensor([0.1, 0.2, 0.3])
    product = x * w
    loss = (product - x).mean()
    loss.backward()
    same(product.data, [0.1, 0.4, 0.9])
    assert loss.data == close(-4.6 / 3)
    same(w.grad, [1 / 3, 2 / 3, 1])
    same(x.grad, [-0.3, -0.8 / 3, -0.7 / 3])
    says = "The product is [0.1, 0.4, 0.9], the loss -4.6/3 = -1.5333, w.grad is [1/3, 2/3, 1] and x.grad {}."
    assert says.format([round(slope, 4) for slope in x.grad]) in READING
    (step,) = re.findall(r"w\.data = (each\(.*?, w\.data, w\.grad\))", READING)
    w.data = eval(step, {"each": kit.tensor.each, "w": w, "lr": 0.1})
    same(w.data, [0.1 - 0.1 / 3, 0.2 - 0.2 / 3, 0.2])
    assert x.data == [1, 2, 3]


def test_worked_two_layers() -> None:
    """The two layers of the reading with tanh, and the same with the sigmoid, have the numbers that are known."""
    t = two_layers("tanh", **POINT)
    same(t["a1"].data, [-0.2, 1])
    same(t["z"].data, [-0.3556441536859109])
    assert t["L"].data == close(0.9188855357113949)
    same(t["W2"].grad, [[0.26757069894477575, -1.0324506650027885]])
    same(t["a1"].grad, [-0.6514161506494422, 0.3416014565442865])
    same(t["W1"].grad, [[-0.6514161506494422, -1.3028323012988845], [0.3416014565442865, 0.683202913088573]])
    same(t["x"].grad, [0.037338821898341715, 0.266923812747603])
    assert "a1 is [-0.2, 1], z is [-0.3556] and L 0.9189" in READING
    for name in ("z", "W2", "a1", "W1", "x"):
        shown = str([[round(n, 4) for n in row] if isinstance(row, list) else round(row, 4) for row in t[name].grad])
        assert f" {name} {shown} " in READING, shown
    for name in ("x", "W1", "b1", "W2", "b2", "y"):
        assert f"{name} = {str(POINT[name]).replace('.0', '') if name in 'xy' else POINT[name]}" in READING
    t = two_layers("sigmoid", **POINT)
    same(t["z"].data, [-0.013552145834241858])
    assert t["L"].data == close(0.513643976162598)
    found = gradients(**POINT)
    same(found["W2"], [[-0.4562667180055611, -0.7409659911009723]])
    same(found["a1"], [-0.1254354767008214, 0.11956586810011356])
    same(found["x"], [0.023326212759951927, 0.07291344258020971])
    shown = f"that of z is {[round(n, 4) for n in found['z']]} and that of a1 {[round(n, 4) for n in found['a1']]}."
    assert shown in kit.tensor.two_layer_gradients.__doc__


def _handed_back(out: Any, upstream: Any, *inputs: Any) -> list[Any]:
    for node in inputs:
        node.grad = kit.tensor.each(lambda _: 0.0, node.data)
    out.backward(upstream)
    return [node.grad for node in inputs]


def test_worked_numbers_of_the_hints() -> None:
    """The second hint of each exercise says numbers that are right."""
    x, w = Tensor([3, 5]), Tensor([2, 4])
    assert _handed_back(x * w, [1, 10], x, w) == [[2, 40], [3, 50]]
    assert _handed_back(x - w, [1, 10], x, w) == [[1, 10], [-1, -10]]
    assert _handed_back(x + w, [1, 10], x, w) == [[1, 10], [1, 10]]
    assert (
        "for x * w x.grad is [2, 40] and w.grad [3, 50]; for x - w they are [1, 10] and [-1, -10]"
        in (HINTS["tensor-elementwise"][1])
    )
    x = Tensor([[1, 2, 6], [3, 4, 2]])
    assert (x.sum().data, x.mean().data) == (18, 3)
    assert _handed_back(x.sum(), 12, x) == [[[12] * 3] * 2]
    assert _handed_back(x.mean(), 12, x) == [[[2] * 3] * 2]
    w, x = Tensor([[1, 2], [3, 4], [5, 6]]), Tensor([10, 1])
    assert (w @ x).data == [12, 34, 56]
    assert _handed_back(w @ x, [1, 0, 2], w, x) == [[[10, 1], [0, 0], [20, 2]], [11, 14]]
    assert "W.grad is [[10, 1], [0, 0], [20, 2]] and x.grad is [11, 14]" in HINTS["tensor-matmul"][1]
    x = Tensor([0, 0.5])
    for name, data, slopes in (("tanh", [0, 0.46212], [1, 1.5729]), ("sigmoid", [0.5, 0.62246], [0.25, 0.47001])):
        out = getattr(x, name)()
        assert out.data == pytest.approx(data, abs=5e-6)
        assert _handed_back(out, [1, 2], x)[0] == pytest.approx(slopes, abs=5e-5 if name == "tanh" else 5e-6)
        assert f"{name} gives {data} and x.grad {slopes}" in HINTS["tensor-activation"][1]
    found = gradients(x=[2], W1=[[0]], b1=[0], W2=[[4]], b2=[1], y=[1])
    assert found == {"z": [2], "W2": [[1]], "b2": [2], "h1": [8], "a1": [2], "W1": [[4]], "b1": [2], "x": [0]}
    said = "The gradients: " + ", ".join(f"{key} {found[key]}" for key in found) + "."
    assert said.replace(".0", "") in HINTS["two-layer-backward"][1]


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Tensor([1, 2]) + Tensor([1, 2, 3]), r"do not fit: \(2,\), \(3,\)"),
        (lambda: Tensor([[1, 2]]) * Tensor([1, 2]), r"do not fit: \(1, 2\), \(2,\)"),
        (lambda: Tensor([[1, 2, 3]]) @ Tensor([1, 2]), r"\(1, 3\) @ \(2,\)"),
        (lambda: Tensor([1, 2]) @ Tensor([1, 2]), r"\(2,\) @ \(2,\)"),
        (lambda: Tensor([[1, 2], [3]]), "of one length"),
        (lambda: Tensor([1, 2]).backward(), "no loss"),
        (lambda: Tensor([1, 2]).backward([1, 2, 3]), "do not fit"),
    ],
)
def test_shapes_that_do_not_fit(make: Callable[[], Any], said: str) -> None:
    """What does not fit is said to be so, with its shapes."""
    with pytest.raises(ValueError, match=said):
        make()


def test_far_out() -> None:
    """No activation overflows, and gradients of two walks add up."""
    x = Tensor([1000.0, -1000.0])
    for activation, data in (("tanh", [1, -1]), ("sigmoid", [1, 0])):
        out = getattr(x, activation)()
        out.sum().backward()
        assert out.data == data
        assert x.grad == [0, 0]
    for _ in range(2):
        (x + x).sum().backward()
    assert x.grad == [4, 4]


def test_the_picture_of_chapter_8_holds_for_tensors() -> None:
    """trace() finds the nodes and edges of an expression of Tensors, too."""
    x, w = Tensor([1, 2, 3]), Tensor([0.1, 0.2, 0.3])
    nodes, edges = kit.graph.trace((x * w - x).mean())
    assert (len(nodes), len(edges)) == (5, 5)
