"""Chapter 6. Whole trajectories are compared: one loss at the end hides most mistakes of an optimiser."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from grader.kit.asking import Check, Draw

# Exercise -> the class, and its settings in the two tests: the usual ones, and such that every term counts.
OPTIMISERS = {
    "sgd": ("SGD", "lr=0.1", "lr=0.37"),
    "momentum": ("Momentum", "lr=0.1, momentum=0.9", "lr=0.03, momentum=0.4"),
    "adagrad": ("AdaGrad", "lr=0.1", "lr=0.5, eps=0.3"),
    "rmsprop": ("RMSProp", "lr=0.01, decay=0.9", "lr=0.1, decay=0.4, eps=0.3"),
    "adamw": (
        "AdamW",
        "lr=0.1, betas=(0.9, 0.95), eps=1e-8, weight_decay=1e-4",
        "lr=0.2, betas=(0.4, 0.3), eps=0.3, weight_decay=0.25",
    ),
}

all_optimisers = pytest.mark.parametrize("name", [pytest.param(n, marks=pytest.mark.exercise(n)) for n in OPTIMISERS])


def _trajectory(draw: Draw, name: str, settings: str, gradients: list[list[float]], start: Sequence[float] = ()) -> str:
    start = list(start) or draw.reals(len(gradients[0]))
    return (
        f"p = [Value(x) for x in {start}]\n"
        f"optimiser = {OPTIMISERS[name][0]}(p, {settings})\n"
        "path = []\n"
        f"for gradients in {gradients}:\n"
        "    for q, g in zip(p, gradients): q.grad = g\n"
        "    optimiser.step()\n"
        "    path.append([q.data for q in p])"
    )


def _steps(draw: Draw, name: str, settings: str, gradients: list[float]) -> str:
    """A question that is short enough to be calculated by hand."""
    steps = "".join(f"\np.grad = {gradient}; optimiser.step()" for gradient in gradients)
    return f"p = Value({draw.real()}); optimiser = {OPTIMISERS[name][0]}([p], {settings}){steps}"


@all_optimisers
def test_usual_settings(check: Check, draw: Draw, name: str) -> None:
    """Step by step, every parameter follows the formula with the usual settings; only its data change."""
    for steps in (1, 2):
        check(_steps(draw, name, OPTIMISERS[name][1], draw.reals(steps)), "p.data", "p.grad")
    check(_trajectory(draw, name, OPTIMISERS[name][1], [draw.reals(2) for _ in range(6)]), "path")


@all_optimisers
def test_other_settings(check: Check, draw: Draw, name: str) -> None:
    """Every setting counts, and gradients that come and go move each parameter by its own history."""
    # No short question first: a mistake that shows late is to be seen beside one that shows at once.
    check(_trajectory(draw, name, OPTIMISERS[name][2], [draw.reals(3) for _ in range(5)]), "path")
    a, b, c = draw.reals(3)
    gradients = [[a, 0.0], [0.0, b], [-a, 0.0], [0.0, 0.0], [c, -b]]
    check(_trajectory(draw, name, OPTIMISERS[name][2], gradients), "path")
    # Parameters that begin with the same number are moved by their own gradients.
    script = _trajectory(draw, name, OPTIMISERS[name][2], [[a, b], [b, c], [c, a]], start=[a, a])
    check(script, "path", "[q.grad for q in p]")
