"""The second runs of the hidden tests: what did not pass, with the reference in the place of what it rests on."""

from __future__ import annotations

import copy
import traceback
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from grader.base import messages
from grader.base.errors import Fault, GraderError
from grader.base.model import SourceFile
from grader.base.report import Finding, Status
from grader.grading import reference, scoring
from grader.grading.first_run import First, Run
from grader.grading.hidden_run import run_hidden_tests
from grader.grading.outcomes import Score, TestOutcome, of_fault, passed
from grader.intake.loading import what_to_load
from grader.kit.model import Exercise, Manifest
from grader.sandbox.inside.grafting import REFERENCE
from grader.sandbox.session import Fatal, Load, Mend, Session

SUBMITTED = "submitted_"  # before the module name of a learner's file whose own name a reference file has
BEGUN = (Status.PARTIAL, Status.FAILED)


@dataclass
class Carried:
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


def second_runs(run: Run, first: First) -> Carried:
    """Run the tests of unfinished exercises again, with the reference in the place of what they rest on: other files,
    and then, for those that do not pass even so, what is still unfinished in their own.

    What was graded already stands: a second run that fails is the fault of its exercises alone.
    """
    carried = Carried()
    for is_beside in (False, True):
        scores = scoring.score(run.kit.manifest, first.outcomes, carried.outcomes, first.symbols)
        for again in _to_run_again(run.kit.manifest, scores, first.ids, is_beside):
            _run_again(run, again, first, carried)
    return carried


def _run_again(run: Run, again: _Again, first: First, carried: Carried) -> None:
    """One second run, or two where there are two ways to mend; what comes of it goes into carried."""
    ids = [exercise.id for exercise in again.exercises]
    for classes in _ways_to_mend(again.mended, run.kit.manifest, first):
        load = _load_carried(run, again, classes, first)
        try:
            with Session(load, run.level, run.deadline, _known_to_be_fatal(load, first), code=first.code) as session:
                refused = dict(run.submission.refused)
                ran = run_hidden_tests(session, run.kit, run.seed, refused, ids, run.progress, keeps_answers=False)
        except GraderError as error:
            carried.failed += [of_fault(exercise_id, str(error)) for exercise_id in ids]
            carried.tracebacks.append(traceback.format_exc())
            return
        carried.tracebacks += ran.tracebacks
        _keep_the_better(carried.outcomes, ran.outcomes)
        ids = [i for i in ids if not all(outcome.has_passed for outcome in carried.outcomes.get(i, []))]
        if not ids:
            return


def _ways_to_mend(mended: Sequence[str], manifest: Manifest, first: First) -> tuple[bool, ...]:
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
        found.setdefault(outcome.exercise, []).append(_only_whether_passed(outcome))
    kept.update({i: tests for i, tests in found.items() if i not in kept or passed(tests) > passed(kept[i])})


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


def _load_carried(run: Run, again: _Again, classes: bool, first: First) -> Load:
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


def _known_to_be_fatal(load: Load, first: First) -> dict[str, Fatal]:
    """What of the learner's own files a second session need not find out again."""
    names = {file.module: file.module.removeprefix(SUBMITTED) for file in load.files if file.module not in load.rebind}
    return {module: copy.deepcopy(first.fatal[name]) for module, name in names.items() if name in first.fatal}


def _only_whether_passed(outcome: TestOutcome) -> TestOutcome:
    """The outcome without anything else of it: what ran beside a reference file has read it, and could tell it by
    whatever is shown or measured: an answer, an exception, a line, the question that was answered wrongly, a time."""
    result = outcome.result
    phases = {name: replace(phase, seconds=0.0) for name, phase in result.phases.items()}
    finding = result.finding and Finding(result.finding.asked, error=messages.WITHHELD)
    detail = messages.FAILED_BESIDE if result.detail else ""
    return TestOutcome(outcome.exercise, replace(result, finding=finding, detail=detail, phases=phases))
