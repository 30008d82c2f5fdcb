"""grades.csv: a row for each student, a column for each exercise.

It begins with a byte order mark: without one Excel takes UTF-8 for something else, and spoils the names.
"""

from __future__ import annotations

from collections.abc import Sequence

from grader.base.points import shown
from grader.base.text import for_cell
from grader.classes.exports.tables import line
from grader.classes.grades import Grade
from grader.classes.outcome import Outcome
from grader.reports.wording import adjustment, comment


def render(grades: Sequence[Grade], exercises: Sequence[str]) -> str:
    """The grades in the order given, as CSV that is safe to open in a spreadsheet.

    Beside the exercises stands what else changes the points, with the reason, and what the instructor says; and the
    section where a roster gives any.
    Where a status is not "graded", no points are shown: an empty cell is not a zero.
    """
    has_sections = any(grade.student.section for grade in grades)
    section = ["section"] if has_sections else []
    header = ["student", "id", *section, "points", "max_points", "percent", "status"]
    header += ["review", "adjustments", "comments", *exercises]
    lines = [line([for_cell(name) for name in header])]
    for grade in grades:
        is_graded = grade.status is Outcome.GRADED
        lines.append(
            line(
                [
                    for_cell(grade.student.name or grade.student.key),
                    for_cell(grade.student.id),
                    *([for_cell(grade.student.section)] if has_sections else []),
                    shown(grade.points) if is_graded else "",
                    shown(grade.max_points),
                    shown(grade.percent) if is_graded else "",
                    for_cell(grade.status),
                    for_cell(" ".join(grade.review)),
                    for_cell("; ".join(map(adjustment, grade.adjustments))),
                    for_cell("; ".join(map(comment, grade.comments))),
                    *(shown(grade.exercises[e]) if is_graded and e in grade.exercises else "" for e in exercises),
                ]
            )
        )
    return "\ufeff" + "\n".join(lines) + "\n"
