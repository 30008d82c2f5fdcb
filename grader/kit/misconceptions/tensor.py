"""Misconceptions of chapter 9: tensors."""

from grader.kit.misconceptions.entries import within, wrong
from grader.kit.model import Misconception

OWN, OTHERS = "self.grad = plus(self.grad, {})", "other.grad = plus(other.grad, {})"
INDENT = "\n            "
UP = "out.grad"
ADD = OWN.format(UP) + INDENT + OTHERS.format(UP)
SUB = OWN.format(UP) + INDENT + OTHERS.format("each(lambda up: -up, out.grad)")
MUL_OWN = OWN.format("each(lambda b, up: b * up, other.data, out.grad)")
MUL_OTHERS = OTHERS.format("each(lambda a, up: a * up, self.data, out.grad)")
SUM = OWN.format("each(lambda _: out.grad, self.data)")
MEAN = OWN.format("each(lambda _: out.grad / n, self.data)")
VECTOR = "[[up * xj for xj in x.data] for up in out.grad]"
VECTOR_X = "[dot(column, out.grad) for column in zip(*self.data)]"
MATRIX = "[[dot(ups, row) for row in other.data] for ups in out.grad]"
MATRIX_OTHER = "[[dot(column, ups) for ups in zip(*out.grad)] for column in zip(*self.data)]"
TANH = OWN.format("each(lambda t, up: (1 - t**2) * up, out.data, out.grad)")
SIGMOID = OWN.format("each(lambda s, up: s * (1 - s) * up, out.data, out.grad)")

ASSIGNED = "The gradients are assigned, not added"
ASSIGNED_WHY = (
    "In a * a the tensor a is used twice, and the second use wiped out the first. Look at what happens to a gradient "
    "when there is one already."
)
NO_UPSTREAM = "The gradient from above is left out"
NO_UPSTREAM_WHY = "The slope is right, and at each place it has to be multiplied with what arrives at the result there."
OUTER_TURNED = "The gradient of the matrix has its rows where its columns belong"
OUTER_TURNED_WHY = (
    "The row of a weight says which output it feeds, its column which input it takes. Compare the shape of the "
    "gradient with that of the matrix."
)
NOT_TRANSPOSED = "The matrix is not transposed on the way back"
NOT_TRANSPOSED_WHY = (
    "An input feeds every output through one column of the matrix: what comes back to it goes along that column."
)


def assigned(text: str) -> str:
    """The lines with = alone where gradients are added."""
    return text.replace("plus(self.grad, ", "(").replace("plus(other.grad, ", "(").replace("plus(x.grad, ", "(")


def _assigned(exercise: str, name: str, *lines: str) -> Misconception:
    return wrong(exercise, name, ASSIGNED, ASSIGNED_WHY, *((line, assigned(line)) for line in lines))


MISCONCEPTIONS = (
    _assigned("tensor-elementwise", "assigned", ADD, SUB, MUL_OWN, MUL_OTHERS),
    _assigned("tensor-elementwise", "assigned-in-the-sum", ADD),
    _assigned("tensor-elementwise", "assigned-in-the-difference", SUB),
    _assigned("tensor-elementwise", "assigned-in-the-product", MUL_OWN, MUL_OTHERS),
    wrong(
        "tensor-elementwise",
        "own-factor",
        "A factor's own numbers are used as its slope",
        "In a product, how far the result moves when one factor moves is set by the other factor.",
        within(MUL_OWN, ("other.data", "self.data")),
        within(MUL_OTHERS, ("self.data", "other.data")),
    ),
    wrong(
        "tensor-elementwise",
        "product-no-upstream",
        NO_UPSTREAM,
        NO_UPSTREAM_WHY,
        within(MUL_OWN, ("b * up", "b")),
        within(MUL_OTHERS, ("a * up", "a")),
    ),
    wrong(
        "tensor-elementwise",
        "sum-no-upstream",
        NO_UPSTREAM,
        NO_UPSTREAM_WHY,
        (ADD, ADD.replace(f", {UP})", ", each(lambda _: 1.0, out.grad))")),
    ),
    wrong(
        "tensor-elementwise",
        "difference-like-the-sum",
        "What is subtracted gets its gradient with the wrong sign",
        "Where the second side grows, the difference falls.",
        within(SUB, ("-up", "up")),
    ),
    wrong(
        "tensor-elementwise",
        "difference-turned-round",
        "The difference hands on its gradients with their signs exchanged",
        "Where the first side grows, the difference grows; where the second side grows, it falls.",
        (SUB, OWN.format("each(lambda up: -up, out.grad)") + INDENT + OTHERS.format(UP)),
    ),
    wrong(
        "tensor-elementwise",
        "product-like-the-sum",
        "A product hands its gradient on as if it were a sum",
        "In a product, how far the result moves when one factor moves is set by the other factor.",
        (MUL_OWN, OWN.format(UP)),
        (MUL_OTHERS, OTHERS.format(UP)),
    ),
    wrong(
        "tensor-reduce",
        "mean-without-n",
        "The gradient of the mean leaves out how many there are",
        "Each entry has a share of 1/n in the mean, and so has its gradient.",
        within(MEAN, ("out.grad / n", "out.grad")),
    ),
    _assigned("tensor-reduce", "assigned", SUM, MEAN),
    _assigned("tensor-reduce", "sum-assigned", SUM),
    _assigned("tensor-reduce", "mean-assigned", MEAN),
    wrong(
        "tensor-reduce",
        "no-upstream",
        NO_UPSTREAM,
        NO_UPSTREAM_WHY,
        within(SUM, ("out.grad,", "1.0,")),
        within(MEAN, ("out.grad / n", "1.0 / n")),
    ),
    wrong(
        "tensor-reduce",
        "one-number-for-all",
        "A single number stands where the gradient of many entries should",
        "A gradient has the shape of its tensor: every entry gets a number of its own, even where all are the same.",
        (SUM, OWN.format(UP)),
        (MEAN, OWN.format("out.grad / n")),
    ),
    wrong(
        "tensor-reduce",
        "rows-counted",
        "The mean of a matrix is divided by the number of its rows",
        "A mean is a sum divided by how many numbers were added up.",
        ("n = len(numbers)", "n = len(self.data) if isinstance(self.data, list) else 1"),
    ),
    wrong(
        "tensor-reduce",
        "entries-as-slopes",
        "The entries themselves are used as slopes",
        "A sum moves just as far as each of its entries, however large that is.",
        within(SUM, ("lambda _: out.grad", "lambda entry: entry * out.grad")),
        within(MEAN, ("lambda _: out.grad", "lambda entry: entry * out.grad")),
    ),
    wrong(
        "tensor-reduce",
        "mean-is-the-sum",
        "The mean is not divided by anything",
        "A mean is a sum divided by how many there are.",
        ("sum(numbers) / n", "sum(numbers)"),
        within(MEAN, ("out.grad / n", "out.grad")),
    ),
    wrong(
        "tensor-reduce",
        "mean-value-is-the-sum",
        "The mean is not divided by anything, and only its gradient is",
        "A mean is a sum divided by how many there are.",
        ("sum(numbers) / n", "sum(numbers)"),
    ),
    wrong(
        "tensor-reduce",
        "input-unknown",
        "The result does not know what it was made from",
        "No gradient finds its way back: where does a new tensor hear of its inputs?",
        ('Tensor(sum(flat(self.data)), (self,), "sum")', 'Tensor(sum(flat(self.data)), (), "sum")'),
        ('Tensor(sum(numbers) / n, (self,), "mean")', 'Tensor(sum(numbers) / n, (), "mean")'),
    ),
    _assigned(
        "tensor-matmul",
        "assigned",
        *(f"plus(self.grad, {VECTOR}", f"plus(x.grad, {VECTOR_X}"),
        *(f"plus(self.grad, {MATRIX}", f"plus(other.grad, {MATRIX_OTHER}"),
    ),
    _assigned("tensor-matmul", "assigned-with-a-vector", f"plus(self.grad, {VECTOR}", f"plus(x.grad, {VECTOR_X}"),
    _assigned(
        "tensor-matmul", "assigned-with-a-matrix", f"plus(self.grad, {MATRIX}", f"plus(other.grad, {MATRIX_OTHER}"
    ),
    wrong(
        "tensor-matmul",
        "vector-not-transposed",
        NOT_TRANSPOSED,
        NOT_TRANSPOSED_WHY,
        (VECTOR_X, "[dot(row, out.grad) for row in self.data]"),
    ),
    wrong(
        "tensor-matmul",
        "outer-turned",
        OUTER_TURNED,
        OUTER_TURNED_WHY,
        (VECTOR, "[[up * xj for up in out.grad] for xj in x.data]"),
    ),
    wrong(
        "tensor-matmul",
        "vector-no-upstream",
        NO_UPSTREAM,
        NO_UPSTREAM_WHY,
        (VECTOR, "[[xj for xj in x.data] for up in out.grad]"),
        (VECTOR_X, "[sum(column) for column in zip(*self.data)]"),
    ),
    wrong(
        "tensor-matmul",
        "weights-no-upstream",
        "The gradient of the matrix leaves out what arrives from above",
        NO_UPSTREAM_WHY,
        (VECTOR, "[[xj for xj in x.data] for up in out.grad]"),
    ),
    wrong(
        "tensor-matmul",
        "own-weights-as-slopes",
        "The weights themselves are used as their slopes",
        "How far an output moves when a weight moves is set by the input that it is multiplied with.",
        (VECTOR, "[[w * up for w in row] for row, up in zip(self.data, out.grad)]"),
    ),
    wrong(
        "tensor-matmul",
        "first-of-two-matrices-not-transposed",
        "The second matrix is not transposed on the way back to the first",
        "An entry of the first matrix meets a whole row of the second, and its gradient is made with that row.",
        (MATRIX, MATRIX.replace("row in other.data", "row in zip(*other.data)")),
    ),
    wrong(
        "tensor-matmul",
        "second-of-two-matrices-not-transposed",
        "The first matrix is not transposed on the way back to the second",
        "An entry of the second matrix meets a whole column of the first, and its gradient is made with that column.",
        (MATRIX_OTHER, MATRIX_OTHER.replace("in zip(*self.data)", "in self.data")),
    ),
    wrong(
        "tensor-matmul",
        "second-turned",
        "The gradient of the second matrix has its rows where its columns belong",
        "Its row says which column of the first matrix it meets. Compare the shape of the gradient with that of the "
        "matrix.",
        (MATRIX_OTHER, "[[dot(column, ups) for column in zip(*self.data)] for ups in zip(*out.grad)]"),
    ),
    wrong(
        "tensor-matmul",
        "rows-times-rows",
        "The rows of the first matrix meet the rows of the second",
        "Each entry of the product is made of a row of the first matrix and a column of the second.",
        ("for column in zip(*other.data)] for row in self.data]", "for column in other.data] for row in self.data]"),
    ),
    wrong(
        "tensor-matmul",
        "columns-times-vector",
        "The columns of the matrix meet the vector",
        "Each entry of the product is made of a row of the matrix and the whole vector.",
        ("[dot(row, x.data) for row in self.data]", "[dot(row, x.data) for row in zip(*self.data)]"),
    ),
    wrong(
        "tensor-activation",
        "tanh-slope-from-the-input",
        "The slope of tanh is worked out from the input",
        "Its formula takes the output, which is the tanh of the input, and not the input itself.",
        within(TANH, ("out.data", "self.data")),
    ),
    wrong(
        "tensor-activation",
        "sigmoid-slope-from-the-input",
        "The slope of the sigmoid is worked out from the input",
        "Its formula takes the output, which is the sigmoid of the input, and not the input itself.",
        within(SIGMOID, ("out.data", "self.data")),
    ),
    wrong(
        "tensor-activation",
        "slopes-from-the-input",
        "Both slopes are worked out from the input",
        "The formulas take the output, and not the input.",
        within(TANH, ("out.data", "self.data")),
        within(SIGMOID, ("out.data", "self.data")),
    ),
    wrong(
        "tensor-activation",
        "sigmoid-with-the-slope-of-tanh",
        "The sigmoid has the slope of tanh",
        "The two look alike, and have slopes of their own: at 0 that of tanh is 1 and that of the sigmoid a quarter.",
        within(SIGMOID, ("s * (1 - s)", "(1 - s**2)")),
    ),
    wrong(
        "tensor-activation",
        "sigmoid-slope-halved",
        "A factor of the sigmoid's slope is missing",
        "The slope is small at both ends: where the output is near 1, and where it is near 0.",
        within(SIGMOID, ("s * (1 - s)", "(1 - s)")),
    ),
    wrong(
        "tensor-activation",
        "no-upstream",
        NO_UPSTREAM,
        NO_UPSTREAM_WHY,
        within(TANH, ("(1 - t**2) * up", "1 - t**2")),
        within(SIGMOID, ("s * (1 - s) * up", "s * (1 - s)")),
    ),
    wrong(
        "tensor-activation",
        "no-slope",
        "The gradient passes through as if the activation were not there",
        "What arrives has to be multiplied with the slope at each place, which is small where the activation is flat.",
        within(TANH, ("(1 - t**2) * up", "up")),
        within(SIGMOID, ("s * (1 - s) * up", "up")),
    ),
    _assigned("tensor-activation", "assigned", TANH, SIGMOID),
    _assigned("tensor-activation", "tanh-assigned", TANH),
    _assigned("tensor-activation", "sigmoid-assigned", SIGMOID),
    wrong(
        "tensor-activation",
        "sigmoid-overflows",
        "The sigmoid of a large negative number overflows",
        "exp(1000) is more than a float can hold. The function that stands at the top of the file does without it.",
        ("each(sigmoid, self.data)", "each(lambda x: 1 / (1 + math.exp(-x)), self.data)"),
    ),
    wrong(
        "two-layer-backward",
        "second-not-transposed",
        "W2 is not transposed on the way back",
        NOT_TRANSPOSED_WHY,
        ("for column in zip(*W2)]", "for column in W2]"),
    ),
    wrong(
        "two-layer-backward",
        "first-not-transposed",
        "W1 is not transposed on the way back",
        NOT_TRANSPOSED_WHY,
        ("for column in zip(*W1)]", "for column in W1]"),
    ),
    wrong(
        "two-layer-backward",
        "outer-turned",
        OUTER_TURNED,
        OUTER_TURNED_WHY,
        ("[[up * h for h in h1] for up in dz]", "[[up * h for up in dz] for h in h1]"),
        ("[[up * xj for xj in x] for up in da1]", "[[up * xj for up in da1] for xj in x]"),
    ),
    wrong(
        "two-layer-backward",
        "slope-left-out",
        "The slope of the sigmoid is left out",
        "Between the two layers lies the sigmoid, and its slope at each place is a factor on the way back.",
        ("[h * (1 - h) * up for", "[up for"),
    ),
    wrong(
        "two-layer-backward",
        "slope-from-the-input",
        "The slope of the sigmoid is worked out from its input",
        "Its formula takes the output, which is the sigmoid of the input, and not the input itself.",
        ("for h, up in zip(h1, dh1)", "for h, up in zip(a1, dh1)"),
    ),
    wrong(
        "two-layer-backward",
        "slope-of-tanh",
        "The sigmoid has the slope of tanh",
        "The two look alike, and have slopes of their own: at 0 that of tanh is 1 and that of the sigmoid a quarter.",
        ("h * (1 - h) * up", "(1 - h**2) * up"),
    ),
    wrong(
        "two-layer-backward",
        "sign",
        "The sign of the first gradient is turned round",
        "Where z is above its target, the loss grows with z.",
        ("zi - yi for", "yi - zi for"),
    ),
    wrong(
        "two-layer-backward",
        "half-forgotten",
        "The first gradient is twice as large as it should be",
        "The square brings a 2, and the half before the sum takes it away again.",
        ("[zi - yi for", "[2 * (zi - yi) for"),
    ),
    wrong(
        "two-layer-backward",
        "divided",
        "The first gradient is divided by how many outputs there are",
        "The loss is half of a sum here, and no mean.",
        ("[zi - yi for", "[(zi - yi) / len(y) for"),
    ),
    wrong(
        "two-layer-backward",
        "target-forgotten",
        "The output itself is taken for its gradient",
        "How far the loss moves depends on how far z is from its target.",
        ("[zi - yi for", "[zi for"),
    ),
    wrong(
        "two-layer-backward",
        "before-the-sigmoid",
        "W2 is paired with what goes into the sigmoid",
        "The second layer sees what comes out of the first one, after its sigmoid.",
        ("[[up * h for h in h1]", "[[up * h for h in a1]"),
    ),
    wrong(
        "two-layer-backward",
        "first-layer-skips-the-sigmoid",
        "The first layer gets the gradient of h1",
        "W1 and b1 make a1, and h1 comes after it: the slope of the sigmoid lies between them.",
        ("for up in da1]", "for up in dh1]"),
        ('"b1": da1', '"b1": dh1'),
    ),
)
