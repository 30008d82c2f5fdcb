"""mg-grade export DIR --to FORM: writes the grades in the form that a platform takes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from grader.base import messages
from grader.base.errors import OutputError
from grader.classes.class_report import review_lines
from grader.classes.exports import canvas, feedback, grades_csv, moodle
from grader.classes.exports.tables import Filled
from grader.classes.gradebook import Gradebook
from grader.classes.grades import Grade, grades, settings, written_reports
from grader.classes.outcome import Outcome
from grader.classes.review import open_reasons
from grader.cli.files import make_folder, write
from grader.cli.output import say
from grader.cli.written import adjusted, feedback_page, write_anew
from grader.reports.forms import form as report_form
from grader.reports.forms import written

FILLED_IN = ("canvas", "moodle")  # a file that the platform made
FORMATS = ("csv", *FILLED_IN, "feedback", *written())  # the last: a file for each student
PATH = click.Path(path_type=Path)


@click.command("export", help=messages.HELP_EXPORT)
@click.argument("folder", metavar="DIR", type=PATH)
@click.option("--to", "form", required=True, type=click.Choice(FORMATS), help=messages.HELP_TO)
@click.option("--into", "original", type=PATH, metavar="FILE", help=messages.HELP_INTO)
@click.option("--assignment", default="", metavar="TITLE", help=messages.HELP_ASSIGNMENT)
@click.option("-o", "--output", type=PATH, metavar="PATH", help=messages.HELP_EXPORT_OUTPUT)
def export_command(folder: Path, form: str, original: Path | None, assignment: str, output: Path | None) -> int:
    """Write the grades in the form of a platform; 1 where somebody's could not be filled in."""
    fills = form in FILLED_IN
    if fills != (original is not None):
        raise click.UsageError(messages.INTO_NEEDED if fills else messages.INTO_NOT_NEEDED)
    with Gradebook(folder) as gradebook:
        fitted = adjusted(gradebook)
        write_anew(gradebook, folder, fitted)
        attempt, deadline = settings(gradebook)
        found = grades(gradebook, attempt, deadline, fitted)
        if original is not None:
            found = [grade for grade in found if grade.status is not Outcome.MISSING]  # nobody expects grades of them
            output = output or folder / f"{original.stem}-graded{original.suffix or '.csv'}"
            fill = (lambda text: canvas.fill(text, found, assignment)) if form == "canvas" else _moodle(found)
            return _fill(original, output, fill)
        waiting = review_lines(found)
        if form == "csv":
            output = output or folder / "export.csv"  # grades.csv has all of the class, and is the batch's
            ids = list(dict.fromkeys(exercise for grade in found for exercise in grade.exercises))
            write(output, grades_csv.render([grade for grade in found if not grade.review], ids))
        elif form == "feedback":
            output = output or folder / feedback.FILE
            pages = {
                grading.student.key: feedback_page(grading, report)
                for grading, report in written_reports(gradebook, fitted=fitted)
                if grading.status is not Outcome.ERROR and not open_reasons(gradebook, grading, report)
            }
            known_by = gradebook.setting(feedback.KEPT) or {}
            write(output, feedback.pack(pages, known_by))
            by_hand = [grade.student.called for grade in found if grade.student.key in pages.keys() - known_by.keys()]
            if by_hand and known_by:
                say(messages.NOTE + messages.FEEDBACK_BY_HAND.format(names=", ".join(by_hand)))
        else:
            output = output or folder / form
            chosen_form = report_form(form)
            make_folder(output)
            for grading, report in written_reports(gradebook, fitted=fitted):
                path = output / f"{grading.student.key}{chosen_form.SUFFIX}"
                if open_reasons(gradebook, grading, report) or grading.status is Outcome.EXCUSED:
                    path.unlink(missing_ok=True)  # of an earlier export
                elif report is not None and grading.status is Outcome.GRADED:
                    write(path, chosen_form.render(report))
    say(messages.WRITTEN.format(path=output))
    for line in waiting:
        say(messages.NOT_WRITTEN.format(line=line.strip()), err=True)
    return 1 if waiting else 0


def _moodle(found: list[Grade]) -> Callable[[str], Filled]:
    return lambda text: moodle.fill(text, found)


def _fill(original: Path, output: Path, fill: Callable[[str], Filled]) -> int:
    """Fill in a copy of the file that the instructor exported; 1 where somebody's grade is not in it."""
    if output.exists() and original.exists() and output.samefile(original):
        raise OutputError(messages.NEVER_OVER_ORIGINAL.format(path=original))
    try:
        text = original.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise OutputError(messages.EXPORT_FILE.format(path=original, why=messages.POLICY_NOT_TEXT)) from error
    except OSError as error:
        raise OutputError(messages.EXPORT_FILE.format(path=original, why=error.strerror or error)) from error
    try:
        filled = fill(text)
    except OutputError as error:
        raise OutputError(messages.EXPORT_FILE.format(path=original, why=error)) from error
    write(output, filled.text)
    say(messages.FILLED.format(filled=filled.filled, path=output))
    for line in filled.notes:
        say(messages.NOTE + line)
    for line in filled.refused:
        say(messages.NOT_FILLED.format(line=line), err=True)
    return 1 if filled.refused else 0
