"""The download of a Blackboard assignment: files named assignment_login_attempt_time[_name], a .txt among them.

The .txt of an attempt, which has no name of its own, is Blackboard's: what was typed, and which files there are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import PurePosixPath

from grader.intake.layouts.entries import Entry, Found, Platform, Top
from grader.intake.layouts.students import student
from grader.intake.tree import Tree

_FILE = re.compile(r"(?P<assignment>.+?)_(?P<login>[^_]+)_attempt_(?P<time>\d{4}(?:-\d\d){5})(?:_(?P<file>.+)|\.txt)")


class Blackboard(Platform):
    """Students are known by their logins; what has the same time is one attempt."""

    def takes(self, name: str, is_folder: bool) -> bool:
        return not is_folder and _match(name) is not None

    def entries(self, tops: Sequence[Top]) -> Found:
        attempts: dict[tuple[str, datetime], Tree] = {}
        for top in tops:
            if (matched := _match(top.name)) is not None:
                login, time, file = matched
                tree = attempts.setdefault((login, time), {})
                if file:
                    tree[PurePosixPath(file)] = top.tree[PurePosixPath(top.name)]
        return Found(
            [
                Entry(replace(student(login), id=login), tree, login, submitted=time)
                for (login, time), tree in attempts.items()
            ]
        )


def _match(name: str) -> tuple[str, datetime, str] | None:
    """The login, the time and the student's own name of a file, "" for Blackboard's."""
    match = _FILE.fullmatch(name)
    if match is None:
        return None
    try:
        # No zone is said: that of this machine is the likeliest.
        time = datetime.strptime(match["time"], "%Y-%m-%d-%H-%M-%S").astimezone()
    except (ValueError, OverflowError, OSError):
        return None
    return match["login"], time, match["file"] or ""
