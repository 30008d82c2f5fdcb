"""The computational graph of an expression, as somebody's own engine makes it, with the numbers it holds."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grader.base import messages
from grader.base.compare import same, show
from grader.base.errors import StudyError
from grader.base.report import NodeShown
from grader.base.text import printable
from grader.explore.expression import Expression
from grader.explore.own_code import OwnCode
from grader.explore.rules import numbers_by_rule
from grader.kit import Kit

MAX_NODES = 300
# All the nodes below {root}, each after its children, and where among them each name of the expression is.
_WALK = """
_nodes, _stack, _seen, _children = [], [({root}, False)], set(), {{}}
while _stack:
    _node, _is_done = _stack.pop()
    if _is_done:
        _nodes.append(_node)
    elif id(_node) not in _seen:
        _seen.add(id(_node))
        _stack.append((_node, True))
        _node_children = [_c for _c in getattr(_node, "_prev", ()) if hasattr(_c, "data")]
        _children[id(_node)] = _node_children
        _stack.extend((_child, False) for _child in reversed(_node_children))
_index = {{id(_node): _i for _i, _node in enumerate(_nodes)}}
"""
_READ_NODES = (
    f"[[_n.data, _n.grad, str(getattr(_n, '_op', '')), [_index[id(_c)] for _c in _children[id(_n)]]]"
    f" for _n in _nodes[:{MAX_NODES}]]"
)


@dataclass(frozen=True)
class Drawn:
    """A graph: its nodes, parents before children, the root first; why_no_gradients: if there are none."""

    nodes: tuple[NodeShown, ...]
    why_no_gradients: StudyError | None


def graph(expression: Expression, code: OwnCode) -> Drawn:
    """The graph of an expression, its named nodes compared with the reference; StudyError where it cannot be made."""
    names = [*expression.inputs, *(operation.name for operation in expression.operations)]
    reads = (_READ_NODES, "[" + ", ".join(f"_index.get(id({name}))" for name in names) + "]")
    walk = _WALK.format(root=expression.root)
    why_not: StudyError | None = None
    right: Mapping[str, tuple[float, float]] = right_numbers(code.kit, expression)
    try:
        found, places = code.ask(f"{expression.script}\n{expression.root}.backward(){walk}", reads)
    except StudyError as error:
        why_not, right = error, {}
        found, places = code.ask(f"{expression.script}{walk}", reads)
    nodes = _checked(found)
    named = {place: name for name, place in zip(names, places, strict=True) if isinstance(place, int)}
    _order_children(nodes, {name: place for place, name in named.items()}, expression)
    told = _Told(nodes, _names(nodes, named), named, right, not why_not, code.kit.manifest.functions)
    return Drawn(tuple(told.shown(i) for i in reversed(range(len(nodes)))), why_not)


def right_numbers(kit: Kit, expression: Expression) -> dict[str, tuple[float, float]]:
    """Name -> data and gradient, of every input and every operation; StudyError where it cannot be calculated."""
    try:
        found = _numbers_of_reference(kit, expression) if kit.has_answers else numbers_by_rule(expression)
    except (ArithmeticError, ValueError) as error:
        raise StudyError(messages.EXPRESSION_FAILS.format(why=error)) from error
    if not all(isinstance(n, int | float) and math.isfinite(n) for numbers in found.values() for n in numbers):
        raise StudyError(messages.EXPRESSION_FAILS.format(why=messages.NOT_FINITE))
    return found


def _numbers_of_reference(kit: Kit, expression: Expression) -> dict[str, tuple[float, float]]:
    from grader.grading.reference import reference  # not in an edition without answers

    names = [*expression.inputs, *(operation.name for operation in expression.operations)]
    reads = tuple(f"{name}.{what}" for name in names for what in ("data", "grad"))
    numbers = reference(kit).ask(f"{expression.script}\n{expression.root}.backward()", reads)
    return {name: (numbers[2 * i], numbers[2 * i + 1]) for i, name in enumerate(names)}


_Node = tuple[Any, Any, str, list[int]]  # data, gradient, operation, places of the children


def _checked(found: Any) -> list[_Node]:
    """The nodes as the code told of them, if they are a graph at all."""
    try:
        nodes = [(data, grad, printable(str(op)), [int(c) for c in children]) for data, grad, op, children in found]
    except (TypeError, ValueError) as error:
        raise StudyError(messages.GRAPH_UNREADABLE) from error
    if len(nodes) < 2 or any(not 0 <= child < i for i, node in enumerate(nodes) for child in node[3]):
        raise StudyError(messages.GRAPH_UNREADABLE)
    if len(nodes) >= MAX_NODES:
        raise StudyError(messages.GRAPH_TOO_LARGE.format(most=MAX_NODES))
    return nodes


def _order_children(nodes: list[_Node], places: Mapping[str, int], expression: Expression) -> None:
    """Put the children of named nodes in the order of the operands: an engine may keep them in a set."""
    for operation in expression.operations:
        if operation.name in places:
            order = {places.get(operand): i for i, operand in reversed(list(enumerate(operation.operands)))}
            children = nodes[places[operation.name]][3]
            children.sort(key=functools.partial(_rank, order))


def _rank(order: Mapping[int | None, int], child: int) -> int:
    return order.get(child, len(order))


def _names(nodes: list[_Node], named: Mapping[int, str]) -> list[str]:
    """A name for every node: that in the expression, the number of a constant, or one that says whose part it is."""
    names: list[str] = []
    for i, node in enumerate(nodes):
        name = named.get(i) or (f"({show(node[0])})" if not node[3] else "part")
        if name in names or name == "part":
            name = next(f"{name}{number}" for number in range(1, i + 3) if f"{name}{number}" not in names)
        names.append(name)
    return names


@dataclass(frozen=True)
class _Told:
    """A graph as the code told of it. names: of every node. named: place of a node -> its name in the expression.
    right: such a name -> its data and gradient. functions: operations that are called as methods."""

    nodes: list[_Node]
    names: list[str]
    named: Mapping[int, str]
    right: Mapping[str, tuple[float, float]]
    has_gradients: bool
    functions: Sequence[str]

    def shown(self, i: int) -> NodeShown:
        """One node with its numbers, and the right ones where they are known."""
        data, grad, op, children = self.nodes[i]
        known = self.right.get(self.named.get(i, ""))
        right_data, right_grad = known or (data, grad)
        is_right = known is None or (same(data, right_data) and same(grad, right_grad))
        gradient = show(grad) if self.has_gradients else messages.NO_GRADIENT
        return NodeShown(
            name=self.names[i],
            made=self._made(op, [self._called(child) for child in children]),
            children=tuple(self.names[child] for child in children),
            data=show(data),
            grad=gradient,
            right_data=show(right_data),
            right_grad=show(right_grad),
            is_right=is_right,
            called=self._called(i),
        )

    def _called(self, i: int) -> str:
        """What a node is called where it is shown: a constant by its number, however many others there are of it."""
        data, _, _, children = self.nodes[i]
        return self.names[i] if children or i in self.named else f"({show(data)})"

    def _made(self, op: str, children: Sequence[str]) -> str:
        """How a node was made, as far as its own engine tells."""
        if not children:
            return ""
        if op.lower() in self.functions and len(children) == 1:
            return f"{children[0]}.{op.lower()}()"
        if op.startswith("**") and len(children) == 1:
            return f"{children[0]} {op[:2]} {op[2:].strip()}"
        if op in ("+", "-", "*", "/"):
            pair = children if len(children) == 2 else [*children, *children]  # a + a, where the children are a set
            return f" {op} ".join(pair)
        return f"{op}({', '.join(children)})" if op else ", ".join(children)
