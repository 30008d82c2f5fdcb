"""Misconceptions of chapter 3: sums and products that are right on one side."""

from grader.kit.misconceptions.engine import ADD, MUL_OTHER, MUL_SELF
from grader.kit.misconceptions.entries import Edit, wrong

ADD_SELF, ADD_OTHER = ADD.split("\n            ")
MUL = f"{MUL_SELF}\n            {MUL_OTHER}"
MUL_SELF_OWN = MUL_SELF.replace("other.data", "self.data")
MUL_OTHER_OWN = MUL_OTHER.replace("self.data", "other.data")


def _add(first: str, second: str) -> Edit:
    return ADD, f"{first}\n            {second}"


# What two lines hand to one side stands in one line here: no part of it goes together with another mistake.
ONE_INPUT = "Both lines hand on to the same input, and the other one gets nothing"
ONE_INPUT_WHY = "A sum depends on both of its inputs. Look at what stands on the left of each line."
ONE_FACTOR = "Both lines hand on to the same factor, and the other one gets nothing"
ONE_FACTOR_WHY = "A product depends on both of its factors. Look at what stands on the left of each line."
UPSTREAM_WHY = "One line has it and the other has not: both are multiplied with the gradient of the result."
OWN_GRAD_WHY = (
    "What is handed on is the gradient of the result, not what the input has already. The other line has it right."
)
OWN_DATA_WHY = "How far the product moves when this factor moves is set by the other one. The other line has it right."
SUM_WHY = "One line has the rule of a product, and the other that of a sum, where the gradient is handed on as it is."

MISCONCEPTIONS = (
    wrong(
        "add",
        "second-side-only",
        "Only one of the two inputs gets a gradient",
        "A sum depends on both of its inputs.",
        (ADD, ADD_OTHER),
    ),
    wrong("add", "first-twice", ONE_INPUT, ONE_INPUT_WHY, (ADD, "self.grad += 2 * out.grad")),
    wrong("add", "second-twice", ONE_INPUT, ONE_INPUT_WHY, (ADD, "other.grad += 2 * out.grad")),
    wrong(
        "add",
        "first-no-upstream",
        "For the first input, the upstream gradient is left out",
        UPSTREAM_WHY,
        _add("self.grad += 1.0", ADD_OTHER),
    ),
    wrong(
        "add",
        "second-no-upstream",
        "For the second input, the upstream gradient is left out",
        UPSTREAM_WHY,
        _add(ADD_SELF, "other.grad += 1.0"),
    ),
    wrong(
        "add",
        "first-sign",
        "The first input gets its gradient with the wrong sign",
        "When the first input of a sum grows, the sum grows as much.",
        _add("self.grad -= out.grad", ADD_OTHER),
    ),
    wrong(
        "add",
        "handed-from-the-first",
        "The second input is given what the first one has",
        "What both get is the gradient of the sum. The first input may have more than that, from its other uses.",
        _add(ADD_SELF, "other.grad += self.grad"),
    ),
    wrong(
        "add",
        "first-own-grad",
        "The first input's own gradient is handed to it",
        OWN_GRAD_WHY,
        _add("self.grad += self.grad", ADD_OTHER),
    ),
    wrong(
        "add",
        "second-own-grad",
        "The second input's own gradient is handed to it",
        OWN_GRAD_WHY,
        _add(ADD_SELF, "other.grad += other.grad"),
    ),
    wrong(
        "mul",
        "first-own-data",
        "The first factor's own number is used as its slope",
        OWN_DATA_WHY,
        (MUL_SELF, MUL_SELF_OWN),
    ),
    wrong(
        "mul",
        "second-own-data",
        "The second factor's own number is used as its slope",
        OWN_DATA_WHY,
        (MUL_OTHER, MUL_OTHER_OWN),
    ),
    wrong(
        "mul",
        "second-side-only",
        "Only one of the two factors gets a gradient",
        "A product depends on both of its factors.",
        (MUL, MUL_OTHER),
    ),
    wrong(
        "mul", "first-gets-both", ONE_FACTOR, ONE_FACTOR_WHY, (MUL, "self.grad += (other.data + self.data) * out.grad")
    ),
    wrong(
        "mul",
        "second-gets-both",
        ONE_FACTOR,
        ONE_FACTOR_WHY,
        (MUL, "other.grad += (other.data + self.data) * out.grad"),
    ),
    wrong("mul", "first-twice", ONE_FACTOR, ONE_FACTOR_WHY, (MUL, "self.grad += 2 * other.data * out.grad")),
    wrong("mul", "second-twice", ONE_FACTOR, ONE_FACTOR_WHY, (MUL, "other.grad += 2 * self.data * out.grad")),
    wrong(
        "mul",
        "first-no-upstream",
        "For the first factor, the upstream gradient is left out",
        UPSTREAM_WHY,
        (MUL_SELF, "self.grad += other.data"),
    ),
    wrong(
        "mul",
        "second-no-upstream",
        "For the second factor, the upstream gradient is left out",
        UPSTREAM_WHY,
        (MUL_OTHER, "other.grad += self.data"),
    ),
    wrong("mul", "first-like-a-sum", "The first slope is that of a sum", SUM_WHY, (MUL_SELF, ADD_SELF)),
    wrong("mul", "second-like-a-sum", "The second slope is that of a sum", SUM_WHY, (MUL_OTHER, ADD_OTHER)),
)
