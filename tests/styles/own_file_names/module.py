class Module:
    """Calls forward, and knows how to clear gradients."""

    def __call__(self, *args):
        return self.forward(*args)

    def zero_grad(self):
        for p in self.parameters():
            p.grad = 0.0

    def parameters(self):
        raise NotImplementedError
