"""The repositories of a GitHub Classroom assignment: folders or archives named assignment-login.

No such name says by itself where the login begins: what all of them have in common is the assignment.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from pathlib import PurePosixPath

from grader.intake.layouts.entries import Found, Platform, Top
from grader.intake.layouts.folders import attempts, is_work, own_name


class Github(Platform):
    """Students are known by their logins."""

    def __init__(self, folders: Collection[str]) -> None:
        """folders: the names of those at the top of a class that no other platform has named."""
        start = os.path.commonprefix(list(folders)) if len(folders) > 1 else ""  # noqa: RUF071 - character by character
        self.prefix = start[: start.rfind("-") + 1]

    def takes(self, name: str, is_folder: bool) -> bool:
        is_prefixed = bool(self.prefix) and name.startswith(self.prefix)
        return is_prefixed and (is_folder or is_work(PurePosixPath(name)))

    def entries(self, tops: Sequence[Top]) -> Found:
        return Found([entry for top in tops for entry in attempts(top, self.login(own_name(top)))])

    def login(self, name: str) -> str:
        return name.removeprefix(self.prefix)
