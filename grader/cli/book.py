"""The commands that show the book: book, as pages, and read, in the terminal."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.base import messages
from grader.base.errors import OutputError
from grader.base.text import printable
from grader.cli.files import make_folder, write
from grader.cli.output import can_move, say, terminal_size
from grader.kit import read_kit
from grader.reports import screen

if TYPE_CHECKING:  # else only a shell that completes needs it
    from click.shell_completion import CompletionItem

NAMED = 3  # files that are in the way, of many


@click.command("book", help=messages.HELP_BOOK)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def book_command(folder: Path) -> int:
    """Write the pages."""
    from grader.book.pages import pages  # the rest of what is here has no use for templates

    files = pages(read_kit())
    _check(folder, {name.partition("/")[0] for name in files})
    for part in sorted({folder / Path(name).parent for name in files}):
        make_folder(part)
    for name, content in files.items():
        write(folder / name, content)
    number = sum(name.endswith(".html") for name in files)
    say(messages.BOOK_DONE.format(folder=printable(str(folder)), number=number))
    return 0


def _check(folder: Path, names: set[str]) -> None:
    """OutputError where a folder holds what no book has, or is none."""
    try:
        others = sorted({path.name for path in folder.iterdir()} - names) if os.path.lexists(folder) else []
    except OSError as error:
        raise OutputError(messages.CANNOT_WRITE.format(path=printable(str(folder)), why=error.strerror)) from error
    if others:
        files = ", ".join(map(printable, others[:NAMED])) + (", ..." if others[NAMED:] else "")
        raise OutputError(messages.BOOK_REFUSED.format(folder=printable(str(folder)), files=files))


def complete_readings(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The chapters and exercises whose names begin like this."""
    from click.shell_completion import CompletionItem

    from grader.book.source import chapters

    kit = read_kit()
    rows = [(c.name, c.title) for c in chapters(kit)] + [(e.id, e.title) for e in kit.manifest.exercises]
    return [CompletionItem(name, help=title) for name, title in rows if name.startswith(incomplete)]


@click.command("read", help=messages.HELP_READ)
@click.argument("name", metavar="[CHAPTER|ID]", default="", shell_complete=complete_readings)
def read_command(name: str) -> int:
    """Show a part of the book; page by page where there is a terminal."""
    from grader.book import plain

    kit = read_kit()
    width = screen.width(terminal_size() if can_move() else None)
    text = plain.find(kit, name, width) if name else plain.contents(kit, width)
    if can_move():
        click.echo_via_pager(text)
    else:
        say(text, nl=False)
    return 0
