"""grades.csv: a row for each student, a column for each exercise.

It begins with a byte order mark: without one Excel takes UTF-8 for something else, and spoils the names.
"""

from __future__ import annotations

from collections.abc import Sequence

from grader.classes.exports.tables import decimal, line, safe
from grader.classes.gradebook import Outcome
from grader.classes.grades import Grade


def render(grades: Sequence[Grade], exercises: Sequence[str]) -> str:
    """The grades in the order given, as CSV that is safe to open in a spreadsheet.

    Where a status is not "graded", no points are shown: an empty cell is not a zero.
    """
    header = ["student", "id", "points", "max_points", "percent", "status", "review", *exercises]
    lines = [line([safe(name) for name in header])]
    for grade in grades:
        is_graded = grade.status is Outcome.GRADED
        lines.append(
            line(
                [
                    safe(grade.student.name or grade.student.key),
                    safe(grade.student.id),
                    decimal(grade.points, 4) if is_graded else "",
                    decimal(grade.max_points, 4),
                    f"{grade.percent:.2f}" if is_graded else "",
                    safe(grade.status),
                    safe(" ".join(grade.review)),
                    *(decimal(grade.exercises[e], 4) if is_graded and e in grade.exercises else "" for e in exercises),
                ]
            )
        )
    return "\ufeff" + "\n".join(lines) + "\n"
