"""Axes with curves, points and words; several of them can stand in one picture."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from grader.book.pictures.svg import GREY, INK, SMALL, Picture, Point, moves
from grader.book.pictures.words import MINUS

POINTS = 121  # of the curve of a function
TICK, GAP = 5, 9
STEPS = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True)
class Plot:
    """The part of a picture that shows a range of x and one of y. left, top, width, height: where its axes are; words
    at the axes stand around that. log_x, log_y: a logarithmic scale."""

    picture: Picture
    x: tuple[float, float]
    y: tuple[float, float]
    left: float
    top: float
    width: float
    height: float
    log_x: bool = False
    log_y: bool = False

    @property
    def bottom(self) -> float:
        return self.top + self.height

    @property
    def right(self) -> float:
        return self.left + self.width

    def at(self, x: float, y: float) -> Point:
        """Where a point stands in the picture."""
        return (
            self.left + self.width * _share(x, self.x, self.log_x),
            self.bottom - self.height * _share(y, self.y, self.log_y),
        )

    def axes(
        self,
        x_label: str = "",
        y_label: str = "",
        x_ticks: Sequence[float] | None = None,
        y_ticks: Sequence[float] | None = None,
        grid: bool = True,
        y_numbers: bool = True,
    ) -> None:
        """Axes at the left and the bottom. The word for x stands below the middle, that for y above the left end. Ticks
        are round numbers, about five of them, where none are given. y_numbers: whether numbers stand at the left."""
        picture = self.picture
        for tick in ticks(self.x, self.log_x) if x_ticks is None else x_ticks:
            x = self.at(tick, self.y[0])[0]
            if grid:
                picture.thin((x, self.top), (x, self.bottom))
            picture.path([(x, self.bottom), (x, self.bottom + TICK)], GREY, 1)
            picture.text(x, self.bottom + GAP + SMALL / 2, shown(tick, self.log_x), GREY, SMALL)
        for tick in ticks(self.y, self.log_y) if y_ticks is None else y_ticks:
            y = self.at(self.x[0], tick)[1]
            if grid:
                picture.thin((self.left, y), (self.right, y))
            picture.path([(self.left - TICK, y), (self.left, y)], GREY, 1)
            if y_numbers:
                picture.text(self.left - GAP, y, shown(tick, self.log_y), GREY, SMALL, "end")
        picture.path([(self.left, self.top), (self.left, self.bottom), (self.right, self.bottom)], GREY, 1.5)
        if x_label:
            picture.text(self.left + self.width / 2, self.bottom + GAP + SMALL * 2, x_label, INK, SMALL)
        if y_label:
            picture.text(self.left - GAP, self.top - SMALL - 2, y_label, INK, SMALL, "start")

    def curve(
        self,
        of: Callable[[float], float] | Sequence[Point],
        colour: int = 1,
        width: float = 3,
        dash: int | None = None,
        start: float | None = None,
        end: float | None = None,
    ) -> None:
        """A line through points, or that of a function from start to end (as far as the axes reach, if they are not
        given). What is outside of the axes is left out. dash: that of its colour, if it is not given; 0 for none."""
        if callable(of):
            low, high = self.x[0] if start is None else start, self.x[1] if end is None else end
            of = [(x, of(x)) for x in between(low, high, POINTS, self.log_x)]
        for part in self._inside([self.at(*point) for point in of]):
            self.picture.path(part, colour, width, colour if dash is None else dash)

    def area(self, points: Sequence[Point], colour: int) -> None:
        """What lies between these points, in a light shade; all of them lie inside of the axes."""
        at = " ".join(f"{x:.2f},{y:.2f}" for x, y in (self.at(*point) for point in points))
        self.picture.shape(f'<polygon class="f{colour} tint" points="{at}"/>')

    def marks(self, points: Iterable[Point], colour: int = 1, radius: float = 5, hollow: bool = False) -> None:
        """Points, in the mark of their colour."""
        for point in points:
            self.picture.mark(self.at(*point), colour, radius, hollow)

    def dots(self, points: Iterable[Point], colour: int = 1, width: float = 5) -> None:
        """Small round points, many in little room: the ends of lines of no length are round."""
        self.picture.curve(moves([self.at(*point) for point in points], "h0"), colour, width)

    def arrow(self, start: Point, end: Point, colour: int = INK, width: float = 2, bend: float = 0) -> None:
        """An arrow from one point to another."""
        self.picture.arrow(self.at(*start), self.at(*end), colour, width, bend)

    def label(
        self,
        point: Point,
        text: str,
        colour: int = INK,
        right: float = 0,
        below: float = 0,
        anchor: str = "middle",
        size: float = SMALL,
        bold: bool = False,
    ) -> None:
        """Words at a point, moved so many pixels away from it."""
        x, y = self.at(*point)
        self.picture.text(x + right, y + below, text, colour, size, anchor, bold, halo=True)

    def title(self, text: str, colour: int = INK) -> None:
        """Words above the middle."""
        self.picture.text(self.left + self.width / 2, self.top - SMALL - 2, text, colour, SMALL, bold=True)

    def _inside(self, points: Sequence[Point]) -> list[list[Point]]:
        """The parts of a line that are inside of the axes."""
        parts: list[list[Point]] = []
        for one, other in itertools.pairwise(points):
            cut = self._cut(one, other)
            if cut is None:
                continue
            if parts and parts[-1][-1] == cut[0]:
                parts[-1].append(cut[1])
            else:
                parts.append(list(cut))
        return parts

    def _cut(self, one: Point, other: Point) -> tuple[Point, Point] | None:
        """The part of a straight line that is inside (Liang and Barsky, 1984)."""
        (x, y), (dx, dy) = one, (other[0] - one[0], other[1] - one[1])
        begin, stop = 0.0, 1.0
        bounds = ((-dx, x - self.left), (dx, self.right - x), (-dy, y - self.top), (dy, self.bottom - y))
        for step, room in bounds:
            if step == 0:
                if room < 0:
                    return None
            elif step < 0:
                begin = max(begin, room / step)
            else:
                stop = min(stop, room / step)
        if begin > stop:
            return None
        first = one if begin == 0 else (x + begin * dx, y + begin * dy)
        return first, other if stop == 1 else (x + stop * dx, y + stop * dy)


def _share(value: float, limits: tuple[float, float], is_log: bool) -> float:
    low, high = map(math.log10, limits) if is_log else limits
    return ((math.log10(value) if is_log else value) - low) / (high - low)


def between(low: float, high: float, count: int, is_log: bool = False) -> list[float]:
    """So many numbers from low to high, evenly spaced on the scale."""
    if is_log:
        return [10**x for x in between(math.log10(low), math.log10(high), count)]
    return [low + (high - low) * k / (count - 1) for k in range(count)]


def ticks(limits: tuple[float, float], is_log: bool = False) -> list[float]:
    """About five round numbers within limits; powers of ten on a logarithmic scale."""
    low, high = limits
    if is_log:
        first, last = math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9)
        step = math.ceil((last - first + 1) / 6)
        return [10.0**k for k in range(last, first - 1, -step)][::-1]
    rough = (high - low) / 5
    power = 10.0 ** math.floor(math.log10(rough))
    step_size = next(step * power for step in STEPS if step * power >= rough * 0.999)
    return [k * step_size for k in range(math.ceil(low / step_size - 1e-9), math.floor(high / step_size + 1e-9) + 1)]


def shown(value: float, is_log: bool = False) -> str:
    """A number at an axis."""
    if is_log and not 0.01 <= value <= 1000:
        return f"$10^{{{round(math.log10(value))}}}$"
    return f"{value:,.10g}".replace("-", MINUS)
