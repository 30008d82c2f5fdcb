"""The download of a Moodle assignment: folders or files named Full Name_123456_assignsubmission_file[_name]."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from grader.intake.layouts.entries import Entry, Found, Platform, Top
from grader.intake.layouts.students import student

_NAME = re.compile(r"(?P<name>.+?)(?:_(?P<id>\d+))?_assignsubmission_[a-z]+(?:_(?P<file>.*))?")


class Moodle(Platform):
    """Students have a number, and so have groups; those who are in none share a folder without one.

    Files and the text online of one student are parts of one attempt.
    """

    def takes(self, name: str, is_folder: bool) -> bool:
        match = _NAME.fullmatch(name)
        return match is not None and (is_folder or bool(match["file"]))

    def entries(self, tops: Sequence[Top]) -> Found:
        return Found(list(_entries(tops)))


def _entries(tops: Sequence[Top]) -> Iterator[Entry]:
    for top in tops:
        match = _NAME.fullmatch(top.name)
        if match:
            tree = top.tree if top.is_folder else {PurePosixPath(match["file"]): top.tree[PurePosixPath(top.name)]}
            yield Entry(student(match["name"], match["id"] or ""), tree, top.name, is_part=True)
