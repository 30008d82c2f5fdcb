"""Chapter 4. Weights are set, so that outputs and gradients can be compared."""

from __future__ import annotations

import pytest

from grader.kit.asking import Check, Draw

GRADIENTS = ("n.w[0].grad", "n.w[1].grad", "n.b.grad", "x[0].grad", "x[1].grad")


def _numbers(draw: Draw, neurons: int, nin: int) -> list[list[float]]:
    """A row for each neuron: its weights and its bias."""
    return [draw.reals(nin + 1, -1.2, 1.2) for _ in range(neurons)]


def _neuron(draw: Draw, nin: int, options: str = "") -> str:
    (row,) = _numbers(draw, 1, nin)
    return f"n = Neuron({nin}{options})\nfor p, number in zip([*n.w, n.b], {row}): p.data = number"


def _values(numbers: list[float]) -> str:
    return "[" + ", ".join(f"Value({number})" for number in numbers) + "]"


@pytest.mark.exercise("neuron")
def test_tanh_of_the_weighted_sum(check: Check, draw: Draw) -> None:
    """A neuron gives tanh(w . x + b)."""
    for nin in (2, 3):
        x = draw.reals(nin, -1, 1)
        opposite = _values([-number for number in x])
        script = f"{_neuron(draw, nin)}\nx = {_values(x)}; opposite = {opposite}\nn(x); y = n(x)"
        check(f"{script}; z = n(opposite)", "y.data", "z.data")
    # Every call looks at the weights as they are, and inputs of one number are inputs of their own.
    one, other = draw.reals(2, -1, 1)
    inputs = f"x = {_values([one, other, one])}"
    script = f"{_neuron(draw, 3)}\n{inputs}; before = n(x).data; n.w[2].data += 0.5; after = n(x).data"
    check(script, "before", "after", "[xi.data for xi in x]")
    check(f"{_neuron(draw, 1)}\ny = n({_values([one])})", "y.data")


@pytest.mark.exercise("neuron")
def test_linear_neuron(check: Check, draw: Draw) -> None:
    """With nonlin=False a neuron gives w . x + b itself, and its gradients, also for inputs that are plain numbers."""
    check(f"{_neuron(draw, 3, ', nonlin=False')}\ny = n({_values(draw.reals(3))})", "y.data")
    check(f"{_neuron(draw, 2, ', nonlin=False')}\ny = n({draw.reals(2)})", "y.data")
    script = f"{_neuron(draw, 2, ', nonlin=False')}\nx = {_values(draw.reals(2, -1, 1))}\ny = n(x); y.backward()"
    check(script, *GRADIENTS)


@pytest.mark.exercise("neuron")
def test_gradients_of_a_neuron(check: Check, draw: Draw) -> None:
    """Weights, bias and inputs get their gradients."""
    for _ in range(2):
        script = f"{_neuron(draw, 2)}\nx = {_values(draw.reals(2, -1, 1))}\nn(x); y = n(x); y.backward()"
        check(script, *GRADIENTS, oracle=check.style.neurons())


def _layer(draw: Draw, nin: int, nout: int, options: str = "") -> str:
    return (
        f"layer = Layer({nin}, {nout}{options}); numbers = {_numbers(draw, nout, nin)}\n"
        "for n, row in zip(layer.neurons, numbers):\n"
        "    for p, number in zip([*n.w, n.b], row): p.data = number"
    )


@pytest.mark.exercise("layer")
def test_one_output_each(check: Check, draw: Draw) -> None:
    """Every neuron of a layer has weights of its own, and all see the same inputs."""
    script = f"{_layer(draw, 2, 3)}\nx = {_values(draw.reals(2, -1, 1))}\nlayer(x); out = layer(x)"
    oracle = check.style.neurons()
    check(script, "[y.data for y in out]", "len(layer.neurons)", "len(out)", "[xi.data for xi in x]", oracle=oracle)
    # Neurons that begin alike learn alike.
    check(f"layer = Layer({draw.random.randrange(2, 5)}, 4)", "len({n.w[0].data for n in layer.neurons})")


@pytest.mark.exercise("layer")
def test_a_single_output(check: Check, draw: Draw) -> None:
    """A layer of one neuron gives its output bare, not as a list of one."""
    script = f"{_layer(draw, 3, 1)}\ny = layer({_values(draw.reals(3, -1, 1))})"
    check(script, "y.data", oracle=check.style.neurons())


@pytest.mark.exercise("layer")
def test_linear_layer(check: Check, draw: Draw) -> None:
    """A layer made with nonlin=False is made of linear neurons."""
    script = f"{_layer(draw, 2, 2, ', nonlin=False')}\nout = layer({_values(draw.reals(2, 1, 3))})"
    check(script, "[y.data for y in out]")


def _mlp(draw: Draw, nin: int, nouts: list[int]) -> str:
    sizes = [nin, *nouts]
    numbers = [_numbers(draw, sizes[i + 1], sizes[i]) for i in range(len(nouts))]
    return (
        f"net = MLP({nin}, {nouts}); numbers = {numbers}\n"
        "for layer, rows in zip(net.layers, numbers):\n"
        "    for n, row in zip(layer.neurons, rows):\n"
        "        for p, number in zip([*n.w, n.b], row): p.data = number"
    )


# A layer of one may give its output in a list: only the exercise `layer` asks for it bare.
BARE = "y = y[0] if isinstance(y, (list, tuple)) else y"


@pytest.mark.exercise("mlp")
def test_layers_and_sizes(check: Check) -> None:
    """MLP(3, [4, 4, 1]) has layers of 4, 4 and 1 neurons with 3, 4 and 4 weights each; the list stays as it was."""
    script = "nouts = [4, 4, 1]; net = MLP(3, nouts)"
    sizes = "[len(layer.neurons) for layer in net.layers]", "[len(layer.neurons[0].w) for layer in net.layers]"
    check(script, *sizes, "nouts")


@pytest.mark.exercise("mlp")
def test_layers_in_order(check: Check, draw: Draw) -> None:
    """Every layer is fed with what the one before gave."""
    script = f"{_mlp(draw, 2, [3, 2, 2])}\nx = {_values(draw.reals(2, -1, 1))}\nnet(x); out = net(x)"
    check(script, "[y.data for y in out]", "[xi.data for xi in x]", oracle=check.style.networks())


@pytest.mark.exercise("mlp")
def test_the_last_layer_is_linear(check: Check, draw: Draw) -> None:
    """The last layer is linear, so that an output can be any number; the others are not."""
    script = f"{_mlp(draw, 2, [2, 1])}\nnet.layers[1].neurons[0].b.data = {draw.real(5, 9)}\n"
    script += f"y = net({_values(draw.reals(2, -1, 1))})\n{BARE}"
    check(script, "y.data", oracle=check.style.neurons())
    for nouts in ([1], [3]):  # the first layer may be the last
        script = f"{_mlp(draw, 2, nouts)}\nfor n in net.layers[0].neurons: n.b.data = {draw.real(5, 9)}\n"
        script += f"y = net({_values(draw.reals(2, -1, 1))})\nout = y if isinstance(y, (list, tuple)) else [y]"
        check(script, "[y.data for y in out]", "len(net.layers)")


@pytest.mark.exercise("mlp")
def test_gradients_of_a_network(check: Check, draw: Draw) -> None:
    """Every weight and bias of the network gets its gradient."""
    script = f"{_mlp(draw, 2, [3, 1])}\ny = net({_values(draw.reals(2, -1, 1))})\n{BARE}\ny.backward()"
    read = "[[p.grad for n in layer.neurons for p in [*n.w, n.b]] for layer in net.layers]"
    check(script, read, oracle=check.style.networks())


@pytest.mark.exercise("parameters")
def test_neuron_parameters(check: Check, draw: Draw) -> None:
    """The parameters of a neuron are its weights and its bias, in any order: 6 for 5 inputs."""
    for nin in (5, draw.random.randrange(6, 12)):
        script = f"n = Neuron({nin}); found = n.parameters()"
        check(script, "len(found)", "{id(p) for p in found} == {id(p) for p in [*n.w, n.b]}")


@pytest.mark.exercise("parameters")
def test_layer_parameters(check: Check, draw: Draw) -> None:
    """The parameters of a layer are those of its neurons: 9 for 3 neurons with 2 inputs."""
    for nin, nout in ((2, 3), (draw.random.randrange(2, 5), draw.random.randrange(4, 8))):
        script = f"layer = Layer({nin}, {nout}); found = layer.parameters()"
        check(script, "len(found)", "{id(p) for p in found} == {id(p) for n in layer.neurons for p in [*n.w, n.b]}")


@pytest.mark.exercise("parameters")
def test_network_parameters(check: Check, draw: Draw) -> None:
    """The parameters of a network are those of its layers, each listed once: 41 for MLP(3, [4, 4, 1])."""
    every = "{id(p) for layer in net.layers for n in layer.neurons for p in [*n.w, n.b]}"
    for nouts in ([4, 4, 1], [draw.random.randrange(2, 6) for _ in range(3)]):
        script = f"net = MLP(3, {nouts}); found = net.parameters()"
        check(script, "len(found)", "len({id(p) for p in found})", f"{{id(p) for p in found}} == {every}")


@pytest.mark.exercise("parameters")
def test_zero_grad(check: Check, draw: Draw) -> None:
    """zero_grad sets the gradient of every parameter to 0, and leaves the data alone."""
    for make in ("net = MLP(2, [2, 1])", "net = Neuron(3)"):
        script = (
            f"{make}; found = net.parameters()\n"
            f"for p in found: p.data = {draw.real()}; p.grad = {draw.real()}\n"
            "net.zero_grad()"
        )
        check(script, "[p.grad for p in found]", "[p.data for p in found]")
