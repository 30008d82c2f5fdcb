"""Misconceptions of chapter 4: networks."""

from grader.misconceptions.entries import within, wrong

NEURON = """        total = self.b
        for wi, xi in zip(self.w, x):
            total = total + wi * xi
        return total.tanh() if self.nonlin else total
"""
ZERO_GRAD = "        for p in self.parameters():\n            p.grad = 0.0\n"

MISCONCEPTIONS = (
    wrong(
        "neuron",
        "bias-left-out",
        "The bias is left out of the sum",
        "These are the numbers of a neuron without its bias.",
        ("total = self.b\n", "total = Value(0.0)\n"),
    ),
    wrong(
        "neuron",
        "bias-once-for-each-input",
        "The bias is added once for every input",
        "The bias belongs to the neuron, not to its inputs: it comes into the sum once.",
        ("total = self.b\n", "total = Value(0.0)\n"),
        ("total + wi * xi", "total + (wi * xi + self.b)"),
    ),
    wrong(
        "neuron",
        "bias-in-each-product",
        "The bias is added once too often for every input",
        "The bias belongs to the neuron, not to its inputs: it comes into the sum once.",
        ("total + wi * xi", "total + (wi * xi + self.b)"),
    ),
    wrong(
        "neuron",
        "bias-changed",
        "The bias grows with every call",
        "The sum is kept in the bias itself, so that the next call begins with it. Add up in a name of its own.",
        (NEURON, NEURON.replace("        total = self.b\n", "").replace("total", "self.b")),
    ),
    wrong(
        "neuron",
        "weights-cut-off",
        "The weights' numbers are used, and not the weights",
        "The output is right, and does not know its weights: no gradient finds its way back to them.",
        ("wi * xi", "wi.data * xi"),
    ),
    wrong(
        "neuron",
        "tanh-of-each-product",
        "tanh is taken of each product",
        "The neuron squashes its whole sum, once.",
        within(
            NEURON,
            ("wi * xi", "((wi * xi).tanh() if self.nonlin else wi * xi)"),
            ("total.tanh() if self.nonlin else total", "total"),
        ),
    ),
    wrong(
        "neuron",
        "no-tanh",
        "The tanh is forgotten",
        "The weighted sum comes out as it is, also where the neuron is not linear.",
        ("total.tanh() if self.nonlin else total", "total"),
    ),
    wrong(
        "neuron",
        "relu",
        "The neuron has a relu",
        "In these exercises a neuron that is not linear has a tanh.",
        ("total.tanh()", "total.relu()"),
    ),
    wrong(
        "neuron",
        "nonlin-ignored",
        "nonlin=False changes nothing",
        "A linear neuron gives its weighted sum itself.",
        ("total.tanh() if self.nonlin else total", "total.tanh()"),
    ),
    wrong(
        "layer",
        "one-neuron-repeated",
        "All the neurons of a layer are one and the same",
        "A list times a number holds the same object many times. Every neuron needs weights of its own.",
        ("[Neuron(nin, nonlin) for _ in range(nout)]", "[Neuron(nin, nonlin)] * nout"),
    ),
    wrong(
        "layer",
        "always-a-list",
        "A single output comes in a list",
        "A layer of one neuron gives its output bare.",
        ("out[0] if len(out) == 1 else out", "out"),
    ),
    wrong(
        "layer",
        "nonlin-not-passed-on",
        "The neurons of a linear layer are not linear",
        "What the layer is told about nonlin has to reach its neurons.",
        ("Neuron(nin, nonlin)", "Neuron(nin)"),
    ),
    wrong(
        "mlp",
        "not-chained",
        "Every layer sees the network's inputs",
        "A layer is fed with what the layer before gave.",
        ("            x = layer(x)\n        return x\n", "            y = layer(x)\n        return y\n"),
    ),
    wrong(
        "mlp",
        "last-with-tanh",
        "The last layer squashes its output",
        "The last layer is linear, so that an output can be any number.",
        ("nonlin=i != last", "nonlin=True"),
    ),
    wrong(
        "mlp",
        "all-linear",
        "No layer has a tanh",
        "Linear layers on top of each other are one linear layer. All but the last squash their sums.",
        ("nonlin=i != last", "nonlin=False"),
    ),
    wrong(
        "mlp",
        "only-last-with-tanh",
        "The last layer has a tanh, and the others have none",
        "It is the other way round: all but the last squash their sums, and the last is linear.",
        ("nonlin=i != last", "nonlin=i == last"),
    ),
    wrong(
        "mlp",
        "all-sizes-from-nin",
        "Every layer has as many inputs as the network",
        "A layer has as many inputs as the layer before has neurons.",
        ("Layer(sizes[i], sizes[i + 1]", "Layer(nin, sizes[i + 1]"),
    ),
    wrong(
        "parameters",
        "bias-missing",
        "The biases are not among the parameters",
        "What is not listed is not trained. A bias is learned like a weight.",
        ("return self.w + [self.b]", "return self.w"),
    ),
    wrong(
        "parameters",
        "list-in-a-list",
        "A list of weights is inside the list of parameters",
        "Every parameter stands in the list itself: join two lists, rather than put one into the other.",
        ("return self.w + [self.b]", "return [self.w, self.b]"),
    ),
    wrong(
        "parameters",
        "a-list-for-each-neuron",
        "There is a list for every neuron, inside the list",
        "Every parameter stands in the list itself: put lists together, rather than into each other.",
        (
            "[p for neuron in self.neurons for p in neuron.parameters()]",
            "[neuron.parameters() for neuron in self.neurons]",
        ),
    ),
    wrong(
        "parameters",
        "zero-grad-names-only",
        "zero_grad gives a name another meaning",
        "p = 0.0 makes p a name for 0.0, and the parameter is as before. Change what is in it.",
        (ZERO_GRAD, ZERO_GRAD.replace("p.grad = 0.0", "p = 0.0")),
    ),
    wrong(
        "parameters",
        "zero-grad-data-instead",
        "zero_grad clears the data, and not the gradients",
        "The weights are what has been learned. What begins anew is the gradients.",
        (ZERO_GRAD, ZERO_GRAD.replace("p.grad = 0.0", "p.data = 0.0")),
    ),
    wrong(
        "parameters",
        "last-layer-only",
        "Only the last layer's parameters are listed",
        "What is not listed is not trained: every layer has its share.",
        ("[p for layer in self.layers for p in layer.parameters()]", "self.layers[-1].parameters()"),
    ),
    wrong(
        "parameters",
        "duplicates",
        "Parameters are listed more than once",
        "An optimiser would move them twice in a step.",
        ("for p in layer.parameters()]", "for p in layer.parameters()] * 2"),
    ),
    wrong(
        "parameters",
        "zero-grad-of-layers-only",
        "zero_grad passes over some of the modules",
        "It works for networks, and does nothing for a single neuron.",
        (
            ZERO_GRAD,
            "        for p in self.parameters() if hasattr(self, 'layers') else []:\n            p.grad = 0.0\n",
        ),
    ),
    wrong(
        "parameters",
        "zero-grad-clears-data",
        "zero_grad clears the data too",
        "Only the gradients begin anew; the weights are what has been learned.",
        (ZERO_GRAD, ZERO_GRAD + "            p.data = 0.0\n"),
    ),
)
