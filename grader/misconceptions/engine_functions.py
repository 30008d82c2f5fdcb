"""Misconceptions of chapter 3: functions, and operations made of others."""

from grader.misconceptions.entries import wrong

EXP = "self.grad += out.data * out.grad"
LOG = "self.grad += out.grad / self.data"
TANH = "self.grad += (1 - out.data**2) * out.grad"
RELU = "if self.data > 0:\n                self.grad += out.grad"
ASSIGN = "\n            # end\n\n        out._backward = _backward\n"
NEVER_ASSIGNED = "\n            # end\n\n"
CALLED = "\n            # end\n\n        out._backward = _backward()\n"

MISCONCEPTIONS = (
    wrong(
        "exp",
        "assigned",
        "The gradient is assigned, not added",
        "Where a is used elsewhere too, the gradient from there is wiped out.",
        (EXP, EXP.replace("+=", "=")),
    ),
    wrong(
        "exp",
        "self-data",
        "The slope is taken from the input",
        "Two numbers are at hand, what came in and what goes out. "
        "Which of them is the slope of the exponential function?",
        (EXP, EXP.replace("out.data", "self.data")),
    ),
    wrong(
        "exp",
        "no-upstream",
        "The upstream gradient is left out",
        "The slope is right, and has to be multiplied with the gradient of the result.",
        (EXP, "self.grad += out.data"),
    ),
    wrong(
        "exp",
        "called",
        "_backward is called where it should be kept",
        "The function runs while the graph is built, when there is no gradient yet. Give the node the function itself.",
        (EXP + ASSIGN, EXP + CALLED),
    ),
    wrong(
        "log",
        "assigned",
        "The gradient is assigned, not added",
        "Where a is used elsewhere too, the gradient from there is wiped out.",
        (LOG, LOG.replace("+=", "=")),
    ),
    wrong(
        "log",
        "out-data",
        "The slope is taken from the output",
        "Two numbers are at hand, what came in and what goes out. "
        "At which of them is the slope of the logarithm taken?",
        (LOG, LOG.replace("self.data", "out.data")),
    ),
    wrong(
        "log",
        "no-upstream",
        "The upstream gradient is left out",
        "The slope is right, and has to be multiplied with the gradient of the result.",
        (LOG, "self.grad += 1 / self.data"),
    ),
    wrong(
        "log",
        "takes-self",
        "_backward wants an argument",
        "Nobody hands one to it: inside, self is known already from the method around it.",
        (
            "def _backward():\n            # exercise: log",
            "def _backward(self):\n            # exercise: log",
        ),
    ),
    wrong(
        "tanh",
        "assigned",
        "The gradient is assigned, not added",
        "Where a is used elsewhere too, the gradient from there is wiped out. The result looks right as "
        "long as every node is used once.",
        (TANH, TANH.replace("+=", "=")),
    ),
    wrong(
        "tanh",
        "self-data",
        "The slope is taken from the input",
        "Two numbers are at hand, what came in and what goes out. Which of them does the slope of tanh need?",
        (TANH, TANH.replace("out.data", "self.data")),
    ),
    wrong(
        "tanh",
        "square-of-the-difference",
        "The difference is squared",
        "It is the output alone that is squared, and taken from 1 after that.",
        (TANH, "self.grad += (1 - out.data) ** 2 * out.grad"),
    ),
    wrong(
        "tanh",
        "not-squared",
        "The output is not squared",
        "The slope is 1 less the square of the output. These are the numbers without the square.",
        (TANH, "self.grad += (1 - out.data) * out.grad"),
    ),
    wrong(
        "tanh",
        "no-upstream",
        "The upstream gradient is left out",
        "The slope is right, and has to be multiplied with the gradient of the result.",
        (TANH, "self.grad += 1 - out.data**2"),
    ),
    wrong(
        "tanh",
        "brackets-missing",
        "Only a part of the slope is multiplied",
        "The whole slope is a factor of the upstream gradient: look at what binds first.",
        (TANH, "self.grad += 1 - out.data**2 * out.grad"),
    ),
    wrong(
        "tanh",
        "overflows",
        "The formula overflows for large inputs",
        "For large inputs powers of e, and cosh too, are more than a float can hold, where tanh is just 1.",
        ("math.tanh(self.data)", "(math.exp(2 * self.data) - 1) / (math.exp(2 * self.data) + 1)"),
    ),
    wrong(
        "relu",
        "assigned",
        "The gradient is assigned, not added",
        "Where a is used elsewhere too, the gradient from there is wiped out.",
        (RELU, RELU.replace("+=", "=")),
    ),
    wrong(
        "relu",
        "always-open",
        "The gradient passes for negative inputs",
        "Below 0 the result does not move with the input, so nothing is handed on. The output is never "
        "below 0, and says too little.",
        (RELU, RELU.replace("self.data > 0", "out.data >= 0")),
    ),
    wrong(
        "relu",
        "open-at-zero",
        "The gradient passes at exactly 0",
        "At 0 the slope is taken to be 0 in these exercises.",
        (RELU, RELU.replace("> 0", ">= 0")),
    ),
    wrong(
        "relu",
        "open-above-one",
        "Between 0 and 1 nothing is handed on",
        "The gate opens at 0: every input above it has a slope of 1.",
        (RELU, RELU.replace("self.data > 0", "out.data > 1")),
    ),
    wrong(
        "relu",
        "gate-of-the-gradient",
        "The gate looks at the gradient",
        "Whether relu lets a gradient through is decided by its input, not by the gradient's sign.",
        (RELU, RELU.replace("self.data > 0", "out.grad > 0")),
    ),
    wrong(
        "relu",
        "clears-when-shut",
        "Below 0 the gradient from elsewhere is cleared",
        "Where nothing is handed on, what the input has from its other uses stays as it is.",
        (RELU, RELU + "\n            else:\n                self.grad = 0.0"),
    ),
    wrong(
        "relu",
        "never-assigned",
        "The node has no _backward of its own",
        "Nothing arrives at the input: the function is written, and the node that should call it does not know it.",
        (RELU + ASSIGN, RELU + NEVER_ASSIGNED),
    ),
    wrong(
        "neg-sub",
        "sub-adds",
        "The difference is a sum",
        "Subtracting is adding the negative.",
        ("return self + (-other)", "return self + other"),
    ),
    wrong(
        "neg-sub",
        "sides-swapped",
        "The sides of the difference are swapped",
        "b - a is given for a - b.",
        ("return self + (-other)", "return -self + other"),
    ),
    wrong(
        "neg-sub",
        "neg-cuts-the-graph",
        "The negative is cut off from its input",
        "A new Value made of a bare number knows nothing of where it came from: no gradient finds its "
        "way. Use an operation.",
        ("return self * -1", "return Value(-self.data)"),
    ),
    wrong(
        "neg-sub",
        "neg-in-place",
        "The negative changes the node itself",
        "-a is a new node. a keeps its number, as others use it.",
        ("return self * -1", "self.data = -self.data\n        return self"),
    ),
    wrong(
        "div",
        "sides-swapped",
        "The sides of the quotient are swapped",
        "b / a is given for a / b.",
        ("return self * other**-1", "return other * self**-1"),
    ),
    wrong(
        "div",
        "made-of-numbers",
        "The result does not know what it was made from",
        "It is made of the numbers alone, and not of the nodes: no gradient finds its way back.",
        ("return self * other**-1", "return Value(self.data / getattr(other, 'data', other))"),
    ),
    wrong(
        "div",
        "other-is-cut-off",
        "The divisor is cut off",
        "The divisor's number is used, and not its node: it gets no gradient.",
        ("return self * other**-1", "return self * getattr(other, 'data', other) ** -1"),
    ),
    wrong(
        "reflected",
        "radd-calls-itself",
        "__radd__ calls itself without end",
        "In it, other is a plain number on the left. Putting it on the left again asks __radd__ once more.",
        (
            "return self + other\n        # end\n\n    def __rsub__",
            "return other + self\n\n    def __rsub__",
        ),
    ),
    wrong(
        "reflected",
        "radd-missing",
        "A number on the left of + is not known",
        "For 2 + a, Python asks the number first and then a, for a method with a name of its own.",
        ("def __radd__(", "def radd("),
    ),
    wrong(
        "reflected",
        "rsub-sides-swapped",
        "2 - a is taken for a - 2",
        "In __rsub__ other stands on the left of the minus sign.",
        ("return -self + other", "return self - other"),
    ),
    wrong(
        "reflected",
        "rtruediv-sides-swapped",
        "2 / a is taken for a / 2",
        "In __rtruediv__ other stands on the left of the bar.",
        ("return self**-1 * other", "return self / other"),
    ),
)
