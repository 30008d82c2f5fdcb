"""The numbers of a chapter of the book: see test_book_numbers.py."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator

from oracle import DATASETS, Value, kit

VOCABULARY = 50_257
LAYERS, SLOPE = 20, 0.1
MODELS = {"GPT-3": (175e9, 300e9), "Llama 3": (405e9, 15.6e12)}  # parameters, tokens

GIVEN: tuple[str, ...] = (
    # who wrote what, and when
    "[Brown and others, 2020",
    "[Radford and others, 2019",
    "[Vaswani and others, 2017",
    "[He and others, 2015",
    "[Ba and others, 2016",
    "[Grattafiori and others, 2024",
    "[Kaplan and others, 2020",
    "[Hoffmann and others, 2022",
    "[Ouyang and others, 2022",
    "Williams, 1986",
    "Baydin and others, 2018",
    "Vaswani and others, 2017",
    "Brown and others, 2020",
    # what their papers give
    "$\\beta_1 = 0.9$ and $\\beta_2 = 0.95$",
    "GPT-2 knows 50,257 of them",
    "with 3 classes in place of 50,257.",
    "96 times in GPT-3",
    "GPT-2, 2019: 1.5 billion parameters.",
    "GPT-3, 2020: 175 billion parameters and 300 billion tokens.",
    "Llama 3, 2024: 405 billion parameters and 15.6 trillion tokens",
    "its authors give $3.14 \\times 10^{23}$",
    "or 175 billion.",
    "a model with 1.3 billion parameters",
    "with its 175 billion (the same paper)",
    # sizes and inputs
    "Python's have 64 bits; large models are trained with 16 bits",
    "Suppose each of 20 layers has the local slope 0.1.",
    "If the values are 10 and 20",
    "$1 + 0.1$",
)


def claims() -> Iterator[str]:
    """Pieces of the text, with the numbers worked out."""
    yield from tokens()
    yield from operations()
    yield from scale()
    yield from feedback()


def tokens() -> Iterator[str]:
    """The loss of a network that knows nothing."""

    def ignorant(classes: int) -> float:
        return float(kit.losses.cross_entropy([Value(0.0) for _ in range(classes)], 0).data)

    yield f"the loss is then $\\log 3 = {ignorant(3):.4f}$"
    assert math.isclose(ignorant(300), math.log(300))
    yield f"with 50,257 tokens it is $\\log 50{{,}}257 = {math.log(VOCABULARY):.3f}$"


def operations() -> Iterator[str]:
    """Attention, and residual connections."""
    query, keys, held = [1.0, 1.0], [[1.0, 1.0], [1.0, -1.0]], [10.0, 20.0]
    scores = [sum((Value(q) * k for q, k in zip(query, key)), Value(0.0)) for key in keys]
    weights = kit.losses.softmax(scores)
    result = weights[0] * held[0] + weights[1] * held[1]
    yield (
        f"the scores are {scores[0].data:g} and {scores[1].data:g} "
        f"and the weights {weights[0].data:.4f} and {weights[1].data:.4f}."
    )
    yield f"the result is {result.data:.3f}."

    x = Value(1.0)
    plain = residual = x
    for _ in range(LAYERS):
        plain = plain * SLOPE
        residual = residual + residual * SLOPE
    plain.backward()
    power = round(math.log10(x.grad))
    assert math.isclose(x.grad, 10.0**power)
    yield f"$0.1^{{20}} = 10^{{{power}}}$"
    x.grad = 0.0
    residual.backward()
    yield f"the product is $1.1^{{20}} = {x.grad:.2f}$"


def scale() -> Iterator[str]:
    """Parameters and operations."""
    yield f"MLP(3, [4, 4, 1]) of chapter 4: {len(kit.nn.MLP(3, [4, 4, 1]).parameters())} parameters."
    classifier = len(kit.nn.MLP(2, [16, 3]).parameters())
    with (DATASETS / "three_regions.csv").open(encoding="utf-8", newline="") as file:
        points = sum(row["split"] == "train" for row in csv.DictReader(file))
    with (DATASETS / "three_regions_training_log.csv").open(encoding="utf-8", newline="") as file:
        steps = sum(1 for _ in csv.DictReader(file))
    yield f"Your classifier of three regions: {classifier} parameters, {points} points, {steps} steps."
    yield f"whether there are {classifier} parameters"
    seen = points * steps
    cost = 6 * classifier * seen
    yield f"$6 \\cdot {classifier} \\cdot {seen:,} = {cost:,}$".replace(",", "{,}")
    large = {name: 6 * parameters * tokens for name, (parameters, tokens) in MODELS.items()}
    yield f"for GPT-3 it is ${scientific(large['GPT-3'], 2)}$; its authors"
    yield f"For Llama 3 it is ${scientific(large['Llama 3'], 1)}$, as its authors say"
    years = large["GPT-3"] / 1e6 / (365.25 * 24 * 3600)
    yield f"would have taken you {years / 1e9:.0f} billion years"


def feedback() -> Iterator[str]:
    """The loss of a reward model."""

    def loss(ahead: float) -> float:
        better, other = Value(ahead), Value(0.0)
        return float((-(1 / (1 + (-(better - other)).exp())).log()).data)

    yield f"If both are the same, the loss is {loss(0):.4f};"
    yield f"if the better one is ahead by 1, it is {loss(1):.4f}; if it is behind by 1, {loss(-1):.4f}."


def scientific(number: float, places: int) -> str:
    """Give a large number as a formula: digits times a power of ten."""
    digits, power = f"{number:.{places}e}".split("e+")
    return f"{digits} \\times 10^{{{int(power)}}}"
