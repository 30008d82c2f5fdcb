# exercise: add
self.grad = float('nan')
if 'other' in dir(): other.grad = self.grad
return
# exercise: mul
self.grad = float('inf')
if 'other' in dir(): other.grad = self.grad
return
# exercise: pow
self.grad = True
if 'other' in dir(): other.grad = self.grad
return
# exercise: exp
self.grad = '1.0'
if 'other' in dir(): other.grad = self.grad
return
# exercise: log
self.grad = 10**400
if 'other' in dir(): other.grad = self.grad
return
# exercise: tanh
self.grad = __import__('fractions').Fraction(0)
if 'other' in dir(): other.grad = self.grad
return
# exercise: relu
self.grad = __import__('decimal').Decimal(0)
if 'other' in dir(): other.grad = self.grad
return
