"""A folder with the kit's files, or one .py file that holds it all -> Submission."""

from __future__ import annotations

import os
import stat
import tokenize
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from grader import messages
from grader.errors import SubmissionError
from grader.model import Manifest, SourceFile, Submission
from grader.sandbox.protocol import printable

MAX_FILES = 2_000
MAX_BYTES = 1024 * 1024  # of one file
MIB = 1024 * 1024
MAX_CHARACTERS = 4 * MIB  # of all files
MAX_LOADED = 12  # of files that do not have the kit's names
MAX_OTHERS = 50
MAX_DEPTH = 8
LATIN = {"iso-8859-1", "latin-1", "cp1252", "windows-1252", "iso-8859-15"}
SKIPPED = {"__pycache__", "__MACOSX", "node_modules", "venv", "env", "site-packages"}


class _Refused(Exception):
    """A file that cannot be read as a submission's; the text says why."""


def read_submission(path: Path, manifest: Manifest) -> Submission:
    """Read a folder or a .py file; SubmissionError where there is nothing to grade.

    A kit's file is found by its name in any subfolder, the one nearest to the top first. Where none has such a
    name, every .py file at the top is taken. One file alone may hold any of the exercises.
    """
    shown = printable(str(path))
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as error:
        raise SubmissionError(messages.NO_SUCH_PATH.format(path=shown)) from error
    if stat.S_ISDIR(mode):
        root, found = path, sorted(_walk(path, shown), key=lambda p: (len(p.parts), p.as_posix()))
    elif stat.S_ISREG(mode) and path.suffix == ".py":
        root, found = path.parent, [PurePosixPath(path.name)]
    else:
        raise SubmissionError(messages.NOT_A_SUBMISSION.format(path=shown))
    if not found:
        raise SubmissionError(messages.NO_PYTHON_FILES.format(path=shown, files=", ".join(manifest.files)))
    return _gather(root, found, manifest, name=printable(path.resolve().name), path=shown)


def _walk(root: Path, shown: str) -> Iterator[PurePosixPath]:
    """The .py files below root, hidden and foreign folders left out, links not followed."""
    seen = 0
    for folder, folders, files in os.walk(root):
        below = Path(folder).relative_to(root)
        too_deep = len(below.parts) >= MAX_DEPTH
        folders[:] = [] if too_deep else sorted(f for f in folders if f not in SKIPPED and not f.startswith("."))
        seen += len(files) + len(folders)
        if seen > MAX_FILES:
            raise SubmissionError(messages.TOO_MANY_FILES.format(path=shown, most=MAX_FILES))
        yield from (PurePosixPath(below.as_posix(), f) for f in files if f.endswith(".py") and not f.startswith("."))


def _gather(root: Path, found: list[PurePosixPath], manifest: Manifest, name: str, path: str) -> Submission:
    chosen, warnings = _choose(found, manifest)
    files: list[SourceFile] = []
    others: list[SourceFile] = []
    refused: list[tuple[str, str]] = []
    characters = 0
    for file in [*chosen, *(f for f in found if f not in chosen)]:
        is_chosen = file in chosen
        if not is_chosen and (len(others) >= MAX_OTHERS or file.stem in {f.module for f in [*files, *others]}):
            continue
        try:
            source = SourceFile(file.stem, printable(file.as_posix()), _read_text(root / file))
            characters += len(source.text)
            if characters > MAX_CHARACTERS:
                if is_chosen:
                    raise SubmissionError(messages.TOO_LARGE.format(path=path, most=MAX_CHARACTERS // MIB))
                break
            (files if is_chosen else others).append(source)
        except _Refused as why:
            if is_chosen:
                refused.append((file.name, str(why)))
                warnings.append(messages.FILE_REFUSED.format(path=printable(file.as_posix()), why=why))
    if not files:
        raise SubmissionError(messages.NOTHING_READABLE.format(path=path, why=warnings[-1]))
    parts = [part for file in [*files, *others] for part in PurePosixPath(file.path).parts[:-1]]
    packages = dict.fromkeys([*parts, root.resolve().name, manifest.name])
    return Submission(name, path, tuple(files), tuple(others), tuple(packages), tuple(refused), tuple(warnings))


def _choose(found: list[PurePosixPath], manifest: Manifest) -> tuple[list[PurePosixPath], list[str]]:
    """The files that are loaded, in the kit's order, and what to say about the choice."""
    chosen: list[PurePosixPath] = []
    warnings: list[str] = []
    for name in manifest.files:
        candidates = [file for file in found if file.name == name]
        chosen += candidates[:1]
        if len(candidates) > 1:
            path = printable(candidates[0].as_posix())
            warnings.append(messages.FILE_CHOSEN.format(name=name, path=path))
    if not chosen:
        top = len(found[0].parts)
        chosen = [file for file in found if len(file.parts) == top and file.name != "setup.py"] or found[:1]
        chosen = chosen[:MAX_LOADED]
    return chosen, warnings


def _read_text(path: Path) -> str:
    """The text of a Python file; _Refused where it is not one."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError as error:
        raise _Refused(messages.FILE_IS_LINK if path.is_symlink() else error.strerror or str(error)) from error
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise _Refused(messages.FILE_IS_LINK)
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise _Refused(messages.FILE_TOO_BIG.format(most=MAX_BYTES // 1024))
    if b"\0" in data:
        raise _Refused(messages.FILE_HAS_NUL)
    try:
        return data.decode(_encoding(data))
    except UnicodeDecodeError as error:
        raise _Refused(messages.FILE_NOT_TEXT.format(position=error.start)) from error


def _encoding(data: bytes) -> str:
    """The encoding that a file declares where it is a plain one, else UTF-8."""
    lines = iter(data.splitlines(keepends=True)[:2])
    try:
        declared, _ = tokenize.detect_encoding(lambda: next(lines, b""))
    except SyntaxError:
        declared = "utf-8"
    return declared if declared in LATIN else "utf-8-sig"
