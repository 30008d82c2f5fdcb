"""mg-grade gradebook DIR: shows a class; and mg-grade similar DIR: lists who is alike in it."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from pathlib import Path

import click

from grader.base import messages
from grader.base.errors import OutputError
from grader.base.model import Student
from grader.classes import class_report
from grader.classes.fitting import Fitted
from grader.classes.gradebook import Gradebook
from grader.classes.grades import Grade, grades, settings, written_reports
from grader.classes.item_analysis import facts
from grader.classes.outcome import Outcome
from grader.classes.pairs import everybodys
from grader.classes.review import accept, open_reasons
from grader.classes.similarity import AT_LEAST, OwnCode, alike_in
from grader.classes.who import People, several_called
from grader.cli.forget import forget
from grader.cli.keep_fresh import keep_fresh
from grader.cli.output import say
from grader.cli.written import adjusted, write_anew, write_page
from grader.kit import read_kit

FOLDER = click.Path(path_type=Path)


@click.command("gradebook", help=messages.HELP_GRADEBOOK)
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.option("--ranking", is_flag=True, help=messages.HELP_RANKING)
@click.option("--section", default="", metavar="NAME", help=messages.HELP_SECTION)
@click.option("--accept", "accepted", multiple=True, metavar="STUDENT", help=messages.HELP_ACCEPT)
@click.option("--forget", "forgotten", default="", metavar="STUDENT", help=messages.HELP_FORGET)
@click.option("--watch", is_flag=True, help=messages.HELP_WATCH_CLASS)
@click.option("--html", "page", type=click.Path(path_type=Path), metavar="FILE", help=messages.HELP_CLASS_PAGE)
@click.option("--anonymous", is_flag=True, help=messages.HELP_ANONYMOUS)
def gradebook_command(
    folder: Path,
    ranking: bool,
    section: str,
    accepted: tuple[str, ...],
    forgotten: str,
    watch: bool,
    page: Path | None,
    anonymous: bool,
) -> int:
    """Print the class, or a section of it, with some of its grades accepted; or forget somebody, or keep it fresh."""
    if forgotten:
        return forget(folder, forgotten)
    if watch:
        return keep_fresh(folder)
    if anonymous and page is None:
        raise click.UsageError(messages.ANONYMOUS_PAGE)
    with Gradebook(folder) as gradebook:
        fitted = adjusted(gradebook)
        if accepted:
            _accept(gradebook, accepted, fitted)
        write_anew(gradebook, folder, fitted, is_other=bool(accepted))
        if page is not None:
            write_page(gradebook, page, fitted, anonymous)
            say(messages.WRITTEN.format(path=page))
            return 0
        attempt, deadline = settings(gradebook)
        found = grades(gradebook, attempt, deadline, fitted)
        if section:
            found = _of_section(found, section, folder)
        there = {grade.student.key for grade in found}
        counted = [
            (grading, report)
            for grading, report in written_reports(gradebook, fitted=fitted)
            if grading.student.key in there and grading.status is Outcome.GRADED and report is not None
        ]
        say(class_report.render(found, facts(report for _, report in counted), ranking), nl=False)
        kept = (grading.report for grading, _ in counted)
        seeds = sorted({report.seed for report in kept if report is not None and report.seed is not None})
        if seeds:
            say(messages.CLASS_SEEDS.format(seeds=", ".join(map(str, seeds))))
    return 0


def _of_section(found: list[Grade], section: str, folder: Path) -> list[Grade]:
    some = [grade for grade in found if grade.student.section.casefold() == section.casefold()]
    if not some:
        names = sorted({grade.student.section for grade in found} - {""})
        known = messages.SECTIONS.format(names=", ".join(names)) if names else messages.NO_SECTIONS
        raise OutputError(messages.NO_SECTION.format(section=section, folder=folder, known=known))
    return some


def _accept(gradebook: Gradebook, names: Sequence[str], fitted: Fitted) -> None:
    """Accept the grades of those who are up for review and are called so, all or none."""
    waiting = {
        grading.student: (grading, report)
        for grading, report in written_reports(gradebook, fitted=fitted)
        if report is not None and open_reasons(gradebook, grading, report)
    }
    wanted = list(waiting) if "all" in names else [_one_called(name, waiting) for name in names]
    accept(gradebook, [waiting[who] for who in wanted])
    told = ", ".join(who.called for who in wanted)
    say(messages.REVIEW_ACCEPTED.format(names=told) if told else messages.REVIEW_EMPTY)


def _one_called(name: str, waiting: Collection[Student]) -> Student:
    found = People(waiting).called(name)
    if len(found) == 1:
        return found[0]
    if found:
        raise click.UsageError(several_called(name, found))
    names = ", ".join(who.called for who in waiting)
    others = messages.REVIEW_OTHERS.format(names=names) if names else messages.REVIEW_EMPTY
    raise click.UsageError(messages.REVIEW_NOBODY.format(name=name, others=others))


@click.command("similar", help=messages.HELP_SIMILAR)
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.option(
    "--at-least",
    type=click.FloatRange(0, 100),
    default=round(100 * AT_LEAST),
    show_default=True,
    help=messages.HELP_AT_LEAST,
)
@click.option("--json", "as_json", is_flag=True, help=messages.HELP_SIMILAR_JSON)
def similar_command(folder: Path, at_least: float, as_json: bool) -> int:
    """Print the pairs that are alike."""
    with Gradebook(folder) as gradebook:
        own_code = OwnCode(everybodys(read_kit()))
        own, names = {}, {}
        for grading, _ in written_reports(gradebook, with_sources=True):
            key = grading.student.key
            own[key], names[key] = own_code.of(grading.sources.values()), grading.student.name
    pairs = alike_in(own, at_least / 100)
    if as_json:
        rows = [{"first": p.first, "second": p.second, "share": round(p.share, 4), "pieces": p.tokens} for p in pairs]
        say(json.dumps(rows, indent=1))
        return 0
    for pair in pairs:
        say(messages.ALIKE.format(share=pair.share, first=names[pair.first], second=names[pair.second]))
    say(messages.ALIKE_MEANS if pairs else messages.NONE_ALIKE)
    return 0
