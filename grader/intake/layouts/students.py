"""Who a name means, and the attempts of each student in their order."""

from __future__ import annotations

import contextlib
import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from grader.base.model import Student
from grader.base.text import printable
from grader.intake.layouts.entries import Entry
from grader.intake.tree import Tree

MAX_NAME = 200  # characters
MAX_KEY = 120  # bytes: a file system allows 255, and more is put around it
APART = "~"  # in the key of whoever shares it with somebody else; in no other
_UNSAFE = re.compile(r"[^\w.@+' -]+")
# Windows has devices of these names.
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:[ .].*)?", re.IGNORECASE)


def student(name: str, number: str = "") -> Student:
    """A student with a key that depends on name and number alone, and is safe as the name of a file everywhere."""
    name, number = shortened(name), shortened(number)
    text = f"{name}-{number}" if number else name
    key = _UNSAFE.sub("-", text).strip("-. ")
    key = f"_{key}" if _RESERVED.fullmatch(key) else key
    key = key.encode()[:MAX_KEY].decode(errors="ignore")
    if key != text or not key:  # another name could look like it
        key = f"{key}-{_hash(text)}".strip("-")
    return Student(key, name or key, number)  # of spaces alone there is no name


def shortened(text: str) -> str:
    """What somebody is called, fit to be shown: with single spaces, printable, and of some length."""
    shown = printable(" ".join(text.split()))
    return shown if len(shown) <= MAX_NAME else f"{shown[:MAX_NAME]}...{_hash(text)}"


def as_file(key: str) -> str:
    """The key as a file system sees it that knows neither case nor how an accent is written."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", key).casefold())


def apart(who: Student, source: str) -> Student:
    """The same student with a key that nobody else has, whoever is called so elsewhere."""
    mark = _hash(f"{source}/{who.name}/{who.id}/{who.email}", 16)
    return replace(who, key=f"{who.key.partition(APART)[0]}{APART}{mark}")


def apart_from(known: Mapping[str, Student], entries: Iterable[Entry]) -> list[Entry]:
    """The entries, none under a key that a file system could take for that of somebody who was in the class before.

    known: who that was, by key. Whoever has the same number keeps the key, however the name is written now.
    """
    alike = {as_file(key): who for key, who in known.items()}
    found = []
    for entry in entries:
        who, before = entry.student, alike.get(as_file(entry.student.key))
        if before and who.key not in known:
            is_same = (who.id or who.email) and (who.id, who.email) == (before.id, before.email)
            who = replace(who, key=before.key) if is_same else apart(who, entry.source)
        found.append(replace(entry, student=who))
    return found


def by_student(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    """The attempts of each student, numbered in the order in which they were made.

    Two entries are one student's where one source says so: of a platform the same number, else the same name.
    """
    students: dict[Hashable, list[Entry]] = {}
    for entry in entries:
        who = entry.student
        number = (who.id, who.email)  # without one, bob and BOB may be two people
        name = who.name.casefold() if any(number) else who.name
        students.setdefault((entry.source, name, number), []).append(entry)
    keys = Counter(as_file(attempts[-1].student.key) for attempts in students.values())
    for of_one in students.values():
        attempts = sorted(_joined(of_one), key=lambda entry: (entry.number, _made(entry), entry.shown))
        who = attempts[-1].student
        who = replace(who, id=shortened(who.id), email=shortened(who.email))
        if keys[as_file(who.key)] > 1:  # two people, and one name of a file for both
            source = of_one[0].source
            who = apart(who, source)
            who = who if who.id or who.email or source != of_one[0].top else replace(who, name=shortened(source))
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


def _made(entry: Entry) -> float:
    """When it was handed in, or else when the newest file of it was changed, as far as that is known."""
    if entry.submitted:
        return entry.submitted.timestamp()
    times = []
    for content in entry.tree.values():
        with contextlib.suppress(OSError):  # it is gone
            times += [content.lstat().st_mtime] if isinstance(content, Path) else []
    return max(times, default=0.0)


def _hash(text: str, digits: int = 8) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:digits]
