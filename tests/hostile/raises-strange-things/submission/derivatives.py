"""Raises exceptions whose type, text and traceback are traps."""

class Meta(type):
    @property
    def __name__(cls):
        raise SystemExit

    def __instancecheck__(cls, other):
        return True

    def __subclasscheck__(cls, other):
        return True


class Strange(Exception, metaclass=Meta):
    def __str__(self):
        raise self

    __repr__ = __str__

    @property
    def __traceback__(self):
        raise KeyboardInterrupt

    @property
    def args(self):
        while True:
            pass

    @property
    def __class__(self):
        return SyntaxError

    msg = property(__str__)
    filename = property(__str__)


def attack():
    raise Strange from Strange()


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
