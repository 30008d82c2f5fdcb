"""Neurons, what squashes them, and a network."""

from __future__ import annotations

import itertools

from grader.book.pictures.diagram import Node, box, circle, join
from grader.book.pictures.engine import values_and_slopes
from grader.book.pictures.given import Given
from grader.book.pictures.plot import Plot, between
from grader.book.pictures.svg import GREY, SMALL, Picture

INPUTS, WEIGHTS, BIAS = (2.0, 0.0), (-3.0, 1.0), 6.8813735870195432
SIZES = (3, [4, 4, 1])


def neuron_numbers(given: Given) -> tuple[float, float]:
    """The sum and the output of the neuron of the chapter."""
    found = []
    for nonlin in (False, True):
        neuron = given.solutions["Neuron"](len(INPUTS), nonlin=nonlin)
        for weight, number in zip(neuron.w, WEIGHTS, strict=True):
            weight.data = number
        neuron.b.data = BIAS
        found.append(neuron(list(INPUTS)).data)
    return found[0], found[1]


def neuron(given: Given) -> str:
    """Inputs times weights and a bias, their sum, and tanh of that."""
    words = given.labels
    total, out = neuron_numbers(given)
    picture = Picture(640, 330, words["title"])
    adder = Node(340, 165, 76, 76, True)
    for number, (x, weight) in enumerate(zip(INPUTS, WEIGHTS, strict=True), 1):
        node = box(picture, 82, 105 * number - 45, 116, 52, f"$x_{number} = {x:g}$", 3)
        join(picture, node, adder, f"$w_{number} = {weight:g}$", 1, 2.5, right=24 if number == 1 else -10, below=-18)
    join(picture, box(picture, 82, 270, 116, 52, f"$b = {BIAS:.4f}$", 1, SMALL), adder, colour=1, width=2.5)
    circle(picture, adder.x, adder.y, 38, "$+$", size=34)
    squash = box(picture, 462, 165, 84, 56, "tanh", 2, bold=True)
    result = circle(picture, 584, 165, 32, "$o$")
    join(picture, adder, squash)
    join(picture, squash, result)
    picture.text(346, 232, f"$n = {total:.4f}$", bold=True)
    picture.text(556, 232, f"$o = {out:.4f}$", bold=True)
    return picture.svg()


def activations(given: Given) -> str:
    """Three activations, each with its slope."""
    words = given.labels
    picture = Picture(640, 316, words["title"])
    for i, name in enumerate(("tanh", "sigmoid", "relu")):
        plot = Plot(picture, (-4, 4), (-1.2, 2.2), 44 + 202 * i, 46, 180, 190)
        plot.axes(x_ticks=(-3, 0, 3), y_ticks=(-1, 0, 1, 2), y_numbers=i == 0)
        plot.title(words[name])
        curve, slopes = values_and_slopes(given, name, between(-4, 4, 65))
        plot.curve(curve, 1, 3.5)
        if name == "relu":  # the slope jumps
            plot.curve([point for point in slopes if point[0] <= 0], 2)
            plot.curve([point for point in slopes if point[0] > 0], 2)
        else:
            plot.curve(slopes, 2)
    for x, colour, word in ((200, 1, "value"), (370, 2, "slope")):
        picture.path([(x, 290), (x + 46, 290)], colour, 3.5, colour)
        picture.text(x + 56, 290, words[word], colour, SMALL, "start", bold=True)
    return picture.svg()


def layer_parameters(given: Given) -> list[int]:
    """How many parameters each layer of the network has."""
    return [len(layer.parameters()) for layer in given.solutions["MLP"](*SIZES).layers]


def mlp(given: Given) -> str:
    """A network, layer by layer, with the number of its parameters."""
    words = given.labels
    sizes = [SIZES[0], *SIZES[1]]
    picture = Picture(640, 430, words["title"])
    columns = [[(86 + 156 * i, 160 + 66 * (k - (size - 1) / 2)) for k in range(size)] for i, size in enumerate(sizes)]
    for column, following in itertools.pairwise(columns):
        for one in column:
            for other in following:
                picture.path([one, other], GREY, 1)
    for i, column in enumerate(columns):
        for x, y in column:
            for fill in ("paper", "tint"):  # no line is seen through it
                picture.circle((x, y), 20, 3 if i == 0 else 1, fill)
    counts = layer_parameters(given)
    kinds = ("inputs", "neurons", "neurons", "output")
    for i, (column, kind) in enumerate(zip(columns, kinds, strict=True)):
        x = column[0][0]
        name = words[kind].format(number=len(column))
        picture.text(x, 308, name, 3 if i == 0 else 1, SMALL, bold=True)
        if i:
            picture.text(x, 346, f"${sizes[i]} * ({sizes[i - 1]} + 1)$", size=SMALL)
            picture.text(x, 372, f"= {counts[i - 1]}", size=SMALL)
    total = " + ".join(map(str, counts))
    picture.text(398, 406, f"{total} = {words['parameters'].format(number=sum(counts))}", 2, SMALL, bold=True)
    return picture.svg()


PICTURES = {"neuron": neuron, "activations": activations, "mlp": mlp}
