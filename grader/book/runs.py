"""The trainings that the book has pictures of, run with the reference solution, a minute or two for all of them.

They are run once (`mg-grade release --runs`), and what a picture needs is kept in `exercises/book/runs/NAME.csv`.
A run yields its rows one after the other: whoever wants the first ones only waits for those.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from grader.grading.reference import reference
from grader.kit import Kit

Row = tuple[float, ...]
SEED = 42
EPOCHS = 20
FEW = 20  # of the 80 points of three_regions
OVERFITTING_STEPS = 300
SHOWN = (0, 10, 100, 1000)
SIDE = 37
GRID = tuple((3 * i - 54) / 10 for i in range(SIDE))


def batches(kit: Kit) -> Iterator[Row]:
    """The loss on all the data while a network learns, with batches of different sizes: size, examples, loss.

    Data: the 80 training points of three_regions. Network: MLP(2, [16, 3]) with the weights of
    three_regions_weights.csv. Loss: mean cross-entropy. SGD with lr 0.2 for each size, 20 epochs, each shuffled with
    its number as the seed, from 1. Measured on all 80 points after every 10 examples, for the full batch after each
    step.
    """
    # Comes out: from 0.9812 to 0.8374 (full), 0.4340 (10) and 0.1425 (1) after one epoch, and to 0.2746, 0.1030 and
    # 0.0690 after 20, which are 20, 160 and 1,600 steps. Single samples end between 0.0160 and 0.1036.
    names = _solutions(kit)
    points, labels = _three_regions(kit)
    numbers = range(len(points))
    for size in (len(points), 10, 1):
        model = _classifier(kit)
        optimiser = names["SGD"](model.parameters(), lr=0.2)
        seen = 0
        yield size, seen, _cross_entropy(kit, model, points, labels)
        for epoch in range(1, EPOCHS + 1):
            for batch in names["batches"](numbers, size, seed=epoch):
                inputs, targets = [points[i] for i in batch], [labels[i] for i in batch]
                names["train"](model, inputs, targets, names["mean_cross_entropy"], optimiser, 1)
                seen += len(batch)
                if seen % 10 == 0:
                    yield size, seen, _cross_entropy(kit, model, points, labels)


def overfitting(kit: Kit) -> Iterator[Row]:
    """A network that learns its few examples by heart: step, training loss, validation loss, before each update.

    Data: of the 80 training points of three_regions the first 20 are trained on, and the other 60 validate. Network:
    MLP(2, [16, 3]) with the weights of three_regions_weights.csv. Loss: mean cross-entropy. AdamW with lr 0.01 and
    the kit's betas, eps and weight decay (0.9, 0.95; 1e-8; 1e-4), full batch, 300 steps.
    """
    # Comes out: the training loss from 0.9806 over 0.0616 (step 61) to 0.000034, the validation loss from 0.9814 to its
    # lowest, 0.2116, at step 61, and back to 0.6080. Of the 60 it has 55 right at step 61 and 54 at step 300: the few
    # that are wrong are so with more and more certainty.
    names = _solutions(kit)
    points, labels = _three_regions(kit)
    model = _classifier(kit)
    optimiser = names["AdamW"](model.parameters(), lr=0.01)
    for step in range(OVERFITTING_STEPS + 1):
        validation = _cross_entropy(kit, model, points[FEW:], labels[FEW:])
        (loss,) = names["train"](model, points[:FEW], labels[:FEW], names["mean_cross_entropy"], optimiser, 1)
        yield step, loss, validation


def spiral(kit: Kit) -> Iterator[Row]:
    """What a network says of the plane while it learns the spiral: step, accuracy, loss, y, and what it says at each x
    of GRID, for each y of GRID, after 0, 10, 100 and 1,000 steps.

    Data: the 200 points of spiral. Network: MLP(2, [16, 16, 1]), seed 42. Loss: mean squared error against the labels 1
    and -1; it decides by the sign. AdamW with lr 0.01 and the kit's betas, eps and weight decay (0.9, 0.95; 1e-8;
    1e-4), batches of 20, each epoch shuffled with 42 + its number (from 1) as the seed. Accuracy and loss are those on
    all points.
    """
    # Comes out: accuracy 0.545, 0.65, 0.9 and 0.995, loss 3.0372, 0.9822, 0.3726 and 0.0225. More than 0.995
    # there cannot be: the arms begin in the same point.
    names = _solutions(kit)
    rows = _rows(kit, "spiral.csv")
    points = [[float(row["x"]), float(row["y"])] for row in rows]
    labels = [int(row["label"]) for row in rows]
    state = random.getstate()
    random.seed(SEED)
    model = names["MLP"](2, [16, 16, 1])
    random.setstate(state)
    optimiser = names["AdamW"](model.parameters(), lr=0.01)
    epoch = 0
    left: list[list[int]] = []
    for step in range(SHOWN[-1] + 1):
        if step in SHOWN:
            outs = [model(x).data for x in points]  # the graphs themselves would make whatever follows slow
            pairs = list(zip(outs, labels, strict=True))
            right = sum((out > 0) == (label > 0) for out, label in pairs)
            loss = sum((out - label) ** 2 for out, label in pairs)
            for y in GRID:
                yield step, right / len(points), loss / len(points), y, *(model([x, y]).data for x in GRID)
        if not left:
            epoch += 1
            left = names["batches"](range(len(points)), 20, seed=SEED + epoch)
        batch = left.pop(0)
        inputs, targets = [points[i] for i in batch], [labels[i] for i in batch]
        names["train"](model, inputs, targets, names["mean_squared_error"], optimiser, 1)


def _solutions(kit: Kit) -> Mapping[str, Any]:
    """What the solutions define, by name."""
    return reference(kit).namespace


def _three_regions(kit: Kit) -> tuple[list[list[float]], list[int]]:
    """The points and labels of its training part."""
    rows = [row for row in _rows(kit, "three_regions.csv") if row["split"] == "train"]
    return [[float(row["x"]), float(row["y"])] for row in rows], [int(row["label"]) for row in rows]


def _classifier(kit: Kit) -> Any:
    """The classifier of chapter 7, with the weights that it begins with there."""
    model = _solutions(kit)["MLP"](2, [16, 3])
    for row in _rows(kit, "three_regions_weights.csv"):
        neuron = model.layers[int(row["layer"])].neurons[int(row["neuron"])]
        neuron.w[int(row["input"])].data = float(row["weight"])
    return model


def _cross_entropy(kit: Kit, model: Any, points: list[list[float]], labels: list[int]) -> float:
    loss: float = _solutions(kit)["mean_cross_entropy"]([model(x) for x in points], labels).data
    return loss


def _rows(kit: Kit, file: str) -> list[dict[str, str]]:
    with (kit.datasets / file).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _loss(number: float) -> str:
    return f"{number:.7g}"


def _in_hundredths(number: float) -> str:
    """What a network says, as a picture needs it: where it is 0, and which side is which."""
    return f"{round(100 * max(-0.99, min(0.99, number)))}"


# Name -> the run, the names of its columns and how each is written: the last holds for all further ones.
RUNS: dict[str, tuple[Callable[[Kit], Iterator[Row]], tuple[str, ...], tuple[Callable[[float], str], ...]]] = {
    "batches": (batches, ("size", "examples", "loss"), (str, str, _loss)),
    "overfitting": (overfitting, ("step", "train_loss", "val_loss"), (str, _loss, _loss)),
    "spiral": (
        spiral,
        ("step", "accuracy", "loss", "y", *(f"x={x}" for x in GRID)),
        (str, str, _loss, str, _in_hundredths),
    ),
}


def folder(kit: Kit) -> Path:
    """Where the runs are kept."""
    return kit.exercises / "book" / "runs"


def lines(kit: Kit, name: str) -> Iterator[str]:
    """The lines of a run's file as it is run, the names of the columns first."""
    run, columns, forms = RUNS[name]
    yield ",".join(columns)
    for row in run(kit):
        yield ",".join(forms[min(i, len(forms) - 1)](number) for i, number in enumerate(row))


def recorded(kit: Kit, name: str) -> list[Row]:
    """The rows of a run as they are kept."""
    with (folder(kit) / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        _, *rows = csv.reader(file)
    return [tuple(float(cell) for cell in row) for row in rows]


def record(kit: Kit, name: str) -> Path:
    """Run it, and keep it."""
    path = folder(kit) / f"{name}.csv"
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(f"{line}\n" for line in lines(kit, name)), encoding="utf-8", newline="\n")
    return path
