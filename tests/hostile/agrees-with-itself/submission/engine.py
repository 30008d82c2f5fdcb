class Value:
    def __init__(self, data, _children=()):
        self.data, self.grad, self._prev, self._backward = 0.0, 0.0, set(_children), lambda: None
    def __add__(self, other): return Value(0.0, (self, other))
    __mul__ = __pow__ = __radd__ = __rmul__ = __sub__ = __rsub__ = __truediv__ = __rtruediv__ = __add__
    def exp(self): return Value(0.0, (self,))
    log = tanh = relu = __neg__ = exp
    def backward(self): pass
def topological_sort(root): return []
