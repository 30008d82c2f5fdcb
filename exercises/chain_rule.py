"""Chapter 2: the chain rule, by hand.

Any calculation is a *computational graph*: each node is a number, made from earlier nodes by one
simple operation. L = (a*b + c) * f is four inputs and three operations:

    e = a * b        d = e + c        L = d * f

Each operation knows only its own slopes: for d = e + c both are 1, for L = d * f they are f and d.
The *chain rule* joins them. For one path the slopes multiply:

    dL/de = dL/dd * dd/de

and where y depends on x through several nodes u, the paths add up:

    dy/dx = sum over u of dy/du * du/dx

So start at the end with dL/dL = 1 and walk backward, handing each node its gradient from the nodes
that use it. That is *back-propagation*: the chain rule, with each node's gradient computed once and
reused by everything below it (dynamic programming), in place of once for every path.

A worked number: a = 2, b = -3, c = 10, f = -2 gives e = -6, d = 4, L = -8. Then dL/df = d = 4,
dL/dd = f = -2, dL/dc = dL/de = -2, dL/da = dL/de * b = 6 and dL/db = dL/de * a = -4.

*Gradient descent* moves every input a small step against its gradient, which makes L smaller; a
step along the gradient makes L larger. Moving a, b, c and f above by +0.01 * gradient takes L from
-8 to -7.286496.

A neuron is one more graph: o = tanh(x1*w1 + x2*w2 + b). The slope of tanh(n) is 1 - tanh(n)^2.
"""

import math


def manual_backprop(a, b, c, f):
    """The gradient of L = (a*b + c) * f for every node.

    Gives a dict with the keys "a", "b", "c", "d", "e", "f" and "L", where e = a*b, d = e + c.
    """
    # exercise: manual-backprop
    raise NotImplementedError("manual-backprop")
    # end


def nudge(values, gradients, step):
    """Move every value by step times its gradient; give the new values as a dict.

    values and gradients are dicts; gradients may hold more names than values. A positive step
    goes along the gradient (uphill), a negative one against it. Leave both dicts as they were.
    """
    # exercise: nudge
    raise NotImplementedError("nudge")
    # end


def manual_neuron(x1, x2, w1, w2, b):
    """The gradient of o = tanh(x1*w1 + x2*w2 + b) for every input.

    Gives a dict with the keys "x1", "x2", "w1", "w2" and "b".
    """
    # exercise: manual-neuron
    raise NotImplementedError("manual-neuron")
    # end
