"""What a platform's names say, as data, and what a platform is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from grader.base.model import Student
from grader.intake.tree import Tree


@dataclass(frozen=True)
class Entry:
    """One attempt of a student.

    number: of the attempt, larger ones later. submitted: when, where the platform tells. is_late: whether it says so.
    is_part: whether all such entries of a student are parts of one attempt. source: where the student's name holds: the
    platform, or the name at the top of a class that says it; who is called so elsewhere is somebody else. prefix: what
    was taken off that name. feedback: by what in a zip of feedback the platform knows whose a file is, up to its own
    name; "" where it takes none.
    """

    student: Student
    tree: Tree
    shown: str
    number: int = 0
    submitted: datetime | None = None
    is_late: bool = False
    is_part: bool = False
    source: str = ""
    prefix: str = ""
    feedback: str = ""

    @property
    def top(self) -> str:
        """The name at the top of a class of what no platform has named."""
        return self.shown.partition("/")[0]


@dataclass(frozen=True)
class Top:
    """A file or a folder at the top of a class. tree: the file itself, or what is in the folder."""

    name: str
    is_folder: bool
    tree: Tree


@dataclass(frozen=True)
class Found:
    """Entries in no particular order, and what else is to be said."""

    entries: list[Entry]
    notes: list[str] = field(default_factory=list)


class Platform(ABC):
    """What gave the files and folders of a download their names."""

    metadata = ""  # the name of a file beside them that says whose they are, where there is one

    @abstractmethod
    def takes(self, name: str, is_folder: bool) -> bool:
        """Whether it gives such a name to a file, or to a folder, that was handed in."""

    @abstractmethod
    def entries(self, tops: Sequence[Top]) -> Found:
        """The entries in what it has named, of all that is at the top of a class; its metadata are there as well."""
