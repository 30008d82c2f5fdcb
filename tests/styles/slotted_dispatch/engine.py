import math


class Value:
    """One method hands the gradient on, whatever the operation was."""

    __slots__ = ("data", "grad", "_prev", "_op", "_arg")

    def __init__(self, data, _children=(), _op=None, _arg=None):
        self.data = data
        self.grad = 0.0
        self._prev = _children
        self._op = _op
        self._arg = _arg

    @staticmethod
    def wrap(x):
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, other):
        other = Value.wrap(other)
        return Value(self.data + other.data, (self, other), "add")

    def __sub__(self, other):
        other = Value.wrap(other)
        return Value(self.data - other.data, (self, other), "sub")

    def __mul__(self, other):
        other = Value.wrap(other)
        return Value(self.data * other.data, (self, other), "mul")

    def __truediv__(self, other):
        other = Value.wrap(other)
        return Value(self.data / other.data, (self, other), "div")

    def __pow__(self, n):
        return Value(self.data**n, (self,), "pow", n)

    def __neg__(self):
        return Value(-self.data, (self,), "neg")

    def __radd__(self, other):
        return Value.wrap(other) + self

    def __rsub__(self, other):
        return Value.wrap(other) - self

    def __rmul__(self, other):
        return Value.wrap(other) * self

    def __rtruediv__(self, other):
        return Value.wrap(other) / self

    def exp(self):
        return Value(math.exp(self.data), (self,), "exp")

    def log(self):
        return Value(math.log(self.data), (self,), "log")

    def tanh(self):
        return Value(math.tanh(self.data), (self,), "tanh")

    def relu(self):
        return Value(max(0.0, self.data), (self,), "relu")

    def sin(self):
        return Value(math.sin(self.data), (self,), "sin")

    def _backward(self):
        g = self.grad
        match self._op:
            case None:
                return
            case "add":
                for p in self._prev:
                    p.grad += g
            case "sub":
                self._prev[0].grad += g
                self._prev[1].grad -= g
            case "neg":
                self._prev[0].grad -= g
            case "mul":
                a, b = self._prev
                a.grad += g * b.data
                b.grad += g * a.data
            case "div":
                a, b = self._prev
                a.grad += g / b.data
                b.grad -= g * a.data / b.data**2
            case "pow":
                a = self._prev[0]
                a.grad += g * self._arg * a.data ** (self._arg - 1)
            case "exp":
                self._prev[0].grad += g * self.data
            case "log":
                self._prev[0].grad += g / self._prev[0].data
            case "tanh":
                self._prev[0].grad += g * (1 - self.data * self.data)
            case "relu":
                self._prev[0].grad += g if self.data > 0 else 0.0
            case "sin":
                self._prev[0].grad += g * math.cos(self._prev[0].data)
            case _:
                raise ValueError(f"no rule for {self._op}")

    def backward(self):
        self.grad = 1.0
        for node in reversed(topological_sort(self)):
            node._backward()


def topological_sort(root):
    out, seen = [], set()

    def walk(node):
        seen.add(node)
        for child in node._prev:
            if child not in seen:
                walk(child)
        out.append(node)

    walk(root)
    return out
