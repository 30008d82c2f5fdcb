"""The files of a class, as the gradebook has it now: grades.csv, and the report and the feedback of each student."""

from __future__ import annotations

from pathlib import Path

from grader.base import messages
from grader.base.errors import OutputError
from grader.classes.exports import grades_csv
from grader.classes.gradebook import Gradebook
from grader.classes.grades import Grade, grades, settings, written_reports
from grader.cli.files import write
from grader.reports.forms import json as json_form
from grader.reports.forms import markdown


def write_all(gradebook: Gradebook, out: Path) -> list[Grade]:
    """grades.csv, whose grades come back, and the reports, of everybody: the deadline may be another than before."""
    attempt, deadline = settings(gradebook)
    found = grades(gradebook, attempt, deadline)
    ids = list(dict.fromkeys(exercise for grade in found for exercise in grade.exercises))
    write(out / "grades.csv", grades_csv.render(found, ids))
    reports = out / "reports"
    try:
        reports.mkdir(exist_ok=True)
    except OSError as error:
        raise OutputError(messages.CANNOT_WRITE.format(path=reports, why=error.strerror)) from error
    for grading, report in written_reports(gradebook):
        key = grading.student.key
        if report is None:
            (reports / f"{key}.json").unlink(missing_ok=True)
            write(reports / f"{key}.md", markdown.nothing(grading.comment, grading.student.name))
        else:
            write(reports / f"{key}.json", f"{json_form.compact(report)}\n")
            write(reports / f"{key}.md", markdown.render(report))
    return found
