import math
from typing import Callable, Optional, Union

from node import Arithmetic


class Value(Arithmetic):
    def __init__(self, data: Union[int, float], requires_grad: bool = True, parents=(), op: str = "leaf"):
        super().__init__(parents)
        self.data = data
        self.requires_grad = requires_grad
        self.op = op
        self.grad = 0.0
        self._backward: Optional[Callable[[], None]] = None

    def accumulate(self, grad: float) -> None:
        if self.requires_grad:
            self.grad = self.grad + grad

    def _coerce(self, other):
        if isinstance(other, Value):
            return other
        return Value(other, requires_grad=False)

    def _result(self, data, parents, op):
        return Value(data, any(p.requires_grad for p in parents), parents, op)

    def __add__(self, other):
        other = self._coerce(other)
        out = self._result(self.data + other.data, [self, other], "add")

        def _backward():
            self.accumulate(out.grad)
            other.accumulate(out.grad)

        out._backward = _backward
        return out

    def __mul__(self, other):
        other = self._coerce(other)
        out = self._result(self.data * other.data, [self, other], "mul")

        def _backward():
            self.accumulate(other.data * out.grad)
            other.accumulate(self.data * out.grad)

        out._backward = _backward
        return out

    def __pow__(self, power):
        out = self._result(self.data**power, [self], "pow")

        def _backward():
            self.accumulate(power * self.data ** (power - 1) * out.grad)

        out._backward = _backward
        return out

    def exp(self):
        out = self._result(math.exp(self.data), [self], "exp")

        def _backward():
            self.accumulate(out.data * out.grad)

        out._backward = _backward
        return out

    def relu(self):
        out = self._result(self.data if self.data > 0 else 0.0, [self], "relu")

        def _backward():
            self.accumulate(out.grad if self.data > 0 else 0.0)

        out._backward = _backward
        return out

    def backward(self):
        self.grad = 1.0
        for node in self.ancestors():
            if node._backward:
                node._backward()
