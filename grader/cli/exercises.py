"""The commands of a learner that grade nothing: init, upgrade, hint; and what both editions of the others
have in common."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import click

from grader.base import messages
from grader.base.errors import StudyError
from grader.cli.completion import complete_exercises
from grader.cli.output import say
from grader.kit import NOTEBOOK, Kit, no_answers, read_kit
from grader.kit.model import Exercise
from grader.kit.naming import exercise_of
from grader.reports.forms import terminal
from grader.study.folder import BACKUPS, next_hint, reset
from grader.study.progress import Progress
from grader.study.upgrade import AS_IT_CAME, copy_kit, upgrade

id_argument = click.argument("exercise_id", metavar="ID", shell_complete=complete_exercises)
folder_argument = click.argument(
    "folder", metavar="[DIR]", type=click.Path(exists=True, file_okay=False, path_type=Path), default="."
)


def say_hints(progress: Progress) -> None:
    """Which hints were seen, if any."""
    if progress.hints:
        seen = ", ".join(f"{exercise} {number}" for exercise, number in progress.hints.items())
        say(messages.STUDY_HINTS.format(seen=seen))


def say_more(exercise: Exercise, progress: Progress) -> None:
    """How to see one hint more."""
    seen, most = progress.hints.get(exercise.id, 0), len(exercise.hints)
    say(messages.STUDY_MORE.format(id=exercise.id, seen=seen, most=most))


def put_back(folder: Path, kit: Kit, exercise: Exercise, question: str = "", refusal: str = "") -> int:
    """Put the gap of an exercise back as it came. question: what is asked first, if anything; refusal: what is said
    where nobody can be asked, as a StudyError."""
    if question and not (sys.stdin and sys.stdin.isatty()):
        raise StudyError(refusal)
    if question and not click.confirm(question):
        say(messages.RESET_LEFT)
        return 0
    backup = reset(folder, kit, exercise)
    say(messages.RESET_DONE.format(id=exercise.gap, file=exercise.file, backup=backup))
    return 0


@click.command("init", help=messages.HELP_INIT)
@click.argument("folder", metavar="[DIR]", type=click.Path(file_okay=False, path_type=Path), default=".")
@click.option("--classroom", "has_classroom", is_flag=True, help=messages.HELP_CLASSROOM)
def init_command(folder: Path, has_classroom: bool) -> int:
    """Copy the stubs, the notebook and the data into a folder that holds none of them yet."""
    kit = read_kit()
    if not has_classroom:
        copy_kit(kit, folder)
    elif not kit.has_answers:
        raise StudyError(no_answers("--classroom"))
    else:
        # Not in an edition without answers.
        from grader.upkeep.classroom import check_classroom, classroom, write_classroom

        files = classroom(kit)
        check_classroom(folder, files)
        copy_kit(kit, folder)
        write_classroom(folder, files)
    text = messages.INIT_DONE if kit.has_answers else messages.INIT_DONE_UNGRADED
    first = folder / kit.manifest.files[0]
    say(text.format(folder=folder, first=first, quoted=shlex.quote(str(folder))))
    if has_classroom:
        say(messages.CLASSROOM_DONE)
    return 0


@click.command("upgrade", help=messages.HELP_UPGRADE)
@folder_argument
def upgrade_command(folder: Path) -> int:
    """Merge the kit into a learner's folder, and say what changed."""
    done = upgrade(read_kit(), folder)
    # Of the book it is enough to say how much came, but where something else is to be said.
    book = [c for c in done.changes if c.file.startswith("book/") and c.content is not None and not c.conflicts]
    for change in done.changes:
        if change in book:
            continue
        lines = messages.UPGRADE_LINES.format(added=change.added, removed=change.removed)
        unchanged = messages.UPGRADE_UNCHANGED if change.content is None else lines
        say(f"{change.file}: {change.remark or unchanged}")
        text = messages.UPGRADE_CELLS if change.file == NOTEBOOK else messages.UPGRADE_CONFLICT
        for number in change.conflicts:
            say("  " + text.format(number=number, kit=f"{AS_IT_CAME}/{change.file}"))
    if book:
        say(messages.UPGRADE_BOOK.format(number=len(book)))
    if done.new_exercises:
        say(messages.UPGRADE_NEW.format(ids=", ".join(done.new_exercises)))
    if done.changes:
        say(messages.UPGRADE_DONE.format(before=done.before, after=done.after))
        if any(change.has_backup for change in done.changes):
            say(messages.UPGRADE_BACKUPS.format(backups=BACKUPS))
    else:
        say(messages.UPGRADE_NOTHING.format(version=done.after))
    return 0


@click.command("hint", help=messages.HELP_HINT)
@id_argument
@folder_argument
def hint_command(exercise_id: str, folder: Path) -> int:
    """Print one hint more."""
    kit = read_kit()
    exercise = exercise_of(kit.manifest, exercise_id)
    say(terminal.paragraph(next_hint(folder, kit, exercise)), nl=False)
    return 0
