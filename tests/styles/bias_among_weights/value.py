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
        self.grad = 1
        for v in topological_sort(self)[::-1]:
            v._backward()


def topological_sort(root, seen=None):
    seen = set() if seen is None else seen
    if root in seen:
        return []
    seen.add(root)
    order = []
    for child in root._prev:
        order += topological_sort(child, seen)
    return order + [root]
