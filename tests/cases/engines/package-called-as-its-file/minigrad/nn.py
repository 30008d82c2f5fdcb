import random

from .minigrad import Value


class Neuron:
    def __init__(self, nin, nonlin=True):
        self.w = [Value(random.uniform(-1, 1)) for _ in range(nin)]
        self.b = Value(0.0)
        self.nonlin = nonlin

    def __call__(self, x):
        total = sum((w * one for w, one in zip(self.w, x)), self.b)
        return total.tanh() if self.nonlin else total
