"""The files of a class, as the gradebook has it now: grades.csv, the page of the class and of pairs that are alike, and
the report and the feedback of each student."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from grader.base.report import Report
from grader.classes import class_page, pairs
from grader.classes.changes import moved_by
from grader.classes.class_page import Class, Row
from grader.classes.exports import grades_csv
from grader.classes.fitting import Fitted, fit
from grader.classes.gradebook import Gradebook
from grader.classes.grades import Counted, Grade, grades, is_late, settings, written_reports
from grader.classes.outcome import Grading, Outcome
from grader.classes.pairs import PairShown
from grader.classes.policy import Deadline
from grader.classes.similarity import OwnCode
from grader.cli.files import alone_if_free, make_folder, write
from grader.cli.output import say
from grader.kit import read_kit
from grader.reports.forms import html, markdown
from grader.reports.forms import json as json_form

PAGE = "index.html"  # of the class
REPORTS, PAIRS = "reports", "pairs"  # folders

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
    """grades.csv, whose grades come back, and the pages and reports of everybody: the deadline may be another than
    before.

    fitted: what the instructor adjusts, read and spoken of now where it is not given.
    """
    fitted = fitted or adjusted(gradebook)
    make_folder(out / REPORTS)
    found, counted, class_ = _as_it_is(gradebook, fitted, lambda grading, report: _write_report(out, grading, report))
    ids = list(dict.fromkeys(exercise for grade in found for exercise in grade.exercises))
    write(out / "grades.csv", grades_csv.render(found, ids))
    _write_pairs(out / PAIRS, gradebook, class_, counted)
    write(out / PAGE, class_page.render(class_))
    if fitted.state != (gradebook.setting(STATE) or ""):
        gradebook.keep_setting(STATE, fitted.state)
    return found


def remove_report(out: Path, key: str) -> None:
    """Take away what was written for a student."""
    for form in (json_form, markdown, html):
        (out / REPORTS / f"{key}{form.SUFFIX}").unlink(missing_ok=True)


def _write_report(out: Path, grading: Grading, report: Report | None) -> None:
    key, folder = grading.student.key, out / REPORTS
    if report is None:
        remove_report(out, key)
        write(folder / f"{key}{markdown.SUFFIX}", markdown.nothing(grading.comment, grading.student.name))
        write(folder / f"{key}{html.SUFFIX}", feedback_page(grading, None))
    else:
        write(folder / f"{key}{json_form.SUFFIX}", f"{json_form.compact(report)}\n")
        write(folder / f"{key}{markdown.SUFFIX}", markdown.render(report))
        write(folder / f"{key}{html.SUFFIX}", html.render(report))


def feedback_page(grading: Grading, report: Report | None) -> str:
    """The page for a student: of the report, or why there is none."""
    if report is not None and grading.status is Outcome.GRADED:
        return html.render(report)
    return html.nothing(grading.comment, grading.student.called, is_excused=grading.status is Outcome.EXCUSED)


def _as_it_is(
    gradebook: Gradebook, fitted: Fitted, use: Callable[[Grading, Report | None], None] = lambda grading, report: None
) -> tuple[list[Grade], list[Counted], Class]:
    """The grades of all, the attempts that count, in brief, and what the page of the class shows of both.

    The reports of a large class are more than there is memory: each is read once, given to use(), and forgotten."""
    attempt, deadline = settings(gradebook)
    counted: list[Counted] = []
    changes: list[str] = []

    def one_by_one() -> Iterator[Counted]:
        for grading, report in written_reports(gradebook, fitted=fitted):
            use(grading, report)
            if grading.status is Outcome.GRADED:
                was = gradebook.replaced(grading.student.key, grading.attempt)
                changes.extend(moved_by(was, grading) if was else ())
            counted.append((replace(grading, document=None), class_page.in_brief(report)))
            yield grading, report

    found = grades(gradebook, attempt, deadline, fitted, one_by_one())
    return found, counted, _shown(gradebook, deadline, fitted, found, counted, sorted(changes))


def _shown(
    gradebook: Gradebook,
    deadline: Deadline | None,
    fitted: Fitted,
    found: list[Grade],
    counted: list[Counted],
    changes: list[str],
) -> Class:
    attempts = gradebook.handed_in()
    by_key = {grading.student.key: (grading, report) for grading, report in counted}
    rows = []
    for grade in found:
        key = grade.student.key
        its, report = by_key.get(key, (None, None))
        submitted = its.submitted if its else None
        is_its_late = its is not None and is_late(its, deadline, fitted.of(key))
        link = f"{REPORTS}/{key}{html.SUFFIX}" if its else ""
        is_adjusted = bool(fitted.of(key))
        rows.append(Row(grade, report, len(attempts.get(key, ())), submitted, is_its_late, link, is_adjusted))
    called = Counter(row.name for row in rows)
    rows = [replace(row, key=row.grade.student.key) if called[row.name] > 1 else row for row in rows]
    names = {row.grade.student.key: f"{row.name} ({row.key})" if row.key else row.name for row in rows}
    alike = pairs.pairs([grading for grading, _ in counted], read_kit(), gradebook)
    return Class(
        rows=rows,
        deadline=deadline.at if deadline else None,
        times=[time for times in attempts.values() for time in times if time],
        changes=changes,
        pairs=[
            PairShown(pair, names[pair.first], names[pair.second], f"{PAIRS}/{number}{html.SUFFIX}")
            for number, pair in enumerate(alike, 1)
        ],
        name=gradebook.folder.resolve().name,
    )


def write_page(gradebook: Gradebook, file: Path, fitted: Fitted, is_anonymous: bool) -> None:
    """The page of the class alone, to a file anywhere: without links to the others, and without names if they are not
    to be seen."""
    _, _, class_ = _as_it_is(gradebook, fitted)
    rows = [replace(row, link="") for row in class_.rows]
    alike = [replace(shown, link="") for shown in class_.pairs]
    write(file, class_page.render(replace(class_, rows=rows, pairs=alike), is_anonymous))


def _write_pairs(folder: Path, gradebook: Gradebook, class_: Class, counted: list[Counted]) -> None:
    """A page for each pair that is alike, and none that was there before."""
    if not class_.pairs and not folder.exists():
        return
    make_folder(folder)
    for left in {*folder.glob(f"*{html.SUFFIX}")} - {folder.parent / shown.link for shown in class_.pairs}:
        left.unlink()
    own_code = OwnCode(pairs.everybodys(read_kit()))
    alike = {key for shown in class_.pairs for key in (shown.pair.first, shown.pair.second)}
    sources = dict(pairs.sources((grading for grading, _ in counted if grading.student.key in alike), gradebook))
    for number, shown in enumerate(class_.pairs, 1):
        first, second = sources[shown.pair.first], sources[shown.pair.second]
        write(folder / f"{number}{html.SUFFIX}", pairs.render(shown, first, second, own_code))
