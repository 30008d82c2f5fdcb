"""Chapter 6: optimisers.

After backward() every parameter p knows its gradient g. An optimiser decides how far to move p. All
of them change p.data in place: p must stay the same object, because the network still holds it.
lr is the *learning rate*, the size of a step.

    SGD         p -= lr * g
    Momentum    v = momentum * v + g;                     p -= lr * v
    AdaGrad     s = s + g^2;                              p -= lr * g / (sqrt(s) + eps)
    RMSProp     s = decay * s + (1 - decay) * g^2;        p -= lr * g / (sqrt(s) + eps)

Momentum keeps going where the steps agree. AdaGrad makes the steps of a parameter smaller the more
it has moved; RMSProp forgets the old gradients, so that the steps do not die out. AdamW does both:

    m = beta1 * m + (1 - beta1) * g          v = beta2 * v + (1 - beta2) * g^2
    m_hat = m / (1 - beta1^t)                v_hat = v / (1 - beta2^t)
    p -= lr * (m_hat / (sqrt(v_hat) + eps) + weight_decay * p)

where t counts the steps from 1. m and v start at 0 and are too small at first: dividing by
1 - beta^t mends that (bias correction). The weight decay pulls p towards 0 directly, without going
through m and v: that is the W in AdamW (Loshchilov and Hutter, 2019). m, v and s start at 0.

A worked number: p = 1 with g = 0.5 and lr = 0.1. SGD moves it to 0.95. The first step of AdamW
without decay has m_hat / sqrt(v_hat) = 0.5 / 0.5 = 1 and moves it to 0.9, however large g is.
"""


class Optimiser:
    """Holds the parameters (a list of Values) and the learning rate."""

    def __init__(self, parameters, lr):
        self.parameters = list(parameters)
        self.lr = lr

    def zero_grad(self):
        for p in self.parameters:
            p.grad = 0.0


class SGD(Optimiser):
    def step(self):
        """Move every parameter once."""
        # exercise: sgd
        raise NotImplementedError("sgd")
        # end


class Momentum(Optimiser):
    def __init__(self, parameters, lr, momentum=0.9):
        super().__init__(parameters, lr)
        self.momentum = momentum
        self.v = [0.0 for _ in self.parameters]

    def step(self):
        # exercise: momentum
        raise NotImplementedError("momentum")
        # end


class AdaGrad(Optimiser):
    def __init__(self, parameters, lr, eps=1e-8):
        super().__init__(parameters, lr)
        self.eps = eps
        self.s = [0.0 for _ in self.parameters]

    def step(self):
        # exercise: adagrad
        raise NotImplementedError("adagrad")
        # end


class RMSProp(Optimiser):
    def __init__(self, parameters, lr, decay=0.9, eps=1e-8):
        super().__init__(parameters, lr)
        self.decay = decay
        self.eps = eps
        self.s = [0.0 for _ in self.parameters]

    def step(self):
        # exercise: rmsprop
        raise NotImplementedError("rmsprop")
        # end


class AdamW(Optimiser):
    def __init__(self, parameters, lr, betas=(0.9, 0.95), eps=1e-8, weight_decay=1e-4):
        super().__init__(parameters, lr)
        self.beta1, self.beta2 = betas
        self.eps = eps
        self.weight_decay = weight_decay
        self.t = 0
        self.m = [0.0 for _ in self.parameters]
        self.v = [0.0 for _ in self.parameters]

    def step(self):
        # exercise: adamw
        raise NotImplementedError("adamw")
        # end
