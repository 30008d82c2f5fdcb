"""The handins of an Autolab assessment: files named address_version_name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from grader.intake.layouts.entries import Entry, Found, Platform, Top
from grader.intake.layouts.students import student

_FILE = re.compile(r"(?P<email>[^@\s]+@[^@\s_]+)_(?P<version>\d{1,9})_(?P<file>.+)")


class Autolab(Platform):
    """Students are known by their addresses, and every version is an attempt of its own."""

    def takes(self, name: str, is_folder: bool) -> bool:
        return not is_folder and _FILE.fullmatch(name) is not None

    def entries(self, tops: Sequence[Top]) -> Found:
        found = []
        for top in tops:
            if match := _FILE.fullmatch(top.name):
                who = replace(student(match["email"]), email=match["email"])
                tree = {PurePosixPath(match["file"]): top.tree[PurePosixPath(top.name)]}
                found.append(Entry(who, tree, top.name, int(match["version"])))
        return Found(found)
