"""Chapter 3, sorting and backward: judged on graphs made by hand, whose nodes know their own local slopes, so that no
operation is needed."""

from __future__ import annotations

import functools
import string
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import pytest

from grader.kit.asking import Check, Draw

# A node that hands its gradient on to each child, times the slope of the edge that leads there.
MAKE_NODE = """def node(data, *edges):
    made = Value(data, tuple(child for child, slope in edges))
    def hand_on():
        for child, slope in edges: child.grad += slope * made.grad
    made._backward = hand_on
    return made
"""
NOTE_ORDER = """ran = []
def note(node, name): node._backward = lambda: ran.append(name)
"""
# As well: what gradient did a node have, when it had its turn?
NOTE_GRADIENTS = """ran, had = [], []
def note(node, name): node._backward = lambda: (ran.append(name), had.append(node.grad))
"""

Edges = dict[int, dict[int, float]]  # {node: {child: local slope}}, children having smaller numbers


@dataclass(frozen=True)
class Graph:
    """A graph whose nodes know their own local slopes, and have data that say nothing: many have the same.

    slopes: {name: {child: local slope}}. order: the names, each after its children; the last is the root. One more
    node, the outsider, is no part of it.
    """

    slopes: dict[str, dict[str, float]]
    order: list[str]
    outsider: str

    @property
    def root(self) -> str:
        return self.order[-1]

    def as_chain(self) -> Graph:
        """The same nodes in a row: where nothing has several users, nothing has to add up."""
        below = dict(pairwise(self.order))
        return Graph({node: {child: 1.0} for child, node in below.items()}, self.order, self.outsider)

    def of_values(self) -> str:
        """Lines that make it of Values that know their children."""
        lines = []
        for name, data in self._data().items():
            children = ", ".join(self.slopes.get(name, {}))
            one = "," if len(children) == 1 else ""
            lines.append(f"{name} = Value({data}, ({children}{one}))" if children else f"{name} = Value({data})")
        return "\n".join(lines)

    def by_hand(self) -> str:
        """Lines that make it of Values that know their children and their slopes."""
        lines = []
        for name, data in self._data().items():
            edges = "".join(f", ({child}, {slope})" for child, slope in self.slopes.get(name, {}).items())
            lines.append(f"{name} = node({data}{edges})")
        return MAKE_NODE + "\n".join(lines)

    def with_operation(self, sign: str) -> str:
        """Lines that make it, edge for edge, with one operation of two Values: its slopes count."""
        lines = []
        for k, name in enumerate(self._data()):
            parts = [*self.slopes.get(name, {})]
            if len(parts) == 1:
                parts.append(f"Value({1 + k / 8})")
            lines.append(f"{name} = {f' {sign} '.join(parts) or f'Value({1 + k / 8})'}")
        return "\n".join(lines)

    def _data(self) -> dict[str, float]:
        """The nodes as they are made, with data in no particular order."""
        return {name: (2 * k + 1) % 3 - 1.5 for k, name in enumerate([self.outsider, *self.order])}


def _graph(draw: Draw, edges: Edges, n: int) -> Graph:
    """The graph of these edges and n nodes, with names that are drawn."""
    names = draw.random.sample(string.ascii_lowercase[: n + 1], n + 1)
    named = {names[i]: {names[j]: slope for j, slope in slopes.items()} for i, slopes in edges.items()}
    return Graph(named, names[:n], names[n])


def _random_graph(draw: Draw, n: int) -> Graph:
    """A graph of n nodes in which all are below the root, many of them on several paths."""
    edges: Edges = {}
    for i in range(1, n):
        children = draw.random.sample(range(i), k=min(i, draw.random.choice([1, 2, 2, 3])))
        edges[i] = {j: draw.real() for j in children}
    used = {j for slopes in edges.values() for j in slopes}
    edges[n - 1] |= {j: draw.real() for j in range(n - 1) if j not in used}
    return _graph(draw, edges, n)


def _small_graphs(draw: Draw) -> list[Graph]:
    a, b, c, d, e, f = draw.reals(6)
    small: list[tuple[Edges, int]] = [
        ({1: {0: a}}, 2),
        ({1: {0: a}, 2: {0: b, 1: c}}, 3),  # 0 is used directly and through 1: it must wait for 1
        ({1: {0: a}, 2: {1: b, 0: c}}, 3),
        ({1: {0: a}, 2: {0: b}, 3: {1: c, 2: d}}, 4),  # a diamond
        ({1: {0: a}, 2: {1: b}, 3: {2: c, 0: d}, 4: {3: e, 1: f}}, 5),
        ({1: {0: a}, 2: {0: b}, 3: {1: 0.0, 2: c}}, 4),  # 1 gets a gradient of 0, and that is no reason to stop
        ({1: {0: a}, 2: {0: b}, 3: {1: c, 2: 0.0}}, 4),
    ]
    return [_graph(draw, edges, n) for edges, n in small]


def _sorts_by_hand(check: Check) -> bool:
    """Whether there is a topological_sort, and graphs can be made for it without operations."""
    return check.has("topological_sort") and check.style.takes_children()


def _check_sort(check: Check, graph: Graph) -> None:
    """topological_sort lists every node exactly once, each after its children."""
    script, read = graph.of_values(), f"topological_sort({graph.root})"
    (answer,) = check.ask(script, read)
    names = [item.get("node") if type(item) is dict else None for item in answer] if type(answer) is list else []
    place = {name: i for i, name in enumerate(names) if type(name) is str}
    in_order = set(place) == set(graph.order) and all(
        place[child] < place[node] for node, slopes in graph.slopes.items() for child in slopes
    )
    if len(names) != len(graph.order) or not in_order:
        example = f": for example {', '.join(graph.order)}" if len(graph.order) < 7 else ""
        check.fail(script, read, answer, f"each node once, after its children{example}")


def _noting_order(graph: Graph, note: str = NOTE_ORDER) -> str:
    """Lines in which every node notes when backward() has it run."""
    notes = "\n".join(f"note({name}, {name!r})" for name in sorted(graph.order))
    return f"{graph.of_values()}\n{note}{notes}\n{graph.root}.backward()"


def _check_order_of_backward(check: Check, graph: Graph) -> None:
    """backward() runs the _backward of every node once, before those of its children; leaves have nothing to run."""
    (ran,) = check.ask(_noting_order(graph), "ran")
    names = [node for node in ran if type(node) is str] if type(ran) is list else []
    place = {node: i for i, node in enumerate(names)}
    for leaf in set(graph.order) - set(graph.slopes):
        place.setdefault(leaf, len(graph.order))
    in_order = set(place) == set(graph.order) and all(
        place[node] < place[child] for node, slopes in graph.slopes.items() for child in slopes
    )
    if not in_order or len(set(names)) != len(names) or len(names) != len(ran):
        check.fail(
            _noting_order(graph), "ran", ran, "each node once, before its children: it hands on only what it has all of"
        )


def _check_gradients(check: Check, graph: Graph, sign: str, seeds: bool) -> None:
    """On a graph made with one operation every node ends with the right gradient.

    seeds: whether backward() has to begin with a gradient of 1 by itself.
    """
    walk = f"{graph.root}.backward()" if seeds else check.style.walk(graph.root)
    script = f"{graph.with_operation(sign)}\n{walk}"
    check(script, *(f"{name}.grad" for name in reversed(graph.order)))


def _by_sums_or_products(check: Check, graph: Graph, seeds: bool) -> list[Callable[[], None]]:
    """The two ways to ask for the gradients of a graph that is made with an operation: whichever of them is right."""
    return [functools.partial(_check_gradients, check, graph, sign, seeds) for sign in "+*"]


def _either(check: Check, by_hand: Callable[[], None], *with_operations: Callable[[], None]) -> None:
    """Ask on a graph made by hand, or of operations. What suits the style comes first: the first failure is shown."""
    suits = check.style.nodes_hand_on()
    check.either(*((by_hand, *with_operations) if suits else (*with_operations, by_hand)))


def _check_order(check: Check, graph: Graph) -> None:
    """Judge the sort where there is one, else the order in which backward() works, or what comes of it."""
    if _sorts_by_hand(check):
        _check_sort(check, graph)
    else:
        if not check.style.adds_up():  # that is a matter of backward, and not of the order
            graph = graph.as_chain()
        by_hand = functools.partial(_check_order_of_backward, check, graph)
        _either(check, by_hand, *_by_sums_or_products(check, graph, seeds=False))


def _check_one_child_twice(check: Check, draw: Draw) -> None:
    """A node that stands twice among the children of another is still one node."""
    a, b, c = draw.random.sample("abc", 3)
    script = f"{a} = Value({draw.real()}); {b} = Value({draw.real()}, ({a},)); {c} = Value({draw.real()}, ({b}, {b}))"
    if _sorts_by_hand(check):
        check(script, f"topological_sort({c})")
    else:
        by_hand = functools.partial(
            check, f"{script}\n{NOTE_ORDER}note({b}, {b!r}); note({c}, {c!r}); {c}.backward()", "ran"
        )
        x, y = draw.reals(2)
        ways = (f"a = Value({x}); b = a {sign} Value({y}); c = b {sign} b; {check.style.walk('c')}" for sign in "+*")
        reads = ["b.grad", "a.grad"] if check.style.adds_up() else ["c.grad"]
        _either(check, by_hand, *(functools.partial(check, way, *reads) for way in ways))


@pytest.mark.exercise("topological-sort")
def test_small_graphs(check: Check, draw: Draw) -> None:
    """Every node comes once and after its children, in a chain and in a diamond; every call begins anew."""
    if _sorts_by_hand(check):
        a, b, c = draw.random.sample("abc", 3)
        script = f"{a} = Value({draw.real()}); {b} = Value({draw.real()}, ({a},)); {c} = Value({draw.real()})"
        check(f"{script}; topological_sort({b})", f"topological_sort({c})")
    for graph in _small_graphs(draw):
        _check_order(check, graph)
    _check_one_child_twice(check, draw)


@pytest.mark.exercise("topological-sort")
def test_shared_nodes(check: Check, draw: Draw) -> None:
    """Nodes that many others use still come once, whatever order they were made in."""
    for n in (5, 6, 6, 8, 8, 10):
        _check_order(check, _random_graph(draw, n))


@pytest.mark.exercise("topological-sort")
def test_only_what_is_below(check: Check, draw: Draw) -> None:
    """A single node is its own order, and nodes above it are no part of it."""
    if _sorts_by_hand(check):
        a, b, c = draw.random.sample("abcd", 3)
        script = (
            f"{a} = Value({draw.real()}); {b} = Value({draw.real()}, ({a},)); {c} = Value({draw.real()}, ({b}, {a}))"
        )
        check(script, f"topological_sort({a})", f"topological_sort({b})")
    else:
        x, y, z = draw.reals(3)
        make = f"a = Value({x}); b = a + Value({y}); c = b + Value({z}); {check.style.walk('b')}"
        scripts = (make, make.replace("+", "*"))
        check.either(*(functools.partial(check, script, "a.grad", "b.grad", "c.grad") for script in scripts))


@pytest.mark.exercise("topological-sort")
def test_many_paths(check: Check, draw: Draw) -> None:
    """Twenty diamonds in a row are few nodes on a million paths: each node is visited once, not once a path."""
    start, n = draw.real(), draw.random.randrange(20, 23)
    if _sorts_by_hand(check):
        script = (
            f"root = Value({start})\n"
            f"for i in range({n}): root = Value(i, (Value(i + 0.25, (root,)), Value(i + 0.5, (root,))))"
        )
        want = [start + sum(3 * i + 0.75 for i in range(n)), 3 * n + 1]
        read = "[sum(node.data for node in order), len(order)]"
        check.equals(want, f"{script}\norder = topological_sort(root)", read, cpu_seconds=0.3)
    else:
        # Sums double what arrives, products of a 1 as well.
        scripts = (
            f"a = Value(1.0); root = a\n"
            f"for i in range({n}): root = (root {sign} Value({other})) {sign} (root {sign} Value({other}))\n"
            f"{check.style.walk('root')}"
            for sign, other in (("+", 0.25), ("*", 1.0))
        )
        total, read = (2.0**n, "a.grad") if check.style.adds_up() else (1.0, "root.grad")
        ask = check.equals
        check.either(*(functools.partial(ask, total, script, read, cpu_seconds=0.3) for script in scripts))


@pytest.mark.exercise("topological-sort")
def test_a_wide_graph(check: Check, draw: Draw) -> None:
    """Thousands of nodes are sorted in an instant: finding out whether a node was visited must not take a search."""
    start = draw.real()
    if _sorts_by_hand(check):
        n = draw.random.randrange(6_000, 6_500)
        script = f"leaves = [Value(0.25) for _ in range({n})]; root = Value({start}, tuple(leaves))"
        read = "sum(node.data for node in topological_sort(root))"
        check.equals(start + n / 4, script, read, cpu_seconds=0.1)
    else:
        # Sums of sums, or products of products: wide, and only 13 deep.
        scripts = (
            "leaves = [Value(1.0) for _ in range(4096)]; level = leaves\n"
            f"while len(level) > 1: level = [a {sign} b for a, b in zip(level[::2], level[1::2])]\n"
            f"{check.style.walk('level[0]')}"
            for sign in "+*"
        )
        read, ask = "sum(leaf.grad for leaf in leaves)", check.equals
        check.either(*(functools.partial(ask, 4096, script, read, cpu_seconds=0.5) for script in scripts))


def _check_backward(check: Check, graph: Graph) -> None:
    """backward() leaves the right gradient in every node, of a graph made by hand or else with operations."""

    def by_hand() -> None:
        script = f"{graph.by_hand()}\n{graph.root}.backward()"
        check(script, *(f"{name}.grad" for name in reversed(graph.order)))

    _either(check, by_hand, *_by_sums_or_products(check, graph, seeds=True))


@pytest.mark.exercise("backward")
def test_seed(check: Check, draw: Draw) -> None:
    """The root's own gradient is 1, and from there the gradients of all others follow."""
    if check.style.sets_gradients():  # a root that keeps what it had is another mistake than one that is cleared
        check.note(f"a = Value({draw.real()}); a.grad = {draw.real()}; a.backward()", "a.grad")
    check(f"a = Value({draw.real()}); a.backward()", "a.grad")
    _check_backward(check, _graph(draw, {1: {0: draw.real()}}, 2))


@pytest.mark.exercise("backward")
def test_a_chain(check: Check, draw: Draw) -> None:
    """Along a chain the local slopes multiply, from the root down to the leaf."""
    for n in (3, 7):
        graph = _graph(draw, {i: {i - 1: draw.real(0.3, 1.9)} for i in range(1, n)}, n)
        if check.style.nodes_hand_on():
            # Which nodes had their turn, had the root a gradient at its own, and does backward() itself change one?
            gradients = ", ".join(f"{name}.grad" for name in graph.order)
            check.note(
                _noting_order(graph, NOTE_GRADIENTS),
                f"[name for name in ran if name in {sorted(graph.slopes)}]",
                f"[grad for name, grad in zip(ran, had) if name == {graph.root!r}]",
                f"[{gradients}]",
            )
        _check_backward(check, graph)


@pytest.mark.exercise("backward")
def test_paths_add_up(check: Check, draw: Draw) -> None:
    """Where several paths meet the gradients add up, and a node hands on its gradient only when it has all of it."""
    for graph in _small_graphs(draw):
        _check_backward(check, graph)
    s, t, u, x, y, z = draw.reals(6)
    lines = f"{MAKE_NODE}a = node({x}); b = node({y}, (a, {s})); c = node({z}, (b, {t}), (b, {u})); c.backward()"
    with_operation = (f"a = Value({x}); b = a {sign} Value({y}); c = b {sign} b; c.backward()" for sign in "+*")
    scripts = (lines, *with_operation)
    _either(check, *(functools.partial(check, script, "c.grad", "b.grad", "a.grad") for script in scripts))


@pytest.mark.exercise("backward")
def test_tangled_graphs(check: Check, draw: Draw) -> None:
    """In a tangled graph every node hands on its gradient once, in the right order."""
    for n in (6, 8, 10, 12):
        _check_backward(check, _random_graph(draw, n))


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
    products = f"a = Value({x}); y = a * Value({s}); z = a * Value({t}); y.backward(); z.backward()"
    for more in ("", "; z.backward()"):
        attempts = (f"{script}{more}" for script in (by_hand, products, products.replace("*", "+")))
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
        "v = [Value(1.0) for _ in range(300)]; root = Value(0.5)\n"
        f"for leaf in v: root = root {sign} leaf\nroot.backward()"
        for sign in "+*"
    )

    def by_hand() -> None:
        check(long, "v[390].grad", "v[0].grad")
        check(wide, "v[0].grad", "v[299].grad", "sum(leaf.grad for leaf in v)")

    reads = ("v[0].grad", "v[299].grad")
    _either(check, by_hand, *(functools.partial(check, script, *reads) for script in operations))


@pytest.mark.exercise("deep-graph")
def test_ten_thousand_nodes(check: Check, draw: Draw) -> None:
    """A chain of 10,000 nodes is walked from end to end, without a RecursionError."""
    start = draw.real()
    script = f"a = Value({start}); root = a\nfor i in range(1, 10_001): root = Value(i, (root,))"
    if _sorts_by_hand(check):
        want = [start, *range(500, 10_001, 500)]
        check.equals(want, script, "[node.data for node in topological_sort(root)[::500]]", cpu_seconds=10.0)
    else:
        scripts = (
            f"a = Value({start}); root = a\nfor i in range(10_000): root = root {sign} Value(1.0)\n"
            f"{check.style.walk('root')}"
            for sign in "+*"
        )
        check.either(*(functools.partial(check.equals, 1.0, script, "a.grad", cpu_seconds=10.0) for script in scripts))
