"""The numbers of a chapter of the book: see test_book_numbers.py."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator
from typing import Any

from oracle import Value, kit, values

GIVEN: tuple[str, ...] = (
    "$L = (a \\cdot b + c) \\cdot f$ once more, at $a = 2$, $b = -3$, $c = 10$, $f = -2$",
    "-1 \\cdot 2^{-2}",
    "$x^{0.5}$, the square root",
    "0.5 \\cdot 4^{-0.5}",
    "a gradient of 100 from above",
    "at 0.01 the slope",
    "Python allows about 1,000 calls inside one another",
)

Expression = Callable[..., Any]
H = 1e-5


def slopes(f: Expression, *xs: float) -> list[float]:
    """Give the slope of f in each input by central differences: plain numbers, no engine."""
    found = []
    for i in range(len(xs)):
        up, down = list(xs), list(xs)
        up[i] += H
        down[i] -= H
        found.append(round((f(*up) - f(*down)) / (2 * H), 6))
    return found


def gradients(f: Expression, *xs: float) -> list[float]:
    """Give the same by the solution's backward, and find both equal."""
    nodes = values(xs)
    f(*nodes).backward()
    assert [round(node.grad, 4) for node in nodes] == [round(slope, 4) for slope in slopes(f, *xs)]
    return [node.grad for node in nodes]


def local(f: Expression, upstream: float, *xs: float) -> list[float]:
    """Give what one operation hands to its inputs when this arrives from above."""
    nodes = values(xs)
    out = f(*nodes)
    out.grad = upstream
    out._backward()
    return [node.grad for node in nodes]


def claims() -> Iterator[str]:
    """Pieces of the text, with the numbers worked out."""
    yield from one_rule()
    yield from operations()
    yield from derived()
    yield from order()
    yield from whole()


def one_rule() -> Iterator[str]:
    """The upstream gradient, and gradients that add up."""
    of_e = kit.chain_rule.manual_backprop(2, -3, 10, -2)["e"]
    (of_a,) = local(lambda a: a * -3, of_e, 2)
    (slope,) = local(lambda a: a * -3, 1, 2)
    yield f"The product knows it: ${slope:g}$."
    yield f"stands in `out.grad`: ${of_e:g}$."
    yield f"= ({slope:g}) \\cdot ({of_e:g}) = {of_a:g}"
    yield f"Without it `a` would get ${slope:g}$"
    yield f"$b = 2a$ has the slope {gradients(lambda a: a + a, 3)[0]:g}"

    a, b = values([-2, 3])
    product, total = a * b, a + b
    y = product * total
    y.backward()
    paths = {x: (product.grad * slope, total.grad) for x, slope in ((a, b.data), (b, a.data))}
    yield f"the product is ${product.data:g}$, the sum is {total.data:g}, and $y = {y.data:g}$."
    yield f"the gradient {product.grad:g} (the sum), and the sum gets ${total.grad:g}$ (the product)"
    of_x, of_y = gradients(lambda a, b: (a * b) * (a + b), -2, 3)
    assert [sum(paths[a]), sum(paths[b])] == [of_x, of_y]
    yield f"&= {product.grad:g} \\cdot {b.data:g} + ({total.grad:g}) \\cdot 1 = {of_x:g} \\\\"
    yield f"&= {product.grad:g} \\cdot ({a.data:g}) + ({total.grad:g}) \\cdot 1 = {of_y:g} \\end"
    yield f"Leave out one path of `a`, and you get {paths[a][0]:g} or ${paths[a][1]:g}$"


def operations() -> Iterator[str]:
    """Every operation with a slope of its own."""
    both = local(lambda a, b: a + b, 5, 3, 4)
    assert both == [5, 5]
    yield f"both get {both[0]:g}, and in `a + a` the node `a` gets {local(lambda a: a + a, 5, 3)[0]:g}."
    of_a, of_b = local(lambda a, b: a * b, 2, 3, 4)
    yield f"&= 4 \\cdot 2 = {of_a:g} \\\\"
    yield f"&= 3 \\cdot 2 = {of_b:g} \\end"
    yield f"at $a = 3$ its slope is $3 + 3 = {gradients(lambda a: a * a, 3)[0]:g}$, as it should be for $a^2$"

    def power(x: float, n: float) -> float:
        return gradients(lambda a: a**n, x)[0]

    assert power(3, 2) == gradients(lambda a: a * a, 3)[0]
    yield f"At $x = 3$ the slope of $x^2$ is $2 \\cdot 3 = {power(3, 2):g}$"
    yield f"that of $x^3$ is $3 \\cdot {3**2} = {power(3, 3):g}$"
    yield f"has at 2 the slope $-1 \\cdot 2^{{-2}} = {power(2, -1):g}$"
    yield f"has at 4 the slope $0.5 \\cdot 4^{{-0.5}} = {power(4, 0.5):g}$"
    assert all(1.0**n == 1 for n in range(-9, 9))

    [slope] = slopes(math.exp, 2)
    assert f"{Value(2.0).exp().data:.3f}" == f"{slope:.3f}"
    yield f"at 2 it is {slope:.3f}"
    [slope] = slopes(math.log, 4)
    yield f"at 4 the logarithm is {math.log(4):.3f} and its slope {slope:g}; at 0.01 the slope is {1 / 0.01:g}."

    at: dict[float, float] = {}
    for x in (0, 0.5, 2, 5):
        a = Value(float(x))
        a.tanh().backward()
        at[x] = a.grad
        assert abs(a.grad - slopes(math.tanh, x)[0]) < 1e-6
    yield f"At 0 the slope is {at[0]:g}, at 0.5 it is {at[0.5]:.4f}, at 2 it is {at[2]:.4f}, and at 5 only {at[5]:.5f}."
    yield f"a gradient of 100 from above arrives below as {100 * at[5]:.3f}"
    yield f"with 5 from above, an input of 3 gets {local(Value.relu, 5, 3)[0]:g}"
    assert local(Value.relu, 5, -2) == local(Value.relu, 5, 0) == [0]


def derived() -> Iterator[str]:
    """Negation, difference, quotient, and the reflected operations."""
    yield f"At $a = 5$ the result is ${(-Value(5.0)).data:g}$ and the slope ${gradients(lambda a: -a, 5)[0]:g}$."
    of_a, of_b = gradients(lambda a, b: a - b, 5, 3)
    yield f"At 5 and 3 it is {(Value(5.0) - 3).data:g}, and the slopes are {of_a:g} and ${of_b:g}$."
    of_a, of_b = gradients(lambda a, b: a / b, 6, 3)
    assert math.isclose(of_b, -6 / 3**2)
    yield f"At 6 and 3 it is {(Value(6.0) / 3).data:g}, and the slopes are"
    yield f"$\\frac{{1}}{{3}} = {of_a:.4f}$ and $-\\frac{{6}}{{{3**2}}} = {of_b:.4f}$"
    yield f"$2 - a = {(2 - Value(4.0)).data:g}$ with the slope ${gradients(lambda a: 2 - a, 4)[0]:g}$"
    [of_a] = gradients(lambda a: 2 / a, 4)
    yield f"$\\frac{{2}}{{a}} = {(2 / Value(4.0)).data:g}$ with the slope $-\\frac{{2}}{{{4**2}}} = {of_a:g}$"


def order() -> Iterator[str]:
    """y = b * (b + 1) with b = a + a, backward in several orders."""

    def graph() -> list[Any]:
        a = Value(1.0)
        b = a + a
        s = b + 1
        y = b * s
        y.grad = 1.0
        y._backward()
        return [a, b, s, y]

    a, b, s, y = graph()
    [right] = gradients(lambda a: (a + a) * (a + a + 1), 1)
    yield f"Forward this gives $b = {b.data:g}$, $s = {s.data:g}$, $y = {y.data:g}$"
    yield f"as $y = 4a^2 + 2a$, the slope must be $8 + 2 = {right:g}$"
    assert slopes(lambda a: 4 * a**2 + 2 * a, 1) == [right] == [8 + 2]
    yield f"It hands {b.grad:g} to `b` and {s.grad:g} to `s`."

    first = b.grad
    b._backward()
    wrong = a.grad
    s._backward()
    yield f"Above, b hands on its {first:g} before s has handed it {s.grad:g} more, and a ends with {wrong:g}."
    yield f"`b` has {first:g}, hands {first:g} to `a` twice, and so `a` has {wrong:g}."
    yield f"`s` hands its {s.grad:g} to `b`. Now `b` has {b.grad:g}, which is right, but"
    yield f"`a` stays at {wrong:g}."
    b._backward()
    yield f"`b` hands on its {first:g}, and later its {b.grad:g}, twice each: `a` gets {a.grad:g}."

    a, b, s, y = graph()
    s._backward()
    b._backward()
    assert a.grad == right
    yield f"Below, b waits until it has {b.grad:g}, and a ends with {a.grad:g}."
    yield f"`s` hands {s.grad:g} to `b`, which then has {b.grad:g}, and hands {b.grad:g} to `a` twice: {a.grad:g}."

    def visit(node: Any, seen: list[Any], before: list[Any], after: list[Any]) -> None:
        if node in seen:
            return
        seen.append(node)
        before.append(node)
        for child in node._prev:
            visit(child, seen, before, after)
        after.append(node)

    before: list[Any] = []
    after: list[Any] = []
    visit(y, [], before, after)
    names = {a: "a", b: "b", s: "s", y: "y", s._prev[1]: "1"}
    yield f"The list reads `{', '.join(names[node] for node in after)}`"
    yield f"the list is `{', '.join(names[node] for node in before)}`. No way of reading it"

    x = Value(1.0)
    paths = {x: 1}
    for _ in range(20):
        x = x + x
        paths[x] = sum(paths[child] for child in x._prev)
    yield (
        "twenty doublings in a row, each `x = x + x`, make "
        f"{len(kit.engine.topological_sort(x))} nodes, but {paths[x]:,} paths"
    )


def whole() -> Iterator[str]:
    """All of it together, and the deep graph."""
    a = Value(1.0)
    b = a + a
    c = b + b
    c.backward()
    yield f"`c` has {c.grad:g}, `b` gets $1 + 1 = {b.grad:g}$, `a` gets $2 + 2 = {a.grad:g}$."
    yield f"The second slope alone is {gradients(lambda a: a * a, 3)[0]:g}."

    def long(a: Any, b: Any) -> Any:
        c = a + b
        d = a * b + b**3
        c = c + (c + 1)
        c = c + (1 + c + (-a))
        d = d + (d * 2 + relu(b + a))
        d = d + (3 * d + relu(b - a))
        f = (c - d) ** 2
        return f / 2.0 + 10.0 / f

    def relu(x: Any) -> Any:
        return x.relu() if isinstance(x, Value) else max(x, 0)

    gradients(long, -4, 2)
    assert math.isclose(long(Value(-4.0), Value(2.0)).data, long(-4, 2), rel_tol=1e-14)
    yield f"In full, $g = {long(-4, 2)!r}$"

    x = y = Value(1.0)
    for _ in range(10_000):
        y = y + x
    y.backward()
    deep = len(kit.engine.topological_sort(y))
    assert deep > sys.getrecursionlimit()
    yield f"are a chain of {deep:,} nodes"
    yield f"`x.grad` is {x.grad:,.0f}."
