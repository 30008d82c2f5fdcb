"""Hashes that do not depend on addresses, so that a set of nodes has the same order in every run.

An object without a __hash__ of its own is hashed by its address. Here it is hashed by its place among the objects that
were hashed before, which is the same in every run of the same code.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    import types
    from typing import Any

PLACE = "_place_among_the_hashed"  # where an object keeps it
_REFERENCES = 3  # to an object that only this module still knows: in the pair, the name of the loop, the argument

_hashed = 0
_kept: dict[int, tuple[Any, int]] = {}  # of objects that can keep nothing themselves: by address, while they live


def begin() -> None:
    """The next probe: it counts from 0, whatever was asked before."""
    global _hashed
    _hashed = 0
    for address, (thing, _) in list(_kept.items()):
        if sys.getrefcount(thing) <= _REFERENCES:
            del _kept[address]


def adopt(module: types.ModuleType) -> None:
    """Have the classes of a module hash their objects so, where they do not say how to."""
    for cls in list(vars(module).values()):
        if isinstance(cls, type) and cls.__module__ == module.__name__ and _hashes_by_address(cls):
            try:
                type.__setattr__(cls, PLACE, None)
                type.__setattr__(cls, "__hash__", _hash)
            except TypeError:  # it cannot be changed
                continue


def _hashes_by_address(cls: type) -> bool:
    own: list[object] = [getattr(cls, "__hash__", None), cls.__getattribute__]
    return own == [object.__hash__, object.__getattribute__]


def _hash(self: Any) -> int:
    # This is run for every look into a set of nodes: so PLACE is spelt out.
    place: int | None = self._place_among_the_hashed
    return _next_place(self) if place is None else place


def _next_place(thing: Any) -> int:
    global _hashed
    if id(thing) in _kept:
        return _kept[id(thing)][1]
    _hashed += 1
    try:
        object.__setattr__(thing, PLACE, _hashed)
    except AttributeError:  # it has nothing but its slots
        _kept[id(thing)] = (thing, _hashed)
    return _hashed
