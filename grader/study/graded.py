"""A learner's folder as grading sees it: what passes, what passed just now, and the solution of what has passed."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from grader.base.errors import StudyError, SubmissionError
from grader.base.model import NoteKind, note
from grader.base.report import ExerciseResult, Report, Status
from grader.grading.pipeline import grade
from grader.grading.reference import edited
from grader.intake.submission import read_submission
from grader.kit import Kit
from grader.kit.gaps import content
from grader.kit.model import Exercise, Manifest
from grader.sandbox.levels import Level
from grader.study.folder import check
from grader.study.progress import Progress, change_progress, read_progress


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


def solution(folder: Path, kit: Kit, exercise: Exercise, has_passed: bool) -> str:
    """What the solutions have in the gaps of an exercise, or the simpler way in which it is solved first. Before it has
    passed that is giving up, which is noted."""
    check(folder, kit.manifest)
    if not has_passed:
        change_progress(folder, lambda now: now.with_given_up(exercise.id))
    rows = (row for rows in kit.misconceptions.values() for row in rows if row.id == exercise.solved_first_as)
    edits = next((row.edits for row in rows), ()) if exercise.solved_first_as else ()
    text = edited(exercise.file, kit.solution(exercise.file), edits)
    return "\n".join(line for lines in content(text, exercise.gap) for line in lines)


def passing(folder: Path, kit: Kit, exercise: Exercise, level: Level) -> list[str]:
    """The ids of the exercises that a reset of this one takes passing work from: those of its gap that pass now."""
    ids = [other.id for other in kit.manifest.exercises if other.gap == exercise.gap]
    try:
        report = grade(read_submission(folder, kit.manifest, is_own=True), kit, only=ids, level=level)
    except SubmissionError:  # there is nothing that could pass
        return []
    return [result.id for result in report.counted if result.status is Status.PASSED]
