"""The catalogue of misconceptions, one module a chapter. To add one: one more `wrong(...)` in its chapter.

The simplest of an exercise stands first: of several that would explain the same answers, it is the one that is named.
"""

from __future__ import annotations

import functools

from grader.misconceptions import (
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
)
from grader.model import Misconception

_CHAPTERS = (derivatives, chain_rule, engine, engine_functions, engine_backward, nn, losses, optim, train, graph)


@functools.cache
def catalogue() -> dict[str, tuple[Misconception, ...]]:
    """Exercise id -> its misconceptions."""
    found: dict[str, list[Misconception]] = {}
    for chapter in _CHAPTERS:
        for misconception in chapter.MISCONCEPTIONS:
            found.setdefault(misconception.exercise, []).append(misconception)
    return {exercise: tuple(rows) for exercise, rows in found.items()}
