import random

from engine import Value


class Module:
    """Finds its parameters by looking at its attributes."""

    def parameters(self):
        found = []
        for attribute in vars(self).values():
            for item in attribute if isinstance(attribute, list) else [attribute]:
                if isinstance(item, Value):
                    found.append(item)
                elif isinstance(item, Module):
                    found += item.parameters()
        return found

    def zero_grad(self):
        for p in self.parameters():
            p.grad = 0


class Neuron(Module):
    def __init__(self, nin, nonlin=True):
        self.weights = [Value(random.uniform(-1, 1)) for _ in range(nin)]
        self.bias = Value(0)
        self.nonlin = nonlin

    def __call__(self, x):
        act = self.bias
        for w, xi in zip(self.weights, x):
            act = act + xi * w
        if self.nonlin:
            act = act.tanh()
        return act


class Layer(Module):
    def __init__(self, nin, nout, nonlin=True):
        self.nodes = [Neuron(nin, nonlin) for _ in range(nout)]

    def __call__(self, x):
        if len(self.nodes) == 1:
            return self.nodes[0](x)
        return [node(x) for node in self.nodes]


class MLP(Module):
    def __init__(self, nin, nouts):
        self.net = []
        for nout in nouts:
            self.net.append(Layer(nin, nout, nonlin=len(self.net) + 1 < len(nouts)))
            nin = nout

    def __call__(self, x):
        for layer in self.net:
            x = layer(x)
        return x
