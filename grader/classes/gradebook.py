"""The gradebook of a class: one SQLite file with every attempt, its report and its text. The only place that knows SQL.

One process writes to it; whatever it has written is there, whenever and however it ends.
"""

from __future__ import annotations

import functools
import json
import os
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from grader.base import messages
from grader.base.errors import OutputError
from grader.base.model import Student
from grader.base.report import Report
from grader.reports.forms import json as json_form

FILE = "gradebook.sqlite"

# Each step brings a gradebook from one version to the next.
MIGRATIONS = (
    """
    CREATE TABLE students (key TEXT PRIMARY KEY, name TEXT NOT NULL, id TEXT NOT NULL, email TEXT NOT NULL);
    CREATE TABLE gradings (
        number INTEGER PRIMARY KEY,
        student TEXT NOT NULL REFERENCES students(key),
        attempt INTEGER NOT NULL,
        shown TEXT NOT NULL,
        submitted TEXT,
        is_late INTEGER NOT NULL,
        status TEXT NOT NULL,
        comment TEXT NOT NULL,
        content TEXT NOT NULL,
        kit TEXT NOT NULL,
        settings TEXT NOT NULL,
        graded TEXT NOT NULL,
        report TEXT,
        sources BLOB
    );
    CREATE INDEX gradings_of_student ON gradings (student, attempt, number);
    """,
    "CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);",
)


class Outcome(StrEnum):
    """What became of an attempt."""

    GRADED = "graded"
    REFUSED = "refused"  # there was nothing to grade
    ERROR = "error"  # the grader failed
    MISSING = "missing"  # of whoever is on the roster only


@dataclass(frozen=True)
class Grading:
    """What became of one attempt when it was graded.

    comment: why it was refused, or why the grader failed. content, kit, settings: fingerprints of the submission, of
    kit and hidden tests, and of seed and points: where all three are the same, so is the report. document: the report
    in its JSON form, as it is kept. sources: file -> text. tracebacks: of what failed in the grader; they are not kept
    in the gradebook.
    """

    student: Student
    attempt: int
    shown: str
    submitted: datetime | None
    is_late: bool
    status: Outcome
    comment: str
    content: str
    kit: str
    settings: str
    document: str | None
    sources: Mapping[str, str]
    tracebacks: tuple[str, ...] = ()

    @functools.cached_property
    def report(self) -> Report | None:
        """The report, where there is one. OutputError where it is of a newer format."""
        return None if self.document is None else json_form.read(self.document)


@dataclass(frozen=True)
class Previous:
    """An earlier report on an attempt, and the fingerprints as in Grading."""

    report: Report
    content: str
    kit: str
    settings: str


class Gradebook:
    """The gradebook in a folder. Use it as a context manager."""

    def __init__(self, folder: Path, is_new: bool = False) -> None:
        """is_new: whether it may be made. OutputError where it is not there, or cannot be read or written."""
        self._path = folder / FILE
        if not is_new and not self._path.is_file():
            raise OutputError(messages.NO_GRADEBOOK.format(folder=folder))
        try:
            if is_new:
                folder.mkdir(parents=True, exist_ok=True)
            elif not os.access(folder, os.W_OK):  # then nobody else writes to it either
                where = f"{self._path.absolute().as_uri()}?immutable=1"
                self._connection = sqlite3.connect(where, isolation_level=None, uri=True)
                return
            self._connection = sqlite3.connect(self._path, isolation_level=None, timeout=10)
            self._connection.execute("PRAGMA journal_mode = WAL")
            # What is committed survives the end of this process, whatever ends it; no need to wait for the disk.
            self._connection.execute("PRAGMA synchronous = NORMAL")
            self._connection.execute("PRAGMA foreign_keys = ON")
            self._migrate()
        except (OSError, sqlite3.Error) as error:
            raise OutputError(messages.GRADEBOOK_UNUSABLE.format(path=self._path, why=error)) from error

    def __enter__(self) -> Gradebook:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def _migrate(self) -> None:
        (version,) = self._connection.execute("PRAGMA user_version").fetchone()
        if version > len(MIGRATIONS):
            raise OutputError(messages.GRADEBOOK_NEWER.format(path=self._path))
        for number, step in enumerate(MIGRATIONS[version:], version + 1):
            self._connection.executescript(f"BEGIN; {step} PRAGMA user_version = {number}; COMMIT;")

    def add(self, grading: Grading) -> None:
        """Keep a grading; what was there of the same attempt stays, as its history."""
        student = grading.student
        sources = zlib.compress(json.dumps(dict(grading.sources)).encode())
        submitted = grading.submitted.isoformat() if grading.submitted else None
        row = (
            *(student.key, grading.attempt, grading.shown, submitted, grading.is_late, grading.status),
            *(grading.comment, grading.content, grading.kit, grading.settings),
            *(datetime.now(UTC).isoformat(timespec="seconds"), grading.document, sources),
        )
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.execute(
                "INSERT INTO students VALUES (?, ?, ?, ?) ON CONFLICT (key) DO UPDATE"
                " SET name = excluded.name, id = excluded.id, email = excluded.email",
                (student.key, student.name, student.id, student.email),
            )
            self._connection.execute(
                "INSERT INTO gradings (student, attempt, shown, submitted, is_late, status, comment, content, kit,"
                " settings, graded, report, sources) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                row,
            )
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            raise OutputError(messages.GRADEBOOK_UNUSABLE.format(path=self._path, why=error)) from error

    def latest(self, students: Iterable[str] | None = None, with_sources: bool = False) -> Iterator[Grading]:
        """The newest grading of each attempt that there is, by student and attempt.

        students: keys, all of them where it is None.
        """
        wanted = None if students is None else set(students)
        attempts = self.setting("attempts") or {}
        rows = self._connection.execute(
            "SELECT s.key, s.name, s.id, s.email, g.attempt, g.shown, g.submitted, g.is_late, g.status, g.comment,"
            " g.content, g.kit, g.settings, g.report, g.sources FROM gradings g JOIN students s ON s.key = g.student"
            " WHERE g.number IN (SELECT max(number) FROM gradings GROUP BY student, attempt)"
            " ORDER BY s.key COLLATE NOCASE, s.key, g.attempt"
        )
        for key, name, number, email, *rest, report, sources in rows:
            if (wanted is not None and key not in wanted) or rest[0] > attempts.get(key, rest[0]):
                continue
            attempt, shown, submitted, is_late, status, comment, content, kit, settings = rest
            yield Grading(
                Student(key, name, number, email),
                attempt,
                shown,
                datetime.fromisoformat(submitted) if submitted else None,
                bool(is_late),
                Outcome(status),
                comment,
                content,
                kit,
                settings,
                report,
                json.loads(zlib.decompress(sources)) if with_sources else {},
            )

    def fingerprints(self) -> dict[tuple[str, int], tuple[str, str, str]]:
        """(student, attempt) -> (content, kit, settings) of what was graded, without a fault of the grader."""
        rows = self._connection.execute(
            "SELECT student, attempt, content, kit, settings FROM gradings WHERE status = 'graded' AND number IN"
            " (SELECT max(number) FROM gradings GROUP BY student, attempt)"
        )
        return {(student, attempt): (content, kit, settings) for student, attempt, content, kit, settings in rows}

    def previous(self, student: str, attempt: int) -> Previous | None:
        """The newest report on an attempt, with its fingerprints."""
        row = self._connection.execute(
            "SELECT report, content, kit, settings FROM gradings WHERE student = ? AND attempt = ?"
            " AND status = 'graded' ORDER BY number DESC LIMIT 1",
            (student, attempt),
        ).fetchone()
        return Previous(json_form.read(row[0]), *row[1:]) if row else None

    def keep_attempts(self, attempts: Mapping[str, int]) -> None:
        """How many attempts of each student there are now: what was graded of others counts no longer."""
        self.keep_setting("attempts", {**(self.setting("attempts") or {}), **attempts})

    def keep_students(self, students: Iterable[Student]) -> None:
        """What is known of students now, also of those whose work is not graded again."""
        self._connection.executemany(
            "UPDATE students SET name = ?, id = ?, email = ? WHERE key = ?",
            [(student.name, student.id, student.email, student.key) for student in students],
        )

    def setting(self, name: str) -> Any:
        """A value that was kept under a name, None where there is none."""
        row = self._connection.execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
        return row and json.loads(row[0])

    def keep_setting(self, name: str, value: Any) -> None:
        """Keep a value, anything that JSON can hold, under a name."""
        try:
            self._connection.execute(
                "INSERT INTO settings VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (name, json.dumps(value)),
            )
        except sqlite3.Error as error:
            raise OutputError(messages.GRADEBOOK_UNUSABLE.format(path=self._path, why=error)) from error
