"""Whom an instructor means: a student by key, id, address or name."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from grader.base.model import Student


def called(name: str, students: Iterable[Student]) -> list[Student]:
    """The students who are called so; one where it is clear who is meant. A key is one student's, whatever others are
    called."""
    there = list({who.key: who for who in students}.values())
    return [who for who in there if who.key == name] or [
        who for who in there if _plain(name) in {_plain(who.id), _plain(who.email), _plain(who.name)} - {""}
    ]


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())
