"""Whom an instructor's adjustments fit, and what they make of a report."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from itertools import groupby

from grader.base import messages
from grader.base.model import Student
from grader.base.report import Adjustment, Comment, ExerciseResult, Report
from grader.classes.adjustments import FILE, Entry, Kind, read_adjustments
from grader.classes.gradebook import Gradebook
from grader.classes.outcome import Grading, Outcome
from grader.classes.policy import Deadline
from grader.classes.toml_file import unknown
from grader.classes.who import People, several_called

Entries = Sequence[Entry]


@dataclass(frozen=True)
class Fitted:
    """The adjustments of a class. by_student: key -> those that change something, by kind. lines: what is to be said
    of the others, each with where it stands. state: another where any of them is another."""

    by_student: Mapping[str, Entries]
    lines: tuple[str, ...]
    state: str

    def of(self, key: str) -> Entries:
        """Those of a student."""
        return self.by_student.get(key, ())


def fit(gradebook: Gradebook, deadline: Deadline | None) -> Fitted:
    """The adjustments that lie beside a gradebook. PolicyError where the file is wrong."""
    entries = read_adjustments(gradebook.folder)
    state = hashlib.sha256(repr(entries).encode()).hexdigest() if entries else ""
    if not entries:
        return Fitted({}, (), state)
    by_student, why_not = _by_student(entries, [*gradebook.students(), *gradebook.missing()])
    found = gradebook.latest(by_student)
    gradings = {key: list(some) for key, some in groupby(found, key=lambda grading: grading.student.key)}
    fitting: dict[str, list[Entry]] = {}
    for key, own in by_student.items():
        for entry in own:
            why = _why_without_effect(entry, own, gradings.get(key, []), deadline)
            if why:
                why_not[entry.path] = entry.path, why
            else:
                fitting.setdefault(key, []).append(entry)
    said = tuple(
        messages.ADJUSTMENTS_LINE.format(file=FILE, key=why_not[entry.path][0], why=why_not[entry.path][1])
        for entry in entries
        if entry.path in why_not
    )
    return Fitted(fitting, said, state)


def attempts_that_count(entries: Entries, students: Iterable[Student]) -> dict[str, int]:
    """Key -> the attempt that is to count, of those for whom there is an entry."""
    by_student, _ = _by_student([entry for entry in entries if entry.kind is Kind.ATTEMPT], students)
    return {key: own[0].attempt for key, own in by_student.items()}


def _by_student(
    entries: Entries, students: Iterable[Student]
) -> tuple[dict[str, list[Entry]], dict[str, tuple[str, str]]]:
    """Key -> entries; and of the others path -> what in it fits nobody, and why."""
    there = list(students)
    people = People(there)
    found: dict[str, list[Entry]] = {}
    why_not = {}
    for entry in entries:
        some = people.called(entry.student)
        if len(some) == 1:
            found.setdefault(some[0].key, []).append(entry)
        elif some:
            why_not[entry.path] = f"{entry.path}.student", several_called(entry.student, some)
        else:
            names = dict.fromkeys(name for who in there for name in (who.name, who.key, who.id, who.email) if name)
            why_not[entry.path] = f"{entry.path}.student", unknown(messages.NOBODY_CALLED, entry.student, names)
    return found, why_not


def _why_without_effect(entry: Entry, own: Entries, gradings: Sequence[Grading], deadline: Deadline | None) -> str:
    """Why an entry of a student changes nothing; "" where it does."""
    is_of_all = not entry.exercise
    if entry.kind is Kind.EXCUSED and is_of_all:
        return ""
    if entry.kind is not Kind.COMMENT and excuse(own):
        return messages.ADJUSTMENTS_EXCUSED
    if entry.kind is Kind.COMMENT and is_of_all:
        return ""
    if not gradings:
        return messages.ADJUSTMENTS_NOT_HERE
    if entry.kind is Kind.EXTENSION:
        return _why_no_extension(entry, deadline)
    if entry.kind is Kind.ATTEMPT:
        return _why_no_attempt(entry, own, gradings)
    report = next((one.report for one in reversed(gradings) if one.status is Outcome.GRADED), None)
    if report is None:
        return messages.ADJUSTMENTS_NOT_GRADED
    return "" if is_of_all else _why_no_exercise(entry, own, report)


def _why_no_extension(entry: Entry, deadline: Deadline | None) -> str:
    if deadline is None:
        return messages.ADJUSTMENTS_NO_DEADLINE
    return "" if _until(entry, deadline) > deadline.at else messages.ADJUSTMENTS_NOT_LATER


def _why_no_attempt(entry: Entry, own: Entries, gradings: Sequence[Grading]) -> str:
    first = next(other for other in own if other.kind is Kind.ATTEMPT)
    if first is not entry:
        return messages.ADJUSTMENTS_OTHER_ATTEMPT.format(path=first.path)
    numbers = [grading.attempt for grading in gradings]
    if entry.attempt in numbers:
        return ""
    return messages.ADJUSTMENTS_NO_ATTEMPT.format(number=entry.attempt, numbers=", ".join(map(str, numbers)))


def _why_no_exercise(entry: Entry, own: Entries, report: Report) -> str:
    ids = {result.id: result for result in report.results}
    if entry.exercise not in ids:
        return unknown(messages.POLICY_EXERCISE, entry.exercise, ids)
    if not ids[entry.exercise].counts:
        return messages.ADJUSTMENTS_NOT_ASKED.format(id=entry.exercise)
    is_excused = entry.kind is Kind.POINTS and entry.exercise in _excused(own)
    return messages.ADJUSTMENTS_EXERCISE_EXCUSED.format(id=entry.exercise) if is_excused else ""


# What they make of a report: of entries that fit.


def attempt_of(entries: Entries) -> int:
    """The attempt that counts by an entry; 0 where none says so."""
    return next((entry.attempt for entry in entries if entry.kind is Kind.ATTEMPT), 0)


def excuse(entries: Entries) -> str:
    """Why a student is excused from all of it; "" where nobody says so."""
    return next((e.comment for e in entries if e.kind is Kind.EXCUSED and not e.exercise), "")


def deadline_of(entries: Entries, deadline: Deadline) -> Deadline:
    """The deadline that holds for a student."""
    extended = (_until(entry, deadline) for entry in entries if entry.kind is Kind.EXTENSION)
    return replace(deadline, at=max([deadline.at, *extended]))


def is_extended(entries: Entries) -> bool:
    """Whether a student has more time than the others."""
    return any(entry.kind is Kind.EXTENSION for entry in entries)


def without_excused(report: Report, entries: Entries) -> Report:
    """The report in which what is excused counts no longer."""
    excused = _excused(entries)

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
                until = f"{_until(entry, deadline):%Y-%m-%d %H:%M %Z}"
                yield Comment(messages.EXTENDED.format(until=until, why=entry.comment))


def _excused(entries: Entries) -> dict[str, str]:
    return {e.exercise: e.comment for e in entries if e.kind is Kind.EXCUSED and e.exercise}


def _until(entry: Entry, deadline: Deadline) -> datetime:
    """Until when an extension lasts: to the end of a day, in the time zone of the deadline where it has none."""
    at, until = deadline.at, entry.until
    if until is None:
        try:
            return at + entry.more
        except OverflowError:  # later than there are years
            return datetime.max.replace(tzinfo=at.tzinfo)
    end = until if isinstance(until, datetime) else datetime.combine(until, time.max)
    return end if end.tzinfo else end.replace(tzinfo=at.tzinfo)
