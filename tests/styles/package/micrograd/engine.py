import math

from .ops import add, mul, power


class Value:
    def __init__(self, data, prev=None, op="", label=""):
        self.data = data
        self.prev = prev
        self.op = op
        self.label = label
        self.grad = 0
        self._backward = None

    def __add__(self, other):
        return add(self, other)

    def __mul__(self, other):
        return mul(self, other)

    def __pow__(self, other):
        return power(self, other)

    def _of(self, data, op, slope):
        out = Value(data, (self,), op)

        def run():
            self.grad += slope * out.grad

        out._backward = run
        return out

    def exp(self):
        e = math.exp(self.data)
        return self._of(e, "exp", e)

    def log(self):
        return self._of(math.log(self.data), "log", 1.0 / self.data)

    def tanh(self):
        t = math.tanh(self.data)
        return self._of(t, "tanh", 1.0 - t * t)

    def relu(self):
        return self._of(self.data, "relu", 1) if self.data > 0 else self._of(0, "relu", 0)

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
        self.grad = 1
        for v in reversed(topological_sort(self)):
            if v._backward is not None:
                v._backward()


def topological_sort(root):
    return list(_walk(root, set()))


def _walk(node, seen):
    seen.add(node)
    for child in node.prev or ():
        if child not in seen:
            yield from _walk(child, seen)
    yield node
