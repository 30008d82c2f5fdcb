"""The download of a Moodle assignment: folders or files named Full Name_123456_assignsubmission_file[_name]."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from grader.base import messages
from grader.intake.layouts.entries import Entry, Found, Platform, Top
from grader.intake.layouts.folders import own_name
from grader.intake.layouts.students import shortened, student

_MARK = r"(?:_(?P<id>\d+))?_assignsubmission_[a-z]+"
_FOLDER = re.compile(rf"(?P<name>.+?){_MARK}_?")  # to its end: what stands before it may be anything
_FILE = re.compile(rf"(?P<name>.+?){_MARK}_(?P<file>.+)")
_ANY_MARK = re.compile(rf"{_MARK}_")


class Moodle(Platform):
    """Students have a number, and so have groups; those who are in none share a folder without one.

    Files and the text online of one student are parts of one attempt.
    """

    def takes(self, name: str, is_folder: bool) -> bool:
        return (_FOLDER if is_folder else _FILE).fullmatch(name) is not None

    def entries(self, tops: Sequence[Top]) -> Found:
        doubtful = [top.name for top in tops if _is_doubtful(top)]
        notes = [messages.WHOSE.format(names=", ".join(map(shortened, doubtful)))] if doubtful else []
        return Found(list(_entries(tops)), notes)


def _is_doubtful(top: Top) -> bool:
    """Whether a file has the marks of two students: people choose what they are called, and what their files are."""
    return not top.is_folder and len(set(_ANY_MARK.findall(top.name))) > 1


def _entries(tops: Sequence[Top]) -> Iterator[Entry]:
    for top in tops:
        match = (_FOLDER if top.is_folder else _FILE).fullmatch(top.name)
        if _is_doubtful(top):
            yield Entry(student(own_name(top)), top.tree, top.name, source=top.name)
        elif match:
            tree = top.tree if top.is_folder else {PurePosixPath(match["file"]): top.tree[PurePosixPath(top.name)]}
            # Moodle takes it apart at every _: importziplib.php of its plugin for feedback files.
            name = match["name"].replace("_", " ")
            feedback = f"{name}_{match['id']}_assignsubmission_file_" if match["id"] else ""
            yield Entry(student(match["name"], match["id"] or ""), tree, top.name, is_part=True, feedback=feedback)
