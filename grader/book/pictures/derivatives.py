"""Slopes: what they are, how well they are measured, and the way down."""

from __future__ import annotations

from grader.book.pictures.given import Given
from grader.book.pictures.plot import Plot
from grader.book.pictures.svg import INK, Picture

AT = 3.0
SECANTS = {2.0: 2, 1.0: 3}  # h -> the colour of its line


def parabola(x: float) -> float:
    """The function that the chapter is about."""
    return 3 * x**2 - 4 * x + 5


def secant(given: Given) -> str:
    """Secants through a point and one further right, and the tangent that they turn into."""
    slope_of = given.solutions["forward_difference"]
    picture = Picture(640, 440, given.labels["title"])
    plot = Plot(picture, (1.5, 5.4), (0, 70), 60, 50, 390, 330)
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
    plot.label((AT, here), given.labels["point"], right=12, below=20, anchor="start")
    return picture.svg()


PICTURES = {"secant": secant}
