"""Misconceptions of chapter 1: derivatives."""

from grader.kit.misconceptions.entries import within, wrong

GRADIENT = """        above, below = list(xs), list(xs)
        above[i] += h
        below[i] -= h
        slopes.append((f(above) - f(below)) / (2 * h))
"""
FORTH_AND_BACK = """        {xs}[i] += h
        above = f({xs})
        {xs}[i] -= 2 * h
        slopes.append((above - f({xs})) / (2 * h))
"""
FORTH = """        below = f({xs})
        {xs}[i] += h
        slopes.append((f({xs}) - below) / h)
"""
LOOP = "    for i in range(len(xs)):\n"
COPIED = f"    point = list(xs)\n{LOOP}"
NUDGE_STAYS = "An earlier nudge is still there when the next input is nudged"
NUDGE_STAYS_WHY = (
    "A partial derivative moves one input and holds the others still: begin each with the inputs as they came."
)

MISCONCEPTIONS = (
    wrong(
        "derivative",
        "central-divided-by-h",
        "The central difference is divided by one step",
        "The two points of a central difference lie two steps apart: one to the right of x and one to the left.",
        ("(f(x + h) - f(x - h)) / (2 * h)", "(f(x + h) - f(x - h)) / h"),
    ),
    wrong(
        "derivative",
        "central-is-forward",
        "The central difference looks to one side only",
        "These are the numbers of the forward difference. The central one compares a point on the right "
        "with a point on the left of x.",
        ("(f(x + h) - f(x - h)) / (2 * h)", "(f(x + h) - f(x)) / h"),
    ),
    wrong(
        "derivative",
        "central-times-h",
        "The central difference is multiplied by h",
        "Division and multiplication are worked out from left to right: only the 2 divides, and h is a factor.",
        ("(f(x + h) - f(x - h)) / (2 * h)", "(f(x + h) - f(x - h)) / 2 * h"),
    ),
    wrong(
        "derivative",
        "forward-brackets",
        "Only a part of the forward difference is divided",
        "A quotient binds before a difference: what is divided by h has to be kept together.",
        ("return (f(x + h) - f(x)) / h", "return f(x + h) - f(x) / h"),
    ),
    wrong(
        "derivative",
        "central-brackets",
        "Only a part of the central difference is divided",
        "A quotient binds before a difference: what is divided by 2 h has to be kept together.",
        ("(f(x + h) - f(x - h)) / (2 * h)", "f(x + h) - f(x - h) / (2 * h)"),
    ),
    wrong(
        "derivative",
        "central-divided-by-2",
        "The central difference is divided by 2 and not by h",
        "The two points lie 2 h apart: both belong under the bar.",
        ("(f(x + h) - f(x - h)) / (2 * h)", "(f(x + h) - f(x - h)) / 2"),
    ),
    wrong(
        "derivative",
        "forward-looks-back",
        "The forward difference looks back",
        "It compares x with the point one step to the right, and not to the left.",
        ("return (f(x + h) - f(x)) / h", "return (f(x) - f(x - h)) / h"),
    ),
    wrong(
        "gradient",
        "changes-xs",
        "The caller's list of inputs is changed",
        "The nudges end up in the list that was handed over, so that later slopes are taken somewhere "
        "else. Work on a copy.",
        ("above, below = list(xs), list(xs)", "above, below = xs, list(xs)"),
    ),
    wrong(
        "gradient",
        "nudges-stay",
        NUDGE_STAYS,
        NUDGE_STAYS_WHY,
        within(
            "    for i in range(len(xs)):\n        above, below = list(xs), list(xs)\n",
            ("        above, below = list(xs), list(xs)\n", ""),
            ("    for", "    above, below = list(xs), list(xs)\n    for"),
        ),
    ),
    wrong(
        "gradient",
        "only-one-side-moves",
        "One of the two points does not move",
        "A central difference over 2 h needs a point above and a point below; here one of them stays at xs.",
        ("        below[i] -= h\n", ""),
    ),
    wrong(
        "gradient",
        "nudge-not-put-back",
        NUDGE_STAYS,
        NUDGE_STAYS_WHY,
        (GRADIENT, FORTH_AND_BACK.format(xs="xs")),
    ),
    wrong(
        "gradient",
        "nudge-not-put-back-forward",
        NUDGE_STAYS,
        NUDGE_STAYS_WHY,
        (GRADIENT, FORTH.format(xs="xs")),
    ),
    wrong(
        "gradient",
        "nudge-stays-in-the-copy",
        NUDGE_STAYS,
        NUDGE_STAYS_WHY,
        (LOOP + GRADIENT, COPIED + FORTH_AND_BACK.format(xs="point")),
    ),
    wrong(
        "gradient",
        "nudge-stays-in-the-copy-forward",
        NUDGE_STAYS,
        NUDGE_STAYS_WHY,
        (LOOP + GRADIENT, COPIED + FORTH.format(xs="point")),
    ),
    wrong(
        "gradient",
        "put-back-by-adding",
        "The inputs are not quite what they were",
        "Adding and taking away again rounds, so that the last digits of xs can change. Work on a copy.",
        (
            GRADIENT,
            FORTH_AND_BACK.format(xs="xs")
            .replace("        slopes", "        below = f(xs)\n        xs[i] += h\n        slopes")
            .replace("- f(xs)", "- below"),
        ),
    ),
    wrong(
        "gradient",
        "divided-by-h",
        "The difference is divided by one step",
        "The two points lie two steps apart: one above xs and one below.",
        ("(f(above) - f(below)) / (2 * h)", "(f(above) - f(below)) / h"),
    ),
    wrong(
        "gradient",
        "times-h",
        "The difference is multiplied by h",
        "Division and multiplication are worked out from left to right: only the 2 divides, and h is a factor.",
        ("(f(above) - f(below)) / (2 * h)", "(f(above) - f(below)) / 2 * h"),
    ),
    wrong(
        "gradient",
        "returns-in-the-loop",
        "Only the first input gets a slope",
        "There is a slope for each input: where does the loop end, and what comes out?",
        ("    return slopes\n", "        return slopes\n    return slopes\n"),
    ),
    wrong(
        "gradient",
        "all-at-once",
        "All the inputs are nudged at once",
        "A partial derivative moves one input and holds the others still.",
        (
            "        above, below = list(xs), list(xs)\n        above[i] += h\n        below[i] -= h\n",
            "        above, below = [x + h for x in xs], [x - h for x in xs]\n",
        ),
    ),
    wrong(
        "vector-product",
        "gradients-without-the-mean",
        "The gradients leave out the mean",
        "The loss is a mean: each element has a share of 1/n in it, and so has its gradient.",
        ("(wi - 1) / n for", "wi - 1 for"),
        ("xi / n for", "xi for"),
    ),
    wrong(
        "vector-product",
        "dz-times-x",
        "A gradient holds the value of the loss term",
        "The slope of z with respect to w is wanted, and a value of the loss has got into it. Take the "
        "derivative first, then put numbers in.",
        ("xi / n for xi in x", "(xi * wi - xi) * xi for xi, wi in zip(x, w)"),
    ),
    wrong(
        "vector-product",
        "minus-x-forgotten",
        "The second path from x to the loss is missing",
        "x is in the loss twice: through z, and by itself with a minus sign. Both paths count.",
        ("(wi - 1) / n", "wi / n"),
    ),
    wrong(
        "vector-product",
        "loss-without-the-mean",
        "The loss is a sum and not a mean",
        "A mean is a sum divided by how many there are.",
        ("zip(x, w)) / n", "zip(x, w))"),
    ),
    wrong(
        "vector-product",
        "gradients-swapped",
        "The two gradients are swapped",
        "The one with respect to x comes first, and then the one with respect to w.",
        ("return loss, dx, dw", "return loss, dw, dx"),
    ),
    wrong(
        "vector-product",
        "only-a-part-divided",
        "Only a part of a gradient is divided",
        "A quotient binds before a difference: what is divided by n has to be kept together.",
        ("(wi - 1) / n", "wi - 1 / n"),
    ),
)
