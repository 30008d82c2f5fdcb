"""Chapter 3. Each operation is judged alone: one node is given a gradient and hands it on. Sorting and
backward are judged on graphs made by hand, whose nodes know their own local slopes."""

from __future__ import annotations

import functools
from typing import Any

import pytest

from grader.checking import Check, Draw
from grader.compare import is_number

# Exercise -> its expressions, the range of a, and an integer that suits all of them.
UNARY: dict[str, tuple[list[str], float, float, int]] = {
    "pow": (["a ** 3", "a ** -1", "a ** 2", "a ** 0.5"], 0.3, 3.0, 3),
    "exp": (["a.exp()"], -2.0, 2.0, -2),
    "log": (["a.log()"], 0.2, 5.0, 4),
    "tanh": (["a.tanh()"], -2.0, 2.0, -2),
    "relu": (["a.relu()"], -3.0, 3.0, 3),
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
    """Each input gets its local slope times the gradient from above; whole and plain numbers count like any other."""
    for low_a, low_b in ((0.1, 0.1), (-3.0, 0.1), (-3.0, -3.0)):
        inputs = {"a": draw.real(low_a, low_a + 2.9), "b": draw.real(low_b, low_b + 2.9)}
        check.slopes(inputs, f"y = {BINARY[op]}", upstream=_upstream(draw))
    whole: dict[str, float] = {"a": draw.random.choice([-4, -3, 3, 5]), "b": -6}
    for inputs in ({"a": 0.0, "b": draw.real()}, whole):
        check.slopes(inputs, f"y = {BINARY[op]}", upstream=_upstream(draw))
    check.slopes({"a": draw.real()}, f"y = {BINARY[op].replace('b', str(draw.real()))}", upstream=_upstream(draw))


@_marked(UNARY)
def test_slope(check: Check, draw: Draw, op: str) -> None:
    """The input gets its local slope times the gradient from above; whole numbers are data like any other."""
    expressions, low, high, whole = UNARY[op]
    middle = (low + high) / 2
    for expression in expressions:
        for range_low, range_high in ((low, middle), (middle, high)):
            check.slopes({"a": draw.real(range_low, range_high)}, f"y = {expression}", upstream=_upstream(draw))
    check.slopes({"a": whole}, f"y = {expressions[0]}", upstream=_upstream(draw))
    for a, upstream in ((0.4, -0.7), (-1.6, 1.3), (1.6, -2.1)) if op in ("pow", "relu") else ():
        expression = {"pow": "y = a ** 4", "relu": "y = a.relu()"}[op]
        check.slopes({"a": a + draw.real(-0.3, 0.3)}, expression, upstream=upstream)


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
    earlier = "; ".join(f"{name}.grad = {draw.real()!r}" for name in inputs)
    check.slopes(inputs, f"y = {expression}; {earlier}", upstream=_upstream(draw), smooth=False)
    if op == "relu":  # below 0 there is nothing to add, and nothing to take away
        check.slopes({"a": -draw.real(0.2, 1.9)}, f"y = {expression}; {earlier}", upstream=1.5, smooth=False)
    if op in BINARY:
        check.slopes({"a": draw.real()}, f"y = {expression.replace('b', 'a')}", upstream=_upstream(draw))
    else:
        check.slopes(
            {"a": draw.real(0.2, 1.9)},
            f"y = {expression}; z = {expression}; z.grad = 0.7",
            upstream=_upstream(draw),
            run="y._backward(); z._backward()",
            smooth=False,
        )


@_marked([*BINARY, *UNARY])
def test_in_the_middle(check: Check, draw: Draw, op: str) -> None:
    """On a node in the middle of an expression the gradient is handed on all the way down."""
    inputs = {"a": draw.real(0.3, 1.4)} | ({"b": draw.real(0.3, 1.4)} if op in BINARY else {})
    expression = BINARY.get(op) or UNARY[op][0][0]
    body = f"m = {expression}; y = {expression.replace('a', 'm', 1)}"
    if op == "log":
        inputs["a"] = draw.real(3.1, 5.0)  # the logarithm of it is above 0 too
    check.slopes(inputs, body, upstream=_upstream(draw), run="y._backward(); m._backward()")


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
    """With the same Value on both sides the gradients of both uses add up; whole numbers work too."""
    body = {"neg-sub": "y = a - a", "div": "y = a / a"}[op]
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


# Graphs made by hand: {node: {child: local slope}}; the children of a node have smaller numbers.
Graph = dict[int, dict[int, float]]

MAKE_NODES = """graph = {graph}
v = []
for i, x in enumerate({data}): v.append(Value(x, tuple(v[j] for j in graph.get(i, {{}}))))"""
HAND_ON = """
def hand_on(i):
    for j, slope in graph.get(i, {}).items(): v[j].grad += slope * v[i].grad
for i in range(len(v)): v[i]._backward = lambda i=i: hand_on(i)"""
NOTE_ORDER = "ran = []\nfor i in range(len(v)): v[i]._backward = lambda i=i: ran.append(i)"
MAKE_WITH_OPERATIONS = """graph = {graph}
v = []
for i in range({n}):
    node = Value(0.5)
    for j, slope in graph.get(i, {{}}).items(): node = node + v[j] * slope
    v.append(node)"""


def _nodes(graph: Graph, n: int) -> str:
    """Lines that make a graph by hand, with data in no particular order."""
    data = [round((7 * i + 3) % 11 - 4.5, 1) for i in range(n)]
    return MAKE_NODES.format(graph=graph, data=data)


def _random_graph(draw: Draw, n: int) -> Graph:
    """A graph of n nodes in which all are below the last one, many of them on several paths."""
    graph: Graph = {}
    for i in range(1, n):
        children = draw.random.sample(range(i), k=min(i, draw.random.choice([1, 2, 2, 3])))
        graph[i] = {j: draw.real() for j in children}
    used = {j for slopes in graph.values() for j in slopes}
    graph[n - 1] |= {j: draw.real() for j in range(n - 1) if j not in used}
    return graph


def _small_graphs(draw: Draw) -> list[tuple[Graph, int]]:
    a, b, c, d, e, f = draw.reals(6)
    return [
        ({1: {0: a}}, 2),
        ({1: {0: a}, 2: {0: b, 1: c}}, 3),  # 0 is used directly and through 1: it must wait for 1
        ({1: {0: a}, 2: {1: b, 0: c}}, 3),
        ({1: {0: a}, 2: {0: b}, 3: {1: c, 2: d}}, 4),  # a diamond
        ({1: {0: a}, 2: {1: b}, 3: {2: c, 0: d}, 4: {3: e, 1: f}}, 5),
        ({1: {0: a}, 2: {0: b}, 3: {1: 0.0, 2: c}}, 4),  # 1 gets a gradient of 0, and that is no reason to stop
        ({1: {0: a}, 2: {0: b}, 3: {1: c, 2: 0.0}}, 4),
    ]


def _sorts_by_hand(check: Check) -> bool:
    """Whether there is a topological_sort, and graphs can be made for it without operations."""
    return check.has("topological_sort") and check.takes_children()


def _check_sort(check: Check, graph: Graph, n: int) -> None:
    """topological_sort lists every node exactly once, each after its children."""
    script, read = _nodes(graph, n), f"topological_sort(v[{n - 1}])"
    (order,) = check.ask(script, read)
    nodes = [item.get("node") if type(item) is dict else None for item in order] if type(order) is list else []
    place = {node: i for i, node in enumerate(nodes)}
    right = [f"v[{i}]" for i in range(n)]
    in_order = set(place) == set(right) and all(place[f"v[{j}]"] < place[f"v[{i}]"] for i in graph for j in graph[i])
    if len(nodes) != n or not in_order:
        example = f": for example {', '.join(right)}" if n < 7 else ""
        check.fail(script, read, order, f"each node once, after its children{example}")


def _check_order_of_backward(check: Check, graph: Graph, n: int) -> None:
    """backward() runs the _backward of every node once, before those of its children; leaves have nothing to run."""
    script = f"{_nodes(graph, n)}\n{NOTE_ORDER}\nv[{n - 1}].backward()"
    (ran,) = check.ask(script, "ran")
    place = {node: i for i, node in enumerate(ran) if is_number(node)} if type(ran) is list else {}
    for leaf in set(range(n)) - set(graph):
        place.setdefault(leaf, n)
    in_order = set(place) == set(range(n)) and all(place[i] < place[j] for i in graph for j in graph[i])
    if not in_order or len(ran) > n or len(set(map(str, ran))) != len(ran):
        check.fail(script, "ran", ran, "each node once, before its children: it hands on only what it has all of")


def _check_gradients(check: Check, graph: Graph, n: int) -> None:
    """On a graph made with operations every node ends with the right gradient."""
    script = f"{MAKE_WITH_OPERATIONS.format(graph=graph, n=n)}\nv[{n - 1}].backward()"
    check(script, *(f"v[{i}].grad" for i in reversed(range(n))))


def _check_order(check: Check, graph: Graph, n: int) -> None:
    """Judge the sort where there is one, else the order in which backward() works, or what comes of it."""
    if _sorts_by_hand(check):
        _check_sort(check, graph, n)
    else:
        judges = (_check_order_of_backward, _check_gradients)
        check.either(*(functools.partial(judge, check, graph, n) for judge in judges))


@pytest.mark.exercise("topological-sort")
def test_small_graphs(check: Check, draw: Draw) -> None:
    """Every node comes once and after its children, in a chain and in a diamond."""
    for graph, n in _small_graphs(draw):
        _check_order(check, graph, n)


@pytest.mark.exercise("topological-sort")
def test_shared_nodes(check: Check, draw: Draw) -> None:
    """Nodes that many others use still come once, whatever order they were made in."""
    for n in (5, 6, 6, 8, 8, 10):
        _check_order(check, _random_graph(draw, n), n)


@pytest.mark.exercise("topological-sort")
def test_only_what_is_below(check: Check, draw: Draw) -> None:
    """A single node is its own order, and nodes above it are no part of it."""
    if _sorts_by_hand(check):
        script = f"a = Value({draw.real()}); b = Value({draw.real()}, (a,)); c = Value({draw.real()}, (b, a))"
        check(script, "topological_sort(a)", "topological_sort(b)")
    else:
        script = f"a = Value({draw.real()}); b = a + {draw.real()}; c = b * {draw.real()}; b.backward()"
        check(script, "a.grad", "b.grad", "c.grad")


@pytest.mark.exercise("topological-sort")
def test_many_paths(check: Check, draw: Draw) -> None:
    """Forty diamonds in a row are 121 nodes on a trillion paths: each node is visited once, not once a path."""
    start = draw.real()
    if _sorts_by_hand(check):
        script = (
            f"root = Value({start})\n"
            "for i in range(40): root = Value(i, (Value(i + 0.25, (root,)), Value(i + 0.5, (root,))))"
        )
        want = [start + sum(3 * i + 0.75 for i in range(40)), 121]
        read = "[sum(node.data for node in order), len(order)]"
        check.equals(want, f"{script}\norder = topological_sort(root)", read, cpu_seconds=1.0)
    else:
        script = (
            f"a = Value({start}); root = a\n"
            "for i in range(40): root = (root + 1.5) + (root + 2.5)\n"
            f"y = root * {start}; y.backward()"
        )
        check.equals(start * 2.0**40, script, "a.grad", cpu_seconds=1.0)


@pytest.mark.exercise("topological-sort")
def test_a_wide_graph(check: Check, draw: Draw) -> None:
    """Thousands of nodes are sorted in an instant: finding out whether a node was visited must not take a search."""
    start = draw.real()
    if _sorts_by_hand(check):
        n = draw.random.randrange(12_000, 13_000)
        script = f"leaves = [Value(0.25) for _ in range({n})]; root = Value({start}, tuple(leaves))"
        read = "sum(node.data for node in topological_sort(root))"
        check.equals(start + n / 4, script, read, cpu_seconds=0.3)
    else:
        # Sums of sums: wide, and only 13 deep.
        script = "leaves = [Value(0.5) for _ in range(4096)]; level = leaves\n"
        script += "while len(level) > 1: level = [a + b for a, b in zip(level[::2], level[1::2])]\n"
        script += f"y = level[0] * {start}; y.backward()"
        check.equals(4096 * start, script, "sum(leaf.grad for leaf in leaves)", cpu_seconds=0.5)


def _check_backward(check: Check, graph: Graph, n: int) -> None:
    """backward() leaves the right gradient in every node, of a graph made by hand or else with operations."""

    def by_hand() -> None:
        script = f"{_nodes(graph, n)}{HAND_ON}\nv[{n - 1}].backward()"
        check(script, *(f"v[{i}].grad" for i in reversed(range(n))))

    check.either(by_hand, functools.partial(_check_gradients, check, graph, n))


@pytest.mark.exercise("backward")
def test_seed(check: Check, draw: Draw) -> None:
    """The root's own gradient is 1, and from there the gradients of all others follow."""
    check(f"a = Value({draw.real()}); a.backward()", "a.grad")
    _check_backward(check, {1: {0: draw.real()}}, 2)


@pytest.mark.exercise("backward")
def test_a_chain(check: Check, draw: Draw) -> None:
    """Along a chain the local slopes multiply, from the root down to the leaf."""
    for n in (3, 7):
        _check_backward(check, {i: {i - 1: draw.real(0.3, 1.9)} for i in range(1, n)}, n)


@pytest.mark.exercise("backward")
def test_paths_add_up(check: Check, draw: Draw) -> None:
    """Where several paths meet the gradients add up, and a node hands on its gradient only when it has all of it."""
    for graph, n in _small_graphs(draw):
        _check_backward(check, graph, n)


@pytest.mark.exercise("backward")
def test_tangled_graphs(check: Check, draw: Draw) -> None:
    """In a tangled graph every node hands on its gradient once, in the right order."""
    for n in (6, 8, 10, 12):
        _check_backward(check, _random_graph(draw, n), n)


@pytest.mark.exercise("backward")
def test_two_results_add_up(check: Check, draw: Draw) -> None:
    """Nothing is cleared: two results of one input, or one result twice, add up; the root begins with 1 each time."""
    s, t, x, y, z = draw.reals(5)
    by_hand = (
        f"a = Value({x}); y = Value({y}, (a,)); z = Value({z}, (a,))\n"
        f"def from_y(): a.grad += {s} * y.grad\n"
        f"def from_z(): a.grad += {t} * z.grad\n"
        "y._backward = from_y; z._backward = from_z\n"
        "y.backward(); z.backward()"
    )
    with_operations = f"a = Value({x}); y = a * {s}; z = a * {t}; y.backward(); z.backward()"
    for more in ("", "; z.backward()"):
        attempts = (f"{script}{more}" for script in (by_hand, with_operations))
        check.either(*(functools.partial(check, script, "a.grad") for script in attempts))


@pytest.mark.exercise("backward")
def test_long_and_wide(check: Check, draw: Draw) -> None:
    """A chain of 400 nodes and a node with 300 inputs are no trouble."""
    slope = 1 + draw.real(0.2, 0.9) / 1000  # so that 400 of them make neither nothing nor everything
    long = (
        f"v = [Value(0.5)]\n"
        f"def link(out, child): out._backward = lambda: setattr(child, 'grad', child.grad + {slope} * out.grad)\n"
        "for i in range(400): v.append(Value(0.5, (v[-1],))); link(v[-1], v[-2])\n"
        "v[-1].backward()"
    )
    wide = (
        "v = [Value(0.5) for _ in range(300)]; root = Value(0.5, tuple(v))\n"
        f"def hand_on():\n    for leaf in v: leaf.grad += {slope} * root.grad\n"
        "root._backward = hand_on\nroot.backward()"
    )
    operations = (
        f"v = [Value(0.5) for _ in range(300)]; root = Value(0.5)\nfor leaf in v: root = root * {slope} + leaf\n"
        "root.backward()"
    )

    def by_hand() -> None:
        check(long, "v[390].grad", "v[0].grad")
        check(wide, "v[0].grad", "v[299].grad", "sum(leaf.grad for leaf in v)")

    check.either(by_hand, lambda: check(operations, "v[0].grad", "v[299].grad"))


@pytest.mark.exercise("deep-graph")
def test_fifty_thousand_nodes(check: Check, draw: Draw) -> None:
    """A chain of 50,000 nodes is walked from end to end, without a RecursionError."""
    start = draw.real()
    script = f"a = Value({start}); root = a\nfor i in range(1, 50_001): root = Value(i, (root,))"
    if _sorts_by_hand(check):
        want = [start, *range(2_500, 50_001, 2_500)]
        check.equals(want, script, "[node.data for node in topological_sort(root)[::2500]]", cpu_seconds=10.0)
    else:
        script = (
            f"a = Value({start}); root = a\nfor i in range(50_000): root = root + 0.5\ny = root * {start}; y.backward()"
        )
        check.equals(start, script, "a.grad", cpu_seconds=10.0)
