"""The download of a Blackboard assignment: files named assignment_login_attempt_time[_name], a .txt among them.

The .txt of an attempt, which has no name of its own, is Blackboard's: what was typed, and which files there are.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import PurePosixPath

from grader.intake.layouts.entries import Entry, Found, Platform, Top
from grader.intake.layouts.students import student
from grader.intake.tree import Tree

_FILE = re.compile(r"(?P<whose>.+?_[^_]+)_attempt_(?P<time>\d{4}(?:-\d\d){5})(?:_(?P<file>.+)|\.txt)")


class Blackboard(Platform):
    """Students are known by their logins; what has the same time is one attempt."""

    def takes(self, name: str, is_folder: bool) -> bool:
        return not is_folder and _match(name) is not None

    def entries(self, tops: Sequence[Top]) -> Found:
        attempts: dict[tuple[str, datetime], Tree] = {}
        for top in tops:
            if (matched := _match(top.name)) is not None:
                whose, time, file = matched
                tree = attempts.setdefault((whose, time), {})
                if file:
                    tree[PurePosixPath(file)] = top.tree[PurePosixPath(top.name)]
        logins = _logins({whose for whose, _ in attempts})
        return Found(
            [
                Entry(replace(student(logins[whose]), id=logins[whose]), tree, logins[whose], submitted=time)
                for (whose, time), tree in attempts.items()
            ]
        )


def _logins(names: Collection[str]) -> dict[str, str]:
    """The login in each assignment_login. There may be a _ in both: of one assignment, the login is what follows all
    that the names begin with; of several, what follows the last _, unless that is the same in several names, as in doe
    and j_doe: they are several people, and the assignment is what all of these begin with."""
    if start := _start(names):
        return {name: name.removeprefix(start) for name in names}
    by_end: dict[str, set[str]] = {}
    for name in names:
        by_end.setdefault(name.rpartition("_")[2], set()).add(name)
    starts = {name: _start(some) for some in by_end.values() for name in some}
    return {name: name.removeprefix(start) if start else name.rpartition("_")[2] for name, start in starts.items()}


def _start(names: Collection[str]) -> str:
    """What several names begin with, to its last _; "" where that is nothing."""
    start = os.path.commonprefix(list(names)) if len(names) > 1 else ""  # noqa: RUF071 - character by character
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
    return match["whose"], time, match["file"] or ""
