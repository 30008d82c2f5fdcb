"""The bytes of a Python file -> its text."""

from __future__ import annotations

import codecs
import json
import tokenize

from .left_out import LeftOut

# The encodings that a file may declare: plain ones, of which some take a part of a character for a backslash or quote.
DECLARED = {
    *("iso8859-1", "iso8859-2", "iso8859-5", "iso8859-7", "iso8859-9", "iso8859-15", "koi8-r", "koi8-u"),
    *("cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp437", "cp850", "cp866"),
    *("gb2312", "gbk", "gb18030", "big5", "cp950", "shift_jis", "cp932", "euc_jp", "euc_kr", "cp949"),
}
_POINTERS = {"Git LFS": b"version https://git-lfs.github.com/spec/", "git-annex": b"/annex/objects/"}


def refuse_pointer(data: bytes) -> None:
    """LeftOut where this is what git has in the place of a file that was not fetched."""
    for kind, start in _POINTERS.items():
        if data.startswith(start):
            raise LeftOut("pointer", kind=kind)


def decoded(data: bytes) -> str:
    """The text of a Python file: UTF-8, UTF-16, or what it declares, or else latin-1. LeftOut where it is no text."""
    refuse_pointer(data)
    if b"\0" in data:
        try:
            text = data.decode(json.detect_encoding(data))  # the same holds for it: it begins with ASCII
        except UnicodeDecodeError as error:
            raise LeftOut("not-text", position=error.start) from error
        if "\0" in text:
            raise LeftOut("nul")
        return text.removeprefix("\ufeff")
    try:
        return data.decode(_encoding(data))
    except UnicodeDecodeError:
        return data.decode("latin-1")  # every byte is a character of it: at worst, a comment looks odd


def _encoding(data: bytes) -> str:
    """The encoding that a file declares where that is known here, else UTF-8."""
    lines = iter(data.splitlines(keepends=True)[:2])
    try:
        declared, _ = tokenize.detect_encoding(lambda: next(lines, b""))
        known = codecs.lookup(declared).name
    except (SyntaxError, LookupError):
        known = ""
    return known if known in DECLARED else "utf-8-sig"
