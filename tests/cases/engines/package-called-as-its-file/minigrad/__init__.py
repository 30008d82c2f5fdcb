from .minigrad import Value
from .nn import Neuron
