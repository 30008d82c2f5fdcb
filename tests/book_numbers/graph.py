"""The numbers of a chapter of the book: see test_book_numbers.py."""

from __future__ import annotations

import csv
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from oracle import DATASETS, SOLUTIONS, Value, kit

from grader.explore import expression as expressions
from grader.explore.graph import graph
from grader.explore.own_code import own_code
from grader.kit import read_kit
from grader.reports import drawing
from grader.sandbox.confine import choose

GIVEN: tuple[str, ...] = (
    "graph of a = 3, b = a + a",
    "a product with -1",
    "Double a number 20 times",
    "MLP(3, [4, 4, 1])",
    "`w * 2.0` makes a new Value of the 2.0",
    "inputs and not 12",
    "the 41 parameters are shared",
    "all 41 gradients",
)


def claims() -> Iterator[str]:
    """Pieces of the text, with the numbers worked out."""
    yield from small_claims()
    yield from drawn_claims()
    yield from network_claims()


def small_claims() -> Iterator[str]:
    a = Value(3.0)
    b = a + a
    c = b * a
    c.backward()
    yield f"with the data {a.data:g}, {b.data:g} and {c.data:g}"
    yield f"its slope in $a$ is $4a = {a.grad:g}$"
    yield f"{b.data:g} on the way straight to $c$, and {a.data:g} and {a.data:g} again"
    assert a.grad == b.data + a.data + a.data == 4 * a.data
    last = first = Value(1.0)
    visits = 1
    for _ in range(20):
        last, visits = last + last, 2 * visits + 1
    last.backward()
    yield f"$2^{{20}} = {first.grad:,.0f}$".replace(",", "{,}")  # each path hands on a gradient of 1
    yield f"That is {len(kit.graph.trace(last)[0])} nodes"
    yield f"visits {visits:,} nodes"
    x = Value(3.0)
    yield f"makes {len(kit.graph.trace(3 * x**2 - 4 * x + 5)[0])} nodes of it"


def drawn_claims() -> Iterator[str]:
    """What the tool prints, of the solutions and of an engine whose + assigns."""
    yield drawn("b=a+a; c=b*a", "a=3")
    expression = "s=x+y; p=s*x; q=p+x"
    yield drawn(expression, "x=2", "y=3", ("self.grad += out.grad", "self.grad = out.grad"))
    yield f'"{expression}" x=2 y=3'
    x, y = Value(2.0), Value(3.0)
    s = x + y
    p = s * x
    q = p + x
    q.backward()
    handed = [q.grad, s.data * p.grad, s.grad]
    assert sum(handed) == x.grad
    yield f"Together {x.grad:g}, and there stands {handed[2]:g}: what $s$ handed on"


def drawn(expression: str, *inputs: Any) -> str:
    """The lines of `mg-grade graph`; a pair among the inputs changes the first such piece of the engine."""
    names = tuple(item for item in inputs if isinstance(item, str))
    with tempfile.TemporaryDirectory() as folder:
        for path in SOLUTIONS.glob("*.py"):
            shutil.copy(path, folder)
        engine = Path(folder, "engine.py")
        text = engine.read_text(encoding="utf-8")
        for old, new in (item for item in inputs if not isinstance(item, str)):
            text = text.replace(old, new, 1)
        engine.write_text(text, encoding="utf-8")
        known = read_kit()
        parsed = expressions.parse(known.manifest, expression, names)
        with own_code(known, Path(folder), choose().level) as code:
            return "\n".join(drawing.tree(graph(parsed, code).nodes, own=True))


def network_claims() -> Iterator[str]:
    model = kit.nn.MLP(3, [4, 4, 1])
    with (DATASETS / "four_points.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    points = [[float(row[name]) for name in "xyz"] for row in rows]
    nodes, edges = kit.graph.trace(model(points[0]))
    made = Counter(node._op for node in nodes)
    parameters = len(model.parameters())
    yield f"a graph of {len(nodes)} nodes and {len(edges)} edges"
    yield f"parameters {parameters} inputs, wrapped as Values {made[''] - parameters} products {made['*']}"
    yield f"sums {made['+']} tanh {made['tanh']} together {len(nodes)}"
    loss = kit.losses.sum_squared_error([model(point) for point in points], [float(row["target"]) for row in rows])
    yield f"it becomes {len(kit.graph.trace(loss)[0])} nodes"
