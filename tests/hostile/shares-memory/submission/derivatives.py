"""Makes memory that outlives it: segments, memory files, anonymous files."""

import os


def attempts():
    from multiprocessing import shared_memory

    yield lambda: shared_memory.SharedMemory("mg_grade_hostile", create=True, size=1 << 20)
    yield lambda: os.memfd_create("mg-grade-hostile")
    yield lambda: os.eventfd(0)
    yield lambda: os.posix_openpt(os.O_RDWR) if hasattr(os, "posix_openpt") else os.openpty()


def attack():
    for attempt in attempts():
        try:
            return attempt()
        except (OSError, AttributeError) as error:
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
