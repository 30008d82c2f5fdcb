import math

from .values import Node


class Value(Node):
    @staticmethod
    def lift(x):
        return x if isinstance(x, Node) else Value(x)

    def __add__(self, other):
        other = self.lift(other)
        return Value(self.data + other.data, children=(self, other), op="+").hand_on(1, 1)

    def __sub__(self, other):
        other = self.lift(other)
        return Value(self.data - other.data, children=(self, other), op="-").hand_on(1, -1)

    def __mul__(self, other):
        other = self.lift(other)
        return Value(self.data * other.data, children=(self, other), op="*").hand_on(other.data, self.data)

    def __truediv__(self, other):
        other = self.lift(other)
        inverse = 1 / other.data
        return Value(self.data * inverse, children=(self, other), op="/").hand_on(
            inverse, -self.data * inverse * inverse
        )

    def __pow__(self, n):
        return Value(self.data**n, children=(self,), op=f"^{n}").hand_on(n * self.data ** (n - 1))

    def __neg__(self):
        return Value(-self.data, children=(self,), op="neg").hand_on(-1)

    def __radd__(self, other):
        return self.lift(other) + self

    def __rsub__(self, other):
        return self.lift(other) - self

    def __rmul__(self, other):
        return self.lift(other) * self

    def __rtruediv__(self, other):
        return self.lift(other) / self

    def tanh(self):
        t = math.tanh(self.data)
        return Value(t, children=(self,), op="tanh").hand_on(1 - t * t)

    def exp(self):
        e = math.exp(self.data)
        return Value(e, children=(self,), op="exp").hand_on(e)

    def log(self):
        return Value(math.log(self.data), children=(self,), op="log").hand_on(1 / self.data)

    def relu(self):
        is_open = self.data > 0
        return Value(self.data * is_open, children=(self,), op="relu").hand_on(is_open)

    def __eq__(self, other):
        return self is other

    def __hash__(self):
        return id(self)
