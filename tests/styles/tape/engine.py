"""A tape: operations are written down as they happen, and backward reads the tape from its end."""

import math

TAPE = []


class Value:
    def __init__(self, data):
        self.data = data
        self.grad = 0.0
        self.place = None

    def _note(self, data, *slopes):
        out = Value(data)
        out.place = len(TAPE)
        TAPE.append((out, slopes))
        return out

    def __add__(self, other):
        other = as_value(other)
        return self._note(self.data + other.data, (self, 1.0), (other, 1.0))

    def __mul__(self, other):
        other = as_value(other)
        return self._note(self.data * other.data, (self, other.data), (other, self.data))

    def __pow__(self, n):
        return self._note(self.data**n, (self, n * self.data ** (n - 1)))

    def exp(self):
        return self._note(math.exp(self.data), (self, math.exp(self.data)))

    def log(self):
        return self._note(math.log(self.data), (self, 1 / self.data))

    def tanh(self):
        t = math.tanh(self.data)
        return self._note(t, (self, (1 - t) * (1 + t)))

    def relu(self):
        return self._note(max(self.data, 0.0), (self, 1.0 if self.data > 0 else 0.0))

    def __neg__(self):
        return self._note(-self.data, (self, -1.0))

    def __sub__(self, other):
        return self + -as_value(other)

    def __truediv__(self, other):
        return self * as_value(other) ** -1

    def __radd__(self, other):
        return as_value(other) + self

    def __rsub__(self, other):
        return as_value(other) - self

    def __rmul__(self, other):
        return as_value(other) * self

    def __rtruediv__(self, other):
        return as_value(other) / self

    def backward(self):
        arrived = {self: 1.0}
        if self.place is not None:
            for out, slopes in TAPE[self.place :: -1]:
                if out in arrived:
                    for node, slope in slopes:
                        arrived[node] = arrived.get(node, 0.0) + slope * arrived[out]
        for node, grad in arrived.items():
            node.grad += grad


def as_value(x):
    return x if isinstance(x, Value) else Value(x)
