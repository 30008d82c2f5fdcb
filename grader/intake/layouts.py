"""A class -> its entries: who handed in what, read from the names that Canvas, Moodle, Gradescope and GitHub Classroom
give to the files and folders of their downloads. In any mixture; whatever has no such name is called what it is called.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from grader import messages
from grader.errors import SubmissionError
from grader.intake.archive import SUFFIXES, is_archive, read_archive
from grader.intake.submission import is_taken
from grader.intake.tree import MAX_DEPTH, MIB, Refused, Tree, below, walk
from grader.model import Student
from grader.sandbox.protocol import printable

MAX_CLASS_FILES = 500_000
MAX_CLASS = 1024 * MIB  # of an archive with a whole class in it, as far as it is read
METADATA = "submission_metadata.yml"  # of a Gradescope export

_CANVAS = re.compile(r"(?P<name>.+?)_(?:(?P<late>LATE)_)?(?P<id>\d+)_\d+_(?P<file>.+)")
_MOODLE = re.compile(r"(?P<name>.+)_(?P<id>\d+)_assignsubmission_(?:file|onlinetext)(?:_(?P<file>.*))?")
_GRADESCOPE = re.compile(r"submission_\d+")
_ATTEMPT = re.compile(r"(?:(?P<name>.+?)[ ._-]+)?(?:attempt|try)[ ._-]?(?P<number>\d+)", re.IGNORECASE)
_UPLOADED_AGAIN = re.compile(r"(?P<stem>.+?)-(?P<number>\d+)(?P<suffix>\.[a-z.]+)", re.IGNORECASE)
_UNSAFE = re.compile(r"[^\w.@+' -]+")


@dataclass(frozen=True)
class Entry:
    """One attempt of a student.

    number: of the attempt, larger ones later. submitted: when, where the platform tells. is_late: whether it says so.
    """

    student: Student
    tree: Tree
    shown: str
    number: int = 0
    submitted: datetime | None = None
    is_late: bool = False


def read_class(path: Path) -> tuple[list[Entry], list[str]]:
    """The entries of a folder or an archive, by student and attempt, and what else is to be said of them.

    SubmissionError where there are none, or it cannot be read.
    """
    shown = printable(str(path))
    if not path.exists():
        raise SubmissionError(messages.NO_SUCH_CLASS.format(path=shown))
    try:
        if path.is_dir():
            tree = walk(path, MAX_DEPTH + 4, MAX_CLASS_FILES)
        else:
            tree = read_archive(path, lambda file: is_taken(file) or file.name == METADATA, MAX_CLASS, MAX_CLASS_FILES)
    except (Refused, OSError) as why:
        raise SubmissionError(messages.CLASS_UNREADABLE.format(path=shown, why=why)) from why
    tree = _unwrapped(tree)
    notes: list[str] = []
    entries = [entry for found in _by_student(_found(tree, notes)).values() for entry in found]
    if not entries:
        raise SubmissionError(messages.NO_SUBMISSIONS.format(path=shown))
    return sorted(entries, key=lambda entry: (entry.student.key.casefold(), entry.number)), notes


def _unwrapped(tree: Tree) -> Tree:
    """What is inside the folders that a download is wrapped in."""
    while True:
        tops = {path.parts[0] for path in tree}
        if len(tops) != 1 or any(len(path.parts) == 1 for path in tree):
            return tree
        (top,) = tops
        inside = below(tree, PurePosixPath(top))
        several = {
            path.parts[0] for path in inside if len(path.parts) > 1 or is_archive(path) or _CANVAS.fullmatch(path.name)
        }
        names_somebody = any(pattern.fullmatch(top) for pattern in (_MOODLE, _GRADESCOPE, _ATTEMPT))
        if names_somebody or len(several) < 2 or all(_ATTEMPT.fullmatch(name) for name in several):
            return tree
        tree = inside


def _found(tree: Tree, notes: list[str]) -> Iterator[Entry]:
    """Every entry of a class, in no particular order; of one student there may be several."""
    tops: dict[str, Tree] = {}
    for path, content in tree.items():
        tops.setdefault(path.parts[0], {})[path] = content
    metadata = _metadata(tops, notes)
    prefix = _common_prefix([name for name, files in tops.items() if _is_folder(name, files)])
    canvas: dict[str, list[tuple[re.Match[str], Tree]]] = {}
    for name, files in tops.items():
        is_folder = _is_folder(name, files)
        inside = below(files, PurePosixPath(name)) if is_folder else files
        from_moodle, from_canvas = _MOODLE.fullmatch(name), _CANVAS.fullmatch(name)
        if from_moodle and (is_folder or from_moodle["file"]):
            inside = inside if is_folder else {PurePosixPath(from_moodle["file"]): files[PurePosixPath(name)]}
            yield Entry(_student(from_moodle["name"], from_moodle["id"]), inside, name)
        elif is_folder and _GRADESCOPE.fullmatch(name):
            yield from _of_gradescope(name, inside, metadata.get(name))
        elif from_canvas and not is_folder:
            canvas.setdefault(from_canvas["id"], []).append((from_canvas, files))
        elif is_folder:
            yield from _of_folder(name.removeprefix(prefix), name, inside)
        elif is_taken(PurePosixPath(name)):
            yield from _of_folder(_stem(name), name, inside)
    for uploads in canvas.values():
        yield from _of_canvas(uploads)


def _is_folder(name: str, files: Tree) -> bool:
    return PurePosixPath(name) not in files


def _stem(name: str) -> str:
    suffix = next((suffix for suffix in SUFFIXES if name.lower().endswith(suffix)), None)
    return name[: -len(suffix)] if suffix else name.rpartition(".")[0]


def _of_folder(name: str, shown: str, tree: Tree) -> Iterator[Entry]:
    """A folder or file with a name of its own; in a folder there may be one for each attempt."""
    attempt = _ATTEMPT.fullmatch(name)
    student = _student(attempt["name"] if attempt and attempt["name"] else name)
    inside = {path.parts[0]: _ATTEMPT.fullmatch(path.parts[0]) for path in tree if len(path.parts) > 1}
    if inside and all(inside.values()) and all(path.parts[0] in inside for path in tree):
        for folder, match in inside.items():
            number = int(match["number"]) if match else 0
            yield Entry(student, below(tree, PurePosixPath(folder)), f"{shown}/{folder}", number)
    else:
        yield Entry(student, tree, shown, int(attempt["number"]) if attempt else 0)


def _of_canvas(uploads: list[tuple[re.Match[str], Tree]]) -> Iterator[Entry]:
    """The files of one student. Canvas numbers those that are handed in again: engine.py, engine-1.py."""
    files: dict[str, dict[int, Tree]] = {}
    for match, tree in uploads:
        again = _UPLOADED_AGAIN.fullmatch(match["file"])
        name = again["stem"] + again["suffix"] if again else match["file"]
        (content,) = tree.values()
        files.setdefault(name, {})[int(again["number"]) if again else 0] = {PurePosixPath(name): content}
    numbers = sorted({number for versions in files.values() for number in versions})
    if all(len(versions) == 1 for versions in files.values()):
        numbers = numbers[-1:]  # nothing is there twice: it is one attempt, whatever was handed in before
    first = uploads[0][0]
    for number in numbers:
        tree = {}
        for versions in files.values():
            until_then = [n for n in versions if n <= number]
            tree |= versions[max(until_then)] if until_then else {}
        is_late = any(match["late"] for match, _ in uploads)
        shown = f"{first['name']}_{first['id']}"
        yield Entry(_student(first["name"], first["id"]), tree, shown, number, is_late=is_late)


def _of_gradescope(name: str, tree: Tree, told: Any) -> Iterator[Entry]:
    """A submission of one student, or of a group, each of whom has it; without metadata it has its number only."""
    told = told if isinstance(told, dict) else {}
    submitters = told.get(":submitters")
    people = [person for person in submitters if isinstance(person, dict)] if isinstance(submitters, list) else []
    submitted = _time(told.get(":created_at"))
    for person in people:
        text = {key: str(person.get(f":{key}") or "") for key in ("name", "sid", "email")}
        student = _student(text["name"] or text["email"] or name, text["sid"] or text["email"])
        yield Entry(replace(student, id=text["sid"], email=text["email"]), tree, name, submitted=submitted)
    if not people:
        yield Entry(_student(name), tree, name)


def _metadata(tops: dict[str, Tree], notes: list[str]) -> dict[str, Any]:
    """What Gradescope's export says of its submissions, by folder."""
    if METADATA not in tops:
        return {}
    content = tops[METADATA][PurePosixPath(METADATA)]
    try:
        import yaml  # an extra: only Gradescope's exports need it

        class Loader(yaml.SafeLoader):
            """Takes the objects of Ruby that are in there for what they hold."""

        Loader.add_multi_constructor("!ruby/", lambda loader, _, node: loader.construct_mapping(node, deep=True))
        found = yaml.load(content.read_bytes() if isinstance(content, Path) else content, Loader)  # noqa: S506 - safe
        return found if isinstance(found, dict) else {}
    except ModuleNotFoundError:
        notes.append(messages.NO_YAML)
    except (OSError, ValueError, TypeError, RecursionError, yaml.YAMLError) as error:
        notes.append(messages.METADATA_UNREADABLE.format(why=str(error).partition("\n")[0]))
    return {}


def _time(value: Any) -> datetime | None:
    if isinstance(value, dict):
        value = value.get("utc") or value.get("time")
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip().replace(" UTC", "+00:00"))
        except ValueError:
            return None
    if not isinstance(value, datetime):
        return None
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def _common_prefix(folders: list[str]) -> str:
    """What GitHub Classroom begins the name of every repository with: the assignment, and a hyphen."""
    ours = [name for name in folders if not _MOODLE.fullmatch(name) and not _GRADESCOPE.fullmatch(name)]
    if len(ours) < 2:
        return ""
    prefix = os.path.commonprefix(ours)  # noqa: RUF071 - of names, character by character
    return prefix[: prefix.rfind("-") + 1]


def _student(name: str, number: str = "") -> Student:
    """A student with a key that only depends on name and number, and is safe as the name of a file everywhere."""
    name = printable(" ".join(name.split()))[:200]
    text = f"{name}-{number}" if number else name
    key = _UNSAFE.sub("-", text).strip("-. ")[:80]
    if key != text or not key:  # another name could look like it
        key = f"{key}-{hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()[:8]}".strip("-")
    return Student(key, name, number)


def _by_student(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    """The attempts of each student, numbered in the order in which they were made."""
    students: dict[str, list[Entry]] = {}
    for entry in entries:
        students.setdefault(entry.student.key.casefold(), []).append(entry)
    for key, attempts in students.items():
        moodles = [entry for entry in attempts if _MOODLE.fullmatch(entry.shown)]
        if len(moodles) > 1:  # the files and the text online of one student are one attempt
            merged: Tree = {path: content for entry in moodles for path, content in entry.tree.items()}
            attempts = [replace(moodles[0], tree=merged), *(entry for entry in attempts if entry not in moodles)]
        attempts.sort(key=lambda entry: (entry.number, entry.submitted or _changed(entry), entry.shown))
        students[key] = [replace(entry, number=i) for i, entry in enumerate(attempts, 1)]
    return students


def _changed(entry: Entry) -> datetime:
    """When the newest file of an entry was changed, as far as that is known."""
    times = [content.lstat().st_mtime for content in entry.tree.values() if isinstance(content, Path)]
    return datetime.fromtimestamp(max(times, default=0.0), UTC)
