"""What a picture is made from."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from grader.base import messages
from grader.base.errors import GraderError
from grader.kit import Kit


@dataclass(frozen=True)
class Given:
    """labels: the words in a picture by their names, "title" among them. solutions: what the solutions define, by
    name. kit: where the data sets are."""

    labels: Mapping[str, str]
    solutions: Mapping[str, Any]
    kit: Kit


def labels(kit: Kit, language: str) -> dict[str, dict[str, str]]:
    """The words of all pictures: picture -> name -> words. GraderError where they cannot be read."""
    path = kit.exercises / "book" / language / "pictures.toml"
    try:
        read: dict[str, dict[str, str]] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise GraderError(messages.BOOK_UNREADABLE.format(path=path, why=error)) from error
    return read
