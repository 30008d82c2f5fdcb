#!/usr/bin/env python
# coding: utf-8

# In[1]:


import math
import numpy as np
import matplotlib.pyplot as plt

get_ipython().run_line_magic("matplotlib", "inline")


# In[2]:


def f(x):
  return 3 * x**2 - 4 * x + 5


f(3.0)


# In[3]:


xs = np.arange(-5, 5, 0.25)
ys = f(xs)
plt.plot(xs, ys)


# In[4]:


class Value:
  def __init__(self, data, _children=(), _op="", label=""):
    self.data = data
    self._prev = set(_children)
    self._op = _op
    self.label = label
    self.grad = 0.0

  def __repr__(self):
    return f"Value(data={self.data})"

  def __add__(self, other):
    return Value(self.data + other.data, (self, other), "+")

  def __mul__(self, other):
    return Value(self.data * other.data, (self, other), "*")


a = Value(2.0, label="a")
b = Value(-3.0, label="b")
c = Value(10.0, label="c")
d = a * b + c
d.label = "d"
d


# In[5]:


from graphviz import Digraph


def trace(root):
  nodes, edges = set(), set()

  def build(v):
    if v not in nodes:
      nodes.add(v)
      for child in v._prev:
        edges.add((child, v))
        build(child)

  build(root)
  return nodes, edges


def draw_dot(root):
  dot = Digraph(format="svg", graph_attr={"rankdir": "LR"})
  nodes, edges = trace(root)
  for n in nodes:
    dot.node(name=str(id(n)), label=f"{n.label} | {n.data:.4f}", shape="record")
  for n1, n2 in edges:
    dot.edge(str(id(n1)), str(id(n2)))
  return dot


draw_dot(d)


# In[6]:


# the real one
class Value:
  def __init__(self, data, _children=(), _op="", label=""):
    self.data = data
    self.grad = 0.0
    self._backward = lambda: None
    self._prev = set(_children)
    self._op = _op
    self.label = label

  def __repr__(self):
    return f"Value(data={self.data})"

  def __add__(self, other):
    other = other if isinstance(other, Value) else Value(other)
    out = Value(self.data + other.data, (self, other), "+")

    def _backward():
      self.grad += 1.0 * out.grad
      other.grad += 1.0 * out.grad

    out._backward = _backward

    return out

  def __mul__(self, other):
    other = other if isinstance(other, Value) else Value(other)
    out = Value(self.data * other.data, (self, other), "*")

    def _backward():
      self.grad += other.data * out.grad
      other.grad += self.data * out.grad

    out._backward = _backward

    return out

  def __rmul__(self, other):
    return self * other

  def __radd__(self, other):
    return self + other

  def tanh(self):
    x = self.data
    t = math.tanh(x)
    out = Value(t, (self,), "tanh")

    def _backward():
      self.grad += (1 - t**2) * out.grad

    out._backward = _backward

    return out

  def backward(self):

    topo = []
    visited = set()

    def build_topo(v):
      if v not in visited:
        visited.add(v)
        for child in v._prev:
          build_topo(child)
        topo.append(v)

    build_topo(self)

    self.grad = 1.0
    for node in reversed(topo):
      node._backward()


# In[7]:


import torch

x1 = torch.Tensor([2.0]).double()
x1.requires_grad = True
x2 = torch.Tensor([0.0]).double()
x2.requires_grad = True
o = torch.tanh(x1 + x2)
print(o.data.item())


# In[8]:


import random


class Neuron:
  def __init__(self, nin, nonlin=True):
    self.w = [Value(random.uniform(-1, 1)) for _ in range(nin)]
    self.b = Value(random.uniform(-1, 1))
    self.nonlin = nonlin

  def __call__(self, x):
    act = sum((wi * xi for wi, xi in zip(self.w, x)), self.b)
    return act.tanh() if self.nonlin else act

  def parameters(self):
    return self.w + [self.b]


class Layer:
  def __init__(self, nin, nout, nonlin=True):
    self.neurons = [Neuron(nin, nonlin) for _ in range(nout)]

  def __call__(self, x):
    outs = [n(x) for n in self.neurons]
    return outs[0] if len(outs) == 1 else outs

  def parameters(self):
    return [p for neuron in self.neurons for p in neuron.parameters()]


class MLP:
  def __init__(self, nin, nouts):
    sz = [nin] + nouts
    self.layers = [Layer(sz[i], sz[i + 1], i < len(nouts) - 1) for i in range(len(nouts))]

  def __call__(self, x):
    for layer in self.layers:
      x = layer(x)
    return x

  def parameters(self):
    return [p for layer in self.layers for p in layer.parameters()]


# In[9]:


x = [2.0, 3.0, -1.0]
n = MLP(3, [4, 4, 1])
n(x)


# In[10]:


draw_dot(n(x))


# In[11]:


for k in range(3):
  for p in n.parameters():
    p.grad = 0.0
  loss = n(x) + (-1.0)
  loss = loss * loss
  loss.backward()
  for p in n.parameters():
    p.data += -0.1 * p.grad
  print(k, loss.data)
