"""A picture as SVG text: lines, shapes and words in a few colours, for a light page and for a dark one.

Colours go by number. 1 to 5 are those of what is told apart; they differ in the dashes of their lines as well. 0 is
ink, GREY is for what stays in the background. A picture has its own paper, so it can be read on any page.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TypeAlias

from grader.base.text import for_html
from grader.book.pictures import words

Point: TypeAlias = tuple[float, float]

INK, GREY = 0, 9
SIZE, SMALL = 20, 18  # of words, at a width of 640
CORNER, HEAD, LINE = 10, 11, 1.3  # a line of words is so many times as high as they are
# Of ink, the colours 1 to 5, grey, thin lines and paper: on a light page, and on a dark one. Words have 4.5:1 and more.
NAMES = ("0", "1", "2", "3", "4", "5", "9")
LIGHT = ("#1d2733", "#005fa8", "#b8430b", "#00755a", "#8f3a84", "#7d5a00", "#5a6775", "#dde3e9", "#ffffff")
DARK = ("#e8edf2", "#74bdff", "#ff9d5c", "#45d3a4", "#f0a1dc", "#e9c84e", "#a4b0bd", "#333d48", "#14191f")
DASHES = ("", "", "10 5", "2.5 5", "14 5 2.5 5", "6 4")
FONT = 'system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif'
FORMULAS = '"Cambria Math",Cambria,Georgia,"Times New Roman","DejaVu Serif",serif'


def _scheme(colours: Sequence[str]) -> str:
    *lines, thin, paper = colours
    rules = [f".s{n}{{stroke:{c}}}.f{n},.t{n}{{fill:{c}}}" for n, c in zip(NAMES, lines, strict=True)]
    return "".join([*rules, f".thin{{stroke:{thin}}}.paper{{fill:{paper}}}.halo{{stroke:{paper}}}"])


def _style() -> str:
    dashes = "".join(f".d{n}{{stroke-dasharray:{dash}}}" for n, dash in enumerate(DASHES) if dash)
    fixed = (
        f"text{{font-family:{FONT}}}.v{{font-family:{FORMULAS};font-style:italic;font-size:1.06em}}.b{{font-weight:600}}"
        "path,circle,rect{stroke-linejoin:round;stroke-linecap:round}.n{fill:none}.tint{fill-opacity:.1}"
        ".halo{paint-order:stroke;stroke-width:5;stroke-linejoin:round}.c{font-family:ui-monospace,Menlo,Consolas,monospace}"
    )
    return f"{fixed}{dashes}{_scheme(LIGHT)}@media (prefers-color-scheme:dark){{{_scheme(DARK)}}}"


def number(value: float) -> str:
    """A coordinate, with two decimals at most."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def moves(points: Sequence[Point], mark: str = "") -> str:
    """A path through these points that takes little room: each from the one before, in tenths. mark: a path that ends
    where it begins, to be drawn at each point; then nothing is drawn between them."""
    path, pen = "", (0, 0)
    for x, y in points:
        at = round(10 * x), round(10 * y)
        right, below = (f"{(now - before) / 10:g}" for now, before in zip(at, pen, strict=True))
        path += f"{'m' if mark or not path else 'l'}{right}{'' if below.startswith('-') else ' '}{below}{mark}"
        pen = at
    return path


class Picture:
    """A picture of this size that is being drawn; what is drawn later lies above. title: what it is about."""

    def __init__(self, width: float, height: float, title: str) -> None:
        self.width, self.height, self.title = width, height, title
        self._shapes: list[str] = []

    def svg(self) -> str:
        """What has been drawn, as a file."""
        size = f'viewBox="0 0 {number(self.width)} {number(self.height)}"'
        size += f' width="{number(self.width)}" height="{number(self.height)}"'
        return "\n".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">',
                f"<title>{for_html(self.title)}</title>",
                f"<style>{_style()}</style>",
                f'<rect class="paper" width="{number(self.width)}" height="{number(self.height)}" rx="{CORNER}"/>',
                *self._shapes,
                "</svg>\n",
            ]
        )

    def shape(self, text: str) -> None:
        """An element of SVG as it stands; its colours are classes: sN of strokes, fN of fills, tint, n for no fill."""
        self._shapes.append(text)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        colour: int = INK,
        size: float = SIZE,
        anchor: str = "middle",
        bold: bool = False,
        halo: bool = False,
        code: bool = False,
    ) -> None:
        """Words around the middle of their height at y; those of several lines stand around it together. Formulas stand
        between dollars. anchor: start, middle or end is at x. halo: paper around the letters, for words on lines."""
        lines = text.split("\n")
        kinds = [f"t{colour}", *(name for name, wanted in (("b", bold), ("halo", halo), ("c", code)) if wanted)]
        for i, line in enumerate(lines):
            baseline = y + size * (0.35 + LINE * (i - (len(lines) - 1) / 2))
            at = f'x="{number(x)}" y="{number(baseline)}" font-size="{number(size)}"'
            at += "" if anchor == "start" else f' text-anchor="{anchor}"'
            self.shape(f'<text class="{" ".join(kinds)}" {at}>{words.spans(line, size)}</text>')

    def path(
        self,
        points: Sequence[Point],
        colour: int = INK,
        width: float = 2,
        dash: int = 0,
        fill: str = "n",
        end: str = "",
    ) -> None:
        """A line through these points. dash: that of this colour, 0 for none. fill: a class ("f1 tint"). end: "Z"
        closes it."""
        self.curve("M" + " ".join(f"{number(x)},{number(y)}" for x, y in points) + end, colour, width, dash, fill)

    def curve(self, path: str, colour: int = INK, width: float = 2, dash: int = 0, fill: str = "n") -> None:
        """The same for a path in the language of SVG."""
        dashed = f" d{dash}" if dash else ""
        self.shape(f'<path class="{fill} s{colour}{dashed}" stroke-width="{number(width)}" d="{path}"/>')

    def thin(self, one: Point, other: Point) -> None:
        """A thin line in the background."""
        (x1, y1), (x2, y2) = one, other
        self.shape(f'<path class="thin" d="M{number(x1)},{number(y1)} {number(x2)},{number(y2)}"/>')

    def rect(
        self, x: float, y: float, width: float, height: float, colour: int = INK, tint: bool = True, thick: float = 1.5
    ) -> None:
        """A frame with rounded corners; tint: in a light shade of its colour."""
        kind = f"f{colour} tint" if tint else "n"
        at = f'x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}" rx="6"'
        self.shape(f'<rect class="{kind} s{colour}" {at} stroke-width="{number(thick)}"/>')

    def circle(self, at: Point, radius: float, colour: int = INK, fill: str = "f", thick: float = 2) -> None:
        """fill: "f" in its colour, "tint" in a light shade of it, "paper" or "n" for none."""
        kind = {"f": f"f{colour}", "tint": f"f{colour} tint"}.get(fill, fill)
        x, y = at
        self.shape(
            f'<circle class="{kind} s{colour}" cx="{number(x)}" cy="{number(y)}" r="{number(radius)}"'
            f' stroke-width="{number(thick)}"/>'
        )

    def mark(self, at: Point, colour: int = INK, radius: float = 5, hollow: bool = False) -> None:
        """A point in the mark of its colour: a circle, a square, a triangle, a diamond, a triangle upside down."""
        fill = "paper" if hollow else f"f{colour}"
        if colour not in (2, 3, 4, 5):
            self.circle(at, radius, colour, "paper" if hollow else "f")
            return
        corners, turned = {2: (4, 45), 3: (3, -90), 4: (4, 0), 5: (3, 90)}[colour]
        angles = [math.radians(turned + 360 * k / corners) for k in range(corners)]
        reach = radius * (1.25 if corners == 4 else 1.35)
        x, y = at
        self.path([(x + reach * math.cos(a), y + reach * math.sin(a)) for a in angles], colour, 2, 0, fill, "Z")

    def arrow(
        self, start: Point, end: Point, colour: int = INK, width: float = 2, bend: float = 0, dash: int = 0
    ) -> None:
        """An arrow from one point to another. bend: how far its middle is to the right of the straight line, as seen by
        whoever walks along it."""
        (x1, y1), (x2, y2) = start, end
        length = math.dist(start, end)
        ux, uy = (x2 - x1) / length, (y2 - y1) / length
        cx, cy = (x1 + x2) / 2 - 2 * bend * uy, (y1 + y2) / 2 + 2 * bend * ux
        back = math.dist((cx, cy), end)
        dx, dy = (x2 - cx) / back, (y2 - cy) / back
        head = HEAD * max(1, width / 2.5)
        bx, by = x2 - head * dx, y2 - head * dy
        way = f"Q{number(cx)},{number(cy)} " if bend else ""
        self.curve(f"M{number(x1)},{number(y1)} {way}{number(bx)},{number(by)}", colour, width, dash)
        side = head * 0.42
        self.path(
            [end, (bx - side * dy, by + side * dx), (bx + side * dy, by - side * dx)], colour, 1, 0, f"f{colour}", "Z"
        )
