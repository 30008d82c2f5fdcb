"""Every node keeps the local slopes towards its children: no closures anywhere."""

import math


class Value:
    __slots__ = ("data", "grad", "_children", "_local_slopes")

    def __init__(self, data, children=(), local_slopes=()):
        self.data = data
        self.grad = 0
        self._children = children
        self._local_slopes = local_slopes

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data + other.data, (self, other), (1, 1))

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, n):
        return Value(self.data**n, (self,), (n * self.data ** (n - 1),))

    def log(self):
        return Value(math.log(self.data), (self,), (1 / self.data,))

    def exp(self):
        e = math.exp(self.data)
        return Value(e, (self,), (e,))

    def relu(self):
        return Value(max(0, self.data), (self,), (float(self.data > 0),))

    def tanh(self):
        t = math.tanh(self.data)
        return Value(t, (self,), (1 - t**2,))

    def __neg__(self):
        return self * -1

    def __radd__(self, other):
        return self + other

    def __sub__(self, other):
        return self + (-other)

    def __rsub__(self, other):
        return other + (-self)

    def __rmul__(self, other):
        return self * other

    def __truediv__(self, other):
        return self * other**-1

    def __rtruediv__(self, other):
        return other * self**-1

    def backward(self):
        topo = []
        seen = set()

        def build(node):
            if node not in seen:
                seen.add(node)
                for child in node._children:
                    build(child)
                topo.append(node)

        build(self)
        self.grad = 1
        for node in reversed(topo):
            for child, slope in zip(node._children, node._local_slopes, strict=True):
                child.grad += slope * node.grad
