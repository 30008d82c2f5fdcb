"""A class -> its entries: who handed in what, read from the names that Canvas, Moodle, Gradescope and GitHub Classroom
give to the files and folders of their downloads. In any mixture; whatever has no such name is called what it is called.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from grader.base import messages
from grader.base.errors import SubmissionError
from grader.base.model import Student
from grader.base.text import printable
from grader.intake.archive import SUFFIXES, is_archive, read_archive
from grader.intake.submission import is_taken
from grader.intake.tree import MAX_DEPTH, MIB, Refused, Tree, below, walk

MAX_CLASS_FILES = 500_000
MAX_CLASS = 1024 * MIB  # of an archive with a whole class in it, as far as it is read
METADATA = "submission_metadata.yml"  # of a Gradescope export
MAX_KEY = 120  # bytes: a file system allows 255, and more is put around it

# The platforms' parts come first in a name, and what the student has chosen last.
_CANVAS = re.compile(r"(?P<name>[^_]+)_(?:(?P<late>LATE)_)?(?P<id>\d+)_\d+_(?P<file>.+)")
_MOODLE = re.compile(r"(?P<name>.+?)_(?P<id>\d+)_assignsubmission_(?:file|onlinetext)(?:_(?P<file>.*))?")
_GRADESCOPE = re.compile(r"submission_\d+")
_ATTEMPT = re.compile(r"(?:(?P<name>.+?)[ ._-]+)?(?:attempt|try)[ ._-]?(?P<number>\d+)", re.IGNORECASE)
_UPLOADED_AGAIN = re.compile(r"(?P<stem>.+?)-(?P<number>\d+)(?P<suffix>\.[a-z.]+)", re.IGNORECASE)
_NO_WORK = {
    ".csv",
    ".tsv",
    ".xlsx",
    ".ods",
    ".toml",
    ".txt",
    ".md",
    ".html",
    ".json",
    ".yml",
    ".yaml",
    ".log",
    ".sqlite",
}
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
    if not path.is_dir() and not path.is_file():
        raise SubmissionError(messages.NO_SUCH_CLASS.format(path=shown))
    try:
        if path.is_dir():
            tree = walk(path, MAX_DEPTH + 4, MAX_CLASS_FILES)
        else:
            tree = read_archive(path, lambda file: is_taken(file) or file.name == METADATA, MAX_CLASS, MAX_CLASS_FILES)
    except (Refused, OSError) as why:
        raise SubmissionError(messages.CLASS_UNREADABLE.format(path=shown, why=why)) from why
    notes: list[str] = []
    tree, wrapping = _unwrapped(tree)
    prefix = _common_prefix({path.parts[0] for path in tree if len(path.parts) > 1})
    if prefix:
        notes.append(messages.PREFIX_TAKEN_OFF.format(prefix=printable(prefix)))
    found = [*_found(tree, prefix, notes), *_empty(path / wrapping, tree, prefix)]
    entries = [entry for attempts in _by_student(found) for entry in attempts]
    if not entries:
        raise SubmissionError(messages.NO_SUBMISSIONS.format(path=shown))
    if len({entry.student for entry in entries}) == 1 and path.is_dir():
        notes.append(messages.ONE_STUDENT.format(name=entries[0].student.name, path=shown))
    return sorted(entries, key=lambda entry: (entry.student.key.casefold(), entry.number)), notes


def _unwrapped(tree: Tree) -> tuple[Tree, PurePosixPath]:
    """What is inside the folders that a download is wrapped in, and which folders those are."""
    wrapping = PurePosixPath()
    while True:
        tops = {path.parts[0] for path in tree if len(path.parts) > 1}
        if len(tops) != 1 or any(len(path.parts) == 1 and _is_work(path) for path in tree):
            return tree, wrapping
        (top,) = tops
        inside = below({path: c for path, c in tree.items() if len(path.parts) > 1}, PurePosixPath(top))
        if any(pattern.fullmatch(top) for pattern in (_MOODLE, _GRADESCOPE, _ATTEMPT)) or not _is_class(inside):
            return tree, wrapping
        tree, wrapping = inside, wrapping / top


def _is_class(tree: Tree) -> bool:
    """Whether a folder looks like one with several students in it, and not like the work of one."""
    names = {path.parts[0] for path in tree}
    if any(pattern.fullmatch(name) for name in names for pattern in (_MOODLE, _GRADESCOPE, _CANVAS)):
        return True
    handed_in = [path for path in tree if len(path.parts) == 1 and (is_archive(path) or path.suffix == ".ipynb")]
    # The same file in several folders is the work of several people; but for attempts, which are one's own.
    files: dict[str, set[str]] = {}
    for path in tree:
        if len(path.parts) > 1 and is_taken(path) and not _ATTEMPT.fullmatch(path.parts[0]):
            files.setdefault(path.name, set()).add(path.parts[0])
    return len(handed_in) > 1 or any(len(folders) > 1 for name, folders in files.items() if name != "__init__.py")


def _is_work(path: PurePosixPath) -> bool:
    """Whether a loose file of a class is somebody's work, be it of a kind that cannot be graded."""
    return path.suffix.lower() not in _NO_WORK and path.name != METADATA


def _empty(folder: Path, tree: Tree, prefix: str) -> list[Entry]:
    """Students whose folders hold nothing that is read: they are there, and nothing of theirs is."""
    if not folder.is_dir():
        return []
    there = {path.parts[0] for path in tree}
    names = [entry.name for entry in os.scandir(folder) if entry.is_dir() and entry.name not in there]
    names = [name for name in names if not name.startswith((".", "__"))]
    return [Entry(_student(name.removeprefix(prefix)), {}, name) for name in names]


def _found(tree: Tree, prefix: str, notes: list[str]) -> Iterator[Entry]:
    """Every entry of a class, in no particular order; of one student there may be several."""
    tops: dict[str, Tree] = {}
    for path, content in tree.items():
        tops.setdefault(path.parts[0], {})[path] = content
    metadata = _metadata(tops, notes)
    canvas: dict[str, list[tuple[re.Match[str], Tree]]] = {}
    for name, files in tops.items():
        is_folder = _is_folder(name, files)
        inside = below(files, PurePosixPath(name)) if is_folder else files
        from_moodle, from_canvas = _MOODLE.fullmatch(name), _CANVAS.fullmatch(name)
        if from_canvas and not is_folder:
            canvas.setdefault(from_canvas["id"], []).append((from_canvas, files))
        elif from_moodle and (is_folder or from_moodle["file"]):
            inside = inside if is_folder else {PurePosixPath(from_moodle["file"]): files[PurePosixPath(name)]}
            yield Entry(_student(from_moodle["name"], from_moodle["id"]), inside, name)
        elif is_folder and _GRADESCOPE.fullmatch(name):
            yield from _of_gradescope(name, inside, metadata.get(name))
        elif is_folder:
            yield from _of_folder(name.removeprefix(prefix), name, inside)
        elif _is_work(PurePosixPath(name)):
            yield from _of_folder(_stem(name).removeprefix(prefix), name, inside)
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
    for name, versions in list(files.items()):
        if 0 not in versions and len(versions) > 1:  # part-1.py and part-2.py: the student's own numbers
            del files[name]
            for upload in versions.values():
                ((_, content),) = upload.items()
                own = next(match["file"] for match, tree in uploads if content in tree.values())
                files[own] = {0: {PurePosixPath(own): content}}
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
    content = tops.get(METADATA, {}).get(PurePosixPath(METADATA))
    if content is None or isinstance(content, Refused):
        return {}
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


def _common_prefix(folders: set[str]) -> str:
    """What GitHub Classroom begins the name of every repository with: the assignment, and a hyphen."""
    ours = [name for name in folders if not _MOODLE.fullmatch(name) and not _GRADESCOPE.fullmatch(name)]
    ours = [name for name in ours if not _ATTEMPT.fullmatch(name)]
    if len(ours) < 2:
        return ""
    prefix = os.path.commonprefix(ours)  # noqa: RUF071 - of names, character by character
    return prefix[: prefix.rfind("-") + 1]


def _student(name: str, number: str = "") -> Student:
    """A student with a key that depends on name and number alone, and is safe as the name of a file everywhere."""
    name = printable(" ".join(name.split()))
    text = f"{name}-{number}" if number else name
    key = _UNSAFE.sub("-", text).strip("-. ")
    while len(key.encode()) > MAX_KEY:
        key = key[:-1]
    if key != text or not key:  # another name could look like it
        key = f"{key}-{_hash(text)}".strip("-")
    return Student(key, name, number)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:8]


def _by_student(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    """The attempts of each student, numbered in the order in which they were made."""
    students: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        student = entry.student
        students.setdefault((student.name.casefold(), student.id or student.email), []).append(entry)
    keys = Counter(attempts[0].student.key.casefold() for attempts in students.values())
    for (name, number), attempts in students.items():
        moodles = [entry for entry in attempts if _MOODLE.fullmatch(entry.shown)]
        if len(moodles) > 1:  # the files and the text online of one student are one attempt
            merged: Tree = {path: content for entry in moodles for path, content in entry.tree.items()}
            attempts = [replace(moodles[0], tree=merged), *(entry for entry in attempts if entry not in moodles)]
        attempts.sort(key=lambda entry: (entry.number, entry.submitted or _changed(entry), entry.shown))
        student = attempts[-1].student
        if keys[student.key.casefold()] > 1:  # two people, and one name of a file for both
            student = replace(student, key=f"{student.key}-{_hash(f'{name}/{number}')}")
        for number_of_attempt, entry in enumerate(attempts, 1):
            attempts[number_of_attempt - 1] = replace(
                entry, student=student, number=number_of_attempt, shown=printable(entry.shown)
            )
        yield attempts


def _changed(entry: Entry) -> datetime:
    """When the newest file of an entry was changed, as far as that is known."""
    times = [content.lstat().st_mtime for content in entry.tree.values() if isinstance(content, Path)]
    return datetime.fromtimestamp(max(times, default=0.0), UTC)
