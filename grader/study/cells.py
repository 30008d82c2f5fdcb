"""Three-way merging of notebooks, cell by cell."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from grader.intake.notebook import MARK
from grader.kit.pieces import Piece, apart
from grader.study.merge import merged

MOST_PARTS = 1_000_000  # of a notebook that is merged: in memory an empty one takes a hundred bytes
Cells = dict[str, Any]  # by their ids


def merged_notebooks(base: bytes, ours: bytes, theirs: bytes) -> tuple[bytes, tuple[int, ...]]:
    """Notebooks, merged cell by cell: those of the kit by their ids, the learner's own where they stand; and the
    numbers of the cells (from 1) where both changed the same.

    ValueError, KeyError or TypeError where one of the three is no notebook whose cells have ids.
    """
    if max(text.count(b",") for text in (base, ours, theirs)) > MOST_PARTS:
        raise ValueError("more parts than any notebook has")
    notebooks = [json.loads(text) for text in (base, ours, theirs)]
    old, own, new = (_cells(notebook) for notebook in notebooks)
    old, own, new, left = _apart(old, own, new)
    # What the kit has given up and the learner has worked on is the learner's own cell now.
    worked_on = {key for key in own if key in old and key not in new and _source(own[key]) != _source(old[key])}
    cells: list[Any] = []
    conflicts: list[int] = []
    for number, key in enumerate(_order(old, own, new, worked_on), 1):
        cell, is_conflict = own.get(key) or new[key], key in worked_on or key in left
        if key in own and key in old and key in new and key not in left:
            cell, is_conflict = _merged_cell(old[key], own[key], new[key])
        cells.append(cell)
        conflicts += [number] if is_conflict else []
    text = json.dumps({**notebooks[1], "cells": cells}, indent=1, ensure_ascii=False) + "\n"
    return text.encode(), tuple(conflicts)


def _apart(old: Cells, own: Cells, new: Cells) -> tuple[Cells, Cells, Cells, set[str]]:
    """The cells, where a class that was in one cell and has come to be in several is in several in all three. A
    learner's that cannot be taken apart stays as it is, and nothing comes beside it: the keys of those."""
    left: set[str] = set()
    for key, cell in list(old.items()):
        known = apart(_source(cell)) or []
        keys = _keys(key, known)
        if not any(other in new and other not in old for other in keys[1:]):
            continue
        is_one = key in own and own.keys().isdisjoint(keys[1:])  # it may have been merged in before
        its = apart(_source(own[key]), known) if is_one else []
        if its is None:
            left.add(key)
            new = {other: cell for other, cell in new.items() if other not in keys[1:]}
            continue
        old = _replaced(old, key, known)
        own = _replaced(own, key, its) if its else own
    return old, own, new, left


def _keys(key: str, pieces: Sequence[Piece]) -> list[str]:
    """What the cells of pieces are called, where the one that all were in is called so."""
    return [key + piece.name.removeprefix(pieces[0].name).replace("_", "-") for piece in pieces]


def _replaced(cells: Cells, key: str, pieces: Sequence[Piece]) -> Cells:
    """The cells with several in the place of one."""
    first = _source(cells[key]).partition("\n")[0]
    mark = f"{first}\n" if first.startswith(MARK) else ""
    instead: Cells = {}
    for its_key, piece in zip(_keys(key, pieces), pieces, strict=True):
        emptied: dict[str, Any] = {} if its_key == key else {"outputs": [], "execution_count": None}
        text = piece.text if its_key == key else f"{mark}{piece.text}"
        instead[its_key] = {**cells[key], **emptied, "id": its_key, "source": text.splitlines(keepends=True)}
    found: Cells = {}
    for other, cell in cells.items():
        found |= instead if other == key else {other: cell}
    return found


def _order(old: Cells, own: Cells, new: Cells, worked_on: Collection[str]) -> list[str]:
    """The keys of the cells as they are to stand: those of the kit in its order, unless the learner has moved them, and
    each of the learner's own behind the one that it is behind in their notebook."""
    base = [key for key in old if key in new]
    ours = [key for key in own if key in new or key not in old or key in worked_on]
    if [key for key in base if key in own] == [key for key in ours if key in old and key in new]:
        order = [key for key in new if key in own or key not in old]
    else:
        order = list(dict.fromkeys(merged(base, ours, list(new)).lines))
    _put_in(order, ours, ours)
    _put_in(order, list(new), [key for key in new if key not in old])
    return order


def _put_in(order: list[str], keys: Sequence[str], wanted: Iterable[str]) -> None:
    """Put those that are wanted and not there into an order, each behind the one that it is behind among all keys."""
    missing = set(wanted).difference(order)
    for number, key in enumerate(keys):
        if key in missing:
            there = next((other for other in reversed(keys[:number]) if other in order), None)
            order.insert(0 if there is None else order.index(there) + 1, key)


def _merged_cell(old: Any, own: Any, new: Any) -> tuple[Any, bool]:
    """The learner's cell with what the kit has changed in it, and whether both had changed the same lines."""
    result = merged(*(_source(cell).split("\n") for cell in (old, own, new)))
    return {**own, "source": "\n".join(result.lines).splitlines(keepends=True)}, bool(result.conflicts)


def _cells(notebook: Any) -> Cells:
    """The cells by their ids; of those that were copied, ids and all, the later ones under other keys."""
    found: Cells = {}
    for number, cell in enumerate(notebook["cells"]):
        _source(cell)
        found[cell["id"] if cell["id"] not in found else f"{cell['id']} {number}"] = cell
    return found


def _source(cell: Any) -> str:
    """The text of a cell, whichever way it is kept."""
    return "".join(cell["source"])
