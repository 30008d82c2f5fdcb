"""What losses do to errors, and to certainty."""

from __future__ import annotations

from grader.book.pictures.given import Given
from grader.book.pictures.plot import Plot, between
from grader.book.pictures.svg import Picture


def log_loss(given: Given, p: float) -> float:
    """-log p, as the engine has it."""
    loss: float = -given.solutions["Value"](p).log().data
    return loss


def squared_and_log(given: Given) -> str:
    """Squared and absolute error against the error; -log p against p."""
    words = given.labels
    picture = Picture(640, 400, words["title"])
    left = Plot(picture, (-3, 3), (0, 9), 44, 50, 250, 270)
    left.axes(words["error"], words["loss"], range(-3, 4), (0, 3, 6, 9))
    squared = given.solutions["sum_squared_error"]
    value = given.solutions["Value"]
    left.curve([(x, squared([value(x)], [0.0]).data) for x in between(-3, 3, 61)], 1, 3.5)
    left.curve(abs, 2, 3.5)
    left.label((0, 6.6), words["squared"], 1, bold=True)
    left.label((-0.1, 2.7), words["absolute"], 2, bold=True)
    right = Plot(picture, (0, 1), (0, 5), 374, 50, 240, 270)
    right.axes(words["probability"], "$-log p$", (0, 0.5, 1), range(6))
    right.curve([(p, log_loss(given, p)) for p in between(0.005, 1, 121, is_log=True)], 3, 3.5, 0)
    for p, across, below in ((0.1, 94, -14), (0.5, 42, -36)):
        loss = log_loss(given, p)
        right.marks([(p, loss)], 3, 6)
        right.label((p, loss), f"$-log {p:g} = {loss:.2f}$", 3, across, below)
    return picture.svg()


PICTURES = {"squared-and-log": squared_and_log}
