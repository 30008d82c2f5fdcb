"""An expression that somebody typed: checked, and as the lines of a probe."""

from __future__ import annotations

import ast
import builtins
import keyword
import math
import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from operator import add, mul, sub, truediv

from grader.base import messages
from grader.base.errors import StudyError
from grader.kit.model import Manifest

OPERATORS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}
FOLD: dict[str, Callable[[float, float], float]] = {"+": add, "-": sub, "*": mul, "/": truediv, "**": pow}
MAX_OPERATIONS = 60
MAX_EXPONENT = 1000
MAX_NUMBER = 1e100
ROOT = "y"


@dataclass(frozen=True)
class Operation:
    """One operation: the name of its result, what it is ("+", "tanh", "neg", ..), and its operands: names, or numbers
    as text."""

    name: str
    operator: str
    operands: tuple[str, ...]

    @property
    def made(self) -> str:
        """The operation as Python."""
        if self.operator == "neg":
            return f"-{self.operands[0]}"
        if self.operator in OPERATORS.values():
            return f" {self.operator} ".join(self.operands)
        return f"{self.operands[0]}.{self.operator}()"


@dataclass(frozen=True)
class Expression:
    """A calculation: its inputs (name -> number), and its operations in order, the last one being the root."""

    inputs: dict[str, float]
    operations: tuple[Operation, ...]

    @property
    def root(self) -> str:
        return self.operations[-1].name

    @property
    def script(self) -> str:
        """The lines of a probe that calculates it: the inputs, then a line for each operation."""
        inputs = "; ".join(f"{name} = Value({number!r})" for name, number in self.inputs.items())
        return "\n".join([inputs, *(f"{operation.name} = {operation.made}" for operation in self.operations)])


def parse(manifest: Manifest, text: str, inputs: Iterable[str]) -> Expression:
    """An expression such as "(a*b + c) * f", or with names in it, "e = a*b; L = (e + c) * f", and the numbers of its
    inputs, such as "a=2"; StudyError says what cannot be read, or has no number."""
    numbers: dict[str, float] = {}
    for name, value in (_input(manifest, given) for given in inputs):
        if name in numbers:
            raise StudyError(messages.EXPRESSION_TWICE.format(name=name))
        numbers[name] = value
    reader = _Reader(manifest, set(numbers), text)
    try:
        for statement in ast.parse(text.strip()).body:
            reader.read(statement)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise StudyError(messages.EXPRESSION_UNREADABLE.format(text=text)) from error
    unused = [name for name in numbers if name not in reader.used]
    if not reader.operations:
        raise StudyError(messages.EXPRESSION_EMPTY.format(text=text))
    if unused:
        raise StudyError(messages.EXPRESSION_UNUSED.format(name=unused[0]))
    return Expression(numbers, tuple(reader.operations))


def number(manifest: Manifest, text: str) -> float:
    """The number that a text such as "-2" or "1 - 0.5*0.5" stands for; StudyError where it is none."""
    try:
        node = ast.parse(text.strip(), mode="eval").body
        return value_of(_Reader(manifest, set(), text).operand(node))
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise StudyError(messages.EXPRESSION_UNREADABLE.format(text=text)) from error


def _input(manifest: Manifest, given: str) -> tuple[str, float]:
    """The name and the number of `a=2`."""
    name, sign, number = given.partition("=")
    name = name.strip()
    try:
        value = float(number)
    except ValueError:
        value = math.nan
    if not sign or not math.isfinite(value):
        raise StudyError(messages.EXPRESSION_INPUT.format(text=given))
    _check_name(manifest, name)
    return name, value


def _check_name(manifest: Manifest, name: str) -> None:
    taken = keyword.iskeyword(name) or hasattr(builtins, name) or name in (*manifest.functions, *manifest.homes)
    if taken or not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name):
        raise StudyError(messages.EXPRESSION_NAME.format(name=name))


class _Reader:
    """Takes an expression apart into operations, the inner ones first."""

    def __init__(self, manifest: Manifest, names: set[str], text: str) -> None:
        self._manifest = manifest
        self._names = names
        self._text = text
        self._taken = names | set(re.findall(r"\w+", text))
        self.operations: list[Operation] = []
        self.used: set[str] = set()

    def read(self, statement: ast.stmt) -> None:
        target = statement.targets[0] if isinstance(statement, ast.Assign) and len(statement.targets) == 1 else None
        if isinstance(statement, ast.Assign) and isinstance(target, ast.Name):
            name = target.id
            _check_name(self._manifest, name)
            if name in self._names:
                raise StudyError(messages.EXPRESSION_TWICE.format(name=name))
            value = statement.value
        elif isinstance(statement, ast.Expr):
            value, name = statement.value, self._free(ROOT)
        else:
            raise StudyError(messages.EXPRESSION_UNREADABLE.format(text=self._text))
        before = len(self.operations)
        found = self.operand(value)
        if len(self.operations) == before or _is_number(found):
            raise StudyError(messages.EXPRESSION_EMPTY.format(text=ast.unparse(value)))
        last = self.operations.pop()
        self.operations.append(Operation(name, last.operator, last.operands))
        self._names.add(name)

    def operand(self, node: ast.expr) -> str:
        """The name of what a part of the expression gives, or the number that it is."""
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
            return self._number(node.value)
        if isinstance(node, ast.Name):
            if node.id not in self._names:
                raise StudyError(messages.EXPRESSION_NO_NUMBER.format(name=node.id))
            self.used.add(node.id)
            return node.id
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            operand = self.operand(node.operand)
            return self._number(-value_of(operand)) if _is_number(operand) else self._operation("neg", operand)
        if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
            left, right = self.operand(node.left), self.operand(node.right)
            return self._binary(OPERATORS[type(node.op)], left, right)
        function, arguments = _call(node, self._manifest.functions)
        if function and len(arguments) == 1:
            operand = self.operand(arguments[0])
            if not _is_number(operand):
                return self._operation(function, operand)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitXor):
            raise StudyError(messages.EXPRESSION_NO_POWER)
        raise StudyError(
            messages.EXPRESSION_PART.format(part=ast.unparse(node), functions=", ".join(self._manifest.functions))
        )

    def _binary(self, operator: str, left: str, right: str) -> str:
        if _is_number(left) and _is_number(right):
            return self._folded(operator, float(value_of(left)), float(value_of(right)))
        if operator == "**" and (not _is_number(right) or abs(value_of(right)) > MAX_EXPONENT):
            raise StudyError(messages.EXPRESSION_EXPONENT.format(part=f"{left} {operator} {right}"))
        return self._operation(operator, left, right)

    def _folded(self, operator: str, left: float, right: float) -> str:
        """What two plain numbers give, as a plain number."""
        try:
            number = FOLD[operator](left, right)
        except ArithmeticError:
            number = math.nan
        if isinstance(number, complex):
            number = math.nan
        return self._number(number)

    def _number(self, value: float) -> str:
        """A plain number as text that binds like a name."""
        if not abs(value) < MAX_NUMBER:
            raise StudyError(messages.EXPRESSION_NUMBERS.format(part=self._text))
        return repr(value) if value >= 0 and not str(value).startswith("-") else f"({value!r})"

    def _operation(self, operator: str, *operands: str) -> str:
        if len(self.operations) >= MAX_OPERATIONS:
            raise StudyError(messages.EXPRESSION_TOO_LONG.format(most=MAX_OPERATIONS))
        name = self._free("n1")
        self.operations.append(Operation(name, operator, operands))
        return name

    def _free(self, name: str) -> str:
        """The name, or one like it, that nothing else has."""
        number = 1
        stem = name.rstrip("0123456789")
        while name in self._taken:
            number += 1
            name = f"{stem}{number}"
        self._taken.add(name)
        return name


def _is_number(operand: str) -> bool:
    return not operand[0].isalpha()


def value_of(operand: str) -> float:
    """The number that such a text stands for."""
    text = operand.strip("()")
    return int(text) if text.lstrip("-").isdigit() else float(text)


def _call(node: ast.expr, functions: Collection[str]) -> tuple[str, list[ast.expr]]:
    """The function and the arguments of tanh(a) or a.tanh(), or "" where it is none of those known."""
    if not isinstance(node, ast.Call) or node.keywords:
        return "", []
    if isinstance(node.func, ast.Name) and node.func.id in functions:
        return node.func.id, node.args
    if isinstance(node.func, ast.Attribute) and node.func.attr in functions and not node.args:
        return node.func.attr, [node.func.value]
    return "", []
