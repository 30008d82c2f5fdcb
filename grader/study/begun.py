"""How far a learner's folder is where nothing can be graded: which exercises are begun, going by the text alone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from grader.base import messages
from grader.base.model import Note, SourceFile
from grader.intake.submission import read_submission
from grader.intake.work import Work
from grader.kit import Kit
from grader.kit.gaps import UNFILLED
from grader.kit.model import Exercise


@dataclass(frozen=True)
class Begun:
    """A folder as it is now. ids: of the exercises whose gap is not as it came. places: where the gap of each of the
    others is, as far as it is there."""

    ids: frozenset[str]
    places: dict[str, str]
    notes: tuple[Note, ...]


def begun(folder: Path, kit: Kit) -> Begun:
    """Look at a folder; SubmissionError where it holds nothing of the kit."""
    submission = read_submission(folder, kit.manifest, is_own=True)
    work = Work(kit.manifest)
    ids = {i for source in submission.files for file in kit.manifest.files for i in work.of(source, file)}
    left = [exercise for exercise in kit.manifest.exercises if exercise.id not in ids]
    found = {exercise.id: _place(exercise, submission.files) for exercise in left}
    return Begun(frozenset(ids), {i: place for i, place in found.items() if place}, submission.notes)


def _place(exercise: Exercise, files: tuple[SourceFile, ...]) -> str:
    """Where the gap of an exercise is, or ""."""
    for source in files:
        before, gap, _ = source.text.partition(f'{UNFILLED}"{exercise.gap}")')
        if gap:
            line = before.count("\n") + 1
            start, number = max((cell for cell in source.cells if cell[0] <= line), default=(1, 0))
            shown = messages.CELL.format(path=source.path, number=number, line=line - start + 1)
            return shown if number else f"{source.path}:{line}"
    return ""
