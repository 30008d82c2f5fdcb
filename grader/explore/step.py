"""Backward one node at a time: what there is to predict at each, and how it comes out."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from grader.base import messages
from grader.explore.expression import Expression, Operation, value_of
from grader.explore.graph import right_numbers
from grader.explore.rules import HANDED_ON
from grader.kit import Kit

CLOSE = 0.01  # relative


@dataclass(frozen=True)
class Question:
    """What is the gradient of this node? uses: each operation that uses it, with the gradient of its result.
    calculation: how the gradient comes out of their numbers, as Python."""

    name: str
    uses: tuple[tuple[Operation, float], ...]
    gradient: float
    calculation: str

    def is_right(self, answer: float) -> bool:
        """Whether an answer is the gradient, to two digits."""
        return math.isclose(answer, self.gradient, rel_tol=CLOSE) or f"{answer:.1e}" == f"{self.gradient:.1e}"

    @property
    def hints(self) -> list[str]:
        """The rule of each operation that uses the node, and that they add up."""
        rules = dict.fromkeys(
            messages.SLOPES.get(operation.operator) or messages.SLOPE_OF_FUNCTION.format(function=operation.operator)
            for operation, _ in self.uses
        )
        often = len(self.uses) > 1 or any(o.operands.count(self.name) > 1 for o, _ in self.uses)
        return [*rules, *([messages.STEP_ADD_UP] if often else [])]


def forward(kit: Kit, expression: Expression) -> list[tuple[str, str, float]]:
    """Every node from the inputs to the root: its name, how it is made ("" for an input), and its data."""
    right = right_numbers(kit, expression)
    made = {operation.name: operation.made for operation in expression.operations}
    return [(name, made.get(name, ""), float(data)) for name, (data, _) in right.items()]


def questions(kit: Kit, expression: Expression) -> list[Question]:
    """One for each node below the root, in an order in which the gradients of all that use it are known."""
    right = right_numbers(kit, expression)
    made = [operation.name for operation in expression.operations]
    reached = {expression.root}
    for operation in reversed(expression.operations):
        if operation.name in reached:
            reached.update(operation.operands)
    asked = [name for name in (*reversed(made), *expression.inputs) if name in reached and name != expression.root]
    found = []
    for name in asked:
        uses = [(o, float(right[o.name][1])) for o in expression.operations if name in o.operands and o.name in reached]
        shares = [
            share
            for operation, upstream in uses
            for share in _shares(kit, name, operation, upstream, {key: float(data) for key, (data, _) in right.items()})
        ]
        found.append(Question(name, tuple(uses), float(right[name][1]), " + ".join(shares)))
    return found


def _shares(kit: Kit, name: str, operation: Operation, upstream: float, data: Mapping[str, float]) -> Iterator[str]:
    """What each place of an operation in which a node stands hands on to it: the chain rule with numbers in it."""
    out = _shown(data[operation.name])
    operands = [_shown(data[operand] if operand in data else value_of(operand)) for operand in operation.operands]
    for place, operand in enumerate(operation.operands):
        if operand == name:
            own, other = operands[place], operands[1 - place] if len(operands) > 1 else ""
            rule = HANDED_ON.get((operation.operator, place))
            if rule is None:  # a function of the kit's that has no rule here
                from grader.grading.reference import reference  # not in an edition without answers

                script = f"x = Value({data[name]!r}); y = x.{operation.operator}(); y.backward()"
                (slope,) = reference(kit).ask(script, ("x.grad",))
                rule = f"{{up}} * {_shown(slope)}"
            yield rule.format(up=_shown(upstream), own=own, other=other, out=out, gate=int(data[name] > 0))


def _shown(number: float) -> str:
    text = f"{number:.6g}"
    return f"({text})" if text.startswith("-") else text
