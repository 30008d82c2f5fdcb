"""The nouns that every room shares, as frozen data: nothing here does anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from grader.base import messages


class NoteKind(StrEnum):
    """What a note is about. messages.NOTES has the text of each, with the names of its data in braces."""

    # While what was handed in is read.
    LEFT_OUT = "left-out"  # path, why, files
    UNDECIDED = "undecided"  # path, name, files
    TAKEN = "taken"  # path, name
    CHOSEN = "chosen"  # path, name
    # While it is loaded.
    NOT_PYTHON = "not-python"  # place, why
    NEWER_PYTHON = "newer-python"  # place, why, files
    STEP_FAILED = "step-failed"  # place, why
    STEP_LEFT_OUT = "step-left-out"  # path, why
    STOPPED = "stopped"  # path, why
    MISSING_MODULE = "missing-module"  # path, module
    MISSING_FILE = "missing-file"  # path, module
    CLASS_TAKEN = "class-taken"  # name
    MORE = "more"  # files
    # While it is graded.
    ONLY_SOME = "only-some"  # ids
    NOT_DIAGNOSED = "not-diagnosed"  # id
    NOT_KEPT = "not-kept"  # why
    OTHER = "other"  # text: of a report that was stored by an earlier version

    @property
    def may_hold_work(self) -> bool:
        """Whether it is about something that may hold work and is not graded, through no fault in that work. Its data
        then has `files`: the kit's files that it may be work for, with ", " between them."""
        return self in (NoteKind.LEFT_OUT, NoteKind.UNDECIDED, NoteKind.NEWER_PYTHON, NoteKind.MORE)


@dataclass(frozen=True)
class Note:
    """Something to say of a submission that is no verdict. data: what its text has in braces."""

    kind: NoteKind
    data: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return messages.NOTES[self.kind].format(**self.data)


def note(kind: NoteKind, **data: object) -> Note:
    """A note with its data as text."""
    return Note(kind, {name: str(value) for name, value in data.items()})


@dataclass(frozen=True)
class SourceFile:
    """One Python file of a submission: the name it is imported by, the path to show, its text.

    cells: where it is made of the cells of a notebook, the line that each begins at and its number there.
    """

    module: str
    path: str
    text: str
    cells: tuple[tuple[int, int], ...] = ()

    @property
    def compiled_as(self) -> tuple[str, str]:
        """What its code depends on: the path that is in it, and the text."""
        return self.path, self.text


@dataclass(frozen=True)
class Submission:
    """What a learner handed in, as text: never imported or parsed outside a session.

    files are loaded in order; others can be imported by them; refused says why a file could not be read,
    {file name: reason}. seconds: by the clock, that reading it took.
    """

    name: str
    path: str
    files: tuple[SourceFile, ...]
    others: tuple[SourceFile, ...] = ()
    packages: tuple[str, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()
    notes: tuple[Note, ...] = ()
    seconds: float = field(default=0.0, compare=False)


@dataclass(frozen=True)
class Place:
    """A line of the learner's code, and how it is shown. The number comes from the session: for showing only."""

    path: str
    line: int
    shown: str = ""

    def __str__(self) -> str:
        return self.shown or f"{self.path}:{self.line}"


@dataclass(frozen=True)
class Broken:
    """Why a file, or a statement of it, is no Python: in a sentence, where, and that line with a caret below it."""

    why: str
    place: Place | None = None
    source: str = ""

    def __str__(self) -> str:
        return self.why


@dataclass(frozen=True)
class Student:
    """Who handed in. key names the student within a class and is safe as a file name; what the platform does not tell
    is "". id: the platform's number of the student or of the submission, or a login. section: as a roster has it."""

    key: str
    name: str
    id: str = ""
    email: str = ""
    section: str = ""

    @property
    def called(self) -> str:
        """The name, or the key where there is none."""
        return self.name or self.key
