"""The download of a Blackboard assignment: files named assignment_login_attempt_time[_name], a .txt among them.

The .txt of an attempt, which has no name of its own, is Blackboard's: what was typed, and which files there are.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import PurePosixPath

from grader.intake.layouts.entries import Entry, Found, Platform, Top
from grader.intake.layouts.students import student
from grader.intake.tree import Tree

_FILE = re.compile(r"(?P<head>.+?_[^_]+)_attempt_(?P<time>\d{4}(?:-\d\d){5})(?:_(?P<file>.+)|\.txt)")


class Blackboard(Platform):
    """Students are known by their logins; what has the same time is one attempt."""

    def takes(self, name: str, is_folder: bool) -> bool:
        return not is_folder and _match(name) is not None

    def entries(self, tops: Sequence[Top]) -> Found:
        attempts: dict[tuple[str, datetime], Tree] = {}
        matches = [(top, matched) for top in tops if (matched := _match(top.name)) is not None]
        assignment = _assignment({head for _, (head, _, _) in matches})
        for top, (head, time, file) in matches:
            login = head[len(assignment) :] if assignment else head.rpartition("_")[2]
            tree = attempts.setdefault((login, time), {})
            if file:
                tree[PurePosixPath(file)] = top.tree[PurePosixPath(top.name)]
        return Found(
            [
                Entry(replace(student(login), id=login), tree, login, submitted=time)
                for (login, time), tree in attempts.items()
            ]
        )


def _assignment(heads: set[str]) -> str:
    """What all names begin with, as there may be a _ in the assignment and in the logins; "" where that is nothing."""
    start = os.path.commonprefix(list(heads)) if len(heads) > 1 else ""  # noqa: RUF071 - character by character
    return start[: start.rfind("_") + 1]


def _match(name: str) -> tuple[str, datetime, str] | None:
    """The assignment and the login, the time and the student's own name of a file, "" for Blackboard's."""
    match = _FILE.fullmatch(name)
    if match is None:
        return None
    try:
        # No zone is said: that of this machine is the likeliest.
        time = datetime.strptime(match["time"], "%Y-%m-%d-%H-%M-%S").astimezone()
    except (ValueError, OverflowError, OSError):
        return None
    return match["head"], time, match["file"] or ""
