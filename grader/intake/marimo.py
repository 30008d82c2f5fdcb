"""A marimo notebook -> the cells in it: Python whose cells are the bodies of functions. Pure text."""

from __future__ import annotations

import re

_IMPORT = re.compile(r"^import marimo\b", re.MULTILINE)
_APP = re.compile(r"^app *= *marimo\.App\(", re.MULTILINE)
_DECORATOR = re.compile(r"@app\.(cell|function|class_definition)\b")
_OUTSIDE = ("@app.", "with app.setup", "app._", 'if __name__ == "__main__"')
_INDENT = "    "


def is_marimo(text: str) -> bool:
    """Whether a file of Python is such a notebook."""
    return bool(_IMPORT.search(text) and _APP.search(text))


def without_marimo(text: str) -> tuple[str, list[int]]:
    """The text with the bodies of its cells at the top level, each line where it was; and the line that each of its
    parts begins at, so that a broken one costs itself."""
    lines = text.split("\n")
    starts = [number for number, line in enumerate(lines) if line.startswith(_OUTSIDE)]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        part = lines[start:end]
        if part[0].startswith("with app.setup"):
            lines[start:end] = ["", *_dedented(part[1:])]
        elif found := _DECORATOR.match(part[0]):
            lines[start:end] = _body(part) if found[1] == "cell" else ["", *part[1:]]
    return "\n".join(lines), [1, *(start + 1 for start in starts)]


def _body(part: list[str]) -> list[str]:
    """The body of a cell, without its head and what it returns, each of their lines empty."""
    head = next((i for i, line in enumerate(part) if line.startswith(("def ", "async def "))), 0)
    while head + 1 < len(part) and not part[head].split("#")[0].rstrip().endswith(":"):
        head += 1
    body = part[head + 1 :]
    returns = [i for i, line in enumerate(body) if re.match(rf"{_INDENT}return\b", line)]
    if returns:
        body[returns[-1] :] = [""] * (len(body) - returns[-1])
    return [""] * (head + 1) + _dedented(body)


def _dedented(lines: list[str]) -> list[str]:
    return [line.removeprefix(_INDENT) for line in lines]
