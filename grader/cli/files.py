"""Writes files: checked before there is anything to write, and whole or not at all."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from grader.base import messages
from grader.base.errors import OutputError
from grader.base.locks import try_lock
from grader.base.text import printable
from grader.base.whole_files import write_whole
from grader.cli.output import say

LOCK = ".lock"  # of whoever grades
WATCH_LOCK = ".watch.lock"  # of whoever keeps the files fresh meanwhile


def check_writable(file: str | None) -> None:
    """OutputError before anything is graded where the report could not be written afterwards."""
    if file is None or file == "-":
        return
    path = Path(file)
    try:
        mode = path.stat().st_mode if path.exists() else 0
    except OSError as error:
        raise OutputError(messages.CANNOT_WRITE.format(path=printable(file), why=error.strerror)) from error
    if stat.S_ISDIR(mode):
        raise OutputError(messages.CANNOT_WRITE.format(path=printable(file), why=messages.IS_FOLDER))
    if not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
        why = messages.NO_FOLDER.format(folder=printable(str(path.parent)))
        raise OutputError(messages.CANNOT_WRITE.format(path=printable(file), why=why))


def write(file: str | Path, content: str | bytes) -> None:
    """Write a whole file or none: what stood there is replaced once the new one is on disk. "-" is standard output.

    Text is written as UTF-8, with its line ends as they are.
    """
    if isinstance(content, str):
        if file == "-":
            say(content, nl=False)
            return
        content = content.encode("utf-8", "backslashreplace")
    path = Path(file)
    try:
        write_whole(path, content)
    except OSError as error:
        raise OutputError(messages.CANNOT_WRITE.format(path=printable(str(file)), why=error.strerror)) from error


@contextlib.contextmanager
def alone(folder: Path, lock: str = LOCK, why: str = messages.SOMEBODY_ELSE) -> Iterator[None]:
    """A folder, made where it is not there, that nobody else writes to meanwhile; OutputError, and why, where somebody
    does. lock: the file by which they know of each other."""
    with alone_if_free(folder, lock) as is_free:
        if not is_free:
            raise OutputError(why.format(folder=printable(str(folder))))
        yield


@contextlib.contextmanager
def alone_if_free(folder: Path, lock: str = LOCK) -> Iterator[bool]:
    """The same, where nobody else writes to it; False where somebody does."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / lock).open("w")
    except OSError as error:
        raise OutputError(messages.CANNOT_WRITE.format(path=printable(str(folder)), why=error.strerror)) from error
    with file:
        yield try_lock(file)


def make_folder(folder: Path) -> None:
    """Make a folder where it is not there; OutputError where that cannot be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(messages.CANNOT_WRITE.format(path=printable(str(folder)), why=error.strerror)) from error
