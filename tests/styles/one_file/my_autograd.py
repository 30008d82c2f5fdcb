# Everything in one place, as it grew.
import math, random
import numpy as np
import torch
import matplotlib.pyplot as plt

random.seed(1337)
torch.manual_seed(1337)
plt.rcParams['figure.figsize'] = (5, 5)


# ---- derivatives -------------------------------------------------

def forward_difference(f, x, h):
	return (f(x + h) - f(x)) / h

def central_difference(f, x, h):
	return 0.5 * (f(x + h) - f(x - h)) / h

def gradient(f, xs, h=1e-6):
	return [central_difference(lambda xi: f(xs[:i] + [xi] + xs[i + 1:]), xs[i], h) for i in range(len(xs))]

def vector_product(x, w):
	n = float(len(x))
	return sum(a * b - a for a, b in zip(x, w)) / n, tuple((b - 1) / n for b in w), tuple(a / n for a in x)

print(central_difference(lambda x: 3 * x ** 2 - 4 * x + 5, 3.0, 1e-4))


# ---- the chain rule by hand ---------------------------------------

def manual_backprop(a, b, c, f):
	grads = dict(L=1, f=a * b + c, d=f)
	grads['c'] = grads['e'] = grads['d']
	grads['a'] = b * grads['e']
	grads['b'] = a * grads['e']
	return grads

def nudge(values, gradients, step):
	new = values.copy()
	for k in new:
		new[k] += step * gradients[k]
	return new

def manual_neuron(x1, x2, w1, w2, b):
	slope = 1 / math.cosh(x1 * w1 + x2 * w2 + b) ** 2
	return dict(zip(('x1', 'x2', 'w1', 'w2', 'b'), (slope * w1, slope * w2, slope * x1, slope * x2, slope)))

assert manual_backprop(2, -3, 10, -2)['a'] == 6


# ---- the engine ----------------------------------------------------

class Value:
	def __init__(self, data, children=(), op=''):
		self.data, self.grad = data, 0
		self._children, self._op = set(children), op
		self._backward = lambda: None

	def __add__(self, other):
		other = other if isinstance(other, Value) else Value(other)
		out = Value(self.data + other.data, (self, other), '+')
		def _backward():
			self.grad += out.grad
			other.grad += out.grad
		out._backward = _backward
		return out

	def __mul__(self, other):
		other = other if isinstance(other, Value) else Value(other)
		out = Value(self.data * other.data, (self, other), '*')
		def _backward():
			self.grad += out.grad * other.data
			other.grad += out.grad * self.data
		out._backward = _backward
		return out

	def __pow__(self, n):
		out = Value(self.data ** n, (self,), '**')
		def _backward():
			self.grad += out.grad * n * self.data ** (n - 1)
		out._backward = _backward
		return out

	def __neg__(self): return self * (-1)
	def __sub__(self, other): return self + (-other)
	def __truediv__(self, other): return self * (other ** -1)
	def __radd__(self, other): return self + other
	def __rmul__(self, other): return self * other
	def __rsub__(self, other): return other + (-self)
	def __rtruediv__(self, other): return other * (self ** -1)

	def backward(self):
		self.grad = 1
		for v in topological_sort(self)[::-1]:
			v._backward()

	def __repr__(self):
		return f'Value({self.data})'

def topological_sort(root):
	order, state, stack = [], {}, [root]
	while stack:
		v = stack[-1]
		if v not in state:
			state[v] = 'open'
			stack += [c for c in v._children if c not in state]
		else:
			stack.pop()
			if state[v] == 'open':
				state[v] = 'done'
				order.append(v)
	return order

a = Value(2.0); b = Value(-3.0)
(a * b + a).backward()
print(a.grad, b.grad)

# the functions came later
def exp(self):
	out = Value(math.exp(self.data), (self,), 'exp')
	def _backward():
		self.grad += out.grad * out.data
	out._backward = _backward
	return out

def log(self):
	out = Value(math.log(self.data), (self,), 'log')
	def _backward():
		self.grad += out.grad / self.data
	out._backward = _backward
	return out

def tanh(self):
	out = Value(math.tanh(self.data), (self,), 'tanh')
	def _backward():
		self.grad += out.grad / math.cosh(self.data) ** 2 if abs(self.data) < 300 else 0
	out._backward = _backward
	return out

def relu(self):
	out = Value(self.data if self.data > 0 else 0, (self,), 'relu')
	def _backward():
		self.grad += out.grad if out.data > 0 else 0
	out._backward = _backward
	return out

Value.exp = exp
Value.log = log
for function in (tanh, relu):
	setattr(Value, function.__name__, function)


# ---- networks ------------------------------------------------------

class Module:
	def zero_grad(self):
		for p in self.parameters():
			p.grad = 0

class Neuron(Module):
	def __init__(self, n, nonlin=True):
		self.weights = [Value(random.uniform(-1, 1)) for _ in range(n + 1)]  # the bias comes first
		self.nonlin = nonlin
	def __call__(self, x):
		act = self.weights[0]
		for w, xi in zip(self.weights[1:], x):
			act += w * xi
		return act.tanh() if self.nonlin else act
	def parameters(self):
		return self.weights

class Layer(Module):
	def __init__(self, n, m, nonlin=True):
		self.neurons = [Neuron(n, nonlin=nonlin) for _ in range(m)]
	def __call__(self, x):
		out = [n(x) for n in self.neurons]
		return out[0] if len(out) == 1 else out
	def parameters(self):
		return [p for n in self.neurons for p in n.parameters()]

class MLP(Module):
	def __init__(self, n, sizes):
		sizes = [n] + list(sizes)
		self.layers = [Layer(i, o, k + 2 < len(sizes)) for k, (i, o) in enumerate(zip(sizes, sizes[1:]))]
	def __call__(self, x):
		for layer in self.layers: x = layer(x)
		return x
	def parameters(self):
		return [p for layer in self.layers for p in layer.parameters()]


# ---- losses --------------------------------------------------------

def sum_squared_error(predictions, targets):
	return sum((p - t) ** 2 for p, t in zip(predictions, targets))

def mean_squared_error(predictions, targets):
	return sum_squared_error(predictions, targets) * (1 / len(targets))

def softmax(logits):
	top = sorted(x.data for x in logits)[-1]
	counts = [(x - top).exp() for x in logits]
	total = sum(counts)
	return [c / total for c in counts]

def cross_entropy(logits, target):
	top = max(logits, key=lambda x: x.data).data
	return sum((x - top).exp() for x in logits).log() + top - logits[target]


# ---- optimisers ----------------------------------------------------

class Optimiser:
	def __init__(self, parameters, lr=0.01):
		self.parameters, self.lr, self.t = parameters, lr, 0
		self.state = {}  # id of a parameter -> its own dict
	def zero_grad(self):
		for p in self.parameters: p.grad = 0
	def step(self):
		self.t += 1
		for p in self.parameters:
			p.data -= self.lr * self.move(p, self.state.setdefault(id(p), {}))

class SGD(Optimiser):
	def move(self, p, s): return p.grad

class Momentum(Optimiser):
	def __init__(self, parameters, lr=0.01, momentum=0.9):
		super().__init__(parameters, lr)
		self.momentum = momentum
	def move(self, p, s):
		s['v'] = s.get('v', 0) * self.momentum + p.grad
		return s['v']

class AdaGrad(Optimiser):
	def __init__(self, parameters, lr=0.01, eps=1e-8):
		super().__init__(parameters, lr)
		self.eps = eps
	def move(self, p, s):
		s['sum'] = s.get('sum', 0) + p.grad * p.grad
		return p.grad / (math.sqrt(s['sum']) + self.eps)

class RMSProp(Optimiser):
	def __init__(self, parameters, lr=0.01, decay=0.9, eps=1e-8):
		super().__init__(parameters, lr)
		self.decay, self.eps = decay, eps
	def move(self, p, s):
		old = s.get('avg', 0)
		s['avg'] = old + (1 - self.decay) * (p.grad * p.grad - old)
		return p.grad / (math.sqrt(s['avg']) + self.eps)

class AdamW(Optimiser):
	def __init__(self, parameters, lr=0.001, betas=(0.9, 0.95), eps=1e-8, weight_decay=1e-4):
		super().__init__(parameters, lr)
		self.betas, self.eps, self.weight_decay = betas, eps, weight_decay
	def move(self, p, s):
		b1, b2 = self.betas
		s['m'] = b1 * s.get('m', 0) + (1 - b1) * p.grad
		s['v'] = b2 * s.get('v', 0) + (1 - b2) * p.grad ** 2
		m, v = s['m'] / (1 - b1 ** self.t), s['v'] / (1 - b2 ** self.t)
		return m / (v ** 0.5 + self.eps) + self.weight_decay * p.data


# ---- training ------------------------------------------------------

def batches(data, size=None, seed=None):
	order = list(range(len(data)))
	if seed is not None:
		rng = random.Random(seed)
		order.sort(key=lambda _: rng.random())
	size = len(data) if size is None else size
	while order:
		yield tuple(data[i] for i in order[:size])
		order = order[size:]

def train(model, inputs, targets, loss_function, optimiser, steps):
	history = []
	while len(history) < steps:
		loss = loss_function(list(map(model, inputs)), targets)
		history.append(loss.data)
		optimiser.zero_grad()
		loss.backward()
		optimiser.step()
	return history

def gradient_norm(parameters):
	return math.hypot(*(p.grad for p in parameters))

def minimise(loss_of, parameters, lr, max_steps, tolerance):
	losses = []
	while len(losses) < max_steps:
		for p in parameters: p.grad = 0
		loss = loss_of()
		loss.backward()
		losses.append(loss.data)
		if gradient_norm(parameters) < tolerance:
			return losses
		SGD(parameters, lr).step()
	return losses

def mean_cross_entropy(predictions, labels):
	return sum(map(cross_entropy, predictions, labels)) / len(labels)

def train_classifier(model, points, labels, steps):
	return train(model, points, labels, mean_cross_entropy, AdamW(model.parameters(), 0.1), steps)

def predict(model, point):
	scores = model(point)
	return max(range(len(scores)), key=lambda i: scores[i].data)

def accuracy(model, points, labels):
	return sum(1 for x, y in zip(points, labels) if predict(model, x) == y) / len(labels)

def class_grid(model, xs, ys):
	grid = []
	for y in ys:
		grid.append(tuple(predict(model, (x, y)) for x in xs))
	return grid


# ---- drawing -------------------------------------------------------

def trace(root):
	nodes = set(topological_sort(root))
	return nodes, {(c, v) for v in nodes for c in v._children}


# ---- a demo --------------------------------------------------------

net = MLP(3, [4, 4, 1])
data = [[2.0, 3.0, -1.0], [3.0, -1.0, 0.5], [0.5, 1.0, 1.0], [1.0, 1.0, -1.0]]
print(train(net, data, [1.0, -1.0, -1.0, 1.0], sum_squared_error, SGD(net.parameters(), 0.05), 20)[-1])
t = torch.tensor([2.0], requires_grad=True)
plt.plot(np.linspace(0, 1), np.linspace(0, 1))

if __name__ == '__main__':
	plt.show()
