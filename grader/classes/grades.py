"""From the gradebook to grades: which attempt counts, what lateness costs, and what a class tells of the exercises."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from itertools import groupby

from grader.base import messages
from grader.base.model import Student
from grader.base.points import exactly, shown
from grader.base.report import Adjustment, Report, Status
from grader.classes.gradebook import Gradebook, Grading, Outcome
from grader.classes.policy import Deadline, with_lateness
from grader.classes.review import open_reasons
from grader.reports.wording import adjustment

ATTEMPTS = ("latest", "best", "first")


@dataclass(frozen=True)
class Grade:
    """What a student is given for the attempt that counts.

    points: what the exercises gave, the bonus among them, with the adjustments. exercises: id -> points, in the order
    of the kit. comment: why there is no grade, or a summary. review: why it needs a look before it counts.
    """

    student: Student
    points: Fraction
    max_points: Fraction
    status: Outcome
    exercises: Mapping[str, Fraction]
    comment: str = ""
    adjustments: tuple[Adjustment, ...] = ()
    review: tuple[str, ...] = ()

    @property
    def percent(self) -> Fraction:
        return 100 * self.points / self.max_points if self.max_points else Fraction()


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
    kept = deadline and {name: str(value) for name, value in vars(deadline).items()}
    gradebook.keep_setting("deadline", kept)


def settings(gradebook: Gradebook) -> tuple[str, Deadline | None]:
    """Which attempt counts, and the deadline, as the last batch had them."""
    kept = gradebook.setting("deadline")
    numbers = {name: exactly(value) for name, value in (kept or {}).items() if name != "at"}
    deadline = kept and Deadline(datetime.fromisoformat(kept["at"]), **numbers)
    return gradebook.setting("attempt") or ATTEMPTS[0], deadline


def keep_missing(gradebook: Gradebook, students: Iterable[Student]) -> None:
    """Keep who is on the roster and handed in nothing, in place of whoever was kept before."""
    gradebook.keep_setting("missing", [vars(student) for student in students])


def keep_sections(gradebook: Gradebook, students: Iterable[Student]) -> None:
    """Keep the sections that a roster has of these students; what is known of others stays."""
    known = gradebook.setting("sections") or {}
    gradebook.keep_setting("sections", {**known, **{student.key: student.section for student in students}})


def grades(gradebook: Gradebook, attempt: str = "", deadline: Deadline | None = None) -> list[Grade]:
    """The grade of every student, by key, and then of those who are missing. attempt: one of ATTEMPTS."""
    found = []
    for _, gradings in groupby(gradebook.latest(), key=lambda grading: grading.student.key):
        counted = chosen(list(gradings), attempt, deadline)
        found.append(replace(grade_of(counted, deadline), review=open_reasons(gradebook, counted)))
    there = {grade.student.key for grade in found}
    missing = [Student(**kept) for kept in gradebook.setting("missing") or []]
    comment = messages.HANDED_IN_NOTHING
    found += [
        Grade(who, Fraction(), Fraction(), Outcome.MISSING, {}, comment) for who in missing if who.key not in there
    ]
    sections = gradebook.setting("sections") or {}
    found = [replace(g, student=replace(g.student, section=sections.get(g.student.key, ""))) for g in found]
    most = max((grade.max_points for grade in found), default=Fraction())
    return [grade if grade.max_points else replace(grade, max_points=most) for grade in found]


def chosen(gradings: Sequence[Grading], attempt: str, deadline: Deadline | None) -> Grading:
    """The attempt of one student that counts; one that could not be graded only where there is no other."""
    graded = [grading for grading in gradings if grading.status is Outcome.GRADED] or list(gradings)
    if attempt == "first":
        return graded[0]
    if attempt == "best":
        return max(graded, key=lambda grading: (grade_of(grading, deadline).points, grading.attempt))
    return graded[-1]


def grade_of(grading: Grading, deadline: Deadline | None) -> Grade:
    """The grade for one attempt: the numbers of what is written for the student."""
    report = written_report(grading, deadline)
    if report is None or grading.status is not Outcome.GRADED:
        most = report.max_points if report else Fraction()
        return Grade(grading.student, Fraction(), most, grading.status, {}, grading.comment)
    comment = [messages.GRADE_COMMENT.format(points=shown(report.given), most=shown(report.max_points))]
    comment += [f"{adjustment(one)}." for one in report.adjustments]
    if grading.is_late and deadline is None:
        comment.append(messages.GRADE_MARKED_LATE)
    exercises = {result.id: result.points for result in report.counted}
    given, most = report.given, report.max_points
    return Grade(grading.student, given, most, grading.status, exercises, " ".join(comment), report.adjustments)


def written_report(grading: Grading, deadline: Deadline | None) -> Report | None:
    """What is written for the student of an attempt: its report, with all that changes the grade, and without the seed.
    None where there is no report."""
    report = grading.report and replace(grading.report, name=grading.student.name, seed=None)
    if report is None or grading.status is not Outcome.GRADED:
        return report
    return report if deadline is None else with_lateness(report, deadline, _days_late(grading, deadline))


def _days_late(grading: Grading, deadline: Deadline) -> int:
    """By how many days an attempt was late; one where it is known that it was, and not by how much."""
    if grading.submitted is None:
        return int(grading.is_late)
    return deadline.days_late(grading.submitted)


def written_reports(gradebook: Gradebook, with_sources: bool = False) -> Iterator[tuple[Grading, Report | None]]:
    """The attempt of each student that counts, by key, with what is written for the student."""
    attempt, deadline = settings(gradebook)
    for _, gradings in groupby(gradebook.latest(with_sources=with_sources), key=lambda one: one.student.key):
        grading = chosen(list(gradings), attempt, deadline)
        yield grading, written_report(grading, deadline)


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
