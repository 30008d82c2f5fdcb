"""A zip or tar archive -> its members, under caps; no name in it ever becomes a path on disk."""

from __future__ import annotations

import bz2
import gzip
import lzma
import re
import stat
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import Any, BinaryIO

from .kinds import MAX_DEPTH, holds_cells, is_archive, is_notebook, is_other, is_wanted
from .left_out import KIB, MAX_NOTEBOOK, MAX_PATH, MAX_WHY, MIB, Budget, LeftOut

MAX_RATIO = 500  # of the size of a file to what it takes in the archive
MAX_PART = 255  # characters of a name: more than any system takes
_ENCODINGS = ("utf-8", "cp932", "gbk")  # of names in a zip that does not say which it has
_EAST_ASIAN = "[\u3005-\u30ff\u4e00-\u9fff\uff01-\uff60]"  # kana, the common characters, and full-width signs
_COMPRESSIONS: dict[bytes, Callable[[BinaryIO], object]] = {
    b"\x1f\x8b": lambda file: gzip.GzipFile(fileobj=file),
    b"BZh": bz2.BZ2File,
    b"\xfd7zXZ": lzma.LZMAFile,
}

Wanted = Callable[[PurePosixPath], int]  # how many bytes of a file are read at most; 0 for what is not read


def members(file: BinaryIO, wanted: Wanted, budget: Budget) -> Iterator[tuple[PurePosixPath, bytes | LeftOut]]:
    """The files of an archive, one after the other; what is not wanted is empty.

    LeftOut where it is no archive that can be read, or goes beyond the budget. Links, devices, hidden files and paths
    that lead out of the archive are passed over.
    """
    try:
        yield from _zip(file, wanted, budget) if _is_zip(file) else _tar(file, wanted, budget)
    except (LeftOut, MemoryError):
        raise
    except Exception as error:  # a stranger's bytes: these libraries raise whatever comes to mind
        raise LeftOut("archive-broken", why=(str(error) or type(error).__name__)[:MAX_WHY]) from error


def paths(file: BinaryIO, budget: Budget) -> Iterator[PurePosixPath]:
    """The paths of the files of an archive, as far as they are there to be read."""
    for path, _ in members(file, lambda path: 0, budget):
        yield path
    file.seek(0)


def _is_zip(file: BinaryIO) -> bool:
    """Whether a file is a zip. A tar with a zip in it is none, though it may end like one."""
    head = file.read(512)
    is_tar = head[257:262] == b"ustar" or any(head.startswith(magic) for magic in _COMPRESSIONS)
    is_zip = not is_tar and zipfile.is_zipfile(file)
    file.seek(0)
    return is_zip


def _zip(file: BinaryIO, wanted: Wanted, budget: Budget) -> Iterator[tuple[PurePosixPath, bytes | LeftOut]]:
    with zipfile.ZipFile(file) as archive:
        for info in archive.infolist():
            budget.count()
            name = _name(info)
            path = _path(name)
            if path is None or name.endswith("/") or info.is_dir() or stat.S_ISLNK(info.external_attr >> 16):
                continue
            most = wanted(path)
            why_not = _why_not(info, path) or _too_deep(path) if most else ""
            if why_not or not most:
                yield path, LeftOut(why_not) if why_not else b""
                continue
            with archive.open(info) as member:
                data = _read(member, path, info.file_size, most)
            budget.take(len(data) if isinstance(data, bytes) else 0)
            yield path, data


def _read(member: Any, path: PurePosixPath, size: int, most: int) -> bytes | LeftOut:
    """What a member holds, which says of itself that it is so large. A notebook may be as large as one, whatever it is
    called; of what is too large nothing is read, and nothing said where it need not be work."""
    begin: bytes = member.read(most) if size <= most or not (is_archive(path) or is_notebook(path)) else b""
    if size > most and holds_cells(begin):
        most = MAX_NOTEBOOK
    data = begin + member.read(most + 1 - len(begin)) if size <= most else b""
    if size <= most and len(data) <= most:
        return data
    return b"" if is_other(path) and not holds_cells(begin) else LeftOut("file-too-big", most=most // KIB)


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


def _why_not(info: zipfile.ZipInfo, path: PurePosixPath) -> str:
    """Why a member is not read, or nothing: it costs itself, and not the others of an archive."""
    if info.flag_bits & 1:
        return "archive-encrypted"
    # The other methods of zipfile expand whatever they are given at once, and so beyond any cap.
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "archive-compression"
    is_bomb = info.file_size > MIB and info.file_size > MAX_RATIO * info.compress_size
    if is_bomb and not is_other(path):  # of those the beginning tells whether they are read
        return "archive-bomb"
    return ""


def _tar(file: BinaryIO, wanted: Wanted, budget: Budget) -> Iterator[tuple[PurePosixPath, bytes | LeftOut]]:
    head = file.read(6)
    file.seek(0)
    expanded = next((opened(file) for magic, opened in _COMPRESSIONS.items() if head.startswith(magic)), file)
    stream = _Limited(expanded, budget)
    # As a stream: forwards only, and every byte of it counts, also those of headers.
    with tarfile.open(fileobj=stream, mode="r|") as archive:  # type: ignore[call-overload]  # has read
        for member in archive:
            archive.members = []  # it would keep them all
            budget.count()
            if member.size > budget.left:
                budget.take(member.size)  # it would look for the end of it for ever
            path = _path(member.name)
            if path is None or not member.isreg():
                continue
            most = wanted(path)
            if most and _too_deep(path):
                yield path, b"" if is_other(path) else LeftOut(_too_deep(path))
                continue
            extracted = archive.extractfile(member) if most else None
            data = _read(extracted, path, member.size, most) if extracted else b""
            if isinstance(data, bytes) and member.issparse():  # there is more than the stream held
                budget.take(len(data))
            yield path, data


class _Limited:
    """A stream that can be read up to a budget."""

    def __init__(self, file: object, budget: Budget) -> None:
        self._file = file
        self._budget = budget

    def read(self, size: int) -> bytes:
        data: bytes = self._file.read(min(size, self._budget.left + 1))  # type: ignore[attr-defined]  # a file
        self._budget.take(len(data))
        return data


def _path(name: str) -> PurePosixPath | None:
    """The path of a member inside its archive; None where it leads out, is hidden or too long. Of one that is too deep
    the middle is left out: hundreds of folders in each of thousands of names take gigabytes."""
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".")]
    if not parts or ".." in parts or len(name) > MAX_PATH:
        return None
    del parts[MAX_DEPTH + 1 : -1]
    if any("\0" in part or len(part) > MAX_PART for part in parts):
        return None
    path = PurePosixPath(*parts)
    return path if is_wanted(path) else None


def _too_deep(path: PurePosixPath) -> str:
    """Why a member is not read, where it is too deep."""
    return "too-deep" if len(path.parts) > MAX_DEPTH + 1 else ""
