"""mg-grade handout DIR: makes what students get, with or without the answers."""

from __future__ import annotations

import dataclasses
import tempfile
from pathlib import Path

import click

from grader.base import messages
from grader.base.errors import OutputError
from grader.base.text import printable
from grader.cli.output import say
from grader.kit import Kit, read_kit
from grader.study.upgrade import copy_kit
from grader.upkeep.handout import EXERCISES, Handout, with_tests, without_answers


@click.command("handout", help=messages.HELP_HANDOUT)
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--with-tests", "is_whole", is_flag=True, help=messages.HELP_WITH_TESTS)
@click.option("--graded-at", metavar="TEXT", help=messages.HELP_GRADED_AT)
def handout_command(folder: Path, is_whole: bool, graded_at: str | None) -> int:
    """Write the folder."""
    if graded_at is not None and (is_whole or not graded_at.strip()):
        raise click.UsageError(messages.HANDOUT_GRADED_AT)
    kit = read_kit()
    made = with_tests(kit) if is_whole else without_answers(kit, graded_at or messages.GRADED_AT)
    _write(kit, made, folder)
    done = messages.HANDOUT_DONE_WITH_TESTS if is_whole else messages.HANDOUT_DONE
    say(done.format(folder=printable(str(folder)), wheel=made.wheel))
    return 0


def _write(kit: Kit, made: Handout, folder: Path) -> None:
    """Write a handout, with exercises as `init` makes them, into a folder that holds nothing yet."""
    shown = printable(str(folder))
    try:
        if folder.exists() and any(folder.iterdir()):
            raise OutputError(messages.HANDOUT_REFUSED.format(folder=shown))
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as temporary:
            for name, content in made.kit.items():
                (Path(temporary) / name).parent.mkdir(parents=True, exist_ok=True)
                (Path(temporary) / name).write_bytes(content)
            copy_kit(dataclasses.replace(kit, folder=Path(temporary)), folder / EXERCISES)
        for name, content in made.beside.items():
            (folder / name).write_bytes(content)
    except OSError as error:
        raise OutputError(messages.CANNOT_WRITE.format(path=shown, why=error.strerror)) from error
