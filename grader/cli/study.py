"""The commands of a learner alone that look at what passes: list, next, reset, solution."""

from __future__ import annotations

from pathlib import Path

import click

from grader.base import messages
from grader.base.errors import StudyError
from grader.cli.exercises import folder_argument, id_argument, put_back, say_hints, say_more
from grader.cli.output import say, show_tracebacks
from grader.kit import read_kit
from grader.kit.naming import exercise_of
from grader.reports.forms import terminal
from grader.sandbox.confine import choose
from grader.study.graded import passing, solution, study
from grader.study.progress import read_progress


@click.command("list", help=messages.HELP_LIST)
@folder_argument
def list_command(folder: Path) -> int:
    """Print the table, how far it goes, and which hints were seen."""
    found = study(folder, read_kit(), choose().level)
    show_tracebacks(found.report.tracebacks)
    say(terminal.table(found.report) + terminal.notes(found.report), nl=False)
    say(messages.STUDY_PASSED.format(passed=found.passed, total=len(found.report.results)))
    say_hints(found.progress)
    return 0


@click.command("next", help=messages.HELP_NEXT)
@folder_argument
def next_command(folder: Path) -> int:
    """Print the exercise to work on, with its feedback where it was begun."""
    kit = read_kit()
    found = study(folder, kit, choose().level)
    show_tracebacks(found.report.tracebacks)
    for done in found.new:
        say(terminal.learnt(done), nl=False)
    result = found.current
    if result is None:
        say(terminal.paragraph(messages.ALL_DONE), nl=False)
        return 0
    if found.is_done:
        say(terminal.paragraph(messages.ALL_BUT_BONUS.format(id=result.id)))
    say(terminal.one(found.report, result.id), nl=False)
    say(terminal.notes(found.report, result.id), nl=False)
    say_more(kit.manifest.by_id[result.id], found.progress)
    return 0


@click.command("reset", help=messages.HELP_RESET)
@id_argument
@folder_argument
@click.option("-y", "--yes", is_flag=True, help=messages.HELP_YES)
def reset_command(exercise_id: str, folder: Path, yes: bool) -> int:
    """Put a gap back as it came; ask before that takes passing work away."""
    kit = read_kit()
    exercise = exercise_of(kit.manifest, exercise_id)
    ids = messages.LAST_OF_LIST.join([] if yes else passing(folder, kit, exercise, choose().level))
    if not ids:
        return put_back(folder, kit, exercise)
    refusal = messages.RESET_NEEDS_YES.format(ids=ids, id=exercise.id)
    return put_back(folder, kit, exercise, messages.RESET_ASKS.format(ids=ids), refusal)


@click.command("solution", help=messages.HELP_SOLUTION)
@id_argument
@folder_argument
@click.option("--give-up", is_flag=True, help=messages.HELP_GIVE_UP)
def solution_command(exercise_id: str, folder: Path, give_up: bool) -> int:
    """Print what the solutions have in the gap of an exercise."""
    kit = read_kit()
    exercise = exercise_of(kit.manifest, exercise_id)
    has_passed = exercise.id in read_progress(folder).passed
    if not has_passed and not give_up:
        has_passed = exercise.id in study(folder, kit, choose().level, [exercise.id]).progress.passed
        if not has_passed:
            raise StudyError(messages.NOT_PASSED.format(id=exercise.id))
    say(solution(folder, kit, exercise, has_passed))
    return 0
