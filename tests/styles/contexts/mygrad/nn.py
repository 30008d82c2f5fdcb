import random

from mygrad.engine import Value
from mygrad.functions import Tanh


class Module:
    def parameters(self):
        return []

    def zero_grad(self):
        for p in self.parameters():
            p.grad = 0


class Neuron(Module):
    def __init__(self, nin, nonlin=True):
        self.w = tuple(Value(random.uniform(-1, 1)) for _ in range(nin))
        self.b = Value(random.uniform(-1, 1))
        self.nonlin = nonlin

    def __call__(self, x):
        z = sum((wi * xi for wi, xi in zip(self.w, x)), self.b)
        return Tanh.apply(z) if self.nonlin else z

    def parameters(self):
        return [*self.w, self.b]


class Layer(Module):
    def __init__(self, nin, nout, nonlin=True):
        self.neurons = tuple(Neuron(nin, nonlin) for _ in range(nout))

    def __call__(self, x):
        outs = [n(x) for n in self.neurons]
        return outs if len(outs) > 1 else outs[0]

    def parameters(self):
        return sum((n.parameters() for n in self.neurons), [])


class MLP(Module):
    def __init__(self, nin, nouts):
        sizes = [nin, *nouts]
        hidden = [Layer(a, b) for a, b in zip(sizes, sizes[1:-1])]
        self.layers = [*hidden, Layer(sizes[-2], sizes[-1], nonlin=False)]

    def __call__(self, x):
        for layer in self.layers:
            x = layer(x)
        return x

    def parameters(self):
        return sum((layer.parameters() for layer in self.layers), [])
