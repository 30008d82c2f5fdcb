"""A zip or tar archive -> Tree. It is read in memory, under caps; no name in it ever becomes a path on disk."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import re
import stat
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from grader.base import messages
from grader.base.text import printable
from grader.intake.tree import MAX_DEPTH, MIB, Refused, Tree, in_order, is_wanted

MAX_ARCHIVE = 32 * MIB  # of one submission, as it was handed in
MAX_EXPANDED = 64 * MIB  # of what is read of it
MAX_MEMBERS = 10_000
MAX_RATIO = 500  # of the size of a file to what it takes in the archive
_ENCODINGS = ("utf-8", "cp932", "gbk")  # of names in a zip that does not say which it has
_EAST_ASIAN = "[\u3005-\u30ff\u4e00-\u9fff\uff01-\uff60]"  # kana, the common characters, and full-width signs
_COMPRESSIONS: dict[bytes, Callable[[BinaryIO], object]] = {
    b"\x1f\x8b": lambda file: gzip.GzipFile(fileobj=file),
    b"BZh": bz2.BZ2File,
    b"\xfd7zXZ": lzma.LZMAFile,
}


def read_archive(
    content: Path | bytes,
    is_read: Callable[[PurePosixPath], bool],
    most: int = MAX_EXPANDED,
    members: int = MAX_MEMBERS,
) -> Tree:
    """The files of an archive, with the bytes of those whose paths is_read accepts; the others are empty.

    most: bytes that all of them may have together. Refused where it is no archive that can be read, or goes beyond a
    cap. Links, devices, hidden files and paths that lead out of the archive are passed over.
    """
    budget = _Budget(most, members)
    try:
        with content.open("rb") if isinstance(content, Path) else io.BytesIO(content) as file:
            tree = _read_zip(file, is_read, budget) if _is_zip(file) else _read_tar(file, is_read, budget)
    except Refused:
        raise
    except Exception as error:  # a stranger's bytes: these libraries raise whatever comes to mind
        raise Refused(messages.ARCHIVE_BROKEN.format(why=printable(str(error)) or type(error).__name__)) from error
    return in_order(tree)


def _is_zip(file: BinaryIO) -> bool:
    """Whether a file is a zip. A tar with a zip in it is none, though it may end like one."""
    head = file.read(512)
    is_tar = head[257:262] == b"ustar" or any(head.startswith(magic) for magic in _COMPRESSIONS)
    is_zip = not is_tar and zipfile.is_zipfile(file)
    file.seek(0)
    return is_zip


class _Budget:
    """How much of an archive may still be read."""

    def __init__(self, most: int, members: int) -> None:
        self.most = self.left = most
        self.members = members

    def take(self, data: bytes) -> bytes:
        self.left -= len(data)
        if self.left < 0:
            raise Refused(messages.ARCHIVE_TOO_LARGE.format(most=self.most // MIB))
        return data

    def count(self) -> None:
        self.members -= 1
        if self.members < 0:
            raise Refused(messages.ARCHIVE_TOO_MANY)


def _read_zip(file: BinaryIO, is_read: Callable[[PurePosixPath], bool], budget: _Budget) -> Tree:
    tree: Tree = {}
    with zipfile.ZipFile(file) as archive:
        for info in archive.infolist():
            budget.count()
            name = _name(info)
            path = _path(name)
            if path is None or name.endswith("/") or info.is_dir() or stat.S_ISLNK(info.external_attr >> 16):
                continue
            tree[path] = b""
            if not is_read(path):
                continue
            why_not = _too_deep(path) or _why_not(info)
            if why_not:
                tree[path] = Refused(why_not)
                continue
            with archive.open(info) as member:
                tree[path] = budget.take(member.read(budget.left + 1))
    return tree


def _name(info: zipfile.ZipInfo) -> str:
    """The name of a member as its tool wrote it, with / between folders. Where nothing says that it is UTF-8, it
    is what the bytes are: UTF-8, or else the encoding of a Chinese or Japanese system, or that of the standard."""
    if info.flag_bits & 0x800 or info.orig_filename.isascii():
        return info.filename.replace("\\", "/")
    raw = info.orig_filename.partition("\0")[0].encode("cp437")
    for encoding in _ENCODINGS:
        try:
            name = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "utf-8" or _is_likely(name):
            # What is a backslash by now is one, and no second byte of a character.
            return name.replace("\\", "/")
    return raw.decode("cp437").replace("\\", "/")


def _is_likely(name: str) -> bool:
    """Whether a name is of letters that such a system's names are written in, and none of them in the middle of a word
    of Latin ones: an accent and the letter after it can be read as one of those."""
    foreign = (character for character in name if not character.isascii())
    is_between = re.search(f"[A-Za-z]{_EAST_ASIAN}|{_EAST_ASIAN}[A-Za-z]", name)
    return name.isprintable() and not is_between and all(re.fullmatch(_EAST_ASIAN, letter) for letter in foreign)


def _why_not(info: zipfile.ZipInfo) -> str:
    """Why a member is not read, or nothing: it costs itself, and not the others of an archive."""
    if info.flag_bits & 1:
        return messages.ARCHIVE_ENCRYPTED
    # The other methods of zipfile expand whatever they are given at once, and so beyond any cap.
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return messages.ARCHIVE_COMPRESSION
    if info.file_size > MIB and info.file_size > MAX_RATIO * info.compress_size:
        return messages.ARCHIVE_BOMB
    return ""


def _read_tar(file: BinaryIO, is_read: Callable[[PurePosixPath], bool], budget: _Budget) -> Tree:
    head = file.read(6)
    file.seek(0)
    expanded = next((opened(file) for magic, opened in _COMPRESSIONS.items() if head.startswith(magic)), file)
    tree: Tree = {}
    # As a stream: forwards only, and every byte of it counts, also those of headers.
    with tarfile.open(fileobj=_Limited(expanded, budget), mode="r|") as archive:  # type: ignore[call-overload]  # has read
        for member in archive:
            budget.count()
            path = _path(member.name)
            if path is None or not member.isreg():
                continue
            tree[path] = b""
            if not is_read(path):
                continue
            if why_not := _too_deep(path):
                tree[path] = Refused(why_not)
                continue
            if member.size > budget.left:
                raise Refused(messages.ARCHIVE_TOO_LARGE.format(most=budget.most // MIB))
            extracted = archive.extractfile(member)
            tree[path] = extracted.read() if extracted else b""
    return tree


class _Limited:
    """A stream that can be read up to a budget."""

    def __init__(self, file: object, budget: _Budget) -> None:
        self._file = file
        self._budget = budget

    def read(self, size: int) -> bytes:
        data: bytes = self._file.read(min(size, self._budget.left + 1))  # type: ignore[attr-defined]  # a file
        return self._budget.take(data)


def _path(name: str) -> PurePosixPath | None:
    """The path of a member inside its archive; None where it leads out or is hidden."""
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".")]
    if not parts or ".." in parts or any("\0" in part for part in parts):
        return None
    path = PurePosixPath(*parts)
    return path if is_wanted(path) else None


def _too_deep(path: PurePosixPath) -> str:
    """Why a member is not read, where it is too deep."""
    return messages.TOO_DEEP if len(path.parts) > MAX_DEPTH + 1 else ""
