"""A notebook -> Python files, without a kernel: its code cells, one after the other.

The kit's own notebook edition says of each cell which of the kit's files it stands for: in the cell's metadata, or
where a platform has dropped that, in its first line. Any other notebook is one file.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from grader.base import messages
from grader.base.model import SourceFile
from grader.intake.tree import MIB, Refused
from grader.kit.model import Manifest

MAX_NOTEBOOK = 64 * MIB  # with its pictures
MAX_WITHOUT_OUTPUTS = 8 * MIB
METADATA = "mg_grade"
MARK = "# mg-grade: "  # and the name of a file, as the first line of a cell
ASIDE = "aside"  # in place of that name: a cell of the kit's own that is no part of any file
MAX_CELLS = 2_000
MAX_CELL = MIB
# Cell magics below which there is Python as usual. Under all others there is something else.
_PYTHON_BELOW = {"time", "timeit", "capture", "prun"}
# What shows feedback in the notebook, and means nothing to whoever grades it.
_CHECKS = re.compile(r"^([ \t]*)(?:mg_check\(.*\)|from grader\.study\.notebook import mg_check)[ \t]*$", re.MULTILINE)
# Of JSON what is needed to find where a list ends. The possessive repeats keep nothing of a long string to go back to.
_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[\]{}]', re.DOTALL)
_APPENDS = r"(?:-a|--append)"
_WRITES_FILE = re.compile(rf"%%(?:writefile|file)\s+(?:{_APPENDS}\s+)?[\"']?(\S+?\.py)[\"']?(?:\s+{_APPENDS})?\s*$")


@dataclass(frozen=True)
class Cell:
    """One code cell: its number among them, from 1, its text, and the file that it is a part of, or ""."""

    number: int
    text: str
    file: str


def read_cells(data: bytes, manifest: Manifest) -> list[Cell]:
    """The code cells of a notebook of any version; Refused where it is none."""
    import nbformat  # only here: it takes a third of the time that the command takes to start

    try:
        text = _without_outputs(data).decode(json.detect_encoding(data), "replace")
        as_it_is = nbformat.reader.reads(_with_metadata(text))  # type: ignore[no-untyped-call]  # it has no types
        notebook = nbformat.convert(as_it_is, 4)  # type: ignore[no-untyped-call]  # nor has this
        cells = [(cell.source, cell.get("metadata")) for cell in notebook.cells if cell.cell_type == "code"]
    except Refused:
        raise
    except Exception as error:  # any JSON at all may come, and nbformat trips over most of it
        is_conflict = re.search(rb"^<{7} ", data, re.MULTILINE)
        raise Refused(messages.NOTEBOOK_CONFLICT if is_conflict else messages.NOT_A_NOTEBOOK) from error
    return [
        _cell(number, source, metadata, manifest)
        for number, (source, metadata) in enumerate(cells[:MAX_CELLS], 1)
        if isinstance(source, str) and len(source) <= MAX_CELL
    ]


def _with_metadata(text: str) -> str:
    """The notebook where no cell lacks the fields that nbformat insists on and other tools leave out."""
    notebook = json.loads(text)
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list) or all(isinstance(cell, dict) and "metadata" in cell for cell in cells):
        return text
    missing: dict[str, object] = {"metadata": {}, "outputs": [], "execution_count": None}
    return json.dumps(notebook | {"cells": [missing | cell for cell in cells if isinstance(cell, dict)]})


def _without_outputs(data: bytes) -> bytes:
    """A large notebook in the same encoding without its outputs and long strings, which would take many times their
    size in memory; Refused where it is still too large."""
    if len(data) <= MAX_WITHOUT_OUTPUTS:
        return data
    encoding = json.detect_encoding(data)
    if not encoding.startswith("utf-8"):
        data = data.decode(encoding, "replace").encode()
    kept: list[bytes] = []
    start = depth = last = 0
    is_outputs = False
    for token in _TOKEN.finditer(data):
        begin, end = token.span()
        first = data[begin : begin + 1]
        if depth:  # inside of outputs
            depth += 1 if first in b"[{" else -1 if first in b"]}" else 0
            start = begin
        elif first == b"[" and is_outputs and data[last:begin].strip() == b":":
            depth = 1
            kept.append(data[start:end])
        elif end - begin > MAX_CELL:
            kept.append(data[start : begin + 1])
            start = end - 1
        is_outputs = end - begin == len(b'"outputs"') and data[begin:end] == b'"outputs"'
        last = end
    kept.append(data[start:])
    if sum(map(len, kept)) > MAX_WITHOUT_OUTPUTS:
        raise Refused(messages.NOTEBOOK_TOO_BIG.format(most=MAX_WITHOUT_OUTPUTS // MIB))
    small = b"".join(kept)
    return small if encoding.startswith("utf-8") else small.decode().encode(encoding)


def _cell(number: int, source: str, metadata: object, manifest: Manifest) -> Cell:
    text = "\n".join(source.splitlines())
    told = metadata.get(METADATA) if isinstance(metadata, dict) else None
    file = told.get("file") if isinstance(told, dict) else None
    first = text.partition("\n")[0].strip()
    if file not in manifest.files and first.startswith(MARK):
        file = first.removeprefix(MARK).strip()
    if file == ASIDE:
        text = ""
    text = _CHECKS.sub(r"\1pass", text)
    written = _WRITES_FILE.match(first)
    if written:
        return Cell(number, _without_first_line(text), written[1].rpartition("/")[2])
    if first.startswith("%%"):
        is_python = first[2:].split()[:1] and first[2:].split()[0] in _PYTHON_BELOW
        text = _without_first_line(text) if is_python else ""
    return Cell(number, text, str(file) if file in manifest.files else "")


def _without_first_line(text: str) -> str:
    """The text with its first line empty, so that the numbers of the others stay."""
    return "\n" + text.partition("\n")[2]


def as_files(cells: list[Cell], path: str, module: str, manifest: Manifest, beside: set[str]) -> list[SourceFile]:
    """The Python files that a notebook stands for: those of the kit's edition, or else one with all its cells.

    A learner's own cells in the kit's edition belong to the file of the cell before; those before all of them to every
    file. Files that are written by %%writefile come as well. beside: the kit's files that were handed in by themselves.
    """
    written = [name for name in dict.fromkeys(cell.file for cell in cells) if name]
    kits = [name for name in written if name in manifest.files]
    files = [
        _file(name, f"{path}/{name}", [cell for cell in cells if cell.file == name])
        for name in written
        if name not in kits
    ]
    if not kits:
        rest = [cell for cell in cells if not cell.file]
        return [*files, SourceFile(module, path, *_joined(rest))] if rest else files
    current = ""
    shared: list[Cell] = []
    own: dict[str, list[Cell]] = {name: [] for name in kits}
    for cell in cells:
        current = cell.file or current
        (own.get(current, []) if current else shared).append(cell)
    for name in (name for name in manifest.files if name in own):
        # In the notebook the names of all the chapters before are there already.
        earlier = [other for other in manifest.rests_on[name] if other in own or other in beside]
        imports = "; ".join(f"from {other.removesuffix('.py')} import *" for other in earlier)
        files.append(_file(name, f"{path}/{name}", [Cell(0, imports, name), *shared, *own[name]]))
    return files


def _file(name: str, path: str, cells: list[Cell]) -> SourceFile:
    return SourceFile(name.removesuffix(".py"), path, *_joined(cells))


def _joined(cells: list[Cell]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """All the cells as one text, and where each begins: (line, number of the cell)."""
    starts, line = [], 1
    for cell in cells:
        starts.append((line, cell.number))
        line += cell.text.count("\n") + 1
    return "\n".join(cell.text for cell in cells) + "\n", tuple(starts)
