"""The package of mg-grade as files, with the kit in it: from an installed one as from a checkout."""

from __future__ import annotations

import importlib.metadata
from pathlib import Path

from grader.base import messages
from grader.base.errors import OutputError
from grader.kit import GRADER, Kit


def package(kit: Kit) -> dict[str, bytes]:
    """{path from the folder that grader/ is in: content}, with exercises, solutions and data sets where a wheel has
    them."""
    parts = (kit.exercises, kit.solutions, kit.datasets)
    found = {f"grader/{name}": path for name, path in _below(GRADER) if not any(map(path.is_relative_to, parts))}
    for part in parts:
        found |= {f"grader/kit/{part.name}/{name}": path for name, path in _below(part)}
    return {name: path.read_bytes() for name, path in found.items()}


def _below(folder: Path) -> list[tuple[str, Path]]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return [(path.relative_to(folder).as_posix(), path) for path in paths]


def distribution() -> importlib.metadata.Distribution:
    """What pip knows of this package; OutputError where it is not installed."""
    try:
        return importlib.metadata.distribution("mg-grade")
    except importlib.metadata.PackageNotFoundError as error:
        raise OutputError(messages.NOT_INSTALLED) from error
