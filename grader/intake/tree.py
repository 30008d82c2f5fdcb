"""What was handed in, as a tree in memory: paths and where their bytes are. Nothing is unpacked to disk, ever."""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, TypeVar

from grader.base import messages
from grader.base.whole_files import open_plain
from grader.sandbox.inside.reading.kinds import MAX_DEPTH, is_anybodys, is_taken, is_wanted
from grader.sandbox.inside.reading.left_out import KIB, MAX_FILES


class Refused(Exception):
    """Something of a submission that cannot be read; the text says why."""


def refused(why: str, /, **data: object) -> Refused:
    """Why something is not read, in the words of messages.LEFT_OUT."""
    return Refused(messages.LEFT_OUT[why].format(**data))


@dataclass(frozen=True)
class Slice:
    """A part of a file that is open: what the archive of a class held."""

    file: BinaryIO | io.FileIO
    start: int
    size: int

    def read(self, offset: int, size: int) -> bytes:
        """So many of its bytes."""
        self.file.seek(self.start + offset)
        return self.file.read(size)


@dataclass(frozen=True)
class Closed:
    """An ordinary file on disk, which is open only while it is read from: a folder may hold thousands."""

    path: Path
    size: int

    def read(self, offset: int, size: int) -> bytes:
        """So many of its bytes."""
        with open_plain(self.path) as file:
            file.seek(offset)
            return file.read(size)


class Spool(io.FileIO):
    """A file without a name. It is closed when nothing of it is needed any more, whenever that is."""

    def __init__(self) -> None:
        with tempfile.TemporaryFile() as file:
            super().__init__(os.dup(file.fileno()), "r+b")

    def __del__(self) -> None:
        self.close()


@dataclass(frozen=True)
class Cells:
    """A notebook: of each code cell its text, and the file that its metadata say it is of, or "". numbers: what they
    are called by, where that is not their place, from 1."""

    cells: tuple[tuple[str, str], ...]
    numbers: tuple[int, ...] = ()


Content = Path | Slice | bytes | Cells | Refused  # a file on disk, what an archive held, or why that is not read
Tree = dict[PurePosixPath, Content]
_T = TypeVar("_T")


def walk(root: Path, depth: int = MAX_DEPTH, most: int = MAX_FILES) -> Tree:
    """The files below a folder; hidden and foreign folders are left out, and links are not followed.

    Refused where there are too many; deeper ones are not looked at: that is what they have for content.
    """
    tree: Tree = {}
    seen = 0
    for folder, folders, files in os.walk(root):
        below = PurePosixPath(Path(folder).relative_to(root).as_posix())
        folders[:] = sorted(name for name in folders if is_wanted(below / name / "*"))
        seen += len(files) + len(folders)
        if seen > most:
            raise Refused(messages.TOO_MANY_FILES.format(most=most))
        tree |= {below / name: Path(folder, name) for name in files if is_anybodys(name)}
        if len(below.parts) == depth:
            tree |= {below / name: Refused(messages.TOO_DEEP) for name in folders}
            folders.clear()
    return in_order(tree)


def walk_class(root: Path) -> Tree:
    """The files below the folder of a class. Whoever has too many costs nobody else anything."""
    around = _innermost(root)
    tree: Tree = {}
    for entry in sorted(os.scandir(around), key=lambda entry: entry.name):
        path = PurePosixPath(Path(entry.path).relative_to(root).as_posix())
        if not is_wanted(PurePosixPath(entry.name)):
            continue
        if not is_folder(entry):
            tree[path] = Path(entry.path)
        if not entry.is_dir(follow_symlinks=False):
            continue
        try:
            tree |= {path / below: content for below, content in walk(Path(entry.path), MAX_DEPTH + 3).items()}
        except Refused as why:
            tree[path / "..."] = why
    return in_order(tree)


def is_folder(entry: os.DirEntry[str]) -> bool:
    """Whether it is a folder, or a link to one. A link that cannot be followed is none."""
    try:
        return entry.is_dir()
    except OSError:
        return False


def _innermost(folder: Path) -> Path:
    """The folder that holds more than another folder."""
    while True:
        entries = [entry for entry in os.scandir(folder) if is_wanted(PurePosixPath(entry.name))]
        folders = [entry for entry in entries if entry.is_dir(follow_symlinks=False)]
        if len(folders) != 1 or any(is_taken(PurePosixPath(e.name)) for e in entries if e not in folders):
            return folder
        folder = Path(folders[0].path)


def in_order(tree: Mapping[PurePosixPath, _T]) -> dict[PurePosixPath, _T]:
    """The tree from the top down, by name."""
    return {path: tree[path] for path in sorted(tree, key=lambda path: (len(path.parts), path.as_posix()))}


def below(tree: Mapping[PurePosixPath, Content], folder: PurePosixPath) -> Tree:
    """What a tree holds in one folder, with paths from there."""
    return {path.relative_to(folder): content for path, content in tree.items() if path.is_relative_to(folder)}


def to_read(content: Path | Slice | bytes, most: int) -> Slice | Closed:
    """A file as something to read from. Refused where it is larger than most, or no ordinary file."""
    source: Slice | Closed
    if isinstance(content, Path):
        with _open(content) as file:
            source = Closed(content, os.fstat(file.fileno()).st_size)
    else:
        source = Slice(io.BytesIO(content), 0, len(content)) if isinstance(content, bytes) else content
    if source.size > most:
        raise refused("file-too-big", most=most // KIB)
    return source


def read_bytes(content: Path | Slice | bytes, most: int) -> bytes:
    """The bytes of a file. Refused as in to_read."""
    if isinstance(content, bytes) and len(content) <= most:
        return content
    source = to_read(content, most)
    try:
        return source.read(0, source.size)
    except OSError as error:
        raise Refused(error.strerror or str(error)) from error


def _open(path: Path) -> BinaryIO:
    try:
        return open_plain(path)
    except (OSError, ValueError) as error:
        raise Refused(getattr(error, "strerror", None) or str(error)) from error
