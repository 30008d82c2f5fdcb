"""The gradebook of a class: one SQLite file with every attempt, its report and its text. The only place that knows SQL.

One process writes to it; whatever it has written is there, whenever and however it ends. Whoever has written to it
leaves a copy beside it, of the whole one: what is damaged later can be put back.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from grader.base import messages
from grader.base.errors import NO_ROOM, OutputError
from grader.base.model import Student
from grader.base.text import for_markup, printable
from grader.base.whole_files import PART
from grader.classes.outcome import Grading, Outcome, Previous
from grader.reports.forms import json as json_form

FILE = "gradebook.sqlite"
COPY = f"{FILE}.bak"  # of the last whole one
BUSY_SECONDS = 10.0
OF_NOBODY = {"deadline", "kit"}  # settings whose names are none of students, whatever a student is called
FAST = 1  # of zlib's levels: a seventh of the time, and a fifth more room
CACHE = "cache:"  # how the name of a setting begins that can be found out again

NO_RIGHT = {errno.EACCES, errno.EPERM, errno.EROFS}
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_READ_ONLY = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH}
_UNWRITTEN = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}

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


class Gradebook:
    """The gradebook in a folder. Use it as a context manager."""

    def __init__(self, folder: Path, is_new: bool = False) -> None:
        """is_new: whether it may be made. OutputError where it is not there, or cannot be read or written."""
        self.folder = folder
        self._path = folder / FILE
        if not is_new and not self._path.is_file():
            raise OutputError(messages.NO_GRADEBOOK.format(folder=folder))
        with self._plainly():
            if is_new:
                folder.mkdir(parents=True, exist_ok=True)
            elif not os.access(folder, os.W_OK) or not os.access(self._path, os.W_OK):
                self._connection = self._read_only()
                return
            self._connection = sqlite3.connect(self._path, isolation_level=None, timeout=BUSY_SECONDS)
            self._connection.execute("PRAGMA journal_mode = WAL")
            # What is committed survives the end of this process, whatever ends it; no need to wait for the disk.
            self._connection.execute("PRAGMA synchronous = NORMAL")
            self._connection.execute("PRAGMA foreign_keys = ON")
            self._migrate()
            if is_new:  # a class is not graded into what is damaged
                self._check()

    def __enter__(self) -> Gradebook:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None and self._connection.total_changes:
                self._keep_copy()
        finally:
            self._connection.close()

    @contextlib.contextmanager
    def _plainly(self) -> Iterator[None]:
        """What goes wrong with the gradebook, as an OutputError: what is wrong, where, and what to do."""
        try:
            yield
        except (OSError, sqlite3.Error, zlib.error, ValueError, KeyError, TypeError) as error:
            raise OutputError(self._what_is_wrong(error)) from error

    def _what_is_wrong(self, error: Exception) -> str:
        code = getattr(error, "sqlite_errorcode", -1) & 0xFF
        number = error.errno if isinstance(error, OSError) else None
        path, why = printable(str(self._path)), getattr(error, "strerror", None) or str(error)
        if code in _BUSY:
            return messages.GRADEBOOK_BUSY.format(path=path)
        if code in _UNWRITTEN or number in NO_ROOM:
            return messages.GRADEBOOK_NO_ROOM.format(path=path, why=why)
        if code in _READ_ONLY or number in NO_RIGHT:
            return messages.GRADEBOOK_READ_ONLY.format(path=path, why=why)
        if isinstance(error, OSError):
            return messages.GRADEBOOK_UNUSABLE.format(path=path, why=why)
        copy = self._path.with_name(COPY)
        if copy.is_file():
            put_back = messages.GRADEBOOK_COPY.format(copy=printable(str(copy)), file=FILE)
        else:
            put_back = messages.GRADEBOOK_NO_COPY.format(file=FILE)
        return messages.GRADEBOOK_DAMAGED.format(path=path, why=why, put_back=put_back)

    def _read_only(self) -> sqlite3.Connection:
        """Where nothing can be written nobody else writes either; but what a batch that was killed wrote last may still
        stand beside it. An older one is brought up to date in memory."""
        beside = self._path.with_name(f"{FILE}-wal")
        way = "mode=ro" if beside.is_file() and beside.stat().st_size else "immutable=1"
        where = f"{self._path.absolute().as_uri()}?{way}"
        kept = sqlite3.connect(where, isolation_level=None, uri=True)
        if self._version(kept) == len(MIGRATIONS):
            return kept
        self._connection = sqlite3.connect(":memory:", isolation_level=None)
        kept.backup(self._connection)
        kept.close()
        self._migrate()
        self._connection.execute("PRAGMA query_only = ON")
        return self._connection

    def _version(self, connection: sqlite3.Connection) -> int:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version > len(MIGRATIONS):
            raise OutputError(messages.GRADEBOOK_NEWER.format(path=self._path))
        return int(version)

    def _migrate(self) -> None:
        before = self._version(self._connection)
        for number, step in enumerate(MIGRATIONS[before:], before + 1):
            self._connection.executescript(f"BEGIN; {step} PRAGMA user_version = {number}; COMMIT;")

    def _check(self) -> None:
        """A sqlite3.DatabaseError where any page of it is damaged."""
        (found,) = self._connection.execute("PRAGMA quick_check(1)").fetchone()
        if found != "ok":
            raise sqlite3.DatabaseError(" ".join(found.split()))

    def _keep_copy(self) -> None:
        """Keep the gradebook as it is now, where it is whole, in the place of the copy before."""
        copy = self._path.with_name(COPY)
        new = copy.with_name(f".{COPY}{PART}")
        with self._plainly():
            self._check()
            new.unlink(missing_ok=True)
            try:
                self._connection.execute("VACUUM INTO ?", (str(new),))
                new.replace(copy)
            finally:
                new.unlink(missing_ok=True)

    def add(self, grading: Grading) -> None:
        """Keep a grading; what was there of the same attempt stays, as its history."""
        student = grading.student
        sources = zlib.compress(json.dumps(dict(grading.sources)).encode(), FAST)
        submitted = grading.submitted.isoformat() if grading.submitted else None
        row = (
            *(student.key, grading.attempt, grading.shown, submitted, grading.is_late, grading.status),
            *(grading.comment, grading.content, grading.kit, grading.settings),
            *(datetime.now(UTC).isoformat(timespec="seconds"), grading.document, sources),
        )
        with self._plainly(), self._connection:
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

    def latest(self, students: Iterable[str] | None = None, with_sources: bool = False) -> Iterator[Grading]:
        """The newest grading of each attempt that there is, by student and attempt.

        students: keys, all of them where it is None.
        """
        wanted = None if students is None else set(students)
        for key, attempt, number in self._newest():
            if wanted is not None and key not in wanted:
                continue
            with self._plainly():
                row = self._connection.execute(
                    "SELECT s.name, s.id, s.email, g.shown, g.submitted, g.is_late, g.status, g.comment, g.content,"
                    " g.kit, g.settings, g.report, CASE WHEN ? THEN g.sources END"
                    " FROM gradings g JOIN students s ON s.key = g.student WHERE g.number = ?",
                    (with_sources, number),
                ).fetchone()
                if row is None:  # somebody has just forgotten the student
                    continue
                name, its_id, email, shown, submitted, is_late, status, comment, content, kit, settings, *rest = row
                report, sources = rest
                yield Grading(
                    Student(key, printable(name), printable(its_id), printable(email)),
                    attempt,
                    shown,
                    datetime.fromisoformat(submitted) if submitted else None,
                    bool(is_late),
                    Outcome(status),
                    for_markup(comment),
                    content,
                    kit,
                    settings,
                    report,
                    json.loads(zlib.decompress(sources)) if with_sources else {},
                )

    def _newest(self) -> list[tuple[str, int, int]]:
        """(student, attempt, number) of the newest grading of each attempt that there is, by student and attempt. The
        rest is read one by one, as the reports of a large class are more than there is memory."""
        attempts = self.setting("attempts") or {}
        with self._plainly():
            rows = self._connection.execute(
                "SELECT student, attempt, max(number) FROM gradings GROUP BY student, attempt"
                " ORDER BY student COLLATE NOCASE, student, attempt"
            ).fetchall()
        return [row for row in rows if row[1] <= attempts.get(row[0], row[1])]

    def handed_in(self) -> dict[str, list[datetime | None]]:
        """Student -> when each of the attempts that there are was handed in, None where that is not known."""
        found: dict[str, list[datetime | None]] = {}
        for key, _, number in self._newest():
            with self._plainly():
                row = self._connection.execute("SELECT submitted FROM gradings WHERE number = ?", (number,)).fetchone()
                if row is not None:
                    found.setdefault(key, []).append(datetime.fromisoformat(row[0]) if row[0] else None)
        return found

    def fingerprints(self) -> dict[tuple[str, int], tuple[str, str, str]]:
        """(student, attempt) -> (content, kit, settings) of what was graded, without a fault of the grader."""
        with self._plainly():
            rows = self._connection.execute(
                "SELECT student, attempt, content, kit, settings FROM gradings WHERE status = 'graded' AND number IN"
                " (SELECT max(number) FROM gradings GROUP BY student, attempt)"
            )
            return {(student, attempt): (content, kit, settings) for student, attempt, content, kit, settings in rows}

    def previous(self, student: str, attempt: int) -> Previous | None:
        """The newest report on an attempt, with its fingerprints; None where there is none that can be read."""
        return self._report("student = ? AND attempt = ?", student, attempt)

    def replaced(self, student: str, attempt: int) -> Previous | None:
        """The same, of the report before the newest grading of the attempt."""
        own = "student = ? AND attempt = ?"
        older = f"{own} AND number < (SELECT max(number) FROM gradings WHERE {own})"  # noqa: S608 - of two constants
        return self._report(older, student, attempt, student, attempt)

    def _report(self, which: str, *values: object) -> Previous | None:
        with self._plainly():
            row = self._connection.execute(
                f"SELECT report, content, kit, settings FROM gradings WHERE {which} AND status = 'graded'"  # noqa: S608
                " ORDER BY number DESC LIMIT 1",
                values,
            ).fetchone()
        with contextlib.suppress(OutputError):  # a damaged one is graded again, to mend it
            return Previous(json_form.read(row[0]), *row[1:]) if row else None
        return None

    def keep_attempts(self, attempts: Mapping[str, int]) -> None:
        """How many attempts of each student there are now: what was graded of others counts no longer."""
        self.keep_setting("attempts", {**(self.setting("attempts") or {}), **attempts})

    def students(self, with_former: bool = False) -> list[Student]:
        """Everybody who handed in something that counts, by key; with_former: or did once."""
        attempts = self.setting("attempts") or {}
        with self._plainly():
            rows = self._connection.execute("SELECT key, name, id, email FROM students ORDER BY key").fetchall()
        return [Student(*row) for row in rows if with_former or attempts.get(row[0], 1)]

    def keep_missing(self, students: Iterable[Student]) -> None:
        """Keep who is on the roster and handed in nothing, in place of whoever was kept before."""
        self.keep_setting("missing", [vars(student) for student in students])

    def missing(self) -> list[Student]:
        """Who is on the roster and handed in nothing, as the last batch had it."""
        return [Student(**kept) for kept in self.setting("missing") or []]

    def changes(self) -> int:
        """A number that is another as soon as somebody else has written."""
        with self._plainly():
            (number,) = self._connection.execute("PRAGMA data_version").fetchone()
            return int(number)

    def forget(self, key: str) -> bool:
        """Remove a student and all that is kept of theirs, from the file as well; the copy is made anew on leaving.

        Settings have what they keep of a student under the key, or in a list of tables or rows with it. False where
        somebody else is reading, so that traces are left until the gradebook is opened the next time.
        """
        with self._plainly():
            self._connection.execute("PRAGMA secure_delete = ON")
            with self._connection:
                self._connection.execute("BEGIN IMMEDIATE")
                self._connection.execute("DELETE FROM gradings WHERE student = ?", (key,))
                self._connection.execute("DELETE FROM students WHERE key = ?", (key,))
                self._connection.execute("DELETE FROM settings WHERE substr(name, 1, ?) = ?", (len(CACHE), CACHE))
                for name, value in self._connection.execute("SELECT name, value FROM settings").fetchall():
                    if name not in OF_NOBODY:
                        self.keep_setting(name, _without(json.loads(value), key))
            self._connection.execute("VACUUM")
            (busy, *_) = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            return not busy

    def keep_students(self, students: Iterable[Student]) -> None:
        """What is known of students now, also of those whose work is not graded again."""
        with self._plainly():
            self._connection.executemany(
                "UPDATE students SET name = ?, id = ?, email = ? WHERE key = ?",
                [(student.name, student.id, student.email, student.key) for student in students],
            )

    def setting(self, name: str) -> Any:
        """A value that was kept under a name, None where there is none."""
        with self._plainly():
            row = self._connection.execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
            return row and json.loads(row[0])

    def keep_setting(self, name: str, value: Any) -> None:
        """Keep a value, anything that JSON can hold, under a name."""
        with self._plainly():
            self._connection.execute(
                "INSERT INTO settings VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (name, json.dumps(value)),
            )


def _without(value: Any, key: str) -> Any:
    """What a setting keeps, without what it keeps of one student."""
    if isinstance(value, dict):
        return {name: kept for name, kept in value.items() if name != key}
    if isinstance(value, list):
        return [kept for kept in value if not _is_of(kept, key)]
    return value


def _is_of(value: Any, key: str) -> bool:
    """Whether an item of a list is of one student: a table with the key, or a row in which it stands."""
    return (isinstance(value, dict) and value.get("key") == key) or (isinstance(value, list) and key in value)
