"""The solutions of networks and losses, against an autodiff of other people."""

from collections.abc import Callable
from typing import Any

import autograd.numpy as anp  # type: ignore[import-untyped]
import numpy as np
import pytest
from autograd import value_and_grad
from hypothesis import given
from hypothesis import strategies as st
from oracle import SOME, Value, close, data, grads, kit, number, numbers, values, weighted

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
