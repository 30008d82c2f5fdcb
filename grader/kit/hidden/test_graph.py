"""Chapter 8. Graphs made with operations."""

from __future__ import annotations

import pytest

from grader.kit.asking import Check, Draw

READS = ("set(nodes)", "set(tuple(edge) for edge in edges)")


def _expression(draw: Draw, leaves: int, operations: int) -> tuple[str, list[str]]:
    """Lines that make Values of others, and their names, from the leaves up: names and operands are drawn."""
    names = list("abcdefgh"[: leaves + operations])
    draw.random.shuffle(names)
    lines = [f"{name} = Value({draw.real()})" for name in names[:leaves]]
    for i in range(leaves, len(names)):
        one, other = draw.random.choice(names[:i]), draw.random.choice(names[:i])
        lines.append(f"{names[i]} = {one} {draw.random.choice('+*')} {other}")
    return "; ".join(lines), names


@pytest.mark.exercise("trace")
def test_nodes_and_edges(check: Check, draw: Draw) -> None:
    """The nodes are all that the root is made from, the edges go from child to parent."""
    script, names = _expression(draw, 2, 1)
    check(f"{script}; nodes, edges = trace({names[2]})", *READS)
    check(f"{script}; nodes, edges = trace({names[0]})", *READS)


@pytest.mark.exercise("trace")
def test_shared(check: Check, draw: Draw) -> None:
    """A node that is used several times is listed once, with an edge to each node made from it."""
    for operations in (3, 4, 5):
        script, names = _expression(draw, 2, operations)
        check(f"{script}; nodes, edges = trace({names[-1]})", *READS, "len(nodes)", "len(edges)")


@pytest.mark.exercise("trace")
def test_many_paths_traced(check: Check, draw: Draw) -> None:
    """With many paths through a graph each node is still visited once."""
    script = (
        f"v = [Value({draw.real()})]\n"
        f"for i in range({draw.random.randrange(30, 50)}): "
        "v += [v[-1] + v[-1], v[-1] * v[-1]]; v.append(v[-1] + v[-2])\n"
        "nodes, edges = trace(v[-1])"
    )
    check(script, "len(nodes)", "len(edges)", cpu_seconds=1.0)
