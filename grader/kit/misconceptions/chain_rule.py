"""Misconceptions of chapter 2: the chain rule."""

from grader.kit.misconceptions.entries import wrong

MISCONCEPTIONS = (
    wrong(
        "manual-backprop",
        "own-factor",
        "A factor's own number is used as its slope",
        "In a product, how far the result moves when one factor moves is set by the other factor.",
        ("da = de * b", "da = de * a"),
        ("db = de * a", "db = de * b"),
    ),
    wrong(
        "manual-backprop",
        "own-factor-above",
        "In the last product each factor's own number is its slope",
        "How far L moves when one of its two factors moves is set by the other factor.",
        ("df = dL * d", "df = dL * f"),
        ("dd = dL * f", "dd = dL * d"),
    ),
    wrong(
        "manual-backprop",
        "no-upstream",
        "A local slope stands for the whole gradient",
        "The local slope says what happens in one step. Multiply it with the gradient that arrives from further up.",
        ("da = de * b", "da = b"),
    ),
    wrong(
        "manual-backprop",
        "sign",
        "A sign is turned round in a sum",
        "A sum hands its gradient on as it is, to both of its inputs.",
        ("de = dd\n", "de = -dd\n"),
    ),
    wrong(
        "manual-backprop",
        "path-cut-short",
        "A step of the path is left out",
        "Between an input and the result lie several operations, and the slope of each is a factor. One "
        "is missing here.",
        ("db = de * a", "db = dL * a"),
    ),
    wrong(
        "manual-backprop",
        "inputs-no-upstream",
        "The gradients of a and b are local slopes only",
        "The local slope says what happens in one step. Multiply it with the gradient that arrives from further up.",
        ("da = de * b", "da = b"),
        ("db = de * a", "db = a"),
    ),
    wrong(
        "manual-backprop",
        "local-slopes-only",
        "Every gradient is a local slope only",
        "The local slope says what happens in one step. Multiply it with the gradient that arrives from further up.",
        ("dc = dd\n", "dc = 1.0\n"),
        ("de = dd\n", "de = 1.0\n"),
    ),
    wrong(
        "manual-backprop",
        "own-value-of-l",
        "L stands where its gradient should",
        "The gradient of L says how far L moves when L moves. It has nothing to do with how large L is.",
        ('"L": dL', '"L": d * f'),
    ),
    wrong(
        "nudge",
        "against-the-gradient",
        "The step goes downhill",
        "The gradient points to where the result grows, and this step went the other way.",
        ("value + step", "value - step"),
    ),
    wrong(
        "nudge",
        "changes-values",
        "The caller's values are changed",
        "The answer is right, and the values that were handed over are changed as well. Make a new dict.",
        (
            "return {name: value + step * gradients[name] for name, value in values.items()}",
            "for name in values:\n        values[name] += step * gradients[name]\n    return values",
        ),
    ),
    wrong(
        "nudge",
        "change-only",
        "The changes are given, and not the new values",
        "Each value moves by its change: it is still a part of what comes out.",
        ("value + step * gradients[name]", "step * gradients[name]"),
    ),
    wrong(
        "nudge",
        "step-ignored",
        "The size of the step is fixed",
        "It is handed over, and a number stands in its place.",
        ("step * gradients[name]", "0.01 * gradients[name]"),
    ),
    wrong(
        "manual-neuron",
        "slope-of-the-sum",
        "The slope of tanh is worked out from the weighted sum",
        "Its formula takes the output, which is the tanh of that sum, and not the sum itself.",
        ("o = math.tanh(x1 * w1 + x2 * w2 + b)", "o = x1 * w1 + x2 * w2 + b"),
    ),
    wrong(
        "manual-neuron",
        "slope-not-squared",
        "The output is not squared in the slope of tanh",
        "The slope is 1 less the square of the output. These are the numbers without the square.",
        ("dn = 1 - o**2", "dn = 1 - o"),
    ),
    wrong(
        "manual-neuron",
        "slope-left-out",
        "The slope of tanh is left out",
        "The gradient passes through tanh as if it were not there. Its slope, from the output, is a "
        "factor of all the others.",
        ("dn = 1 - o**2", "dn = 1.0"),
    ),
    wrong(
        "manual-neuron",
        "w-and-x-swapped",
        "Weights and inputs are mixed up in their slopes",
        "In w * x, the slope with respect to w is x, and the other way round.",
        (
            '"x1": dn * w1, "x2": dn * w2, "w1": dn * x1, "w2": dn * x2',
            '"x1": dn * x1, "x2": dn * x2, "w1": dn * w1, "w2": dn * w2',
        ),
    ),
    wrong(
        "manual-neuron",
        "slope-square-of-the-difference",
        "The difference is squared in the slope of tanh",
        "It is the output alone that is squared, and taken from 1 after that.",
        ("dn = 1 - o**2", "dn = (1 - o) ** 2"),
    ),
    wrong(
        "manual-neuron",
        "bias-without-tanh",
        "The gradient of the bias leaves out the tanh",
        "In the sum the slope with respect to b is 1. What comes after the sum is a factor there too.",
        ('"b": dn', '"b": 1.0'),
    ),
)
