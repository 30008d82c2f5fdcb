"""What was handed in, as a tree in memory: paths and where their bytes are. Nothing is unpacked to disk, ever."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from grader.base import messages

MAX_FILES = 2_000  # and folders, of one submission
MAX_DEPTH = 8
KIB = 1024
MIB = 1024 * KIB
_OF_SYSTEMS = {"desktop.ini", "thumbs.db", "ehthumbs.db", "icon\r", "__macosx", "$recycle.bin", "@eadir"}
SKIPPED = {"__pycache__", "node_modules", "venv", "env", "site-packages"}
# What git has in the place of a file that was not fetched.
_POINTERS = {"Git LFS": b"version https://git-lfs.github.com/spec/", "git-annex": b"/annex/objects/"}


class Refused(Exception):
    """Something of a submission that cannot be read; the text says why."""


Content = Path | bytes | Refused  # a file on disk, what an archive held, or why that is not read
Tree = dict[PurePosixPath, Content]


def walk(root: Path, depth: int = MAX_DEPTH, most: int = MAX_FILES) -> Tree:
    """The files below a folder; hidden and foreign folders are left out, and links are not followed.

    Refused where there are too many; deeper ones are not looked at: that is what they have for content.
    """
    tree: Tree = {}
    seen = 0
    for folder, folders, files in os.walk(root):
        below = PurePosixPath(Path(folder).relative_to(root).as_posix())
        folders[:] = sorted(name for name in folders if is_wanted(below / name))
        seen += len(files) + len(folders)
        if seen > most:
            raise Refused(messages.TOO_MANY_FILES.format(most=most))
        tree |= {below / name: Path(folder, name) for name in files if is_anybodys(name)}
        if len(below.parts) == depth:
            tree |= {below / name: Refused(messages.TOO_DEEP) for name in folders}
            folders.clear()
    return in_order(tree)


def is_wanted(path: PurePosixPath) -> bool:
    """Whether a path is neither hidden nor in a folder that other programs made."""
    return not any(part in SKIPPED or not is_anybodys(part) for part in path.parts)


def is_anybodys(name: str) -> bool:
    """Whether somebody may have made a file or folder of this name: neither is it hidden, nor left by a system."""
    return not name.startswith(".") and name.casefold() not in _OF_SYSTEMS


def in_order(tree: Mapping[PurePosixPath, Content]) -> Tree:
    """The tree from the top down, by name."""
    return {path: tree[path] for path in sorted(tree, key=lambda path: (len(path.parts), path.as_posix()))}


def below(tree: Mapping[PurePosixPath, Content], folder: PurePosixPath) -> Tree:
    """What a tree holds in one folder, with paths from there."""
    return {path.relative_to(folder): content for path, content in tree.items() if path.is_relative_to(folder)}


def read_bytes(content: Content, most: int) -> bytes:
    """The bytes of a file; Refused where there are more than `most`, or it is no ordinary file, or only says where
    the file is."""
    if isinstance(content, Refused):
        raise content
    if isinstance(content, Path):
        content = _read_file(content, most)
    if len(content) > most:
        raise Refused(messages.FILE_TOO_BIG.format(most=most // KIB))
    for kind, start in _POINTERS.items():
        if content.startswith(start):
            raise Refused(messages.FILE_IS_POINTER.format(kind=kind))
    return content


def _read_file(path: Path, most: int) -> bytes:
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except (OSError, ValueError) as error:
        why = messages.FILE_IS_LINK if path.is_symlink() else getattr(error, "strerror", None) or str(error)
        raise Refused(why) from error
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise Refused(messages.FILE_IS_LINK)
        return file.read(most + 1)
