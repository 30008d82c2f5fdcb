"""The solutions of optimisers and training, against independent calculations and known losses."""

import csv
import gc
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import autograd.numpy as anp  # type: ignore[import-untyped]
import numpy as np
import pytest
from autograd import value_and_grad
from hypothesis import given
from hypothesis import strategies as st
from oracle import DATASETS, ROOT, SOME, TRAIN_STEPS, Value, close, data, grads, kit, values

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


@pytest.mark.world  # it trains for a quarter of a minute
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
