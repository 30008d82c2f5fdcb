"""Whom an instructor means: a student by key, id, address or name."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from grader.base import messages
from grader.base.model import Student


def several_called(name: str, found: Iterable[Student]) -> str:
    """That a name is several students', with their keys, of which each is one's."""
    return messages.SEVERAL_CALLED.format(name=name, keys=", ".join(who.key for who in found))


class People:
    """Students, to be found by what they are called."""

    def __init__(self, students: Iterable[Student]) -> None:
        self._by_key = {who.key: who for who in students}
        self._by_text: dict[str, list[Student]] = {}
        for who in self._by_key.values():
            for text in {*_numbers(who), _plain(who.name)} - {""}:
                self._by_text.setdefault(text, []).append(who)

    def called(self, name: str) -> list[Student]:
        """Those who are called so; one where it is clear who is meant. A key is one student's, whatever others are
        called; but anybody can take an account that is called like somebody's number, and its key is that."""
        by_key, by_text = self._by_key.get(name), self._by_text.get(_plain(name), [])
        if by_key is None:
            return by_text
        return [by_key, *(who for who in by_text if who is not by_key and _plain(name) in _numbers(who))]


def _numbers(who: Student) -> set[str]:
    """What a platform or a roster knows a student by."""
    return {_plain(who.id), _plain(who.email)}


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())
