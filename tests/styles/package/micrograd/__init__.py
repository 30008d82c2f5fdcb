from micrograd.engine import Value
from micrograd.nn import Neuron, Layer, MLP
