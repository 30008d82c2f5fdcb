"""The package of mg-grade as files, with the kit in it: from an installed one as from a checkout."""

from __future__ import annotations

from pathlib import Path

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
