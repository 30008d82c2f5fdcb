"""Grades one submission: the only module that knows every stage."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Collection, Iterable, Mapping
from pathlib import PurePosixPath

from grader import first_wrong, messages, reference, scoring
from grader.diagnosis import with_diagnoses
from grader.errors import GraderError
from grader.hidden_run import Progress, run_hidden_tests
from grader.manifest import kit_manifest
from grader.model import Exercise, ExerciseResult, Manifest, Place, Report, SourceFile, Status, Submission, TestOutcome
from grader.sandbox.confine import choose
from grader.sandbox.levels import Level
from grader.sandbox.session import RUN_SECONDS, Load, Session

DEFAULT_SEED = 1
SUBMITTED = "submitted_"  # before the module name of a learner's file whose own name a reference file has


def grade(
    submission: Submission,
    seed: int = DEFAULT_SEED,
    only: Collection[str] = (),
    progress: Progress = lambda exercise: None,
    level: Level | None = None,
    manifest: Manifest | None = None,
    seconds: float = RUN_SECONDS,
) -> Report:
    """Grade a submission; the same submission, kit and seed give the same report, apart from times.

    only: ids of the exercises to grade (all of them if empty); what they rest on is run as well, and the rest is
    reported as not started. progress is called after each test with its exercise. level: how to confine the
    submission (the best way there is here). manifest: the kit's, or with other points in it. seconds: by the clock for
    a run of the hidden tests, of which there can be two. Where the grader fails, exercises have the status error: it
    does not raise.
    """
    manifest = manifest or kit_manifest()
    selected = frozenset(only) or frozenset(manifest.by_id)
    ids = _with_needs(selected, manifest)
    level = level or choose().level
    refused = dict(submission.refused)
    warnings = list(submission.warnings)
    if only:
        warnings.append(messages.ONLY_SOME.format(ids=", ".join(i for i in manifest.by_id if i in selected)))
    outcomes: list[TestOutcome] = []
    carried: dict[str, list[TestOutcome]] = {}
    symbols: dict[str, Place | None] = {}
    wrong_graph = None
    failing = ids  # whom a fault of the grader concerns
    try:
        deadline = time.monotonic() + seconds
        with Session(what_to_load(submission, manifest), level, deadline) as session:
            outcomes = run_hidden_tests(session, manifest, refused, ids, seed, progress)
            if any(outcome.status == "failed" and outcome.exercise in first_wrong.EXERCISES for outcome in outcomes):
                wrong_graph = first_wrong.find(session)
            symbols, fatal = session.symbols, session.fatal
            warnings += session.warnings
        results = scoring.score(manifest, outcomes, {}, symbols)
        deadline = time.monotonic() + seconds  # for all the second runs: what was slow is the reference's now
        for replaced, exercises in _to_carry_forward(manifest, results, ids):
            load = _load_carried(submission, manifest, replaced, exercises, symbols)
            failing = [exercise.id for exercise in exercises]
            with Session(load, level, deadline, _known_to_be_fatal(load, fatal)) as session:
                for outcome in run_hidden_tests(session, manifest, refused, failing, seed, progress):
                    carried.setdefault(outcome.exercise, []).append(_without_learner_text(outcome))
    except GraderError as error:
        # What was graded already stands: a second run that fails is the fault of its exercises alone.
        outcomes += [TestOutcome("", i, "error", 0.0, detail=str(error)) for i in failing]
    results = with_diagnoses(scoring.score(manifest, outcomes, carried, symbols))
    return Report(manifest, seed, level.name, submission, results, selected, tuple(warnings), wrong_graph)


def _with_needs(selected: frozenset[str], manifest: Manifest) -> list[str]:
    """The selected exercises and all that they rest on, in manifest order."""
    ids = set(selected)
    for exercise in reversed(manifest.exercises):  # what is needed stands earlier
        if exercise.id in ids:
            ids.update(exercise.needs)
    return [exercise.id for exercise in manifest.exercises if exercise.id in ids]


def what_to_load(submission: Submission, manifest: Manifest) -> Load:
    """What a session loads of a submission."""
    symbols = tuple(dict.fromkeys(symbol for exercise in manifest.exercises for symbol in exercise.symbols))
    return Load(submission.files, submission.others, submission.packages, manifest.homes, symbols)


def _to_carry_forward(
    manifest: Manifest, results: Iterable[ExerciseResult], ids: Collection[str]
) -> list[tuple[tuple[str, ...], list[Exercise]]]:
    """Which exercises to grade again, and with which files replaced: (files, exercises) for each file.

    Those that were begun and did not pass, in files that rest on other files with anything unfinished in them: a
    right answer may use more of those files than the exercise needs.
    """
    statuses = {result.exercise.id: result.status for result in results}
    unfinished = {e.file for e in manifest.exercises if statuses[e.id] is not Status.PASSED and not e.bonus}
    again: dict[str, list[Exercise]] = {}
    for exercise in manifest.exercises:
        begun = statuses[exercise.id] in (Status.FAILED, Status.PARTIAL, Status.BLOCKED)
        if exercise.id in ids and begun and unfinished.intersection(manifest.rests_on[exercise.file]):
            again.setdefault(exercise.file, []).append(exercise)
    return [
        (tuple(other for other in manifest.rests_on[file] if other in unfinished), exercises)
        for file, exercises in again.items()
    ]


def _load_carried(
    submission: Submission,
    manifest: Manifest,
    replaced: tuple[str, ...],
    exercises: list[Exercise],
    symbols: Mapping[str, Place | None],
) -> Load:
    """The submission with reference files in place of `replaced`.

    A replaced file of the learner's is still loaded, under another name, where it holds what is to be graded
    (everything in one file): then the reference's names replace its own.
    """
    places = [symbols[symbol] for exercise in exercises for symbol in exercise.symbols]
    graded = {place.path for place in places if place}
    own = []
    for file in submission.files:
        if PurePosixPath(file.path).name not in replaced:
            own.append(file)
        elif file.path in graded:
            own.append(dataclasses.replace(file, module=f"{SUBMITTED}{file.module}"))
    references: list[SourceFile] = [reference.source(file) for file in replaced]
    load = what_to_load(submission, manifest)
    rebind = [file.removesuffix(".py") for file in replaced]
    return dataclasses.replace(load, files=(*references, *own), rebind=rebind)


def _known_to_be_fatal(load: Load, fatal: Mapping[str, dict[str, int]]) -> dict[str, dict[str, int]]:
    """What of the learner's own files a second session need not find out again."""
    names = {file.module: file.module.removeprefix(SUBMITTED) for file in load.files if file.module not in load.rebind}
    return {module: dict(fatal[name]) for module, name in names.items() if name in fatal}


def _without_learner_text(outcome: TestOutcome) -> TestOutcome:
    """The outcome without a word of the learner's code's own, nor its time: it ran beside a reference file."""
    outcome = dataclasses.replace(outcome, seconds=0.0)
    if outcome.finding is None:
        return outcome
    error = messages.WITHHELD if outcome.finding.error else ""
    finding = dataclasses.replace(outcome.finding, error=error, got="", place=None)
    return dataclasses.replace(outcome, finding=finding)
