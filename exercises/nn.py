"""Chapter 4: neurons, layers and a network.

A *neuron* weighs its inputs, adds a bias and squashes the sum:

    out = tanh(w1*x1 + w2*x2 + ... + b)

Without the squashing, layers on layers would still be one straight line. A *layer* is a row of
neurons that all see the same inputs. A *multi-layer perceptron* (MLP) is layers in a row, each fed
by the one before; the last is linear (no tanh), so that the network can answer with any number.

A worked number: x = [2, 0], w = [-3, 1] and b = 6.8814 make the sum 0.8814 and the output 0.7071.

The weights and biases are the *parameters*: what training changes. MLP(3, [4, 4, 1]) has
4 * (3 + 1) + 4 * (4 + 1) + 1 * (4 + 1) = 41 of them. Their gradients add up in backward(), so they
are set back to 0 before each new step: otherwise every step would follow all the old ones as well.
"""

import random

from engine import Value


class Module:
    """What has parameters: a neuron, a layer or a whole network."""

    def parameters(self):
        """Every parameter of this module, once, as a list of Values."""
        return []

    def zero_grad(self):
        """Set the gradient of every parameter to 0."""
        # exercise: parameters
        raise NotImplementedError("parameters")
        # end


class Neuron(Module):
    def __init__(self, nin, nonlin=True):
        self.w = [Value(random.uniform(-1, 1)) for _ in range(nin)]
        self.b = Value(0.0)
        self.nonlin = nonlin

    def __call__(self, x):
        """w . x + b, then tanh; where nonlin is False, only w . x + b. x is a list of nin inputs."""
        # exercise: neuron
        raise NotImplementedError("neuron")
        # end

    def parameters(self):
        # exercise: parameters
        raise NotImplementedError("parameters")
        # end


class Layer(Module):
    def __init__(self, nin, nout, nonlin=True):
        """Make self.neurons: nout neurons with nin inputs each."""
        # exercise: layer
        raise NotImplementedError("layer")
        # end

    def __call__(self, x):
        """The outputs of all neurons for the inputs x, as a list; a single output without its list."""
        # exercise: layer
        raise NotImplementedError("layer")
        # end

    def parameters(self):
        # exercise: parameters
        raise NotImplementedError("parameters")
        # end


class MLP(Module):
    def __init__(self, nin, nouts):
        """Make self.layers: the first takes nin inputs, and nouts lists how many outputs each has.

        MLP(3, [4, 4, 1]) has layers 3 -> 4, 4 -> 4 and 4 -> 1. Only the last one is linear, and only
        the last one may have a single output.
        """
        # exercise: mlp
        raise NotImplementedError("mlp")
        # end

    def __call__(self, x):
        """Feed x to the first layer, what it gives to the second, and so on."""
        # exercise: mlp
        raise NotImplementedError("mlp")
        # end

    def parameters(self):
        # exercise: parameters
        raise NotImplementedError("parameters")
        # end
