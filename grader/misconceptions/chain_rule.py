"""Misconceptions of chapter 2: the chain rule."""

from grader.misconceptions.entries import wrong

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
        "manual-neuron",
        "slope-of-the-sum",
        "The output lacks its tanh",
        "The neuron gives its weighted sum itself: squash it first.",
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
)
