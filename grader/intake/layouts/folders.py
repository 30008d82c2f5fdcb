"""Files and folders whose names no platform gave: they are called what they are called.

In a folder there may be one for each attempt.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from grader.intake.layouts.entries import Entry, Found, Platform, Top
from grader.intake.layouts.students import student
from grader.intake.tree import Tree, below
from grader.sandbox.inside.reading.kinds import without_ending

_ATTEMPT = re.compile(r"(?:attempt|try)[ ._-]?(?P<number>\d{1,9})", re.IGNORECASE)
_LIKE_ATTEMPT = re.compile(r"[ ._-](?:attempt|try)[ ._-]?\d{1,9}$", re.IGNORECASE)
_NO_WORK = frozenset(
    [".csv", ".tsv", ".xlsx", ".ods", ".toml", ".txt", ".md", ".html", ".json", ".yml", ".yaml", ".log", ".sqlite"]
)


class Folders(Platform):
    """Whatever no platform takes."""

    def takes(self, name: str, is_folder: bool) -> bool:
        return is_folder or is_work(PurePosixPath(name))

    def entries(self, tops: Sequence[Top]) -> Found:
        return Found([entry for top in tops for entry in attempts(top, own_name(top))])


def attempts(top: Top, name: str) -> Iterator[Entry]:
    """The attempts in a file or folder: one, or as many as there are folders for attempts. name: whose it is."""
    named = student(name)
    numbers = _numbered_folders(top.tree)
    for folder, number in numbers.items():
        yield Entry(named, below(top.tree, PurePosixPath(folder)), f"{top.name}/{folder}", number, source=top.name)
    if not numbers:
        yield Entry(named, top.tree, top.name, source=top.name)


def _numbered_folders(tree: Tree) -> dict[str, int]:
    """The folders of a tree by name, with the number of the attempt; none where there is anything else in it."""
    folders = {path.parts[0]: attempt_in(path.parts[0]) for path in tree if len(path.parts) > 1}
    if any(path.parts[0] not in folders for path in tree):
        return {}
    numbers = {folder: int(attempt["number"]) for folder, attempt in folders.items() if attempt}
    return numbers if len(numbers) == len(folders) else {}


def attempt_in(name: str) -> re.Match[str] | None:
    """The number of the attempt that the name of a folder speaks of, where it says nothing else."""
    return _ATTEMPT.fullmatch(name)


def is_like_attempt(name: str) -> bool:
    """Whether a name ends as if it were somebody's attempt. Anybody can be called so."""
    return _LIKE_ATTEMPT.search(name) is not None


def is_work(path: PurePosixPath) -> bool:
    """Whether a loose file of a class is somebody's work, be it of a kind that cannot be graded."""
    return path.suffix.lower() not in _NO_WORK


def own_name(top: Top) -> str:
    """The name of a folder, or that of a file without its suffix."""
    return top.name if top.is_folder else without_ending(top.name) or top.name
