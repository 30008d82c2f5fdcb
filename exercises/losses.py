"""Chapter 5: losses.

A loss says in one number how wrong the predictions are. It must be a Value, made from the
predictions with Value operations, or there is no graph for backward() to walk.

For numbers, take the *squared error*: sum (or mean) of (prediction - target)^2. Predictions 1 and 3
for the targets 2 and 5 give 1 + 4 = 5, and 2.5 on average.

For classes, a network gives one number per class, the *logits*. *Softmax* makes probabilities of them:

    p[i] = exp(x[i]) / (exp(x[0]) + exp(x[1]) + ...)

exp(1000) overflows, and subtracting the same number from every logit changes no probability: so
subtract the largest first. *Cross-entropy* is -log p[target], which is 0 when the network is certain
and right. Written out, with m the largest logit, nothing in it can overflow or take the log of 0:

    -log p[t] = log(sum of exp(x[i] - m)) - (x[t] - m)

A worked number: logits [0, 3, -2, 1] and target 3 give the loss 2.1755. The gradient of the loss
with respect to the logits is p, less 1 at the target: [0.0418, 0.8390, 0.0057, -0.8865].
"""

from engine import Value


def sum_squared_error(predictions, targets):
    """The sum of (prediction - target)^2, as a Value. predictions are Values, targets numbers."""
    # exercise: mse
    raise NotImplementedError("mse")
    # end


def mean_squared_error(predictions, targets):
    """The mean of (prediction - target)^2, as a Value."""
    # exercise: mse
    raise NotImplementedError("mse")
    # end


def softmax(logits):
    """The probabilities of a list of logits (Values), as a list of Values that add up to 1.

    Subtract the largest logit from all of them first.
    """
    # exercise: softmax
    raise NotImplementedError("softmax")
    # end


def cross_entropy(logits, target):
    """-log p[target], as a Value: logits are Values, target is the number of the right class.

    The loss stays finite at logits of 1000 and -1000.
    """
    # exercise: cross-entropy
    raise NotImplementedError("cross-entropy")
    # end
