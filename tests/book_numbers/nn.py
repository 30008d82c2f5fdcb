"""The numbers of chapter 4: see test_book_numbers.py."""

from __future__ import annotations

import math
from collections.abc import Iterator

from oracle import Value, kit

GIVEN: tuple[str, ...] = (
    "The inputs $x = [2, 0]$, the weights $w = [-3, 1]$ and the bias $b = 6.8814$",
    "weights -3 and 1, the bias 6.8814 is added",
    "$w = 0.5$, $b = -3$ and the inputs 1, 2 and 3",
    "With the input $[1, 2]$, a first neuron with $w = [0.5, -1]$ and $b = 0$",
    "a second with $w = [1, 1]$",
    "`MLP(3, [4, 4, 1])` takes 3 inputs",
    r"\begin{pmatrix} 0.5 & -1 \\ 1 & 1 \end{pmatrix}",
    "at 5. Dividing",
    "At $x$ = 0, 1 and 2",
    "At $x$ = -3, 0 and 3",
    r"\frac{1}{1 + \exp(-n)}",
    r"\text{max}(0, n)",
    "asked for 20, it would",
    "whose weights are all 0.5, the input $[1, 2]$, and a last neuron that adds them with the weights 0.5.",
    "With 100 inputs of 1 or -1 and weights drawn evenly from -1 to 1,",
    "for an answer of 0.99,",
    "(Cybenko, 1989)",
    "(LeCun, Bottou, Orr and Müller, 1998)",
)


def sigmoid(n: float) -> float:
    return 1 / (1 + math.exp(-n))


def slope(function: str, n: float) -> float:
    """The slope of an activation function at n; tanh and relu are asked of the engine, the sigmoid of differences."""
    if function == "sigmoid":
        return (sigmoid(n + 1e-6) - sigmoid(n - 1e-6)) / 2e-6
    x = Value(n)
    getattr(x, function)().backward()
    return float(x.grad)


def claims() -> Iterator[str]:
    """Pieces of the text, with the numbers worked out."""
    yield from neuron()
    yield from squashing()
    yield from activations()
    yield from layers()
    yield from beginning()


def neuron() -> Iterator[str]:
    made = kit.nn.Neuron(2)
    made.w, made.b, made.nonlin = [Value(-3.0), Value(1.0)], Value(6.8813735870195432), False
    n = made([2.0, 0.0]).data
    made.nonlin = True
    o = made([2.0, 0.0]).data
    yield rf"$n = 2 \cdot (-3) + 0 \cdot 1 + {made.b.data:.4f} = {n:.4f}$ and $o = \tanh({n:.4f}) = {o:.4f}$"
    yield f"the sum {n:.4f} goes through tanh, which makes it {o:.4f}"
    yield f"the sum $n = 2x + 1$ is 0 at $x = {-1 / 2}$"


def squashing() -> Iterator[str]:
    slope_, start = 3 * 2, 3 * 1 - 4
    yield f"= {slope_}x - {-start}$$"
    first, second, third = (3 * (2 * x + 1) - 4 for x in range(3))
    yield f"it gives {first}, {second} and {third}, a step of {second - first} each time"
    assert third - second == second - first == slope_
    bent = [3 * math.tanh(2 * x + 1) - 4 for x in range(3)]
    yield "the same places give {:.4f}, {:.4f} and {:.4f}".format(*bent)
    yield f"The steps are {bent[1] - bent[0]:.4f} and {bent[2] - bent[1]:.4f}"
    hill = [math.tanh(4 * x + 4) - math.tanh(4 * x - 4) for x in (-3, 0, 3)]
    yield "this is {:.4f}, {:.4f} and {:.4f}: a hill".format(*hill)


def activations() -> Iterator[str]:
    places = (0, 1, 2, 3, 5)
    for function, name in (("tanh", "tanh"), ("sigmoid", "sigmoid")):
        yield f"slope of {name} " + " ".join(f"{slope(function, n):.4f}" for n in places)
    yield "slope of ReLU " + " ".join(f"{slope('relu', n):.0f}" for n in places)
    yield f"with a slope of {slope('tanh', 0):.0f}, the sigmoid with {slope('sigmoid', 0):.2f}"
    yield f"At $n = 5$ tanh gives {math.tanh(5):.4f}"
    yield f"is multiplied by {slope('tanh', 5):.4f}"
    w, b = Value(0.5), Value(-3.0)
    sums = [w * x + b for x in (1, 2, 3)]
    yield "the sums are {}, {} and {}".format(*(n.data for n in sums))
    outputs = [n.relu() for n in sums]
    sum(outputs[1:], outputs[0]).backward()
    assert [o.data for o in outputs] == [0, 0, 0] and w.grad == b.grad == 0
    yield f"$0.25^5 = {slope('sigmoid', 0) ** 5:.5f}$, a thousandth"
    yield f"${slope('tanh', 2):.4f}^5 = {slope('tanh', 2) ** 5:.7f}$"
    yield f"$1^5 = {slope('relu', 2) ** 5:.0f}$"
    chain = [Value(3.0)]
    for _ in range(3):
        chain.append(chain[-1].tanh())
    chain[-1].backward()
    yield "{:.0f} at the end, {:.4f}, {:.4f}, and {:.4f} at `x`".format(*(node.grad for node in reversed(chain)))
    yield f"Five weights of 3 make {3**5} of"


def layers() -> Iterator[str]:
    layer = kit.nn.Layer(2, 2)
    for made, w, b in zip(layer.neurons, ([0.5, -1.0], [1.0, 1.0]), (0.0, -2.0), strict=True):
        made.w, made.b = [Value(number) for number in w], Value(b)
    first, second = (out.data for out in layer([1.0, 2.0]))
    for made in layer.neurons:
        made.nonlin = False
    sums = [out.data for out in layer([1.0, 2.0])]
    yield f"has the sum {sums[0]} and says {first:.4f}"
    yield f"has the sum {sums[1]:.0f} and says {second:.4f}"
    yield f"the layer says $[{first:.4f}, {second:.4f}]$"
    yield rf"($n = {math.atanh(0.99):.4f}$ for an answer of 0.99, $n = {math.atanh(0.999):.4f}$ for {0.999})"
    model = kit.nn.MLP(3, [4, 4, 1])
    counts = [len(one.parameters()) for one in model.layers]
    total = len(model.parameters())
    yield "{}, {} and {} weights and biases are {} parameters".format(*counts, total)
    yield "4 * (3 + 1) = {} 4 -> 4 4 * (4 + 1) = {} 4 -> 1 1 * (4 + 1) = {} {} ```".format(*counts, total)


def beginning() -> Iterator[str]:
    model = kit.nn.MLP(2, [2, 1])
    for p in model.parameters():
        p.data = 0.5
    for layer in model.layers:
        for made in layer.neurons:
            made.b.data = 0.0
    model([1.0, 2.0]).backward()
    one, other = ("[{:.4f}, {:.4f}]".format(*(w.grad for w in made.w)) for made in model.layers[0].neurons)
    yield f"are ${one}$ for the one and ${other}$ for the other"
    says = {made([1.0, 2.0]).data for made in model.layers[0].neurons}
    yield rf"Both say $\tanh({0.5 * 1 + 0.5 * 2}) = {says.pop():.4f}$"
    assert not says
    slope_ = slope("tanh", 0.5 * 1 + 0.5 * 2)
    yield f"the weight 0.5 behind the neuron, times {slope_:.4f}, the slope of its tanh"
    # The variance of a number drawn evenly from -1 to 1, as the mean of many squares.
    variance = sum((-1 + 2 * (k + 0.5) / 1000) ** 2 for k in range(1000)) / 1000
    size = math.sqrt(100 * variance)
    yield rf"$\sqrt{{100/3}} = {size:.1f}$"
    yield rf"by $\sqrt{{100}}$ brings it to {size / math.sqrt(100):.2f}"
