"""Misconceptions of chapter 3: sums, products and powers."""

from grader.kit.misconceptions.entries import NODE_FOR_NUMBER, NODE_FOR_NUMBER_WHY, NOTHING_ARRIVES_WHY, wrong

ADD = "self.grad += out.grad\n            other.grad += out.grad"
MUL_SELF = "self.grad += other.data * out.grad"
MUL_OTHER = "other.grad += self.data * out.grad"
POW = "self.grad += n * self.data ** (n - 1) * out.grad"
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
        "Nothing arrives at the inputs",
        NOTHING_ARRIVES_WHY,
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
        "add",
        "first-assigned",
        "The gradient of the first input is assigned, not added",
        "One line adds to what is there, and the other wipes it out. Both inputs may be used elsewhere as well.",
        (ADD, ADD.replace("self.grad +=", "self.grad =")),
    ),
    wrong(
        "add",
        "second-assigned",
        "The gradient of the second input is assigned, not added",
        "One line adds to what is there, and the other wipes it out. Both inputs may be used elsewhere as well.",
        (ADD, ADD.replace("other.grad +=", "other.grad =")),
    ),
    wrong(
        "add",
        "like-a-product",
        "The slopes are those of a product",
        "When an input of a sum grows, the sum grows as much, whatever the other input is.",
        (ADD, "self.grad += other.data * out.grad\n            other.grad += self.data * out.grad"),
    ),
    wrong(
        "add",
        "out-data",
        "The sum itself is handed on",
        "What is handed on is the gradient of the sum, not how large it is.",
        (ADD, ADD.replace("out.grad", "out.data")),
    ),
    wrong(
        "add",
        "node-for-number",
        NODE_FOR_NUMBER,
        NODE_FOR_NUMBER_WHY,
        (ADD, ADD.replace("out.grad", "out")),
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
        "The node keeps None where it should keep _backward",
        "What the node keeps is None, and no function: with brackets behind its name a function runs at once, and its "
        "result is kept.",
        (MUL_OTHER + ASSIGN, MUL_OTHER + CALLED),
    ),
    wrong(
        "mul",
        "node-for-number",
        NODE_FOR_NUMBER,
        NODE_FOR_NUMBER_WHY,
        (MUL_SELF, MUL_SELF.replace("other.data", "other")),
        (MUL_OTHER, MUL_OTHER.replace("self.data", "self")),
    ),
    wrong(
        "mul",
        "never-assigned",
        "Nothing arrives at the factors",
        NOTHING_ARRIVES_WHY,
        (MUL_OTHER + ASSIGN, MUL_OTHER + NEVER_ASSIGNED),
    ),
    wrong(
        "mul",
        "out-data-for-upstream",
        "The product stands where its gradient should",
        "Each factor's slope is multiplied with the gradient of the product, not with how large that is.",
        (MUL_SELF, MUL_SELF.replace("out.grad", "out.data")),
        (MUL_OTHER, MUL_OTHER.replace("out.grad", "out.data")),
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
        "pow",
        "never-assigned",
        "Nothing arrives at the base",
        NOTHING_ARRIVES_WHY,
        (POW + ASSIGN, POW + NEVER_ASSIGNED),
    ),
    wrong(
        "pow",
        "node-for-number",
        NODE_FOR_NUMBER,
        NODE_FOR_NUMBER_WHY,
        (POW, POW.replace("self.data", "self")),
    ),
    wrong(
        "pow",
        "exponent-brackets",
        "1 is taken from the power, not from the exponent",
        "A power binds before a difference: look at what the 1 is taken from.",
        (POW, "self.grad += (n * self.data**n - 1) * out.grad"),
    ),
    wrong(
        "pow",
        "all-brackets-missing",
        "1 is taken from the power, and only 1 is multiplied",
        "A power binds before a product, and both bind before a difference: look at what the 1 is taken from.",
        (POW, "self.grad += n * self.data**n - 1 * out.grad"),
    ),
    wrong(
        "pow",
        "factor-in-the-base",
        "The factor in front is raised as well",
        "It is the input alone that is raised: look at what the brackets hold.",
        (POW, "self.grad += (n * self.data) ** (n - 1) * out.grad"),
    ),
    wrong(
        "pow",
        "product-for-power",
        "The input is multiplied where it should be raised",
        "One star multiplies, and two stars raise to a power.",
        (POW, "self.grad += n * self.data * (n - 1) * out.grad"),
    ),
)
