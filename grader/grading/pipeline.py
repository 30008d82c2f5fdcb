"""Grades one submission: the only module that knows every stage."""

from __future__ import annotations

import time
import traceback
from collections.abc import Collection, Iterable
from dataclasses import replace

from grader import PYTHON, __version__
from grader.base.model import NoteKind, Submission, note
from grader.base.report import Confinement, ExerciseResult, Mistake, Report, Status, SymptomKind, Versions
from grader.grading import scoring
from grader.grading.diagnosis import Diagnosis, diagnose
from grader.grading.excerpts import excerpt
from grader.grading.first_run import Run, first_run
from grader.grading.hidden_tests import Progress
from grader.grading.outcomes import Score
from grader.grading.second_runs import BEGUN, second_runs
from grader.kit import Kit
from grader.kit.asking import DEFAULT_SEED
from grader.kit.model import Manifest
from grader.sandbox.confine import choose
from grader.sandbox.levels import Level
from grader.sandbox.session import RUN_SECONDS


def grade(
    submission: Submission,
    kit: Kit,
    seed: int = DEFAULT_SEED,
    only: Collection[str] = (),
    progress: Progress = lambda exercise: None,
    level: Level | None = None,
    seconds: float = RUN_SECONDS,
) -> Report:
    """Grade a submission; the same submission, kit and seed give the same report, apart from times.

    only: ids of the exercises to grade (all of them if empty); what they rest on is run as well, and the rest is
    reported as not started. progress is called after each test with its exercise. level: how to confine the
    submission (the best way there is here). seconds: by the clock, for reading it and all the runs of the hidden tests
    together. Where the grader fails, exercises have the status error: it does not raise.
    """
    manifest = kit.manifest
    selected = frozenset(only) or frozenset(manifest.by_id)
    level = level or choose().level
    run = Run(submission, kit, seed, progress, level, time.monotonic() + seconds - submission.seconds)
    first = first_run(run, _with_needs(selected, manifest))
    carried = second_runs(run, first)
    scores = scoring.score(manifest, [*first.outcomes, *carried.failed], carried.outcomes, first.symbols)
    results, not_diagnosed = _results(scores, selected, kit)
    files = (*submission.files, *submission.others)
    results = tuple(
        replace(r, excerpt=excerpt(r.where, files)) if r.is_begun and not _has_source(r) else r for r in results
    )
    ids = ", ".join(exercise_id for exercise_id in manifest.by_id if exercise_id in selected)
    notes = [*submission.notes, *([note(NoteKind.ONLY_SOME, ids=ids)] if only else []), *first.notes]
    return Report(
        versions=Versions(manifest.name, manifest.version, __version__, PYTHON),
        seed=seed,
        confinement=Confinement(level.name, level.is_sandbox),
        name=submission.name,
        path=submission.path,
        results=results,
        notes=(*notes, *(note(NoteKind.NOT_DIAGNOSED, id=exercise_id) for exercise_id in not_diagnosed)),
        wrong_graph=first.wrong_graph,
        tracebacks=(*first.tracebacks, *carried.tracebacks, *not_diagnosed.values()),
    )


def _has_source(result: ExerciseResult) -> bool:
    """Whether its finding shows the line already: what is no Python, with a caret below it."""
    finding = result.first_failed.finding if result.first_failed else None
    return finding is not None and bool(finding.source or finding.told_at)


def _with_needs(selected: frozenset[str], manifest: Manifest) -> list[str]:
    """The selected exercises and all that they rest on, in manifest order."""
    ids = set(selected)
    for exercise in reversed(manifest.exercises):  # what is needed stands earlier
        if exercise.id in ids:
            ids.update(exercise.needs)
    return [exercise.id for exercise in manifest.exercises if exercise.id in ids]


def _results(
    scores: Iterable[Score], selected: Collection[str], kit: Kit
) -> tuple[tuple[ExerciseResult, ...], dict[str, str]]:
    """What the report says of each exercise; and the traceback for each exercise whose diagnosis failed."""
    results = []
    tracebacks: dict[str, str] = {}
    for score in scores:
        diagnosis = Diagnosis()
        if score.status in BEGUN:
            try:
                diagnosis = diagnose(score, kit)
            except Exception:  # noqa: BLE001 - what was graded stands, whatever happens here
                tracebacks[score.exercise.id] = traceback.format_exc()
        results.append(_result(score, diagnosis, score.exercise.id in selected))
    return tuple(results), tracebacks


def _result(score: Score, diagnosis: Diagnosis, counts: bool) -> ExerciseResult:
    exercise = score.exercise
    return ExerciseResult(
        id=exercise.id,
        title=exercise.title,
        file=exercise.file,
        chapter=exercise.chapter,
        points=score.points,
        max_points=exercise.points,
        counts=counts,
        bonus=exercise.bonus,
        minutes=exercise.minutes,
        learnt=exercise.learnt,
        gap=exercise.gap,
        status=score.status,
        tests=tuple(test.result for test in score.tests),
        carried_forward=score.carried_forward,
        blocked_by=score.blocked_by,
        place=score.place,
        hint=exercise.hints[0] if _is_hint_due(score, diagnosis) else "",
        mistakes=tuple(Mistake(m.id, m.title, m.explanation) for m in diagnosis.misconceptions),
        are_together=diagnosis.are_together,
        symptoms=diagnosis.symptoms,
    )


def _is_hint_due(score: Score, diagnosis: Diagnosis) -> bool:
    """Whether the first hint belongs to what is said of an exercise: it is about the exercise as a whole, not about an
    error in a line, or a part of it that is not there yet."""
    if score.status is Status.NOT_STARTED:
        return True
    if score.carried_forward:  # nothing else is told of it
        return score.status in BEGUN
    finding = next((test.result.finding for test in score.tests if not test.has_passed), None)
    if score.status not in BEGUN or finding is None or not finding.script:
        return False
    kinds = {found.kind for found in diagnosis.symptoms}
    is_told = bool(kinds) and (finding.raised or finding.is_endless or SymptomKind.IS_NONE in kinds)
    return not (diagnosis.misconceptions or finding.gap or is_told)
