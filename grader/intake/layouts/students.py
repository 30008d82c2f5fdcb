"""Who a name means, and the attempts of each student in their order."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from grader.base.model import Student
from grader.base.text import printable
from grader.intake.layouts.entries import Entry
from grader.intake.tree import Tree

MAX_KEY = 120  # bytes: a file system allows 255, and more is put around it
_UNSAFE = re.compile(r"[^\w.@+' -]+")


def student(name: str, number: str = "") -> Student:
    """A student with a key that depends on name and number alone, and is safe as the name of a file everywhere."""
    name = printable(" ".join(name.split()))
    text = f"{name}-{number}" if number else name
    key = _UNSAFE.sub("-", text).strip("-. ")
    while len(key.encode()) > MAX_KEY:
        key = key[:-1]
    if key != text or not key:  # another name could look like it
        key = f"{key}-{_hash(text)}".strip("-")
    return Student(key, name, number)


def by_student(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    """The attempts of each student, numbered in the order in which they were made."""
    students: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        who = entry.student
        number = who.id or who.email  # without one, bob and BOB may be two people
        students.setdefault((who.name.casefold() if number else who.name, number), []).append(entry)
    keys = Counter(attempts[0].student.key.casefold() for attempts in students.values())
    for (name, number), of_one in students.items():
        attempts = sorted(
            _joined(of_one), key=lambda entry: (entry.number, entry.submitted or _changed(entry), entry.shown)
        )
        who = attempts[-1].student
        if keys[who.key.casefold()] > 1:  # two people, and one name of a file for both
            who = replace(who, key=f"{who.key}-{_hash(f'{name}/{number}')}")
        yield [
            replace(entry, student=who, number=place, shown=printable(entry.shown))
            for place, entry in enumerate(attempts, 1)
        ]


def _joined(entries: list[Entry]) -> list[Entry]:
    """The entries of one student, those that are parts of one attempt as one."""
    parts = [entry for entry in entries if entry.is_part]
    if len(parts) < 2:
        return entries
    tree: Tree = {path: content for entry in parts for path, content in entry.tree.items()}
    return [replace(parts[0], tree=tree), *(entry for entry in entries if not entry.is_part)]


def _changed(entry: Entry) -> datetime:
    """When the newest file of an entry was changed, as far as that is known."""
    times = [content.lstat().st_mtime for content in entry.tree.values() if isinstance(content, Path)]
    return datetime.fromtimestamp(max(times, default=0.0), UTC)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:8]
