"""Reads the instructor's policy, mg-grade.toml: what counts, for how many points, and what lateness costs."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

from grader.base import messages
from grader.base.points import shown, total
from grader.base.report import Adjustment, Report
from grader.classes.toml_file import TomlFile, unknown
from grader.kit.model import Manifest
from grader.sandbox.session import RUN_SECONDS

FORMAT = 1
KEYS = ("format", "seed", "time_budget", "exercises", "printed", "visibility", "points", "deadline")
VISIBILITIES = ("visible", "after_due_date", "after_published", "hidden")  # as Gradescope calls them
DEADLINE_KEYS = ("at", "penalty_per_day", "most", "grace_minutes")


@dataclass(frozen=True)
class Deadline:
    """When to hand in. penalty_per_day and most are percent of the points."""

    at: datetime
    penalty_per_day: Fraction
    most: Fraction = Fraction(100)
    grace_minutes: Fraction = Fraction()

    def days_late(self, submitted: datetime) -> int:
        """The days and the part of a day since the deadline; none within the grace."""
        late = submitted - self.at
        return 0 if late.total_seconds() <= 60 * self.grace_minutes else -(-late // timedelta(days=1))

    def penalty(self, days: int) -> Fraction:
        """The share of the points, 0 to 1, that so many days cost."""
        return min(days * self.penalty_per_day, self.most) / 100


@dataclass(frozen=True)
class Policy:
    """What the instructor changes of the kit; None or nothing where it stays as it is. printed: whether reports show
    what the students' code printed; where it is not said, those on one submission do, and those on a class do not.
    visibility: when Gradescope shows a report to its student."""

    seed: int | None = None
    time_budget: float | None = None
    exercises: tuple[str, ...] = ()
    points: Mapping[str, Fraction] = field(default_factory=dict)
    deadline: Deadline | None = None
    printed: bool | None = None
    visibility: str = VISIBILITIES[0]

    @property
    def seconds(self) -> float:
        """By the clock, for all of a submission."""
        return RUN_SECONDS if self.time_budget is None else self.time_budget


def read_policy(path: Path, manifest: Manifest) -> Policy:
    """Read and check a policy; PolicyError names the key, from the top, and says what is wrong with it."""
    return _Reader(path, manifest).policy()


def with_lateness(report: Report, deadline: Deadline, days: int) -> Report:
    """The report, less what so many days cost, with the line that says so."""
    share = deadline.penalty(days)
    if not share * report.earned:
        return report
    said = messages.ONE_DAY if days == 1 else messages.DAYS.format(days=days)
    why = messages.GRADE_LATE.format(days=said, percent=shown(100 * share), points=shown(report.earned))
    lost = Adjustment(-share * report.earned, why)
    return replace(report, adjustments=(*report.adjustments, lost))


class _Reader(TomlFile):
    """Checks one policy."""

    def __init__(self, path: Path, manifest: Manifest) -> None:
        super().__init__(path, FORMAT)
        self.manifest = manifest

    def policy(self) -> Policy:
        data = self.data
        self.known(data, (), KEYS, messages.POLICY_KEY)
        seed = data.get("seed")
        if seed is not None and (type(seed) is not int or seed < 0):
            raise self.error(("seed",), messages.POLICY_SEED)
        budget = float(self.number(data["time_budget"], ("time_budget",))) if "time_budget" in data else None
        if budget is not None and budget < 1:
            raise self.error(("time_budget",), messages.POLICY_NO_TIME)
        exercises = self.exercises(data["exercises"]) if "exercises" in data else ()
        printed = data.get("printed")
        if printed is not None and type(printed) is not bool:
            raise self.error(("printed",), messages.POLICY_YES_OR_NO)
        visibility = data.get("visibility", VISIBILITIES[0])
        if visibility not in VISIBILITIES:
            raise self.error(("visibility",), messages.POLICY_ONE_OF.format(names=", ".join(VISIBILITIES)))
        points = self.points(data.get("points", {}), exercises)
        deadline = self.deadline(data["deadline"]) if "deadline" in data else None
        return Policy(seed, budget, exercises, points, deadline, printed, visibility)

    def exercises(self, ids: Any) -> tuple[str, ...]:
        keys = ("exercises",)
        if not isinstance(ids, list) or not ids or not all(isinstance(i, str) for i in ids):
            raise self.error(keys, messages.POLICY_EXERCISES)
        for number, i in enumerate(ids, 1):
            if i not in self.manifest.by_id:
                raise self.error((f"exercises[{number}]",), unknown(messages.POLICY_EXERCISE, i, self.manifest.by_id))
            if i in ids[: number - 1]:
                raise self.error((f"exercises[{number}]",), messages.POLICY_REPEATED.format(id=i))
        return tuple(ids)

    def points(self, table: Any, exercises: tuple[str, ...]) -> Mapping[str, Fraction]:
        self.known(self.table(table, "points"), ("points",), self.manifest.by_id, messages.POLICY_EXERCISE)
        points = {i: self.number(value, ("points", i)) for i, value in table.items()}
        counted = [e for e in self.manifest.exercises if not exercises or e.id in exercises]
        most = total(points.get(e.id, e.points) for e in counted)
        if not 0 < most <= sys.float_info.max:  # a number in JSON
            raise self.error(("points",), messages.POLICY_NO_POINTS if not most else messages.POLICY_NUMBER)
        return points

    def deadline(self, table: Any) -> Deadline:
        self.known(self.table(table, "deadline"), ("deadline",), DEADLINE_KEYS, messages.POLICY_KEY)
        for key in ("at", "penalty_per_day"):
            if key not in table:
                raise self.error(("deadline",), messages.POLICY_MISSING.format(key=key))
        at = table["at"]
        if not isinstance(at, datetime):
            raise self.error(("deadline", "at"), messages.POLICY_DATE)
        numbers = {key: self.number(table[key], ("deadline", key)) for key in DEADLINE_KEYS[1:] if key in table}
        for key in ("penalty_per_day", "most"):
            if numbers.get(key, 0) > 100:
                raise self.error(("deadline", key), messages.POLICY_PERCENT)
        return Deadline(at if at.tzinfo else at.replace(tzinfo=UTC), **numbers)
