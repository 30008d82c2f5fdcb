"""Optimisers: their ways down one bowl, and what the learning rate does."""

from __future__ import annotations

import math
from typing import Any

from grader.book.pictures.derivatives import parabola
from grader.book.pictures.given import Given
from grader.book.pictures.plot import Plot
from grader.book.pictures.svg import GREY, INK, SIZE, SMALL, Picture, Point, number

START = (-4.0, 1.0)
STEPS = 40
# Words -> class of the solutions, its settings, the colour.
WAYS: dict[str, tuple[str, dict[str, Any], int]] = {
    "sgd": ("SGD", {"lr": 0.035}, 1),
    "momentum": ("Momentum", {"lr": 0.01, "momentum": 0.9}, 2),
    "adagrad": ("AdaGrad", {"lr": 0.8}, 3),
    "rmsprop": ("RMSProp", {"lr": 0.15, "decay": 0.9}, 4),
    "adamw": ("AdamW", {"lr": 0.3, "betas": (0.9, 0.95), "weight_decay": 0.0}, 5),
}
LEVELS = (0.25, 1, 2.5, 5, 8.5, 13, 20.5)
FROM = 3.0
FEW = 6  # steps
RATES = {"small": (0.02, 1), "right": (0.15, 3), "large": (0.35, 2)}  # words -> rate, colour


def steepness(x: Any, y: Any) -> Any:
    """The bowl: long in x, narrow in y."""
    return (x**2 + 25 * y**2) / 2


def way(solutions: Any, optimiser: str, settings: dict[str, Any]) -> list[Point]:
    """Where an optimiser gets to in the bowl, step by step, the start first."""
    x, y = (solutions["Value"](number) for number in START)
    walker = solutions[optimiser]([x, y], **settings)
    points = [START]
    for _ in range(STEPS):
        walker.zero_grad()
        steepness(x, y).backward()
        walker.step()
        points.append((x.data, y.data))
    return points


def bowl(given: Given) -> str:
    """The ways of five optimisers from one point, below each other."""
    # Comes out: from 20.5 to 0.4627 (SGD), 0.1785 (momentum), 0.000594 (AdaGrad), 0.000230 (RMSProp), 0.0488 (AdamW).
    left, width, height, apart = 172, 448, 98, 8
    picture = Picture(640, 24 + len(WAYS) * (height + apart) + 46, given.labels["title"])
    for i, (name, (optimiser, settings, colour)) in enumerate(WAYS.items()):
        top = 24 + i * (height + apart)
        plot = Plot(picture, (-4.6, 1.6), (-1.34, 1.34), left, top, width, height)
        _levels(plot)
        points = way(given.solutions, optimiser, settings)
        plot.curve(points, colour, 2, 0)
        plot.dots(points[1:-1], colour)
        plot.marks(points[:1], INK, 4.5, hollow=True)
        plot.marks(points[-1:], colour, 6)
        picture.text(20, top + height / 2 - 14, given.labels[name], colour, SIZE, "start", bold=True)
        end = given.labels["end"].format(end=_shown(steepness(*points[-1])))
        picture.text(20, top + height / 2 + 14, end, INK, SMALL, "start")
    picture.text(320, picture.height - 26, given.labels["below"], INK, SMALL)
    return picture.svg()


def _levels(plot: Plot) -> None:
    """The frame of a bowl, the lines on which it is equally high, and its lowest point."""
    picture = plot.picture
    x, y = plot.at(0, 0)
    at = f'x="{plot.left}" y="{plot.top}" width="{plot.width}" height="{plot.height}"'
    # A picture in the picture: what is beyond its edges is cut off.
    picture.shape(f'<svg {at} viewBox="{plot.left} {plot.top} {plot.width} {plot.height}">')
    for level in LEVELS:
        right, top = plot.at((2 * level) ** 0.5, (2 * level / 25) ** 0.5)
        size = f'rx="{number(right - x)}" ry="{number(y - top)}"'
        picture.shape(f'<ellipse class="n s9" stroke-width=".7" cx="{number(x)}" cy="{number(y)}" {size}/>')
    picture.shape("</svg>")
    picture.rect(plot.left, plot.top, plot.width, plot.height, GREY, False, 1)
    for right, below in ((5, 0), (0, 5)):
        picture.path([(x - right, y - below), (x + right, y + below)], INK, 1.5)


def _shown(value: float) -> str:
    """A number with two digits, in full."""
    return f"{value:.{1 - math.floor(math.log10(value))}f}"


def learning_rates(given: Given) -> str:
    """The first steps down a parabola with three learning rates."""
    # Comes out: f is 20 at first, and 7.19, 3.67 and 54.9 after six steps. The lowest there is, is 3.67 at 2/3.
    slope_of = given.solutions["central_difference"]
    picture = Picture(640, 424, given.labels["title"])
    for i, (name, (rate, colour)) in enumerate(RATES.items()):
        plot = Plot(picture, (-3.9, 5.3), (0, 66), 46 + i * 202, 88, 172, 230)
        plot.axes("", "", x_ticks=(-2, 0, 2, 4), y_ticks=(0, 20, 40, 60))
        plot.curve(parabola, GREY, 2, 0)
        xs = [FROM]
        for _ in range(FEW):
            xs.append(xs[-1] - rate * slope_of(parabola, xs[-1], 1e-6))
        points = [(x, parabola(x)) for x in xs]
        plot.curve(points, colour, 2, 0)
        plot.marks(points[1:], colour, 5)
        plot.marks(points[:1], INK, 6, hollow=True)
        middle = plot.left + plot.width / 2
        picture.text(middle, 28, given.labels[name], colour, SIZE, bold=True)
        picture.text(middle, 56, given.labels["rate"].format(rate=f"{rate:g}"), INK, SMALL)
        end = given.labels["end"].format(steps=FEW, end=f"{points[-1][1]:.3g}")
        picture.text(middle, picture.height - 44, end, INK, SMALL)
    return picture.svg()


PICTURES = {"bowl": bowl, "learning-rates": learning_rates}
