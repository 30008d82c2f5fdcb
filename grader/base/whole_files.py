"""Writes a file whole, or leaves what stood there; and in a learner's folder touches nothing but ordinary files.

Somebody may get a folder from somebody else: a link in it could lead anywhere, and a pipe or a device would never end.
"""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from pathlib import Path
from typing import BinaryIO

from grader.base import messages
from grader.base.errors import StudyError
from grader.base.text import printable

MIB = 1024 * 1024
MOST = 64 * MIB  # of a file in a learner's folder: a notebook holds its pictures
PART = ".part"  # how the name ends of what is being written


def write_whole(path: Path, content: bytes) -> None:
    """Replace a file, also one that a link leads to, once the new one is on disk; it keeps the rights that it had.

    What stands there already is left as it is: replacing a file waits for the disk. What is no ordinary file (a pipe, a
    device) is written to. OSError where that cannot be done.
    """
    path = path.resolve()
    mode = path.stat().st_mode if path.exists() else 0o644
    if path.exists() and not path.is_file():
        path.write_bytes(content)
        return
    if path.exists() and path.stat().st_size == len(content) and path.read_bytes() == content:
        return
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=PART)
    try:
        with os.fdopen(descriptor, "wb") as out:
            out.write(content)
        Path(temporary).chmod(stat.S_IMODE(mode))
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def open_plain(path: Path) -> BinaryIO:
    """An ordinary file, open to be read; nothing waits. OSError where it is a link, or none that is ordinary."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    if path.is_symlink():
        raise OSError(errno.ELOOP, messages.FILE_IS_LINK)
    descriptor = os.open(path, flags)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, messages.FILE_IS_LINK)
    return os.fdopen(descriptor, "rb")


def is_there(folder: Path, name: str, most: int = MOST) -> bool:
    """Whether a folder holds an ordinary file, by its path from there. StudyError where something else stands in its
    place, or on the way to it: a link, a folder, a pipe, more than so many bytes."""
    path = folder
    parts = Path(name).parts
    for part in parts:
        path /= part
        try:
            found = path.lstat()
        except FileNotFoundError:
            return False
        if stat.S_ISLNK(found.st_mode):
            raise StudyError(messages.LINK.format(path=printable(str(path))))
        if path != folder / name:
            if not stat.S_ISDIR(found.st_mode):
                raise StudyError(messages.NO_PLACE.format(path=printable(str(path))))
        elif stat.S_ISDIR(found.st_mode):
            raise StudyError(messages.CANNOT_READ_FOLDER.format(path=printable(str(path))))
        elif not stat.S_ISREG(found.st_mode):
            raise StudyError(messages.NOT_ORDINARY.format(path=printable(str(path))))
        elif found.st_size > most:
            raise StudyError(messages.FILE_TOO_LARGE.format(path=printable(str(path)), most=most // MIB))
    return True


def read_below(folder: Path, name: str, most: int = MOST) -> bytes:
    """The bytes of an ordinary file in a folder. FileNotFoundError where there is none; StudyError as in is_there."""
    if not is_there(folder, name, most):
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(folder / name))
    with open_plain(folder / name) as file:
        return file.read(most)


def write_below(folder: Path, name: str, content: bytes) -> None:
    """Write a file in a folder whole, with the folders on the way to it. StudyError as in is_there, and OSError."""
    is_there(folder, name)
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, content)
