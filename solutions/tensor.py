"""Chapter 9: tensors, from scalars to vectors and matrices.

A Value holds one number. A *Tensor* holds many: a vector (a list of numbers) or a matrix (a list of
rows). The graph, the order and the adding up are those of chapter 3, and the gradient of a tensor has
the shape of the tensor. One node does the work of many.

The slopes are the old ones, place by place; z.grad stands for the gradient that arrives from above:

    z = x * w        x.grad[i] += w[i] * z.grad[i]
    z = x.sum()      x.grad[i] += z.grad                      (each entry moves the sum as far as itself)
    z = x.mean()     x.grad[i] += z.grad / n
    z = W @ x        W.grad[i][j] += z.grad[i] * x[j]         (z.grad times x transposed)
                     x.grad[j] += W[0][j] * z.grad[0] + W[1][j] * z.grad[1] + ...
                                                              (W transposed times z.grad)

The last is the chain rule for several paths: x[j] stands in every row of z, and the paths add up.
The shapes tell where something has to be transposed: W.grad has the rows and columns of W.

A worked number: x = [1, 2, 3], w = [0.1, 0.2, 0.3], loss = (x * w - x).mean(). The product is
[0.1, 0.4, 0.9], the loss -4.6/3 = -1.5333, w.grad is [1/3, 2/3, 1] and x.grad [-0.3, -0.2667, -0.2333].
(A text that is often copied prints a loss of 0.2 here, and forgets the mean in the gradient.) A step of
gradient descent moves w and leaves x, which is data, where it is:

    w.data = each(lambda number, slope: number - lr * slope, w.data, w.grad)

Two layers: a1 = W1 @ x + b1, h1 = tanh(a1), z = W2 @ h1 + b2, and L is half the sum of (z - y)^2. With
x = [1, 2], W1 = [[0.1, -0.2], [0.3, 0.4]], b1 = [0.1, -0.1], W2 = [[0.5, -0.6]], b2 = [0.2] and y = [1]:
a1 is [-0.2, 1], z is [-0.3556] and L 0.9189. Backward, with "up" for the gradient of what stands above:

    z     [-1.3556]                        z - y
    W2    [[0.2676, -1.0325]]              up times h1 transposed
    a1    [-0.6514, 0.3416]                W2 transposed times up, then the slope of tanh
    W1    [[-0.6514, -1.3028],
           [0.3416, 0.6832]]               up times x transposed
    x     [0.0373, 0.2669]                 W1 transposed times up
"""

import math

# The tools: the same for numbers, vectors and matrices.


def shape(data):
    """How many rows and columns: (2, 3) for a matrix, (3,) for a vector, () for a number."""
    if not isinstance(data, list):
        return ()
    shapes = {shape(row) for row in data}
    if len(shapes) > 1:
        raise ValueError("the rows of a matrix are of one length")
    return (len(data), *shapes.pop()) if shapes else (0,)


def each(f, *lists):
    """f of the numbers at every place: each(f, [1, 2], [3, 4]) is [f(1, 3), f(2, 4)]."""
    shapes = [shape(data) for data in lists]
    if shapes != shapes[:1] * len(shapes):
        raise ValueError(f"these shapes do not fit: {', '.join(map(str, shapes))}")
    if shapes[0] == ():
        return f(*lists)
    return [each(f, *rows) for rows in zip(*lists)]


def plus(a, b):
    """a + b, place by place: what += is for numbers, self.grad = plus(self.grad, ...) is for lists."""
    return each(lambda x, y: x + y, a, b)


def flat(data):
    """All the numbers in one list."""
    return [number for row in data for number in flat(row)] if isinstance(data, list) else [data]


def dot(a, b):
    """The sum of a[i] * b[i]. The rows of a matrix are its items, its columns are those of zip(*matrix)."""
    return sum(x * y for x, y in zip(a, b))


def sigmoid(x):
    """1 / (1 + exp(-x)) of a number, written with tanh so that no x overflows. Its slope is s * (1 - s)."""
    return 0.5 * (1 + math.tanh(x / 2))


class Tensor:
    """A number, a vector or a matrix in a graph, and its gradient, which has the same shape."""

    def __init__(self, data, _children=(), _op=""):
        self.data = data
        self.grad = each(lambda _: 0.0, data)
        self._prev = tuple(_children)
        self._op = _op
        self._backward = lambda: None

    def _beside(self, other):
        """other as a tensor: a plain number becomes one of the shape of self, with that number at every place."""
        return other if isinstance(other, Tensor) else Tensor(each(lambda _: other, self.data))

    def __add__(self, other):
        """self + other, place by place; other is a tensor of the same shape, or a number."""
        other = self._beside(other)
        out = Tensor(each(lambda a, b: a + b, self.data, other.data), (self, other), "+")

        def _backward():
            # exercise: tensor-elementwise
            self.grad = plus(self.grad, out.grad)
            other.grad = plus(other.grad, out.grad)
            # end

        out._backward = _backward
        return out

    def __sub__(self, other):
        """self - other, place by place; other is a tensor of the same shape, or a number."""
        other = self._beside(other)
        out = Tensor(each(lambda a, b: a - b, self.data, other.data), (self, other), "-")

        def _backward():
            # exercise: tensor-elementwise
            self.grad = plus(self.grad, out.grad)
            other.grad = plus(other.grad, each(lambda up: -up, out.grad))
            # end

        out._backward = _backward
        return out

    def __mul__(self, other):
        """self * other, place by place (no matrix product); other is a tensor of the same shape, or a number."""
        other = self._beside(other)
        out = Tensor(each(lambda a, b: a * b, self.data, other.data), (self, other), "*")

        def _backward():
            # exercise: tensor-elementwise
            self.grad = plus(self.grad, each(lambda b, up: b * up, other.data, out.grad))
            other.grad = plus(other.grad, each(lambda a, up: a * up, self.data, out.grad))
            # end

        out._backward = _backward
        return out

    def __radd__(self, number):
        return self + number

    def __rsub__(self, number):
        return self._beside(number) - self

    def __rmul__(self, number):
        return self * number

    # From here on whole operations are yours: a result that knows its inputs, and what it hands back.

    def sum(self):
        """All the entries added up: a tensor that holds one number."""
        # exercise: tensor-reduce
        out = Tensor(sum(flat(self.data)), (self,), "sum")

        def _backward():
            self.grad = plus(self.grad, each(lambda _: out.grad, self.data))

        out._backward = _backward
        return out
        # end

    def mean(self):
        """The sum divided by how many entries there are: a tensor that holds one number."""
        # exercise: tensor-reduce
        numbers = flat(self.data)
        n = len(numbers)
        out = Tensor(sum(numbers) / n, (self,), "mean")

        def _backward():
            self.grad = plus(self.grad, each(lambda _: out.grad / n, self.data))

        out._backward = _backward
        return out
        # end

    def __matmul__(self, other):
        """self @ other: a matrix times a vector or a matrix, with as many rows as self has columns."""
        own, others = shape(self.data), shape(other.data)
        if len(own) != 2 or own[1:] != others[:1]:
            raise ValueError(f"these shapes do not fit a matrix product: {own} @ {others}")
        return self._times_vector(other) if len(others) == 1 else self._times_matrix(other)

    def _times_vector(self, x):
        """self @ x: each row of self gives one entry, the sum of row[j] * x[j]."""
        # exercise: tensor-matmul
        out = Tensor([dot(row, x.data) for row in self.data], (self, x), "@")

        def _backward():
            self.grad = plus(self.grad, [[up * xj for xj in x.data] for up in out.grad])
            x.grad = plus(x.grad, [dot(column, out.grad) for column in zip(*self.data)])

        out._backward = _backward
        return out
        # end

    def _times_matrix(self, other):
        """self @ other: row i of self and column k of other give the entry in row i and column k."""
        # exercise: tensor-matmul
        out = Tensor([[dot(row, column) for column in zip(*other.data)] for row in self.data], (self, other), "@")

        def _backward():
            self.grad = plus(self.grad, [[dot(ups, row) for row in other.data] for ups in out.grad])
            other.grad = plus(other.grad, [[dot(column, ups) for ups in zip(*out.grad)] for column in zip(*self.data)])

        out._backward = _backward
        return out
        # end

    def tanh(self):
        """The tanh of every entry."""
        # exercise: tensor-activation
        out = Tensor(each(math.tanh, self.data), (self,), "tanh")

        def _backward():
            self.grad = plus(self.grad, each(lambda t, up: (1 - t**2) * up, out.data, out.grad))

        out._backward = _backward
        return out
        # end

    def sigmoid(self):
        """The sigmoid of every entry."""
        # exercise: tensor-activation
        out = Tensor(each(sigmoid, self.data), (self,), "sigmoid")

        def _backward():
            self.grad = plus(self.grad, each(lambda s, up: s * (1 - s) * up, out.data, out.grad))

        out._backward = _backward
        return out
        # end

    def backward(self, upstream=None):
        """Hand out the slopes, as in chapter 3, beginning with the gradient upstream, of the shape of self.

        Without one it is 1, and self must hold a single number: a loss.
        """
        if upstream is None and shape(self.data) != ():
            raise ValueError(f"a tensor of shape {shape(self.data)} is no loss: take its sum or mean, or give upstream")
        self.grad = each(lambda _, up: up, self.data, 1.0 if upstream is None else upstream)
        order, visited = [], set()

        def visit(node):
            if node not in visited:
                visited.add(node)
                for child in node._prev:
                    visit(child)
                order.append(node)

        visit(self)
        for node in reversed(order):
            node._backward()

    def __repr__(self):
        return f"Tensor(data={self.data}, grad={self.grad})"


def two_layer_gradients(x, W1, b1, W2, b2, y):
    """Every gradient of L, half the sum of (z - y)^2, where a1 = W1 @ x + b1, h1 = sigmoid(a1), z = W2 @ h1 + b2.

    By hand, with lists and no Tensor: W1 and W2 are lists of rows, the others are lists of numbers. Gives a dict with
    the keys "z", "W2", "b2", "h1", "a1", "W1", "b1" and "x"; each gradient has the shape of what it belongs to.
    With the numbers of the reading (and sigmoid for tanh) that of z is [-1.0136] and that of a1 [-0.1254, 0.1196].
    """
    # exercise: two-layer-backward
    a1 = [dot(row, x) + b for row, b in zip(W1, b1)]
    h1 = [sigmoid(a) for a in a1]
    z = [dot(row, h1) + b for row, b in zip(W2, b2)]
    dz = [zi - yi for zi, yi in zip(z, y)]
    dW2 = [[up * h for h in h1] for up in dz]
    dh1 = [dot(column, dz) for column in zip(*W2)]
    da1 = [h * (1 - h) * up for h, up in zip(h1, dh1)]
    dW1 = [[up * xj for xj in x] for up in da1]
    dx = [dot(column, da1) for column in zip(*W1)]
    return {"z": dz, "W2": dW2, "b2": dz, "h1": dh1, "a1": da1, "W1": dW1, "b1": da1, "x": dx}
    # end
