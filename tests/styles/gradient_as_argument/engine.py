import math


class Value:
    """_backward takes the gradient of the node and hands it on."""

    def __init__(self, data, _children=(), _op="", _backward=None):
        self.data = data
        self.grad = 0.0
        self._prev = set(_children)
        self._op = _op
        self._backward = _backward or (lambda grad: None)

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)

        def _backward(grad):
            self.grad += grad
            other.grad += grad

        return Value(self.data + other.data, (self, other), "+", _backward)

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)

        def _backward(grad):
            self.grad += grad * other.data
            other.grad += grad * self.data

        return Value(self.data * other.data, (self, other), "*", _backward)

    def __pow__(self, n):
        def _backward(grad):
            self.grad += grad * n * self.data ** (n - 1)

        return Value(self.data**n, (self,), "**", _backward)

    def exp(self):
        e = math.exp(self.data)

        def _backward(grad):
            self.grad += grad * e

        return Value(e, (self,), "exp", _backward)

    def log(self):
        def _backward(grad):
            self.grad += grad / self.data

        return Value(math.log(self.data), (self,), "log", _backward)

    def tanh(self):
        t = math.tanh(self.data)

        def _backward(grad):
            self.grad += grad * (1 - t**2)

        return Value(t, (self,), "tanh", _backward)

    def relu(self):
        def _backward(grad):
            if self.data > 0:
                self.grad += grad

        return Value(max(self.data, 0), (self,), "relu", _backward)

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + (-other)

    def __rsub__(self, other):
        return (-self) + other

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __truediv__(self, other):
        return self * (other**-1)

    def __rtruediv__(self, other):
        return (self**-1) * other

    def backward(self):
        order, seen = [], set()

        def visit(node):
            if node in seen:
                return
            seen.add(node)
            for child in node._prev:
                visit(child)
            order.append(node)

        visit(self)
        self.grad = 1.0
        for node in reversed(order):
            node._backward(node.grad)
