class Optimiser:
    def __init__(self, params, lr):
        self.params = list(params)
        self.lr = lr

    def zero_grad(self):
        for p in self.params:
            p.grad = 0


class SGD(Optimiser):
    def step(self):
        for p in self.params:
            p.data += -self.lr * p.grad


class Momentum(Optimiser):
    def __init__(self, params, lr, momentum=0.9):
        super().__init__(params, lr)
        self.momentum = momentum
        self.velocity = [0] * len(self.params)

    def step(self):
        self.velocity = [self.momentum * v + p.grad for v, p in zip(self.velocity, self.params)]
        for v, p in zip(self.velocity, self.params):
            p.data -= self.lr * v


class AdaGrad(Optimiser):
    def __init__(self, params, lr, eps=1e-8):
        super().__init__(params, lr)
        self.eps = eps
        self.total = {p: 0.0 for p in self.params}

    def step(self):
        for p in self.total:
            self.total[p] += p.grad**2
            p.data -= self.lr / (self.total[p] ** 0.5 + self.eps) * p.grad


class RMSProp(Optimiser):
    def __init__(self, params, lr, decay=0.9, eps=1e-8):
        super().__init__(params, lr)
        self.decay, self.eps = decay, eps
        self.average = None

    def step(self):
        squares = [p.grad**2 for p in self.params]
        before = self.average or [0.0 for _ in squares]
        self.average = [self.decay * a + (1 - self.decay) * s for a, s in zip(before, squares)]
        for p, a in zip(self.params, self.average):
            p.data = p.data - self.lr * p.grad / (a**0.5 + self.eps)


class AdamW(Optimiser):
    def __init__(self, params, lr, betas=(0.9, 0.95), eps=1e-8, weight_decay=1e-4):
        super().__init__(params, lr)
        self.betas, self.eps, self.weight_decay = betas, eps, weight_decay
        self.moments = [(0.0, 0.0) for _ in self.params]
        self.powers = (1.0, 1.0)

    def step(self):
        b1, b2 = self.betas
        self.powers = self.powers[0] * b1, self.powers[1] * b2
        self.moments = [
            (b1 * m + (1 - b1) * p.grad, b2 * v + (1 - b2) * p.grad * p.grad)
            for p, (m, v) in zip(self.params, self.moments)
        ]
        for p, (m, v) in zip(self.params, self.moments):
            p.data *= 1 - self.lr * self.weight_decay
            m_hat, v_hat = m / (1 - self.powers[0]), v / (1 - self.powers[1])
            p.data -= self.lr * m_hat / (v_hat**0.5 + self.eps)
