"""A learner's folder: their files, graded, with the progress that is kept beside them."""

from __future__ import annotations

import shutil
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from grader import kit_paths, messages
from grader.errors import StudyError
from grader.intake.submission import read_submission
from grader.manifest import kit_manifest
from grader.model import Exercise, ExerciseResult, Report, Status
from grader.pipeline import grade
from grader.sandbox.levels import Level
from grader.study.gaps import refilled
from grader.study.progress import Progress, read_progress, write_progress

BACKUPS = ".mg-grade-backup"


@dataclass(frozen=True)
class Studied:
    """A folder as it is now: the report on it, the progress with what has passed noted, and what passed just now."""

    report: Report
    progress: Progress
    new: tuple[Exercise, ...]

    @property
    def current(self) -> ExerciseResult | None:
        """The exercise to work on: the first that has not passed; a bonus only where nothing else is left."""
        left = [result for result in self.report.counted if result.status is not Status.PASSED]
        return next((result for result in left if not result.exercise.bonus), left[0] if left else None)

    def has_passed(self, exercise: Exercise) -> bool:
        """Whether an exercise passes now."""
        return any(r.exercise.id == exercise.id and r.status is Status.PASSED for r in self.report.results)


def study(folder: Path, level: Level, only: Collection[str] = ()) -> Studied:
    """Grade the exercises of a folder (all of them, or these), and note in its progress what has passed."""
    progress = read_progress(folder)
    report = grade(read_submission(folder, kit_manifest()), only=only, level=level)
    passed = [result.exercise for result in report.counted if result.status is Status.PASSED]
    new = tuple(exercise for exercise in passed if exercise.id not in progress.passed)
    if new:
        progress = progress.with_passed([exercise.id for exercise in new])
        write_progress(folder, progress)
    return Studied(report, progress, new)


def exercise_of(exercise_id: str) -> Exercise:
    """The exercise with this id; StudyError where there is none."""
    exercise = kit_manifest().by_id.get(exercise_id)
    if exercise is None:
        raise StudyError(messages.UNKNOWN_EXERCISE.format(id=exercise_id, ids=", ".join(kit_manifest().by_id)))
    return exercise


def next_hint(folder: Path, exercise: Exercise) -> tuple[int, str]:
    """One rung more of the hints: its number from 1, and its text. After the last it stays the last."""
    progress = read_progress(folder)
    seen = progress.hints.get(exercise.id, 0)
    number = min(seen + 1, len(exercise.hints))
    if number > seen:
        write_progress(folder, progress.with_hint(exercise.id))
    return number, exercise.hints[number - 1]


def reset(folder: Path, exercise: Exercise) -> Path:
    """Put the gap of an exercise back as it came, and nothing else. Gives the copy of the file as it was before."""
    path = folder / exercise.file
    try:
        text = path.read_text(encoding="utf-8")
        stub = (kit_paths.exercises() / exercise.file).read_text(encoding="utf-8")
        fresh = refilled(text, exercise.gap, stub, exercise.file)
        backup = _backup(path)
        path.write_text(fresh, encoding="utf-8", newline="\n")
    except FileNotFoundError as error:
        raise StudyError(messages.NO_SUCH_FILE.format(path=path)) from error
    except (OSError, UnicodeDecodeError) as error:
        raise StudyError(messages.CANNOT_WRITE.format(path=path, why=error)) from error
    return backup


def _backup(path: Path) -> Path:
    """A copy of a file, in a folder beside it, under a name that is not taken yet."""
    folder = path.parent / BACKUPS
    folder.mkdir(exist_ok=True)
    number = 1
    while (backup := folder / f"{path.name}.{number}").exists():
        number += 1
    shutil.copy2(path, backup)
    return backup
