"""Chapter 3: a Value that knows its gradient.

A Value is one node of a computational graph. It holds its number (data), the slope of the final
result with respect to it (grad), the nodes it was made from (_prev), and a function that hands its
own gradient on to those nodes (_backward). Everything in this file is the chain rule:

    gradient of an input  +=  local slope  *  gradient of the output

Why *accumulate* (+=)? A node may be used more than once, and the chain rule adds up all the paths:
in y = a + a each use hands a gradient of 1 to a, and the answer is 2. Writing = keeps the last one.

Why the *upstream gradient* (out.grad)? An operation is seldom the last one. out.grad says how much
the final result moves when out moves; the local slope says how much out moves when the input does.

Why a *topological order*? A node may hand its gradient on only when it has all of it, that is after
every node that uses it. The *children* of a node are the nodes that it was made from, those in _prev.
List each node after its children, then run through the list backward.

A worked number: a = 1, b = a + a, c = b + b. c.grad = 1, so b.grad = 2, so a.grad = 4. One to try
when all of it works: at x = -4, with z = 2*x + 2 + x, q = relu(z) + z*x, h = relu(z*z) and
y = h + q + q*x, y is -20 and x.grad is 46.
"""

import math


class Value:
    """One number in a graph, and its gradient."""

    def __init__(self, data, _children=(), _op=""):
        self.data = data
        self.grad = 0.0
        self._prev = tuple(_children)
        self._op = _op  # what made this node, for drawing it
        self._backward = lambda: None  # a leaf has nobody to hand its gradient to

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other), "+")

        def _backward():
            # exercise: add
            self.grad += out.grad
            other.grad += out.grad
            # end

        out._backward = _backward
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), "*")

        def _backward():
            # exercise: mul
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad
            # end

        out._backward = _backward
        return out

    def __pow__(self, n):
        """self to the power n, where n is a plain number, not a Value."""
        out = Value(self.data**n, (self, n), f"**{n}")

        def _backward():
            # exercise: pow
            self.grad += n * self.data ** (n - 1) * out.grad
            # end

        out._backward = _backward
        return out

    def exp(self):
        out = Value(math.exp(self.data), (self,), "exp")

        def _backward():
            # exercise: exp
            self.grad += out.data * out.grad
            # end

        out._backward = _backward
        return out

    def log(self):
        """The natural logarithm; self.data must be above 0."""
        out = Value(math.log(self.data), (self,), "log")

        def _backward():
            # exercise: log
            self.grad += out.grad / self.data
            # end

        out._backward = _backward
        return out

    def tanh(self):
        out = Value(math.tanh(self.data), (self,), "tanh")

        def _backward():
            # exercise: tanh
            self.grad += (1 - out.data**2) * out.grad
            # end

        out._backward = _backward
        return out

    def relu(self):
        """self where it is above 0, else 0. At exactly 0 the slope is taken to be 0."""
        out = Value(self.data if self.data > 0 else 0.0, (self,), "relu")

        def _backward():
            # exercise: relu
            if self.data > 0:
                self.grad += out.grad
            # end

        out._backward = _backward
        return out

    # The rest needs no slopes of its own: build each from the operations above.

    def __neg__(self):
        """-self"""
        # exercise: neg-sub
        return self * -1
        # end

    def __sub__(self, other):
        """self - other, where other is a Value or a number"""
        # exercise: neg-sub
        return self + (-other)
        # end

    def __truediv__(self, other):
        """self / other, where other is a Value or a number"""
        # exercise: div
        return self * other**-1
        # end

    # Python calls these with the sides exchanged when the left side is a plain number.

    def __radd__(self, other):
        """other + self"""
        # exercise: reflected
        return self + other
        # end

    def __rsub__(self, other):
        """other - self"""
        # exercise: reflected
        return -self + other
        # end

    def __rmul__(self, other):
        """other * self"""
        # exercise: reflected
        return self * other
        # end

    def __rtruediv__(self, other):
        """other / self"""
        # exercise: reflected
        return self**-1 * other
        # end

    def backward(self):
        """Hand out the slope of self with respect to every node that it is made from.

        Set self.grad to 1, then let every node hand its gradient on, each after all the nodes that
        use it. Nothing is cleared: over several results the gradients of their inputs add up.
        """
        # exercise: backward
        self.grad = 1.0
        for node in reversed(topological_sort(self)):
            node._backward()
        # end

    def __repr__(self):
        return f"Value(data={self.data}, grad={self.grad})"


def topological_sort(root):
    """All the nodes that root is made from, and root, as a list: children first, each node once.

    A node's children are in node._prev. A function that calls itself for each child is fine here;
    the bonus exercise deep-graph asks for one that manages a chain of 10,000 nodes as well.
    """
    # exercise: topological-sort
    order = []
    visited = set()
    stack = [(root, False)]
    while stack:
        node, children_are_listed = stack.pop()
        if children_are_listed:
            order.append(node)
        elif node not in visited:
            visited.add(node)
            stack.append((node, True))  # comes up again once its children are listed
            for child in node._prev:
                stack.append((child, False))
    return order
    # end
