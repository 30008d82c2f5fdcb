"""What a picture is made from."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.base import messages
from grader.base.errors import GraderError
from grader.kit import Kit


class Words(dict[str, str]):
    """The words in a picture by their names; GraderError where one is asked for that is not there."""

    def __init__(self, words: Mapping[str, str], path: Path, picture: str) -> None:
        super().__init__(words)
        self.path, self.picture = path, picture

    def __missing__(self, word: str) -> str:
        raise GraderError(messages.PICTURE_WITHOUT_WORD.format(path=self.path, picture=self.picture, word=word))


@dataclass(frozen=True)
class Given:
    """labels: the words in a picture by their names, "title" among them. solutions: what the solutions define, by
    name. kit: where the data sets are."""

    labels: Mapping[str, str]
    solutions: Mapping[str, Any]
    kit: Kit


def labels(kit: Kit, language: str, pictures: Iterable[str]) -> dict[str, Words]:
    """The words of these pictures, by picture; none where they have none yet. GraderError where they cannot be read."""
    path = kit.exercises / "book" / language / "pictures.toml"
    try:
        read: dict[str, dict[str, str]] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise GraderError(messages.BOOK_UNREADABLE.format(path=path, why=error)) from error
    return {picture: Words(read.get(picture, {}), path, picture) for picture in pictures}
