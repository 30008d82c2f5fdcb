"""A training as a page shows it: steps and pictures by turns, so that something moves all the time."""

from __future__ import annotations

import dataclasses
import math
import time
from collections.abc import Iterator
from typing import Any

from grader.explore.own_code import OwnCode
from grader.explore.plots import around
from grader.explore.training import Settings, Task, Training, examples, held_out
from grader.kit import Kit

HELD_OUT = 5  # one of so many examples is for validation, where a data set has none for it
STEPS_SECONDS = 0.15  # of steps between two pictures, unless a single one takes longer
BOUNDARY_SECONDS = 0.06  # for what is decided, while it trains: as fine as that allows
LEAST_SIDE, FINER = 8, 4  # points along a side of it at first; by how many it becomes finer or coarser
TELLING = 0.4  # of the time goes into what is told, at most


class Showing:
    """A network in training, and what there is to see of it."""

    def __init__(self, kit: Kit, task: Task, settings: Settings, code: OwnCode, side: int) -> None:
        """side: points along a side of the last picture."""
        self._task = task
        self._steps = settings.steps
        self._parts = held_out(examples(kit, task), HELD_OUT)
        self._training = Training(kit, task, settings, code, self._parts["train"])
        self._most = side
        self._side = min(LEAST_SIDE, side)

    def parts(self, every: int) -> Iterator[dict[str, Any]]:
        """Train, and tell after the first step, then after so many or earlier where they are slow, and at the end. That
        comes early where a loss is no finite number."""
        step = 0
        losses: list[float] = []
        begin, telling = time.monotonic(), 0.0
        is_over = False
        while not is_over:
            found = self._training.steps(min(every, self._steps - step) if step else 1, STEPS_SECONDS)
            losses += found
            step += len(found)
            is_over = step >= self._steps or not math.isfinite(losses[-1])
            since = time.monotonic()
            if telling > (since - begin) * TELLING and not is_over:
                continue
            told = {"step": step, "steps": self._steps, "losses": [*map(finite, losses)]}
            if step == 1:
                told["examples"] = {name: dataclasses.asdict(part) for name, part in self._parts.items()}
            yield told | self._seen(is_over)
            losses = []
            telling += time.monotonic() - since

    def _seen(self, is_over: bool) -> dict[str, Any]:
        """What the network says now."""
        seen: dict[str, Any] = {"parameters": self._training.parameters}
        if "val" in self._parts:
            seen["validation"] = finite(self._training.loss(self._parts["val"]))
        if not self._task.classes:
            return seen | {"predictions": [*map(finite, self._training.predictions(self._parts["train"]))]}
        seen["boundary"] = self._boundary(is_over)
        if is_over:  # it takes as long as a picture
            seen["accuracy"] = {name: self._training.accuracy(part) for name, part in self._parts.items()}
        return seen

    def _boundary(self, is_over: bool) -> dict[str, Any]:
        """What is decided all over the plane."""
        side = self._most if is_over else self._side
        xs, ys = around(self._parts, side)
        begin = time.monotonic()
        decided = list(self._training.decided(xs, ys, rows=side))
        seconds = time.monotonic() - begin
        if seconds * (1 + FINER / side) ** 2 < BOUNDARY_SECONDS:
            self._side = min(self._most, side + FINER)
        elif seconds > BOUNDARY_SECONDS:
            self._side = max(min(LEAST_SIDE, self._most), side - FINER)
        return {"xs": xs, "ys": ys, "decided": decided}


def finite(number: float) -> float | None:
    """JSON knows no other."""
    return number if math.isfinite(number) else None
