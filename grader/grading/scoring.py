"""From the outcomes of hidden tests to statuses and points. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from grader.base.model import Place
from grader.base.report import Status, Verdict
from grader.grading.outcomes import Score, TestOutcome, passed
from grader.kit.model import Exercise, Manifest


def score(
    manifest: Manifest,
    outcomes: Iterable[TestOutcome],
    carried: Mapping[str, Sequence[TestOutcome]],
    symbols: Mapping[str, Place | None],
) -> tuple[Score, ...]:
    """One result for each exercise of the manifest, in its order.

    outcomes are those of the submission as it is. carried: exercise -> its outcomes with reference files in place of
    unfinished earlier files; where these passed more tests, they count. Every test has the same share
    of an exercise's points.
    """
    by_exercise: dict[str, list[TestOutcome]] = {exercise.id: [] for exercise in manifest.exercises}
    for outcome in outcomes:
        by_exercise[outcome.exercise].append(outcome)
    results: dict[str, Score] = {}
    for exercise in manifest.exercises:
        tests = tuple(by_exercise[exercise.id])
        second = tuple(carried.get(exercise.id, ()))
        is_carried = passed(second) > passed(tests)
        tests = second if is_carried else tests
        unfinished = unfinished_needs(exercise, manifest, {i: r.status for i, r in results.items()})
        if second:  # with the reference in place of other files, only its own file can be the cause
            unfinished = tuple(i for i in unfinished if manifest.by_id[i].file == exercise.file)
        status = _status(exercise, tests, bool(unfinished), _is_begun(exercise, tests, symbols))
        results[exercise.id] = Score(
            exercise=exercise,
            points=_points(exercise, tests),
            tests=tests,
            status=status,
            carried_forward=is_carried,
            blocked_by=unfinished if status is Status.BLOCKED else (),
            place=_place(exercise, tests, symbols),
        )
    return tuple(results.values())


def unfinished_needs(exercise: Exercise, manifest: Manifest, statuses: Mapping[str, Status]) -> tuple[str, ...]:
    """The exercises that this one rests on, directly or not, and that have not passed; in manifest order."""
    needed: set[str] = set()
    todo = list(exercise.needs)
    while todo:
        need = todo.pop()
        if need not in needed:
            needed.add(need)
            todo += manifest.by_id[need].needs
    return tuple(e.id for e in manifest.exercises if e.id in needed and statuses.get(e.id) is not Status.PASSED)


def _is_begun(exercise: Exercise, tests: Sequence[TestOutcome], symbols: Mapping[str, Place | None]) -> bool:
    """Whether any test got an answer, be it a wrong one, or an exception from the exercise's own lines: then something
    has been written, even where a gap of it is left."""
    findings = [test.result.finding for test in tests if test.result.finding is not None]
    own = {place for place in map(symbols.get, exercise.symbols) if place is not None}
    return any(not finding.error for finding in findings) or any(
        finding.raised and not finding.gap and finding.place and _definition_at(finding.place, symbols) in own
        for finding in findings
    )


def _definition_at(place: Place, symbols: Mapping[str, Place | None]) -> Place | None:
    """The definition of the kit's that a line stands in: the last that begins before it."""
    before = [found for found in symbols.values() if found and found.path == place.path and found.line <= place.line]
    return max(before, key=lambda found: found.line, default=None)


def _place(exercise: Exercise, tests: Sequence[TestOutcome], symbols: Mapping[str, Place | None]) -> Place | None:
    """Where the learner's own gap is: of several, the one that the first failed test was about."""
    scripts = [test.result.finding.script for test in tests if test.result.finding]
    about = [s for s in exercise.symbols if scripts and s.rpartition(".")[2] in scripts[0]]
    for symbol in [*about, *exercise.symbols]:
        place = symbols.get(symbol)
        if place is not None and place.line:
            return place
    return None


def _points(exercise: Exercise, tests: Sequence[TestOutcome]) -> Fraction:
    if not tests or _has_error(tests):
        return Fraction()
    return exercise.points * Fraction(passed(tests), len(tests))


def _status(exercise: Exercise, tests: Sequence[TestOutcome], has_unfinished_needs: bool, is_begun: bool) -> Status:
    if _has_error(tests):
        return Status.ERROR
    if tests and all(test.has_passed for test in tests):
        return Status.PASSED
    gaps = [test.result.finding.gap if test.result.finding else "" for test in tests if not test.has_passed]
    if not passed(tests) and (not tests or ({exercise.id, exercise.gap} & set(gaps) and not is_begun)):
        return Status.NOT_STARTED
    if has_unfinished_needs and exercise.id not in gaps:
        return Status.BLOCKED
    return Status.PARTIAL if passed(tests) else Status.FAILED


def _has_error(tests: Sequence[TestOutcome]) -> bool:
    return any(test.result.verdict is Verdict.ERROR for test in tests)
