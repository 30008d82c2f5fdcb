"""The cells of a notebook -> Python files, without a kernel: its code cells, one after the other.

The kit's own notebook edition says of each cell which of the kit's files it stands for: in the cell's metadata, or
where a platform has dropped that, in its first line. Any other notebook is one file.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from grader.base.model import SourceFile
from grader.kit.model import Manifest

MARK = "# mg-grade: "  # and the name of a file, as the first line of a cell
ASIDE = "aside"  # in place of that name: a cell of the kit's own that is no part of any file
# Cell magics below which there is Python as usual. Under all others there is something else.
_PYTHON_BELOW = {"time", "timeit", "capture", "prun"}
# What shows feedback in the notebook, and means nothing to whoever grades it.
_CHECKS = re.compile(r"^([ \t]*)(?:mg_check\(.*\)|from grader\.study\.notebook import mg_check)[ \t]*$", re.MULTILINE)
_APPENDS = r"(?:-a|--append)"
_WRITES_FILE = re.compile(rf"%%(?:writefile|file)\s+(?:{_APPENDS}\s+)?[\"']?(\S+?\.py)[\"']?(?:\s+{_APPENDS})?\s*$")
_QUOTED = r"""'(?:[^'\\\n]|\\.)*+'|"(?:[^"\\\n]|\\.)*+\""""
# How nbconvert writes a cell with a %%magic into a script.
_CELL_MAGIC = re.compile(
    rf"^get_ipython\(\)\.run_cell_magic\(u?['\"](\w+)['\"], u?({_QUOTED}), u?({_QUOTED})\)[ \t]*$", re.MULTILINE
)
_ESCAPE = re.compile(r"\\(x[0-9a-f]{2}|u[0-9a-f]{4}|U000[0-9a-f]{5}|.)", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}


@dataclass(frozen=True)
class Cell:
    """One code cell: its number among them, from 1, its text, and the file that it is a part of, or ""."""

    number: int
    text: str
    file: str


def read_cells(
    cells: Sequence[tuple[str, str]], manifest: Manifest, numbers: Sequence[int] | None = None
) -> list[Cell]:
    """The code cells of a notebook. cells: the text of each, and the file that its metadata say it is of, or "".
    numbers: what they are called by, if not by their places."""
    numbered = zip(numbers or range(1, len(cells) + 1), cells, strict=True)
    return [_cell(number, source, told, manifest) for number, (source, told) in numbered]


def _cell(number: int, source: str, file: str, manifest: Manifest) -> Cell:
    text = "\n".join(source.splitlines())
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
    return Cell(number, text, file if file in manifest.files else "")


def script_cells(text: str) -> list[tuple[str, str]]:
    """The cells of a notebook that nbconvert has written as a script, as read_cells takes them; none where there is no
    cell with a %%magic in it, and the script is a file as any other."""
    pieces = _CELL_MAGIC.split(text)
    cells = [pieces[0]]
    for magic, line, body, after in zip(pieces[1::4], pieces[2::4], pieces[3::4], pieces[4::4], strict=True):
        cells += [f"%%{magic} {_unquoted(line)}\n{_unquoted(body)}", after]
    return [(cell, "") for cell in cells if cell.strip()] if len(cells) > 1 else []


def _unquoted(literal: str) -> str:
    """What a literal of Python's that repr made stands for."""
    return _ESCAPE.sub(lambda found: _ESCAPES.get(found[1], "") or _character(found[1]), literal[1:-1])


def _character(escape: str) -> str:
    return chr(int(escape[1:], 16)) if len(escape) > 1 else escape


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
