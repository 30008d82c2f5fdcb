"""A learner's folder: the hints that were seen in it, and its files put back as they came. Nothing here grades."""

from __future__ import annotations

import ast
import os
from pathlib import Path, PurePosixPath

from grader.base import messages
from grader.base.errors import StudyError
from grader.base.whole_files import MIB, is_there, read_below, write_below
from grader.kit import NOTEBOOK, Kit
from grader.kit.gaps import around, refilled
from grader.kit.model import Exercise, Manifest
from grader.study.progress import FILE, change_progress, read_progress

BACKUPS = ".mg-grade-backup"


def check(folder: Path, manifest: Manifest) -> None:
    """StudyError where a folder is nobody's copy of the kit: then nothing is to be kept in it."""
    if not any(os.path.lexists(folder / name) for name in (*manifest.files, NOTEBOOK, FILE)):
        raise StudyError(messages.NO_SUCH_FILE.format(path=folder / manifest.files[0]))


def next_hint(folder: Path, kit: Kit, exercise: Exercise, shown: int = 0) -> str:
    """One rung more of the hints, as it is to be said. After the last it stays the last. shown: how many stand before
    the learner's eyes already."""
    check(folder, kit.manifest)
    most = len(exercise.hints)
    seen = read_progress(folder).hints.get(exercise.id, 0)
    progress = change_progress(
        folder, lambda now: now.with_hint(exercise.id, min(max(now.hints.get(exercise.id, 0), shown) + 1, most))
    )
    number = progress.hints[exercise.id]
    text = messages.HINT.format(number=number, most=most, text=exercise.hints[number - 1])
    return f"{text} {messages.HINT_LAST}" if seen == number else text


def reset(folder: Path, kit: Kit, exercise: Exercise) -> Path:
    """Put the gap of an exercise back as it came, and nothing else. Gives the copy of the file as it was before."""
    path = folder / exercise.file
    try:
        text = read_below(folder, exercise.file, MIB).decode("utf-8")
        stub = kit.stub(exercise.file)
        fresh = refilled(text, exercise.gap, stub, exercise.file)
        _check_mends(exercise.file, text, fresh)
        copy = backup(folder, exercise.file)
        write_below(folder, exercise.file, fresh.encode())
    except FileNotFoundError as error:
        raise StudyError(messages.NO_SUCH_FILE.format(path=path)) from error
    except UnicodeDecodeError as error:
        raise StudyError(messages.NOT_UTF8.format(path=path)) from error
    except OSError as error:
        raise StudyError(messages.CANNOT_WRITE.format(path=path, why=error.strerror or error)) from error
    return copy


def _check_mends(file: str, before: str, after: str) -> None:
    """StudyError where a file could not be read as Python, nor can be afterwards: what is in the way is elsewhere."""
    if _error_line(before) and (line := _error_line(after)):
        inside = around(after, line)
        where = messages.BROKEN_IN.format(id=inside) if inside else ""
        raise StudyError(messages.BROKEN_ELSEWHERE.format(file=file, line=line, where=where))


def _error_line(text: str) -> int:
    """The line at which a text cannot be read as Python, or 0."""
    try:
        ast.parse(text)
    except SyntaxError as error:
        return error.lineno or 0
    except (ValueError, RecursionError, MemoryError):
        return 0
    return 0


def backup(folder: Path, name: str) -> Path:
    """A copy of a file of a folder, in a folder beside it, under a name that is not taken yet."""
    file = PurePosixPath(name)
    number = 1
    while is_there(folder, copy := str(file.parent / BACKUPS / f"{file.name}.{number}")):
        number += 1
    write_below(folder, copy, read_below(folder, name))
    return folder / copy
