"""Chapter 7. Models, losses and optimisers are made by the tests where they can be, so that the training loop is
judged apart from chapters 4 to 6."""

from __future__ import annotations

from itertools import pairwise

import pytest

from grader.base.compare import is_number, same, show
from grader.kit.asking import Check, Draw

# A straight line w * x + b, plain gradient descent, and squared errors that tell predictions from targets.
LINE = """w, b = Value({w}), Value({b})
def line(x): return w * x + b
class Descent:
    def zero_grad(self): w.grad = b.grad = 0.0
    def step(self):
        for p in (w, b): p.data -= {lr} * p.grad
def squares(predictions, targets):
    return sum(((p - 0.5 * t) ** 2 for p, t in zip(predictions, targets)), Value(0.0))
"""


def _line(draw: Draw, before: str, steps: int) -> str:
    line = LINE.format(w=draw.real(), b=draw.real(), lr=0.02)
    return f"{line}{before}losses = train(line, {draw.reals(3)}, {draw.reals(3)}, squares, Descent(), {steps})"


@pytest.mark.exercise("training-loop")
def test_losses(check: Check, draw: Draw) -> None:
    """train returns the loss of every step, a plain number, before that step's update."""
    check(_line(draw, "", 4), "losses")
    # Examples of one number are examples of their own, and all lists stay as they were.
    line = LINE.format(w=draw.real(), b=draw.real(), lr=0.02)
    x, y, s, t = draw.reals(4)
    script = f"{line}inputs, targets = {[x, y, x]}, {[s, t, t]}\n"
    check(f"{script}losses = train(line, inputs, targets, squares, Descent(), 3)", "losses", "inputs", "targets")


@pytest.mark.exercise("training-loop")
def test_where_it_ends(check: Check, draw: Draw) -> None:
    """After training the parameters are where gradient descent takes them."""
    check(_line(draw, "", 5), "w.data", "b.data")


@pytest.mark.exercise("training-loop")
def test_old_gradients(check: Check, draw: Draw) -> None:
    """Gradients that are left over from before do not count: they are cleared before backward."""
    before = f"w.grad = {draw.real()}; b.grad = {draw.real()}\n"
    check(_line(draw, before, 3), "losses", "w.data", "b.data")


# Does the loss see the model's own results? Does backward run, and has the update gradients to go by?
WATCHED = """given, got, ran = [], [], []
class Watched(Descent):
    def step(self): ran.append(w.grad != 0); super().step()
def loss_of(predictions, targets):
    got.extend(predictions)
    loss = squares(predictions, targets)
    backward = loss.backward
    loss.backward = lambda: ran.append('backward') or backward()
    return loss
model = lambda x: given.append(line(x)) or given[-1]
losses = train(model, {inputs}, {targets}, loss_of, Watched(), 1)"""


@pytest.mark.exercise("training-loop")
def test_number_of_steps(check: Check, draw: Draw) -> None:
    """One step is one update, and no steps change nothing."""
    watched = WATCHED.format(inputs=draw.reals(2), targets=draw.reals(2))
    line = LINE.format(w=draw.real(), b=draw.real(), lr=0.02)
    check.note(f"{line}{watched}", "[any(p is q for q in given) for p in got]", "ran")
    for steps in (1, 0):
        check(_line(draw, "", steps), "len(losses)", "w.data", "b.data")


@pytest.mark.exercise("stopping")
def test_gradient_norm(check: Check, draw: Draw) -> None:
    """The gradient norm is the square root of the sum of all squared gradients."""
    script = f"p = [Value(0.5) for _ in range(3)]\nfor q, g in zip(p, {draw.reals(3)}): q.grad = g"
    check(script, "gradient_norm(p)", "[q.grad for q in p]")
    script = f"p = [Value(0.5) for _ in range(2)]\nfor q in p: q.grad = {draw.real()}"
    check(script, "gradient_norm(p)", "gradient_norm(p[:1])")


def _minimise(draw: Draw, max_steps: int, tolerance: float) -> str:
    low, lower = draw.reals(2)
    return (
        f"a = Value({low + draw.real(1.1, 2.9):.2f}); b = Value({lower - draw.real(1.1, 2.9):.2f})\n"
        f"a.grad = {draw.real()}; b.grad = {draw.real()}\n"
        f"loss_of = lambda: (a - {low}) ** 2 + (b - {lower}) ** 2 * 0.7\n"
        f"losses = minimise(loss_of, [a, b], lr=0.2, max_steps={max_steps}, tolerance={tolerance})"
    )


@pytest.mark.exercise("stopping")
def test_stops_when_flat(check: Check, draw: Draw) -> None:
    """Descent stops where the gradient norm is below the tolerance, without another update."""
    for tolerance in (0.3, 0.01, 100.0):
        check(_minimise(draw, 50, tolerance), "losses", "a.data", "b.data")


@pytest.mark.exercise("stopping")
def test_stops_at_the_last_step(check: Check, draw: Draw) -> None:
    """Descent stops after max_steps in any case; a norm of just the tolerance is not below it."""
    for max_steps in (4, 1, 0):
        check(_minimise(draw, max_steps, 1e-9), "losses", "a.data", "b.data")
    # Too large a learning rate climbs: that is for whoever looks at the losses to see.
    script = f"a = Value({draw.real()}); losses = minimise(lambda: a * a, [a], lr=1.1, max_steps=4, tolerance=0.001)"
    check(script, "losses", "a.data")
    script = (
        f"a = Value({draw.real()}); b = Value({draw.real()})\n"
        "losses = minimise(lambda: a * 3.0 + b * -4.0, [a, b], lr=0.1, max_steps=3, tolerance=5.0)"
    )
    check(script, "losses", "a.data", "b.data")


@pytest.mark.exercise("batches")
def test_full_batch(check: Check, draw: Draw) -> None:
    """Without a size everything is one batch, in order; data stays as it was."""
    check(f"data = {draw.reals(5)}", "[list(b) for b in batches(data)]", "data")
    check(f"data = list(range({draw.random.randrange(60, 90)}))", "[list(b) for b in batches(data)]")


@pytest.mark.exercise("batches")
def test_mini_batches(check: Check, draw: Draw) -> None:
    """Batches of a size come in order, the last one may be smaller; size 1 gives single samples."""
    for size in (3, 1, 7, 20):
        check(f"data = {draw.reals(7)}", f"[list(b) for b in batches(data, size={size})]", "data")
    x, y = draw.reals(2)
    check(f"data = {[x, y, x, x, y]}", "[list(b) for b in batches(data, size=2)]")


@pytest.mark.exercise("batches")
def test_shuffled(check: Check, draw: Draw) -> None:
    """With a seed the items are shuffled: each once, the same way for the same seed; data stays as it was."""
    everything = list(range(40))
    script = "data = list(range(40)); shuffle = lambda seed: [x for b in batches(data, size=7, seed=seed) for x in b]"
    for seed in (0, draw.random.randrange(1, 1000)):
        reads = [f"shuffle({seed})", f"shuffle({seed})", f"shuffle({seed + 1})", "data"]
        one, two, other, data = check.ask(script, *reads)
        if type(one) is not list or not all(map(is_number, one)) or not same(sorted(one), everything):
            check.fail(script, reads[0], one, "the numbers 0 to 39, each once")
        if same(sorted(one[:7]), everything[:7]) or all(same(b - a, 1) for a, b in pairwise(one[:7])):
            check.fail(script, reads[0], one, "the numbers 0 to 39 in another order, over all the batches")
        if not same(two, one):
            check.fail(script, f"{reads[0]} == {reads[1]}", False, "True")
        if same(other, one):
            check.fail(script, f"{reads[0]} == {reads[2]}", True, "False")
        if not same(data, everything):
            check.fail(script, "data", data, show(everything))
        check("data = list(range(40))", f"[len(b) for b in batches(data, size=7, seed={seed})]")
    read = f"[list(b) for b in batches(list(range(40)), seed={draw.random.randrange(1, 1000)})]"
    (whole,) = check.ask("", read)
    is_one = type(whole) is list and len(whole) == 1 and type(whole[0]) is list and all(map(is_number, whole[0]))
    if not is_one or not same(sorted(whole[0]), everything) or same(whole[0], everything):
        check.fail("", read, whole, "one batch of the numbers 0 to 39, in another order")


@pytest.mark.exercise("classifier")
def test_mean_cross_entropy(check: Check, draw: Draw) -> None:
    """The loss of many predictions is the mean of their cross-entropies, as a Value with gradients."""
    script = (
        f"rows = [[Value(x) for x in row] for row in {[draw.reals(3), draw.reals(3)]}]\n"
        f"loss = mean_cross_entropy(rows, [{draw.random.randrange(3)}, {draw.random.randrange(3)}])\n"
        "loss.backward()"
    )
    check(script, "loss.data", "[x.grad for row in rows for x in row]")
    # Any number of classes, and predictions of the same numbers.
    x, y = draw.reals(2)
    for row, labels in (([x, y, x, y], [2, 3]), ([x, y], [1, 1])):
        script = f"rows = [[Value(x) for x in row] for row in {[row, row]}]; labels = {labels}"
        check(f"{script}\nloss = mean_cross_entropy(rows, labels)", "loss.data", "labels", "len(rows)")


def _network(nin: int, nouts: list[int], weights: list[list[list[float]]]) -> str:
    """A network with these weights, by layer and neuron, and biases of 0."""
    return (
        f"net = MLP({nin}, {nouts}); weights = {weights}\n"
        "for layer, rows in zip(net.layers, weights):\n"
        "    for n, row in zip(layer.neurons, rows):\n"
        "        n.b.data = 0.0\n"
        "        for p, number in zip(n.w, row): p.data = number"
    )


@pytest.mark.exercise("classifier")
def test_training(check: Check, draw: Draw) -> None:
    """Step by step the losses are those of AdamW with the settings asked for."""
    for nin, nouts, labels, steps in ((2, [2, 3], [0, 1, 2], 5), (3, [3, 2], [1, 0, 1, 1], 2)):
        sizes = pairwise([nin, *nouts])
        weights = [[draw.reals(one, -1, 1) for _ in range(other)] for one, other in sizes]
        points = [draw.reals(nin) for _ in labels]
        check(_network(nin, nouts, weights), f"train_classifier(net, {points}, {labels}, {steps})")


# A model of the plane that needs no network: three classes, by the larger of three sums.
PLANE = "model = lambda point: [Value({a} * point[0]), Value({b} * point[1]), Value({c} + 0.1 * point[0])]"


def _plane(draw: Draw) -> str:
    return PLANE.format(a=draw.real(0.3, 2.9), b=-draw.real(0.3, 2.9), c=draw.real(0.1, 0.9))


@pytest.mark.exercise("decision-boundary")
def test_the_largest_output_wins(check: Check, draw: Draw) -> None:
    """The predicted class is the number of the largest output."""
    check(_plane(draw), *(f"predict(model, {draw.reals(2)})" for _ in range(6)))
    for n in (2, 4, 5):
        check(f"model = lambda point: [Value(x) for x in {draw.reals(n)}]", "predict(model, [0.5, 0.5])")


@pytest.mark.exercise("decision-boundary")
def test_accuracy(check: Check, draw: Draw) -> None:
    """Accuracy is the share of points whose predicted class is their label."""
    plane, points = _plane(draw), [draw.reals(2) for _ in range(8)]
    (right,) = check.right(plane, f"[predict(model, point) for point in {points}]")
    labels = [label if i % 3 else (label + 1) % 3 for i, label in enumerate(right)]
    check(plane, f"accuracy(model, {points}, {labels})", f"accuracy(model, {points[:4]}, {labels[:4]})")
    check(plane, f"accuracy(model, {points[:7]}, {labels[:7]})", f"accuracy(model, {points[:1]}, {labels[:1]})")
    again = [points[0], points[1], points[0]]
    script = f"points = {again}; labels = {[right[0], right[1] + 1, right[0] + 1]}"
    check(f"{plane}\n{script}", "accuracy(model, points, labels)", "points", "labels")


@pytest.mark.exercise("decision-boundary")
def test_grid(check: Check, draw: Draw) -> None:
    """The grid has a row for each y and in it a class for each x."""
    xs, ys = draw.reals(2, -2.9, -0.3) + draw.reals(2, 0.6, 2.9), [*draw.reals(2, 0.6, 2.9), draw.real(-2.9, -1.5)]
    check(_plane(draw), f"[list(row) for row in class_grid(model, {xs}, {ys})]")
    x, y = draw.reals(2)
    for xs, ys in (([x], [y, y]), ([x, y, x], [y])):
        check(f"{_plane(draw)}\nxs, ys = {xs}, {ys}", "[list(row) for row in class_grid(model, xs, ys)]", "xs", "ys")
