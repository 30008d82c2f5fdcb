"""The catalogue of misconceptions, a module or more for each chapter. To add one: one more `wrong(...)` in its chapter.

The simplest of an exercise stands first: of several that would explain the same answers, it is the one that is named.
"""

from __future__ import annotations

import functools

from grader.kit.misconceptions import (
    chain_rule,
    derivatives,
    engine,
    engine_backward,
    engine_functions,
    graph,
    losses,
    nn,
    optim,
    train,
    train_classifier,
)
from grader.kit.model import Misconception

_CHAPTERS = (
    *(derivatives, chain_rule, engine, engine_functions, engine_backward),
    *(nn, losses, optim, train, train_classifier, graph),
)


@functools.cache
def catalogue() -> dict[str, tuple[Misconception, ...]]:
    """Exercise id -> its misconceptions."""
    found: dict[str, list[Misconception]] = {}
    for chapter in _CHAPTERS:
        for misconception in chapter.MISCONCEPTIONS:
            found.setdefault(misconception.exercise, []).append(misconception)
    return {exercise: tuple(rows) for exercise, rows in found.items()}
