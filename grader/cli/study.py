"""The commands of a learner alone: list, next, hint, reset, solution."""

from __future__ import annotations

from pathlib import Path

import click

from grader import messages
from grader.cli.completion import complete_exercises
from grader.cli.output import say
from grader.errors import StudyError
from grader.reports import terminal
from grader.sandbox.confine import choose
from grader.study.folder import exercise_of, next_hint, reset, solution, study
from grader.study.progress import read_progress

_id = click.argument("exercise_id", metavar="ID", shell_complete=complete_exercises)
folder_argument = click.argument(
    "folder", metavar="[DIR]", type=click.Path(exists=True, file_okay=False, path_type=Path), default="."
)


@click.command("list", help=messages.HELP_LIST)
@folder_argument
def list_command(folder: Path) -> int:
    """Print the table, how far it goes, and which hints were seen."""
    found = study(folder, choose().level)
    say(terminal.table(found.report) + terminal.notes(found.report), nl=False)
    say(messages.STUDY_PASSED.format(passed=found.passed, total=len(found.report.results)))
    if found.progress.hints:
        seen = ", ".join(f"{exercise} {number}" for exercise, number in found.progress.hints.items())
        say(messages.STUDY_HINTS.format(seen=seen))
    return 0


@click.command("next", help=messages.HELP_NEXT)
@folder_argument
def next_command(folder: Path) -> int:
    """Print the exercise to work on, with its feedback where it was begun."""
    found = study(folder, choose().level)
    for exercise in found.new:
        say(terminal.learnt(exercise), nl=False)
    result = found.current
    if result is None:
        say(terminal.paragraph(messages.ALL_DONE), nl=False)
        return 0
    if found.is_done:
        say(terminal.paragraph(messages.ALL_BUT_BONUS.format(id=result.exercise.id)))
    say(terminal.one(result), nl=False)
    seen, most = found.progress.hints.get(result.exercise.id, 0), len(result.exercise.hints)
    say(terminal.notes(found.report), nl=False)
    say(messages.STUDY_MORE.format(id=result.exercise.id, seen=seen, most=most))
    return 0


@click.command("hint", help=messages.HELP_HINT)
@_id
@folder_argument
def hint_command(exercise_id: str, folder: Path) -> int:
    """Print one hint more."""
    exercise = exercise_of(exercise_id)
    say(terminal.paragraph(next_hint(folder, exercise)), nl=False)
    return 0


@click.command("reset", help=messages.HELP_RESET)
@_id
@folder_argument
def reset_command(exercise_id: str, folder: Path) -> int:
    """Put a gap back as it came."""
    exercise = exercise_of(exercise_id)
    backup = reset(folder, exercise)
    say(messages.RESET_DONE.format(id=exercise.gap, file=exercise.file, backup=backup))
    return 0


@click.command("solution", help=messages.HELP_SOLUTION)
@_id
@folder_argument
@click.option("--give-up", is_flag=True, help=messages.HELP_GIVE_UP)
def solution_command(exercise_id: str, folder: Path, give_up: bool) -> int:
    """Print what the solutions have in the gap of an exercise."""
    exercise = exercise_of(exercise_id)
    has_passed = exercise.id in read_progress(folder).passed
    if not has_passed and not give_up:
        has_passed = exercise.id in study(folder, choose().level, [exercise.id]).progress.passed
        if not has_passed:
            raise StudyError(messages.NOT_PASSED.format(id=exercise.id))
    say(solution(folder, exercise, has_passed))
    return 0
