"""A learner's folder: their files, graded, with the progress that is kept beside them."""

from __future__ import annotations

import ast
import dataclasses
import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from grader.base import messages
from grader.base.errors import StudyError, SubmissionError
from grader.base.model import NoteKind, note
from grader.base.report import ExerciseResult, Report, Status
from grader.base.whole_files import MIB, is_there, read_below, write_below
from grader.grading.pipeline import grade
from grader.intake.submission import read_submission
from grader.kit import NOTEBOOK, Kit
from grader.kit.gaps import around, content, refilled
from grader.kit.model import Exercise, Manifest
from grader.sandbox.levels import Level
from grader.study.progress import FILE, Progress, change_progress, read_progress

BACKUPS = ".mg-grade-backup"


@dataclass(frozen=True)
class Studied:
    """A folder as it is now: the report on it, the progress with what has passed noted, and what passed just now.

    are_seen_in_graphs: the ids of the exercises whose mistakes the drawn graph shows.
    """

    report: Report
    progress: Progress
    are_seen_in_graphs: frozenset[str]
    new: tuple[ExerciseResult, ...]

    def after(self, before: Studied | None) -> Studied:
        """The same, with the results of before for the exercises that were not graded now."""
        if before is None:
            return self
        results = tuple(r if r.counts else before.report.result(r.id) for r in self.report.results)
        is_looked_at_anew = self.are_seen_in_graphs & {result.id for result in self.report.counted}
        graph = self.report.wrong_graph or (None if is_looked_at_anew else before.report.wrong_graph)
        report = dataclasses.replace(self.report, results=results, wrong_graph=graph)
        return dataclasses.replace(self, report=report)

    @property
    def current(self) -> ExerciseResult | None:
        """The exercise to work on, if one is left."""
        return self.report.to_work_on

    @property
    def is_done(self) -> bool:
        """Whether everything passes, apart from a bonus."""
        return self.current is None or self.current.bonus

    @property
    def passed(self) -> int:
        """How many exercises pass."""
        return sum(result.status is Status.PASSED for result in self.report.results)


def study(folder: Path, kit: Kit, level: Level, only: Collection[str] = ()) -> Studied:
    """Grade the exercises of a folder (all of them, or these), and note in its progress what has passed."""
    report = grade(read_submission(folder, kit.manifest, is_own=True), kit, only=only, level=level)
    progress = read_progress(folder)  # only now: a hint may have been taken while it was graded
    passed = [result for result in report.counted if result.status is Status.PASSED]
    new = tuple(result for result in passed if result.id not in progress.passed)
    if new:
        ids = [result.id for result in new]
        try:
            progress = change_progress(folder, lambda now: now.with_passed(ids))
        except StudyError as error:  # a folder that is only to be read is graded all the same
            progress = progress.with_passed(ids)
            report = dataclasses.replace(report, notes=(*report.notes, note(NoteKind.NOT_KEPT, why=error)))
    return Studied(report, progress, frozenset(kit.manifest.operations), new)


def touched(manifest: Manifest, changed: Collection[str]) -> list[str]:
    """The exercises that a change of these files can have an effect on, in order: those in them and in what rests on
    them. Any other file may be used by all."""
    files = {Path(path).name for path in changed}
    if not files <= set(manifest.files):
        return list(manifest.by_id)
    return manifest.touched_by(files)


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


def solution(folder: Path, kit: Kit, exercise: Exercise, has_passed: bool) -> str:
    """What the solutions have in the gaps of an exercise. Before it has passed that is giving up, which is noted."""
    check(folder, kit.manifest)
    if not has_passed:
        change_progress(folder, lambda now: now.with_given_up(exercise.id))
    text = kit.solution(exercise.file)
    return "\n".join(line for lines in content(text, exercise.gap) for line in lines)


def passing(folder: Path, kit: Kit, exercise: Exercise, level: Level) -> list[str]:
    """The ids of the exercises that a reset of this one takes passing work from: those of its gap that pass now."""
    ids = [other.id for other in kit.manifest.exercises if other.gap == exercise.gap]
    try:
        report = grade(read_submission(folder, kit.manifest, is_own=True), kit, only=ids, level=level)
    except SubmissionError:  # there is nothing that could pass
        return []
    return [result.id for result in report.counted if result.status is Status.PASSED]


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
