"""Texts of files and notebooks -> files of Python, under caps. What cannot be read costs itself alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from grader.base import messages
from grader.base.errors import SubmissionError
from grader.base.model import SourceFile
from grader.base.text import short_path
from grader.intake.marimo import is_marimo, without_marimo
from grader.intake.notebook import as_files, read_cells
from grader.intake.opening import Text, Texts
from grader.intake.tree import Cells, Refused
from grader.kit.model import Manifest
from grader.sandbox.inside.reading.kinds import is_notebook, is_python
from grader.sandbox.inside.reading.left_out import MIB

MAX_CHARACTERS = 4 * MIB  # of all files
MAX_LOADED = 12  # of files that do not have the kit's names
MAX_OTHERS = 50  # of files that can be imported by those


@dataclass(frozen=True)
class Read:
    """All the Python of a tree, the kit's files first, and why the rest could not be read."""

    sources: list[SourceFile]
    refused: dict[PurePosixPath, str]


def read_all(tree: Texts, meant: Mapping[PurePosixPath, str], manifest: Manifest, shown: str) -> Read:
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


def _read(path: PurePosixPath, text: Text, name: str, manifest: Manifest, beside: set[str]) -> list[SourceFile]:
    """What one file stands for. name: what it is taken for. beside: the names of the files that were read before."""
    if isinstance(text, Refused):
        raise text
    shown = short_path(path.as_posix())
    module = name.partition(".py" if is_python(path) else ".ipynb")[0]
    if isinstance(text, Cells):
        return as_files(read_cells(text.cells, manifest), shown, module, manifest, beside)
    if not is_marimo(text):
        return [SourceFile(module, shown, text)]
    text, starts = without_marimo(text)
    return [SourceFile(module, shown, text, tuple((line, number) for number, line in enumerate(starts)))]
