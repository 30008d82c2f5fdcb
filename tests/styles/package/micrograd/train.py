import itertools
import random

from micrograd.engine import Value
from micrograd.losses import cross_entropy
from micrograd.optim import AdamW


def batches(data, size=None, seed=None):
    data = data[:]
    if seed is not None:
        random.Random(seed).shuffle(data)
    it = iter(data)
    size = size or len(data)
    return list(iter(lambda: list(itertools.islice(it, size)), []))


def train(model, inputs, targets, loss_function, optimiser, steps):
    def one_step():
        loss = loss_function([model(x) for x in inputs], targets)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        return loss.data

    return [one_step() for _ in range(steps)]


def gradient_norm(parameters):
    total = 0.0
    for p in parameters:
        total += p.grad * p.grad
    return total**0.5


def minimise(loss_of, parameters, lr, max_steps, tolerance):
    losses, norm = [], float("inf")
    for _ in range(max_steps):
        for p in parameters:
            p.grad = 0
        loss = loss_of()
        loss.backward()
        losses += [loss.data]
        norm = gradient_norm(parameters)
        if norm >= tolerance:
            for p in parameters:
                p.data -= lr * p.grad
        else:
            break
    return losses


def mean_cross_entropy(predictions, labels):
    losses = [cross_entropy(p, y) for p, y in zip(predictions, labels)]
    return sum(losses, Value(0)) * (1.0 / len(losses))


def train_classifier(model, points, labels, steps):
    optimiser = AdamW(model.parameters(), lr=0.1)
    return train(model, points, labels, mean_cross_entropy, optimiser, steps)


def predict(model, point):
    return max(enumerate(model(point)), key=lambda pair: pair[1].data)[0]


def accuracy(model, points, labels):
    hits = [predict(model, p) == y for p, y in zip(points, labels)]
    return hits.count(True) / len(hits)


def class_grid(model, xs, ys):
    return [list(map(lambda x: predict(model, [x, y]), xs)) for y in ys]
