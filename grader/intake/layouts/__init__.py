"""A class -> its entries: who handed in what, read from the names that platforms give to the files of their downloads.

In any mixture; whatever has no such name is called what it is called. To add a platform: write a module with a class of
the interface Platform (entries.py), and name it in PLATFORMS.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from grader.base import messages
from grader.base.errors import SubmissionError
from grader.base.text import printable
from grader.intake.layouts.autolab import Autolab
from grader.intake.layouts.blackboard import Blackboard
from grader.intake.layouts.brightspace import Brightspace
from grader.intake.layouts.canvas import Canvas
from grader.intake.layouts.entries import Entry, Found, Platform, Top
from grader.intake.layouts.folders import Folders, attempt_in, is_like_attempt, is_work
from grader.intake.layouts.github import Github
from grader.intake.layouts.gradescope import Gradescope
from grader.intake.layouts.moodle import Moodle
from grader.intake.layouts.nbgrader import Nbgrader
from grader.intake.layouts.students import APART, by_student, student
from grader.intake.opening import class_files, is_like_work
from grader.intake.tree import Refused, Tree, below, is_folder, walk_class
from grader.sandbox.inside.reading.kinds import is_anybodys, is_archive, is_notebook, is_taken
from grader.sandbox.levels import Level

__all__ = ["Entry", "read_class"]

# The first that takes a name has it: those whose own part stands in front of what a student chose come first.
# Any one name tells these. Github needs all names that they leave, and Folders takes the rest: see read_class.
PLATFORMS: tuple[Platform, ...] = (
    Brightspace(),
    Canvas(),
    Moodle(),
    Gradescope(),
    Blackboard(),
    Autolab(),
    Nbgrader(),
)


def read_class(
    path: Path, prefix: str = "", level: Level | None = None, kept: Collection[str] = ()
) -> tuple[list[Entry], list[str]]:
    """The entries of a folder or an archive, by student and attempt, and what else is to be said of them.

    prefix: what GitHub Classroom puts in front of the logins, where that is known. level: how to confine what reads an
    archive (the best way there is here). kept: prefixes that were taken off before. SubmissionError where there are no
    entries, no name begins with the prefix, or the class cannot be read.
    """
    shown = printable(str(path))
    tree, wrapping = _unwrapped(_read(path, shown, level))
    if prefix and not any(name.startswith(prefix) for name in {path.parts[0] for path in tree}):
        raise SubmissionError(messages.NO_SUCH_PREFIX.format(path=shown, prefix=printable(prefix)))
    github = Github(_folders_without_platform(tree), _called(path / wrapping), prefix, kept)
    notes = _notes_on_prefix(github)
    found = _found(tree, (*PLATFORMS, github, Folders()))
    attempts = by_student([*found.entries, *_empty(path / wrapping, tree, github)])
    entries = [entry for of_one in attempts for entry in of_one]
    if not entries:
        raise SubmissionError(messages.NO_SUBMISSIONS.format(path=shown))
    notes += found.notes
    notes += _notes_on_names(sorted(entries, key=lambda entry: entry.shown))
    if len({entry.student for entry in entries}) == 1:
        text = messages.ONE_STUDENT if path.is_dir() else messages.ONE_STUDENT_PACKED
        notes.append(text.format(name=entries[0].student.name, path=shown))
    notes += _notes_on_sections(entries)
    return sorted(entries, key=lambda entry: (entry.student.key.casefold(), entry.number)), notes


def _called(path: Path) -> str:
    """The name of a class: that of its folder or its archive."""
    path = path.resolve()
    return path.name.partition(".")[0] if path.is_file() else path.name


def _notes_on_prefix(github: Github) -> list[str]:
    if github.prefix:
        return [messages.PREFIX_TAKEN_OFF.format(prefix=printable(github.prefix))]
    return [messages.PREFIX_LEFT.format(prefix=printable(github.doubtful))] if github.doubtful else []


def _notes_on_names(entries: Sequence[Entry]) -> list[str]:
    """Who could be somebody else of the class by their names, and is taken for a student of their own."""
    names = {entry.student.key: entry.student.name for entry in entries if entry.source == entry.top}
    tries = [name for name in names.values() if is_like_attempt(name)]
    notes = [messages.NO_ATTEMPTS.format(names=", ".join(tries))] if tries else []
    alike = [entry.student for entry in entries if APART in entry.student.key]
    alike = [who for who in dict.fromkeys(alike) if not who.id]
    return notes + ([messages.NAMES_ALIKE.format(names=", ".join(who.name for who in alike))] if alike else [])


def _notes_on_sections(entries: Sequence[Entry]) -> list[str]:
    """That all who are called as their folder may be a section each: they hold folders of the same files, and those
    are called otherwise in each."""
    own = [entry for entry in entries if entry.source == entry.top]
    inside = {frozenset(path.parts[0] for path in entry.tree if len(path.parts) > 1) for entry in own}
    if len(own) < 2 or len(inside) < len(own) or not all(_is_class(entry.tree) for entry in own):
        return []
    return [messages.SECTIONS_AS_STUDENTS.format(names=", ".join(entry.student.name for entry in own))]


def _read(path: Path, shown: str, level: Level | None) -> Tree:
    """All the files of a class."""
    if not path.is_dir() and not path.is_file():
        raise SubmissionError(messages.NO_SUCH_CLASS.format(path=shown))
    try:
        if path.is_dir():
            return walk_class(path)
        return class_files(path, [platform.metadata for platform in PLATFORMS if platform.metadata], level)
    except (Refused, OSError) as why:
        raise SubmissionError(messages.CLASS_UNREADABLE.format(path=shown, why=why)) from why


def _found(tree: Tree, platforms: Sequence[Platform]) -> Found:
    """Every entry of a class, in no particular order; of one student there may be several. What several platforms would
    take is the first one's, and what none would is passed over."""
    given: dict[Platform, list[Top]] = {platform: [] for platform in platforms}
    for top in _tops(tree):
        platform = next((platform for platform in platforms if _is_from(platform, top)), None)
        if platform is None and any(is_like_work(*one) for one in top.tree.items()):
            platform = platforms[-1]  # that of names which no platform gave
        if platform:
            given[platform].append(top)
    found = [platform.entries(own) for platform, own in given.items()]
    names = [type(platform).__name__ for platform in given]
    entries = [
        replace(entry, source=entry.source or f"{name}/")
        for name, one in zip(names, found, strict=True)
        for entry in one.entries
    ]
    return Found(entries, [note for one in found for note in one.notes])


def _is_from(platform: Platform, top: Top) -> bool:
    is_metadata = not top.is_folder and top.name == platform.metadata
    return is_metadata or platform.takes(top.name, top.is_folder)


def _tops(tree: Tree) -> list[Top]:
    """What is at the top of a class."""
    files: dict[str, Tree] = {}
    for path, content in tree.items():
        files.setdefault(path.parts[0], {})[path] = content
    return [
        Top(name, is_folder=False, tree=own)
        if PurePosixPath(name) in own
        else Top(name, is_folder=True, tree=below(own, PurePosixPath(name)))
        for name, own in files.items()
    ]


def _is_of_platform(name: str, is_folder: bool) -> bool:
    return any(platform.takes(name, is_folder) for platform in PLATFORMS)


def _folders_without_platform(tree: Tree) -> set[str]:
    """The folders at the top whose names no platform gave and that are no attempts."""
    names = {path.parts[0] for path in tree if len(path.parts) > 1}
    return {name for name in names if not _is_of_platform(name, is_folder=True) and attempt_in(name) is None}


def _unwrapped(tree: Tree) -> tuple[Tree, PurePosixPath]:
    """What is inside the folders that a download is wrapped in, and which folders those are."""
    wrapping = PurePosixPath()
    inside, around = tree, wrapping
    while True:
        tops = {path.parts[0] for path in inside if len(path.parts) > 1}
        if len(tops) != 1 or any(len(path.parts) == 1 and is_work(path) for path in inside):
            return tree, wrapping
        (top,) = tops
        if _is_of_platform(top, is_folder=True) or attempt_in(top):
            return tree, wrapping
        inside = below({path: c for path, c in inside.items() if len(path.parts) > 1}, PurePosixPath(top))
        around /= top
        if _is_class(inside):
            tree, wrapping = inside, around


def _is_class(tree: Tree) -> bool:
    """Whether a folder looks like one with several students in it, and not like the work of one."""
    names = {path.parts[0] for path in tree}
    if any(_is_of_platform(name, is_folder) for name in names for is_folder in (True, False)):
        return True
    handed_in = [path for path in tree if len(path.parts) == 1 and (is_archive(path) or is_notebook(path))]
    # The same file in several folders is the work of several people; but for attempts, which are one's own.
    files: dict[str, set[str]] = {}
    for path in tree:
        if len(path.parts) > 1 and is_taken(path) and attempt_in(path.parts[0]) is None:
            files.setdefault(path.name, set()).add(path.parts[0])
    return len(handed_in) > 1 or any(len(folders) > 1 for name, folders in files.items() if name != "__init__.py")


def _empty(folder: Path, tree: Tree, github: Github) -> list[Entry]:
    """Students whose folders hold nothing that is read: they are there, and nothing of theirs is."""
    if not folder.is_dir():
        return []
    there = {path.parts[0] for path in tree}
    names = [entry.name for entry in os.scandir(folder) if is_folder(entry) and entry.name not in there]
    names = [name for name in names if is_anybodys(name) and not name.startswith("__")]
    return [
        Entry(student(login), {}, name, source=name, prefix="" if login == name else github.prefix)
        for name in names
        for login in [github.login(name)]
    ]
