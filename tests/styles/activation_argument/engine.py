import math

sigmoid = lambda x: 1 / (1 + math.exp(-x))

# name -> the function and its slope, from input x and output y
ACTIVATIONS = {
    "tanh": (math.tanh, lambda x, y: 1 - y * y),
    "relu": (lambda x: max(x, 0.0), lambda x, y: float(x > 0)),
    "exp": (math.exp, lambda x, y: y),
    "log": (math.log, lambda x, y: 1 / x),
    "sigmoid": (sigmoid, lambda x, y: y * (1 - y)),
}


class Value:
    def __init__(self, data, parents=None, label=None):
        self.data = data
        self.parents = parents or []
        self.label = label
        self.grad = 0
        self._backward = lambda: None

    def __add__(self, other):
        if isinstance(other, (int, float)):
            other = Value(other)
        out = Value(self.data + other.data, [self, other])

        def _backward():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = _backward
        return out

    def __mul__(self, other):
        if isinstance(other, (int, float)):
            other = Value(other)
        out = Value(self.data * other.data, [self, other])

        def _backward():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = _backward
        return out

    def __pow__(self, n):
        out = Value(self.data ** n, [self])

        def _backward():
            self.grad += n * self.data ** (n - 1) * out.grad

        out._backward = _backward
        return out

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + (-other)

    def __radd__(self, other):
        return self.__add__(other)

    def __rmul__(self, other):
        return self.__mul__(other)

    def __rsub__(self, other):
        return other + (-self)

    def __truediv__(self, other):
        return self * other ** -1

    def __rtruediv__(self, other):
        return other * self ** -1

    def act(self, name):
        function, slope = ACTIVATIONS[name]
        out = Value(function(self.data), [self], label=name)

        def _backward():
            self.grad += slope(self.data, out.data) * out.grad

        out._backward = _backward
        return out

    def tanh(self):
        return self.act("tanh")

    def relu(self):
        return self.act("relu")

    def exp(self):
        return self.act("exp")

    def log(self):
        return self.act("log")

    def backward(self, grad=1.0):
        sorted_nodes = []
        done = set()

        def sort(node):
            done.add(node)
            for parent in node.parents:
                if parent not in done:
                    sort(parent)
            sorted_nodes.append(node)

        sort(self)
        self.grad = grad
        for node in reversed(sorted_nodes):
            node._backward()
