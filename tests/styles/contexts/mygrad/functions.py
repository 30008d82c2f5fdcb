"""An operation is a class: forward computes, backward gives one gradient for each input."""

import math


class Context:
    def __init__(self, inputs):
        self.inputs = inputs
        self.saved = ()

    def save(self, *numbers):
        self.saved = numbers


class Function:
    @classmethod
    def apply(cls, *inputs, **options):
        from .engine import Value

        inputs = [x if isinstance(x, Value) else Value(x) for x in inputs]
        ctx = Context(inputs)
        out = Value(cls.forward(ctx, *(x.data for x in inputs), **options))
        out._ctx = ctx
        out._function = cls
        return out


class Add(Function):
    @staticmethod
    def forward(ctx, a, b):
        return a + b

    @staticmethod
    def backward(ctx, g):
        return g, g


class Mul(Function):
    @staticmethod
    def forward(ctx, a, b):
        ctx.save(a, b)
        return a * b

    @staticmethod
    def backward(ctx, g):
        a, b = ctx.saved
        return g * b, g * a


class Pow(Function):
    @staticmethod
    def forward(ctx, a, n):
        ctx.save(a, n)
        return a**n

    @staticmethod
    def backward(ctx, g):
        a, n = ctx.saved
        return (g * n * a ** (n - 1),)


class Exp(Function):
    @staticmethod
    def forward(ctx, a):
        out = math.exp(a)
        ctx.save(out)
        return out

    @staticmethod
    def backward(ctx, g):
        return (g * ctx.saved[0],)


class Log(Function):
    @staticmethod
    def forward(ctx, a):
        ctx.save(a)
        return math.log(a)

    @staticmethod
    def backward(ctx, g):
        return (g / ctx.saved[0],)


class Tanh(Function):
    @staticmethod
    def forward(ctx, a):
        out = math.tanh(a)
        ctx.save(out)
        return out

    @staticmethod
    def backward(ctx, g):
        return (g * (1 - ctx.saved[0] ** 2),)


class ReLU(Function):
    @staticmethod
    def forward(ctx, a):
        ctx.save(a > 0)
        return a if a > 0 else 0

    @staticmethod
    def backward(ctx, g):
        return (g if ctx.saved[0] else 0,)
