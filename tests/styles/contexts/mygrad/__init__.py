from .engine import Value
from .nn import MLP, Layer, Neuron

__all__ = ["Value", "MLP", "Layer", "Neuron"]
__version__ = "0.0.1"
