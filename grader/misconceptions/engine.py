"""Misconceptions of chapter 3: operations."""

from grader.misconceptions.entries import wrong

ADD = "self.grad += out.grad\n            other.grad += out.grad"
MUL_SELF = "self.grad += other.data * out.grad"
MUL_OTHER = "other.grad += self.data * out.grad"
POW = "self.grad += n * self.data ** (n - 1) * out.grad"
EXP = "self.grad += out.data * out.grad"
LOG = "self.grad += out.grad / self.data"
TANH = "self.grad += (1 - out.data**2) * out.grad"
RELU = "if self.data > 0:\n                self.grad += out.grad"
ASSIGN = "\n            # end\n\n        out._backward = _backward\n"
NEVER_ASSIGNED = "\n            # end\n\n"
CALLED = "\n            # end\n\n        out._backward = _backward()\n"

MISCONCEPTIONS = (
    wrong(
        "add",
        "assigned",
        "The gradient is assigned, not added",
        "A node can be used several times, and every use hands it a gradient. Here the last one wipes "
        "out those before: look at what happens to a.grad in a + a.",
        (ADD, ADD.replace("+=", "=")),
    ),
    wrong(
        "add",
        "no-upstream",
        "The upstream gradient is left out",
        "Each input gets its local slope, 1, as if the sum were the last operation. How much the final "
        "result moves with the sum has to come in.",
        (ADD, ADD.replace("out.grad", "1.0")),
    ),
    wrong(
        "add",
        "one-side-only",
        "Only one of the two inputs gets a gradient",
        "A sum depends on both of its inputs.",
        (ADD, "self.grad += out.grad"),
    ),
    wrong(
        "add",
        "sign",
        "The second input gets its gradient with the wrong sign",
        "When the second input of a sum grows, the sum grows as much.",
        (ADD, "self.grad += out.grad\n            other.grad -= out.grad"),
    ),
    wrong(
        "add",
        "own-grad",
        "An input's own gradient is used for the upstream one",
        "What is handed on is the gradient of the result, not what the input has already.",
        (ADD, "self.grad += self.grad\n            other.grad += other.grad"),
    ),
    wrong(
        "add",
        "never-assigned",
        "The node has no _backward of its own",
        "Nothing at all arrives at the inputs: the function is written, and the node that should call it "
        "does not know it.",
        (ADD + ASSIGN, ADD + NEVER_ASSIGNED),
    ),
    wrong(
        "add",
        "in-place",
        "+= changes a node that others still use",
        "a += b makes a new number for the name a. The node itself is still part of the graph, and is changed here.",
        (
            "    def __mul__(self, other):",
            "    def __iadd__(self, other):\n"
            "        self.data += other.data if isinstance(other, Value) else other\n"
            "        return self\n\n"
            "    def __mul__(self, other):",
        ),
    ),
    wrong(
        "mul",
        "assigned",
        "The gradients are assigned, not added",
        "In a * a the node a is used twice, and the second use wiped out the first. Look at what happens "
        "to a gradient when a node is used more than once.",
        (MUL_SELF, MUL_SELF.replace("+=", "=")),
        (MUL_OTHER, MUL_OTHER.replace("+=", "=")),
    ),
    wrong(
        "mul",
        "first-assigned",
        "The gradient of the first factor is assigned, not added",
        "One line adds to what is there, and the other wipes it out. Both factors may be used elsewhere as well.",
        (MUL_SELF, MUL_SELF.replace("+=", "=")),
    ),
    wrong(
        "mul",
        "second-assigned",
        "The gradient of the second factor is assigned, not added",
        "One line adds to what is there, and the other wipes it out. Both factors may be used elsewhere as well.",
        (MUL_OTHER, MUL_OTHER.replace("+=", "=")),
    ),
    wrong(
        "mul",
        "out-data",
        "The product itself is used as the slope",
        "out.data is the value of the product. How far it moves when one factor moves is set by the other factor.",
        (MUL_SELF, "self.grad += out.data * out.grad"),
        (MUL_OTHER, "other.grad += out.data * out.grad"),
    ),
    wrong(
        "mul",
        "like-a-sum",
        "The slopes are those of a sum",
        "A sum hands its gradient on as it is. In a product each factor also has a weight: the other factor.",
        (MUL_SELF, "self.grad += out.grad"),
        (MUL_OTHER, "other.grad += out.grad"),
    ),
    wrong(
        "mul",
        "grad-for-data",
        "A gradient stands where the other factor's number should",
        "The slope of a product is the other factor, its data. What gradient that factor has got does not come in.",
        (MUL_SELF, "self.grad += other.grad * out.grad"),
        (MUL_OTHER, "other.grad += self.grad * out.grad"),
    ),
    wrong(
        "mul",
        "first-grad-for-data",
        "For the first factor, a gradient stands where a number should",
        "The slope of a product is the other factor, its data. What gradient that factor has got does not come in.",
        (MUL_SELF, "self.grad += other.grad * out.grad"),
    ),
    wrong(
        "mul",
        "second-grad-for-data",
        "For the second factor, a gradient stands where a number should",
        "The slope of a product is the other factor, its data. What gradient that factor has got does not come in.",
        (MUL_OTHER, "other.grad += self.grad * out.grad"),
    ),
    wrong(
        "mul",
        "one-side-only",
        "Only one of the two factors gets a gradient",
        "A product depends on both of its factors.",
        ("            " + MUL_OTHER + "\n", ""),
    ),
    wrong(
        "mul",
        "no-upstream",
        "The upstream gradient is left out",
        "Each factor gets its local slope only, as if the product were the last operation. The gradient "
        "of the product has to come in.",
        (MUL_SELF, "self.grad += other.data"),
        (MUL_OTHER, "other.grad += self.data"),
    ),
    wrong(
        "mul",
        "own-data",
        "Each factor's own number is used as its slope",
        "How far the product moves when one factor moves is set by the other factor.",
        (MUL_SELF, "self.grad += self.data * out.grad"),
        (MUL_OTHER, "other.grad += other.data * out.grad"),
    ),
    wrong(
        "mul",
        "called",
        "_backward is called where it should be kept",
        "The function runs while the graph is built, when there is no gradient yet, and what the node "
        "keeps is its result. Give the node the function itself.",
        (MUL_OTHER + ASSIGN, MUL_OTHER + CALLED),
    ),
    wrong(
        "pow",
        "assigned",
        "The gradient is assigned, not added",
        "Where a is used elsewhere too, the gradient from there is wiped out.",
        (POW, POW.replace("+=", "=")),
    ),
    wrong(
        "pow",
        "no-upstream",
        "The upstream gradient is left out",
        "The slope of the power is right, and has to be multiplied with the gradient of the result.",
        (POW, POW.removesuffix(" * out.grad")),
    ),
    wrong(
        "pow",
        "exponent-stays",
        "The exponent is not lowered",
        "In the derivative of a power, the exponent comes down as a factor, and what is left of it is smaller by one.",
        (POW, POW.replace("(n - 1)", "n")),
    ),
    wrong(
        "pow",
        "factor-missing",
        "The factor in front is missing",
        "In the derivative of a power the exponent comes down as a factor.",
        (POW, POW.replace("n * self", "self")),
    ),
    wrong(
        "pow",
        "squares-only",
        "The slope is that of a square, whatever the exponent",
        "For the exponent 2 this is right. Write the rule for any n.",
        (POW, "self.grad += 2 * self.data * out.grad"),
    ),
    wrong(
        "pow",
        "divided-by-zero",
        "The slope divides by the input",
        "At 0 the power has a slope all the same. Write it without a division.",
        (POW, "self.grad += n * out.data / self.data * out.grad"),
    ),
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
