import random
from engine import Value


class Neuron:
    def __init__(self, num_inputs, nonlin=True):
        self.weights = [Value(random.gauss(0, 0.3)) for _ in range(num_inputs)]
        self.bias = Value(random.gauss(0, 0.3))
        self.nonlin = nonlin

    def __call__(self, inputs):
        z = sum(w * x for w, x in zip(self.weights, inputs)) + self.bias
        return z.tanh() if self.nonlin else z

    def parameters(self):
        return [self.bias, *self.weights]


class Layer:
    def __init__(self, num_inputs, num_outputs, **options):
        self.nodes = [Neuron(num_inputs, **options) for _ in range(num_outputs)]

    def __call__(self, inputs):
        return [node(inputs) for node in self.nodes]

    def parameters(self):
        found = []
        for node in self.nodes:
            found.extend(node.parameters())
        return found


class MLP:
    def __init__(self, num_inputs, sizes):
        self.net = []
        for i, size in enumerate(sizes):
            self.net.append(Layer(num_inputs, size, nonlin=i < len(sizes) - 1))
            num_inputs = size

    def __call__(self, x):
        for layer in self.net:
            x = layer(x)
        return x[0] if len(x) == 1 else x

    def parameters(self):
        return [p for layer in self.net for p in layer.parameters()]
