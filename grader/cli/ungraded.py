"""What list, next and reset are in an edition without answers: what is begun is seen, and what passes is not."""

from __future__ import annotations

import itertools
from pathlib import Path

import click

from grader.base import messages
from grader.base.points import shown
from grader.cli.exercises import folder_argument, id_argument, put_back, say_hints, say_more
from grader.cli.output import say
from grader.kit import graded_at, read_kit
from grader.kit.naming import exercise_of
from grader.reports.forms import terminal
from grader.study.begun import Begun, begun
from grader.study.progress import read_progress


@click.command("list", help=messages.HELP_LIST_UNGRADED)
@folder_argument
def list_command(folder: Path) -> int:
    """Print the exercises by chapter, which of them are begun, and which hints were seen."""
    kit = read_kit()
    manifest, found = kit.manifest, begun(folder, kit)
    for (file, chapter), group in itertools.groupby(manifest.exercises, key=lambda e: (e.file, e.chapter)):
        say(click.style(f"{file}  {chapter}", bold=True))
        for exercise in group:
            state = messages.BEGUN if exercise.id in found.ids else messages.NOT_STARTED
            say(f"  {exercise.id:<{terminal.ID_WIDTH}}  {exercise.title:<42} {shown(exercise.points):>3}  {state}")
    _say_notes(found)
    say("")
    say(messages.BEGUN_OF.format(begun=len(found.ids), total=len(manifest.exercises)))
    say_hints(read_progress(folder))
    say(terminal.paragraph(graded_at()), nl=False)
    return 0


@click.command("next", help=messages.HELP_NEXT_UNGRADED)
@folder_argument
def next_command(folder: Path) -> int:
    """Print the first exercise that is not begun; a bonus comes last."""
    kit = read_kit()
    manifest, found = kit.manifest, begun(folder, kit)
    left = sorted((e for e in manifest.exercises if e.id not in found.ids), key=lambda e: e.bonus)
    if not left:
        say(terminal.paragraph(f"{messages.ALL_BEGUN} {graded_at()}"), nl=False)
    for exercise in left[:1]:
        say(f"  {exercise.id:<{terminal.ID_WIDTH}}  {exercise.title}\n")
        place = found.places.get(exercise.id, exercise.file)
        text = messages.STUDY_NEXT.format(id=exercise.id, place=place, minutes=exercise.minutes, gap=exercise.gap)
        say(terminal.paragraph(text), nl=False)
        say_more(exercise, read_progress(folder))
    _say_notes(found)
    return 0


@click.command("reset", help=messages.HELP_RESET_UNGRADED)
@id_argument
@folder_argument
@click.option("-y", "--yes", is_flag=True, help=messages.HELP_YES_UNGRADED)
def reset_command(exercise_id: str, folder: Path, yes: bool) -> int:
    """Put a gap back as it came; ask before that takes work away."""
    kit = read_kit()
    exercise = exercise_of(kit.manifest, exercise_id)
    if yes or exercise.id not in begun(folder, kit).ids:
        return put_back(folder, kit, exercise)
    refusal = messages.RESET_UNGRADED_NEEDS_YES.format(id=exercise.id)
    return put_back(folder, kit, exercise, messages.RESET_UNGRADED_ASKS.format(id=exercise.id), refusal)


def _say_notes(found: Begun) -> None:
    for one in found.notes:
        say(terminal.paragraph(f"{messages.NOTE}{one}"), nl=False)
