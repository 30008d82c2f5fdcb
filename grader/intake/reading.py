"""Files of Python and notebooks -> their text, under caps. What cannot be read costs itself alone."""

from __future__ import annotations

import codecs
import json
import tokenize
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from grader.base import messages
from grader.base.errors import SubmissionError
from grader.base.model import SourceFile
from grader.base.text import printable
from grader.intake.kinds import is_notebook, is_python
from grader.intake.marimo import IS_MARIMO, without_marimo
from grader.intake.notebook import MAX_NOTEBOOK, as_files, read_cells
from grader.intake.tree import MIB, Content, Refused, Tree, read_bytes
from grader.kit.model import Manifest

MAX_BYTES = MIB  # of one file of Python
MAX_CHARACTERS = 4 * MIB  # of all files
MAX_LOADED = 12  # of files that do not have the kit's names
MAX_OTHERS = 50  # of files that can be imported by those
# The encodings that a file may declare: plain ones, of which some take a part of a character for a backslash or quote.
DECLARED = {
    codecs.lookup(name).name
    for name in (
        *("latin-1", "iso8859-2", "iso8859-5", "iso8859-7", "iso8859-9", "iso8859-15", "koi8-r", "koi8-u"),
        *("cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp437", "cp850", "cp866"),
        *("gb2312", "gbk", "gb18030", "big5", "cp950", "shift_jis", "cp932", "euc_jp", "euc_kr", "cp949"),
    )
}


@dataclass(frozen=True)
class Read:
    """All the Python of a tree, the kit's files first, and why the rest could not be read."""

    sources: list[SourceFile]
    refused: dict[PurePosixPath, str]


def read_all(tree: Tree, meant: Mapping[PurePosixPath, str], manifest: Manifest, shown: str) -> Read:
    """Read a tree; meant: which of its files stand for the kit's. SubmissionError where those alone are too large."""
    sources: list[SourceFile] = []
    refused: dict[PurePosixPath, str] = {}
    room = MAX_CHARACTERS
    paths = (path for path in tree if is_python(path) or is_notebook(path))
    for path in sorted(paths, key=lambda path: path not in meant):
        beside = {f"{source.module}.py" for source in sources}
        try:
            new = _read(path, tree[path], meant.get(path, path.name), manifest, beside)
        except Refused as why:
            refused[path] = str(why)
            continue
        room -= sum(len(source.text) for source in new)
        if room < 0 and path in meant:
            raise SubmissionError(messages.TOO_LARGE.format(path=shown, most=MAX_CHARACTERS // MIB))
        if room < 0 or len(sources) > MAX_LOADED + MAX_OTHERS:
            refused[path] = messages.TOO_MUCH_BEFORE
            break
        sources += new
    return Read(sources, refused)


def _read(path: PurePosixPath, content: Content, name: str, manifest: Manifest, beside: set[str]) -> list[SourceFile]:
    """What one file stands for. name: what it is taken for. beside: the names of the files that were read before."""
    shown = printable(path.as_posix())
    module = name.partition(".py" if is_python(path) else ".ipynb")[0]
    if is_python(path):
        text = _decoded(read_bytes(content, MAX_BYTES))
        if not IS_MARIMO.search(text):
            return [SourceFile(module, shown, text)]
        text, starts = without_marimo(text)
        return [SourceFile(module, shown, text, tuple((line, number) for number, line in enumerate(starts)))]
    return as_files(read_cells(read_bytes(content, MAX_NOTEBOOK), manifest), shown, module, manifest, beside)


def _decoded(data: bytes) -> str:
    """The text of a Python file: UTF-8, UTF-16, or what it declares, or else latin-1."""
    if b"\0" in data:
        try:
            text = data.decode(json.detect_encoding(data))  # the same holds for it: it begins with ASCII
        except UnicodeDecodeError as error:
            raise Refused(messages.FILE_NOT_TEXT.format(position=error.start)) from error
        if "\0" in text:
            raise Refused(messages.FILE_HAS_NUL)
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
