# Tensors kept as flat lists with a shape; data and grad are nested only when somebody looks.
from math import tanh, prod
import math

def _flatten(x):
    if isinstance(x, (list, tuple)):
        return [v for r in x for v in _flatten(r)]
    return [float(x)]

def _shape(x):
    s = []
    while isinstance(x, (list, tuple)):
        s.append(len(x)); x = x[0]
    return tuple(s)

def _nest(flat, shape):
    if not shape: return flat[0]
    if len(shape) == 1: return list(flat)
    n = prod(shape[1:])
    return [_nest(flat[i*n:(i+1)*n], shape[1:]) for i in range(shape[0])]

class Tensor:
    def __init__(self, data, parents=(), op=None):
        self.shape = _shape(data)
        self._d = _flatten(data)
        self._g = [0.0] * len(self._d)
        self.parents = set(parents)
        self.op = op
        self._back = None

    @classmethod
    def _make(cls, flat, shape, parents):
        return cls(_nest(flat, shape), parents)

    @property
    def data(self): return _nest(self._d, self.shape)
    @data.setter
    def data(self, x): self._d = _flatten(x)
    @property
    def grad(self): return _nest(self._g, self.shape)
    @grad.setter
    def grad(self, x): self._g = _flatten(x)

    def _wrap(self, o):
        if isinstance(o, Tensor):
            if o.shape != self.shape: raise ValueError(f"{self.shape} and {o.shape}")
            return o
        return Tensor._make([o] * len(self._d), self.shape, ())

    def __add__(self, o):
        o = self._wrap(o)
        out = Tensor._make([a + b for a, b in zip(self._d, o._d)], self.shape, (self, o))
        def back():
            for i in range(len(out._g)):
                self._g[i] += out._g[i]
                o._g[i] += out._g[i]
        out._back = back
        return out

    def __mul__(self, o):
        o = self._wrap(o)
        out = Tensor._make([a * b for a, b in zip(self._d, o._d)], self.shape, (self, o))
        def back():
            for i, g in enumerate(out._g):
                self._g[i] += o._d[i] * g
                o._g[i] += self._d[i] * g
        out._back = back
        return out

    __radd__, __rmul__ = __add__, __mul__
    def __neg__(self): return self * -1.0
    def __sub__(self, o): return self + -o
    def __rsub__(self, o): return -self + o

    def sum(self):
        out = Tensor(sum(self._d), (self,))
        def back():
            self._g = [g + out._g[0] for g in self._g]
        out._back = back
        return out

    def mean(self): return self.sum() * (1 / len(self._d))

    def __matmul__(self, o):
        n, m = self.shape
        if o.shape[0] != m: raise ValueError("shapes")
        k = 1 if len(o.shape) == 1 else o.shape[1]
        flat = [0.0] * (n * k)
        for i in range(n):
            for j in range(m):
                for c in range(k): flat[i*k+c] += self._d[i*m+j] * o._d[j*k+c]
        out = Tensor._make(flat, (n,) if len(o.shape) == 1 else (n, k), (self, o))
        def back():
            for i in range(n):
                for j in range(m):
                    for c in range(k):
                        self._g[i*m+j] += out._g[i*k+c] * o._d[j*k+c]
                        o._g[j*k+c] += out._g[i*k+c] * self._d[i*m+j]
        out._back = back
        return out

    def tanh(self):
        t = [tanh(v) for v in self._d]
        out = Tensor._make(t, self.shape, (self,))
        def back():
            for i, g in enumerate(out._g): self._g[i] += (1 - t[i] ** 2) * g
        out._back = back
        return out

    def sigmoid(self): return (self * 0.5).tanh() * 0.5 + 0.5

    def backward(self, upstream=None):
        self._g = _flatten(1.0 if upstream is None else upstream)
        seen, topo = set(), []
        def build(v):
            if v in seen: return
            seen.add(v)
            for p in v.parents: build(p)
            topo.append(v)
        build(self)
        while topo:
            v = topo.pop()
            if v._back: v._back()

def two_layer_gradients(x, W1, b1, W2, b2, y):
    n, m, k = len(x), len(b1), len(b2)
    a = [b1[i] + sum(W1[i][j] * x[j] for j in range(n)) for i in range(m)]
    h = [1 / (1 + math.exp(-v)) for v in a]
    z = [b2[i] + sum(W2[i][j] * h[j] for j in range(m)) for i in range(k)]
    g = dict(z=[z[i] - y[i] for i in range(k)], W2=[[0.0] * m for _ in range(k)], h1=[0.0] * m)
    for i in range(k):
        for j in range(m):
            g["W2"][i][j] = g["z"][i] * h[j]
            g["h1"][j] += g["z"][i] * W2[i][j]
    g["b2"] = tuple(g["z"])
    g["a1"] = [g["h1"][j] * h[j] * (1 - h[j]) for j in range(m)]
    g["b1"] = list(g["a1"])
    g["W1"] = [[g["a1"][i] * x[j] for j in range(n)] for i in range(m)]
    g["x"] = [sum(g["a1"][i] * W1[i][j] for i in range(m)) for j in range(n)]
    return g
