"""The bytes of a Python file -> its text."""

from __future__ import annotations

import tokenize

from .left_out import LeftOut

LATIN = {"iso-8859-1", "latin-1", "cp1252", "windows-1252", "iso-8859-15"}
_POINTERS = {"Git LFS": b"version https://git-lfs.github.com/spec/", "git-annex": b"/annex/objects/"}


def refuse_pointer(data: bytes) -> None:
    """LeftOut where this is what git has in the place of a file that was not fetched."""
    for kind, start in _POINTERS.items():
        if data.startswith(start):
            raise LeftOut("pointer", kind=kind)


def decoded(data: bytes) -> str:
    """The text of a Python file: UTF-8, or what it declares or its first bytes say, or else latin-1. LeftOut where it
    is no text."""
    refuse_pointer(data)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError as error:
            raise LeftOut("not-text", position=error.start) from error
    if b"\0" in data:
        raise LeftOut("nul")
    try:
        return data.decode(_encoding(data))
    except UnicodeDecodeError:
        return data.decode("latin-1")  # every byte is a character of it: at worst, a comment looks odd


def _encoding(data: bytes) -> str:
    """The encoding that a file declares where it is a plain one, else UTF-8."""
    lines = iter(data.splitlines(keepends=True)[:2])
    try:
        declared, _ = tokenize.detect_encoding(lambda: next(lines, b""))
    except SyntaxError:
        declared = "utf-8"
    return declared if declared in LATIN else "utf-8-sig"
