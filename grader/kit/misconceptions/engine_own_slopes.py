"""Misconceptions of chapter 3: negatives, differences and quotients that are given slopes of their own."""

from grader.kit.misconceptions.entries import Edit, wrong

AS_VALUE = "other = other if isinstance(other, Value) else Value(other)\n        "


def _node(before: str, made: str, *lines: str) -> Edit:
    """What is returned becomes a node that is made so, with a _backward of these lines."""
    body = "".join(f"            {line}\n" for line in lines)
    return before, (
        f"{AS_VALUE if 'other' in made else ''}out = Value({made})\n\n"
        f"        def _backward():\n{body}\n        out._backward = _backward\n        return out"
    )


def _neg(line: str) -> Edit:
    return _node("return self * -1", '-self.data, (self,), "neg"', line)


def _sub(*lines: str) -> Edit:
    return _node("return self + (-other)", 'self.data - other.data, (self, other), "-"', *lines)


def _div(*lines: str) -> Edit:
    return _node("return self * other**-1", 'self.data / other.data, (self, other), "/"', *lines)


SUM_SELF, SUM_OTHER = "self.grad += out.grad", "other.grad += out.grad"
SUB_SELF, SUB_OTHER = SUM_SELF, "other.grad -= out.grad"
DIV_SELF, DIV_OTHER = "self.grad += out.grad / other.data", "other.grad -= self.data / other.data**2 * out.grad"
ASSIGNED = "The gradient is assigned, not added"
ASSIGNED_WHY = "Where a node is used elsewhere too, the gradient from there is wiped out: look at a - a, and at a / a."
NO_UPSTREAM = "The upstream gradient is left out"
NO_UPSTREAM_WHY = "The slopes are right, and have to be multiplied with the gradient of the result."
DIVISOR_WHY = "A quotient is a product with the divisor to the power -1. What does the power rule make of that?"

MISCONCEPTIONS = (
    wrong(
        "neg-sub",
        "neg-sign",
        "The gradient of the negative keeps its sign",
        "When the input grows, its negative falls as much.",
        _neg(SUM_SELF),
    ),
    wrong("neg-sub", "neg-no-upstream", NO_UPSTREAM, NO_UPSTREAM_WHY, _neg("self.grad -= 1.0")),
    wrong(
        "neg-sub",
        "sub-like-a-sum",
        "The second side gets its gradient with the sign of a sum",
        "When the second side grows, the difference falls as much.",
        _sub(SUM_SELF, SUM_OTHER),
    ),
    wrong(
        "neg-sub",
        "sub-signs-swapped",
        "The signs of the two gradients are exchanged",
        "When the first side grows the difference grows as well, and when the second side grows it falls.",
        _sub("self.grad -= out.grad", SUM_OTHER),
    ),
    wrong(
        "neg-sub",
        "sub-both-minus",
        "The first side gets its gradient with the wrong sign",
        "When the first side grows, the difference grows as much. Only the second side is subtracted.",
        _sub("self.grad -= out.grad", SUB_OTHER),
    ),
    wrong(
        "neg-sub",
        "sub-assigned",
        ASSIGNED,
        ASSIGNED_WHY,
        _sub(SUB_SELF.replace("+=", "="), "other.grad = -out.grad"),
    ),
    wrong("neg-sub", "sub-no-upstream", NO_UPSTREAM, NO_UPSTREAM_WHY, _sub("self.grad += 1.0", "other.grad -= 1.0")),
    wrong(
        "div",
        "divisor-sign",
        "The divisor gets its gradient with the wrong sign",
        "When the divisor grows the quotient falls, if the numbers are above 0.",
        _div(DIV_SELF, DIV_OTHER.replace("-=", "+=")),
    ),
    wrong(
        "div",
        "divisor-not-squared",
        "The divisor is not squared in its own slope",
        DIVISOR_WHY,
        _div(DIV_SELF, DIV_OTHER.replace("**2", "")),
    ),
    wrong(
        "div",
        "dividend-missing",
        "The dividend is missing in the slope of the divisor",
        "The larger the dividend is, the further the quotient moves with its divisor.",
        _div(DIV_SELF, "other.grad -= out.grad / other.data**2"),
    ),
    wrong(
        "div",
        "one-over-each-other",
        "The divisor has the slope of a dividend",
        DIVISOR_WHY,
        _div(DIV_SELF, "other.grad += out.grad / self.data"),
    ),
    wrong(
        "div",
        "dividend-times-divisor",
        "The dividend has the slope of a product",
        "The larger the divisor is, the less the quotient moves with its dividend.",
        _div("self.grad += other.data * out.grad", DIV_OTHER),
    ),
    wrong(
        "div",
        "like-a-product",
        "The slopes are those of a product",
        "The larger the divisor is, the less a quotient moves with its dividend. " + DIVISOR_WHY,
        _div("self.grad += other.data * out.grad", "other.grad += self.data * out.grad"),
    ),
    wrong(
        "div",
        "assigned",
        ASSIGNED,
        ASSIGNED_WHY,
        _div(DIV_SELF.replace("+=", "="), DIV_OTHER.replace("-= ", "= -")),
    ),
    wrong(
        "div",
        "no-upstream",
        NO_UPSTREAM,
        NO_UPSTREAM_WHY,
        _div("self.grad += 1 / other.data", "other.grad -= self.data / other.data**2"),
    ),
)
