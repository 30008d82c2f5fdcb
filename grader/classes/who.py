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
            for text in (_numbers(who) | names(who.name)) - {""}:
                self._by_text.setdefault(text, []).append(who)

    def called(self, name: str) -> list[Student]:
        """Those who are called so; one where it is clear who is meant. A key is one student's, whatever others are
        called; but anybody can take an account that is called like somebody's number, and its key is that."""
        found = [who for text in names(name) for who in self._by_text.get(text, ())]
        by_key, by_text = self._by_key.get(name), list({who.key: who for who in found}.values())
        if by_key is None:
            return by_text
        return [by_key, *(who for who in by_text if who is not by_key and _plain(name) in _numbers(who))]


def names(name: str) -> frozenset[str]:
    """A name as keys: "Doe, Jane" is known as itself and as "Jane Doe"."""
    last, first = parts(name)
    return frozenset({f"{last}, {first}", f"{first} {last}"} if first else {last}) - {""}


def turned(name: str) -> list[str]:
    """A name as "Last, First": the last name may have several words."""
    words = name.split()
    if "," in name or len(words) < 2:
        return [name]
    return [f"{' '.join(words[i:])}, {' '.join(words[:i])}" for i in range(1, len(words))]


def parts(name: str) -> tuple[str, str]:
    """The last and the first name of "Last, First"; of any other name the whole and nothing."""
    last, _, first = _plain(name).partition(",")
    return last.strip(), first.strip()


def _numbers(who: Student) -> set[str]:
    """What a platform or a roster knows a student by."""
    return {_plain(who.id), _plain(who.email)}


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())
