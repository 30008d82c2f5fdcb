"""Training: what it looks like while it goes on. The runs are those of runs.py."""

from __future__ import annotations

import csv

from grader.book import runs
from grader.book.pictures.given import Given
from grader.book.pictures.plot import Plot
from grader.book.pictures.regions import loops
from grader.book.pictures.svg import GREY, INK, Picture, moves

CROSS = "h3-6 3v3-6 3"


def batches(given: Given) -> str:
    """The loss on all data against the examples seen, with full batch, mini-batches and single samples."""
    rows = runs.recorded(given.kit, "batches")
    picture = Picture(640, 420, given.labels["title"])
    plot = Plot(picture, (0, runs.EPOCHS), (0, 1), 60, 50, 408, 300)
    plot.axes(given.labels["x"], given.labels["y"])
    everything = max(size for size, _, _ in rows)
    # Each with the colour of its line, and how far below the end of that its words stand.
    for name, size, colour, below in (("single", 1, 3, 24), ("mini", 10, 2, -18), ("full", everything, 1, -24)):
        points = [(examples / everything, loss) for of, examples, loss in rows if of == size]
        plot.curve(points, colour, 1.6 if size == 1 else 3, 0 if size == 1 else None)
        text = given.labels[name].format(steps=f"{runs.EPOCHS * everything / size:,.0f}")
        plot.label(points[-1], text, colour, 18, below, "start")
    return picture.svg()


def spiral_boundary(given: Given) -> str:
    """What a network decides about the plane after 0, 10, 100 and 1,000 steps, with the points that it learns from."""
    rows = runs.recorded(given.kit, "spiral")
    side, apart, head = 288, 24, 46
    picture = Picture(640, 2 * (side + head) + 20, given.labels["title"])
    limits = (runs.GRID[0], runs.GRID[-1])
    for i, step in enumerate(runs.SHOWN):
        panel = [row for row in rows if row[0] == step]
        left, top = 20 + i % 2 * (side + apart), head + i // 2 * (side + head)
        plot = Plot(picture, limits, limits, left, top, side, side)
        _decided(plot, [row[4:] for row in panel])
        _spiral(plot, given)
        plot.title(given.labels["step"].format(step=f"{step:,}", accuracy=f"{100 * panel[0][1]:g}"))
    return picture.svg()


def _decided(plot: Plot, values: list[runs.Row]) -> None:
    """Where a network says more than 0, in colour 1, and elsewhere, in colour 2."""
    at = f'x="{plot.left}" y="{plot.top}" width="{plot.width}" height="{plot.height}"'
    outlines = "".join(f"M0 0{moves([plot.at(*point) for point in loop])}Z" for loop in loops(runs.GRID, values))
    plot.picture.shape(f'<rect class="f2" fill-opacity=".24" {at}/>')
    plot.picture.shape(f'<path class="paper" fill-rule="evenodd" d="{outlines}"/>')
    plot.picture.shape(
        f'<path class="f1 s0" fill-opacity=".24" fill-rule="evenodd" stroke-width="1.5" d="{outlines}"/>'
    )
    plot.picture.shape(f'<rect class="n s9" stroke-width="1.5" {at}/>')


def _spiral(plot: Plot, given: Given) -> None:
    """The points of the spiral, those of one arm as dots and of the other as crosses."""
    with (given.kit.datasets / "spiral.csv").open(encoding="utf-8", newline="") as file:
        points = [(float(row["x"]), float(row["y"]), int(row["label"])) for row in csv.DictReader(file)]
    plot.dots([(x, y) for x, y, label in points if label > 0], 1)
    plot.picture.curve(moves([plot.at(x, y) for x, y, label in points if label < 0], CROSS), 2, 1.8)


def overfitting(given: Given) -> str:
    """Training and validation loss of a network that learns its examples by heart."""
    rows = runs.recorded(given.kit, "overfitting")
    picture = Picture(640, 420, given.labels["title"])
    plot = Plot(picture, (0, runs.OVERFITTING_STEPS), (0, 1), 60, 50, 444, 300)
    plot.axes(given.labels["x"], given.labels["y"])
    step, _, least = min(rows, key=lambda row: row[2])
    plot.curve([(step, 0), (step, 1)], GREY, 1.5, 3)
    for name, column, colour, below in (("train", 1, 1, -24), ("val", 2, 2, 0)):
        points = [(row[0], row[column]) for row in rows]
        plot.curve(points, colour, 3)
        loss = f"{points[-1][1]:.{5 if column == 1 else 2}f}"
        plot.label(points[-1], f"{given.labels[name]}\n{loss}", colour, 12, below, "start")
    plot.marks([(step, least)], 2, 6)
    words = given.labels["best"].format(step=f"{step:g}", loss=f"{least:.2f}")
    plot.label((step, 0.86), words, INK, right=14, anchor="start")
    return picture.svg()


def three_regions_log(given: Given) -> str:
    """The known losses of the classifier, on a logarithmic scale."""
    with (given.kit.datasets / "three_regions_training_log.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    train = [(float(row["step"]), float(row["train_loss"])) for row in rows]
    column = "val_loss_before_update"
    val = [(float(row["step"]), float(row[column])) for row in rows if row[column]]
    picture = Picture(640, 420, given.labels["title"])
    plot = Plot(picture, (0, 100), (1e-4, 1), 72, 50, 544, 300, log_y=True)
    plot.axes(given.labels["x"], given.labels["y"])
    plot.curve(val, 2, 1.5)
    plot.curve(train, 1, 3)
    plot.marks(val, 2, 5)
    first, last = (f"{loss:.2g}" for loss in (train[0][1], train[-1][1]))
    plot.label(train[40], given.labels["train"].format(first=first, last=last), 1, 14, -24, "start")
    plot.label(val[6], given.labels["val"], 2, 0, 28)
    return picture.svg()


PICTURES = {
    "batches": batches,
    "spiral-boundary": spiral_boundary,
    "overfitting": overfitting,
    "three-regions-log": three_regions_log,
}
