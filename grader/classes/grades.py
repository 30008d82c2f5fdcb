"""From the gradebook to grades: which attempt counts, and what lateness and the instructor make of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from itertools import groupby

from grader.base import messages
from grader.base.model import Student
from grader.base.points import exactly, shown
from grader.base.report import Adjustment, Comment, Report
from grader.classes.adjusting import (
    Entries,
    attempt_of,
    comments,
    deadline_of,
    excuse,
    is_extended,
    with_entries,
    without_excused,
)
from grader.classes.adjustments import Kind
from grader.classes.fitting import Fitted, fit
from grader.classes.gradebook import Gradebook
from grader.classes.outcome import Grading, Outcome
from grader.classes.policy import Deadline, with_lateness
from grader.classes.review import open_reasons
from grader.reports.wording import adjustment, comment

ATTEMPTS = ("latest", "best", "first")
Counted = tuple[Grading, Report | None]  # the attempt of a student that counts, and what is written for the student


@dataclass(frozen=True)
class Grade:
    """What a student is given for the attempt that counts.

    points: what the exercises gave, the bonus among them, with the adjustments. exercises: id -> points, in the order
    of the kit. comment: why there is no grade, or a summary. comments: what the instructor says. review: why it needs a
    look before it counts.
    """

    student: Student
    points: Fraction
    max_points: Fraction
    status: Outcome
    exercises: Mapping[str, Fraction]
    comment: str = ""
    adjustments: tuple[Adjustment, ...] = ()
    comments: tuple[Comment, ...] = ()
    review: tuple[str, ...] = ()

    @property
    def percent(self) -> Fraction:
        return 100 * self.points / self.max_points if self.max_points else Fraction()


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


def keep_sections(gradebook: Gradebook, students: Iterable[Student]) -> None:
    """Keep the sections that a roster has of these students; what is known of others stays."""
    known = gradebook.setting("sections") or {}
    gradebook.keep_setting("sections", {**known, **{student.key: student.section for student in students}})


def grades(
    gradebook: Gradebook,
    attempt: str = "",
    deadline: Deadline | None = None,
    fitted: Fitted | None = None,
    counted: Iterable[Counted] | None = None,
) -> list[Grade]:
    """The grade of every student, by key, and then of those who are missing. attempt: one of ATTEMPTS. fitted: what the
    instructor adjusts, read now where it is not given. counted: what written_reports gives, where that is there
    already."""
    fitted = fitted or fit(gradebook, deadline)
    found = [
        replace(
            grade_of(grading, report, deadline, fitted.of(grading.student.key)),
            review=open_reasons(gradebook, grading, report),
        )
        for grading, report in counted or _written(gradebook, attempt, deadline, fitted)
    ]
    there = {grade.student.key for grade in found}
    found += [_missing(who, fitted.of(who.key)) for who in gradebook.missing() if who.key not in there]
    sections = gradebook.setting("sections") or {}
    found = [replace(g, student=replace(g.student, section=sections.get(g.student.key, ""))) for g in found]
    most = max((grade.max_points for grade in found), default=Fraction())
    return [grade if grade.max_points else replace(grade, max_points=most) for grade in found]


def _missing(who: Student, entries: Entries) -> Grade:
    """The grade of somebody who handed in nothing."""
    why = excuse(entries)
    status = Outcome.EXCUSED if why else Outcome.MISSING
    comment = _not_graded(messages.EXCUSED_WHY.format(why=why) if why else messages.HANDED_IN_NOTHING, entries)
    return Grade(who, Fraction(), Fraction(), status, {}, comment, comments=tuple(comments(entries, None)))


def _not_graded(why: str, entries: Entries) -> str:
    """Why there is no grade, with what the instructor says."""
    return " ".join([why, *(f"({entry.comment})" for entry in entries if entry.kind is Kind.COMMENT)])


def chosen(gradings: Sequence[Grading], attempt: str, deadline: Deadline | None, entries: Entries = ()) -> Grading:
    """The attempt of one student that counts; one that could not be graded only where there is no other, or where the
    instructor says so."""
    by_hand = [grading for grading in gradings if grading.attempt == attempt_of(entries)]
    if by_hand:
        return by_hand[0]
    graded = [grading for grading in gradings if grading.status is Outcome.GRADED] or list(gradings)
    if attempt == "first":
        return graded[0]
    if attempt == "best":
        return max(graded, key=lambda grading: (_points(written_report(grading, deadline, entries)), grading.attempt))
    return graded[-1]


def _points(report: Report | None) -> Fraction:
    return report.given if report else Fraction()


def grade_of(grading: Grading, report: Report | None, deadline: Deadline | None, entries: Entries = ()) -> Grade:
    """The grade for one attempt: the numbers of what is written for the student."""
    said = tuple(comments(entries, deadline))
    if report is None or grading.status is not Outcome.GRADED:
        most = report.max_points if report else Fraction()
        return Grade(grading.student, Fraction(), most, grading.status, {}, grading.comment, comments=said)
    told = [messages.GRADE_COMMENT.format(points=shown(report.given), most=shown(report.max_points))]
    told += [f"{adjustment(one)}." for one in report.adjustments]
    if grading.is_late and deadline is None:
        told.append(messages.GRADE_MARKED_LATE)
    told += map(comment, said)
    exercises = {result.id: result.points for result in report.counted}
    given, most, why = report.given, report.max_points, " ".join(told)
    return Grade(grading.student, given, most, grading.status, exercises, why, report.adjustments, said)


def written_report(grading: Grading, deadline: Deadline | None, entries: Entries = ()) -> Report | None:
    """What is written for the student of an attempt: its report, with all that changes the grade and is said, and
    without the seed. None where there is no report. entries: the adjustments of that student."""
    report = grading.report and replace(grading.report, name=grading.student.name, seed=None)
    if report is None or grading.status is not Outcome.GRADED:
        return report
    report = without_excused(report, entries)
    if deadline is not None:
        its = deadline_of(entries, deadline)
        report = with_lateness(report, its, _days_late(grading, its, is_extended(entries)))
    return with_entries(report, entries, deadline)


def is_late(grading: Grading, deadline: Deadline | None, entries: Entries = ()) -> bool:
    """Whether an attempt came after the deadline that holds for its student."""
    if deadline is None:
        return grading.is_late
    return _days_late(grading, deadline_of(entries, deadline), is_extended(entries)) > 0


def _days_late(grading: Grading, deadline: Deadline, has_more_time: bool) -> int:
    """By how many days an attempt was late; one where it is known that it was, and not by how much, unless the student
    had more time: then it may have been in time."""
    if grading.submitted is None:
        return int(grading.is_late and not has_more_time)
    return deadline.days_late(grading.submitted)


def written_reports(
    gradebook: Gradebook, with_sources: bool = False, fitted: Fitted | None = None
) -> Iterator[Counted]:
    """The attempt of each student that counts, by key, with what is written for the student: no report where the
    instructor has excused the student. fitted: as for grades."""
    attempt, deadline = settings(gradebook)
    yield from _written(gradebook, attempt, deadline, fitted or fit(gradebook, deadline), with_sources)


def _written(
    gradebook: Gradebook, attempt: str, deadline: Deadline | None, fitted: Fitted, with_sources: bool = False
) -> Iterator[Counted]:
    for key, gradings in groupby(gradebook.latest(with_sources=with_sources), key=lambda one: one.student.key):
        entries = fitted.of(key)
        grading = chosen(list(gradings), attempt, deadline, entries)
        report = written_report(grading, deadline, entries)
        why = excuse(entries) or (_all_excused(report) if report else "")
        if why:
            grading = replace(grading, status=Outcome.EXCUSED, comment=messages.EXCUSED_WHY.format(why=why))
        if grading.status is not Outcome.GRADED:
            grading = replace(grading, comment=_not_graded(grading.comment, entries))
        yield grading, None if why else report


def _all_excused(report: Report) -> str:
    """Why a student is excused from every exercise that there are points for, one by one; "" where that is not so."""
    return "" if report.max_points else " ".join(dict.fromkeys(r.excused for r in report.results if r.excused))
