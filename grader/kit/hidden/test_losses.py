"""Chapter 5. Losses are compared with their gradients: a loss without a graph trains nothing."""

from __future__ import annotations

import pytest

from grader.kit.asking import Check, Draw


def _inputs(numbers: list[float]) -> dict[str, float]:
    return {f"x{i}": number for i, number in enumerate(numbers)}


def _names(n: int) -> str:
    return "[" + ", ".join(f"x{i}" for i in range(n)) + "]"


def _whole_graph(check: Check, numbers: list[float], body: str, smooth: bool = True) -> None:
    check.gradients(_inputs(numbers), body, result="loss", smooth=smooth)


@pytest.mark.exercise("mse")
@pytest.mark.parametrize("name", ["sum_squared_error", "mean_squared_error"])
def test_squared_error(check: Check, draw: Draw, name: str) -> None:
    """The squared differences are added up (or averaged), in a Value that backward() can walk down from."""
    for n in (1, 4):
        _whole_graph(check, draw.reals(n), f"loss = {name}({_names(n)}, {draw.reals(n)})")
    # Predictions of one number are predictions of their own, and targets too; both lists stay as they were.
    x, y, s, t = draw.reals(4)
    _whole_graph(check, [x, y, x], f"loss = {name}({_names(3)}, {[s, t, t]})")
    script = f"p = [Value({x}), Value({y})]; targets = {[s, t]}; loss = {name}(p, targets)"
    check(script, "[v.data for v in p]", "targets")


def _large(draw: Draw) -> list[list[float]]:
    """Logits for which only the largest will do as what is subtracted: not the first, the mean, or the farthest."""
    high, low, other = draw.reals(3, 900, 1100)
    return [[high, -low], [-low, high, round(high - 0.7, 2), -other], [-low, round(0.4 - low, 2)]]


@pytest.mark.exercise("softmax")
def test_probabilities(check: Check, draw: Draw) -> None:
    """Softmax gives exp(x[i]) over the sum of all exp(x), for every logit, and leaves the logits as they were."""
    for n in (2, 4):
        script = f"logits = [Value(x) for x in {draw.reals(n)}]; p = softmax(logits)"
        check(script, "[q.data for q in p]", "len(p)", "[x.data for x in logits]")
    x, y = draw.reals(2)
    for logits in ([x, x, y, x], [y]):
        check(f"p = softmax([Value(x) for x in {logits}])", "[q.data for q in p]")


@pytest.mark.exercise("softmax")
def test_gradients_of_a_probability(check: Check, draw: Draw) -> None:
    """Every logit has a share in every probability, and so a gradient."""
    _whole_graph(check, draw.reals(3), f"loss = softmax({_names(3)})[{draw.random.randrange(3)}]")


@pytest.mark.exercise("softmax")
def test_large_logits(check: Check, draw: Draw) -> None:
    """Logits of 1000 and -1000 give probabilities, not an overflow."""
    for logits in _large(draw):
        check(f"p = softmax([Value(x) for x in {logits}])", "[q.data for q in p]")


@pytest.mark.exercise("cross-entropy")
def test_minus_log_p(check: Check, draw: Draw) -> None:
    """The loss is -log p[target], whichever class is the target."""
    logits = draw.reals(3)
    for target in range(3):
        check(f"loss = cross_entropy([Value(x) for x in {logits}], {target})", "loss.data")
    check("loss = cross_entropy([Value(x) for x in [0.0, 3.0, -2.0, 1.0]], 3)", "loss.data")
    x, y = draw.reals(2)
    for equal, target in (([x, y, x], 2), ([y], 0)):
        script = f"logits = [Value(x) for x in {equal}]; loss = cross_entropy(logits, {target})"
        check(script, "loss.data", "[x.data for x in logits]")


@pytest.mark.exercise("cross-entropy")
def test_gradients_of_the_loss(check: Check, draw: Draw) -> None:
    """The gradient of the loss is p, less 1 at the target."""
    for n in (2, 4):
        _whole_graph(check, draw.reals(n), f"loss = cross_entropy({_names(n)}, {draw.random.randrange(n)})")
    x, y = draw.reals(2)
    _whole_graph(check, [x, y, x], f"loss = cross_entropy({_names(3)}, {draw.random.choice([0, 2])})")


@pytest.mark.exercise("cross-entropy")
def test_finite_at_large_logits(check: Check, draw: Draw) -> None:
    """At logits of 1000 and -1000 the loss is finite, also when the network is certain and wrong."""
    for logits in _large(draw):
        for target in (0, 1):
            check(f"loss = cross_entropy([Value(x) for x in {logits}], {target})", "loss.data")


@pytest.mark.exercise("cross-entropy")
def test_gradients_at_large_logits(check: Check, draw: Draw) -> None:
    """The gradients at logits of 1000 and -1000 are finite too."""
    high, low = draw.reals(2, 900, 1100)
    _whole_graph(check, [high, -low, high - 1.3], f"loss = cross_entropy({_names(3)}, 2)", smooth=False)
