"""Who is up for review: graded, with points lost, and with something left out that may hold the work for them."""

from __future__ import annotations

from collections.abc import Iterable

from grader.base.report import Report
from grader.classes.gradebook import Gradebook
from grader.classes.outcome import Grading, Outcome

ACCEPTED = "accepted"  # the setting: student -> the submission and the reasons for which it was accepted


def reasons(report: Report) -> tuple[str, ...]:
    """Why a report needs a look before its points count; nothing where no points were lost in files of the kit that
    what was left out may be work for. The bonus is nothing to be lost."""
    lost = {result.file for result in report.counted if not result.bonus and result.points < result.max_points}
    doubts = (note for note in report.notes if note.kind.may_hold_work)
    return tuple(dict.fromkeys(str(note) for note in doubts if lost & set(note.data.get("files", "").split(", "))))


def open_reasons(gradebook: Gradebook, grading: Grading, report: Report | None) -> tuple[str, ...]:
    """Why a grading is up for review; nothing where it was accepted: this submission, for these reasons. report: what
    is written for the student."""
    if report is None or grading.status is not Outcome.GRADED:
        return ()
    found = reasons(report)
    is_accepted = found and (gradebook.setting(ACCEPTED) or {}).get(grading.student.key) == _seen(grading, found)
    return () if is_accepted else found


def accept(gradebook: Gradebook, gradings: Iterable[tuple[Grading, Report]]) -> None:
    """Let the points of these gradings, with what is written for the students, count as they are."""
    seen = {grading.student.key: _seen(grading, reasons(report)) for grading, report in gradings}
    gradebook.keep_setting(ACCEPTED, {**(gradebook.setting(ACCEPTED) or {}), **seen})


def _seen(grading: Grading, found: tuple[str, ...]) -> list[str]:
    return [grading.content, *found]
