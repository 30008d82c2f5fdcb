"""The numbers of the chapter on derivatives: see test_book_numbers.py."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from oracle import kit

GIVEN = (
    "goes to 0 is the *derivative*",
    "of $f$ at 3, written $f'(3)$",
    r"f'(x) \cdot h + \frac{1}{2} f''(x) \cdot h^2 \\ &+ \frac{1}{6} f'''(x) \cdot h^3 +",
    r"$\frac{h}{2} f''(x)$",
    r"$\frac{h^2}{6} f'''(x)$",
    r"At $x = \frac{2}{3}$ it is",
    "$x^3$ has the slope 0 at 0,",
    "A number alone has the slope 0,",
    r"$n \cdot x^{n-1}$",
    r"$\frac{3x + 2y}{2}$ has the slope",
    r"L = \frac{1}{n} \sum",
    "Every $w_i$ is less than 1,",
    "(`1e-4` is Python's way to write $10^{-4}$",
    "With $h = 10^{-10}$ the two",
    "With $h = 0.1$ it is",
    "$h = 0.01$ it is",
    "with $h = 0.001$ it is",
    "At 3 with $h = 0.1$ the two points",
    "For $e^x$ at 1 and $h = 0.01$ that makes",
    "Python keeps about 16 digits",
    "and of the 16 about",
    "$10^{-16} / h$",
    "$h = 10^{-16}$",
    "`1 + 1e-16 == 1` is true",
    "From $x = 3$ with a step of 0.1 the",
    "With a step of 0.4 the",
    "With $x$ at 2.001 and",
    "by 0.01 times their slopes",
    "by -0.01 times the slopes",
    "With $x = [1, 2, 3]$ and $w = [0.1, 0.2, 0.3]$",
    "prints a loss of 0.2.",
    "negative numbers is not 0.2.",
)
EPSILON = math.ulp(1.0)


def f(x: float) -> float:
    """The function that the chapter begins with."""
    return 3 * x**2 - 4 * x + 5


def z(inputs: list[float]) -> float:
    """The function of many inputs."""
    x, y, b = inputs
    return x * y + b


def slope(function: Callable[[float], float], x: float) -> float:
    """The slope, measured, to eight decimals: none of those here needs more."""
    return round(float(kit.derivatives.central_difference(function, x, 1e-5)), 8) + 0.0


def forward(h: float) -> float:
    """The forward difference of f at 3."""
    return float(kit.derivatives.forward_difference(f, 3, h))


def steps(step: float, number: int) -> list[float]:
    """Where gradient descent on f comes from 3."""
    xs = [3.0]
    for _ in range(number):
        xs.append(xs[-1] - step * slope(f, xs[-1]))
    return xs


def claims() -> Iterator[str]:
    """Pieces of the text, with the numbers worked out."""
    yield from of_slopes()
    yield from of_errors()
    yield from of_signs()
    yield from of_gradients()
    yield from of_formulas()


def of_slopes() -> Iterator[str]:
    yield f"At $x = 3$ it is {f(3)}."
    yield f"$f(4) - f(3) = {f(4)} - {f(3)} = {forward(1):g}$"
    for h, piece in ((0.1, "With $h = 0.1$"), (0.01, "with $h = 0.01$"), (0.001, "with $h = 0.001$")):
        yield f"{piece} it is {forward(h):.5g}"
    yield f"The numbers settle on {slope(f, 3):g}."
    yield f"With h = 2 the line has the slope {forward(2):g}, with h = 1 it has {forward(1):g}, and"
    yield f"they turn into has {slope(f, 3):g}."
    yield f"$f$ moves by about {slope(f, 3):g} times"
    rise = f(3.1) - f(2.9)
    yield f"$f(3.1) = {f(3.1):.6g}$ and $f(2.9) = {f(2.9):.6g}$, the rise is {rise:.6g}"
    yield f"the distance is {3.1 - 2.9:.6g}, and"
    yield f"the slope is {rise / (3.1 - 2.9):.6g}: exact"


def of_errors() -> Iterator[str]:
    yield f"$e \\approx {slope(math.exp, 1):.5f}$"
    yield f"write $10^{{-4}}$, or {10**-4}."
    h = 0.01
    at_1 = math.exp(1)
    truncated = h / 2 * at_1, h**2 / 6 * at_1
    real = tuple(
        abs(difference(math.exp, 1, h) - at_1)
        for difference in (kit.derivatives.forward_difference, kit.derivatives.central_difference)
    )
    assert all(math.isclose(a, b, rel_tol=0.01) for a, b in zip(truncated, real))
    yield f"that makes {truncated[0]:.4f} and {truncated[1]:.6f},"
    h = 1e-10
    yield f"{math.exp(1 + h):.11f} and {math.exp(1):.11f}, to eleven"
    left = math.log10((math.exp(1 + h) - math.exp(1)) / math.ulp(math.exp(1)))
    assert round(left) == 6
    assert round(-math.log10(EPSILON)) == 16
    assert 1 + 1e-16 == 1
    assert kit.derivatives.forward_difference(math.exp, 1, 1e-16) == 0
    # The best steps: the middle of the errors around each power of ten, as single ones are chance.
    best = {}
    for name in ("forward_difference", "central_difference"):
        difference = getattr(kit.derivatives, name)
        typical = {
            k: sum(abs(difference(math.exp, 1, 10 ** -(k + i / 40)) - at_1) for i in range(-10, 11)) / 21
            for k in range(1, 13)
        }
        best[name] = sorted(typical, key=typical.__getitem__)[:2]
        if name == "central_difference":
            worst = math.ceil(math.log10(max(typical[k] for k in best[name])))
            yield f"then has an error of $10^{{{worst}}}$ or less"
    yield f"about $10^{{-{best['forward_difference'][0]}}}$ for the forward difference"
    low, high = sorted(best["central_difference"])
    yield f"$10^{{-{low}}}$ to $10^{{-{high}}}$ for the central one"


def of_signs() -> Iterator[str]:
    yield f"At $x = 3$ it is {slope(f, 3):g}, positive"
    yield f"At $x = -3$ it is {slope(f, -3):g}, negative"
    yield rf"\frac{{2}}{{3}}$ it is {slope(f, 2 / 3):g}: $f$ is flat"
    assert slope(f, 2 / 3) == slope(lambda x: x**3, 0) == 0
    _, first, second, third = steps(0.1, 3)
    yield f"$3 - 0.1 \\cdot {slope(f, 3):g} = {first:.6g}$, and $f$ goes from {f(3)} to {f(first):.6g}."
    yield f"$x = {second:.6g}$ with {f(second):.6g} and $x = {third:.6g}$ with {f(third):.4f};"
    yield f"Where the slope is {slope(f, 3):g} the step is long, where it is {slope(f, first):g} shorter"
    yield f"the lowest point is at {2 / 3:.4f} with {f(2 / 3):.4f}."
    too_far = steps(0.4, 1)[1]
    yield f"to {too_far:.6g}, and $f$ is {f(too_far):.6g} there"


def of_gradients() -> Iterator[str]:
    at = [2.0, 3.0, 1.0]
    slopes = [round(number, 6) for number in kit.derivatives.gradient(z, at)]
    yield f"where $z$ is {z(at):g}."
    yield f"$z$ is {z([2.001, 3, 1]):.6g}, so"
    yield f"$[{', '.join(f'{number:g}' for number in slopes)}]$, is the *gradient*"
    partials = (rf"\frac{{\partial z}}{{\partial {name}}} = {slope:g}" for name, slope in zip("xyb", slopes))
    yield f"$${', '.join(partials)}$$"
    up = [x + 0.01 * number for x, number in zip(at, slopes)]
    yield f"to {up[0]:g}, {up[1]:g} and {up[2]:g}, and $z$ is {z(up):.6g}, which is {z(up) - z(at):.6g} more."
    length = math.hypot(*slopes) * 0.01
    yield rf"the length $0.01 \cdot \sqrt{{3^2 + 2^2 + 1^2}} = {length:.4f}$."
    yield f"by $b$ alone gives only {z([2, 3, 1 + length]) - z(at):.4f} more"
    yield f"and $z$ falls to {z([x - 0.01 * number for x, number in zip(at, slopes)]):.6g}."
    calls = []
    kit.derivatives.gradient(lambda xs: calls.append(xs) or 0.0, [0.0] * 1000)  # type: ignore[func-returns-value]
    yield f"{len(calls):,} for a thousand inputs"


def of_formulas() -> Iterator[str]:
    x, w = [1, 2, 3], [0.1, 0.2, 0.3]
    products = [a * b for a, b in zip(x, w)]
    differences = [product - a for product, a in zip(products, x)]
    loss = kit.derivatives.vector_product(x, w)[0]
    assert math.isclose(loss, sum(differences) / 3)
    assert all(number < 0 for number in differences)
    yield f"the products are $z = {listed(products)}$"
    yield f"are ${listed(differences)}$, their sum is {sum(differences):.6g}"
    yield f"$L = \\frac{{{sum(differences):.6g}}}{{3}} \\approx {loss:.4f}$"
    halves = kit.derivatives.gradient(lambda p: (3 * p[0] + 2 * p[1]) / 2, [4.0, 5.0])
    yield rf"has the slope $\frac{{{halves[0] * 2:.6g}}}{{2}}$ by $x$ and {halves[1]:.6g} by $y$"
    yield f"(The mean of $w$ alone happens to be {sum(w) / 3:g}.)"


def listed(numbers: list[float]) -> str:
    """A list, as it stands in a formula."""
    return f"[{', '.join(f'{number:.6g}' for number in numbers)}]"
