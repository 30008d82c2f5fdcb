"""A roster: who is in a class, whatever a platform calls them, and who of them handed in nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from grader.base import messages
from grader.base.errors import OutputError
from grader.base.model import Student
from grader.classes.exports import canvas, tables
from grader.classes.exports.matching import are_alike, download_names, ids
from grader.classes.who import names, turned
from grader.intake.layouts import Entry
from grader.intake.layouts.students import by_student, student

COLUMNS = ("name", "id", "login", "email", "github", "section")
ALSO = {  # what platforms call them in the files that they export
    "name": ("full name",),
    "id": ("id number",),
    "login": ("sis login id", "username"),
    "email": ("email address",),
    "section": ("sections",),
}


@dataclass(frozen=True)
class Person:
    """A row of a roster. logins: all but the name that the person may be known by. accounts: those of them that a
    GitHub account may be matched with, as anybody can take an account that is called like somebody's number."""

    student: Student
    logins: frozenset[str]
    accounts: frozenset[str]


@dataclass(frozen=True)
class Joined:
    """A class beside its roster. strangers: who handed in and cannot be found on it without doubt, each with the name
    of whoever has the same number there, or ""."""

    entries: list[Entry]
    missing: list[Student]
    strangers: dict[str, str]


def read_roster(path: Path) -> list[Person]:
    """The people of a CSV file with any of COLUMNS, or of the gradebook that Canvas exports, or of Moodle's grading
    worksheet. OutputError where it cannot be read or has none of them."""
    try:
        table = tables.read(path.read_bytes().decode("utf-8"))
    except UnicodeDecodeError as error:
        raise OutputError(messages.EXPORT_FILE.format(path=path, why=messages.POLICY_NOT_TEXT)) from error
    except OSError as error:
        raise OutputError(messages.EXPORT_FILE.format(path=path, why=error.strerror or error)) from error
    except OutputError as error:
        raise OutputError(messages.EXPORT_FILE.format(path=path, why=error)) from error
    titles = tables.columns([title.casefold() for title in table.rows[0]])
    at = {column: titles[name] for column in COLUMNS for name in (*ALSO.get(column, ()), column) if name in titles}
    is_gradebook = canvas.is_gradebook(table)
    if not set(COLUMNS[:-1]) & at.keys():
        raise OutputError(messages.NO_ROSTER.format(path=path, names=", ".join(COLUMNS)))
    people = []
    rows = [(tables.cell(row, at.get("name")), row) for row in table.rows[1:]]
    for name, row in canvas.students(table) if is_gradebook else rows:
        number, login, email, github = (tables.cell(row, at.get(column)) for column in COLUMNS[1:-1])
        called = name or login or github or email or number
        if called:
            number = number or login
            section = tables.cell(row, at.get("section"))
            of_row = replace(student(called, number or email), id=number, email=email, section=section)
            accounts = ids(github) if "github" in at else ids(login)
            people.append(Person(of_row, ids(number, login, email, github), accounts))
    return people


def join(entries: Sequence[Entry], people: Sequence[Person]) -> Joined:
    """The entries under the names of the roster, those of one person together.

    What a platform has of a person stays: its number, which its own files know, and the key of what was graded before.
    """
    found: dict[Person, list[Entry]] = {person: [] for person in people}
    others: list[Entry] = []
    for entry in entries:
        person = _of_account(entry, people) if entry.prefix else _person(entry.student, people)
        (others if person is None else found[person]).append(entry)
    for person, own in found.items():
        by_name = [e for e in own if not ids(e.student.id, e.student.email, e.student.name) & person.logins]
        if by_name and len({(e.source, e.student.name, e.student.id, e.student.email) for e in own}) > 1:
            others += by_name  # a name alone makes nobody the same as somebody else
            own[:] = [entry for entry in own if entry not in by_name]
    joined = list(others)
    for person, own in found.items():
        number = next((entry.student.id for entry in own if entry.student.id), person.student.id)
        email = next((entry.student.email for entry in own if entry.student.email), person.student.email)
        who = replace(person.student, key=own[-1].student.key if own else "", id=number, email=email)
        joined += [replace(entry, student=who, source=f"roster/{people.index(person)}") for entry in own]
    again = [entry for attempts in by_student(joined) for entry in attempts]
    return Joined(
        sorted(again, key=lambda entry: (entry.student.key.casefold(), entry.number)),
        [person.student for person, own in found.items() if not own],
        {entry.student.name: _namesake(entry, people) for entry in others},
    )


def _namesake(entry: Entry, people: Sequence[Person]) -> str:
    """Who on the roster has the number of an entry that is somebody else's; "" where nobody has."""
    number = ids(entry.student.id)
    return next((person.student.name for person in people if not entry.prefix and number & person.logins), "")


def _of_account(entry: Entry, people: Sequence[Person]) -> Person | None:
    """Whose GitHub account it is; None where in doubt."""
    some = [person for person in people if ids(entry.student.name) & person.accounts]
    return some[0] if len(some) == 1 else None


def _person(who: Student, people: Sequence[Person]) -> Person | None:
    """Who of the roster it is: by number or address, by a login in place of a name, by name; None where in doubt."""
    has_name = bool(who.name) and ids(who.name) != ids(who.id)
    rules = (
        [person for person in people if ids(who.id, who.email) & person.logins],
        [person for person in people if ids(who.name) & person.logins],
        [person for person in people if names(who.name) & _names(person)],
    )
    some = next((some for some in rules if some), [])
    if len(some) != 1:
        return None
    (person,) = some
    is_named_so = any(are_alike(who.name, name) for name in (person.student.name, *turned(person.student.name)))
    is_by_number = some is rules[0] and has_name and not ids(who.email, who.name) & person.logins
    return None if is_by_number and not is_named_so else person


def _names(person: Person) -> frozenset[str]:
    """The names in files of a person: Canvas has the last name first, and nothing in between."""
    name = person.student.name
    return names(name).union(*map(download_names, turned(name)))
