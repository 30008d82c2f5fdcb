"""Opens what was handed in: a tree of files -> a tree of texts. Strangers' archives and notebooks are read by a reader.

Plain Python is text already, and read here.
"""

from __future__ import annotations

import re
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from grader.base import messages
from grader.base.errors import Fault, LearnerFault, WorkerLostError
from grader.intake.tree import (
    Cells,
    Closed,
    Content,
    Refused,
    Slice,
    Spool,
    Tree,
    in_order,
    read_bytes,
    refused,
    to_read,
)
from grader.sandbox.confine import choose
from grader.sandbox.inside.reading.kinds import (
    begins_as_archive,
    holds_cells,
    holds_definitions,
    is_archive,
    is_notebook,
    is_other,
    is_python,
)
from grader.sandbox.inside.reading.left_out import KIB, MAX_ARCHIVE, MAX_BYTES, MAX_CLASS, MAX_NOTEBOOK, MIB
from grader.sandbox.levels import Level

MAX_TEXT = 16 * MIB  # of all that is read
MAX_CARRIED = 64 * MIB  # of the files of one submission, to another machine
MAX_READERS = 3  # of one submission: what ends one is left out, and the next goes on with the rest
_OTHER_CODING = re.compile(rb"^.*coding(?!\s*[:=]\s*utf-?8\b)", re.IGNORECASE)
_NOT_PLAIN = (b"\xff\xfe", b"\xfe\xff", b"version https://git-lfs", b"/annex/objects/")


Text = str | Cells | Refused  # of a file: what is in it, or why it is not read; nothing where nobody would read it
Texts = Mapping[PurePosixPath, Text]


def texts(tree: Mapping[PurePosixPath, Content], first: Collection[str], level: Level | None, deadline: float) -> Texts:
    """What is in the files of a tree, and of its archives, from the top down; those are not in it themselves, but
    where they cannot be read.

    first: names of files that are read before there is no more room. level: how to confine the reader (the best way
    there is here). deadline: of time.monotonic.
    """
    read = _Texts()
    unread: dict[PurePosixPath, Slice | Closed] = {}
    for path, content in sorted(tree.items(), key=lambda item: item[0].name not in first):
        if isinstance(content, Cells | Refused):
            read.found[path] = content
            continue
        try:
            wanted = _wanted(path, content)
            if isinstance(wanted, int):
                unread[path] = to_read(content, wanted)
            elif is_other(path) and begins_as_archive(wanted):
                read.found[path] = Refused(messages.FILE_IS_FOREIGN)
            elif len(wanted) > MAX_BYTES:
                raise refused("file-too-big", most=MAX_BYTES // KIB)
            elif (text := _plain(wanted)) is None:
                unread[path] = to_read(content, MAX_BYTES)
            else:
                read.add(path, text)
        except Refused as why:
            read.found[path] = why
    _read(unread, read, level, deadline)
    return read.all()


def carried(tree: Mapping[PurePosixPath, Content], first: Collection[str]) -> Tree:
    """The same files for a machine that has not got them: the bytes of what texts() reads, and no more than it needs to
    leave a file out. It reads the same in both. first: as there."""
    found: Tree = {}
    room = MAX_CARRIED
    for path, content in sorted(tree.items(), key=lambda item: item[0].name not in first):
        found[path] = _carried(path, content) if room >= 0 else refused("too-much", most=MAX_CARRIED // MIB)
        if isinstance(data := found[path], bytes):
            room -= len(data)
            if room < 0:
                found[path] = refused("too-much", most=MAX_CARRIED // MIB)
    return in_order(found)


def _carried(path: PurePosixPath, content: Content) -> Content:
    if isinstance(content, Cells | Refused):
        return content
    try:
        wanted = _wanted(path, content)
        return read_bytes(content, wanted) if isinstance(wanted, int) else wanted
    except Refused as why:
        return why


def _wanted(path: PurePosixPath, content: Path | Slice | bytes) -> int | bytes:
    """What of a file is read: how many bytes at the most, by a reader, or the bytes that say all of it."""
    if is_archive(path):
        return MAX_ARCHIVE
    if is_notebook(path):
        return MAX_NOTEBOOK
    if is_python(path):
        data = _begin(content, MAX_BYTES + 1)
        return MAX_NOTEBOOK if holds_cells(data) else data
    if is_other(path) and begins_as_archive(begin := _begin(content, 8)):
        return begin
    return MAX_NOTEBOOK if is_like_work(path, content) else b""


def is_like_work(path: PurePosixPath, content: Content) -> bool:
    """Whether a file whose name does not say so holds Python or a notebook."""
    if not is_other(path) or isinstance(content, Cells | Refused):
        return False
    try:
        data = _begin(content, MAX_BYTES)
    except Refused:
        return False
    return holds_cells(data) or (len(data) < MAX_BYTES and holds_definitions(data))


def _begin(content: Path | Slice | bytes, size: int) -> bytes:
    """So many bytes of a file, or all of it. Refused where it cannot be read."""
    source = to_read(content, MAX_CLASS)
    try:
        return source.read(0, min(size, source.size))
    except OSError as error:
        raise Refused(error.strerror or str(error)) from error


def _plain(data: bytes) -> str | None:
    """The text of a file of Python that is plain UTF-8, else nothing."""
    if b"\0" in data or data.startswith(_NOT_PLAIN) or any(map(_OTHER_CODING.match, data.split(b"\n", 2)[:2])):
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


@dataclass
class _Texts:
    """What has been read, under a cap."""

    found: dict[PurePosixPath, Text] = field(default_factory=dict)
    notebooks: dict[PurePosixPath, list[tuple[str, str]]] = field(default_factory=dict)
    room: int = MAX_TEXT

    def add(self, path: PurePosixPath, text: str) -> None:
        self.found[path] = text if self._has_room(text) else refused("all-too-large", most=MAX_TEXT // MIB)

    def begin_notebook(self, path: PurePosixPath) -> None:
        self.notebooks[path] = []

    def add_cell(self, path: PurePosixPath, text: str, file: str) -> None:
        if self._has_room(text):
            self.notebooks.setdefault(path, []).append((text, file))
        else:
            self.found[path] = refused("all-too-large", most=MAX_TEXT // MIB)

    def refuse(self, path: PurePosixPath, why: str) -> None:
        """A file that is not read; of an archive nothing is."""
        if is_archive(path):
            for some in (self.found, self.notebooks):  # what is in it is what was said last
                while some and next(reversed(some)).is_relative_to(path):
                    some.popitem()
        self.found[path] = Refused(why)

    def all(self) -> Texts:
        cells = {path: Cells(tuple(cells)) for path, cells in self.notebooks.items()}
        return in_order(cells | self.found)

    def _has_room(self, text: str) -> bool:
        self.room -= len(text)
        return self.room >= 0


def _read(unread: Mapping[PurePosixPath, Slice | Closed], read: _Texts, level: Level | None, deadline: float) -> None:
    """Have all of these read, each by the reader that comes to it."""
    left = dict(unread)
    level = level or (choose().level if left else None)
    for number in range(1, MAX_READERS + 1):
        if not left or level is None:
            return
        try:
            why = _read_some(left, read, level, deadline)
        except WorkerLostError:  # something else has ended it
            if number == MAX_READERS:
                raise
            continue
        if why:
            path = next(iter(left))
            del left[path]
            read.refuse(path, why)
    for path in left:
        read.found[path] = refused("not-read")


def _read_some(left: dict[PurePosixPath, Slice | Closed], read: _Texts, level: Level, deadline: float) -> str:
    """Read on until all is read, or the reader ends; then why that was, and what ended it is the first of those that
    are left."""
    from grader.sandbox.reading import reader  # most submissions need none

    if time.monotonic() > deadline:
        return messages.LEFT_OUT["time"]
    paths = list(left)
    try:
        with reader(level, list(left.values()), deadline) as reading:
            for said in reading.submission([str(path) for path in paths]):
                path = PurePosixPath(said.path)
                if said.kind == "read":
                    del left[paths[said.number]]
                elif said.kind == "text":
                    read.add(path, said.text)
                elif said.kind == "notebook":
                    read.begin_notebook(path)
                elif said.kind == "cell":
                    read.add_cell(path, said.text, said.told)
                else:
                    read.refuse(path, said.told)
    except LearnerFault as fault:
        return str(fault) if fault.kind is Fault.TIMEOUT else messages.LEFT_OUT["not-read"]
    return ""


def class_files(path: Path, metadata: Sequence[str], level: Level | None) -> Tree:
    """The files in the archive of a class, which lie in a file that nobody else can open.

    metadata: names of files that are read beside what students handed in. Refused where it cannot be read at all.
    """
    from grader.sandbox.reading import ClassReader

    tree: Tree = {}
    archive = to_read(path, MAX_CLASS)
    spool = Spool()
    try:
        with ClassReader(level or choose().level, [archive]) as reader:
            for said in reader.class_(metadata):
                if said.kind == "bytes":
                    tree[PurePosixPath(said.path)] = Slice(spool, spool.tell(), said.number)
                    reader.copy(said.number, spool)
                elif said.kind == "out" and said.path == ".":
                    raise Refused(said.told)
                elif said.kind == "out":
                    tree[PurePosixPath(said.path)] = Refused(said.told)
    except LearnerFault as fault:
        raise Refused(str(fault)) from fault
    return in_order(tree)
