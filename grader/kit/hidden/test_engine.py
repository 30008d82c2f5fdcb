"""Chapter 3, the operations. Each is judged alone: one node is given a gradient and hands it on."""

from __future__ import annotations

import functools
from typing import Any

import pytest

from grader.kit.asking import Check, Draw

# Exercise -> its expressions, the range of a, and an integer that suits all of them.
UNARY: dict[str, tuple[list[str], float, float, int]] = {
    "pow": (["a ** 3", "a ** -1", "a ** 2", "a ** 0.5"], 0.3, 3.0, 3),
    "exp": (["a.exp()"], -2.0, 2.0, -2),
    "log": (["a.log()"], 0.2, 5.0, 4),
    "tanh": (["a.tanh()"], -2.0, 2.0, -2),
    "relu": (["a.relu()"], -3.0, 3.0, 3),
}
# Ranges that lie far from those.
FAR = {
    "pow": ((8.0, 30.0), (0.01, 0.09)),
    "exp": ((4.0, 9.0), (-30.0, -9.0)),
    "log": ((200.0, 9000.0), (0.001, 0.09)),
    "tanh": ((3.0, 5.0), (-5.0, -3.0)),
    "relu": ((50.0, 900.0), (-900.0, -50.0)),
}
BINARY = {"add": "a + b", "mul": "a * b"}

# From a node down through whatever it was made of.
EVERY_NODE = "nodes = [y]\nfor node in nodes: node._backward(); nodes.extend(node._prev)"


def _marked(ids: Any) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("op", [pytest.param(i, marks=pytest.mark.exercise(i)) for i in ids])


def _upstream(draw: Draw) -> float:
    return draw.real(-2.5, 2.5)


@_marked(BINARY)
def test_slopes(check: Check, draw: Draw, op: str) -> None:
    """Each input gets its local slope times the gradient from above.

    Whole numbers are data like any other, and plain numbers operands.
    """
    for low_a, low_b in ((0.1, 0.1), (-3.0, 0.1), (-3.0, -3.0)):
        inputs = {"a": draw.real(low_a, low_a + 2.9), "b": draw.real(low_b, low_b + 2.9)}
        check.slopes(inputs, f"y = {BINARY[op]}", upstream=_upstream(draw))
    whole: dict[str, float] = {"a": draw.random.choice([-4, -3, 3, 5]), "b": -6}
    for inputs in ({"a": 0.0, "b": draw.real()}, whole):
        check.slopes(inputs, f"y = {BINARY[op]}", upstream=_upstream(draw))
    check.slopes({"a": draw.real()}, f"y = {BINARY[op].replace('b', str(draw.real()))}", upstream=_upstream(draw))
    far: dict[str, float] = {"a": draw.real() * 1000, "b": draw.real() / 1000}
    check.slopes(far, f"y = {BINARY[op]}", upstream=_upstream(draw), smooth=False)


@_marked(UNARY)
def test_slope(check: Check, draw: Draw, op: str) -> None:
    """The input gets its local slope times the gradient from above.

    Whole numbers are data like any other.
    """
    expressions, low, high, whole = UNARY[op]
    middle = (low + high) / 2
    for expression in expressions:
        for range_low, range_high in ((low, middle), (middle, high)):
            check.slopes({"a": draw.real(range_low, range_high)}, f"y = {expression}", upstream=_upstream(draw))
    check.slopes({"a": whole}, f"y = {expressions[0]}", upstream=_upstream(draw))
    for far in FAR[op]:
        a = round(draw.random.uniform(*far), 3)
        check.slopes({"a": a}, f"y = {expressions[0]}", upstream=_upstream(draw), smooth=False)
    for a, upstream in ((0.4, -0.7), (-1.6, 1.3), (1.6, -2.1)) if op in ("pow", "relu") else ():
        expression = {"pow": "y = a ** 4", "relu": "y = a.relu()"}[op]
        check.slopes({"a": round(a + draw.real(-0.3, 0.3), 2)}, expression, upstream=upstream)


@_marked(["pow", "exp", "tanh", "relu"])
def test_at_zero(check: Check, draw: Draw, op: str) -> None:
    """At 0 the value and the slope are right as well (the slope of relu at 0 is 0)."""
    for expression in {"pow": ["a ** 2", "a ** 3", "a ** 1"]}.get(op, UNARY[op][0]):
        for a in (0.0, draw.real(0.1, 0.5)):
            check.slopes({"a": a}, f"y = {expression}", upstream=abs(_upstream(draw)), smooth=op != "relu")


@pytest.mark.exercise("tanh")
def test_far_out(check: Check, draw: Draw) -> None:
    """tanh of a large number is 1 or -1 with slope 0, without an overflow."""
    for a in (draw.real(900, 1100), draw.real(-1100, -900), draw.real(0.3, 0.9)):
        check.slopes({"a": a}, "y = a.tanh()", upstream=_upstream(draw))


@_marked([*BINARY, *UNARY])
def test_adds_up(check: Check, draw: Draw, op: str) -> None:
    """Gradients add up: to what an input has already, and over all the uses of an input."""
    inputs = {"a": draw.real(0.2, 1.9)} | ({"b": draw.real()} if op in BINARY else {})
    expression = BINARY.get(op) or UNARY[op][0][0]
    if not check.style.adds_up():  # no operation's fault, where backward() does the adding
        check.slopes(inputs, f"y = {expression}", upstream=_upstream(draw))
        return
    if not check.style.sets_gradients() or check.style.clears():  # then every use has to stand in one expression
        one, inputs, upstream = expression.replace("b", "a"), {"a": draw.real(0.2, 1.9)}, _upstream(draw)
        # Beside the input itself first: so an assigned gradient differs from a _backward that hangs on an input.
        uses = [[one]] if op in BINARY else [[f"{one} {sign} {other}" for sign in "+*"] for other in ("a", one)]
        for ways in uses:
            ask = (
                functools.partial(check.slopes, inputs, f"y = {way}", upstream=upstream, run=EVERY_NODE) for way in ways
            )
            check.either(*ask)
        return
    earlier = "; ".join(f"{name}.grad = {draw.real()!r}" for name in inputs)
    check.slopes(inputs, f"y = {expression}; {earlier}", upstream=_upstream(draw), smooth=False)
    if op == "relu":  # below 0 there is nothing to add, and nothing to take away
        check.slopes({"a": -draw.real(0.2, 1.9)}, f"y = {expression}; {earlier}", upstream=1.5, smooth=False)
    if op in BINARY:
        check.slopes({"a": draw.real()}, f"y = {expression.replace('b', 'a')}", upstream=_upstream(draw))
    upstream = _upstream(draw)
    twice = f"y = {expression}; z = {expression}; z.grad = {round(1.7 * upstream, 3)}"
    check.slopes(inputs, twice, upstream=upstream, run="y._backward(); z._backward()", smooth=False)


def _check_children(check: Check, script: str, made_of: dict[str, str]) -> None:
    """The children of each node, also of those that no set can hold."""
    reads = [f"list({node}._prev)" for node in made_of]
    answers = check.ask(script, *reads)
    for read, got, names in zip(reads, answers, made_of.values(), strict=True):
        wanted: list[Any] = [{"node": name} for name in names]
        others = [item for item in got if item not in wanted] if type(got) is list else [got]
        # A number that was made a Value is a child like any other.
        if not all(node in got for node in wanted) or any(type(o) is not dict or "value" not in o for o in others):
            check.fail(script, read, got, f"{' and '.join(names)}, in any order")


@_marked([*BINARY, *UNARY])
def test_in_the_middle(check: Check, draw: Draw, op: str) -> None:
    """On a node in the middle of an expression the gradient is handed on all the way down.

    So a result knows what it was made of.
    """
    inputs = {name: draw.real(0.3, 1.4) for name in ("abcd" if op in BINARY else "a")}
    if op == "log":
        inputs["a"] = draw.real(3.1, 5.0)  # the logarithm of it is above 0 too
    if op in BINARY:
        m, n, y = (BINARY[op].replace("a", one).replace("b", other) for one, other in ("ab", "cd", "mn"))
        nodes, body = "ymn", f"m = {m}; n = {n}; y = {y}"
    else:
        expression = UNARY[op][0][0]
        nodes, body = "ym", f"m = {expression}; y = {expression.replace('a', 'm', 1)}"
    check.slopes(inputs, body, upstream=_upstream(draw), run="; ".join(f"{node}._backward()" for node in nodes))
    make = "; ".join(f"{name} = Value({number})" for name, number in inputs.items())
    by_name = functools.partial(check, f"{make}; {body}", *(f"set({node}._prev)" for node in nodes))
    by_walking = functools.partial(check, f"{make}; {body}; y.backward()", *(f"{name}.grad" for name in inputs))
    made_of = {"y": "mn" if op in BINARY else "m", "m": "ab" if op in BINARY else "a"}
    check.either(by_name, by_walking, functools.partial(_check_children, check, f"{make}; {body}", made_of))


@_marked(BINARY)
def test_in_place(check: Check, draw: Draw, op: str) -> None:
    """a += b makes a new node: whoever still holds the old one finds it unchanged."""
    body = f"y = a; y {BINARY[op][2]}= b"
    check.slopes({"a": draw.real(), "b": draw.real()}, body, upstream=_upstream(draw), also=["a.data", "y is a"])


COMBINED = {
    "neg-sub": [["y = -a"], ["y = a - b", "y = a - 2.5"]],
    "div": [["y = a / b", "y = b / a"], ["y = a / 4", "y = a / -2.5"]],
}


@_marked(COMBINED)
@pytest.mark.parametrize("which", [0, 1])
def test_combined(check: Check, draw: Draw, op: str, which: int) -> None:
    """An operation made of others gives the right value and the right gradients."""
    for body in COMBINED[op][which]:
        for low in (0.3, -3.0):
            inputs = {name: draw.real(low, low + 2.7) for name in "ab" if name in body.partition("=")[2]}
            check.slopes(inputs, body, upstream=_upstream(draw), run=EVERY_NODE)


@_marked(COMBINED)
def test_combined_with_itself(check: Check, draw: Draw, op: str) -> None:
    """With the same Value on both sides the gradients of both uses add up."""
    body = {"neg-sub": "y = a - a", "div": "y = a / a"}[op]
    if check.style.adds_up():
        check.slopes({"a": draw.real()}, body, upstream=_upstream(draw), run=EVERY_NODE)
    body = {"neg-sub": "y = a - b", "div": "y = a / b"}[op]
    check.slopes({"a": 3, "b": -4}, body, upstream=_upstream(draw), run=EVERY_NODE)


@pytest.mark.exercise("reflected")
@pytest.mark.parametrize("sign", ["+", "-", "*", "/"])
def test_number_first(check: Check, draw: Draw, sign: str) -> None:
    """A plain number may stand on the left of +, -, * and /."""
    for number in (draw.real(), draw.random.choice([3, -4, 5])):
        check.slopes({"a": draw.real()}, f"y = {number} {sign} a", upstream=_upstream(draw), run=EVERY_NODE)


@pytest.mark.exercise("reflected")
def test_sum_of_a_list(check: Check, draw: Draw) -> None:
    """sum([a, b, c]) works: it starts with 0 + a."""
    a, b, c = draw.reals(3)
    check.slopes({"a": a, "b": b, "c": c}, "y = sum([a, b, c])", upstream=_upstream(draw), run=EVERY_NODE)
