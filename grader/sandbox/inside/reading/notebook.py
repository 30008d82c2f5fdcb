"""A notebook -> its code cells, without a kernel. Any JSON at all may come."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from .left_out import MIB, LeftOut

MAX_WITHOUT_OUTPUTS = 8 * MIB
MAX_CELLS = 2_000
MAX_CELL = MIB
METADATA = "mg_grade"  # in the metadata of a cell of the kit's own edition
MAX_TOLD = 100
# Of JSON what is needed to find where a list ends. The possessive repeats keep nothing of a long string to go back to.
_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[\]{}]', re.DOTALL)
_CONFLICT = re.compile(rb"^<{7} ", re.MULTILINE)
_EMPTIED = "\0\0\0"  # in the place of a long string
_DEFINES = re.compile(r"^(?:class|def) +\w+.*:[ \t]*$", re.MULTILINE)


class Cells(list[tuple[str, str] | None]):
    """The code cells of a notebook. not_code: the numbers, of all cells, of others in which something is defined."""

    def __init__(self, code: Iterable[tuple[str, str] | None], not_code: Iterable[int]) -> None:
        super().__init__(code)
        self.not_code = tuple(not_code)


def code_cells(data: bytes) -> Cells:
    """The code cells of a notebook of any version: the text of each, and the file that its metadata say it is of; None
    for one that is too long. There may be more than MAX_CELLS.

    The formats: https://nbformat.readthedocs.io/en/latest/format_description.html (4), and those before it, in which
    the cells lie in worksheets and have their text in "input". LeftOut where it is none.
    """
    try:
        text = _without_outputs(data).decode(json.detect_encoding(data), "replace")
        notebook = json.loads(text)
        sheets = notebook.get("worksheets", [notebook])
        cells = [cell for sheet in sheets for cell in sheet["cells"] if isinstance(cell, dict)]
        found = [_read(cell) for cell in cells if cell.get("cell_type") == "code"]
        not_code = [number for number, cell in enumerate(cells, 1) if _is_turned(cell)]
    except (LeftOut, MemoryError):
        raise
    except Exception as error:
        raise LeftOut("notebook-conflict" if is_in_conflict(data) else "not-a-notebook") from error
    return Cells(found, not_code)


def is_in_conflict(data: bytes) -> bool:
    """Whether git has left a conflict in it."""
    return _CONFLICT.search(data) is not None


def _source(cell: dict[str, Any]) -> Any:
    source = cell.get("source", cell.get("input", ""))
    return "".join(source) if isinstance(source, list) else source


def _is_turned(cell: dict[str, Any]) -> bool:
    """Whether a cell of code has become one of text: a key does that in Jupyter. What is between fences was meant."""
    text = _source(cell) if cell.get("cell_type") in ("raw", "markdown") else ""
    return isinstance(text, str) and "```" not in text and _DEFINES.search(text) is not None


def _read(cell: dict[str, Any]) -> tuple[str, str] | None:
    text = _source(cell)
    if not isinstance(text, str) or len(text) > MAX_CELL or _EMPTIED in text:
        return None
    metadata = cell.get("metadata")
    told = metadata.get(METADATA) if isinstance(metadata, dict) else None
    file = told.get("file") if isinstance(told, dict) else None
    return text, file[:MAX_TOLD] if isinstance(file, str) else ""


def _without_outputs(data: bytes) -> bytes:
    """A large notebook in the same encoding without its outputs and long strings, which would take many times their
    size in memory; LeftOut where it is still too large."""
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
            kept.append(data[start : begin + 1] + json.dumps(_EMPTIED)[1:-1].encode())
            start = end - 1
        is_outputs = end - begin == len(b'"outputs"') and data[begin:end] == b'"outputs"'
        last = end
    kept.append(data[start:])
    if sum(map(len, kept)) > MAX_WITHOUT_OUTPUTS:
        raise LeftOut("notebook-too-big", most=MAX_WITHOUT_OUTPUTS // MIB)
    small = b"".join(kept)
    return small if encoding.startswith("utf-8") else small.decode().encode(encoding)
