"""Keeps pickles that come over a network from being code: for a while one makes nothing here but plain data.

Dask reads pickles in many places, also where it was told to read other forms alone. So it is Python itself that is
asked, whoever reads one.
"""

from __future__ import annotations

import contextlib
import functools
import sys
from collections.abc import Iterator
from typing import Any

PLAIN = {("builtins", "bytes")}  # what a pickle may name: the type of a result

_at_work = 0  # how many want it just now


@contextlib.contextmanager
def plain_pickles() -> Iterator[None]:
    """Meanwhile a pickle that names any function or class cannot be read in this process, in no thread of it."""
    global _at_work
    _hook()
    _at_work += 1
    try:
        yield
    finally:
        _at_work -= 1


@functools.cache
def _hook() -> None:
    sys.addaudithook(_refuse)  # which cannot be taken away again


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if _at_work and event == "pickle.find_class" and arguments not in PLAIN:
        raise TypeError("a pickle that names something")  # which Dask takes for a pickle that cannot be read
