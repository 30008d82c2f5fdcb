"""The files of a class, as the gradebook has it now: grades.csv, and the report and the feedback of each student."""

from __future__ import annotations

from pathlib import Path

from grader.base import messages
from grader.base.errors import OutputError
from grader.classes.exports import grades_csv
from grader.classes.fitting import Fitted, fit
from grader.classes.gradebook import Gradebook
from grader.classes.grades import Grade, grades, settings, written_reports
from grader.cli.files import alone_if_free, write
from grader.cli.output import say
from grader.reports.forms import json as json_form
from grader.reports.forms import markdown

STATE = "written"  # the setting: by which adjustments


def adjusted(gradebook: Gradebook, is_quiet: bool = False) -> Fitted:
    """What the instructor adjusts now; what of it changes nothing is said in a line. PolicyError where it is wrong."""
    _, deadline = settings(gradebook)
    fitted = fit(gradebook, deadline)
    for line in () if is_quiet else fitted.lines:
        say(line, err=True)
    return fitted


def write_anew(gradebook: Gradebook, out: Path, fitted: Fitted, is_other: bool = False) -> None:
    """Write all again where the adjustments are others than when it was written, or something else is: one number
    stands everywhere. A batch that is at work does that at its end."""
    if is_other or fitted.state != (gradebook.setting(STATE) or ""):
        with alone_if_free(out) as is_free:
            if is_free:
                write_all(gradebook, out, fitted)


def write_all(gradebook: Gradebook, out: Path, fitted: Fitted | None = None) -> list[Grade]:
    """grades.csv, whose grades come back, and the reports, of everybody: the deadline may be another than before.

    fitted: what the instructor adjusts, read and spoken of now where it is not given.
    """
    attempt, deadline = settings(gradebook)
    fitted = fitted or adjusted(gradebook)
    found = grades(gradebook, attempt, deadline, fitted)
    ids = list(dict.fromkeys(exercise for grade in found for exercise in grade.exercises))
    write(out / "grades.csv", grades_csv.render(found, ids))
    reports = out / "reports"
    try:
        reports.mkdir(exist_ok=True)
    except OSError as error:
        raise OutputError(messages.CANNOT_WRITE.format(path=reports, why=error.strerror)) from error
    for grading, report in written_reports(gradebook, fitted=fitted):
        key = grading.student.key
        if report is None:
            (reports / f"{key}.json").unlink(missing_ok=True)
            write(reports / f"{key}.md", markdown.nothing(grading.comment, grading.student.name))
        else:
            write(reports / f"{key}.json", f"{json_form.compact(report)}\n")
            write(reports / f"{key}.md", markdown.render(report))
    if fitted.state != (gradebook.setting(STATE) or ""):
        gradebook.keep_setting(STATE, fitted.state)
    return found
