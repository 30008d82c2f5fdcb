"""Slopes: what they are, how well they are measured, and the way down."""

from __future__ import annotations

import itertools
from decimal import Decimal

from grader.book.pictures.diagram import Node, join
from grader.book.pictures.given import Given
from grader.book.pictures.plot import Plot
from grader.book.pictures.svg import GREY, INK, Picture

AT = 3.0
SECANTS = {2.0: 2, 1.0: 3}  # h -> the colour of its line
STEP, MOVES = 0.1, 5
SHORTEST = 30  # of the moves with an arrow, in pixels


def parabola(x: float) -> float:
    """The function that the chapter is about."""
    return 3 * x**2 - 4 * x + 5


def secant(given: Given) -> str:
    """Secants through a point and one further right, and the tangent that they turn into."""
    slope_of = given.solutions["forward_difference"]
    picture = Picture(640, 440, given.labels["title"])
    plot = Plot(picture, (1.5, 5.4), (0, 70), 60, 50, 374, 330)
    plot.axes("$x$", "$f(x) = 3x^2 - 4x + 5$", x_ticks=(2, 3, 4, 5), y_ticks=(0, 20, 40, 60))
    plot.curve(parabola, INK, 3, 0)
    here = parabola(AT)
    for h, colour in SECANTS.items():
        slope = slope_of(parabola, AT, h)
        plot.curve([(x, here + slope * (x - AT)) for x in (AT - 0.6, 5.4)], colour, 2.5)
        plot.marks([(AT + h, parabola(AT + h))], colour, 6)
        text = given.labels["secant"].format(h=f"{h:g}", slope=f"{slope:g}")
        plot.label((5.4, here + slope * (5.4 - AT)), text, colour, right=10, anchor="start")
    slope = given.solutions["central_difference"](parabola, AT, 1e-6)
    plot.curve([(x, here + slope * (x - AT)) for x in (1.5, 5.4)], 1, 4)
    text = given.labels["tangent"].format(slope=f"{slope:.6g}")
    plot.label((5.4, here + slope * (5.4 - AT)), text, 1, right=10, anchor="start", bold=True)
    plot.marks([(AT, here)], 1, 7)
    plot.label((AT, here), given.labels["point"].format(x=f"{AT:g}", y=f"{here:g}"), right=12, below=22, anchor="start")
    return picture.svg()


def exp(x: float) -> float:
    """The exponential, rounded as well as can be: its last digits, which count here, are the same on any machine."""
    return float(Decimal(x).exp())


def errors(given: Given) -> dict[str, list[tuple[float, float]]]:
    """Of both differences of exp at 1: how far they are from the slope, for steps from 1 down to 1e-15."""
    steps = [float(f"{digit}e-{power}") for power in range(16) for digit in ((3, 1) if power else (1,))]
    return {
        name: [
            (h, error) for h in steps if (error := abs(given.solutions[f"{name}_difference"](exp, 1.0, h) - exp(1.0)))
        ]
        for name in ("forward", "central")
    }


def error_of_h(given: Given) -> str:
    """The error of both differences against h: a curve is no line, and digits cancel."""
    picture = Picture(640, 450, given.labels["title"])
    plot = Plot(picture, (1e-15, 1), (1e-12, 10), 72, 50, 540, 340, log_x=True, log_y=True)
    powers = tuple(10.0**k for k in range(-15, 1, 3))
    plot.axes(given.labels["step"], given.labels["error"], powers, tuple(10.0**k for k in range(-12, 1, 3)))
    for points, colour in zip(errors(given).values(), (2, 1), strict=True):
        plot.curve(points, colour, 3)
        plot.marks(points, colour, 3.5)
    plot.label((4e-6, 2e-4), given.labels["forward"], 2, anchor="end", bold=True)
    plot.label((8e-4, 1e-8), given.labels["central"], 1, anchor="start", bold=True)
    plot.label((3e-14, 1e-9), given.labels["rounding"], GREY)
    return picture.svg()


def descent_path(given: Given) -> list[float]:
    """Where gradient descent comes by from 3, with a step of 0.1."""
    path = [AT]
    for _ in range(MOVES):
        path.append(path[-1] - STEP * given.solutions["gradient"](lambda xs: parabola(xs[0]), path[-1:])[0])
    return path


def descent(given: Given) -> str:
    """Steps down the bowl: long ones where it is steep, short ones where it is flat."""
    picture = Picture(640, 430, given.labels["title"])
    plot = Plot(picture, (-1.2, 4.2), (0, 26), 60, 50, 550, 320)
    plot.axes("$x$", "$f(x) = 3x^2 - 4x + 5$", x_ticks=range(-1, 5), y_ticks=(0, 10, 20))
    plot.curve(parabola, INK, 3, 0)
    path = descent_path(given)
    nodes = [Node(*plot.at(x, parabola(x)), 14, 14, True) for x in path]
    for one, other in itertools.pairwise(nodes):
        if one.x - other.x > SHORTEST:
            join(picture, one, other, colour=2, width=2.5, bend=(one.x - other.x) / 16)
    plot.marks([(x, parabola(x)) for x in path], 2, 6)
    for x in path[:2]:
        slope = given.solutions["central_difference"](parabola, x, 1e-6)
        text = given.labels["slope"].format(slope=f"{slope:.6g}")
        plot.label((x, parabola(x)), text, 2, right=14, below=10, anchor="start")
    plot.label((2 / 3, parabola(2 / 3)), given.labels["lowest"], below=28)
    return picture.svg()


PICTURES = {"secant": secant, "error-of-h": error_of_h, "descent": descent}
