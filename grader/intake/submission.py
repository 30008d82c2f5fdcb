"""What a learner handed in -> Submission: a folder, one .py file, one notebook, or an archive of those.

Text only: nothing is imported or parsed here that is Python. What is not quite as it should be is taken for what it
plainly is meant to be, and a warning says so.
"""

from __future__ import annotations

import re
import stat
import tokenize
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from grader.base import messages
from grader.base.errors import SubmissionError
from grader.base.model import Note, NoteKind, SourceFile, Submission, note
from grader.base.text import printable
from grader.intake.archive import MAX_ARCHIVE, is_archive, read_archive
from grader.intake.notebook import MAX_NOTEBOOK, as_files, read_cells
from grader.intake.tree import MIB, Content, Refused, Tree, in_order, read_bytes, walk
from grader.kit.gaps import marked, unfilled
from grader.kit.model import Manifest

MAX_BYTES = MIB  # of one file of Python
MAX_CHARACTERS = 4 * MIB  # of all files
MAX_LOADED = 12  # of files that do not have the kit's names
MAX_OTHERS = 50
MAX_NESTED = 3  # archives inside a submission, and inside each other
LATIN = {"iso-8859-1", "latin-1", "cp1252", "windows-1252", "iso-8859-15"}


def read_submission(path: Path, manifest: Manifest, is_own: bool = False) -> Submission:
    """Read what was handed in at a path; SubmissionError where there is nothing to grade. is_own: it is a learner's own
    folder, where the kit's files at its top are those that are worked on, whatever copies there are."""
    shown = printable(str(path))
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as error:
        raise SubmissionError(messages.NO_SUCH_PATH.format(path=shown)) from error
    name = printable(path.resolve().name)
    try:
        if stat.S_ISDIR(mode):
            return gather(walk(path), manifest, name, shown, is_own)
        if stat.S_ISREG(mode) and is_taken(PurePosixPath(path.name)):
            return gather({PurePosixPath(path.name): path}, manifest, name, shown)
    except Refused as why:
        raise SubmissionError(messages.NOTHING_READABLE.format(path=shown, why=why)) from why
    raise SubmissionError(messages.NOT_A_SUBMISSION.format(path=shown))


def is_taken(path: PurePosixPath) -> bool:
    """Whether a file is of a kind that a submission is read from."""
    return path.name.lower().endswith((".py", ".py.txt", ".ipynb")) or is_archive(path)


def gather(
    tree: Mapping[PurePosixPath, Content], manifest: Manifest, name: str, shown: str, is_own: bool = False
) -> Submission:
    """The submission in a tree of files; Refused or SubmissionError where there is nothing to grade.

    A kit's file is found by its name in any folder, or in a notebook of the kit's own edition: of several, the one in
    which more is filled in, and then the one nearest to the top. Where there is none, every .py file and every notebook
    at the top is taken. One file alone may hold any of the exercises.
    """
    unpacked = _unpacked(dict(tree))
    meant = _meant([path for path in unpacked.tree if is_python(path)], manifest)
    read = _read_all(unpacked.tree, meant, manifest, shown)
    named = _chosen(read.sources, manifest, is_own)
    is_loose = not named and not any(path in meant for path, _ in read.refused)
    files = _loose(read.sources) if is_loose else named
    left_out = [(path, why) for path, why in read.refused if path in meant or is_loose or not is_python(path)]
    notes = [
        *unpacked.notes,
        *(_taken(path.as_posix(), name) for path, name in meant.items() if path.name != name),
        *_notes_on_choice(named, read.sources),
        *(_left_out(path, why) for path, why in left_out),
    ]
    if not files and not read.refused:
        raise SubmissionError(messages.NO_PYTHON_FILES.format(path=shown, files=", ".join(manifest.files)))
    if not files:
        raise SubmissionError(messages.NOTHING_READABLE.format(path=shown, why=notes[-1]))
    others = _others(read.sources, files)
    packages = [part for file in [*files, *others] for part in PurePosixPath(file.path).parts[:-1]]
    modules = {file.module for file in files}
    refused = [(meant[path], why) for path, why in read.refused if path in meant]
    return Submission(
        name=name,
        path=shown,
        files=tuple(files),
        others=tuple(others[:MAX_OTHERS]),
        packages=tuple(dict.fromkeys([*packages, name, manifest.name])),
        refused=tuple((file, why) for file, why in refused if file.removesuffix(".py") not in modules),
        notes=tuple(notes),
    )


def _taken(path: str, name: str) -> Note:
    return note(NoteKind.TAKEN, path=printable(path), name=name)


def _left_out(path: PurePosixPath, why: object) -> Note:
    return note(NoteKind.LEFT_OUT, path=printable(path.as_posix()), why=why)


def is_python(path: PurePosixPath) -> bool:
    """Whether a file is Python, going by its name; .txt is what some browsers and mail programs add."""
    return path.name.lower().endswith((".py", ".py.txt"))


def is_notebook(path: PurePosixPath) -> bool:
    """Whether a file is a notebook, going by its name."""
    return path.name.lower().endswith(".ipynb")


@dataclass(frozen=True)
class _Unpacked:
    """A tree with what is in its archives, and what of them could not be read."""

    tree: Tree
    notes: list[Note]


def _unpacked(tree: Tree) -> _Unpacked:
    """Refused where all that there is is an archive that cannot be read."""
    notes: list[Note] = []
    for _ in range(MAX_NESTED):
        archives = [path for path in tree if is_archive(path)][:MAX_NESTED]
        if not archives:
            break
        for path in archives:
            content = tree.pop(path)
            inside = path.with_name(path.name.partition(".")[0] or "archive")
            try:
                data = read_bytes(content, MAX_ARCHIVE)
                tree = {**tree, **{inside / file: found for file, found in read_archive(data, is_taken).items()}}
            except Refused as why:
                notes.append(_left_out(path, why))
                if not tree:
                    raise
        tree = in_order(tree)
    return _Unpacked(tree, notes)


def _meant(python: list[PurePosixPath], manifest: Manifest) -> dict[PurePosixPath, str]:
    """Which files have the names of the kit's: path -> name. What is not there is looked for among names that are
    nearly right: engine(1).py, Engine.py, my_engine_final.py."""
    meant = {path: path.name for path in python if path.name in manifest.files}
    for file in manifest.files:
        if file in meant.values():
            continue
        stem = file.removesuffix(".py")
        near = [path for path in python if path not in meant and stem in _words(path) and "test" not in _words(path)]
        near = [path for path in near if not any(other in _words(path) for other in _stems(manifest) - {stem})]
        if near:
            meant[near[0]] = file
    return meant


def _stems(manifest: Manifest) -> set[str]:
    return {file.removesuffix(".py") for file in manifest.files}


def _words(path: PurePosixPath) -> list[str]:
    """The words in the name of a file, chain_rule as one of them."""
    name = path.name.lower().partition(".py")[0]
    return [*re.findall("[a-z]+", name), *re.findall("[a-z]+_[a-z]+", name)]


@dataclass(frozen=True)
class _Read:
    """All the Python of a tree, the kit's files first, and what could not be read, with the reason."""

    sources: list[SourceFile]
    refused: list[tuple[PurePosixPath, str]]


def _read_all(tree: Tree, meant: Mapping[PurePosixPath, str], manifest: Manifest, shown: str) -> _Read:
    """SubmissionError where the kit's files alone are too large."""
    sources: list[SourceFile] = []
    refused: list[tuple[PurePosixPath, str]] = []
    room = MAX_CHARACTERS
    paths = (path for path in tree if is_python(path) or is_notebook(path))
    for path in sorted(paths, key=lambda path: path not in meant):
        try:
            new = _read(path, tree[path], meant.get(path, path.name), manifest, sources)
        except Refused as why:
            refused.append((path, str(why)))
            continue
        room -= sum(len(source.text) for source in new)
        if room < 0 and path in meant:
            raise SubmissionError(messages.TOO_LARGE.format(path=shown, most=MAX_CHARACTERS // MIB))
        if room < 0 or len(sources) > MAX_LOADED + MAX_OTHERS:
            break
        sources += new
    return _Read(sources, refused)


def _chosen(sources: Sequence[SourceFile], manifest: Manifest, is_own: bool) -> list[SourceFile]:
    """Of each of the kit's files the one that is graded, in the order of the kit."""
    by_file = [_of_module(sources, file.removesuffix(".py")) for file in manifest.files]
    return [min(some, key=_in_own_folder if is_own else _gaps) for some in by_file if some]


def _of_module(sources: Sequence[SourceFile], module: str) -> list[SourceFile]:
    return [source for source in sources if source.module == module]


def _loose(sources: Sequence[SourceFile]) -> list[SourceFile]:
    """Where nothing has a name of the kit's, the files at the top are graded."""
    loose = [source for source in sources if source.module != "setup"] or sources
    top = min((source.path.count("/") for source in loose), default=0)
    return [source for source in loose if source.path.count("/") == top][:MAX_LOADED]


def _others(sources: Sequence[SourceFile], files: Sequence[SourceFile]) -> list[SourceFile]:
    """What the files may import: of several of one name the first."""
    modules = {file.module for file in files}
    others = {source.module: source for source in reversed(sources) if source.module not in modules}
    return list(reversed(others.values()))


def _notes_on_choice(files: Sequence[SourceFile], sources: Sequence[SourceFile]) -> Iterator[Note]:
    """What is to be said of the files that were chosen."""
    for file in files:
        name = f"{file.module}.py"
        if file.cells and any(not other.cells for other in files):  # it was to be a file like the others
            yield _taken(file.path, name)
        # The kit's notebook beside the kit's files is nothing to wonder at.
        if not file.cells and sum(not source.cells for source in _of_module(sources, file.module)) > 1:
            yield note(NoteKind.CHOSEN, name=name, path=file.path)


def _read(
    path: PurePosixPath, content: Content, name: str, manifest: Manifest, found: Sequence[SourceFile]
) -> list[SourceFile]:
    shown = printable(path.as_posix())
    module = name.partition(".py" if is_python(path) else ".ipynb")[0]
    if is_python(path):
        return [SourceFile(module, shown, _decoded(read_bytes(content, MAX_BYTES)))]
    cells = read_cells(read_bytes(content, MAX_NOTEBOOK), manifest)
    return as_files(cells, shown, module, manifest, {f"{source.module}.py" for source in found})


def _gaps(source: SourceFile) -> int:
    """How many gaps of the kit are still to be filled in."""
    return unfilled(source.text)


def _in_own_folder(source: SourceFile) -> tuple[int, int]:
    """The file at the top comes first if it was begun, else the notebook, if that was; copies elsewhere come last."""
    is_at_top = "/" not in source.path
    was_begun = _gaps(source) < max(1, marked(source.text))
    return 0 if is_at_top and was_begun else 1 if is_at_top or source.cells else 2, _gaps(source)


def _decoded(data: bytes) -> str:
    """The text of a Python file: UTF-8, or what it declares or its first bytes say, or else latin-1."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError as error:
            raise Refused(messages.FILE_NOT_TEXT.format(position=error.start)) from error
    if b"\0" in data:
        raise Refused(messages.FILE_HAS_NUL)
    try:
        return data.decode(_encoding(data))
    except UnicodeDecodeError:
        return data.decode("latin-1")  # every byte is a character of it: at worst, a comment looks odd


def _encoding(data: bytes) -> str:
    """The encoding that a file declares where it is a plain one, else UTF-8."""
    lines = iter(data.splitlines(keepends=True)[:2])
    try:
        declared, _ = tokenize.detect_encoding(lambda: next(lines, b""))
    except SyntaxError:
        declared = "utf-8"
    return declared if declared in LATIN else "utf-8-sig"
