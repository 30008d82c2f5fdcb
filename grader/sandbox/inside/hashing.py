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

NAME = "_place_among_the_hashed"  # where an object keeps it
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
        hashes: object = getattr(cls, "__hash__", None)
        if isinstance(cls, type) and cls.__module__ == module.__name__ and hashes is object.__hash__:
            try:
                type.__setattr__(cls, "__hash__", _by_place)
            except TypeError:  # it cannot be changed
                continue


def _by_place(self: Any) -> int:
    global _hashed
    try:
        own = object.__getattribute__(self, "__dict__")
    except AttributeError:
        return _kept_place(self)
    place = own.get(NAME)
    if type(place) is not int:
        _hashed += 1
        own[NAME] = place = _hashed
    return place


def _kept_place(thing: Any) -> int:
    global _hashed
    if id(thing) not in _kept:
        _hashed += 1
        _kept[id(thing)] = (thing, _hashed)
    return _kept[id(thing)][1]
