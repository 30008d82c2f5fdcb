import math


class Add:
    def __init__(self, left, right):
        self.operands = (left, right)
        self.out = Scalar(left.data + right.data, self)

    def backward(self):
        for operand in self.operands:
            operand.grad += self.out.grad


class Mul:
    def __init__(self, left, right):
        self.operands = (left, right)
        self.out = Scalar(left.data * right.data, self)

    def backward(self):
        left, right = self.operands
        left.grad += right.data * self.out.grad
        right.grad += left.data * self.out.grad


class Exp:
    def __init__(self, operand):
        self.operands = (operand,)
        self.out = Scalar(math.exp(operand.data), self)

    def backward(self):
        self.operands[0].grad += self.out.data * self.out.grad


class Tanh:
    def __init__(self, operand):
        self.operands = (operand,)
        self.out = Scalar(math.tanh(operand.data), self)

    def backward(self):
        self.operands[0].grad = (1 - self.out.data**2) * self.out.grad


class Scalar:
    __slots__ = ("data", "op", "grad")

    def __init__(self, data, op=None):
        self.data = data
        self.op = op
        self.grad = 0.0

    def __add__(self, other):
        return Add(self, other if isinstance(other, Scalar) else Scalar(other)).out

    def __mul__(self, other):
        return Mul(self, other if isinstance(other, Scalar) else Scalar(other)).out

    def exp(self):
        return Exp(self).out

    def tanh(self):
        return Tanh(self).out

    def backward(self):
        topo, visited, stack = [], set(), [(self, False)]
        while stack:
            node, is_expanded = stack.pop()
            if is_expanded:
                topo.append(node)
            elif node not in visited:
                node.grad = 0.0
                visited.add(node)
                stack.append((node, True))
                stack.extend((operand, False) for operand in (node.op.operands if node.op else ()))
        self.grad = 1.0
        for node in reversed(topo):
            if node.op:
                node.op.backward()
