"""Files and folders whose names no platform gave: they are called what they are called.

GitHub Classroom begins the name of every repository with that of the assignment; that is taken off. In a folder there
may be one for each attempt.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator, Sequence
from pathlib import PurePosixPath

from grader.intake.archive import SUFFIXES
from grader.intake.layouts.entries import Entry, Found, Top
from grader.intake.layouts.gradescope import METADATA
from grader.intake.layouts.students import student
from grader.intake.tree import Tree, below

_ATTEMPT = re.compile(r"(?:(?P<name>.+?)[ ._-]+)?(?:attempt|try)[ ._-]?(?P<number>\d+)", re.IGNORECASE)
_NO_WORK = frozenset(
    [".csv", ".tsv", ".xlsx", ".ods", ".toml", ".txt", ".md", ".html", ".json", ".yml", ".yaml", ".log", ".sqlite"]
)


class Folders:
    """Whatever no platform takes."""

    def __init__(self, prefix: str) -> None:
        """prefix: of the names, to be taken off."""
        self._prefix = prefix

    def takes(self, name: str, is_folder: bool) -> bool:
        return is_folder or is_work(PurePosixPath(name))

    def entries(self, tops: Sequence[Top]) -> Found:
        own = [top for top in tops if self.takes(top.name, top.is_folder)]
        return Found([entry for top in own for entry in self._attempts(top)])

    def _attempts(self, top: Top) -> Iterator[Entry]:
        name = (top.name if top.is_folder else _stem(top.name)).removeprefix(self._prefix)
        attempt = attempt_in(name)
        named = student(attempt["name"] if attempt and attempt["name"] else name)
        numbers = _numbered_folders(top.tree)
        for folder, number in numbers.items():
            yield Entry(named, below(top.tree, PurePosixPath(folder)), f"{top.name}/{folder}", number)
        if not numbers:
            yield Entry(named, top.tree, top.name, int(attempt["number"]) if attempt else 0)


def _numbered_folders(tree: Tree) -> dict[str, int]:
    """The folders of a tree by name, with the number of the attempt; none where there is anything else in it."""
    attempts = {path.parts[0]: attempt_in(path.parts[0]) for path in tree if len(path.parts) > 1}
    if any(path.parts[0] not in attempts for path in tree):
        return {}
    numbers = {folder: int(attempt["number"]) for folder, attempt in attempts.items() if attempt}
    return numbers if len(numbers) == len(attempts) else {}


def attempt_in(name: str) -> re.Match[str] | None:
    """The attempt that a name speaks of: its number, and the name of whoever made it."""
    return _ATTEMPT.fullmatch(name)


def is_work(path: PurePosixPath) -> bool:
    """Whether a loose file of a class is somebody's work, be it of a kind that cannot be graded."""
    return path.suffix.lower() not in _NO_WORK and path.name != METADATA


def common_prefix(names: Collection[str]) -> str:
    """What all the names begin with, up to a hyphen: in the downloads of GitHub Classroom the assignment."""
    if len(names) < 2:
        return ""
    prefix = os.path.commonprefix(list(names))  # noqa: RUF071 - of names, character by character
    return prefix[: prefix.rfind("-") + 1]


def _stem(name: str) -> str:
    suffix = next((suffix for suffix in SUFFIXES if name.lower().endswith(suffix)), None)
    return name[: -len(suffix)] if suffix else name.rpartition(".")[0]
