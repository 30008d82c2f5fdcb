"""A learner's copy of the kit: made by init, and brought up to a newer kit by upgrade, with what was written kept.

Beside the learner's files stands a copy of each as it came, in a hidden folder: what changed since then in the file is
the learner's, and what changed in the kit is the kit's.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from grader import kit_paths, messages, release
from grader.errors import OutputError, StudyError
from grader.manifest import kit_manifest
from grader.study.folder import backup
from grader.study.merge import Merged, merged
from grader.whole_files import write_whole

AS_IT_CAME = ".mg-grade-kit"
VERSION = "version"


@dataclass(frozen=True)
class Change:
    """What an upgrade made of one file: how many lines came and went, at which lines the learner's stayed although the
    kit's are others, and in words what else there is to say of it."""

    file: str
    added: int = 0
    removed: int = 0
    conflicts: tuple[int, ...] = ()
    remark: str = ""


@dataclass(frozen=True)
class Upgrade:
    """From which version to which, what became of each file that is not as it was, and the exercises that are new."""

    before: str
    after: str
    changes: tuple[Change, ...]
    new_exercises: tuple[str, ...]


def kit_files() -> dict[str, Path]:
    """What a learner gets: the path in their folder, and where it is in the kit."""
    names = (*kit_manifest().files, release.NOTEBOOK, release.PATH)
    files = {name: kit_paths.exercises() / name for name in names}
    data = sorted(path for path in kit_paths.datasets().iterdir() if path.suffix in (".csv", ".md"))
    return files | {f"datasets/{path.name}": path for path in data}


def copy_kit(folder: Path) -> None:
    """Copy the kit into a folder that holds nothing of it yet; OutputError where it does, or cannot be written to."""
    there = [name for name in kit_files() if name != release.PATH and (folder / name).exists()]
    if there:
        raise OutputError(messages.INIT_REFUSED.format(folder=folder, files=", ".join(there)))
    try:
        for name, source in kit_files().items():
            if not (folder / name).exists():  # a README may be there already
                _write(folder / name, source.read_bytes())
        _remember(folder)
    except OSError as error:
        raise OutputError(messages.CANNOT_WRITE.format(path=folder, why=error.strerror)) from error


def upgrade(folder: Path) -> Upgrade:
    """Merge the kit into a learner's folder; StudyError where that is none, and nothing was changed then."""
    if not any((folder / name).exists() for name in kit_files()):
        raise StudyError(messages.NO_SUCH_FILE.format(path=folder / kit_manifest().files[0]))
    came = folder / AS_IT_CAME
    before = came / VERSION
    try:
        version = before.read_text(encoding="utf-8").strip() if before.exists() else messages.UNKNOWN_VERSION
        known = _gaps(came)
        results = {name: _upgraded(name, folder, source.read_bytes()) for name, source in kit_files().items()}
        for name, (_, content) in results.items():
            if content is not None:
                if (folder / name).exists():
                    backup(folder / name)
                _write(folder / name, content)
        _remember(folder)
    except (OSError, UnicodeDecodeError) as error:
        raise StudyError(messages.CANNOT_WRITE.format(path=folder, why=error)) from error
    changes = tuple(change for change, _ in results.values() if change is not None)
    new = tuple(e.id for e in kit_manifest().exercises if known and e.gap not in known)
    return Upgrade(version, kit_manifest().version, changes, new)


def _remember(folder: Path) -> None:
    """Keep the kit's files as they are now."""
    for name, source in kit_files().items():
        _write(folder / AS_IT_CAME / name, source.read_bytes())
    _write(folder / AS_IT_CAME / VERSION, f"{kit_manifest().version}\n".encode())


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, content)


def _gaps(came: Path) -> set[str]:
    """The exercises that the kit had when it was copied."""
    texts = [path.read_text(encoding="utf-8") for path in came.glob("*.py")]
    return {line.strip().removeprefix(release.BEGIN) for text in texts for line in text.splitlines()
            if line.strip().startswith(release.BEGIN)}  # fmt: skip


def _upgraded(name: str, folder: Path, theirs: bytes) -> tuple[Change | None, bytes | None]:
    """What becomes of a file, and its new content; None where nothing does."""
    own, came = folder / name, folder / AS_IT_CAME / name
    if not own.exists():
        return (None, None) if came.exists() else (Change(name, remark=messages.UPGRADE_NEW_FILE), theirs)
    ours = own.read_bytes()
    base = came.read_bytes() if came.exists() else None
    if theirs in (ours, base):
        return None, None
    if base is None:
        return Change(name, remark=messages.UPGRADE_NO_BASE), None
    try:
        return _merged(name, base, ours, theirs)
    except UnicodeDecodeError:
        return Change(name, remark=messages.UPGRADE_LEFT), None


def _merged(name: str, base: bytes, ours: bytes, theirs: bytes) -> tuple[Change | None, bytes | None]:
    """The same for a file of which both sides have another than it came."""
    if ours == base:
        result = Merged(tuple(theirs.decode("utf-8").splitlines()))
        content = theirs
    elif name.endswith(".py"):
        result = merged(*(text.decode("utf-8").splitlines() for text in (base, ours, theirs)))
        line_end = "\r\n" if b"\r\n" in ours else "\n"
        content = "".join(line + line_end for line in result.lines).encode()
    elif name.endswith(".ipynb"):
        found = merged_notebooks(base, ours, theirs)
        if found is None:
            return Change(name, remark=messages.UPGRADE_LEFT), None
        result, content = found
    else:
        return Change(name, remark=messages.UPGRADE_LEFT), None
    if content == ours:
        return (Change(name, conflicts=result.conflicts) if result.conflicts else None), None
    return _counted(name, ours.decode("utf-8").splitlines(), content.decode("utf-8").splitlines(), result), content


def _counted(name: str, before: list[str], after: list[str], result: Merged) -> Change:
    changes = [
        code for code in SequenceMatcher(None, before, after, autojunk=False).get_opcodes() if code[0] != "equal"
    ]
    added, removed = sum(j2 - j1 for *_, j1, j2 in changes), sum(i2 - i1 for _, i1, i2, *_ in changes)
    return Change(name, added, removed, result.conflicts)


def merged_notebooks(base: bytes, ours: bytes, theirs: bytes) -> tuple[Merged, bytes] | None:
    """Notebooks, merged cell by cell: those of the kit by their ids, the learner's own where they stand. None where
    one of the three is no notebook whose cells have ids."""
    try:
        old, own, new = (json.loads(text) for text in (base, ours, theirs))
        cells = [{cell["id"]: cell for cell in notebook["cells"]} for notebook in (old, own, new)]
        sources = [{key: "".join(cell["source"]) for key, cell in side.items()} for side in cells]
    except (ValueError, KeyError, TypeError):
        return None
    order = merged(*map(list, cells)).lines
    order = (*order, *(key for key in cells[2] if key not in cells[0] and key not in order))
    result: list[dict[str, Any]] = []
    conflicts: list[int] = []
    for number, key in enumerate(dict.fromkeys(order), 1):
        if key not in cells[1]:
            result.append(cells[2][key])
            continue
        cell = cells[1][key]
        if key in cells[0] and key in cells[2]:
            found = merged(*(side[key].splitlines(keepends=True) for side in sources))
            conflicts += [number] if found.conflicts else []
            cell = {**cell, "source": list(found.lines)}
        result.append(cell)
    text = json.dumps({**own, "cells": result}, indent=1, ensure_ascii=False) + "\n"
    return Merged((), tuple(conflicts)), text.encode()
