"""The exchange of nbgrader, as instructors find it: folders named login+assignment+time+anything."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from grader.intake.layouts.entries import Entry, Found, Platform, Top
from grader.intake.layouts.students import student

# Not every system takes a colon in a name, and archives have others in its place.
_TIME = r"(?P<day>\d{4}-\d\d-\d\d) (?P<hour>\d\d)[:_-](?P<minute>\d\d)[:_-](?P<second>\d\d)(?:\.\d+)? UTC"
_FOLDER = re.compile(rf"(?P<login>[^+]+)\+[^+]+\+{_TIME}(?:\+.*)?")


class Nbgrader(Platform):
    """Students are known by their logins, and every folder is an attempt."""

    def takes(self, name: str, is_folder: bool) -> bool:
        return is_folder and _match(name) is not None

    def entries(self, tops: Sequence[Top]) -> Found:
        found = []
        for top in tops:
            if (matched := _match(top.name)) is not None:
                login, submitted = matched
                found.append(Entry(replace(student(login), id=login), top.tree, top.name, submitted=submitted))
        return Found(found)


def _match(name: str) -> tuple[str, datetime] | None:
    """The login and the time in the name of a folder."""
    match = _FOLDER.fullmatch(name)
    if match is None:
        return None
    try:
        time = datetime.fromisoformat(f"{match['day']} {match['hour']}:{match['minute']}:{match['second']}")
    except ValueError:
        return None
    return match["login"], time.replace(tzinfo=UTC)
