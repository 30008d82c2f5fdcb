"""Trains a network on one of the kit's data sets with somebody's own code, step by step."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from grader.base import messages
from grader.base.errors import StudyError
from grader.explore.own_code import OwnCode
from grader.kit import Kit

OPTIMISERS = {"sgd": "SGD", "momentum": "Momentum", "adagrad": "AdaGrad", "rmsprop": "RMSProp", "adamw": "AdamW"}
LEARNING_RATES = {"sgd": 0.1, "momentum": 0.02, "adagrad": 0.1, "rmsprop": 0.01, "adamw": 0.05}
STEP_SECONDS = 30.0  # CPU seconds for one step, or a row of the picture: a large network is slow, and not wrong
MAX_HIDDEN = 128
SIDE = 60  # points along each side of the picture of what is decided


@dataclass(frozen=True)
class Settings:
    """How to train. hidden: how many neurons each hidden layer has. batch_size: None is all examples at once.
    seed: of the weights and of the order; None: the weights that the data set brings, if it brings any, or else 1."""

    steps: int
    lr: float
    hidden: tuple[int, ...]
    optimiser: str
    batch_size: int | None
    seed: int | None = None


@dataclass(frozen=True)
class Task:
    """A data set, what the network is to do with it, and how it is trained unless somebody says otherwise."""

    name: str
    settings: Settings
    weights: str = ""  # the file of the weights to begin with
    log: str = ""  # the file of the losses that these settings give
    classes: int = 0  # 0: the target is a number

    @property
    def loss(self) -> str:
        return "mean_cross_entropy" if self.classes else "sum_squared_error"


_REGIONS = Settings(100, 0.1, (16,), "adamw", None)
TASKS = {
    task.name: task
    for task in (
        Task("four-points", Settings(100, 0.05, (4, 4), "sgd", None)),
        Task("three-regions", _REGIONS, "three_regions_weights.csv", "three_regions_training_log.csv", 3),
        Task("spiral", Settings(400, 0.05, (12, 12), "adamw", 20), classes=2),
        Task("moons", Settings(200, 0.05, (16,), "adamw", 20), classes=2),
        Task("yin-yang", Settings(800, 0.03, (16, 16), "adamw", 20), classes=3),
    )
}


@dataclass(frozen=True)
class Examples:
    """A part of a data set. targets are the numbers of classes from 0, or what is to be predicted. labels: what the
    data set calls each class."""

    inputs: tuple[tuple[float, ...], ...]
    targets: tuple[float, ...]
    labels: tuple[str, ...] = ()


def examples(kit: Kit, task: Task) -> dict[str, Examples]:
    """The parts of a data set: "train", and where it is split "val" and "test"."""
    rows = _rows(kit, f"{task.name.replace('-', '_')}.csv")
    columns = [name for name in rows[0] if name not in ("label", "target", "split")]
    values = [float(row.get("label") or row["target"]) for row in rows]
    # The labels of some are 1 and -1: the first class is the one that comes first.
    numbers = {value: number for number, value in enumerate(dict.fromkeys(values))}
    if set(values) == set(range(task.classes)):
        numbers = {value: int(value) for value in values}
    targets = [numbers[value] for value in values] if task.classes else values
    labels = tuple(f"{value:g}" for value in sorted(numbers, key=numbers.__getitem__)) if task.classes else ()
    parts: dict[str, list[int]] = {}
    for i, row in enumerate(rows):
        parts.setdefault(row.get("split", "train"), []).append(i)
    inputs = [tuple(float(row[name]) for name in columns) for row in rows]
    return {
        part: Examples(tuple(inputs[i] for i in members), tuple(targets[i] for i in members), labels)
        for part, members in parts.items()
    }


def held_out(parts: Mapping[str, Examples], every: int) -> dict[str, Examples]:
    """The parts, with one of so many examples as "val", where a data set of classes has no such part."""
    train = parts["train"]
    if "val" in parts or not train.labels:
        return dict(parts)
    found = dict(parts)
    for name, is_out in (("train", False), ("val", True)):
        members = [i for i in range(len(train.targets)) if (i % every == every - 1) is is_out]
        inputs, targets = tuple(train.inputs[i] for i in members), tuple(train.targets[i] for i in members)
        found[name] = Examples(inputs, targets, train.labels)
    return found


def known_losses(kit: Kit, task: Task) -> list[float]:
    """The losses that the settings of a task are known to give, if they are."""
    return [float(row["train_loss"]) for row in _rows(kit, task.log)] if task.log else []


def _rows(kit: Kit, file: str) -> list[Mapping[str, str]]:
    with (kit.datasets / file).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


_BEGIN = """
import random, sys
random.seed({seed})
_model = MLP({inputs}, {sizes})
{weights}
_optimiser = {optimiser}(_model.parameters(), lr={lr})
# Kept for the next questions: a probe's own variables are gone when it has been answered.
sys._training = {{"model": _model, "optimiser": _optimiser, "examples": {examples}, "epoch": 0, "left": []}}
"""
_SET_WEIGHT = "_model.layers[{layer}].neurons[{neuron}].w[{input}].data = {weight}"
_SET_BIASES = "for _layer in _model.layers:\n for _neuron in _layer.neurons: _neuron.b.data = 0.0"
_AGAIN = """
import sys
_all = getattr(sys, "_training", None)
if _all is None: raise MemoryError("the network is lost, as its process was ended")
_model = _all["model"]
"""
# A question leaves next to nothing behind: in a browser all that it made is kept until the training ends. What a step
# has made is collected while its graph is gone and nothing else is new. That costs no more than to wait for a million
# objects, and nobody has to wait a third of a second for it.
_STEPS = f"""{_AGAIN}
import gc, time
def _step():
    if not _all["left"]:
        _all["epoch"] += 1
        _all["left"] = list(batches(_all["examples"], {{size}}, {{seed}}))
    _batch = _all["left"].pop(0)
    try:
        return train(_model, [_x for _x, _ in _batch], [_y for _, _y in _batch], {{loss}}, _all["optimiser"], 1)[0]
    except OverflowError:
        return float("inf")
    finally:
        gc.collect()
        gc.freeze()
_end = time.monotonic() + {{{{seconds}}}}
_losses = [_step()]
while len(_losses) < {{{{most}}}} and time.monotonic() < _end:
    _losses.append(_step())
"""
_LOSS = f"""{_AGAIN}
def _loss():
    try:
        return {{loss}}([_model(_x) for _x in {{xs}}], {{ys}}).data
    except OverflowError:
        return float("inf")
"""
_OUTPUTS = "[(_y[0] if isinstance(_y, (list, tuple)) else _y).data for _y in map(_model, {xs})]"


class Training:
    """A network in training, in the process of the code that it is made of."""

    def __init__(self, kit: Kit, task: Task, settings: Settings, code: OwnCode, train: Examples | None = None) -> None:
        """StudyError where the network or the optimiser cannot be made. train: what to train on, unless it is all that
        the data set has for that."""
        self._kit = kit
        self._task = task
        self._code = code
        train = train or examples(kit, task)["train"]
        seed = 1 if settings.seed is None else settings.seed
        by_whom = f"{seed} + _all['epoch']" if settings.batch_size else None  # all at once, the order says nothing
        self._steps = _STEPS.format(size=settings.batch_size, seed=by_whom, loss=task.loss)
        pairs = [(list(x), y) for x, y in zip(train.inputs, train.targets, strict=True)]
        begin = _BEGIN.format(
            seed=seed,
            inputs=len(train.inputs[0]),
            sizes=[*settings.hidden, task.classes or 1],
            weights=self._weights(settings),
            optimiser=OPTIMISERS[settings.optimiser],
            lr=settings.lr,
            examples=pairs,
        )
        self.parameters = int(self._number(begin, "len(_model.parameters())", "parameters"))

    def _weights(self, settings: Settings) -> str:
        if not self._task.weights or settings.seed is not None or settings.hidden != self._task.settings.hidden:
            return ""
        lines = [_SET_WEIGHT.format(**row) for row in _rows(self._kit, self._task.weights)]
        return "\n".join([*lines, _SET_BIASES])

    def step(self) -> float:
        """One step, with one batch; its loss before the update, which is no finite number where that overflows."""
        return self.steps(1)[0]

    def steps(self, most: int, seconds: float = 0.0) -> list[float]:
        """The losses of so many steps, or of as many as are begun within so many seconds: of one at least."""
        (found,) = self._code.ask(self._steps.format(most=most, seconds=seconds), ["_losses"], STEP_SECONDS)
        if not isinstance(found, list) or not 0 < len(found) <= most:
            raise self._no_number("train")
        return [self._as_number(loss, "train") for loss in found]

    def accuracy(self, part: Examples) -> float:
        """The share of examples that are put into their class, from 0 to 1."""
        script = f"{_AGAIN}\n_points, _labels = {[list(x) for x in part.inputs]}, {list(part.targets)}"
        return self._number(script, "accuracy(_model, _points, _labels)", "accuracy")

    def loss(self, part: Examples) -> float:
        """The loss on all examples of a part, by which nothing is learnt."""
        script = _LOSS.format(loss=self._task.loss, xs=[list(x) for x in part.inputs], ys=list(part.targets))
        return self._number(script, "_loss()", self._task.loss)

    def predictions(self, part: Examples) -> list[float]:
        """What a network with one output says of each example."""
        read = _OUTPUTS.format(xs=[list(x) for x in part.inputs])
        (found,) = self._code.ask(_AGAIN, [read], STEP_SECONDS)
        if not isinstance(found, list) or len(found) != len(part.inputs):
            raise self._no_number("model(x)")
        return [self._as_number(number, "model(x)") for number in found]

    def decided(self, xs: list[float], ys: list[float], rows: int = 1) -> Iterator[list[int]]:
        """The class of every point, row for row. rows: how many of them are asked for at a time."""
        for first in range(0, len(ys), rows):
            some = ys[first : first + rows]
            (found,) = self._code.ask(_AGAIN, [f"class_grid(_model, {xs}, {some})"], STEP_SECONDS)
            if not isinstance(found, list) or len(found) != len(some):
                raise self._no_number("class_grid")
            for row in found:
                if not isinstance(row, list) or len(row) != len(xs):
                    raise self._no_number("class_grid")
                yield [number if isinstance(number, int) else -1 for number in row]

    def _no_number(self, what: str) -> StudyError:
        return StudyError(self._code.advised(messages.TRAIN_NO_NUMBER.format(what=what), messages.TRAIN_LOOK))

    def _number(self, script: str, read: str, what: str) -> float:
        (found,) = self._code.ask(script, [read], STEP_SECONDS)
        return self._as_number(found, what)

    def _as_number(self, answer: Any, what: str) -> float:
        """A number that the code gave. what: which part of it."""
        if isinstance(answer, dict) and "number" in answer:
            return math.nan  # infinite, or huge, or none at all
        if not isinstance(answer, int | float):
            raise self._no_number(what)
        return float(answer)
