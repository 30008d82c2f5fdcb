"""What a shell completes: the ids of exercises, and names of files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from grader.kit import read_kit

if TYPE_CHECKING:  # else only a shell that completes needs it
    from click.shell_completion import CompletionItem


def complete_exercises(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The exercises whose ids begin like this, with their titles."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(e.id, help=e.title) for e in read_kit().manifest.exercises if e.id.startswith(incomplete)]


def complete_files(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The files that the shell itself finds."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(incomplete, type="file")]
