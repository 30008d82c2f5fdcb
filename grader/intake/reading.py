"""Texts of files and notebooks -> files of Python, under caps. What cannot be read costs itself alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from grader.base import messages
from grader.base.errors import SubmissionError
from grader.base.model import SourceFile
from grader.base.text import short_path
from grader.intake.marimo import is_marimo, without_marimo
from grader.intake.notebook import as_files, read_cells, script_cells
from grader.intake.opening import Text, Texts
from grader.intake.tree import Cells, Refused
from grader.intake.work import Work
from grader.kit.model import Manifest
from grader.sandbox.inside.reading.kinds import is_markup, is_other, is_read
from grader.sandbox.inside.reading.left_out import MIB

MAX_CHARACTERS = 4 * MIB  # of all files
MAX_LOADED = 12  # of files that do not have the kit's names
MAX_OTHERS = 50  # of files that can be imported by those
_ENDING = re.compile(r"\.(?:py|ipynb)(?![a-z])|\.[a-z0-9]+$", re.IGNORECASE)


@dataclass(frozen=True)
class Read:
    """All the Python of a tree, the kit's files first, and why the rest could not be read."""

    sources: list[SourceFile]
    refused: dict[PurePosixPath, str]


def read_all(tree: Texts, meant: Mapping[PurePosixPath, str], manifest: Manifest, shown: str) -> Read:
    """Read a tree; meant: which of its files stand for the kit's. SubmissionError where those alone are too large.

    What is Python or a notebook though its name does not say so is read where it holds work that is in no other file.
    """
    sources: list[SourceFile] = []
    refused: dict[PurePosixPath, str] = {}
    work = Work(manifest)
    room = MAX_CHARACTERS
    for path in [*sorted(filter(is_read, tree), key=lambda path: path not in meant), *filter(is_other, tree)]:
        beside = {f"{source.module}.py" for source in sources}
        try:
            if is_other(path):
                new = _more(path, tree[path], sources, manifest, work)
            else:
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


def _more(
    path: PurePosixPath, text: Text, sources: list[SourceFile], manifest: Manifest, work: Work
) -> list[SourceFile]:
    """What a file stands for whose name does not say that it is Python, where it holds work that none of the sources
    does. Refused where that is a part of something else."""
    if not text or isinstance(text, Refused):
        return []
    new = _read(path, text, path.name, manifest, set())
    if not any(work.of_all(new, file) - work.of_all(sources, file) for file in manifest.files):
        return []
    if is_markup(path):
        raise Refused(messages.FILE_IS_FOREIGN)
    return new


def _read(path: PurePosixPath, text: Text, name: str, manifest: Manifest, beside: set[str]) -> list[SourceFile]:
    """What one file stands for. name: what it is taken for. beside: the names of the files that were read before."""
    if isinstance(text, Refused):
        raise text
    shown = short_path(path.as_posix())
    module = _ENDING.split(name)[0]
    if isinstance(text, Cells):
        return as_files(read_cells(text.cells, manifest, text.numbers), shown, module, manifest, beside)
    if name in manifest.files and not text.strip():
        raise Refused(messages.FILE_EMPTY)
    cells = script_cells(text)
    if cells:
        return as_files(read_cells(cells, manifest), shown, module, manifest, beside)
    if not is_marimo(text):
        return [SourceFile(module, shown, text)]
    text, starts = without_marimo(text)
    return [SourceFile(module, shown, text, tuple((line, number) for number, line in enumerate(starts)))]
