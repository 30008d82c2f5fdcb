"""Whom an instructor's adjustments fit, and which of them change nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from grader.base import messages
from grader.base.model import Student
from grader.base.report import Report
from grader.classes.adjusting import Entries, excuse, excused_exercises, until_when
from grader.classes.adjustments import FILE, Entry, Kind, read_adjustments
from grader.classes.gradebook import Gradebook
from grader.classes.outcome import Grading, Outcome
from grader.classes.policy import Deadline
from grader.classes.toml_file import unknown
from grader.classes.who import People, several_called


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
    return "" if until_when(entry, deadline) > deadline.at else messages.ADJUSTMENTS_NOT_LATER


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
    is_excused = entry.kind is Kind.POINTS and entry.exercise in excused_exercises(own)
    return messages.ADJUSTMENTS_EXERCISE_EXCUSED.format(id=entry.exercise) if is_excused else ""
