"""A learner's copy of the kit: made by init, and brought up to a newer kit by upgrade, with what was written kept.

Beside the learner's files stands a copy of each as it came, in a hidden folder: what changed since then in the file is
the learner's, and what changed in the kit is the kit's.
"""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from grader.base import messages
from grader.base.errors import OutputError, StudyError
from grader.base.whole_files import MIB, is_there, read_below, write_below
from grader.book.source import book_files
from grader.kit import NOTEBOOK, README, Kit
from grader.kit.gaps import gaps
from grader.study.cells import merged_notebooks
from grader.study.folder import BACKUPS, backup, check
from grader.study.merge import compared, merged

AS_IT_CAME = ".mg-grade-kit"
VERSION = "version"
MOST_LINES = 200_000  # of a file whose changes are counted: a notebook has its pictures in long ones


@dataclass(frozen=True)
class Change:
    """What an upgrade made of one file: how many lines came and went, at which lines the learner's stayed although the
    kit's are others, and in words what else there is to say of it. content: what is to stand in it, or None where it
    stays. is_left: whether it could not be merged."""

    file: str
    added: int = 0
    removed: int = 0
    conflicts: tuple[int, ...] = ()
    remark: str = ""
    content: bytes | None = None
    is_left: bool = False

    @property
    def has_backup(self) -> bool:
        """Whether a file was there before, and is kept."""
        return self.content is not None and not self.remark


@dataclass(frozen=True)
class Upgrade:
    """From which version to which, what became of each file that is not as it was, and the exercises that are new."""

    before: str
    after: str
    changes: tuple[Change, ...]
    new_exercises: tuple[str, ...]


def kit_files(kit: Kit) -> dict[str, Path]:
    """What a learner gets: the path in their folder, and where it is in the kit."""
    names = (*kit.manifest.files, NOTEBOOK, README)
    files = {name: kit.exercises / name for name in names} | {name: kit.exercises / name for name in book_files(kit)}
    return files | {f"datasets/{path.name}": path for path in kit.data}


def copy_kit(kit: Kit, folder: Path) -> None:
    """Copy the kit into a folder that holds nothing of it yet; OutputError where it does, or cannot be written to.

    StudyError where something in it is a link or the like, and would lead elsewhere.
    """
    is_begun = not is_there(folder, f"{AS_IT_CAME}/{VERSION}")  # a copy that was not finished is begun anew
    there = [
        name
        for name, source in kit_files(kit).items()
        if name != README and os.path.lexists(folder / name) and not (is_begun and _is_copy(folder, name, source))
    ]
    if there:
        raise OutputError(messages.INIT_REFUSED.format(folder=folder, files=", ".join(there)))
    _check_places(kit, folder)
    try:
        for name, source in kit_files(kit).items():
            if not is_there(folder, name):  # a README may be there already
                write_below(folder, name, source.read_bytes())
            write_below(folder, f"{AS_IT_CAME}/{name}", source.read_bytes())
        write_below(folder, f"{AS_IT_CAME}/{VERSION}", f"{kit.manifest.version}\n".encode())
    except OSError as error:
        raise OutputError(messages.CANNOT_WRITE.format(path=folder, why=error.strerror)) from error


def upgrade(kit: Kit, folder: Path) -> Upgrade:
    """Merge the kit into a learner's folder; StudyError where that is none, or something in it would lead elsewhere,
    and nothing was changed then."""
    check(folder, kit.manifest)
    _check_places(kit, folder)
    changes = []
    try:
        version = messages.UNKNOWN_VERSION
        if is_there(folder, f"{AS_IT_CAME}/{VERSION}"):
            version = read_below(folder, f"{AS_IT_CAME}/{VERSION}").decode("utf-8", "replace").strip()
        known = _gaps(folder)
        for name, source in kit_files(kit).items():
            theirs = source.read_bytes()
            change = _upgraded(name, folder, theirs)
            if change is not None:
                changes.append(change)
            if change is not None and change.content is not None:
                if is_there(folder, name):
                    backup(folder, name)
                write_below(folder, name, change.content)
            # At once, file by file: whenever this ends, what was merged is not merged again.
            its_name = f"{name}.new" if change is not None and change.is_left else name
            write_below(folder, f"{AS_IT_CAME}/{its_name}", theirs)
        write_below(folder, f"{AS_IT_CAME}/{VERSION}", f"{kit.manifest.version}\n".encode())
    except OSError as error:
        raise StudyError(messages.CANNOT_WRITE.format(path=folder, why=error.strerror or error)) from error
    new = tuple(e.id for e in kit.manifest.exercises if known and e.gap not in known)
    return Upgrade(version, kit.manifest.version, tuple(changes), new)


def _is_copy(folder: Path, name: str, source: Path) -> bool:
    """Whether a file holds what the kit's does."""
    try:
        return read_below(folder, name) == source.read_bytes()
    except (OSError, StudyError):
        return False


def _check_places(kit: Kit, folder: Path) -> None:
    """StudyError where what is to be read or written is no ordinary file, before anything is."""
    for name in kit_files(kit):
        backup_of = str(PurePosixPath(name).parent / BACKUPS / PurePosixPath(name).name)
        for place in (name, f"{AS_IT_CAME}/{name}", f"{AS_IT_CAME}/{name}.new", backup_of):
            is_there(folder, place)
    is_there(folder, f"{AS_IT_CAME}/{VERSION}")


def _gaps(folder: Path) -> set[str]:
    """The exercises that the kit had when it was copied."""
    names = (f"{AS_IT_CAME}/{path.name}" for path in (folder / AS_IT_CAME).glob("*.py"))
    return {gap.exercise for name in names for gap in gaps(read_below(folder, name).decode("utf-8", "replace"))}


def _upgraded(name: str, folder: Path, theirs: bytes) -> Change | None:
    """What becomes of a file; None where nothing does."""
    came = f"{AS_IT_CAME}/{name}"
    if not is_there(folder, name):
        return None if is_there(folder, came) else Change(name, remark=messages.UPGRADE_NEW_FILE, content=theirs)
    ours = read_below(folder, name)
    base = read_below(folder, came) if is_there(folder, came) else None
    if theirs in (ours, base):
        return None
    if base is None:
        return Change(name, remark=messages.UPGRADE_NO_BASE.format(file=f"{AS_IT_CAME}/{name}.new"), is_left=True)
    if ours == base:
        return _counted(name, ours, theirs)
    found = None
    with contextlib.suppress(UnicodeError, ValueError, KeyError, TypeError, RecursionError):
        found = _merged(name, base, ours, theirs)
    if found is None:
        return Change(name, remark=messages.UPGRADE_LEFT.format(file=f"{AS_IT_CAME}/{name}.new"), is_left=True)
    content, conflicts = found
    if content != ours:
        return _counted(name, ours, content, conflicts)
    return Change(name, conflicts=conflicts) if conflicts else None


def _counted(name: str, before: bytes, after: bytes, conflicts: tuple[int, ...] = ()) -> Change:
    added, removed = after.count(b"\n"), before.count(b"\n")
    with contextlib.suppress(ValueError):  # too many to look for those that stay
        changes = [code for code in compared(_lines(before), _lines(after)).get_opcodes() if code[0] != "equal"]
        added, removed = sum(j2 - j1 for *_, j1, j2 in changes), sum(i2 - i1 for _, i1, i2, *_ in changes)
    return Change(name, added, removed, conflicts, content=after)


def _lines(content: bytes) -> list[str]:
    """ValueError where they are more than anybody writes."""
    if content.count(b"\n") > MOST_LINES:
        raise ValueError("too many lines")
    return content.decode("utf-8", "replace").split("\n")


def _merged(name: str, base: bytes, ours: bytes, theirs: bytes) -> tuple[bytes, tuple[int, ...]] | None:
    """The content of a file that both sides have changed, and the lines or cells where both changed the same; None
    where it is of a kind that is not merged. A ValueError, TypeError or the like where it is not what it should be."""
    if name.endswith(".ipynb"):
        return merged_notebooks(base, ours, theirs)
    if not name.endswith(".py"):
        return None
    is_windows = b"\r\n" in ours and ours.count(b"\r\n") == ours.count(b"\n")
    texts = [base, ours.replace(b"\r\n", b"\n") if is_windows else ours, theirs]
    if max(map(len, texts)) > MIB:
        raise ValueError("more than is graded")
    result = merged(*(text.decode("utf-8").split("\n") for text in texts))
    content = "\n".join(result.lines).encode()
    return content.replace(b"\n", b"\r\n") if is_windows else content, result.conflicts
