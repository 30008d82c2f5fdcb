"""What an instructor's adjustments make of a report: those of its student, which fit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, time

from grader.base import messages
from grader.base.report import Adjustment, Comment, ExerciseResult, Report
from grader.classes.adjustments import Entry, Kind
from grader.classes.policy import Deadline

Entries = Sequence[Entry]


def attempt_of(entries: Entries) -> int:
    """The attempt that counts by an entry; 0 where none says so."""
    return next((entry.attempt for entry in entries if entry.kind is Kind.ATTEMPT), 0)


def excuse(entries: Entries) -> str:
    """Why a student is excused from all of it; "" where nobody says so."""
    return next((e.comment for e in entries if e.kind is Kind.EXCUSED and not e.exercise), "")


def deadline_of(entries: Entries, deadline: Deadline) -> Deadline:
    """The deadline that holds for a student."""
    extended = (until_when(entry, deadline) for entry in entries if entry.kind is Kind.EXTENSION)
    return replace(deadline, at=max([deadline.at, *extended]))


def is_extended(entries: Entries) -> bool:
    """Whether a student has more time than the others."""
    return any(entry.kind is Kind.EXTENSION for entry in entries)


def without_excused(report: Report, entries: Entries) -> Report:
    """The report in which what is excused counts no longer."""
    excused = excused_exercises(entries)

    def its(result: ExerciseResult) -> ExerciseResult:
        return replace(result, counts=False, excused=excused[result.id]) if result.id in excused else result

    return replace(report, results=tuple(map(its, report.results))) if excused else report


def with_entries(report: Report, entries: Entries, deadline: Deadline | None) -> Report:
    """The report with the points that are added or taken off, and with all that is said."""
    points = (Adjustment(e.points, e.comment.removesuffix("."), e.exercise) for e in entries if e.kind is Kind.POINTS)
    said = tuple(comments(entries, deadline))
    return replace(report, adjustments=(*report.adjustments, *points), comments=(*report.comments, *said))


def comments(entries: Entries, deadline: Deadline | None) -> Iterator[Comment]:
    """What the instructor says or did beside the points."""
    for entry in entries:
        match entry.kind:
            case Kind.COMMENT:
                yield Comment(entry.comment, entry.exercise)
            case Kind.EXCUSED:
                yield Comment(messages.EXCUSED_WHY.format(why=entry.comment), entry.exercise)
            case Kind.ATTEMPT:
                yield Comment(messages.ATTEMPT_COUNTS.format(number=entry.attempt, why=entry.comment))
            case Kind.EXTENSION if deadline is not None:
                until = f"{until_when(entry, deadline):%Y-%m-%d %H:%M %Z}"
                yield Comment(messages.EXTENDED.format(until=until, why=entry.comment))


def excused_exercises(entries: Entries) -> dict[str, str]:
    return {e.exercise: e.comment for e in entries if e.kind is Kind.EXCUSED and e.exercise}


def until_when(entry: Entry, deadline: Deadline) -> datetime:
    """Until when an extension lasts: to the end of a day, in the time zone of the deadline where it has none."""
    at, until = deadline.at, entry.until
    if until is None:
        try:
            return at + entry.more
        except OverflowError:  # later than there are years
            return datetime.max.replace(tzinfo=at.tzinfo)
    end = until if isinstance(until, datetime) else datetime.combine(until, time.max)
    return end if end.tzinfo else end.replace(tzinfo=at.tzinfo)
