"""The chain rule with numbers: what each operation hands on to its operands, and with it the gradients of an
expression, without anybody's engine."""

from __future__ import annotations

import math
from collections.abc import Callable
from operator import add, mul, neg, sub, truediv

from grader.base import messages
from grader.base.errors import StudyError
from grader.explore.expression import Expression, value_of

# What an operation hands on to the operand in each place: its upstream gradient times the local slope there.
HANDED_ON = {
    ("+", 0): "{up}",
    ("+", 1): "{up}",
    ("-", 0): "{up}",
    ("-", 1): "(-1) * {up}",
    ("*", 0): "{up} * {other}",
    ("*", 1): "{up} * {other}",
    ("/", 0): "{up} / {other}",
    ("/", 1): "{up} * (-1) * {other} / {own}**2",
    ("**", 0): "{up} * {other} * {own}**({other} - 1)",
    ("neg", 0): "(-1) * {up}",
    ("exp", 0): "{up} * {out}",
    ("log", 0): "{up} / {own}",
    ("tanh", 0): "{up} * (1 - {out}**2)",
    ("relu", 0): "{up} * {gate}",
}
_NAMES = {name: name for name in ("up", "own", "other", "out", "gate")}
_FORWARD: dict[str, Callable[..., float]] = {
    "+": add,
    "-": sub,
    "*": mul,
    "/": truediv,
    "**": pow,
    "neg": neg,
    "exp": math.exp,
    "log": math.log,
    "tanh": math.tanh,
    "relu": lambda number: max(number, 0.0),
}


def numbers_by_rule(expression: Expression) -> dict[str, tuple[float, float]]:
    """Name -> data and gradient, of every input and every operation; StudyError where there is no rule for one. Raises
    what Python raises where the numbers do not allow it."""
    data: dict[str, float] = dict(expression.inputs)
    for operation in expression.operations:
        if operation.operator not in _FORWARD:
            raise StudyError(messages.NO_RULE.format(function=operation.operator))
        operands = [data[operand] if operand in data else value_of(operand) for operand in operation.operands]
        data[operation.name] = _FORWARD[operation.operator](*operands)
        if isinstance(data[operation.name], complex):  # the root of a negative number
            raise ArithmeticError(messages.NOT_FINITE)
    grads = dict.fromkeys(data, 0.0) | {expression.root: 1.0}
    reached = {expression.root}
    for operation in reversed(expression.operations):
        if operation.name not in reached:
            continue
        operands = [data[operand] if operand in data else value_of(operand) for operand in operation.operands]
        for place, operand in enumerate(operation.operands):
            if operand in grads:
                numbers = {
                    "up": grads[operation.name],
                    "own": operands[place],
                    "other": operands[1 - place] if len(operands) > 1 else 0.0,
                    "out": data[operation.name],
                    "gate": int(data[operation.name] > 0),
                }
                grads[operand] += eval(HANDED_ON[operation.operator, place].format(**_NAMES), numbers)
                reached.add(operand)
    return {name: (data[name], grads[name]) for name in data}
