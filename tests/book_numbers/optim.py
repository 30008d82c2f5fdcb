"""The numbers of chapter 6: see test_book_numbers.py."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

from oracle import Value, kit

START = (-4.0, 1.0)
STEPS = 400
Path = list[tuple[float, float]]

# The optimisers of the bowl, with the settings that the text names.
MAKERS: dict[str, Callable[[Any], Any]] = {
    "sgd lr 0.035": lambda ps: kit.optim.SGD(ps, 0.035),
    "momentum lr 0.01, momentum 0.9": lambda ps: kit.optim.Momentum(ps, 0.01, 0.9),
    "adagrad lr 0.8": lambda ps: kit.optim.AdaGrad(ps, 0.8),
    "rmsprop lr 0.15, decay 0.9": lambda ps: kit.optim.RMSProp(ps, 0.15, 0.9),
    "adamw lr 0.3, betas 0.9, 0.95": lambda ps: kit.optim.AdamW(ps, 0.3, betas=(0.9, 0.95), weight_decay=0.0),
}
SGD, MOMENTUM, ADAGRAD, RMSPROP, ADAMW = MAKERS

GIVEN: tuple[str, ...] = (
    "With $p = 1$, $g = 0.5$ and a rate of 0.1, $p$",
    "$f(x) = 3x^2 - 4x + 5$",
    r"\cdot (6x - 4) - \frac{2}{3} = (1 - 6 \cdot \text{lr}) \left( x - \frac{2}{3} \right)",
    r"\frac{2}{\text{curvature}}",
    r"\frac{w}{2} p^2",
    "whose gradient is $(x, 25y)$. Along $y$",
    "lr x after 0, 1, 2, 3, 4 and 5 steps",
    "With the rate 0.02 they creep down one side, with 0.15 they are at the bottom after a few, with 0.35 they jump",
    "f(x, y) = \\frac{x^2 + 25 y^2}{2}",
    "40 steps from (-4, 1)",
    "SGD with 0.035 from $(-4, 1)$",
    "On the bowl from $(-4, 1)$",
    "Here $\\mu$, the momentum, is 0.9,",
    "On the bowl with the rate 0.01, along $x$",
    "a *decay* $d$ of 0.9,",
    "On the bowl with the rate 0.8 the first",
    "On the bowl with the rate 0.15, the first",
    "With a gradient of 0.5 in every step and $\\beta_1 = 0.9$, $\\beta_2 = 0.95$",
    "t 1 2 3 10 100 m",
    "1 - 0.9^t",
    "with $\\beta_2 = 0.999$",
    "One step with $p = 2$, $g = 0.5$, a rate of 0.1 and $w = 0.1$",
    "with a rate of 0.01 and $w = 0.1$. After 100 steps: ```text G = 10 G = 0.1",
    "(Robbins and Monro, 1951)",
    "(Polyak, 1964)",
    "(Duchi, Hazan and Singer, 2011)",
    "(Tieleman and Hinton, 2012)",
    "(Kingma and Ba, 2015)",
    "(Loshchilov and Hutter, 2019)",
    "$f$ below 0.1 for the first time, and for good (in 400 steps)",
    "for good f after 40",
    "the loss is below 0.1 after",
    "Turn the bowl by 45 degrees",
)


def claims() -> Iterator[str]:
    """Pieces of the text, with the numbers worked out."""
    yield from sgd()
    yield from rates()
    yield from bowl()
    yield from momentum()
    yield from own_rates()
    yield from adam()
    yield from decay()
    yield from race()


def steps(optimiser: Any, p: Any, gradients: Iterator[float]) -> list[float]:
    """Where a parameter is after each step with these gradients."""
    places = []
    for gradient in gradients:
        p.grad = gradient
        optimiser.step()
        places.append(p.data)
    return places


def descend(name: str, turned: float = 0.0) -> Path:
    """The path of an optimiser on the bowl, from the start, in the bowl's own axes; turned: by which angle those are
    turned against the parameters."""
    cos, sin = math.cos(turned), math.sin(turned)
    p, q = Value(cos * START[0] - sin * START[1]), Value(sin * START[0] + cos * START[1])
    optimiser = MAKERS[name]([p, q])
    path = []
    for _ in range(STEPS + 1):
        x, y = cos * p.data + sin * q.data, -sin * p.data + cos * q.data
        path.append((x, y))
        p.grad, q.grad = cos * x - sin * 25 * y, sin * x + cos * 25 * y
        optimiser.step()
    return path


def heights(path: Path) -> list[float]:
    return [(x**2 + 25 * y**2) / 2 for x, y in path]


def first_below(numbers: list[float], limit: float = 0.1) -> int:
    return next(step for step, number in enumerate(numbers) if number < limit)


def below_for_good(numbers: list[float], limit: float = 0.1) -> int:
    return 1 + max(step for step, number in enumerate(numbers) if number >= limit)


def sgd() -> Iterator[str]:
    p = Value(1.0)
    steps(kit.optim.SGD([p], 0.1), p, iter([0.5]))
    yield f"$p$ moves to {p.data}:"


def rates() -> Iterator[str]:
    paths = {lr: parabola(lr) for lr in (0.02, 0.15, 0.35)}
    for lr, path in paths.items():
        yield f"{lr} " + " ".join(f"{x:.4f}" for x in path[:6])
    lowest = 2 / 3
    yield f"$x = 2/3 = {lowest:.4f}$"
    slow, right, wild = ((path[1] - lowest) / (path[0] - lowest) for path in paths.values())
    yield f"{slow:.2f} for the rate 0.02 (each step leaves {100 * slow:.0f} percent"
    yield f"after 20 steps $x$ is still {paths[0.02][20]:.4f}), {right:.2f} for 0.15, and {wild:.2f} for 0.35"
    jumping = parabola(1 / 3)
    yield f"where $x$ jumps between {jumping[0]:.0f} and {jumping[1]:.4f} for ever"
    assert math.isclose(jumping[20], jumping[0]) and math.isclose(jumping[19], jumping[1])


def parabola(lr: float) -> list[float]:
    """Twenty steps of SGD down 3x^2 - 4x + 5 from 3; the gradients are the engine's."""
    x = Value(3.0)
    optimiser = kit.optim.SGD([x], lr)
    path = [x.data]
    for _ in range(20):
        x.grad = 0.0
        (3 * x**2 - 4 * x + 5).backward()
        optimiser.step()
        path.append(x.data)
    return path


def bowl() -> Iterator[str]:
    yield f"Along $y$ the curvature is 25, so the rate must stay below $2/25 = {2 / 25}$"
    path = descend(SGD)
    down, along = (path[1][axis] / path[0][axis] for axis in (1, 0))
    yield f"multiplies $y$ by {down:.3f} and $x$ by {along:.3f} in each step"
    yield f"$y$ is {path[3][1]:.3f} after 3 steps, and $x$ is still at {path[40][0]:.3f} after 40."


def momentum() -> Iterator[str]:
    path = [x for x, _ in descend(MOMENTUM)]
    first, second = (path[step] - path[step + 1] for step in (0, 1))
    yield f"the first gradient is {path[0]:.0f}, so $v = {first / 0.01:.0f}$ and $x = {path[1]:.2f}$"
    yield rf"The next is {path[1]:.2f}, so $v = 0.9 \cdot (-4) - 3.96 = {second / 0.01:.2f}$ and $x = {path[2]:.4f}$"
    ys = [y for _, y in descend(MOMENTUM)]
    changes = sum(a * b < 0 for a, b in pairwise(ys[:41]))
    yield f"crosses the floor {changes} times in 40 steps"
    yield f"rolls past the lowest point to {max(path):.3f} before"
    p = Value(0.0)
    places = steps(kit.optim.Momentum([p], 1.0, 0.9), p, iter([1.0] * 300))
    assert math.isclose(places[-2] - places[-1], 10)
    yield f"$1 / (1 - {0.9})$"


def own_rates() -> Iterator[str]:
    (x0, y0), (x1, y1), (x2, _), *_ = descend(ADAGRAD)
    assert math.isclose(x1 - x0, y0 - y1, rel_tol=1e-6)
    yield f"gradient is $({x0:.0f}, {25 * y0:.0f})$, and"
    yield f"is {abs(x0):.0f} and {25 * y0:.0f}: both coordinates move by {x1 - x0:.1f}, to $({x1:.1f}, {y1:.1f})$"
    s = x0**2 + x1**2
    yield f"$s = {x0**2:.0f} + {x1**2:.2f} = {s:.2f}$"
    yield rf"the step is $0.8 \cdot {-x1:.1f} / {math.sqrt(s):.4f} = {x2 - x1:.4f}$"
    p = Value(0.0)
    places = [0.0, *steps(kit.optim.AdaGrad([p], 1.0), p, iter([0.3] * 100))]
    assert math.isclose((places[0] - places[1]) / (places[99] - places[100]), 10, rel_tol=1e-6)
    yield "the 100th is a tenth of"
    yield f"is a tiny number, {kit.optim.AdaGrad([], 1.0).eps:.8f}, that"

    path = descend(RMSPROP)
    step = path[1][0] - path[0][0]
    s = (1 - 0.9) * path[0][0] ** 2
    yield rf"$0.1 \cdot 16 = {s:.1f}$, and the step is $0.15 \cdot 4 / {math.sqrt(s):.4f} = {step:.4f}$"
    yield f"That is {step / 0.15:.4f} times the rate"
    found = heights(path)
    yield f"below 0.1 after {first_below(found)} steps"
    back = max(range(50, STEPS), key=found.__getitem__)
    yield f"in step {back} it is back at {found[back]:.2f}."


def adam() -> Iterator[str]:
    g, shown = 0.5, (1, 2, 3, 10, 100)
    p = Value(0.0)
    optimiser = kit.optim.AdamW([p], 1.0, betas=(0.9, 0.95), weight_decay=0.0)
    m, v, moved = [0.0], [0.0], [0.0]
    for _ in range(100):
        before = p.data
        p.grad = g
        optimiser.step()
        m.append(optimiser.m[0])
        v.append(optimiser.v[0])
        moved.append(before - p.data)
    weights = [1 - 0.9**t for t in range(101)]
    # What is said of the weights: they are those of all gradients so far.
    assert all(math.isclose(weights[t], sum(0.1 * 0.9**k for k in range(t)), abs_tol=1e-12) for t in range(101))
    yield "m " + " ".join(f"{m[t]:.4f}" for t in shown)
    yield "1 - 0.9^t " + " ".join(f"{weights[t]:.4f}" for t in shown)
    yield "m_hat " + " ".join(f"{m[t] / weights[t]:.4f}" for t in shown)
    yield "m / sqrt(v) " + " ".join(f"{m[t] / math.sqrt(v[t]):.4f}" for t in shown)
    yield "m_hat / sqrt(v_hat) " + " ".join(f"{moved[t]:.4f}" for t in shown)
    yield f"the first step would be {m[1] / math.sqrt(v[1]):.4f} of the rate"
    other = kit.optim.AdamW([Value(0.0)], 1.0, betas=(0.9, 0.999), weight_decay=0.0)
    other.parameters[0].grad = g
    other.step()
    yield f"common too, {other.m[0] / math.sqrt(other.v[0]):.4f} times the rate"


def decay() -> Iterator[str]:
    yield rf"$2 - 0.1 \cdot (1 + 0.2) = {first_step(0.5, 0.1):.2f}$"
    coupled = 0.5 + 0.1 * 2
    yield f"the gradient would be {coupled:.1f}, the fraction 1"
    yield f"and $p$ would become {first_step(coupled, 0):.2f}, as without"
    assert math.isclose(first_step(coupled, 0), first_step(0.5, 0), rel_tol=1e-6)
    yield "coupled {:.4f} {:.4f} decoupled".format(*(noisy(size, True) for size in (10, 0.1)))
    yield "decoupled {:.4f} {:.4f} ```".format(*(noisy(size, False) for size in (10, 0.1)))
    yield rf"$(1 - 0.01 \cdot 0.1)^{{100}} = {(1 - 0.01 * 0.1) ** 100:.4f}$"


def first_step(gradient: float, weight_decay: float) -> float:
    """Where AdamW takes 2 in its first step."""
    p = Value(2.0)
    return steps(kit.optim.AdamW([p], 0.1, weight_decay=weight_decay), p, iter([gradient]))[0]


def noisy(size: float, coupled: bool) -> float:
    """Where a parameter is that began at 1, after 100 steps with gradients that are noise of this size."""
    p = Value(1.0)
    optimiser = kit.optim.AdamW([p], 0.01, weight_decay=0.0 if coupled else 0.1)
    signs = [1, -1, -1, 1] * 25
    return steps(optimiser, p, (size * sign + (0.1 * p.data if coupled else 0.0) for sign in signs))[-1]


def race() -> Iterator[str]:
    yield f"where $f = {heights([START])[0]}$"
    turned = {}
    for name in MAKERS:
        found = heights(descend(name))
        yield f"{name} {first_below(found)} {below_for_good(found)} {found[40]:.4f}"
        turned[name] = first_below(heights(descend(name, math.pi / 4)))
    yield f"need the same {turned[SGD]} and {turned[MOMENTUM]} steps"
    yield f"AdaGrad needs {turned[ADAGRAD]}, RMSProp {turned[RMSPROP]} and AdamW {turned[ADAMW]}."
