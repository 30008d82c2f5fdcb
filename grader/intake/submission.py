"""What a learner handed in -> Submission: a folder, one .py file, one notebook, or an archive of those.

Text only: nothing is imported or parsed here that is Python. What is not quite as it should be is taken for what it
plainly is meant to be, and a note says so.
"""

from __future__ import annotations

import re
import stat
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from grader.base import messages
from grader.base.errors import SubmissionError
from grader.base.model import Note, NoteKind, SourceFile, Submission, note
from grader.base.text import short_path
from grader.intake.choosing import Choice, choose, of_module
from grader.intake.opening import Texts, texts
from grader.intake.reading import Read, read_all
from grader.intake.tree import Content, Refused, walk
from grader.intake.work import Work, is_as_it_came
from grader.kit.model import Manifest
from grader.sandbox.inside.reading.kinds import is_about, is_foreign, is_other, is_packed, is_python, is_read, is_taken
from grader.sandbox.levels import Level
from grader.sandbox.session import RUN_SECONDS

MAX_NOTES = 12
MAX_NAMED = 3  # files of which one note speaks

Meant = Mapping[PurePosixPath, str]  # which of the kit's files a file is taken for


def read_submission(
    path: Path, manifest: Manifest, is_own: bool = False, level: Level | None = None, seconds: float = RUN_SECONDS
) -> Submission:
    """Read what was handed in at a path; SubmissionError where there is nothing to grade.

    is_own: it is a learner's own folder, where the kit's files at its top are those that are worked on, whatever copies
    there are. level: how to confine what reads archives and notebooks (the best way there is here). seconds: by the
    clock, for that and all the runs together.
    """
    shown = short_path(str(path))
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as error:
        raise SubmissionError(messages.NO_SUCH_PATH.format(path=shown)) from error
    name = short_path(path.resolve().name)
    try:
        if stat.S_ISDIR(mode):
            return gather(walk(path), manifest, name, shown, is_own, level, seconds)
        if stat.S_ISREG(mode) and is_taken(PurePosixPath(path.name)):
            return gather({PurePosixPath(path.name): path}, manifest, name, shown, level=level, seconds=seconds)
    except Refused as why:
        raise SubmissionError(messages.NOTHING_READABLE.format(path=shown, why=why)) from why
    raise SubmissionError(messages.NOT_A_SUBMISSION.format(path=shown))


def gather(
    tree: Mapping[PurePosixPath, Content],
    manifest: Manifest,
    name: str,
    shown: str,
    is_own: bool = False,
    level: Level | None = None,
    seconds: float = RUN_SECONDS,
) -> Submission:
    """The submission in a tree of files; Refused or SubmissionError where there is nothing to grade.

    A kit's file is found by its name in any folder, or in a notebook of the kit's own edition: of several, the one in
    which more is filled in, and then the one nearest to the top. Where there is none, every .py file and every notebook
    at the top is taken. One file alone may hold any of the exercises. Where nothing was begun and something left out
    that may hold work, it is refused: nobody gets a zero for what was not read.
    """
    begin, shown = time.monotonic(), short_path(shown)
    found = texts(tree, manifest.files, level, begin + seconds)
    archives = {path: why for path, why in found.items() if isinstance(why, Refused) and not is_read(path)}
    if archives and len(archives) == len(found):
        raise next(iter(archives.values()))
    meant = _meant(found, manifest)
    read = read_all(found, meant, manifest, shown)
    choice = choose(read, meant, manifest, is_own)
    left_out = [
        *(_left_out(path, why, manifest.files) for path, why in archives.items()),
        *(
            _left_out(path, why, [meant[path]] if path in meant else manifest.files)
            for path, why in read.refused.items()
        ),
        *_not_looked_at(found, choice, manifest),
    ]
    notes = [*left_out, *_notes_on_names(meant, choice), *_notes_on_choice(choice, read)]
    notes[MAX_NOTES:] = _in_one(notes[MAX_NOTES:])
    if not choice.files and not read.refused:
        names = ", ".join(short_path(path.name) for path in list(tree)[:3]) + (", ..." if len(tree) > 3 else "")
        only = messages.ONLY.format(names=names) if tree else ""
        raise SubmissionError(messages.NO_PYTHON_FILES.format(path=shown, only=only, files=", ".join(manifest.files)))
    if not choice.files:
        raise SubmissionError(messages.NOTHING_READABLE.format(path=shown, why=left_out[-1]))
    is_begun = is_own or not all(map(is_as_it_came, choice.files))
    if not is_begun:  # the work may be in what was left out
        left_out += [_left_out(path, messages.FILE_IS_FOREIGN, manifest.files) for path in filter(is_about, found)]
    if left_out and not is_begun:
        raise SubmissionError(messages.NOTHING_READABLE.format(path=shown, why=left_out[0]))
    return Submission(
        name=name,
        path=shown,
        files=tuple(choice.files),
        others=tuple(choice.others),
        packages=tuple(dict.fromkeys([*_folders(choice), name, manifest.name])),
        refused=tuple(_files_without(choice, read, meant)),
        notes=tuple(notes),
        seconds=time.monotonic() - begin,
    )


def _meant(tree: Texts, manifest: Manifest) -> Meant:
    """Which files have the names of the kit's. What is not there is looked for among names that are nearly right:
    engine(1).py, Engine.py, my_engine_final.py; unless they hold work for others of the kit's files, and none for
    it."""
    work = Work(manifest)

    def is_anothers(path: PurePosixPath, file: str) -> bool:
        text = tree[path]
        source = SourceFile(path.stem, path.as_posix(), text if isinstance(text, str) else "")
        return not work.of(source, file) and any(work.of(source, other) for other in manifest.files)

    python = [path for path in tree if is_python(path)]
    stems = {file: file.removesuffix(".py") for file in manifest.files}
    meant = {path: path.name for path in python if path.name in stems}
    for file, stem in stems.items():
        if file in meant.values():
            continue
        others = {"test", *stems.values()} - {stem}
        near = (path for path in python if path not in meant and stem in _words(path) and not others & _words(path))
        path = next((path for path in near if not is_anothers(path, file)), None)
        if path is not None:
            meant[path] = file
    return meant


def _words(path: PurePosixPath) -> set[str]:
    """The words in the name of a file, chain_rule as one of them."""
    name = path.name.lower().partition(".py")[0]
    return {*re.findall("[a-z]+", name), *re.findall("[a-z]+_[a-z]+", name)}


def _notes_on_names(meant: Meant, choice: Choice) -> Iterator[Note]:
    """Which names were read as others, but for those files in whose place another is graded."""
    replaced = {name for names in choice.instead.values() for name in names}
    for path, name in meant.items():
        if path.name != name and name not in replaced:
            yield _taken(path.as_posix(), name)


def _notes_on_choice(choice: Choice, read: Read) -> Iterator[Note]:
    for file in [] if choice.is_loose else choice.files:
        name = f"{file.module}.py"
        if file.path in choice.instead:
            yield _taken(file.path, ", ".join(choice.instead[file.path]))
        elif (file.cells and any(not other.cells for other in choice.files)) or is_other(PurePosixPath(file.path)):
            # It was to be a file like the others.
            yield _taken(file.path, name)
        # The kit's notebook beside the kit's files is nothing to wonder at.
        elif not file.cells and sum(not source.cells for source in of_module(read.sources, file.module)) > 1:
            yield note(NoteKind.CHOSEN, name=name, path=file.path)
    for name, paths in choice.undecided.items():
        shown = ", ".join([*paths[:MAX_NAMED], *(["..."] if len(paths) > MAX_NAMED else [])])
        yield note(NoteKind.UNDECIDED, path=shown, name=name, files=name)


def _not_looked_at(tree: Texts, choice: Choice, manifest: Manifest) -> Iterator[Note]:
    """What may hold work in a form that is not read. A document is hardly a better version of a file that was begun, so
    it is taken to be about those that were not."""
    begun = {f"{file.module}.py" for file in choice.files if not is_as_it_came(file)}
    begun |= {name for names in choice.instead.values() for name in names}
    files = [file for file in manifest.files if file not in begun]
    for path in filter(is_foreign, tree):
        yield _left_out(path, messages.FILE_IS_FOREIGN, manifest.files if is_packed(path) else files)


def _taken(path: str, name: str) -> Note:
    return note(NoteKind.TAKEN, path=short_path(path), name=name)


def _left_out(path: PurePosixPath, why: object, files: Iterable[str]) -> Note:
    """files: those of the kit that it may be work for."""
    return note(NoteKind.LEFT_OUT, path=short_path(path.as_posix()), why=why, files=", ".join(files))


def _in_one(notes: Sequence[Note]) -> list[Note]:
    """One note in the place of these, about the same files, or none in the place of none."""
    files = (name for one in notes if one.kind.may_hold_work for name in one.data["files"].split(", "))
    return [note(NoteKind.MORE, files=", ".join(dict.fromkeys(files)))] if notes else []


def _folders(choice: Choice) -> list[str]:
    """The names of the folders that hold any of the files, from the top."""
    return [part for file in [*choice.files, *choice.others] for part in PurePosixPath(file.path).parts[:-1]]


def _files_without(choice: Choice, read: Read, meant: Meant) -> Iterator[tuple[str, str]]:
    """The kit's files that are not there because they could not be read, each with the reason."""
    there = {f"{file.module}.py" for file in choice.files}
    for path, why in read.refused.items():
        if path in meant and meant[path] not in there:
            yield meant[path], why
