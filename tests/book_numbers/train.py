"""The numbers of a chapter of the book: see test_book_numbers.py."""

from __future__ import annotations

import csv
import importlib.util
import math
import operator
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from oracle import DATASETS, Value, kit

from grader.explore.training import SIDE

Point = tuple[list[float], int]  # x and y, and the class
Net = list[list[float]]  # the weights of each neuron and then its bias: the hidden ones, then the last three

HIDDEN, CLASSES = 16, 3

GIVEN: tuple[str, ...] = (
    "MLP(2, [16, 3])",
    "80 examples for training",
    "updates in 20 epochs",
    "the learning rate 0.2 and one start for all",
    "loss after 1 epoch 10 epochs 20 epochs",
    "A mean over 10 examples",
    "10 examples in one go cost far less time than 10 times one",
    "The loss on all 80 points over 20 epochs",
    "With the seeds 1 to 10",
    "a change that gains 0.05 has shown nothing",
    "$x$ is 1 and 2, the targets are 2 and 4",
    "With the learning rate 0.01",
    "train for 20 rounds",
    "w after 20 all in order",
    "after 20 rounds it is nearly back at 1",
    "With the learning rate 0.12",
    "\\dots + g_n^2}",
    "below 0.01 for the first time",
    "a tolerance of 0.001 would",
    "The 100 points of `three_regions`",
    "a square from -2 to 2",
    "goes on falling to 0",
    "split into 80, 10 and 10",
    "first 20 training points only, with the learning rate 0.01, and hold the other 60 back",
    "loss on the 20 loss on the 60 right of the 60",
    "borders that 20 points cannot fix",
    "the learning rate 0.1, 100 steps with the full batch of 80",
    "draw 1,000 fresh points by the same rule (with the kit's generator and the seed 43)",
    "80 to train on 10 to validate 1,000 fresh right of 1,000",
    "From step 30 on",
    "MLP(2, [16, 16, 1])",
    "at steps 0, 10, 100 and 1,000. At step 0",
    "at step 100 it is ragged; at step 1,000 it winds",
    "`--steps 10` shows",
)


def claims() -> Iterator[str]:
    """Pieces of the text, with the numbers worked out."""
    data = regions()
    training = list(adamw(data["train"], 101))
    yield from batch_claims(data["train"], training)
    yield from loop_claims()
    yield from stopping_claims(training)
    yield from overfitting_claims(data["train"])
    yield from log_claims(data, [net for net, _ in training])
    yield f"{SIDE} points each way are {SIDE * SIDE:,} calls"
    yield f"with {len(kit.nn.MLP(2, [16, 16, 1]).parameters())} parameters"


def batch_claims(train: list[Point], training: list[tuple[Net, Net]]) -> Iterator[str]:
    parameters = len(kit.nn.MLP(2, [16, 3]).parameters())
    yield f"the network for it, an MLP(2, [16, 3]), has {parameters} parameters"
    yield f"One example, walked backward, yields {parameters} slopes"
    yield f"Twenty epochs see {20 * len(train):,} examples and work out {20 * len(train) * parameters:,} slopes"
    steps = {size: 20 * len(kit.train.batches(train, size)) for size in (len(train), 10, 1)}
    yield f"the full batch, {steps[80]} steps; faster with batches of 10, {steps[10]} steps"
    yield f"with single samples, {steps[1]:,} steps"
    yield f"over all {len(train)} examples, is {loss(start(), train):.2f} at the beginning"
    names = {len(train): "80, full batch", 10: "10, mini-batch", 1: "1, single sample"}
    losses = {size: sgd(train, size, 20) for size in names}
    for size, name in names.items():
        yield f"{name} {steps[size]:,} {nodes(size):,}"
        yield f"{name} {losses[size][0]:.3f} {losses[size][9]:.3f} {losses[size][19]:.3f}"
    larger = [sgd(train, size, 20, lr=1.0)[19] for size in (len(train), 10)]
    yield f"with the learning rate 1 it is at {larger[0]:.3f} after 20 epochs, and the mini-batches at {larger[1]:.3f}"
    yield f"it is {losses[1][12]:.2f} after 13 epochs and {losses[1][13]:.2f} after 14"
    same_side = {}
    for i in (0, 10, 20):
        net, all_slopes = training[i]
        same_side[i] = sum(product(all_slopes, gradient(net, [example])) > 0 for example in train)
    yield f"the gradients of {same_side[0]} of the {len(train)} examples point to the same side"
    yield f"in steps 10 and 20 of the classifier below they are {same_side[10]} and {same_side[20]} of {len(train)}"
    in_order = sgd(sorted(train, key=operator.itemgetter(1)), 1, 1, shuffled=False)[0]
    seeds = [sgd(train, 1, 1, seed)[0] for seed in range(1, 11)]
    yield f"in the order of the classes the loss is {in_order:.3f}, after one that is shuffled {seeds[0]:.3f}"
    yield f"ends anywhere between {min(seeds):.3f} and {max(seeds):.3f}"


def loop_claims() -> Iterator[str]:
    """Whole loops, each a word of the steps in it: forward and loss, clear, backward, update."""
    right, moved = looped("fcbu")
    yield f"which is {right[0]:g}, and its slope $10\\,(w - 2)$ is {10 * (1 - 2)}"
    yield f"takes $w$ to {moved[0]:.3g}, the second to {moved[1]:.3g}"
    for name, steps in {
        "all in order": "fcbu",
        "never cleared": "fbu",
        "no backward": "fcu",
        "no update": "fcb",
        "cleared before update": "fbcu",
        "updated before backward": "fucb",
        "predicted only once": "cbu",
    }.items():
        losses, w = looped(steps)
        yield f"{name} {' '.join(f'{found:.2f}' for found in losses[:5])} {w[19]:.2f}"
    first = ", ".join(f"{found:.3g}" for found in looped("fcbu", 0.12)[0][:3])
    swinging = looped("fucb", 0.12)[0]
    assert max(swinging[10:]) > max(swinging[:10])
    late = ", ".join(f"{found:.3g}" for found in swinging[:4])
    yield f"the right loop has the losses {first}, and this one {late}, and swings ever wider"


def stopping_claims(training: list[tuple[Net, Net]]) -> Iterator[str]:
    a = Value(3.1)
    kit.train.minimise(lambda: (a - 3) ** 2, [a], lr=0.1, max_steps=1, tolerance=0)
    norm = kit.train.gradient_norm([a])
    yield f"at $a = 3.1$ the gradient is $2 \\cdot 0.1 = {norm:.3g}$"
    yield f"the learning rate 0.1 takes $a$ to {a.data:.3g}"
    norms = [math.hypot(*(slope for row in slopes for slope in row)) for _, slopes in training[:100]]
    flat = next(i for i, found in enumerate(norms) if found < 0.01)
    yield f"starts at a norm of {norms[0]:.2f}; in step {flat} it is below 0.01"
    yield f"step {len(norms) - 1}, it is {norms[-1]:.5f}"
    yield f"The slope of $\\tanh$ at 5 is {1 - math.tanh(5) ** 2:.5f}"


def overfitting_claims(train: list[Point]) -> Iterator[str]:
    few, others = train[:20], train[20:]
    nets = [net for net, _ in adamw(few, 301, lr=0.01)]
    held_back = [loss(net, others) for net in nets]
    lowest = held_back.index(min(held_back))
    yield f"falls until step {lowest}, and then it climbs to {held_back[300] / held_back[lowest]:.1f} times as much"
    yield f"is lowest at step {lowest}, with {held_back[lowest]:.2f}, and rises to {held_back[300]:.2f} by step 300"
    changed = sum(predicted(nets[lowest], point) != predicted(nets[300], point) for point, _ in others)
    yield f"From then on only {changed} of the {len(others)} change sides"
    for i in (0, 20, lowest, 150, 300):
        yield f"{i} {loss(nets[i], few):.4f} {held_back[i]:.4f} {right(nets[i], others)}"


def log_claims(data: dict[str, list[Point]], nets: list[Net]) -> Iterator[str]:
    train = data["train"]
    with (DATASETS / "three_regions_training_log.csv").open(encoding="utf-8", newline="") as lines:
        log = list(csv.DictReader(lines))
    known = [float(row["train_loss"]) for row in log]
    validated = {int(row["step"]): row["val_loss_before_update"] for row in log if row["val_loss_before_update"]}
    assert all(float(found) < known[i] for i, found in validated.items()), "below the training loss in every row"
    yield f"begins at {known[0]:.4f} ({log[0]['train_loss']} in full)"
    yield f"guessing at equal odds would cost $\\log 3 = {math.log(3):.4f}$"
    yield f"After one step it is {known[1]:.4f}, and the last one that is noted is {known[99]:.8f}"
    yield f"the training loss goes from {known[0]:.2f} to {known[99]:.5f}"
    yield f"goes from {float(validated[0]):.3f} to {float(validated[90]):g} at step 90"
    yield f"From step 30 to step 40 it rises from {validated[30]} to {validated[40]}, and falls to {validated[50]}"

    fresh = fresh_points()
    assert all(math.isclose(loss(net, train), found, rel_tol=1e-9) for net, found in zip(nets, known))
    assert all(abs(loss(nets[i], data["val"]) - float(found)) < 1e-6 for i, found in validated.items())
    rights = [right(net, train) for net in nets]
    all_right = max(i for i, found in enumerate(rights) if found < len(train)) + 1
    yield f"goes from {rights[0]} of 80 to {rights[1]} after the first update, and is 80 of 80 from step {all_right} on"
    classes = [sum(label == number for _, label in data["val"]) for number in range(CLASSES)]
    yield f"{classes[0]} are of class 0, {classes[1]} is of class 1 and {classes[2] or 'none'} of class 2"
    yield f"of the {len(data['val'])} validation points"
    yield f"none lies nearer to a border than {min(to_border(point) for point, _ in data['val']):.2f}"
    for i in (0, 10, 30, 90):
        own, held_back, other = (loss(nets[i], part) for part in (train, data["val"], fresh))
        yield f"{i} {own:.5f} {held_back:.5f} {other:.4f} {right(nets[i], fresh)}"
    later = [loss(net, fresh) for net in nets[30::10]]
    yield f"looked at in every tenth step, stays between {min(later):.3f} and {max(later):.3f}"
    yield f"the training loss falls by a factor of {known[30] / known[90]:.0f}"
    wrong = [point for point, label in fresh if predicted(nets[100], point) != label]
    assert max(map(to_border, wrong)) < 0.1, "less than 0.1 from a border"
    yield f"{len(wrong)} of the 1,000 are wrong, and each of them lies less than 0.1 from a border"
    share = len(wrong) / len(fresh)
    none_of_ten = 100 * (1 - share) ** 10
    yield f"where {100 * share:g} of 100 points are wrong, ten points are all right {none_of_ten:.0f} times in 100"
    tested, validated_last = loss(nets[100], data["test"]), loss(nets[100], data["val"])
    yield f"all {right(nets[100], data['test'])} are right, and their loss is {tested:.4f}"
    yield f"which is {tested / validated_last:.0f} times that of the {len(data['val'])} validation points"
    yield f"the {len(fresh):,} fresh points tell more"


def to_border(point: list[float]) -> float:
    x, y = point
    return abs(x) if x < 0 else min(x, abs(y))


def looped(steps: str, lr: float = 0.01) -> tuple[list[float], list[float]]:
    """The losses and the w after each of 20 rounds of steps: (f)orward and loss, (c)lear, (b)ackward, (u)pdate."""
    w = Value(1.0)
    optimiser = kit.optim.SGD([w], lr)

    def forward() -> Any:
        return kit.losses.sum_squared_error([w * x for x in (1, 2)], [2, 4])

    result = forward()
    losses, moved = [], []
    for _ in range(20):
        for step in steps:
            if step == "f":
                result = forward()
            else:
                {"c": optimiser.zero_grad, "b": result.backward, "u": optimiser.step}[step]()
        losses.append(result.data)
        moved.append(w.data)
    return losses, moved


def nodes(examples: int) -> int:
    """How many nodes the graph has for this many examples."""
    model = kit.nn.MLP(2, [16, 3])
    predictions = [model([1.0, 2.0]) for _ in range(examples)]
    return len(kit.graph.trace(kit.train.mean_cross_entropy(predictions, [0] * examples))[0])


# The classifier in numbers alone, as the engine takes too long for this; log_claims holds it against the known log.


def generator() -> ModuleType:
    """datasets/generate.py as a module."""
    spec = importlib.util.spec_from_file_location("generate", DATASETS / "generate.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def regions() -> dict[str, list[Point]]:
    """The points of three_regions: "train", "val" and "test"."""
    parts: dict[str, list[Point]] = {}
    for x, y, label, split in generator().three_regions():
        parts.setdefault(split, []).append(([x, y], label))
    return parts


def fresh_points() -> list[Point]:
    """1,000 more of the same rule."""
    generate = generator()
    rng = generate.XorShift(43)
    return [([x, y], label) for _ in range(10) for x, y, label, _ in generate.draw_regions(rng)]


def start() -> Net:
    """The weights that the data set brings."""
    net = [[0.0] * 3 for _ in range(HIDDEN)] + [[0.0] * (HIDDEN + 1) for _ in range(CLASSES)]
    for layer, neuron, i, weight in generator().three_regions_weights():
        net[layer * HIDDEN + neuron][i] = weight
    return net


def forward(net: Net, point: list[float]) -> tuple[list[float], list[float]]:
    """What the hidden neurons give, and the logits."""
    x, y = point
    hidden = [math.tanh(a * x + b * y + c) for a, b, c in net[:HIDDEN]]
    return hidden, [sum(map(operator.mul, row, hidden)) + row[HIDDEN] for row in net[HIDDEN:]]


def predicted(net: Net, point: list[float]) -> int:
    logits = forward(net, point)[1]
    return logits.index(max(logits))


def right(net: Net, points: list[Point]) -> int:
    return sum(predicted(net, point) == label for point, label in points)


def loss(net: Net, points: list[Point]) -> float:
    total = 0.0
    for point, label in points:
        logits = forward(net, point)[1]
        total += math.log(sum(map(math.exp, logits))) - logits[label]
    return total / len(points)


def gradient(net: Net, points: list[Point]) -> Net:
    """The slopes of the loss, in the shape of the network."""
    slopes = [[0.0] * len(row) for row in net]
    for (x, y), label in points:
        hidden, logits = forward(net, [x, y])
        exps = [math.exp(logit) for logit in logits]
        ups = [0.0] * HIDDEN
        for k in range(CLASSES):
            up = (exps[k] / sum(exps) - (k == label)) / len(points)
            own, weights = slopes[HIDDEN + k], net[HIDDEN + k]
            for i, h in enumerate(hidden):
                own[i] += up * h
                ups[i] += up * weights[i]
            own[HIDDEN] += up
        for own, up, h in zip(slopes, ups, hidden):
            inner = up * (1 - h * h)
            own[0] += inner * x
            own[1] += inner * y
            own[2] += inner
    return slopes


def product(one: Net, other: Net) -> float:
    """Above 0 where two gradients point to the same side: a small step against one lowers the loss of the other."""
    return sum(sum(map(operator.mul, a, b)) for a, b in zip(one, other))


def sgd(
    points: list[Point], size: int, epochs: int, seed: int = 1, lr: float = 0.2, *, shuffled: bool = True
) -> list[float]:
    """The loss over all points after each epoch, shuffled with the seeds seed, seed + 1, ..."""
    net, losses = start(), []
    for epoch in range(epochs):
        for batch in kit.train.batches(points, size, seed + epoch if shuffled else None):
            for row, slopes in zip(net, gradient(net, batch)):
                row[:] = [p - lr * slope for p, slope in zip(row, slopes)]
        losses.append(loss(net, points))
    return losses


def adamw(points: list[Point], steps: int, lr: float = 0.1) -> Iterator[tuple[Net, Net]]:
    """The network before each update and its gradient there, learning as the classifier does, from these points."""
    net = start()
    m, v = ([[0.0] * len(row) for row in net] for _ in range(2))
    for t in range(1, steps + 1):
        slopes = gradient(net, points)
        yield [row[:] for row in net], slopes
        for row, gs, ms, vs in zip(net, slopes, m, v):
            for i, g in enumerate(gs):
                ms[i] = 0.9 * ms[i] + 0.1 * g
                vs[i] = 0.95 * vs[i] + 0.05 * g * g
                m_hat, v_hat = ms[i] / (1 - 0.9**t), vs[i] / (1 - 0.95**t)
                row[i] -= lr * (m_hat / (v_hat**0.5 + 1e-8) + 1e-4 * row[i])
