"""The catalogue of misconceptions, a module or more for each chapter. To add one: one more `wrong(...)` in its chapter.

The simplest of an exercise stands first: of several that would explain the same answers, it is the one that is named.
"""

from __future__ import annotations

import functools

from grader.base import messages
from grader.kit.misconceptions import (
    chain_rule,
    derivatives,
    engine,
    engine_backward,
    engine_functions,
    engine_nodes,
    engine_own_slopes,
    engine_sides,
    graph,
    losses,
    nn,
    optim,
    tensor,
    train,
    train_classifier,
)
from grader.kit.model import Misconception

CHAPTERS = (
    *(derivatives, chain_rule),
    *(engine, engine_sides, engine_functions, engine_own_slopes, engine_nodes, engine_backward),
    *(nn, losses, optim, train, train_classifier, graph, tensor),
)


@functools.cache
def catalogue() -> dict[str, tuple[Misconception, ...]]:
    """Exercise id -> its misconceptions."""
    found: dict[str, list[Misconception]] = {}
    for chapter in CHAPTERS:
        rows: object = chapter.MISCONCEPTIONS
        if not isinstance(rows, tuple) or not all(isinstance(row, Misconception) for row in rows):
            raise TypeError(messages.MISCONCEPTIONS_NO_TUPLE.format(module=chapter.__name__))
        for misconception in chapter.MISCONCEPTIONS:
            found.setdefault(misconception.exercise, []).append(misconception)
    return {exercise: tuple(rows) for exercise, rows in found.items()}
