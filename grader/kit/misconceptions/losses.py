"""Misconceptions of chapter 5: losses."""

from grader.kit.misconceptions.entries import within, wrong

SUM = """    total = Value(0.0)
    for prediction, target in zip(predictions, targets):
        total = total + (prediction - target) ** 2
    return total
"""
SOFTMAX = """    largest = max(x.data for x in logits)
    exps = [(x - largest).exp() for x in logits]
"""
CROSS_ENTROPY = """    largest = max(x.data for x in logits)
    total = Value(0.0)
    for x in logits:
        total = total + (x - largest).exp()
    return total.log() - (logits[target] - largest)
"""

MISCONCEPTIONS = (
    wrong(
        "mse",
        "sum-and-mean-swapped",
        "Sum and mean are swapped",
        "Which of the two is divided by the number of predictions?",
        within(SUM, ("return total", "return total / len(predictions)")),
        ("targets) / len(predictions)", "targets) * len(predictions)"),
    ),
    wrong(
        "mse",
        "mean-is-the-sum",
        "The mean is not divided by anything",
        "A mean is a sum divided by how many there are.",
        ("targets) / len(predictions)", "targets)"),
    ),
    wrong(
        "mse",
        "not-squared",
        "The differences are added up as they are",
        "One that is too high and one that is too low make up for each other. Squares cannot.",
        ("(prediction - target) ** 2", "(prediction - target)"),
    ),
    wrong(
        "mse",
        "halved",
        "There is a half too many",
        "Some books put a half before the sum, so that the 2 of the derivative goes away. This exercise does not.",
        within(SUM, ("return total", "return total / 2")),
    ),
    wrong(
        "mse",
        "mean-of-two",
        "The mean divides by 2, however many there are",
        "Divide by the number of predictions.",
        ("targets) / len(predictions)", "targets) / 2"),
    ),
    wrong(
        "mse",
        "absolute",
        "The differences are not squared",
        "These are the numbers of the distance between prediction and target.",
        ("(prediction - target) ** 2", "((prediction - target) ** 2) ** 0.5"),
    ),
    wrong(
        "mse",
        "graph-cut",
        "The loss does not know its predictions",
        "Its number is right, and no gradient finds its way back: is it made of nodes, all the way?",
        ("(prediction - target) ** 2", "(prediction.data - target) ** 2"),
    ),
    wrong(
        "mse",
        "square-of-the-total",
        "The total is squared, and not each difference",
        "One that is too high and one that is too low make up for each other. Square first, and add up then.",
        within(SUM, ("(prediction - target) ** 2", "(prediction - target)"), ("return total", "return total**2")),
    ),
    wrong(
        "mse",
        "target-squared",
        "Only the target is squared",
        "A power binds before a difference: what is squared has to be kept together.",
        ("(prediction - target) ** 2", "prediction - target**2"),
    ),
    wrong(
        "mse",
        "first-only",
        "Only the first prediction counts",
        "Every one has its share in the loss: where does the loop end, and what comes out?",
        within(SUM, ("    return total", "        return total")),
    ),
    wrong(
        "mse",
        "last-only",
        "Only the last prediction counts",
        "Each round begins anew here: add to what is there already.",
        ("total = total + (prediction - target) ** 2", "total = (prediction - target) ** 2"),
    ),
    wrong(
        "mse",
        "doubled",
        "The differences are doubled where they should be squared",
        "One star multiplies, and two stars raise to a power.",
        ("(prediction - target) ** 2", "(prediction - target) * 2"),
    ),
    wrong(
        "softmax",
        "no-shift",
        "Large logits overflow",
        "exp(1000) is more than a float can hold. Softmax is the same when a number is subtracted from "
        "all logits: choose one that makes the largest 0.",
        within(SOFTMAX, ("(x - largest).exp()", "x.exp()")),
    ),
    wrong(
        "softmax",
        "shifted-by-the-first",
        "What is subtracted is the first logit",
        "With the first one, another can still be far above 0. Which logit is never exceeded?",
        within(SOFTMAX, ("max(x.data for x in logits)", "logits[0].data")),
    ),
    wrong(
        "softmax",
        "mean-for-total",
        "The exponentials are divided by how many there are",
        "Probabilities add up to 1: divide by what the exponentials add up to.",
        ("[e / total for e in exps]", "[e / len(exps) for e in exps]"),
    ),
    wrong(
        "softmax",
        "largest-for-total",
        "The exponentials are divided by the largest of them",
        "Probabilities add up to 1: divide by what the exponentials add up to.",
        ("[e / total for e in exps]", "[e / max(exps, key=lambda e: e.data) for e in exps]"),
    ),
    wrong(
        "softmax",
        "total-cut-off",
        "The total does not know its parts",
        "Every logit moves the total, and so every probability. Its number alone carries no gradient.",
        ("[e / total for e in exps]", "[e / total.data for e in exps]"),
    ),
    wrong(
        "softmax",
        "graph-cut",
        "The probabilities do not know their logits",
        "Their numbers are right, and no gradient finds its way back: is each made of nodes, all the way?",
        within(SOFTMAX, ("(x - largest).exp()", "Value(x.data - largest).exp()")),
    ),
    wrong(
        "softmax",
        "not-divided",
        "What comes out does not add up to 1",
        "Probabilities are shares of a whole: divide each exponential by what all of them add up to.",
        ("[e / total for e in exps]", "exps"),
    ),
    wrong(
        "cross-entropy",
        "sign",
        "The sign is dropped",
        "The logarithm of a probability is never above 0, and falls without end where the loss should be largest.",
        ("total.log() - (logits[target] - largest)", "logits[target] - largest - total.log()"),
    ),
    wrong(
        "cross-entropy",
        "no-log",
        "The logarithm is missing",
        "This is a probability with a minus sign, and not its logarithm.",
        (
            "return total.log() - (logits[target] - largest)",
            "return -((logits[target] - largest).exp() / total)",
        ),
    ),
    wrong(
        "cross-entropy",
        "no-shift",
        "Large logits overflow",
        "exp(1000) is more than a float can hold. Subtract from all logits what makes the largest 0.",
        (CROSS_ENTROPY, CROSS_ENTROPY.replace("largest = max(x.data for x in logits)", "largest = 0.0")),
    ),
    wrong(
        "cross-entropy",
        "shifted-by-the-first",
        "What is subtracted is the first logit",
        "With the first one, another can still be far above 0. Which logit is never exceeded?",
        within(CROSS_ENTROPY, ("max(x.data for x in logits)", "logits[0].data")),
    ),
    wrong(
        "cross-entropy",
        "log-of-softmax",
        "The logarithm is taken of a probability that can be 0",
        "Where the network is certain and wrong the probability rounds to 0. Take the logarithm in the "
        "formula, before numbers are put in.",
        (CROSS_ENTROPY, "    return -softmax(logits)[target].log()\n"),
    ),
    wrong(
        "cross-entropy",
        "first-class-as-target",
        "The first class is always the target",
        "Which class is right is handed over.",
        ("logits[target]", "logits[0]"),
    ),
    wrong(
        "cross-entropy",
        "target-cut-off",
        "The target's logit gets no gradient of its own",
        "Its number is used, and not the node: the part of the gradient that pulls it up is missing.",
        ("(logits[target] - largest)", "(logits[target].data - largest)"),
    ),
    wrong(
        "cross-entropy",
        "graph-cut",
        "The loss does not know its logits",
        "Its number is right, and no gradient finds its way back: is it made of nodes, all the way?",
        (
            "return total.log() - (logits[target] - largest)",
            "return Value((total.log() - (logits[target] - largest)).data)",
        ),
    ),
    wrong(
        "cross-entropy",
        "shifted-in-the-sum-only",
        "What is subtracted in the sum is not subtracted from the target",
        "The loss is the same when a number is subtracted from all the logits: from the target's as well.",
        ("(logits[target] - largest)", "logits[target]"),
    ),
    wrong(
        "cross-entropy",
        "total-cut-off",
        "The total does not know its parts",
        "Every logit moves the total, and so the loss. Its number alone carries no gradient.",
        (
            "total = total + (x - largest).exp()\n    return total.log()",
            "total = total + (x - largest).exp().data\n    return total.log()",
        ),
    ),
    wrong(
        "cross-entropy",
        "log-of-every-probability",
        "The logarithm is taken of every probability, also of one that is 0",
        "Only the target's probability counts, and it can round to 0 as well. Take the logarithm in the formula, "
        "before numbers are put in.",
        (
            CROSS_ENTROPY,
            "    p = softmax(logits)\n"
            "    return sum(-(q.log()) * (1.0 if i == target else 0.0) for i, q in enumerate(p))\n",
        ),
    ),
    wrong(
        "cross-entropy",
        "softmax-twice",
        "softmax is taken twice",
        "The formula has the softmax in it already: logits come in, and not probabilities.",
        (CROSS_ENTROPY, "    logits = softmax(logits)\n" + CROSS_ENTROPY),
    ),
)
