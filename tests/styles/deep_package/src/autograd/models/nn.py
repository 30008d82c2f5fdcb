from __future__ import annotations

from abc import ABC, abstractmethod
from random import uniform
from typing import Iterator, List, Sequence

from ..core.engine import Value


class Module(ABC):
    @abstractmethod
    def parameters(self) -> List[Value]: ...

    def zero_grad(self) -> None:
        for p in self.parameters():
            p.grad = 0.0


class Neuron(Module):
    def __init__(self, n_in: int, nonlin: bool = True) -> None:
        self.w: List[Value] = [Value(uniform(-1, 1)) for _ in range(n_in)]
        self.b: Value = Value(uniform(-1, 1))
        self.nonlin = nonlin

    def __call__(self, x: Sequence[Value | float]) -> Value:
        z: Value = sum((w * xi for w, xi in zip(self.w, x)), start=self.b)
        return z.tanh() if self.nonlin else z

    def parameters(self) -> List[Value]:
        return self.w + [self.b]


class Container(Module):
    """What is made of other modules."""

    def parts(self) -> Iterator[Module]:
        raise NotImplementedError

    def parameters(self) -> List[Value]:
        return [p for part in self.parts() for p in part.parameters()]


class Layer(Container):
    def __init__(self, n_in: int, n_out: int, nonlin: bool = True) -> None:
        self.neurons = [Neuron(n_in, nonlin) for _ in range(n_out)]

    def parts(self) -> Iterator[Module]:
        yield from self.neurons

    def __call__(self, x: Sequence[Value | float]) -> Value | List[Value]:
        out = [neuron(x) for neuron in self.neurons]
        return out[0] if len(out) == 1 else out


class MLP(Container):
    def __init__(self, n_in: int, n_outs: List[int]) -> None:
        self.layers: List[Layer] = []
        for n_out in n_outs[:-1]:
            self.layers.append(Layer(n_in, n_out))
            n_in = n_out
        self.layers.append(Layer(n_in, n_outs[-1], nonlin=False))

    def parts(self) -> Iterator[Module]:
        yield from self.layers

    def __call__(self, x):
        for layer in self.layers:
            x = layer(x)
        return x
