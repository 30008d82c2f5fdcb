"""Reads what an instructor changes by hand, OUT/adjustments.toml: entries, each for one student."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import Any

from grader.base import messages
from grader.classes.toml_file import TomlFile

FILE = "adjustments.toml"
FORMAT = 1
LONGEST = timedelta(days=3650)
LAST_YEAR = 9000  # of those that there are: a day more has to be one, too


class Kind(StrEnum):
    """What an entry does; what it is called in the file."""

    POINTS = "points"  # points are added, or taken off
    COMMENT = "comment"  # something is said
    EXTENSION = "extension"  # the deadline is later
    EXCUSED = "excused"  # an exercise, or the student, does not count
    ATTEMPT = "attempt"  # this attempt counts


# The keys that an entry may have beside those that every one has.
MORE = {
    Kind.POINTS: ("exercise", "points"),
    Kind.COMMENT: ("exercise",),
    Kind.EXTENSION: ("until", "days", "hours"),
    Kind.EXCUSED: ("exercise",),
    Kind.ATTEMPT: ("attempt",),
}
ALL = ("student", "comment")


@dataclass(frozen=True)
class Entry:
    """One entry. path: how it is found in the file, such as `points[2]`. student: as the instructor calls them.
    comment: why, in a line. exercise: "" for the whole. until, more: of an extension, the one or the other."""

    path: str
    kind: Kind
    student: str
    comment: str
    exercise: str = ""
    points: Fraction = Fraction()
    until: date | None = None
    more: timedelta = timedelta()
    attempt: int = 0


def read_adjustments(folder: Path) -> tuple[Entry, ...]:
    """The entries of a class, in the order of the file; none where it has no such file. PolicyError names the key, from
    the top, and says what is wrong with it."""
    path = folder / FILE
    return _Reader(path, FORMAT).entries() if path.exists() or path.is_symlink() else ()


class _Reader(TomlFile):
    """Checks one file."""

    def entries(self) -> tuple[Entry, ...]:
        self.known(self.data, (), ("format", *map(str, Kind)), messages.POLICY_KEY)
        found = []
        for kind in Kind:
            tables = self.data.get(kind, [])
            if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
                raise self.error((kind,), messages.ADJUSTMENTS_TABLES.format(kind=kind))
            found += [self.entry(table, kind, f"{kind}[{number}]") for number, table in enumerate(tables, 1)]
        return tuple(found)

    def entry(self, table: dict[str, Any], kind: Kind, path: str) -> Entry:
        keys = (*ALL, *MORE[kind])
        known = messages.ADJUSTMENTS_KEY.format(name="{name!r}", keys=", ".join(keys))
        self.known(table, (path,), keys, known)
        texts = {key: self.text(table, key, path) for key in (*ALL, "exercise") if key in table or key in ALL}
        points, attempt = Fraction(), 0
        if kind is Kind.POINTS:
            points = self.number(table.get("points"), (path, "points"), is_signed=True)
        if kind is Kind.ATTEMPT:
            attempt = table.get("attempt", 0)
            if type(attempt) is not int or attempt < 1:
                raise self.error((path, "attempt"), messages.ADJUSTMENTS_ATTEMPT)
        until, more = self.extension(table, path) if kind is Kind.EXTENSION else (None, timedelta())
        return Entry(path, kind, points=points, until=until, more=more, attempt=attempt, **texts)

    def text(self, table: dict[str, Any], key: str, path: str) -> str:
        value = table.get(key)
        text = " ".join(value.split()) if isinstance(value, str) else ""
        if not text:
            raise self.error((path, key), messages.ADJUSTMENTS_TEXT[key])
        return text

    def extension(self, table: dict[str, Any], path: str) -> tuple[date | None, timedelta]:
        by = [key for key in ("days", "hours") if key in table]
        if ("until" in table) == bool(by):
            raise self.error((path,), messages.ADJUSTMENTS_EXTENSION)
        until = table.get("until")
        if not by and not (isinstance(until, date) and until.year <= LAST_YEAR):  # a date with a time is one, too
            raise self.error((path, "until"), messages.ADJUSTMENTS_UNTIL)
        try:
            more = timedelta(**{key: float(self.number(table[key], (path, key))) for key in by})
        except OverflowError as error:
            raise self.error((path, by[0]), messages.ADJUSTMENTS_TOO_LONG) from error
        if more > LONGEST:
            raise self.error((path, by[0]), messages.ADJUSTMENTS_TOO_LONG)
        return until, more
