"""A Value is made bare; what made it is attached afterwards."""
import math


class Value:
    def __init__(self, data):
        self.data = data
        self.grad = 0.0
        self.children = []
        self._backward = None

    def made_of(self, *children):
        self.children = list(children)
        return self

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data).made_of(self, other)

        def backward():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = backward
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data).made_of(self, other)

        def backward():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = backward
        return out

    def __pow__(self, n):
        out = Value(self.data**n).made_of(self)

        def backward():
            self.grad += n * self.data ** (n - 1) * out.grad

        out._backward = backward
        return out

    def exp(self):
        out = Value(math.exp(self.data)).made_of(self)

        def backward():
            self.grad += out.data * out.grad

        out._backward = backward
        return out

    def log(self):
        out = Value(math.log(self.data)).made_of(self)

        def backward():
            self.grad += out.grad / self.data

        out._backward = backward
        return out

    def tanh(self):
        out = Value(math.tanh(self.data)).made_of(self)

        def backward():
            self.grad += (1 - out.data**2) * out.grad

        out._backward = backward
        return out

    def relu(self):
        out = Value(self.data if self.data > 0 else 0.0).made_of(self)

        def backward():
            self.grad += out.grad if self.data > 0 else 0.0

        out._backward = backward
        return out

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + (-other)

    def __truediv__(self, other):
        return self * other**-1

    def __radd__(self, other):
        return self + other

    def __rsub__(self, other):
        return (-self) + other

    def __rmul__(self, other):
        return self * other

    def __rtruediv__(self, other):
        return self**-1 * other

    def backward(self):
        self.grad = 1.0
        for node in reversed(topological_sort(self)):
            if node._backward:
                node._backward()


def topological_sort(root):
    order = []
    visited = set()

    def visit(node):
        if node in visited:
            return
        visited.add(node)
        for child in node.children:
            visit(child)
        order.append(node)

    visit(root)
    return order
