"""The download of a Brightspace assignment: files or folders named number-number - Name - time[ - name]."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import PurePosixPath

from grader.intake.layouts.entries import Entry, Found, Platform, Top
from grader.intake.layouts.students import student
from grader.intake.tree import Tree

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAME = re.compile(
    r"(?P<id>\d+)-\d+ - (?P<name>.+?) - (?P<month>[A-Za-z]{3})[a-z]*\.? (?P<day>\d{1,2}), (?P<year>\d{4})"
    r" (?P<hour>\d{1,2}?)[:_.]?(?P<minute>\d\d) (?P<half>AM|PM)(?: - (?P<file>.+))?"
)


class Brightspace(Platform):
    """Students have a number. Files are handed in one by one: an attempt has the newest of each up to then."""

    def takes(self, name: str, is_folder: bool) -> bool:
        match = _NAME.fullmatch(name)
        return match is not None and _time(match) is not None and (is_folder or bool(match["file"]))

    def entries(self, tops: Sequence[Top]) -> Found:
        students: dict[tuple[str, str], dict[datetime, Tree]] = {}
        for top in tops:
            match = _NAME.fullmatch(top.name)
            time = match and _time(match)
            if match and time:
                tree = students.setdefault((match["name"], match["id"]), {}).setdefault(time, {})
                file = PurePosixPath(match["file"] or "")
                tree |= top.tree if top.is_folder else {file: top.tree[PurePosixPath(top.name)]}
        found = []
        folders = {(m["name"], m["id"]): top.name for top in tops if (m := _NAME.fullmatch(top.name)) and top.is_folder}
        for (name, number), attempts in students.items():
            until_then: Tree = {}
            for time in sorted(attempts):
                until_then = until_then | attempts[time]
                folder = folders.get((name, number))
                feedback = f"{folder}/" if folder else ""
                shown = f"{name} {number}"
                found.append(Entry(student(name, number), until_then, shown, submitted=time, feedback=feedback))
        return Found(found)


def _time(match: re.Match[str]) -> datetime | None:
    """When something was handed in. No zone is said: that of this machine is the likeliest."""
    try:
        month = _MONTHS.index(match["month"].lower()) + 1
        hour = int(match["hour"])
        hour = hour % 12 + (12 if match["half"] == "PM" else 0) if 1 <= hour <= 12 else 24  # 24: no hour, so no time
        return datetime(int(match["year"]), month, int(match["day"]), hour, int(match["minute"])).astimezone()
    except (ValueError, OverflowError, OSError):
        return None
