"""Reads exercises/exercises.toml, and says all that is wrong with it at once."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from grader.base import messages
from grader.base.errors import GraderError
from grader.base.points import exactly
from grader.kit.model import Exercise, Manifest

FORMAT = 1
# Field -> the type it has in TOML. A list holds texts.
MANIFEST_FIELDS = {"name": str, "version": str, "chapters": list, "exercises": list}
CHAPTER_FIELDS = {"file": str, "title": str, "rests_on": list}
EXERCISE_FIELDS = {
    "id": str,
    "title": str,
    "file": str,
    "symbols": list,
    "points": (int, float),
    "needs": list,
    "hints": list,
    "minutes": int,
    "learnt": str,
}
# How an operation can stand in an expression; the name of a method is one of the exercise's symbols.
OPERATION = re.compile(r"-?| (?:\+|-|\*|/|\*\*) |\.(?P<method>\w+)\(\)")
OPTIONAL_FIELDS = {"bonus": bool, "gap": str, "operation": str, "solved_first_as": str}
TYPE_NAMES: dict[Any, str] = {
    str: messages.A_TEXT,
    list: messages.A_LIST,
    int: messages.A_WHOLE_NUMBER,
    (int, float): messages.A_NUMBER,
    bool: messages.TRUE_OR_FALSE,
}


def read_manifest(path: Path) -> Manifest:
    """Read and check a manifest. GraderError has a line for each thing that is wrong with it, with its key."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise GraderError(messages.MANIFEST_UNREADABLE.format(path=path, why=error)) from error
    if data.get("format") != FORMAT:
        raise GraderError(messages.MANIFEST_FORMAT.format(path=path, format=data.get("format"), known=FORMAT))
    faults = list(_faults(data))
    if faults:
        raise GraderError("\n".join(f"{path}: {fault}" for fault in faults))
    titles = {chapter["file"]: chapter["title"] for chapter in data["chapters"]}
    exercises = tuple(_exercise(row, titles) for row in data["exercises"])
    rests_on = {chapter["file"]: tuple(chapter["rests_on"]) for chapter in data["chapters"]}
    return Manifest(data["name"], data["version"], exercises, rests_on, path.parent.parent / "solutions")


def _exercise(row: dict[str, Any], titles: dict[str, str]) -> Exercise:
    return Exercise(
        id=row["id"],
        title=row["title"],
        file=row["file"],
        chapter=titles[row["file"]],
        symbols=tuple(row["symbols"]),
        points=exactly(row["points"]),
        needs=tuple(row["needs"]),
        hints=tuple(row["hints"]),
        bonus=row.get("bonus", False),
        gap=row.get("gap", row["id"]),
        minutes=int(row["minutes"]),
        learnt=row["learnt"],
        operation=row.get("operation"),
        solved_first_as=row.get("solved_first_as", ""),
    )


def _faults(data: dict[str, Any]) -> Iterator[str]:
    """Everything that is wrong, a line each: the key, and what is wrong with it."""
    yield from _of_fields(data, "", MANIFEST_FIELDS, {"format": int})
    for name in ("chapters", "exercises"):
        rows = data.get(name)
        if isinstance(rows, list) and not all(isinstance(row, dict) for row in rows):
            yield messages.MANIFEST_TYPE.format(key=name, kind=messages.A_LIST_OF_TABLES)
    chapters = _rows(data, "chapters")
    exercises = _rows(data, "exercises")
    for number, row in enumerate(chapters, 1):
        yield from _of_fields(row, f"chapters[{number}].", CHAPTER_FIELDS, {})
    files = [row.get("file") for row in chapters]
    for number, row in enumerate(chapters, 1):
        if row.get("file") in files[: number - 1]:
            yield messages.MANIFEST_TWICE.format(key=f"chapters[{number}] ({row['file']})")
        for other in _texts(row, "rests_on"):
            if other not in files[: number - 1]:
                yield messages.MANIFEST_NO_EARLIER_CHAPTER.format(key=f"chapters[{number}].rests_on", name=other)
    seen: list[str] = []
    for number, row in enumerate(exercises, 1):
        key = f"exercises[{number}]" + (f" ({row['id']})" if isinstance(row.get("id"), str) else "")
        yield from _of_fields(row, f"{key}.", EXERCISE_FIELDS, OPTIONAL_FIELDS)
        for name in ("points", "minutes"):
            amount = row.get(name)
            if isinstance(amount, int | float) and not 0 <= amount < math.inf:
                yield messages.MANIFEST_NEGATIVE.format(key=f"{key}.{name}")
        if row.get("id") in seen:
            yield messages.MANIFEST_TWICE.format(key=key)
        if isinstance(row.get("file"), str) and row["file"] not in files:
            yield messages.MANIFEST_NO_CHAPTER.format(key=f"{key}.file", name=row["file"])
        for name in ("symbols", "hints"):
            if row.get(name) == []:
                yield messages.MANIFEST_EMPTY.format(key=f"{key}.{name}")
        operation = row.get("operation")
        if isinstance(operation, str) and not _is_operation(operation, _texts(row, "symbols")):
            yield messages.MANIFEST_OPERATION.format(key=f"{key}.operation", name=operation)
        for need in _texts(row, "needs"):
            if need not in seen:
                yield messages.MANIFEST_NO_EARLIER.format(key=f"{key}.needs", name=need)
        seen.append(str(row.get("id")))


def _is_operation(text: str, symbols: list[str]) -> bool:
    found = OPERATION.fullmatch(text)
    return found is not None and (found["method"] is None or f"Value.{found['method']}" in symbols)


def _rows(data: dict[str, Any], name: str) -> list[dict[str, Any]]:
    rows = data.get(name)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _texts(row: dict[str, Any], name: str) -> list[str]:
    values = row.get(name)
    return [value for value in values if isinstance(value, str)] if isinstance(values, list) else []


def _of_fields(row: dict[str, Any], prefix: str, required: dict[str, Any], optional: dict[str, Any]) -> Iterator[str]:
    """What is missing, of another type, or not known, of the fields of one table."""
    for name in required:
        if name not in row:
            yield messages.MANIFEST_MISSING.format(key=f"{prefix}{name}")
    for name, value in row.items():
        kind = required.get(name) or optional.get(name)
        if kind is None:
            yield messages.MANIFEST_UNKNOWN.format(key=f"{prefix}{name}")
        elif not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            yield messages.MANIFEST_TYPE.format(key=f"{prefix}{name}", kind=TYPE_NAMES[kind])
        elif kind is list and required is not MANIFEST_FIELDS and not all(isinstance(item, str) for item in value):
            yield messages.MANIFEST_TEXTS.format(key=f"{prefix}{name}")
