"""The reader: opens one submission, or the archive of a class, and hands on what is in it.

Its first line is what serving.Begun.confine takes, its second is JSON: what to read. From then on it speaks, a line of
JSON and then so many bytes, and is answered only where it wants bytes of what was handed in:

    ["want", number of the input, offset, size]             -> so many bytes of it
    ["text", path, size] and the text of a file of Python, in UTF-8
    ["notebook", path], and then of each of its code cells:
    ["cell", path, the file that it says it is of, size] and its text
    ["bytes", path, size] and those, of a file in the archive of a class
    ["out", path, why, {..}]                                something is not read: see LeftOut
    ["read", number of the input]                           that was all of it
"""

from __future__ import annotations

import io
import json
import os
from collections import Counter
from pathlib import PurePosixPath
from typing import Any, BinaryIO

from ..serving import Begun, begin, write_all
from . import archive, notebook, text
from .kinds import holds_cells, holds_definitions, is_archive, is_notebook, is_other, is_python, is_taken
from .left_out import (
    KIB,
    MAX_ARCHIVE,
    MAX_BYTES,
    MAX_CLASS,
    MAX_CLASS_FILES,
    MAX_FILES,
    MAX_NOTEBOOK,
    MAX_PATH,
    MAX_STUDENT,
    MIB,
    Budget,
    LeftOut,
)

NAME = "reader"
MAX_NESTED = 3  # archives inside each other
MAX_ARCHIVES = 20  # in one
MAX_WANTED = MIB  # bytes at once
BUFFER = 256 * 1024


def serve(null: int | None = None) -> None:
    """Give up what is not needed, say hello, read. null: as serving.begin takes it."""
    begun = begin(null)
    begun.confine(NAME)
    job = json.loads(begun.requests.readline())
    speaking = _Speaking(begun)
    if "class" in job:
        _read_class(speaking, job["class"], job["metadata"])
    else:
        _read_submission(speaking, job["submission"])
    os._exit(0)


class _Speaking:
    """What is said to the trusted end."""

    def __init__(self, begun: Begun) -> None:
        self._begun = begun

    def say(self, *words: Any, data: bytes = b"") -> None:
        write_all(self._begun.replies, json.dumps(words).encode() + b"\n" + data)

    def out(self, path: PurePosixPath, why: LeftOut) -> None:
        self.say("out", str(path)[:MAX_PATH], why.why, why.data)

    def ask(self, number: int, offset: int, size: int) -> bytes:
        self.say("want", number, offset, size)
        return self._begun.requests.read(size)


class _Input(io.RawIOBase):
    """Something that was handed in, as a file: its bytes are asked for when they are needed."""

    def __init__(self, speaking: _Speaking, number: int, size: int) -> None:
        self._speaking, self._number, self._size = speaking, number, size
        self._at = 0

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._at = max(0, offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence])
        return self._at

    def readinto(self, buffer: Any) -> int:
        size = max(0, min(len(buffer), MAX_WANTED, self._size - self._at))
        if size:
            buffer[:size] = self._speaking.ask(self._number, self._at, size)
        self._at += size
        return size


def _file(speaking: _Speaking, number: int, size: int) -> BinaryIO:
    if size <= BUFFER:  # as most are: one question in place of one for each part of an archive
        return io.BytesIO(speaking.ask(number, 0, size))
    return io.BufferedReader(_Input(speaking, number, size), BUFFER)


def _read_submission(speaking: _Speaking, inputs: list[list[Any]]) -> None:
    """Each of the inputs, [path, size]: with what is in archives, and in archives in those, under one budget."""
    budget = Budget()
    for number, (name, size) in enumerate(inputs):
        path = PurePosixPath(name)
        try:
            if is_archive(path):
                _read_archive(speaking, path, _file(speaking, number, size), budget, MAX_NESTED)
            else:
                _read_one(speaking, path, _file(speaking, number, size).read())
        except LeftOut as why:
            speaking.out(path, why)
        except MemoryError:
            speaking.out(path, LeftOut("memory"))
        speaking.say("read", number)


def _read_archive(speaking: _Speaking, path: PurePosixPath, file: BinaryIO, budget: Budget, nested: int) -> None:
    inside = path  # under its whole name, as there may be a folder of a part of it
    left = MAX_ARCHIVES
    for member, data in archive.members(file, _most, budget):
        try:
            if isinstance(data, LeftOut):
                raise data
            if not is_archive(member):
                _read_one(speaking, inside / member, data)
            elif nested > 1 and left:
                left -= 1
                _read_archive(speaking, inside / member, io.BytesIO(data), budget, nested - 1)
            else:
                raise LeftOut("archives-nested", most=MAX_NESTED, number=MAX_ARCHIVES)
        except LeftOut as why:
            speaking.out(inside / member, why)


def _most(path: PurePosixPath) -> int:
    """How many bytes of a file are read at most."""
    kinds = ((is_python, MAX_BYTES), (is_notebook, MAX_NOTEBOOK), (is_archive, MAX_ARCHIVE), (is_other, MAX_BYTES))
    return next((most for is_of_kind, most in kinds if is_of_kind(path)), 0)


def _read_one(speaking: _Speaking, path: PurePosixPath, data: bytes) -> None:
    if holds_cells(data) or (is_notebook(path) and (notebook.is_in_conflict(data) or not holds_definitions(data))):
        text.refuse_pointer(data)
        cells = notebook.code_cells(data)
        speaking.say("notebook", str(path))
        for number, cell in enumerate(cells[: notebook.MAX_CELLS], 1):
            if cell is None:
                speaking.out(path / f"cell {number}", LeftOut("cell-too-large", most=notebook.MAX_CELL // KIB))
            source, told = cell or ("", "")  # so that the others keep their numbers
            encoded = source.encode("utf-8", "replace")
            speaking.say("cell", str(path), told, len(encoded), data=encoded)
        for number in cells.not_code[: notebook.MAX_CELLS]:
            speaking.out(path / f"cell {number} of all", LeftOut("cell-not-code"))
        if len(cells) > notebook.MAX_CELLS:
            after = path / f"cell {notebook.MAX_CELLS + 1}"
            speaking.out(after, LeftOut("too-many-cells", most=notebook.MAX_CELLS))
        return
    is_read = is_python(path) or holds_definitions(data)
    encoded = text.decoded(data).encode("utf-8", "replace") if is_read else b""
    speaking.say("text", str(path), len(encoded), data=encoded)


def _read_class(speaking: _Speaking, size: int, metadata: list[str]) -> None:
    """The files of an archive with a class in it. Nobody's size or number costs anybody else."""
    file = _file(speaking, 0, size)
    try:
        of = _Students(list(archive.paths(file, Budget(16 * MAX_CLASS, MAX_CLASS_FILES))))
        left = Counter(dict.fromkeys(of.files, MAX_STUDENT))

        def wanted(path: PurePosixPath) -> int:
            if of.files[of.student(path)] > MAX_FILES:
                return 0
            return _most(path) if is_taken(path) or path.name not in metadata else MAX_BYTES

        for path, data in archive.members(file, wanted, Budget(MAX_CLASS, MAX_CLASS_FILES)):
            _hand_on(speaking, path, data, of, left)
    except LeftOut as why:
        speaking.out(PurePosixPath("."), why)
    except MemoryError:
        speaking.out(PurePosixPath("."), LeftOut("memory"))
    speaking.say("read", 0)


def _hand_on(
    speaking: _Speaking, path: PurePosixPath, data: bytes | LeftOut, of: _Students, left: Counter[str]
) -> None:
    student = of.student(path)
    if of.files[student] > MAX_FILES:
        if student in left:
            del left[student]
            speaking.out(of.top(student) / "...", LeftOut("too-many-files", most=MAX_FILES))
        return
    if isinstance(data, bytes):
        left[student] -= len(data)
    if isinstance(data, bytes) and left[student] >= 0:
        speaking.say("bytes", str(path), len(data), data=data)
    else:
        why = data if isinstance(data, LeftOut) else LeftOut("archive-too-large", most=MAX_STUDENT // MIB)
        speaking.out(path, why)


class _Students:
    """Whose a file is, going by the folder below those that all files are in. files: how many each has."""

    def __init__(self, paths: list[PurePosixPath]) -> None:
        self._depth = next((depth for depth in range(8) if len({path.parts[: depth + 1] for path in paths}) > 1), 0)
        self._around = paths[0].parts[: self._depth] if paths else ()
        self.files = Counter(map(self.student, paths))

    def student(self, path: PurePosixPath) -> str:
        return path.parts[min(self._depth, len(path.parts) - 1)]

    def top(self, student: str) -> PurePosixPath:
        return PurePosixPath(*self._around, student)
