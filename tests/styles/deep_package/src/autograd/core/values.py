"""The node itself; engine.py gives it its operators."""


class Node:
    def __init__(self, data, *, children=(), op=""):
        self.data = data
        self.children = children
        self.op = op
        self.grad = 0.0
        self._backward = _nothing

    def hand_on(self, *slopes):
        """Let _backward hand the gradient on to the children, by these local slopes."""

        def _backward():
            for child, slope in zip(self.children, slopes):
                child.grad += self.grad * slope

        self._backward = _backward
        return self

    def backward(self):
        order = []
        seen = set()

        def visit(node):
            if node not in seen:
                seen.add(node)
                [visit(child) for child in node.children]
                order.append(node)

        visit(self)
        self.grad = 1.0
        for node in reversed(order):
            node._backward()


def _nothing():
    pass
