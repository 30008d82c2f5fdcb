"""Who is listed as alike, and who is not."""

from __future__ import annotations

import itertools
import math
import random
import re
from collections.abc import Callable

import pytest
from conftest import ROOT

from grader.classes import similarity
from grader.classes.similarity import Pair, alike

SOLUTIONS = {path.name: path.read_text(encoding="utf-8") for path in sorted((ROOT / "solutions").glob("*.py"))}
COMMON = [*SOLUTIONS.values(), *(path.read_text(encoding="utf-8") for path in (ROOT / "exercises").glob("*.py"))]
STYLES = {
    folder.name: {str(path.relative_to(folder)): path.read_text(encoding="utf-8") for path in folder.rglob("*.py")}
    for folder in sorted((ROOT / "tests" / "styles").iterdir())
}

# ruff: noqa: E501  # a table of code, one gap in a line
# Right answers to the gaps, as different people write them: (file, what the solution has, other ways...).
WAYS = [
    ("engine.py", "self.grad += out.grad\n            other.grad += out.grad", "self.grad += 1.0 * out.grad\n            other.grad += 1.0 * out.grad", "for node in (self, other):\n                node.grad += out.grad", "self.grad, other.grad = self.grad + out.grad, other.grad\n            other.grad = other.grad + out.grad"),
    ("engine.py", "self.grad += other.data * out.grad\n            other.grad += self.data * out.grad", "self.grad += out.grad * other.data\n            other.grad += out.grad * self.data", "g = out.grad\n            self.grad += g * other.data\n            other.grad += g * self.data"),
    ("engine.py", "self.grad += n * self.data ** (n - 1) * out.grad", "self.grad += (n * self.data ** (n - 1)) * out.grad", "self.grad += out.grad * n * self.data ** (n - 1)", "self.grad += n * pow(self.data, n - 1) * out.grad"),
    ("engine.py", "self.grad += out.data * out.grad", "self.grad += out.grad * math.exp(self.data)", "self.grad += math.exp(self.data) * out.grad"),
    ("engine.py", "self.grad += out.grad / self.data", "self.grad += (1 / self.data) * out.grad", "self.grad += out.grad * self.data ** -1"),
    ("engine.py", "self.grad += (1 - out.data**2) * out.grad", "self.grad += (1 - out.data * out.data) * out.grad", "t = out.data\n            self.grad += (1 - t**2) * out.grad", "self.grad += out.grad * (1 - math.tanh(self.data) ** 2)"),
    ("engine.py", "if self.data > 0:\n                self.grad += out.grad", "self.grad += (self.data > 0) * out.grad", "self.grad += out.grad if self.data > 0 else 0", "self.grad += (out.data > 0) * out.grad"),
    ("engine.py", "return -self + other", "return other + (-self)", "return Value(other) - self", "return (self - other) * -1"),
    ("engine.py", "return self**-1 * other", "return other * self**-1", "return Value(other) / self"),
    ("engine.py", "self.grad = 1.0\n        for node in reversed(topological_sort(self)):\n            node._backward()", "topo = topological_sort(self)\n        self.grad = 1\n        for v in topo[::-1]:\n            v._backward()", "order = topological_sort(self)\n        order.reverse()\n        self.grad = 1.0\n        for v in order:\n            v._backward()"),
    ("engine.py", SOLUTIONS["engine.py"].split("exercise: topological-sort\n")[1].split("    # end")[0], "    topo = []\n    visited = set()\n\n    def build(v):\n        if v not in visited:\n            visited.add(v)\n            for child in v._prev:\n                build(child)\n            topo.append(v)\n\n    build(root)\n    return topo\n", "    order, seen = [], set()\n\n    def visit(node):\n        if node in seen:\n            return\n        seen.add(node)\n        for child in node._prev:\n            visit(child)\n        order.append(node)\n\n    visit(root)\n    return order\n"),
    ("nn.py", "total = self.b\n        for wi, xi in zip(self.w, x):\n            total = total + wi * xi\n        return total.tanh() if self.nonlin else total", "act = sum((wi * xi for wi, xi in zip(self.w, x)), self.b)\n        return act.tanh() if self.nonlin else act", "total = self.b\n        for i in range(len(x)):\n            total += self.w[i] * x[i]\n        if self.nonlin:\n            return total.tanh()\n        return total"),
    ("nn.py", "return [p for neuron in self.neurons for p in neuron.parameters()]", "params = []\n        for n in self.neurons:\n            params.extend(n.parameters())\n        return params", "result = []\n        for n in self.neurons:\n            result += n.parameters()\n        return result"),
    ("losses.py", "total = Value(0.0)\n    for prediction, target in zip(predictions, targets):\n        total = total + (prediction - target) ** 2\n    return total", "return sum((p - t) ** 2 for p, t in zip(predictions, targets))", "result = 0\n    for i in range(len(predictions)):\n        result += (predictions[i] - targets[i]) ** 2\n    return result"),
    ("losses.py", "total = Value(0.0)\n    for e in exps:\n        total = total + e\n    return [e / total for e in exps]", "return [e / sum(exps) for e in exps]", "s = sum(exps)\n    return [e / s for e in exps]"),
    ("optim.py", "p.data -= self.lr * p.grad\n", "p.data = p.data - self.lr * p.grad\n", "p.data += -self.lr * p.grad\n"),
    ("optim.py", "self.v[i] = self.momentum * self.v[i] + p.grad\n            p.data -= self.lr * self.v[i]", "v = self.momentum * self.v[i] + p.grad\n            self.v[i] = v\n            p.data -= self.lr * v", "self.v[i] *= self.momentum\n            self.v[i] += p.grad\n            p.data -= self.lr * self.v[i]"),
    ("train.py", "return sum(p.grad**2 for p in parameters) ** 0.5", "return math.sqrt(sum(p.grad**2 for p in parameters))", "total = 0\n    for p in parameters:\n        total += p.grad * p.grad\n    return total**0.5"),
    ("train.py", "outputs = [out.data for out in model(point)]\n    return outputs.index(max(outputs))", "out = model(point)\n    return max(range(len(out)), key=lambda i: out[i].data)", "best, best_i = None, 0\n    for i, o in enumerate(model(point)):\n        if best is None or o.data > best:\n            best, best_i = o.data, i\n    return best_i"),
    ("train.py", "return [[predict(model, [x, y]) for x in xs] for y in ys]", "rows = []\n    for y in ys:\n        rows.append([predict(model, [x, y]) for x in xs])\n    return rows", "grid = []\n    for y in ys:\n        row = []\n        for x in xs:\n            row.append(predict(model, [x, y]))\n        grid.append(row)\n    return grid"),
]  # fmt: skip


def _independent(number: int) -> dict[str, str]:
    """The kit as one right student filled it in, each gap in one of the ways there are, the first the likeliest."""
    chance = random.Random(number)
    texts = dict(SOLUTIONS)
    for file, first, *others in WAYS:
        assert texts[file].count(first) >= 1
        chosen = chance.choices([first, *others], weights=[5, 4, 2, 2][: 1 + len(others)])[0]
        texts[file] = texts[file].replace(first, chosen, 1)
    return texts


def _class(size: int) -> dict[str, dict[str, str]]:
    return {f"student{number:03}": _independent(number) for number in range(size)}


def _renamed(texts: dict[str, str]) -> dict[str, str]:
    """Other names, comments, spaces and docstrings."""
    names = {"out": "result", "other": "right", "total": "acc", "node": "knot", "child": "kid", "visited": "done"}
    changed = {}
    for file, text in texts.items():
        text = re.sub(r'"""(?:.|\n)*?"""', '"""."""', text)
        for old, new in names.items():
            text = re.sub(rf"\b{old}\b", new, text)
        text = re.sub(r"#.*", "# mine", text).replace(" + ", "  +  ").replace("\n\n", "\n\n\n")
        changed[file] = text
    return changed


def _reordered(texts: dict[str, str]) -> dict[str, str]:
    """The methods and functions of every file in the opposite order, in files of other names."""
    changed = {}
    for file, text in texts.items():
        parts = re.split(r"\n(?=\s*def __|\s*def [a-z]|class )", text)
        changed[f"my_{file}"] = "\n".join(reversed(parts))
    return changed


def _names(pairs: list[Pair]) -> list[tuple[str, str]]:
    return [(pair.first, pair.second) for pair in pairs]


@pytest.mark.parametrize("change", [_renamed, _reordered, lambda texts: _reordered(_renamed(texts))])
@pytest.mark.parametrize("size", [2, 30])
def test_a_copy_is_found(change: Callable[[dict[str, str]], dict[str, str]], size: int) -> None:
    """A copy with other names, comments and spaces, or in another order, is the first of the list."""
    students = _class(size)
    pairs = alike(students | {"copy": change(students["student001"])}, COMMON)
    assert _names(pairs)[0] == ("student001", "copy")
    assert 0.6 <= pairs[0].share <= 1 and pairs[0].tokens >= similarity.MIN_OWN


def test_renaming_changes_nothing() -> None:
    """Names, comments, spaces and the texts of docstrings do not count at all."""
    students = {"one": _independent(1), "copy": _renamed(_independent(1))}
    assert [pair.share for pair in alike(students, COMMON)] == [1.0]


def test_most_who_copied_all_but_one_file_are_found() -> None:
    """Who copied all but one file is mostly found; not always, as some originals hold little that is rare."""
    found = 0
    for number in range(500, 506):
        original = _independent(number)
        copy = original | {"nn.py": _independent(number + 1000)["nn.py"]}
        found += ("one", "two") in _names(alike(_class(30) | {"one": original, "two": copy}, COMMON))
    assert found >= 4


def test_a_ring_is_found() -> None:
    """A text that goes round among a third of the class is found in all its pairs."""
    ring = {f"ring{number}": _renamed(_independent(1)) for number in range(10)}
    pairs = _names(alike(_class(20) | ring, COMMON))
    assert set(itertools.combinations(ring, 2)) <= set(pairs)


@pytest.mark.parametrize("size", [10, 30, 100])
def test_a_class_of_right_answers_is_not_listed(size: int) -> None:
    """Of students who each find right answers by themselves, fewer than one pair in a hundred is listed."""
    assert len(alike(_class(size), COMMON)) < math.comb(size, 2) / 100


def test_independent_styles_are_not_listed() -> None:
    """Engines that different people wrote in different styles are not alike."""
    assert len(STYLES) > 20
    assert alike(STYLES, COMMON) == []


def test_what_is_common_is_set_aside() -> None:
    """Who handed in the stubs or the public solutions shares nothing of their own."""
    students = {
        "one": SOLUTIONS,
        "two": _renamed(SOLUTIONS),
        "three": {str(number): text for number, text in enumerate(COMMON)},
    }
    assert alike(students, COMMON, 0.0) == []
    assert alike(students, [], 0.6) != []


def test_too_little_of_ones_own() -> None:
    """Who has less than a few lines of their own is in no pair, not even with a copy."""
    few = SOLUTIONS | {"losses.py": SOLUTIONS["losses.py"].replace("total = total + e", "total = e + total + 0")}
    assert alike({"one": few, "two": few}, COMMON, 0.0) == []


def test_the_threshold_and_the_order() -> None:
    """Pairs below the threshold are left out; the most alike come first, then those that share more."""
    students = _class(30) | {"copy": _independent(1), "near": _independent(1) | {"nn.py": _independent(999)["nn.py"]}}
    pairs = alike(students, COMMON, 0.3)
    assert [pair.share for pair in pairs] == sorted((pair.share for pair in pairs), reverse=True)
    assert _names(pairs)[0] == ("student001", "copy")
    assert alike(students, COMMON, 1.0) == [pair for pair in pairs if pair.share == 1.0]


@pytest.mark.parametrize("text", ["", "\0", "\ud800", "(" * 5000, "'" * 5001, '"""' * 3, "f'{" * 500, "\\", "é" * 99])
def test_any_text(text: str) -> None:
    """What is no Python disturbs nobody."""
    students = {"odd": {"engine.py": text}, "one": _independent(1), "copy": _independent(1)}
    assert _names(alike(students, COMMON)) == [("one", "copy")]


def test_nobody() -> None:
    """No submission and one submission make no pairs."""
    assert alike({}, COMMON) == alike({"one": _independent(1)}, COMMON) == []
