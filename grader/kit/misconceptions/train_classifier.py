"""Misconceptions of chapter 7: when to stop, and the classifier."""

from grader.kit.misconceptions.entries import within, wrong

CHECK = "        if gradient_norm(parameters) < tolerance:\n            break\n"
UPDATE = "        for p in parameters:\n            p.data -= lr * p.grad\n"
ADAMW = "AdamW(model.parameters(), lr=0.1, betas=(0.9, 0.95), eps=1e-8, weight_decay=1e-4)"

MISCONCEPTIONS = (
    wrong(
        "stopping",
        "at-most-the-tolerance",
        "A norm of just the tolerance counts as flat",
        "Below is below.",
        ("< tolerance", "<= tolerance"),
    ),
    wrong(
        "stopping",
        "norm-not-squared",
        "The norm is a sum of sizes",
        "The norm is the length of the gradient: the root of a sum of squares.",
        ("sum(p.grad**2 for p in parameters) ** 0.5", "sum(abs(p.grad) for p in parameters)"),
    ),
    wrong(
        "stopping",
        "no-root",
        "The root is missing from the norm",
        "The norm is the length of the gradient: the root of a sum of squares.",
        ("sum(p.grad**2 for p in parameters) ** 0.5", "sum(p.grad**2 for p in parameters)"),
    ),
    wrong(
        "stopping",
        "loss-for-norm",
        "The loss is compared with the tolerance",
        "A loss can be large where it is flat, and small where it is steep. How steep it is the gradient's norm says.",
        within(CHECK, ("gradient_norm(parameters)", "loss.data")),
    ),
    wrong(
        "stopping",
        "update-before-the-check",
        "There is an update before the check",
        "Where it is flat already nothing moves any more.",
        (CHECK + UPDATE, UPDATE + CHECK),
    ),
    wrong(
        "stopping",
        "never-stops-early",
        "It does not stop where it is flat",
        "The norm is to be compared with the tolerance in each step.",
        (CHECK, ""),
    ),
    wrong(
        "stopping",
        "never-cleared",
        "The gradients are never cleared",
        "backward() adds to what is there: begin each step with zeros.",
        ("        for p in parameters:\n            p.grad = 0.0\n", ""),
    ),
    wrong(
        "stopping",
        "first-parameter-only",
        "Only the first parameter moves",
        "All of them have a gradient to follow.",
        within(UPDATE, ("in parameters", "in parameters[:1]")),
    ),
    wrong(
        "stopping",
        "stops-where-steep",
        "It stops where it is steep",
        "Flat is where the norm is small.",
        within(CHECK, ("<", ">")),
    ),
    wrong(
        "stopping",
        "last-loss-not-noted",
        "The last loss is not noted",
        "Every loss that was seen is given back, also that of the step in which it stops.",
        ("        losses.append(loss.data)\n" + CHECK, CHECK + "        losses.append(loss.data)\n"),
    ),
    wrong(
        "stopping",
        "rebinds-p",
        "The parameters themselves stay as they are",
        "What has to change is the number in each, p.data, in the very object that was handed over: is that what "
        "stands on the left of the = or -=?",
        (UPDATE, UPDATE.replace("p.data -= lr * p.grad", "p = p - lr * p.grad")),
    ),
    wrong(
        "stopping",
        "ascends",
        "The step goes uphill",
        "The gradient points to where the loss grows. Which way is down?",
        within(UPDATE, ("-=", "+=")),
    ),
    wrong(
        "stopping",
        "norm-of-the-data",
        "The norm is that of the parameters themselves",
        "How steep it is their gradients say, and not how large they are.",
        ("sum(p.grad**2 for", "sum(p.data**2 for"),
    ),
    wrong(
        "classifier",
        "sum-in-place-of-the-mean",
        "The losses are added up, not averaged",
        "With a sum the step depends on how many points there are.",
        ("return total / len(labels)", "return total"),
    ),
    wrong(
        "classifier",
        "lr",
        "The learning rate is another one",
        "The settings are in the text of the exercise.",
        (ADAMW, ADAMW.replace("lr=0.1", "lr=0.01")),
    ),
    wrong(
        "classifier",
        "betas",
        "The betas are others",
        "The settings are in the text of the exercise: these are the usual ones of AdamW.",
        (ADAMW, ADAMW.replace("0.95", "0.999")),
    ),
    wrong(
        "classifier",
        "no-decay",
        "There is no weight decay",
        "The settings are in the text of the exercise.",
        (ADAMW, ADAMW.replace("1e-4", "0.0")),
    ),
    wrong(
        "classifier",
        "sgd",
        "Training is by plain gradient descent",
        "The exercise asks for another optimiser.",
        ("from optim import AdamW", "from optim import SGD"),
        (ADAMW, "SGD(model.parameters(), lr=0.1)"),
    ),
    wrong(
        "classifier",
        "graph-cut",
        "The loss does not know its predictions",
        "Its number is right, and no gradient finds its way back: is it made of nodes, all the way?",
        ("total + cross_entropy(logits, label)", "total + cross_entropy(logits, label).data"),
    ),
    wrong(
        "classifier",
        "divided-by-classes",
        "The losses are divided by how many classes there are",
        "A mean over predictions is divided by their number.",
        ("return total / len(labels)", "return total / len(predictions[0])"),
    ),
    wrong(
        "classifier",
        "softmax-twice",
        "softmax is taken twice",
        "cross_entropy has the softmax in it already: it takes logits, and not probabilities.",
        ("from losses import cross_entropy", "from losses import cross_entropy, softmax"),
        ("total + cross_entropy(logits, label)", "total + cross_entropy(softmax(logits), label)"),
    ),
    wrong(
        "classifier",
        "optimiser-made-anew",
        "The optimiser is made anew in each step",
        "Its averages and its count of the steps begin again each time. One optimiser goes through all the steps.",
        (
            f"    optimiser = {ADAMW}\n    return train(model, points, labels, mean_cross_entropy, optimiser, steps)\n",
            "    losses = []\n    for _ in range(steps):\n"
            f"        optimiser = {ADAMW}\n"
            "        losses += train(model, points, labels, mean_cross_entropy, optimiser, 1)\n"
            "    return losses\n",
        ),
    ),
    wrong(
        "decision-boundary",
        "smallest",
        "The smallest output wins",
        "The predicted class is that of the largest output.",
        ("max(outputs)", "min(outputs)"),
    ),
    wrong(
        "decision-boundary",
        "output-for-its-number",
        "The largest output is given, and not its number",
        "The class is the place of the largest output in the list.",
        ("return outputs.index(max(outputs))", "return max(outputs)"),
    ),
    wrong(
        "decision-boundary",
        "count",
        "The accuracy is a count",
        "A share is asked for: 1 is all of them.",
        ("return right / len(points)", "return right"),
    ),
    wrong(
        "decision-boundary",
        "percent",
        "The accuracy is in percent",
        "A share is asked for: 1 is all of them.",
        ("return right / len(points)", "return 100 * right / len(points)"),
    ),
    wrong(
        "decision-boundary",
        "rows-and-columns-swapped",
        "Rows and columns are swapped",
        "There is a row for every y, and in it a class for every x.",
        ("for x in xs] for y in ys]", "for y in ys] for x in xs]"),
    ),
    wrong(
        "decision-boundary",
        "x-and-y-swapped",
        "x and y of a point are swapped",
        "In a point x comes first.",
        ("predict(model, [x, y])", "predict(model, [y, x])"),
    ),
    wrong(
        "decision-boundary",
        "counted-from-1",
        "The classes are counted from 1",
        "The first class has the number 0, like the first place of a list.",
        ("return outputs.index(max(outputs))", "return outputs.index(max(outputs)) + 1"),
    ),
)
