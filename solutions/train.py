"""Chapter 7: training.

*Gradient descent* repeats five things: predict (forward), measure the loss, clear the old gradients,
walk backward, move the parameters a little (update). Left out or in another order, one of them
usually still makes the loss go down somehow, only worse, which is what makes such mistakes hard to see.

How many examples go into one step is a choice. *Full batch*: all of them, the exact gradient, a slow
step. *Stochastic* (single sample): one, a noisy gradient, a fast step. *Mini-batch*: a few, the usual
compromise. Shuffle first, so that a batch is not all of one kind.

When to stop? At the latest after a fixed number of steps, and earlier when the slope is as good as
flat: when the *gradient norm*, sqrt(g1^2 + g2^2 + ...), is below a tolerance.

A worked number: for loss = (a - 3)^2 at a = 3.1 the gradient is 0.2, and so is its norm. A step with
the learning rate 0.1 takes a to 3.08.

The classifier at the end sorts points of the plane into three classes: an MLP(2, [16, 3]) trained
with the mean cross-entropy and AdamW. On the data set three_regions its loss starts at 0.9812 and is
0.5149 after the first step.
"""

import random

from engine import Value
from losses import cross_entropy
from optim import AdamW


def batches(data, size=None, seed=None):
    """Cut the list data into a list of batches (lists) of size items; the last may be smaller.

    size=None is one batch of everything, size=1 single samples. With a seed (an int) the items are
    shuffled first, the same way for the same seed; seed=None keeps their order. data stays as it was.
    """
    # exercise: batches
    items = list(data)
    if seed is not None:
        random.Random(seed).shuffle(items)
    size = size or max(len(items), 1)
    return [items[i : i + size] for i in range(0, len(items), size)]
    # end


def train(model, inputs, targets, loss_function, optimiser, steps):
    """Train on all the inputs for so many steps; give the loss of each step, before its update.

    model(x) predicts, loss_function(predictions, targets) gives a Value, optimiser has zero_grad()
    and step(). The losses are plain numbers, in a list.
    """
    # exercise: training-loop
    losses = []
    for _ in range(steps):
        predictions = [model(x) for x in inputs]
        loss = loss_function(predictions, targets)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.data)
    return losses
    # end


def gradient_norm(parameters):
    """The square root of the sum of all squared gradients, a number."""
    # exercise: stopping
    return sum(p.grad**2 for p in parameters) ** 0.5
    # end


def minimise(loss_of, parameters, lr, max_steps, tolerance):
    """Plain gradient descent that knows when to stop; gives the losses it saw, as a list of numbers.

    loss_of() builds the loss, a Value, from the parameters. Each step clears the gradients, walks
    backward and notes the loss. Where the gradient norm is then below the tolerance it stops, without
    an update; otherwise p.data -= lr * p.grad. After max_steps steps it stops in any case.
    """
    # exercise: stopping
    losses = []
    for _ in range(max_steps):
        for p in parameters:
            p.grad = 0.0
        loss = loss_of()
        loss.backward()
        losses.append(loss.data)
        if gradient_norm(parameters) < tolerance:
            break
        for p in parameters:
            p.data -= lr * p.grad
    return losses
    # end


def mean_cross_entropy(predictions, labels):
    """The mean of cross_entropy(logits, label) over a list of predictions, as a Value."""
    # exercise: classifier
    total = Value(0.0)
    for logits, label in zip(predictions, labels):
        total = total + cross_entropy(logits, label)
    return total / len(labels)
    # end


def train_classifier(model, points, labels, steps):
    """Train the model on all the points at once; give the loss of each step, before its update.

    The loss is mean_cross_entropy, the optimiser AdamW with lr 0.1, betas (0.9, 0.95), eps 1e-8 and
    weight decay 1e-4.
    """
    # exercise: classifier
    optimiser = AdamW(model.parameters(), lr=0.1, betas=(0.9, 0.95), eps=1e-8, weight_decay=1e-4)
    return train(model, points, labels, mean_cross_entropy, optimiser, steps)
    # end


def predict(model, point):
    """The number of the class with the largest output. model(point) is a list of Values."""
    # exercise: decision-boundary
    outputs = [out.data for out in model(point)]
    return outputs.index(max(outputs))
    # end


def accuracy(model, points, labels):
    """The share of points whose predicted class is their label, from 0 to 1."""
    # exercise: decision-boundary
    right = sum(predict(model, point) == label for point, label in zip(points, labels))
    return right / len(points)
    # end


def class_grid(model, xs, ys):
    """The predicted class at every point [x, y]: a list with a row for each y, in it one for each x."""
    # exercise: decision-boundary
    return [[predict(model, [x, y]) for x in xs] for y in ys]
    # end
