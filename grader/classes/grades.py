"""From the gradebook to grades: which attempt counts, what lateness costs, and what a class tells of the exercises."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from grader.base import messages
from grader.base.model import Student
from grader.base.report import Report, Status
from grader.classes.gradebook import Gradebook, Grading, Outcome
from grader.classes.policy import Deadline
from grader.classes.review import open_reasons

ATTEMPTS = ("latest", "best", "first")
ONE_DAY = 1.0


@dataclass(frozen=True)
class Grade:
    """What a student is given for the attempt that counts.

    points: with the bonus, and less what lateness costs. exercises: id -> points, in the order of the kit. comment:
    why there is no grade, or a summary. review: why it needs a look before it counts.
    """

    student: Student
    points: float
    max_points: float
    status: Outcome
    exercises: Mapping[str, float]
    comment: str = ""
    review: tuple[str, ...] = ()

    @property
    def percent(self) -> float:
        return 100 * self.points / self.max_points if self.max_points else 0.0


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


def keep_settings(gradebook: Gradebook, attempt: str, deadline: Deadline | None) -> None:
    """Keep which attempt counts, and the deadline, for whoever reads the gradebook afterwards."""
    gradebook.keep_setting("attempt", attempt)
    gradebook.keep_setting("deadline", deadline and {**vars(deadline), "at": deadline.at.isoformat()})


def settings(gradebook: Gradebook) -> tuple[str, Deadline | None]:
    """Which attempt counts, and the deadline, as the last batch had them."""
    kept = gradebook.setting("deadline")
    deadline = kept and Deadline(**{**kept, "at": datetime.fromisoformat(kept["at"])})
    return gradebook.setting("attempt") or ATTEMPTS[0], deadline


def keep_missing(gradebook: Gradebook, students: Iterable[Student]) -> None:
    """Keep who is on the roster and handed in nothing, in place of whoever was kept before."""
    gradebook.keep_setting("missing", [vars(student) for student in students])


def grades(gradebook: Gradebook, attempt: str = "", deadline: Deadline | None = None) -> list[Grade]:
    """The grade of every student, by key, and then of those who are missing. attempt: one of ATTEMPTS."""
    found = []
    for _, gradings in groupby(gradebook.latest(), key=lambda grading: grading.student.key):
        counted = chosen(list(gradings), attempt, deadline)
        found.append(replace(grade_of(counted, deadline), review=open_reasons(gradebook, counted)))
    there = {grade.student.key for grade in found}
    missing = [Student(**kept) for kept in gradebook.setting("missing") or []]
    comment = messages.HANDED_IN_NOTHING
    found += [Grade(who, 0.0, 0.0, Outcome.MISSING, {}, comment) for who in missing if who.key not in there]
    most = max((grade.max_points for grade in found), default=0.0)
    return [grade if grade.max_points else _with_max(grade, most) for grade in found]


def chosen(gradings: Sequence[Grading], attempt: str, deadline: Deadline | None) -> Grading:
    """The attempt of one student that counts; one that could not be graded only where there is no other."""
    graded = [grading for grading in gradings if grading.status is Outcome.GRADED] or list(gradings)
    if attempt == "first":
        return graded[0]
    if attempt == "best":
        return max(graded, key=lambda grading: (grade_of(grading, deadline).points, grading.attempt))
    return graded[-1]


def grade_of(grading: Grading, deadline: Deadline | None) -> Grade:
    """The grade for one attempt, less what lateness costs."""
    report = grading.report
    if report is None or grading.status is not Outcome.GRADED:
        return Grade(grading.student, 0.0, report.max_points if report else 0.0, grading.status, {}, grading.comment)
    points = report.points + report.bonus_points
    lost = penalty(grading, deadline)
    given = round(points * (1 - lost), 4)
    comment = messages.GRADE_COMMENT.format(points=given, most=report.max_points)
    if lost:
        comment += " " + messages.GRADE_LATE.format(percent=100 * lost, points=points)
    elif grading.is_late and deadline is None:
        comment += " " + messages.GRADE_MARKED_LATE
    exercises = {result.id: result.points for result in report.counted}
    return Grade(grading.student, given, report.max_points, grading.status, exercises, comment)


def penalty(grading: Grading, deadline: Deadline | None) -> float:
    """The share of the points that lateness costs. Where all that is known is that it was late: that of one day."""
    if deadline is None:
        return 0.0
    if grading.submitted is not None:
        return deadline.penalty(grading.submitted)
    return min(ONE_DAY * deadline.penalty_per_day, deadline.most) / 100 if grading.is_late else 0.0


def _with_max(grade: Grade, most: float) -> Grade:
    return Grade(grade.student, grade.points, most, grade.status, grade.exercises, grade.comment)


def facts(reports: Iterable[Report]) -> list[ExerciseFacts]:
    """What the reports of a class tell of each exercise that counts, in the order of the kit."""
    shares: dict[str, list[float]] = {}
    others: dict[str, list[float]] = {}
    passed: Counter[str] = Counter()
    mistakes: dict[str, Counter[str]] = {}
    for report in reports:
        total = sum(result.points for result in report.counted)
        for result in report.counted:
            share = result.points / result.max_points if result.max_points else 0.0
            shares.setdefault(result.id, []).append(share)
            others.setdefault(result.id, []).append(total - result.points)
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
