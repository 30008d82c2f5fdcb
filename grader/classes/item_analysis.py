"""What a class tells of each exercise, as item analysis has it: how hard it is, and how well it discriminates."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from grader.base.report import Report, Status


@dataclass(frozen=True)
class ExerciseFacts:
    """What a class tells of an exercise.

    pass_rate, mean: shares, 0 to 1. discrimination: how well its points go together with those of all the others, the
    correlation of the two, -1 to 1, or None where either is the same for everybody. misconceptions: (title, how many),
    the commonest first.
    """

    id: str
    pass_rate: float
    mean: float
    discrimination: float | None
    misconceptions: tuple[tuple[str, int], ...]


def facts(reports: Iterable[Report]) -> list[ExerciseFacts]:
    """What the reports of a class tell of each exercise that counts, in the order of the kit."""
    shares: dict[str, list[float]] = {}
    others: dict[str, list[float]] = {}
    passed: Counter[str] = Counter()
    mistakes: dict[str, Counter[str]] = {}
    for report in reports:
        earned = float(report.earned)
        for result in report.counted:
            share = float(result.points / result.max_points) if result.max_points else 0.0
            shares.setdefault(result.id, []).append(share)
            others.setdefault(result.id, []).append(earned - float(result.points))
            passed[result.id] += result.status is Status.PASSED
            mistakes.setdefault(result.id, Counter()).update(mistake.title for mistake in result.mistakes)
    return [
        ExerciseFacts(
            id=exercise,
            pass_rate=passed[exercise] / len(own),
            mean=statistics.fmean(own),
            discrimination=_correlation(own, others[exercise]),
            misconceptions=tuple(mistakes[exercise].most_common()),
        )
        for exercise, own in shares.items()
    ]


def _correlation(first: list[float], second: list[float]) -> float | None:
    try:
        return statistics.correlation(first, second)
    except statistics.StatisticsError:  # fewer than two, or all the same
        return None
