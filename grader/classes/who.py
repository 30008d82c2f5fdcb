"""Whom an instructor means: a student by key, id, address or name."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from grader.base.model import Student


class People:
    """Students, to be found by what they are called."""

    def __init__(self, students: Iterable[Student]) -> None:
        self._by_key = {who.key: who for who in students}
        self._by_text: dict[str, list[Student]] = {}
        for who in self._by_key.values():
            for text in {_plain(who.id), _plain(who.email), _plain(who.name)} - {""}:
                self._by_text.setdefault(text, []).append(who)

    def called(self, name: str) -> list[Student]:
        """Those who are called so; one where it is clear who is meant. A key is one student's, whatever others are
        called."""
        by_key = self._by_key.get(name)
        return [by_key] if by_key else self._by_text.get(_plain(name), [])


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())
