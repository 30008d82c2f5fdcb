"""The repositories of a GitHub Classroom assignment: folders or archives named assignment-login.

No such name says by itself where the login begins: what all of them have in common is the assignment.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from grader.intake.layouts.entries import Found, Platform, Top
from grader.intake.layouts.folders import attempts, is_work, own_name

# What assignments are called. A word with a digit is taken for one of these.
_ASSIGNMENT = frozenset({
    "assignment", "autograd", "course", "exercise", "exercises", "final", "homework", "hw", "kit", "lab", "labs",
    "micrograd", "midterm", "problem", "project", "ps", "pset", "quiz", "sheet", "starter", "task", "unit", "week",
})  # fmt: skip


class Github(Platform):
    """Students are known by their logins.

    prefix: what is taken off the names, "" for nothing. doubtful: what all names begin with, where it may be a part of
    people's names.
    """

    def __init__(self, folders: Collection[str], around: str, prefix: str = "", kept: Collection[str] = ()) -> None:
        """folders: the names of those at the top of a class that no other platform has named. around: the name of what
        they are in. prefix: the assignment, where it is known. kept: those that were taken off before: whoever joins
        a class changes nobody's name."""
        start = os.path.commonprefix(list(folders)) if len(folders) > 1 else ""  # noqa: RUF071 - character by character
        start = start[: start.rfind("-") + 1]
        before = [one for one in kept if any(name.startswith(one) for name in folders)]
        known = prefix or max(before, key=len, default="")
        self.prefix = known or _of_download(folders, around) or _of_assignment(start)
        self.doubtful = "" if self.prefix else start

    def takes(self, name: str, is_folder: bool) -> bool:
        is_prefixed = self.login(name) != name
        return is_prefixed and (is_folder or is_work(PurePosixPath(name)))

    def entries(self, tops: Sequence[Top]) -> Found:
        found = [entry for top in tops for entry in attempts(top, self.login(own_name(top)))]
        return Found([replace(entry, prefix=self.prefix) for entry in found])

    def login(self, name: str) -> str:
        return name.removeprefix(self.prefix).lstrip("-") or name


def _of_download(folders: Collection[str], around: str) -> str:
    """The prefix that the name of the download says: in lab-submissions/ it is lab-."""
    prefix = around.removesuffix("-submissions") + "-"
    is_download = around.endswith("-submissions") and any(name.startswith(prefix) for name in folders)
    return prefix if is_download else ""


def _of_assignment(start: str) -> str:
    """What of the beginning of all names is surely the assignment's: up to the last word that says so."""
    words = start.split("-")[:-1]
    known = [i for i, word in enumerate(words, 1) if word.lower() in _ASSIGNMENT or any(map(str.isdigit, word))]
    return "-".join(words[: known[-1]]) + "-" if known else ""
