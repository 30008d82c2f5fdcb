"""Mistakes that learners make: each is marked down where it was made, and paid for once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from grader.intake.folder import read_submission
from grader.manifest import kit_manifest
from grader.model import ExerciseResult, Report, Status
from grader.pipeline import grade

Edit = tuple[str, str]


def within(whole: str, *edits: Edit) -> Edit:
    """The edit of a text that stands in its file once, made of edits of texts that stand in it once."""
    new = whole
    for old, better in edits:
        assert new.count(old) == 1, old
        new = new.replace(old, better)
    return whole, new


# What several mistakes are changes to, as it stands in the solutions.

ADD = "self.grad += out.grad\n            other.grad += out.grad"
MUL_SELF = "self.grad += other.data * out.grad"
MUL_OTHER = "other.grad += self.data * out.grad"
POW = "self.grad += n * self.data ** (n - 1) * out.grad"
EXP = "self.grad += out.data * out.grad"
LOG = "self.grad += out.grad / self.data"
TANH = "self.grad += (1 - out.data**2) * out.grad"
RELU = "if self.data > 0:\n                self.grad += out.grad"
ASSIGN = "\n            # end\n\n        out._backward = _backward\n"  # after the slopes of every operation
NEVER_ASSIGNED = "\n            # end\n\n"
CALLED = "\n            # end\n\n        out._backward = _backward()\n"

SORT = """    order = []
    visited = set()
    stack = [(root, False)]
    while stack:
        node, children_are_listed = stack.pop()
        if children_are_listed:
            order.append(node)
        elif node not in visited:
            visited.add(node)
            stack.append((node, True))  # comes up again once its children are listed
            for child in node._prev:
                stack.append((child, False))
    return order
"""
RECURSIVE_SORT = """    order = []
    visited = set()

    def visit(node):
        if node in visited:
            return
        visited.add(node)
        for child in node._prev:
            visit(child)
        order.append(node)

    visit(root)
    return order
"""
FLAT_SORT = """    order = []
    visited = set()
    nodes = [root]
    while nodes:
        node = nodes.pop()
        if node not in visited:
            visited.add(node)
            order.append(node)
            nodes.extend(node._prev)
    return order[::-1]
"""
BACKWARD = """        self.grad = 1.0
        for node in reversed(topological_sort(self)):
            node._backward()
"""
NEURON = """        total = self.b
        for wi, xi in zip(self.w, x):
            total = total + wi * xi
        return total.tanh() if self.nonlin else total
"""
ZERO_GRAD = "        for p in self.parameters():\n            p.grad = 0.0\n"
SUM = """    total = Value(0.0)
    for prediction, target in zip(predictions, targets):
        total = total + (prediction - target) ** 2
    return total
"""
SOFTMAX = """    largest = max(x.data for x in logits)
    exps = [(x - largest).exp() for x in logits]
"""
CROSS_ENTROPY = """    largest = max(x.data for x in logits)
    total = Value(0.0)
    for x in logits:
        total = total + (x - largest).exp()
    return total.log() - (logits[target] - largest)
"""
MOMENTUM = """            self.v[i] = self.momentum * self.v[i] + p.grad
            p.data -= self.lr * self.v[i]
"""
ADAGRAD = """            self.s[i] += p.grad**2
            p.data -= self.lr * p.grad / (self.s[i] ** 0.5 + self.eps)
"""
RMSPROP = """            self.s[i] = self.decay * self.s[i] + (1 - self.decay) * p.grad**2
            p.data -= self.lr * p.grad / (self.s[i] ** 0.5 + self.eps)
"""
BATCHES = "[items[i : i + size] for i in range(0, len(items), size)]"
SHUFFLE = "    if seed is not None:\n        random.Random(seed).shuffle(items)\n"
STEPS = "        optimiser.zero_grad()\n        loss.backward()\n        optimiser.step()\n"
CHECK = "        if gradient_norm(parameters) < tolerance:\n            break\n"
UPDATE = "        for p in parameters:\n            p.data -= lr * p.grad\n"
ADAMW = "AdamW(model.parameters(), lr=0.1, betas=(0.9, 0.95), eps=1e-8, weight_decay=1e-4)"

# Exercise -> what a learner does wrong in it -> one edit of its solution, or several.
TABLE: dict[str, dict[str, Edit | list[Edit]]] = {
    "derivative": {
        "central-divided-by-h": ("(f(x + h) - f(x - h)) / (2 * h)", "(f(x + h) - f(x - h)) / h"),
        "central-is-forward": ("(f(x + h) - f(x - h)) / (2 * h)", "(f(x + h) - f(x)) / h"),
    },
    "gradient": {
        "changes-xs": ("above, below = list(xs), list(xs)", "above, below = xs, list(xs)"),
        "nudges-stay": within(
            "    for i in range(len(xs)):\n        above, below = list(xs), list(xs)\n",
            ("        above, below = list(xs), list(xs)\n", ""),
            ("    for", "    above, below = list(xs), list(xs)\n    for"),
        ),
        "only-one-side-moves": ("        below[i] -= h\n", ""),
    },
    "vector-product": {
        "gradients-without-the-mean": [("(wi - 1) / n for", "wi - 1 for"), ("xi / n for", "xi for")],
        "dz-times-x": ("xi / n for xi in x", "(xi * wi - xi) * xi for xi, wi in zip(x, w)"),
        "minus-x-forgotten": ("(wi - 1) / n", "wi / n"),
    },
    "manual-backprop": {
        "own-factor": [("da = de * b", "da = de * a"), ("db = de * a", "db = de * b")],
        "no-upstream": ("da = de * b", "da = b"),
        "sign": ("de = dd\n", "de = -dd\n"),
        "path-cut-short": ("db = de * a", "db = dL * a"),
    },
    "nudge": {
        "against-the-gradient": ("value + step", "value - step"),
        "changes-values": (
            "return {name: value + step * gradients[name] for name, value in values.items()}",
            "for name in values:\n        values[name] += step * gradients[name]\n    return values",
        ),
    },
    "manual-neuron": {
        "slope-of-the-sum": [("o = math.tanh(x1 * w1 + x2 * w2 + b)", "o = x1 * w1 + x2 * w2 + b")],
        "slope-left-out": ("dn = 1 - o**2", "dn = 1.0"),
        "w-and-x-swapped": [('"x1": dn * w1', '"x1": dn * x1'), ('"w1": dn * x1', '"w1": dn * w1')],
    },
    "add": {
        "assigned": (ADD, ADD.replace("+=", "=")),
        "no-upstream": (ADD, ADD.replace("out.grad", "1.0")),
        "one-side-only": (ADD, "self.grad += out.grad"),
        "sign": (ADD, "self.grad += out.grad\n            other.grad -= out.grad"),
        "own-grad": (ADD, "self.grad += self.grad\n            other.grad += other.grad"),
        "never-assigned": (ADD + ASSIGN, ADD + NEVER_ASSIGNED),
        "in-place": (
            "    def __mul__(self, other):",
            "    def __iadd__(self, other):\n"
            "        self.data += other.data if isinstance(other, Value) else other\n"
            "        return self\n\n"
            "    def __mul__(self, other):",
        ),
    },
    "mul": {
        "assigned": [(MUL_SELF, MUL_SELF.replace("+=", "=")), (MUL_OTHER, MUL_OTHER.replace("+=", "="))],
        "no-upstream": [(MUL_SELF, "self.grad += other.data"), (MUL_OTHER, "other.grad += self.data")],
        "own-data": [
            (MUL_SELF, "self.grad += self.data * out.grad"),
            (MUL_OTHER, "other.grad += other.data * out.grad"),
        ],
        "called": (MUL_OTHER + ASSIGN, MUL_OTHER + CALLED),
    },
    "pow": {
        "assigned": (POW, POW.replace("+=", "=")),
        "no-upstream": (POW, POW.removesuffix(" * out.grad")),
        "exponent-stays": (POW, POW.replace("(n - 1)", "n")),
        "factor-missing": (POW, POW.replace("n * self", "self")),
        "squares-only": (POW, "self.grad += 2 * self.data * out.grad"),
        "divided-by-zero": (POW, "self.grad += n * out.data / self.data * out.grad"),
    },
    "exp": {
        "assigned": (EXP, EXP.replace("+=", "=")),
        "self-data": (EXP, EXP.replace("out.data", "self.data")),
        "no-upstream": (EXP, "self.grad += out.data"),
        "called": (EXP + ASSIGN, EXP + CALLED),
    },
    "log": {
        "assigned": (LOG, LOG.replace("+=", "=")),
        "out-data": (LOG, LOG.replace("self.data", "out.data")),
        "no-upstream": (LOG, "self.grad += 1 / self.data"),
        "takes-self": (
            "def _backward():\n            # exercise: log",
            "def _backward(self):\n            # exercise: log",
        ),
    },
    "tanh": {
        "assigned": (TANH, TANH.replace("+=", "=")),
        "self-data": (TANH, TANH.replace("out.data", "self.data")),
        "no-upstream": (TANH, "self.grad += 1 - out.data**2"),
        "brackets-missing": (TANH, "self.grad += 1 - out.data**2 * out.grad"),
        "overflows": ("math.tanh(self.data)", "(math.exp(2 * self.data) - 1) / (math.exp(2 * self.data) + 1)"),
    },
    "relu": {
        "assigned": (RELU, RELU.replace("+=", "=")),
        "always-open": (RELU, RELU.replace("self.data > 0", "out.data >= 0")),
        "open-at-zero": (RELU, RELU.replace("> 0", ">= 0")),
        "open-above-one": (RELU, RELU.replace("self.data > 0", "out.data > 1")),
        "gate-of-the-gradient": (RELU, RELU.replace("self.data > 0", "out.grad > 0")),
        "clears-when-shut": (RELU, RELU + "\n            else:\n                self.grad = 0.0"),
        "never-assigned": (RELU + ASSIGN, RELU + NEVER_ASSIGNED),
    },
    "neg-sub": {
        "sub-adds": ("return self + (-other)", "return self + other"),
        "sides-swapped": ("return self + (-other)", "return -self + other"),
        "neg-cuts-the-graph": ("return self * -1", "return Value(-self.data)"),
        "neg-in-place": ("return self * -1", "self.data = -self.data\n        return self"),
    },
    "div": {
        "sides-swapped": ("return self * other**-1", "return other * self**-1"),
        "other-is-cut-off": ("return self * other**-1", "return self * getattr(other, 'data', other) ** -1"),
    },
    "reflected": {
        "radd-calls-itself": (
            "return self + other\n        # end\n\n    def __rsub__",
            "return other + self\n\n    def __rsub__",
        ),
        "radd-missing": ("def __radd__(", "def radd("),
        "rsub-sides-swapped": ("return -self + other", "return self - other"),
        "rtruediv-sides-swapped": ("return self**-1 * other", "return self / other"),
    },
    "topological-sort": {
        "parent-before-its-children": (
            SORT,
            RECURSIVE_SORT.replace("        order.append(node)\n", "").replace(
                "        visited.add(node)\n", "        visited.add(node)\n        order.append(node)\n"
            ),
        ),
        "no-visited": (SORT, RECURSIVE_SORT.replace("        if node in visited:\n            return\n", "")),
        "breadth-first": (SORT, FLAT_SORT.replace("nodes.pop()", "nodes.pop(0)")),
        "depth-first-turned-round": (SORT, FLAT_SORT),
        "visited-is-a-list": (
            SORT,
            RECURSIVE_SORT.replace("visited = set()", "visited = []").replace("visited.add", "visited.append"),
        ),
        "order-turned-round": within(SORT, ("return order", "return order[::-1]")),
        "root-left-out": within(SORT, ("return order", "return order[:-1]")),
        "same-data-same-node": within(SORT, ("node not in", "node.data not in"), ("add(node)", "add(node.data)")),
        "kept-between-calls": [
            ("topological_sort(root):", "topological_sort(root, order=[], visited=set()):"),
            within(SORT, ("    order = []\n    visited = set()\n", "")),
        ],
    },
    "backward": {
        "not-reversed": ("reversed(topological_sort(self))", "topological_sort(self)"),
        "no-seed": ("        self.grad = 1.0\n", ""),
        "every-path": (
            BACKWARD,
            "        def walk(node):\n"
            "            node._backward()\n"
            "            for child in node._prev:\n"
            "                walk(child)\n\n"
            "        self.grad = 1.0\n"
            "        walk(self)\n",
        ),
        "clears-everything": (
            BACKWARD,
            "        for node in topological_sort(self):\n            node.grad = 0.0\n" + BACKWARD,
        ),
        "seed-adds-up": ("self.grad = 1.0", "self.grad += 1.0"),
        "root-skipped": ("reversed(topological_sort(self))", "reversed(topological_sort(self)[:-1])"),
    },
    "deep-graph": {
        "recursive": (SORT, RECURSIVE_SORT),
    },
    "neuron": {
        "bias-left-out": ("total = self.b\n", "total = Value(0.0)\n"),
        "bias-in-each-product": ("total + wi * xi", "total + (wi * xi + self.b)"),
        "bias-changed": (NEURON, NEURON.replace("        total = self.b\n", "").replace("total", "self.b")),
        "tanh-of-each-product": within(
            NEURON,
            ("wi * xi", "((wi * xi).tanh() if self.nonlin else wi * xi)"),
            ("total.tanh() if self.nonlin else total", "total"),
        ),
        "no-tanh": ("total.tanh() if self.nonlin else total", "total"),
        "relu": ("total.tanh()", "total.relu()"),
        "nonlin-ignored": ("total.tanh() if self.nonlin else total", "total.tanh()"),
    },
    "layer": {
        "one-neuron-repeated": ("[Neuron(nin, nonlin) for _ in range(nout)]", "[Neuron(nin, nonlin)] * nout"),
        "always-a-list": ("out[0] if len(out) == 1 else out", "out"),
        "nonlin-not-passed-on": ("Neuron(nin, nonlin)", "Neuron(nin)"),
    },
    "mlp": {
        "not-chained": ("            x = layer(x)\n        return x\n", "            y = layer(x)\n        return y\n"),
        "last-with-tanh": ("nonlin=i != last", "nonlin=True"),
        "all-linear": ("nonlin=i != last", "nonlin=False"),
        "all-sizes-from-nin": ("Layer(sizes[i], sizes[i + 1]", "Layer(nin, sizes[i + 1]"),
    },
    "parameters": {
        "bias-missing": ("return self.w + [self.b]", "return self.w"),
        "last-layer-only": ("[p for layer in self.layers for p in layer.parameters()]", "self.layers[-1].parameters()"),
        "duplicates": ("for p in layer.parameters()]", "for p in layer.parameters()] * 2"),
        "zero-grad-of-layers-only": (
            ZERO_GRAD,
            "        for p in self.parameters() if hasattr(self, 'layers') else []:\n            p.grad = 0.0\n",
        ),
        "zero-grad-clears-data": (ZERO_GRAD, ZERO_GRAD + "            p.data = 0.0\n"),
    },
    "mse": {
        "sum-and-mean-swapped": [
            within(SUM, ("return total", "return total / len(predictions)")),
            ("targets) / len(predictions)", "targets) * len(predictions)"),
        ],
        "absolute": ("(prediction - target) ** 2", "((prediction - target) ** 2) ** 0.5"),
        "graph-cut": ("(prediction - target) ** 2", "(prediction.data - target) ** 2"),
    },
    "softmax": {
        "no-shift": within(SOFTMAX, ("(x - largest).exp()", "x.exp()")),
        "shifted-by-the-first": within(SOFTMAX, ("max(x.data for x in logits)", "logits[0].data")),
        "total-cut-off": ("[e / total for e in exps]", "[e / total.data for e in exps]"),
    },
    "cross-entropy": {
        "sign": ("total.log() - (logits[target] - largest)", "logits[target] - largest - total.log()"),
        "no-log": (
            "return total.log() - (logits[target] - largest)",
            "return -((logits[target] - largest).exp() / total)",
        ),
        "no-shift": (CROSS_ENTROPY, CROSS_ENTROPY.replace("largest = max(x.data for x in logits)", "largest = 0.0")),
        "shifted-by-the-first": within(CROSS_ENTROPY, ("max(x.data for x in logits)", "logits[0].data")),
        "log-of-softmax": (CROSS_ENTROPY, "    return -softmax(logits)[target].log()\n"),
        "first-class-as-target": ("logits[target]", "logits[0]"),
        "target-cut-off": ("(logits[target] - largest)", "(logits[target].data - largest)"),
    },
    "sgd": {
        "rebinds-p": ("p.data -= self.lr * p.grad\n", "p = p - self.lr * p.grad\n"),
        "ascends": ("p.data -= self.lr * p.grad\n", "p.data += self.lr * p.grad\n"),
        "lr-ignored": ("p.data -= self.lr * p.grad\n", "p.data -= 0.1 * p.grad\n"),
    },
    "momentum": {
        "momentum-ignored": within(MOMENTUM, ("self.momentum", "0.9")),
        "shared": (MOMENTUM, MOMENTUM.replace("[i]", "[0]")),
    },
    "adagrad": {
        "not-squared": within(ADAGRAD, ("p.grad**2", "abs(p.grad)")),
        "eps-in-the-root": within(ADAGRAD, ("(self.s[i] ** 0.5 + self.eps)", "(self.s[i] + self.eps) ** 0.5")),
    },
    "rmsprop": {
        "weights-swapped": within(
            RMSPROP, ("self.decay * self.s[i] + (1 - self.decay)", "(1 - self.decay) * self.s[i] + self.decay")
        ),
        "decay-ignored": (RMSPROP, RMSPROP.replace("self.decay", "0.9")),
        "eps-ignored": within(RMSPROP, ("self.eps", "1e-8")),
    },
    "adamw": {
        "no-bias-correction": [(" / (1 - self.beta1**self.t)", ""), (" / (1 - self.beta2**self.t)", "")],
        "t-stuck": ("self.t += 1", "self.t = 1"),
        "t-of-each-parameter": [
            ("        self.t += 1\n", ""),
            ("            m_hat =", "            self.t += 1\n            m_hat ="),
        ],
        "eps-in-the-root": ("(v_hat**0.5 + self.eps)", "(v_hat + self.eps) ** 0.5"),
        "decay-coupled": [
            (" + self.weight_decay * p.data)\n", ")\n"),
            ("(1 - self.beta1) * p.grad", "(1 - self.beta1) * (p.grad + self.weight_decay * p.data)"),
            ("(1 - self.beta2) * p.grad**2", "(1 - self.beta2) * (p.grad + self.weight_decay * p.data) ** 2"),
        ],
        "decay-not-scaled": ("self.eps) + self.weight_decay * p.data)", "self.eps)) + self.weight_decay * p.data"),
        "decay-ignored": (" + self.weight_decay * p.data)\n", ")\n"),
        "betas-swapped": ("self.beta1, self.beta2 = betas", "self.beta2, self.beta1 = betas"),
        "beta2-ignored": ("self.beta1, self.beta2 = betas", "self.beta1, self.beta2 = betas[0], 0.95"),
        "v-not-squared": ("(1 - self.beta2) * p.grad**2", "(1 - self.beta2) * abs(p.grad)"),
    },
    "batches": {
        "last-one-dropped": ("range(0, len(items), size)", "range(0, len(items) - size + 1, size)"),
        "overlap-by-one": ("i : i + size]", "i : i + size + 1]"),
        "not-shuffled": (SHUFFLE, ""),
        "changes-data": ("items = list(data)", "items = data"),
        "seed-ignored": ("random.Random(seed)", "random.Random(0)"),
        "seed-0-is-none": ("if seed is not None", "if seed"),
        "shuffled-inside-batches": [
            (SHUFFLE, ""),
            (
                f"return {BATCHES}",
                f"return [(random.Random(seed).sample(b, len(b)) if seed is not None else b) for b in {BATCHES}]",
            ),
        ],
    },
    "training-loop": {
        "loss-without-a-graph": ("[model(x) for x in inputs]", "[Value(model(x).data) for x in inputs]"),
        "never-cleared": ("        optimiser.zero_grad()\n", ""),
        "cleared-before-the-update": within(
            STEPS,
            ("        optimiser.zero_grad()\n", ""),
            ("backward()\n", "backward()\n        optimiser.zero_grad()\n"),
        ),
        "update-before-backward": within(
            STEPS, ("        optimiser.step()\n", ""), ("        loss", "        optimiser.step()\n        loss")
        ),
        "losses-after-the-update": (
            "        losses.append(loss.data)\n    return losses\n    # end\n\n\ndef gradient_norm",
            "        losses.append(loss_function([model(x) for x in inputs], targets).data)\n"
            "    return losses\n    # end\n\n\ndef gradient_norm",
        ),
        "one-step-too-few": ("range(steps)", "range(steps - 1)"),
        "losses-are-values": (
            "optimiser.step()\n        losses.append(loss.data)",
            "optimiser.step()\n        losses.append(loss)",
        ),
        "sides-swapped": ("loss_function(predictions, targets)\n", "loss_function(targets, predictions)\n"),
    },
    "stopping": {
        "at-most-the-tolerance": ("< tolerance", "<= tolerance"),
        "norm-not-squared": ("sum(p.grad**2 for p in parameters) ** 0.5", "sum(abs(p.grad) for p in parameters)"),
        "update-before-the-check": (CHECK + UPDATE, UPDATE + CHECK),
        "never-stops-early": (CHECK, ""),
        "never-cleared": ("        for p in parameters:\n            p.grad = 0.0\n", ""),
        "first-parameter-only": within(UPDATE, ("in parameters", "in parameters[:1]")),
    },
    "classifier": {
        "sum-in-place-of-the-mean": ("return total / len(labels)", "return total"),
        "lr": (ADAMW, ADAMW.replace("lr=0.1", "lr=0.01")),
        "betas": (ADAMW, ADAMW.replace("0.95", "0.999")),
        "no-decay": (ADAMW, ADAMW.replace("1e-4", "0.0")),
        "sgd": [("from optim import AdamW", "from optim import SGD"), (ADAMW, "SGD(model.parameters(), lr=0.1)")],
    },
    "decision-boundary": {
        "smallest": ("max(outputs)", "min(outputs)"),
        "percent": ("return right / len(points)", "return 100 * right / len(points)"),
        "rows-and-columns-swapped": ("for x in xs] for y in ys]", "for y in ys] for x in xs]"),
    },
    "trace": {
        "edges-reversed": ("(child, node)", "(node, child)"),
        "root-missing": ("return nodes, edges", "return nodes - {root}, edges"),
        "no-visited": ("if node not in nodes:", "if True:"),
        "duplicates": [
            ("nodes, edges = set(), set()", "nodes, edges = [], []"),
            ("nodes.add(node)", "nodes.append(node)"),
            ("edges.add((child, node))", "edges.append((child, node))"),
        ],
        "edges-of-new-nodes-only": (
            "                edges.add(",
            "                if child not in nodes:\n                    edges.add(",
        ),
    },
}

# Mistakes that come near the right answer.
SUBTLE = [
    "tanh-assigned",
    "relu-open-above-one",
    "topological-sort-depth-first-turned-round",
    "backward-clears-everything",
    "adamw-eps-in-the-root",
    "training-loop-cleared-before-the-update",
]


@dataclass(frozen=True)
class Mistake:
    """One mistake: a small change to the solution of one exercise, in its file."""

    id: str
    exercise: str
    file: str
    edits: tuple[Edit, ...]


def _mistakes() -> dict[str, Mistake]:
    by_id: dict[str, Mistake] = {}
    for exercise, rows in TABLE.items():
        for name, edits in rows.items():
            mistake = Mistake(
                id=f"{exercise}-{name}",
                exercise=exercise,
                file=kit_manifest().by_id[exercise].file,
                edits=tuple(edits if isinstance(edits, list) else [edits]),
            )
            by_id[mistake.id] = mistake
    return by_id


MISTAKES = _mistakes()


def make(folder: Path, mistake: Mistake) -> None:
    """Make one mistake in a folder with the solutions."""
    path = folder / mistake.file
    text = path.read_text(encoding="utf-8")
    for old, new in mistake.edits:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {mistake.file}"
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def graded(folder: Path, *mistakes: str, seed: int = 1) -> Report:
    """The report on the solutions in a folder, with these mistakes made in them."""
    for mistake in mistakes:
        make(folder, MISTAKES[mistake])
    return grade(read_submission(folder, kit_manifest()), seed)


def lost(report: Report) -> dict[str, ExerciseResult]:
    """The results of the exercises that did not get all their points."""
    return {r.exercise.id: r for r in report.results if r.status is not Status.PASSED or r.points < r.exercise.points}


def resting_on(exercise: str) -> set[str]:
    """The exercises of the same file that rest on this one, directly or not."""
    manifest = kit_manifest()
    found = {exercise}
    for other in manifest.exercises:  # what is needed stands earlier
        if other.file == manifest.by_id[exercise].file and found & set(other.needs):
            found.add(other.id)
    return found - {exercise}


def check_fair(report: Report, *mistakes: str) -> None:
    """Each mistake costs its own exercise points, and beside it only exercises of the same file that rest on it."""
    down = lost(report)
    own = {MISTAKES[mistake].exercise for mistake in mistakes}
    for exercise in own:
        assert exercise in down, f"{exercise} passed"
        assert down[exercise].points < down[exercise].exercise.points
        assert down[exercise].status in (Status.PARTIAL, Status.FAILED), down[exercise].status
    allowed = own.union(*(resting_on(exercise) for exercise in own))
    assert set(down) <= allowed
    for exercise in set(down) - own:
        assert down[exercise].status in (Status.BLOCKED, Status.PARTIAL, Status.FAILED), (
            exercise,
            down[exercise].status,
        )
    assert not report.grader_faults


def test_every_exercise_has_mistakes() -> None:
    """No exercise of the kit is left without a mistake to find."""
    assert list(TABLE) == list(kit_manifest().by_id)


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_paid_for_once(solved: Path, mistake: str) -> None:
    """A mistake costs points in its own exercise, and in none that does not rest on it."""
    check_fair(graded(solved, mistake), mistake)


@pytest.mark.parametrize(
    "mistakes",
    [
        ("mul-assigned", "neuron-bias-left-out"),
        ("topological-sort-breadth-first", "adamw-t-stuck"),
        ("cross-entropy-sign", "training-loop-never-cleared"),
    ],
    ids=" and ".join,
)
def test_two_mistakes_are_both_found(solved: Path, mistakes: tuple[str, str]) -> None:
    """Of two mistakes in two files each costs points in its own exercise."""
    check_fair(graded(solved, *mistakes), *mistakes)


@pytest.mark.parametrize("mistake", SUBTLE)
def test_other_numbers_find_it_too(solved: Path, mistake: str) -> None:
    """A mistake that comes near the right answer is found with another seed as well."""
    check_fair(graded(solved, mistake, seed=7), mistake)
