"""The numbers of chapter 5: see test_book_numbers.py."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Iterator
from statistics import mean, median
from typing import Any

from oracle import DATASETS, Value, data, grads, kit, values

LOGITS = (0.0, 3.0, -2.0, 1.0)
TARGET = 3
TOKENS = (0.2, 0.1, 0.5, 0.25)

GIVEN: tuple[str, ...] = (
    "move a weight by 0.001",
    "describes 1, 2, 3, 4 and 40 best",
    "The error at 40 is",
    "Take the logits $[0, 3, -2, 1]$.",
    r"\text{max}(0, 1 - y s)",
    "1 at the target, 0 elsewhere, here $[0, 0, 0, 1]$",
    "a shift of all logits",
    "p of the right class 0.9 0.5 0.1 0.01 0.001",
    "For $y = 1$, an output of 2",
    "tells 0.01 from 0.001",
    'Saying "0.9 sure" each time',
    "one of 0.3 costs",
    "one of -1.5 costs",
    "(Karpathy, 2020)",
    "`MLP(2, [16, 16, 1])`",
    "0.0001 times the sum",
    "always says 0.5.",
)


def claims() -> Iterator[str]:
    """Pieces of the text, with the numbers worked out."""
    yield from squared()
    yield from outlier()
    yield from probabilities()
    yield from certainty()
    yield from sentence()
    yield from hinge()


def slopes(loss: Callable[..., Any], numbers: list[float], target: Any) -> tuple[float, list[float]]:
    """A loss of the solutions at these predictions, and its gradient."""
    nodes = values(numbers)
    result = loss(nodes, target)
    result.backward()
    return result.data, grads(nodes)


def squared() -> Iterator[str]:
    predictions, targets = [1.0, 3.0], [2.0, 5.0]
    total, of_sum = slopes(kit.losses.sum_squared_error, predictions, targets)
    average, of_mean = slopes(kit.losses.mean_squared_error, predictions, targets)
    errors = [p - t for p, t in zip(predictions, targets, strict=True)]
    yield "have the errors {:.0f} and {:.0f}. Their squares are {:.0f} and {:.0f}".format(
        *errors, *(error**2 for error in errors)
    )
    yield f"so $L = {total:.0f}$"
    yield f"divides by the count $n$: here it is {average}."
    yield "which is {:.0f} and {:.0f} here".format(*of_sum)
    yield "for the mean, {:.0f} and {:.0f}.".format(*of_mean)
    more = slopes(kit.losses.sum_squared_error, predictions * 10, targets * 10)[0]
    same = slopes(kit.losses.mean_squared_error, predictions * 10, targets * 10)[0]
    yield f"ten times over, {len(predictions * 10)} predictions"
    yield f"the sum is {more:.0f}, and"
    yield f"the mean is {same} as before"


def outlier() -> Iterator[str]:
    points = [1.0, 2.0, 3.0, 4.0, 40.0]
    # The lowest place of each loss, among many.
    grid = [k / 100 for k in range(5001)]
    best = min(grid, key=lambda p: sum((p - t) ** 2 for t in points))
    best_absolute = min(grid, key=lambda p: sum(abs(p - t) for t in points))
    assert best == mean(points) and best_absolute == median(points)
    yield f"Squared error says {best:.0f}, their mean"
    yield f"says {best_absolute:.0f}, the one in the middle"
    yield f"the prediction up to {best:.0f}."
    errors = [best_absolute - t for t in points]
    squares, sizes = [error**2 for error in errors], [abs(error) for error in errors]
    share = 100 * squares[-1] / sum(squares)
    yield f"is {errors[-1]:.0f}, and its square is {squares[-1]:.0f} out of a loss of {sum(squares):.0f}"
    yield f"a loss of {sum(squares):.0f}: {share:.1f} percent"
    of_each = [slopes(kit.losses.sum_squared_error, [best_absolute], [t])[1][0] for t in points]
    largest = max(abs(s) for s in of_each[:-1])
    yield f"Its slope is {of_each[-1]:.0f}, where those of the others are at most {largest:.0f} in size"
    sign = abs(best_absolute + 1e-3 - points[-1]) - abs(best_absolute - points[-1])
    yield f"it is {sizes[-1]:.0f} out of {sum(sizes):.0f}, and its slope is {sign / 1e-3:.0f}, the same"


def probabilities() -> Iterator[str]:
    shifted = [x - max(LOGITS) for x in LOGITS]
    exps = [math.exp(x) for x in shifted]
    p = data(kit.losses.softmax(values(LOGITS)))
    yield f"has {math.e:.3f} times the probability"
    yield "$[{:.0f}, {:.0f}, {:.0f}, {:.0f}]$; the exponentials".format(*shifted)
    yield "those are {:.4f}, {:.0f}, {:.4f} and {:.4f} and add up to {:.4f}".format(*exps, sum(exps))
    yield "$$p = [{:.4f}, {:.4f}, {:.4f}, {:.4f}]$$".format(*p)
    exponent = math.floor(math.log10(math.exp(709)))
    yield rf"$\exp(709)$ is about ${math.exp(709) / 10.0**exponent:.0f} \cdot 10^{{{exponent}}}$"
    first = next(n for n in range(1000) if overflows(n))
    yield rf"$\exp({first})$ is more than a Python float holds"
    assert math.exp(-1000) == 0


def overflows(n: int) -> bool:
    try:
        math.exp(n)
    except OverflowError:
        return True
    return False


def certainty() -> Iterator[str]:
    shown = (0.9, 0.5, 0.1, 0.01, 0.001)
    yield "-log p " + " ".join(f"{-math.log(p):.4f}" for p in shown)
    yield "(1 - p)^2 " + " ".join(f"{(1 - p) ** 2:.4f}" for p in shown)
    yield f"every further zero costs {math.log(10):.4f} more"

    def cost(said: float) -> float:
        return -0.9 * math.log(said) - 0.1 * math.log(1 - said)

    yield rf"$0.9 \cdot {-math.log(0.9):.4f} + 0.1 \cdot {-math.log(1 - 0.9):.4f} = {cost(0.9):.4f}$"
    yield f'Saying "{0.99}" costs {cost(0.99):.4f}, "{0.999}" costs {cost(0.999):.4f}'
    yield f"almost as much as the {cost(0.5):.4f} of somebody"
    assert min((k / 1000 for k in range(1, 1000)), key=cost) == 0.9
    evenly, _ = slopes(kit.losses.cross_entropy, [0.0, 0.0, 0.0], 0)
    yield rf"pays $\log 3 = {evenly:.4f}$"
    with (DATASETS / "three_regions_training_log.csv").open(encoding="utf-8", newline="") as lines:
        yield f"begins at {float(next(csv.DictReader(lines))['train_loss']):.4f}.)"
    loss, gradient = slopes(kit.losses.cross_entropy, list(LOGITS), TARGET)
    total = sum(math.exp(x - max(LOGITS)) for x in LOGITS)
    p = math.exp(LOGITS[TARGET] - max(LOGITS)) / total
    less = LOGITS[TARGET] - max(LOGITS)
    yield rf"$\log {total:.4f} - (1 - 3) = {math.log(total):.4f} + {-less:.0f} = {loss:.4f}$"
    yield rf"the same as $-\log {p:.4f}$"
    assert math.isclose(loss, -math.log(p))
    yield "$[{:.4f}, {:.4f}, {:.4f}, {:.4f}]$. Descent".format(*gradient)
    assert math.isclose(sum(gradient), 0, abs_tol=1e-12)
    for i, found in enumerate(gradient):
        up, down = ([x + h * (i == j) for j, x in enumerate(LOGITS)] for h in (1e-5, -1e-5))
        there, here = (slopes(kit.losses.cross_entropy, numbers, TARGET)[0] for numbers in (up, down))
        assert math.isclose((there - here) / 2e-5, found, abs_tol=1e-8)


def sentence() -> Iterator[str]:
    logs = [-math.log(p) for p in TOKENS]
    yield "p {} {} {} {} {:.4f} (multiplied)".format(*TOKENS, math.prod(TOKENS))
    yield "-log p {:.4f} {:.4f} {:.4f} {:.4f} {:.4f} (added)".format(*logs, sum(logs))
    assert math.isclose(sum(logs), -math.log(math.prod(TOKENS)))
    assert math.prod([0.1] * 1000) == 0
    yield f"a thousand tokens at 0.1 have the probability $10^{{{1000 * math.log10(0.1):.0f}}}$"
    each = sum(logs) / len(TOKENS)
    yield f"${sum(logs):.4f} / {len(TOKENS)} = {each:.4f}$ per token"
    perplexity = math.exp(each)
    yield rf"$\exp({each:.4f}) = {perplexity:.4f}$"
    yield f"among {perplexity:.4f} equally likely tokens"
    # Somebody who chooses among n equally likely tokens has the perplexity n.
    assert math.isclose(math.exp(-math.log(1 / perplexity)), perplexity)


def hinge() -> Iterator[str]:
    def cost(y: int, s: float) -> float:
        return float((1 - y * Value(s)).relu().data)

    yield f"an output of 2 costs {cost(1, 2.0):.0f}, one of 0.3 costs {cost(1, 0.3):.1f} although"
    yield f"one of -1.5 costs {cost(1, -1.5):.1f}."
    yield f"with {len(kit.nn.MLP(2, [16, 16, 1]).parameters())} parameters"
