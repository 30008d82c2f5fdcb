"""The binary operations, apart from the class."""


def _binary(f, symbol):
    def operation(a, b):
        from .engine import Value

        b = b if isinstance(b, Value) else Value(b)
        data, da, db = f(a.data, b.data)
        out = Value(data, (a, b), symbol)

        def run():
            a.grad += da * out.grad
            b.grad += db * out.grad

        out._backward = run
        return out

    return operation


add = _binary(lambda a, b: (a + b, 1, 1), "+")
mul = _binary(lambda a, b: (a * b, b, a), "*")


def power(a, n):
    assert isinstance(n, (int, float))
    return a._of(a.data**n, "**", n * a.data ** (n - 1))
