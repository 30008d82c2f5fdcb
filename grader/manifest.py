"""Reads exercises/exercises.toml."""

from __future__ import annotations

import functools
import tomllib
from pathlib import Path
from typing import Any

from grader import kit_paths
from grader.errors import GraderError
from grader.model import Exercise, Manifest

FORMAT = 1


@functools.cache
def kit_manifest() -> Manifest:
    """The manifest of the kit that this grader belongs to."""
    return read_manifest(kit_paths.exercises() / "exercises.toml")


def read_manifest(path: Path) -> Manifest:
    """Read and check a manifest; GraderError says what is wrong with it."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise GraderError(f"The kit's manifest cannot be read: {path}: {error}") from error
    if data.get("format") != FORMAT:
        raise GraderError(f"{path}: format {data.get('format')!r}, but this grader reads {FORMAT}.")
    try:
        titles = {chapter["file"]: chapter["title"] for chapter in data["chapters"]}
        exercises = tuple(_exercise(row, titles) for row in data["exercises"])
        rests_on = {chapter["file"]: tuple(chapter["rests_on"]) for chapter in data["chapters"]}
        manifest = Manifest(data["name"], data["version"], exercises, rests_on)
    except (KeyError, TypeError) as error:
        raise GraderError(f"{path}: a field is missing or of the wrong kind: {error}") from error
    _check(manifest, path)
    return manifest


def _exercise(row: dict[str, Any], titles: dict[str, str]) -> Exercise:
    return Exercise(
        id=row["id"],
        title=row["title"],
        file=row["file"],
        chapter=titles[row["file"]],
        symbols=tuple(row["symbols"]),
        points=float(row["points"]),
        needs=tuple(row["needs"]),
        hints=tuple(row["hints"]),
        bonus=row.get("bonus", False),
        gap=row.get("gap", row["id"]),
        minutes=int(row["minutes"]),
        learnt=row["learnt"],
    )


def _check(manifest: Manifest, path: Path) -> None:
    seen: set[str] = set()
    for exercise in manifest.exercises:
        if exercise.id in seen:
            raise GraderError(f"{path}: the exercise {exercise.id} stands there twice.")
        unknown = [need for need in exercise.needs if need not in seen]
        if unknown:
            raise GraderError(f"{path}: {exercise.id} needs {unknown[0]}, which no earlier row defines.")
        seen.add(exercise.id)
