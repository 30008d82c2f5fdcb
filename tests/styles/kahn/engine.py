import math
from collections import deque


class Value(object):
    def __init__(self, data, _children=(), _op=""):
        self.data = float(data)
        self.grad = 0.0
        self._prev = frozenset(_children)
        self._op = _op
        self._backward = lambda: None

    def _receive(self, grad):
        self.grad += grad

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, [self, other], "+")
        out._backward = lambda: (self._receive(out.grad), other._receive(out.grad))
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, [self, other], "*")
        out._backward = lambda: (self._receive(out.grad * other.data), other._receive(out.grad * self.data))
        return out

    def __pow__(self, p):
        out = Value(self.data**p, [self], "^")
        out._backward = lambda: self._receive(out.grad * p * self.data ** (p - 1))
        return out

    def exp(self):
        out = Value(math.exp(self.data), [self], "e")
        out._backward = lambda: self._receive(out.grad * out.data)
        return out

    def log(self):
        out = Value(math.log(self.data), [self], "ln")
        out._backward = lambda: self._receive(out.grad / self.data)
        return out

    def tanh(self):
        out = Value(math.tanh(self.data), [self], "tanh")
        out._backward = lambda: self._receive(out.grad * (1 - out.data**2))
        return out

    def sigmoid(self):
        out = Value(1 / (1 + math.exp(-self.data)), [self], "sigmoid")
        out._backward = lambda: self._receive(out.grad * out.data * (1 - out.data))
        return out

    def relu(self):
        out = Value(self.data if self.data > 0 else 0.0, [self], "relu")
        out._backward = lambda: self._receive(out.grad * (out.data > 0))
        return out

    def __neg__(self):
        out = Value(-self.data, [self], "neg")
        out._backward = lambda: self._receive(-out.grad)
        return out

    def __sub__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data - other.data, [self, other], "-")
        out._backward = lambda: (self._receive(out.grad), other._receive(-out.grad))
        return out

    def __truediv__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data / other.data, [self, other], "/")
        out._backward = lambda: (
            self._receive(out.grad / other.data),
            other._receive(-out.grad * self.data / other.data**2),
        )
        return out

    def __radd__(self, other):
        return Value(other) + self

    def __rsub__(self, other):
        return Value(other) - self

    def __rmul__(self, other):
        return Value(other) * self

    def __rtruediv__(self, other):
        return Value(other) / self

    def backward(self):
        uses = {self: 0}
        queue = deque([self])
        while queue:
            for child in queue.popleft()._prev:
                if child not in uses:
                    uses[child] = 0
                    queue.append(child)
                uses[child] += 1
        self.grad = 1.0
        ready = [self]
        while ready:
            node = ready.pop()
            if not node._prev:
                continue  # a leaf: nothing below it
            node._backward()
            for child in node._prev:
                uses[child] -= 1
                if uses[child] == 0:
                    ready.append(child)
