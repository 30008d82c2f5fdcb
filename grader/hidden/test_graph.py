"""Chapter 8. Graphs made with operations."""

from __future__ import annotations

import pytest

from grader.checking import Check, Draw

READS = ("set(nodes)", "set(tuple(edge) for edge in edges)")


@pytest.mark.exercise("trace")
def test_nodes_and_edges(check: Check, draw: Draw) -> None:
    """The nodes are all that the root is made from, the edges go from child to parent."""
    x, y = draw.reals(2)
    check(f"a = Value({x}); b = Value({y}); c = a + b; nodes, edges = trace(c)", *READS)
    check(f"a = Value({x}); nodes, edges = trace(a)", *READS)


@pytest.mark.exercise("trace")
def test_shared(check: Check, draw: Draw) -> None:
    """A node that is used several times is listed once, with an edge to each node made from it."""
    x = draw.real()
    script = f"a = Value({x}); b = a + a; c = a * b; d = b + c; e = d + c; nodes, edges = trace(d)"
    check(script, *READS, "len(nodes)", "len(edges)")


@pytest.mark.exercise("trace")
def test_many_paths_traced(check: Check, draw: Draw) -> None:
    """With many paths through a graph each node is still visited once."""
    script = (
        f"v = [Value({draw.real()})]\n"
        "for i in range(40): v += [v[-1] + v[-1], v[-1] * v[-1]]; v.append(v[-1] + v[-2])\n"
        "nodes, edges = trace(v[-1])"
    )
    check(script, "len(nodes)", "len(edges)", cpu_seconds=1.0)
