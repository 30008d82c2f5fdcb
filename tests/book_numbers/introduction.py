"""The numbers of the introduction: see test_book_numbers.py."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from statistics import mean

from oracle import DATASETS, kit

from grader.explore.training import TASKS
from grader.kit import read_kit

GIVEN = (
    "chess may take 40 moves",
    "which of the 40 deserve",
    "has six words",
    "tanh(x_1 - 2 x_2 + 0.5)",
    "tanh(0.5 x_1 + x_2 - 1)",
    "y &= 0.5 h_1 - 1.5 h_2 + 0.25",
    "the 0.25 at the end, to 0.26.",
    "for a change of 0.01,",
    'mg-grade graph "a*b + c" a=2 b=-3 c=10 --reference',
    'mg-grade step "a*b + c" a=2 b=-3 c=10 asks',
)


def network(x1: float, x2: float, last: float = 0.25) -> float:
    """The network of the chapter."""
    return 0.5 * math.tanh(x1 - 2 * x2 + 0.5) - 1.5 * math.tanh(0.5 * x1 + x2 - 1) + last


def claims() -> Iterator[str]:
    """Pieces of the text, with the numbers worked out."""
    spiral, points = table("spiral"), table("four_points")
    assert {row[-1] for row in spiral} == {1, -1}
    yield f"In `spiral` there are {len(spiral)} points"
    for row, verb in zip(points, ("have the answer", "have")):
        yield f"$({', '.join(f'{number:g}' for number in row[:3])})$ {verb} {row[3]:g}"

        task = TASKS["spiral"]
    assert (task.loss, task.settings.optimiser) == ("mean_cross_entropy", "adamw")
    size = len(kit.nn.MLP(2, [*task.settings.hidden, task.classes]).parameters())
    yield f"the data are the {len(spiral)} points, the model is a network with {size} parameters"
    place = {file.removesuffix(".py"): number for number, file in enumerate(read_kit().manifest.files, 1)}
    yield f"the cross-entropy of chapter {place['losses']}, and the algorithm"
    yield f"is AdamW of chapter {place['optim']}, which makes {task.settings.steps} steps"

    letters = [19, 20, 21, 49, 51]
    groups = [letter for letter in letters if letter < 35], [letter for letter in letters if letter > 35]
    yield f"{', '.join(map(str, letters[:-1]))} and {letters[-1]} grams"
    yield f"around {mean(groups[0]):g} and around {mean(groups[1]):g}."

    words = "The cat sat on the mat".lower().split()
    assert len(words) == 6
    yield "".join(f"{' '.join(words[:i])} {words[i]} " for i in range(1, len(words))).rstrip()
    yield rf"$$\frac{{1}}{{1 + e^{{-(2 - 1)}}}} \approx {1 / (1 + math.exp(-(2 - 1))):.2f}$$"
    yield rf"(here $e \approx {math.e:.3f}$"
    yield f"come out at {1 / (1 + math.exp(0))})"

    x1, x2, wanted = 2, 1, 1
    before, after = network(x1, x2), network(x1, x2, 0.26)
    losses = [(y - wanted) ** 2 for y in (before, after)]
    yield f"$({before:.4f} - {wanted})^2 = {losses[0]:.3f}$"
    yield f"The prediction becomes {after:.4f} and the loss {losses[1]:.3f}:"
    change = losses[1] - losses[0]
    yield f"It fell by {-change:.3f}"
    yield f"a slope of about {change / 0.01:.1f}."

    exercises = read_kit().manifest.exercises
    yield f"There are {len(exercises)} exercises"
    yield f"take about {sum(exercise.minutes for exercise in exercises) / 60:.0f} hours"


def table(name: str) -> list[list[float]]:
    """The rows of a data set."""
    with (DATASETS / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return [[float(cell) for cell in row] for row in list(csv.reader(lines))[1:]]
