"""The download of a Canvas assignment: files named lastfirst[_LATE]_userid_fileid_name.

Of a name Canvas leaves letters only, which may be none. Who is not named has a code: [LATE_]anon_code_fileid_name. What
was typed, and a link, has no number and no name of its own: lastfirst_userid_text.html.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from grader.intake.layouts.entries import Entry, Found, Platform, Top
from grader.intake.layouts.students import student
from grader.intake.tree import Tree

_HANDED_IN = r"_(?:(?P<number>\d+)_(?P<file>.+)|(?P<typed>(?:text|link)\.html))"
# The first number is the student's: what follows it may be a name that the student chose. Neither addresses nor the
# times of Blackboard are parts of names.
_NAMED = re.compile(
    r"(?P<name>|(?!\d+_)[^_@]+(?:_(?!\d+_|attempt_\d{4}-)[^_@]+)*?)_(?:(?P<late>LATE)_)?(?P<id>\d+)" + _HANDED_IN
)
_ANONYMOUS = re.compile(r"(?:(?P<late>LATE)_)?(?P<name>anon)_(?P<id>[A-Za-z0-9]+)" + _HANDED_IN)
_UPLOADED_AGAIN = re.compile(r"(?P<stem>.+?)-(?P<number>\d{1,9})(?P<suffix>\.[a-z.]+)", re.IGNORECASE)

_Upload = tuple[re.Match[str], Tree]


class Canvas(Platform):
    """Students have a number; files that are handed in again have one as well: engine.py, engine-1.py."""

    def takes(self, name: str, is_folder: bool) -> bool:
        return not is_folder and _match(name) is not None

    def entries(self, tops: Sequence[Top]) -> Found:
        students: dict[str, list[_Upload]] = {}
        for top in tops:
            match = _match(top.name)
            if match:
                students.setdefault(match["id"], []).append((match, top.tree))
        return Found([entry for uploads in students.values() for entry in _attempts(uploads)])


def _match(name: str) -> re.Match[str] | None:
    return _ANONYMOUS.fullmatch(name) or _NAMED.fullmatch(name)


def _attempts(uploads: list[_Upload]) -> Iterator[Entry]:
    """The attempts of one student: each has of every file the version that was the newest then."""
    files = _versions(uploads)
    numbers = sorted({number for versions in files.values() for number in versions})
    if all(len(versions) == 1 for versions in files.values()):
        numbers = numbers[-1:]  # nothing is there twice: it is one attempt, whatever was handed in before
    first = uploads[0][0]
    is_late = any(match["late"] for match, _ in uploads)
    for number in numbers:
        tree: Tree = {}
        for versions in files.values():
            until_then = [n for n in versions if n <= number]
            tree |= versions[max(until_then)] if until_then else {}
        shown = f"{first['name']}_{first['id']}"
        name = f"anon {first['id']}" if first["name"] == "anon" else first["name"] or first["id"]
        yield Entry(student(name, first["id"]), tree, shown, number, is_late=is_late, feedback=_feedback(uploads))


def _feedback(uploads: list[_Upload]) -> str:
    """What Canvas knows a file that comes back by: the numbers of the student and of a file that was handed in. What
    was typed has none."""
    newest = max((match for match, _ in uploads if match["file"]), key=lambda match: int(match["number"]), default=None)
    return newest.string[: newest.start("file")] if newest else ""


def _versions(uploads: list[_Upload]) -> dict[str, dict[int, Tree]]:
    """Name of a file -> its versions by number."""
    files: dict[str, dict[int, Tree]] = {}
    for match, tree in uploads:
        own = match["file"] or match["typed"]
        again = _UPLOADED_AGAIN.fullmatch(own)
        name = again["stem"] + again["suffix"] if again else own
        (content,) = tree.values()
        files.setdefault(name, {})[int(again["number"]) if again else 0] = {PurePosixPath(name): content}
    for name, versions in list(files.items()):
        if 0 not in versions and len(versions) > 1:  # part-1.py and part-2.py: the student's own numbers
            del files[name]
            for upload in versions.values():
                ((_, content),) = upload.items()
                own = next(match["file"] for match, tree in uploads if content in tree.values())
                files[own] = {0: {PurePosixPath(own): content}}
    return files
