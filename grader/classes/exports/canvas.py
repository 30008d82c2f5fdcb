"""The gradebook that Canvas exports, with one assignment filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from grader.base import messages
from grader.base.errors import OutputError
from grader.base.model import Student
from grader.classes.exports import matching, tables
from grader.classes.exports.tables import Filled, cell
from grader.classes.grades import Grade
from grader.classes.outcome import Outcome
from grader.classes.who import names

# What Canvas takes for no assignment, whatever stands around it; and the columns about the student.
_COMPUTED = re.compile("(Current|Final) (Score|Points|Grade)|Override (Score|Grade|Status)")
_STUDENT = {
    "Student", "LastName", "FirstName", "ID", "SIS User ID", "SIS Login ID", "Integration ID", "Root Account", "Section"
}  # fmt: skip
_READ_ONLY = re.compile(r"\(read\s+only\)", re.IGNORECASE)
_NO_STUDENT = re.compile(r"(Muted|Manual Posting.*)?", re.IGNORECASE | re.DOTALL)
EXCUSED = "EX"  # Canvas's own mark
_TITLE_AND_ID = re.compile(r"(.*?)\s*\(([0-9]+)\)", re.DOTALL)


def fill(text: str, grades: Sequence[Grade], assignment: str = "") -> Filled:
    """The exported gradebook with the grades in the column of the assignment.

    assignment: `Title (123)`, `123` or the title; "" is the only assignment there is. OutputError where the text is no
    gradebook of Canvas, or the assignment is not just one column that can be filled.
    """
    table = tables.read(text)
    header = table.rows[0]
    at = tables.columns(header)
    if not is_gradebook(table):
        raise OutputError(messages.EXPORT_NOT_CANVAS)
    pp_row = next((row for row in table.rows[1:] if _is_about_points(row)), [])
    column = _assignment_column(header, pp_row, assignment)
    possible = tables.number(cell(pp_row, column))
    notes = []
    if possible is None or possible <= 0:
        possible = None
        notes.append(messages.EXPORT_NOT_SCALED)
    keys = {i: _row_keys(row, at) for i, row in enumerate(table.rows) if i and _is_student(row, at)}
    called = {i: _name(table.rows[i], at) for i in keys}
    filled = 0
    refused = []
    for grade, place in zip(grades, matching.find_rows(grades, keys, called, _student_keys), strict=True):
        why = place if isinstance(place, str) else _why_closed(cell(table.rows[place], column), grade)
        if isinstance(place, str) or why:
            refused.append(tables.line_about(grade.student, why))
            continue
        row = table.rows[place]
        if grade.status is Outcome.EXCUSED:
            notes += tables.what_excused(grade, cell(row, column), EXCUSED)
            tables.put(row, column, EXCUSED)
            continue
        new = tables.decimal(tables.scaled(grade, possible), like=cell(pp_row, column))
        notes += tables.what_changes(grade, possible, cell(row, column), new)
        tables.put(row, column, new)
        filled += 1
    return Filled(tables.write(table), filled, tuple(refused), tuple(dict.fromkeys(notes)))


def is_gradebook(table: tables.Table) -> bool:
    """Whether it may be a gradebook that Canvas exported, by its columns."""
    at = tables.columns(table.rows[0])
    return "ID" in at and ("Student" in at or {"LastName", "FirstName"} <= at.keys())


def students(table: tables.Table) -> list[tuple[str, list[str]]]:
    """The students in such a gradebook: the name of each, and the row."""
    at = tables.columns(table.rows[0])
    return [(_name(row, at), row) for row in table.rows[1:] if _is_student(row, at)]


@dataclass(frozen=True)
class _Assignment:
    """A column that is about an assignment: `Title (123)`, or a title without a number."""

    place: int
    title: str
    name: str
    number: str
    can_be_filled: bool


def _assignments(header: Sequence[str], pp_row: Sequence[str]) -> Iterator[_Assignment]:
    """The columns that are not about the student."""
    for place, text in enumerate(header):
        title = text.strip()
        if not title or title in _STUDENT:
            continue
        parts = _TITLE_AND_ID.fullmatch(title)
        is_read_only = _READ_ONLY.search(title) or _READ_ONLY.search(cell(pp_row, place))
        can_be_filled = not (_COMPUTED.search(title) or is_read_only)
        yield _Assignment(place, title, parts[1] if parts else "", parts[2] if parts else "", can_be_filled)


def _meant(assignments: Sequence[_Assignment], wanted: str) -> list[_Assignment]:
    """Those that are meant by `Title (123)`, by 123, or by a title; the first way that fits any of them decides."""
    if not wanted:
        return [one for one in assignments if one.number and one.can_be_filled]
    by_rule = (
        [one for one in assignments if one.title == wanted and one.number],
        [one for one in assignments if one.number == wanted],
        [one for one in assignments if wanted in (one.title, one.name)],
    )
    return next((some for some in by_rule if some), [])


def _assignment_column(header: Sequence[str], pp_row: Sequence[str], assignment: str) -> int:
    """The place of the one column that is meant."""
    wanted = assignment.strip()
    assignments = list(_assignments(header, pp_row))
    meant = _meant(assignments, wanted)
    fillable = [one for one in meant if one.can_be_filled]
    if len(fillable) == 1:
        return fillable[0].place
    if fillable:
        raise OutputError(messages.EXPORT_SEVERAL_ASSIGNMENTS.format(names=_titles(fillable)))
    if meant:
        raise OutputError(messages.EXPORT_READ_ONLY.format(name=meant[0].title))
    others = [one for one in assignments if one.number and one.can_be_filled]
    if wanted and others:
        raise OutputError(messages.EXPORT_NO_SUCH_ASSIGNMENT.format(name=wanted, names=_titles(others)))
    raise OutputError(messages.EXPORT_NO_ASSIGNMENT)


def _titles(assignments: Sequence[_Assignment]) -> str:
    return ", ".join(one.title for one in assignments)


def _is_about_points(row: Sequence[str]) -> bool:
    return "Points Possible" in cell(row, 0)


def _is_student(row: Sequence[str], at: dict[str, int]) -> bool:
    """Whether the row is a student's: not a heading, and not the test student that every course has."""
    if _is_about_points(row) or all(_NO_STUDENT.fullmatch(text.strip()) for text in row):
        return False
    return "test student" not in names(_name(row, at))


def _name(row: Sequence[str], at: dict[str, int]) -> str:
    if "Student" in at:
        return cell(row, at["Student"])
    return f"{cell(row, at['LastName'])}, {cell(row, at['FirstName'])}"


def _row_keys(row: Sequence[str], at: dict[str, int]) -> matching.Keys:
    numbers = [matching.ids(cell(row, at.get(name))) for name in ("ID", "SIS User ID", "SIS Login ID")]
    name = _name(row, at)
    return [*numbers, names(name) | matching.download_names(name)]


def _student_keys(student: Student) -> matching.Keys:
    number = matching.ids(student.id)
    return [number, number, number | matching.ids(student.email), names(student.name)]


def _why_closed(old: str, grade: Grade) -> str:
    """Why this cell is not to be filled; "" where it is."""
    if old.casefold() == EXCUSED.casefold() and grade.status is not Outcome.EXCUSED:
        return messages.EXPORT_EXCUSED
    return messages.EXPORT_NOT_ASSIGNED if old.casefold() == "n/a" else ""
