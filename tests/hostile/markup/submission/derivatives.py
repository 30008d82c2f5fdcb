"""Writes HTML, Markdown, XML and formulas."""

def attack():
    raise ValueError("</testcase><script>alert(1)</script> ![x](javascript:alert(1)) ]]> &amp; {{7*7}} ${x} =cmd|'/C calc'!A0 `x`")


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
