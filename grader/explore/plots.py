"""Pictures of a training, as the bytes of PNG or SVG files: the data, the loss, and what the network decides.

Needs matplotlib (the extra "plot").
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from grader.base import messages
from grader.explore.training import Examples

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Of Okabe and Ito, which the colour-blind can tell apart; the marks differ as well.
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7")
MARKS = ("o", "s", "^", "D")
INCHES = (6.4, 4.8)
DOTS = 150  # an inch


def are_possible() -> bool:
    """Whether pictures can be drawn here."""
    try:
        import matplotlib  # noqa: F401 - only to see whether it is there
    except ImportError:
        return False
    return True


def data(title: str, parts: Mapping[str, Examples], form: str) -> bytes:
    """The examples, each class with its own mark; the parts that are not trained on are hollow."""
    figure, axes = _figure(title)
    _scatter(axes, parts)
    return _bytes(figure, form)


def loss(title: str, losses: Sequence[float], label: str, form: str) -> bytes:
    """The losses over the steps, called what label says, on a logarithmic scale where it is positive throughout."""
    figure, axes = _figure(title)
    axes.plot(range(len(losses)), losses, color=COLOURS[0], linewidth=1.2)
    if min(losses) > 0:
        axes.set_yscale("log")
    axes.set_xlabel(messages.PLOT_STEP)
    axes.set_ylabel(label)
    axes.grid(visible=True, alpha=0.3)
    return _bytes(figure, form)


def boundary(
    title: str,
    parts: Mapping[str, Examples],
    xs: Sequence[float],
    ys: Sequence[float],
    decided: Sequence[Sequence[int]],
    form: str,
) -> bytes:
    """The plane, each point in the colour of the class that the network puts it into, and the examples on it."""
    from matplotlib.colors import ListedColormap

    figure, axes = _figure(title)
    colours = ListedColormap([*COLOURS])
    axes.pcolormesh(xs, ys, decided, cmap=colours, vmin=0, vmax=len(COLOURS) - 1, alpha=0.35, shading="nearest")
    _scatter(axes, parts)
    return _bytes(figure, form)


def predictions(title: str, wanted: Sequence[float], got: Sequence[float], form: str) -> bytes:
    """For each example what is to be predicted, and what was."""
    figure, axes = _figure(title)
    numbers = range(1, len(wanted) + 1)
    axes.bar([n - 0.2 for n in numbers], wanted, 0.38, color=COLOURS[0], label=messages.PLOT_TARGET)
    axes.bar([n + 0.2 for n in numbers], got, 0.38, color=COLOURS[1], label=messages.PLOT_PREDICTION)
    axes.axhline(0, color="black", linewidth=0.8)
    axes.set_xticks(list(numbers))
    axes.set_xlabel(messages.PLOT_EXAMPLE)
    axes.legend()
    return _bytes(figure, form)


def around(parts: Mapping[str, Examples], points: int) -> tuple[list[float], list[float]]:
    """So many xs and ys, evenly spaced, that reach a little beyond all the examples."""
    axes = []
    for i in (0, 1):
        values = [x[i] for part in parts.values() for x in part.inputs]
        low, high = min(values), max(values)
        margin = 0.08 * (high - low)
        step = (high - low + 2 * margin) / (points - 1)
        axes.append([low - margin + step * k for k in range(points)])
    return axes[0], axes[1]


def _figure(title: str) -> tuple[Figure, Axes]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=INCHES, layout="constrained")
    axes = figure.subplots()
    axes.set_title(title)
    return figure, axes


def _scatter(axes: Axes, parts: Mapping[str, Examples]) -> None:
    targets = sorted({target for part in parts.values() for target in part.targets})
    for number, target in enumerate(targets):
        colour, mark = COLOURS[number % len(COLOURS)], MARKS[number % len(MARKS)]
        for name, part in parts.items():
            points = [x for x, own in zip(part.inputs, part.targets, strict=True) if own == target]
            if points:
                filled = colour if name == "train" else "none"
                called = part.labels[int(target)] if part.labels else f"{target:g}"
                label = called if name == "train" else None
                xs, ys = [point[0] for point in points], [point[1] for point in points]
                axes.scatter(xs, ys, s=26, marker=mark, facecolors=filled, edgecolors=colour, label=label)
            for point in points if len(part.inputs[0]) > 2 else ():  # what the two axes do not show
                text = ", ".join(f"{value:g}" for value in point)
                axes.annotate(f"({text})", (point[0], point[1]), xytext=(5, 5), textcoords="offset points", fontsize=8)
    axes.set_xlabel("x")
    axes.set_ylabel("y")
    axes.legend(title=messages.PLOT_CLASS, loc="upper left", bbox_to_anchor=(1.01, 1.0))
    if len(parts) > 1:
        figure = axes.get_figure()
        assert figure is not None
        figure.supxlabel(messages.PLOT_HOLLOW, fontsize=8)


def _bytes(figure: Figure, form: str) -> bytes:
    out = io.BytesIO()
    figure.savefig(out, format=form, dpi=DOTS)
    return out.getvalue()
