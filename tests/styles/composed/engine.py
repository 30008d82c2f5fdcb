"""Few slopes, and the rest is made of them."""

import math
import sys

sys.setrecursionlimit(10_000)


class Value:
    def __init__(self, data, _prev=(), _op=""):
        self.data = data
        self.grad = 0.0
        self._prev = _prev
        self._op = _op

        def _backward():
            pass

        self._backward = _backward

    def __add__(self, other):
        other = Value(other) if not isinstance(other, Value) else other
        out = Value(self.data + other.data, (self, other), "+")

        def _backward():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = _backward
        return out

    def __mul__(self, other):
        other = Value(other) if not isinstance(other, Value) else other
        out = Value(self.data * other.data, (self, other), "*")

        def _backward():
            self.grad += out.grad * other.data
            other.grad += out.grad * self.data

        out._backward = _backward
        return out

    def __pow__(self, other):
        """Numbers and Values are both fine as exponents."""
        other = Value(other) if not isinstance(other, Value) else other
        out = Value(self.data**other.data, (self, other), "**")

        def _backward():
            self.grad += out.grad * other.data * self.data ** (other.data - 1)
            if self.data > 0:
                other.grad += out.grad * out.data * math.log(self.data)

        out._backward = _backward
        return out

    def exp(self):
        return Value(math.e) ** self

    def log(self):
        out = Value(math.log(self.data), (self,), "log")

        def _backward():
            self.grad += out.grad / self.data

        out._backward = _backward
        return out

    def relu(self):
        return self * (1.0 if self.data > 0 else 0.0)

    def abs(self):
        return self * (1.0 if self.data >= 0 else -1.0)

    def tanh(self):
        e = (-2 * self.abs()).exp()
        t = (1 - e) / (1 + e)
        return t if self.data >= 0 else -t

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + (-other)

    def __truediv__(self, other):
        return self * other**-1 if isinstance(other, Value) else self * (1 / other)

    def __radd__(self, other):
        return self + other

    def __rsub__(self, other):
        return -self + other

    def __rmul__(self, other):
        return self * other

    def __rtruediv__(self, other):
        return other * self**-1

    def __lt__(self, other):
        return self.data < (other.data if isinstance(other, Value) else other)

    def __gt__(self, other):
        return self.data > (other.data if isinstance(other, Value) else other)

    def __float__(self):
        return float(self.data)

    def backward(self):
        order, visited = [], set()

        def build(v):
            if v not in visited:
                visited.add(v)
                any(build(child) for child in v._prev)
                order.append(v)

        build(self)
        self.grad = 1.0
        while order:
            order.pop()._backward()
