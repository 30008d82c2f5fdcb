"""What the tests of solutions/ share: the solutions themselves, and numbers to hold them against."""

import importlib
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st

ROOT = Path(__file__).resolve().parent.parent
DATASETS = ROOT / "datasets"
SOLUTIONS = ROOT / "solutions"
NAMES = ["engine", "nn", "losses", "optim", "train", "graph", "derivatives", "chain_rule", "tensor"]

TRAIN_STEPS = 100
MANY = settings(derandomize=True, deadline=None, max_examples=300)
SOME = settings(derandomize=True, deadline=None, max_examples=60)


def load_solutions() -> SimpleNamespace:
    """Give the modules of solutions/, which import each other by bare names; leave sys as it was."""
    path, no_bytecode = sys.path, sys.dont_write_bytecode
    others = {name: sys.modules.pop(name) for name in NAMES if name in sys.modules}
    sys.path, sys.dont_write_bytecode = [str(SOLUTIONS), *path], True  # other tests copy the folder: keep it clean
    try:
        return SimpleNamespace(**{name: importlib.import_module(name) for name in NAMES})
    finally:
        sys.path, sys.dont_write_bytecode = path, no_bytecode
        for name in NAMES:
            sys.modules.pop(name, None)
        sys.modules.update(others)


kit: Any = load_solutions()
Value: Any = kit.engine.Value


def close(expected: Any, absolute: float = 1e-12) -> Any:
    """Give what equals expected to a relative 1e-9; the absolute tolerance is for sums that cancel to about 0."""
    return pytest.approx(expected, rel=1e-9, abs=absolute)


def values(numbers: Any) -> list[Any]:
    """Give a Value for each number."""
    return [Value(float(number)) for number in numbers]


def data(nodes: Any) -> list[float]:
    """Give the number of each node."""
    return [node.data for node in nodes]


def grads(nodes: Any) -> list[float]:
    """Give the gradient of each node."""
    return [node.grad for node in nodes]


def weighted(outputs: Any, weights: Any) -> Any:
    """Give the sum of weight times output: one number, whose gradient depends on every output."""
    return sum(weight * output for weight, output in zip(weights, outputs))


def number(limit: int = 3) -> st.SearchStrategy[float]:
    """Draw a number from -limit to limit, in thousandths: none is so close to 0 that it rounds away beside 1."""
    return st.integers(-1000 * limit, 1000 * limit).map(lambda n: n / 1000)


def numbers(size: int, limit: int = 3) -> st.SearchStrategy[list[float]]:
    """Draw a list of so many such numbers."""
    return st.lists(number(limit), min_size=size, max_size=size)
