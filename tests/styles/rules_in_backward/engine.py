from math import exp, log, tanh

# operation -> the local slope towards each input
RULES = {
    "+": lambda out, a, b: (1.0, 1.0),
    "*": lambda out, a, b: (b.data, a.data),
    "max0": lambda out, a: (1.0 if a.data > 0 else 0.0,),
    "tanh": lambda out, a: (1.0 - out.data**2,),
    "exp": lambda out, a: (out.data,),
    "log": lambda out, a: (1.0 / a.data,),
    "pow": lambda out, a, b: (b.data * a.data ** (b.data - 1), 0.0),
}


class Value:
    def __init__(self, data, prev=(), op=None):
        self.data = data
        self.prev = prev
        self.op = op
        self.grad = 0.0

    def __add__(self, other):
        other = lift(other)
        return Value(self.data + other.data, (self, other), "+")

    def __mul__(self, other):
        other = lift(other)
        return Value(self.data * other.data, (self, other), "*")

    def __pow__(self, other):
        return Value(self.data**other, (self, Value(other)), "pow")

    def relu(self):
        return Value(self.data * (self.data > 0), (self,), "max0")

    def tanh(self):
        return Value(tanh(self.data), (self,), "tanh")

    def exp(self):
        return Value(exp(self.data), (self,), "exp")

    def log(self):
        return Value(log(self.data), (self,), "log")

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + -lift(other)

    def __truediv__(self, other):
        return self * lift(other) ** -1

    __radd__ = __add__
    __rmul__ = __mul__

    def __rsub__(self, other):
        return lift(other) - self

    def __rtruediv__(self, other):
        return lift(other) / self

    def backward(self):
        order = []
        done = set()
        stack = [(self, iter(self.prev))]
        done.add(id(self))
        while stack:
            node, children = stack[-1]
            for child in children:
                if id(child) not in done:
                    done.add(id(child))
                    stack.append((child, iter(child.prev)))
                    break
            else:
                order.append(node)
                stack.pop()
        self.grad = 1.0
        for node in order[::-1]:
            if node.prev:
                for child, slope in zip(node.prev, RULES[node.op](node, *node.prev)):
                    child.grad += slope * node.grad


def lift(x):
    return x if isinstance(x, Value) else Value(x)
