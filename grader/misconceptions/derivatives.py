"""Misconceptions of chapter 1: derivatives."""

from grader.misconceptions.entries import within, wrong

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
        "Earlier nudges are still there when the next input is nudged",
        "A partial derivative moves one input and holds the others still: begin each with the inputs as they came.",
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
)
