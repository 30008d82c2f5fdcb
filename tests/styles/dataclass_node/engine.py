from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self, TypeAlias

Number: TypeAlias = int | float


@dataclass(eq=False, repr=False)
class Value:
    data: Number
    _prev: tuple[Value, ...] = ()
    _op: str = ""
    grad: Number = 0
    _backward: Callable[[], None] | None = field(default=None, compare=False)

    @classmethod
    def of(cls, x: Value | Number) -> Self:
        return x if isinstance(x, cls) else cls(x)

    def __add__(self, other: Value | Number) -> Value:
        other = Value.of(other)
        out = Value(self.data + other.data, (self, other), "+")

        def backward() -> None:
            self.grad += out.grad
            other.grad += out.grad

        out._backward = backward
        return out

    def __mul__(self, other: Value | Number) -> Value:
        other = Value.of(other)
        out = Value(self.data * other.data, (self, other), "*")

        def backward() -> None:
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = backward
        return out

    def __pow__(self, n: Number) -> Value:
        out = Value(self.data**n, (self,), f"**{n}")

        def backward() -> None:
            self.grad += n * self.data ** (n - 1) * out.grad

        out._backward = backward
        return out

    def _unary(self, data: float, slope: float, op: str) -> Value:
        out = Value(data, (self,), op)

        def backward() -> None:
            self.grad += slope * out.grad

        out._backward = backward
        return out

    def exp(self) -> Value:
        e = math.exp(self.data)
        return self._unary(e, e, "exp")

    def log(self) -> Value:
        return self._unary(math.log(self.data), 1 / self.data, "log")

    def tanh(self) -> Value:
        t = math.tanh(self.data)
        return self._unary(t, 1 - t * t, "tanh")

    def relu(self) -> Value:
        return self._unary(max(self.data, 0), int(self.data > 0), "relu")

    def __neg__(self) -> Value:
        return self._unary(-self.data, -1, "neg")

    def __sub__(self, other: Value | Number) -> Value:
        return self + (-Value.of(other))

    def __truediv__(self, other: Value | Number) -> Value:
        return self * Value.of(other) ** -1

    def __radd__(self, other: Number) -> Value:
        return Value.of(other) + self

    def __rsub__(self, other: Number) -> Value:
        return Value.of(other) - self

    def __rmul__(self, other: Number) -> Value:
        return Value.of(other) * self

    def __rtruediv__(self, other: Number) -> Value:
        return Value.of(other) / self

    def backward(self) -> None:
        self.grad = 1
        for node in self._order():
            if node._backward is not None:
                node._backward()

    def _order(self) -> list[Value]:
        """Parents first."""
        seen: set[int] = set()
        order: list[Value] = []

        def visit(node: Value) -> None:
            if id(node) not in seen:
                seen.add(id(node))
                for child in node._prev:
                    visit(child)
                order.insert(0, node)

        visit(self)
        return order
