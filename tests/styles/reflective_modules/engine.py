import math


class Value:
    def __init__(self, data, _children=(), _op=""):
        self.data = data
        self.grad = 0
        self._backward = lambda: None
        self._prev = tuple(_children)
        self._op = _op

    @classmethod
    def wrap(cls, x):
        return x if isinstance(x, cls) else cls(x)

    def __add__(self, other):
        other = self.wrap(other)
        out = Value(self.data + other.data, (self, other), "+")

        def _backward():
            for v in (self, other):
                v.grad += out.grad

        out._backward = _backward
        return out

    def __mul__(self, other):
        other = self.wrap(other)
        out = Value(self.data * other.data, (self, other), "*")

        def _backward():
            for v, w in ((self, other), (other, self)):
                v.grad += w.data * out.grad

        out._backward = _backward
        return out

    __radd__ = __add__
    __rmul__ = __mul__

    def tanh(self):
        out = Value(math.tanh(self.data), (self,), "tanh")

        def _backward():
            self.grad += (1 - out.data**2) * out.grad

        out._backward = _backward
        return out

    def backward(self):
        """Hand gradients on as soon as all that use a node have handed on theirs."""
        waiting = {}

        def count(node):
            for child in node._prev:
                waiting[child] = waiting.get(child, 0) + 1
                if waiting[child] == 1:
                    count(child)

        def run(node):
            node._backward()
            for child in node._prev:
                waiting[child] -= 1
                if not waiting[child]:
                    run(child)

        count(self)
        self.grad = 1
        run(self)
