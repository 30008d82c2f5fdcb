from functools import reduce
from operator import add

from .engine import Value


def sum_squared_error(predictions, targets):
    diffs = [p - Value(t) for p, t in zip(predictions, targets)]
    return reduce(add, (d * d for d in diffs))


def mean_squared_error(predictions, targets):
    return sum([(t - p) ** 2 for p, t in zip(predictions, targets)]) / len(predictions)


def _log_sum_exp(logits):
    m = max([x.data for x in logits])
    return sum([(x - m).exp() for x in logits]).log() + m


def softmax(logits):
    lse = _log_sum_exp(logits)
    return tuple((x - lse).exp() for x in logits)


def cross_entropy(logits, target):
    return _log_sum_exp(logits) - logits[target]
