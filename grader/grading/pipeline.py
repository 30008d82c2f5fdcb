"""Grades one submission: the only module that knows every stage."""

from __future__ import annotations

import copy
import time
import traceback
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from grader import PYTHON, __version__
from grader.base import messages
from grader.base.errors import Fault, GraderError
from grader.base.model import Note, NoteKind, Place, SourceFile, Submission, note
from grader.base.report import Confinement, ExerciseResult, Mistake, Report, Status, Versions, WrongGraph
from grader.grading import first_wrong, reference, scoring
from grader.grading.diagnosis import Diagnosis, diagnose
from grader.grading.hidden_run import run_hidden_tests
from grader.grading.hidden_tests import Progress
from grader.grading.outcomes import Score, TestOutcome, of_fault, passed
from grader.kit import Kit
from grader.kit.asking import DEFAULT_SEED
from grader.kit.model import Exercise, Manifest
from grader.sandbox.confine import choose
from grader.sandbox.inside.grafting import REFERENCE
from grader.sandbox.levels import Level
from grader.sandbox.session import RUN_SECONDS, Fatal, Load, Mend, Session

SUBMITTED = "submitted_"  # before the module name of a learner's file whose own name a reference file has
BEGUN = (Status.PARTIAL, Status.FAILED)


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
    submission (the best way there is here). seconds: by the clock for a run of the hidden tests, of which there can be
    two. Where the grader fails, exercises have the status error: it does not raise.
    """
    manifest = kit.manifest
    selected = frozenset(only) or frozenset(manifest.by_id)
    level = level or choose().level
    run = _Run(submission, kit, seed, progress, level, seconds)
    first = _first_run(run, _with_needs(selected, manifest))
    carried = _second_runs(run, first)
    scores = scoring.score(manifest, [*first.outcomes, *carried.failed], carried.outcomes, first.symbols)
    results, not_diagnosed = _results(scores, selected, kit)
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


def what_to_load(submission: Submission, manifest: Manifest) -> Load:
    """What a session loads of a submission."""
    symbols = tuple(dict.fromkeys(symbol for exercise in manifest.exercises for symbol in exercise.symbols))
    return Load(submission.files, submission.others, submission.packages, manifest.homes, symbols)


@dataclass(frozen=True)
class _Run:
    """What every run of the hidden tests on one submission has in common."""

    submission: Submission
    kit: Kit
    seed: int
    progress: Progress
    level: Level
    seconds: float


@dataclass
class _First:
    """What came of the submission as it is. ids: the exercises whose tests were run."""

    ids: Collection[str]
    outcomes: list[TestOutcome] = field(default_factory=list)
    symbols: dict[str, Place | None] = field(default_factory=dict)
    fatal: dict[str, Fatal] = field(default_factory=dict)
    code: dict[tuple[str, str], str] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    wrong_graph: WrongGraph | None = None
    tracebacks: list[str] = field(default_factory=list)


@dataclass
class _Carried:
    """What came of exercises with the reference in the place of unfinished files. failed: those that the grader
    failed on, each with why."""

    outcomes: dict[str, list[TestOutcome]] = field(default_factory=dict)
    failed: list[TestOutcome] = field(default_factory=list)
    tracebacks: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Again:
    """A second run: of these exercises, all of one file, with the reference in the place of files, and of what other
    exercises (their ids) of the same file are about."""

    replaced: tuple[str, ...]
    mended: tuple[str, ...]
    exercises: tuple[Exercise, ...]


def _first_run(run: _Run, ids: Collection[str]) -> _First:
    """Run the tests of these exercises on the submission as it is."""
    first = _First(ids)
    load = what_to_load(run.submission, run.kit.manifest)
    try:
        with Session(load, run.level, time.monotonic() + run.seconds) as session:
            ran = run_hidden_tests(session, run.kit, run.seed, dict(run.submission.refused), ids, run.progress)
            first.outcomes += ran.outcomes
            first.tracebacks += ran.tracebacks
            first.wrong_graph = _wrong_graph(run, session, first)
            first.symbols, first.fatal, first.notes = session.symbols, session.fatal, session.notes
            first.code = session.code
    except GraderError as error:
        first.outcomes = [of_fault(exercise_id, str(error)) for exercise_id in ids]
        first.tracebacks.append(traceback.format_exc())
    return first


def _wrong_graph(run: _Run, session: Session, first: _First) -> WrongGraph | None:
    """The smallest expression that comes out wrong, where an exercise failed whose mistake it could show."""
    shows = run.kit.manifest.operations
    if all(outcome.has_passed or outcome.exercise not in shows for outcome in first.outcomes):
        return None
    try:
        return first_wrong.find(session, run.kit)
    except GraderError:  # what was graded stands
        first.tracebacks.append(traceback.format_exc())
        return None


def _second_runs(run: _Run, first: _First) -> _Carried:
    """Run the tests of unfinished exercises again, with the reference in the place of what they rest on: of other files,
    and then, for those that do not pass even so, of what is still unfinished in their own.

    What was graded already stands: a second run that fails is the fault of its exercises alone.
    """
    carried = _Carried()
    deadline = time.monotonic() + run.seconds  # for all of them: what was slow is the reference's now
    for is_beside in (False, True):
        scores = scoring.score(run.kit.manifest, first.outcomes, carried.outcomes, first.symbols)
        for again in _to_run_again(run.kit.manifest, scores, first.ids, is_beside):
            _run_again(run, again, deadline, first, carried)
    return carried


def _run_again(run: _Run, again: _Again, deadline: float, first: _First, carried: _Carried) -> None:
    """One second run, or two where there are two ways to mend; what comes of it goes into carried."""
    ids = [exercise.id for exercise in again.exercises]
    for classes in _ways_to_mend(again.mended, run.kit.manifest, first):
        load = _load_carried(run, again, classes, first)
        try:
            with Session(load, run.level, deadline, _known_to_be_fatal(load, first), code=first.code) as session:
                ran = run_hidden_tests(session, run.kit, run.seed, dict(run.submission.refused), ids, run.progress)
        except GraderError as error:
            carried.failed += [of_fault(exercise_id, str(error)) for exercise_id in ids]
            carried.tracebacks.append(traceback.format_exc())
            return
        carried.tracebacks += ran.tracebacks
        _keep_the_better(carried.outcomes, ran.outcomes)
        ids = [i for i in ids if not all(outcome.has_passed for outcome in carried.outcomes.get(i, []))]
        if not ids:
            return


def _ways_to_mend(mended: Sequence[str], manifest: Manifest, first: _First) -> tuple[bool, ...]:
    """Whether to put the reference's methods into the submission's classes, and then the other way round (Mend). Where
    something did not come back, what makes objects may not either: only the other way is tried."""
    by_id = manifest.by_id
    if not any("." in symbol for exercise_id in mended for symbol in by_id[exercise_id].symbols):
        return (False,)
    files = {by_id[exercise_id].file for exercise_id in mended}
    hung = any(
        by_id[outcome.exercise].file in files
        and outcome.result.finding
        and outcome.result.finding.fault is Fault.TIMEOUT
        for outcome in first.outcomes
    )
    return (True,) if hung else (False, True)


def _keep_the_better(kept: dict[str, list[TestOutcome]], outcomes: Iterable[TestOutcome]) -> None:
    """Of two ways to ask an exercise again, the one in which more tests passed."""
    found: dict[str, list[TestOutcome]] = {}
    for outcome in outcomes:
        found.setdefault(outcome.exercise, []).append(_without_learner_text(outcome))
    kept.update({i: tests for i, tests in found.items() if i not in kept or passed(tests) > passed(kept[i])})


def _with_needs(selected: frozenset[str], manifest: Manifest) -> list[str]:
    """The selected exercises and all that they rest on, in manifest order."""
    ids = set(selected)
    for exercise in reversed(manifest.exercises):  # what is needed stands earlier
        if exercise.id in ids:
            ids.update(exercise.needs)
    return [exercise.id for exercise in manifest.exercises if exercise.id in ids]


def _to_run_again(manifest: Manifest, scores: Iterable[Score], ids: Collection[str], is_beside: bool) -> list[_Again]:
    """Which exercises to grade again, and with what replaced.

    Those that were begun and did not pass, and that rest on anything unfinished: on other files (a right answer may
    use more of those than the exercise needs), or, is_beside, on exercises in their own file.
    """
    statuses = {score.exercise.id: score.status for score in scores}
    unfinished = {e.file for e in manifest.exercises if statuses[e.id] is not Status.PASSED and not e.bonus}
    again: dict[tuple[str, tuple[str, ...], tuple[str, ...]], list[Exercise]] = {}
    for exercise in manifest.exercises:
        if exercise.id not in ids or statuses[exercise.id] not in (*BEGUN, Status.BLOCKED):
            continue
        files = tuple(other for other in manifest.rests_on[exercise.file] if other in unfinished)
        needs = scoring.unfinished_needs(exercise, manifest, statuses) if is_beside else ()
        beside = tuple(need for need in needs if _can_be_mended(manifest.by_id[need], exercise))
        if beside if is_beside else files:
            again.setdefault((exercise.file, files, beside), []).append(exercise)
    return [_Again(files, beside, tuple(exercises)) for (_, files, beside), exercises in again.items()]


def _can_be_mended(need: Exercise, exercise: Exercise) -> bool:
    """Whether the reference's version of one exercise can stand beside the submission's of another in its file."""
    return need.file == exercise.file and bool(set(need.symbols) - set(exercise.symbols))


def _load_carried(run: _Run, again: _Again, classes: bool, first: _First) -> Load:
    """The submission with reference files in place of those that are replaced, and the reference's version of what the
    exercises that are mended are about.

    A replaced file of the learner's is still loaded, under another name, where it holds what is to be graded
    (everything in one file): then the reference's names replace its own.
    """
    places = [first.symbols[symbol] for exercise in again.exercises for symbol in exercise.symbols]
    graded = {place.path for place in places if place}
    own = []
    for file in run.submission.files:
        if PurePosixPath(file.path).name not in again.replaced:
            own.append(file)
        elif file.path in graded:
            own.append(replace(file, module=f"{SUBMITTED}{file.module}"))
    by_id = run.kit.manifest.by_id
    references: list[SourceFile] = [reference.source(run.kit, file) for file in again.replaced]
    beside = [reference.source(run.kit, file) for file in {by_id[i].file: None for i in again.mended}]
    first.code.update({file.compiled_as: reference.code(file) for file in (*references, *beside)})
    load = what_to_load(run.submission, run.kit.manifest)
    kept = tuple(symbol for exercise in again.exercises for symbol in exercise.symbols)
    wanted = tuple(symbol for i in again.mended for symbol in by_id[i].symbols if symbol not in kept)
    return replace(
        load,
        files=(*references, *own, *(replace(file, module=f"{REFERENCE}{file.module}") for file in beside)),
        rebind=[file.removesuffix(".py") for file in again.replaced],
        mend=Mend(wanted, kept, classes) if wanted else None,
    )


def _known_to_be_fatal(load: Load, first: _First) -> dict[str, Fatal]:
    """What of the learner's own files a second session need not find out again."""
    names = {file.module: file.module.removeprefix(SUBMITTED) for file in load.files if file.module not in load.rebind}
    return {module: copy.deepcopy(first.fatal[name]) for module, name in names.items() if name in first.fatal}


def _without_learner_text(outcome: TestOutcome) -> TestOutcome:
    """The outcome without a word of the learner's code's own, nor its time: it ran beside a reference file."""
    phases = {name: replace(phase, seconds=0.0) for name, phase in outcome.result.phases.items()}
    result = replace(outcome.result, phases=phases)
    if result.finding is not None:
        error = messages.WITHHELD if result.finding.error else ""
        result = replace(result, finding=replace(result.finding, error=error, got="", place=None, printed=()))
    return replace(outcome, result=result)


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
    finding = next((test.result.finding for test in score.tests if not test.has_passed), None)
    if score.status not in BEGUN or finding is None or not finding.script:
        return False
    is_told = (finding.raised or finding.is_endless) and bool(diagnosis.symptoms)
    return not (diagnosis.misconceptions or finding.gap or is_told)
