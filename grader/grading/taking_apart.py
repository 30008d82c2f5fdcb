"""Lets go of graphs node by node. Freed at once, a chain of nodes calls as deep as it is long: in a browser, where
WebAssembly's stack is short, that ends Python itself."""

from __future__ import annotations

import contextlib
import sys
import types
from collections.abc import Iterable
from typing import Any

IS_NEEDED = sys.platform == "emscripten"
FEW = 3_000  # objects that can be freed at once; and mistakes that keep nodes between questions need them as they are
_ITEMS = (list, tuple, set, frozenset)
_ASIDE = (type, types.ModuleType, types.BuiltinFunctionType)


def take_apart(things: Iterable[object]) -> None:
    """Empty all that these lead to, through attributes, lists and what functions close over, if it is much."""
    seen: dict[int, Any] = {}  # keeps each alive until all are empty
    left: list[Any] = list(things)
    while left:
        thing = left.pop()
        if id(thing) in seen or isinstance(thing, _ASIDE):
            continue
        if isinstance(thing, _ITEMS):
            found: Iterable[object] = thing
        elif isinstance(thing, types.FunctionType):
            found = [_content(cell) for cell in thing.__closure__ or ()]
        elif hasattr(thing, "__dict__"):
            found = vars(thing).values()
        else:
            continue
        seen[id(thing)] = thing
        left.extend(found)
    for thing in seen.values() if len(seen) > FEW else ():
        if not isinstance(thing, (*_ITEMS, types.FunctionType)):
            vars(thing).clear()


def _content(cell: types.CellType) -> object:
    with contextlib.suppress(ValueError):  # it is empty
        return cell.cell_contents
    return None
