"""mg-grade site: makes the course for browsers, and fetches once what that takes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from grader.base import messages
from grader.base.errors import OutputError
from grader.base.text import printable
from grader.cli.output import say
from grader.kit import read_kit
from grader.site import cache as caches
from grader.site.build import SERVICE, site

MOST_FIRST = 25_000_000  # bytes of a first visit


@click.command("site", help=messages.HELP_SITE)
@click.argument("folder", metavar="[DIR]", type=click.Path(file_okay=False, path_type=Path), required=False)
@click.option("--fetch", is_flag=True, help=messages.HELP_SITE_FETCH)
@click.option("--cache", type=click.Path(file_okay=False, path_type=Path), help=messages.HELP_SITE_CACHE)
def site_command(folder: Path | None, fetch: bool, cache: Path | None) -> int:
    """Fill the cache, or write the site."""
    cache = cache or caches.folder()
    if fetch == (folder is not None):
        raise click.UsageError(messages.SITE_DIR_OR_FETCH)
    if folder is None:
        number = len(caches.fetch(cache))
        say(messages.SITE_FETCHED.format(number=number, total=len(caches.pinned()), cache=printable(str(cache))))
        return 0
    made = site(read_kit(), cache)
    _write(made.files, folder)
    size = made.first_bytes
    shown = printable(str(folder))
    say(messages.SITE_DONE.format(folder=shown, files=len(made.files), size=f"{size / 1e6:.1f}"))
    if size > MOST_FIRST:
        raise OutputError(messages.SITE_TOO_LARGE.format(most=MOST_FIRST // 1_000_000))
    return 0


def _write(files: Mapping[str, bytes], folder: Path) -> None:
    """Write the files into a folder that is empty, or holds a site already."""
    shown = printable(str(folder))
    try:
        if folder.is_dir() and any(folder.iterdir()) and not (folder / SERVICE).is_file():
            raise OutputError(messages.SITE_REFUSED.format(folder=shown))
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    except OSError as error:
        raise OutputError(messages.CANNOT_WRITE.format(path=shown, why=error.strerror)) from error
