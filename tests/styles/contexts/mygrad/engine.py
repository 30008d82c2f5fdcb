from . import functions as F


class Value:
    def __init__(self, data):
        self.data = data
        self.grad = 0
        self._ctx = None
        self._function = None

    def __add__(self, other):
        return F.Add.apply(self, other)

    def __mul__(self, other):
        return F.Mul.apply(self, other)

    def __pow__(self, n):
        return F.Pow.apply(self, n)

    def exp(self):
        return F.Exp.apply(self)

    def log(self):
        return F.Log.apply(self)

    def tanh(self):
        return F.Tanh.apply(self)

    def relu(self):
        return F.ReLU.apply(self)

    def __neg__(self):
        return F.Mul.apply(self, -1)

    def __sub__(self, other):
        return F.Add.apply(self, -other)

    def __truediv__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return F.Mul.apply(self, F.Pow.apply(other, -1))

    def __radd__(self, other):
        return F.Add.apply(other, self)

    def __rmul__(self, other):
        return F.Mul.apply(other, self)

    def __rsub__(self, other):
        return F.Add.apply(other, -self)

    def __rtruediv__(self, other):
        return F.Mul.apply(other, F.Pow.apply(self, -1))

    def backward(self):
        order = topological_sort(self)
        self.grad = 1
        while order:
            node = order.pop()
            if node._ctx is None:
                continue
            grads = node._function.backward(node._ctx, node.grad)
            for parent, grad in zip(node._ctx.inputs, grads):
                parent.grad += grad

    def __repr__(self):
        return f"<Value {self.data} grad={self.grad}>"


def topological_sort(root):
    order, seen = [], set()

    def visit(node):
        if node in seen:
            return
        seen.add(node)
        if node._ctx is not None:
            for parent in node._ctx.inputs:
                visit(parent)
        order.append(node)

    visit(root)
    return order
