"""The grading worksheet that Moodle exports, filled in."""

from __future__ import annotations

import re
from collections.abc import Sequence

from grader.base import messages
from grader.base.errors import OutputError
from grader.base.model import Student
from grader.base.points import rounded
from grader.base.text import for_cell
from grader.classes.exports import matching, tables
from grader.classes.exports.tables import Filled, cell
from grader.classes.grades import Grade
from grader.classes.outcome import Outcome
from grader.classes.who import names

_REQUIRED = ("Identifier", "Grade", "Last modified (grade)")


def fill(text: str, grades: Sequence[Grade]) -> Filled:
    """The worksheet with grades and, where there are none yet, feedback comments.

    What Moodle would skip on import without a word is refused by name. OutputError where the text is no worksheet of
    an assignment that is graded in points.
    """
    table = tables.read(text)
    at = tables.columns(table.rows[0])
    missing = [name for name in _REQUIRED if name not in at]
    if missing:
        raise OutputError(messages.EXPORT_NOT_MOODLE.format(names=", ".join(missing)))
    if "Scale" in at and "Maximum Grade" not in at:
        raise OutputError(messages.EXPORT_SCALE)
    notes = [] if "Maximum Grade" in at else [messages.EXPORT_NOT_SCALED]
    students = {i: _row_keys(row, at) for i, row in enumerate(table.rows) if i}
    called = {i: cell(table.rows[i], at.get("Full name")) for i in students}
    filled = 0
    refused = []
    for grade, place in zip(grades, matching.find_rows(grades, students, called, _student_keys), strict=True):
        why = place if isinstance(place, str) else _why_skipped(table.rows[place], at)
        if isinstance(place, str) or why:
            refused.append(tables.line_about(grade.student, why))
            continue
        row = table.rows[place]
        if grade.status is Outcome.EXCUSED:
            notes += tables.what_excused(grade, cell(row, at["Grade"]))
            continue
        is_new, said = _put_grade(row, at, grade)
        notes += said
        filled += is_new
        feedback = at.get("Feedback comments")
        if feedback is not None and grade.comment and not cell(row, feedback):
            tables.put(row, feedback, for_cell(grade.comment))
    return Filled(tables.write(table), filled, tuple(refused), tuple(dict.fromkeys(notes)))


def _put_grade(row: list[str], at: dict[str, int], grade: Grade) -> tuple[bool, list[str]]:
    """Write the grade, unless it is there already. Whether it was written, and what is to be noted."""
    text = cell(row, at.get("Maximum Grade"))
    maximum = tables.number(text)
    value = tables.scaled(grade, maximum)
    notes = []
    if maximum is not None and rounded(value) > maximum:
        value = maximum
        notes.append(tables.line_about(grade.student, messages.EXPORT_CAPPED.format(maximum=text)))
    old = cell(row, at["Grade"])
    if tables.number(old) == rounded(value):
        return False, [*notes, tables.line_about(grade.student, messages.EXPORT_UNCHANGED)]
    new = tables.decimal(value, like=text or old)
    notes += tables.what_changes(grade, maximum, old, new)
    tables.put(row, at["Grade"], new)
    return True, notes


def _why_skipped(row: Sequence[str], at: dict[str, int]) -> str:
    """Why Moodle would not import a grade for this row; "" where it would."""
    if cell(row, at.get("Grade can be changed")).casefold() in ("no", "locked"):
        return messages.EXPORT_LOCKED
    maximum = tables.number(cell(row, at.get("Maximum Grade")))
    if "Maximum Grade" in at and (maximum is None or maximum <= 0):
        return messages.EXPORT_BAD_MAXIMUM
    return ""


def _row_keys(row: Sequence[str], at: dict[str, int]) -> matching.Keys:
    number = re.search("[0-9]+$", cell(row, at["Identifier"]))
    email = matching.ids(cell(row, at.get("Email address")))
    return [matching.ids(number[0] if number else ""), email, names(cell(row, at.get("Full name")))]


def _student_keys(student: Student) -> matching.Keys:
    return [matching.ids(student.id), matching.ids(student.email), names(student.name)]
