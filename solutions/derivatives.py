"""Chapter 1: derivatives.

Learning from data comes in kinds. In supervised learning every example carries the answer we want
(a photo and its label); in unsupervised learning there are no answers, only structure to find; in
reinforcement learning a reward arrives now and then. This kit is about the first kind.

A model turns an input into a prediction. A *loss function* turns prediction and answer into one
number that says how wrong the model is: 0 would be perfect. Training means changing the numbers
inside the model so that the loss goes down, and the derivative says which way each number should go.

The derivative of f at x is the slope there: nudge x by a small h and see how far f moves.

    forward difference     (f(x + h) - f(x)) / h              error shrinks like h
    central difference     (f(x + h) - f(x - h)) / (2 h)      error shrinks like h squared

A worked number: f(x) = 3x^2 - 4x + 5 has f(3) = 20 and slope 6x - 4 = 14 at x = 3. At x = -3 the
slope is -22: there f falls. At x = 2/3 it is 0: that is the lowest point. With h = 0.001 the forward
difference at 3 gives 14.003 and the central difference 14.000. A smaller h is not always better: the
subtraction cancels away digits, and for the central difference 1e-5 to 1e-6 is best.

With several inputs, the *gradient* lists one slope for each input, the others held still: z = x*y + b
at x = 2, y = 3, b = 1 is 7, and its gradient is [3, 2, 1]. It points uphill. Gradient descent takes
small steps the other way.
"""


def forward_difference(f, x, h):
    """The slope of f at x from the points x and x + h."""
    # exercise: derivative
    return (f(x + h) - f(x)) / h
    # end


def central_difference(f, x, h):
    """The slope of f at x from the points x - h and x + h."""
    # exercise: derivative
    return (f(x + h) - f(x - h)) / (2 * h)
    # end


def gradient(f, xs, h=1e-6):
    """All partial derivatives of f at the point xs, as a list.

    f takes one list of numbers and gives one number. Leave xs itself as it was.
    """
    # exercise: gradient
    slopes = []
    for i in range(len(xs)):
        above, below = list(xs), list(xs)
        above[i] += h
        below[i] -= h
        slopes.append((f(above) - f(below)) / (2 * h))
    return slopes
    # end


def vector_product(x, w):
    """z = x * w element by element, loss = mean(z - x). Give (loss, dL/dx, dL/dw).

    x and w are lists of n numbers; the loss is a number and both gradients are lists of n numbers.
    Work the two formulas out on paper first. At x = [1, 2, 3], w = [.1, .2, .3] the loss is -4.6/3.
    """
    # exercise: vector-product
    n = len(x)
    loss = sum(xi * wi - xi for xi, wi in zip(x, w)) / n
    dx = [(wi - 1) / n for wi in w]
    dw = [xi / n for xi in x]
    return loss, dx, dw
    # end
