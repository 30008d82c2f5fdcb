"""Proves the kit: stubs score nothing, solutions everything, and every misconception is caught where it was made."""

from __future__ import annotations

import dataclasses
import multiprocessing
import traceback
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from grader.base import messages
from grader.base.errors import GraderError
from grader.base.report import Report, Status
from grader.grading.hidden_run import collected
from grader.grading.pipeline import grade
from grader.grading.reference import Reference, edited
from grader.intake.submission import read_submission
from grader.kit import Kit, read_kit
from grader.kit.model import Manifest, Misconception
from grader.upkeep import release

SEEDS = (1, 2, 3, 4, 5)
MOST = 0.95  # of the misconceptions are to be named first


@dataclass(frozen=True)
class Proof:
    """One thing that was proved, or what speaks against it. is_detail: one of many, that are summed up afterwards."""

    what: str
    against: tuple[str, ...]
    is_detail: bool = False


def check_kit(kit: Kit, only: Collection[str] = ()) -> Iterator[Proof]:
    """Every proof, as it is made. Where anything is missing, nothing else is proved: all of that comes first.

    only: the exercises whose misconceptions are tried (all of them if empty); with fewer seeds.
    """
    wrong = tuple(_missing(kit))
    yield Proof(messages.PROOF_COMPLETE, wrong)
    if wrong:
        return
    stale = [messages.STALE_STUB.format(file=file) for file in release.stale_stubs(kit, kit.exercises)]
    yield Proof(messages.PROOF_STUBS_FRESH, tuple(stale))
    seeds = SEEDS[:1] if only else SEEDS
    for what, folder, fault in (
        (messages.PROOF_STUBS, kit.exercises, _not_a_stub),
        (messages.PROOF_SOLUTIONS, kit.solutions, _not_solved),
    ):
        shown = messages.PROOF_SEEDS.format(what=what, seeds=", ".join(map(str, seeds)))
        yield Proof(shown, tuple(_faults(kit, folder, fault, seeds)))
    yield from _every_misconception(kit, only or kit.manifest.by_id)


def _missing(kit: Kit) -> Iterator[str]:
    """All that is missing or does not fit together, a line each, with the file and the key or line."""
    try:
        release.stubs(kit)
        tests = collected(kit)
    except GraderError as error:
        yield from str(error).splitlines()
        return
    try:
        misconceptions = kit.misconceptions
    except Exception as error:  # noqa: BLE001 - whatever is wrong in a module that somebody is writing
        last = traceback.extract_tb(error.__traceback__)[-1]
        file, line = last.filename, last.lineno
        if isinstance(error, SyntaxError):
            file, line = error.filename or file, error.lineno
        yield messages.MISCONCEPTIONS_BROKEN.format(file=file, line=line, why=f"{type(error).__name__}: {error}")
        return
    known = kit.manifest.by_id
    for node, exercise_id in tests.items():
        if exercise_id is None:
            yield messages.TEST_OF_NONE.format(test=node)
        elif exercise_id not in known:
            yield messages.TEST_OF_UNKNOWN.format(test=node, id=exercise_id)
    namespace = Reference(kit).namespace
    for exercise in kit.manifest.exercises:
        if exercise.id not in tests.values():
            yield messages.NO_TEST_FOR.format(id=exercise.id)
        for symbol in exercise.symbols:
            name, _, attribute = symbol.partition(".")
            defined = namespace[name]
            if defined is None or (attribute and not hasattr(defined, attribute)):
                yield messages.NO_SYMBOL.format(id=exercise.id, symbol=symbol, file=exercise.file)
        if not misconceptions.get(exercise.id):
            yield messages.NO_MISCONCEPTION_FOR.format(id=exercise.id)
    for exercise_id, rows in misconceptions.items():
        for row in rows:
            yield from _does_not_fit(kit, exercise_id, row)


def _does_not_fit(kit: Kit, exercise_id: str, misconception: Misconception) -> Iterator[str]:
    exercise = kit.manifest.by_id.get(exercise_id)
    if exercise is None:
        yield messages.MISCONCEPTION_OF_UNKNOWN.format(id=misconception.id, exercise=exercise_id)
        return
    try:
        edited(exercise.file, kit.solution(exercise.file), misconception.edits)
    except GraderError as error:
        yield messages.MISCONCEPTION_DOES_NOT_FIT.format(id=misconception.id, why=error)


def _every_misconception(kit: Kit, ids: Iterable[str]) -> Iterator[Proof]:
    total = named = 0
    with ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn")) as pool:
        tried = {
            exercise: [
                pool.submit(try_out, misconception, kit.folder)
                for misconception in kit.misconceptions.get(exercise, ())
            ]
            for exercise in ids
        }
        made = [(exercise, [future.result() for future in futures]) for exercise, futures in tried.items()]
    for exercise, found in made:
        rows = kit.misconceptions.get(exercise, ())
        against = tuple(text for one in found for text in one.against)
        total, named = total + len(rows), named + sum(one.is_named_first for one in found)
        what = messages.PROOF_EXERCISE.format(
            id=exercise,
            caught=sum(one.is_caught for one in found),
            total=len(rows),
            named=sum(o.is_named for o in found),
        )
        yield Proof(what, against, is_detail=True)
    too_few = named < MOST * total
    what = messages.PROOF_MISCONCEPTIONS.format(total=total, named=named)
    yield Proof(what, (messages.PROOF_TOO_FEW.format(percent=100 * MOST),) if too_few else ())


@dataclass(frozen=True)
class TriedOut:
    """What became of the solutions with one misconception in them."""

    is_caught: bool
    is_named: bool
    is_named_first: bool
    against: tuple[str, ...]


def try_out(misconception: Misconception, folder: Path) -> TriedOut:
    """Grade the solutions with a misconception: it must cost its own exercise, and else only what rests on that."""
    kit = read_kit(folder)
    manifest = kit.manifest
    solutions = read_submission(kit.solutions, manifest)
    wrong = manifest.by_id[misconception.exercise].file
    files = tuple(
        dataclasses.replace(file, text=edited(wrong, file.text, misconception.edits)) if file.path == wrong else file
        for file in solutions.files
    )
    report = grade(dataclasses.replace(solutions, files=files), kit, only=manifest.touched_by([wrong]))
    down = {r.id: r for r in report.counted if r.points < r.max_points or r.status is not Status.PASSED}
    own = down.pop(misconception.exercise, None)
    against = [] if own else [messages.PROOF_SURVIVES.format(id=misconception.id)]
    unfair = set(down) - resting_on(manifest, misconception.exercise)
    if unfair or report.grader_faults:
        against.append(messages.PROOF_UNFAIR.format(id=misconception.id, exercises=", ".join(sorted(unfair))))
    names = [found.id for found in own.mistakes] if own else []
    if own and misconception.id not in names:
        against.append(messages.PROOF_NAMELESS.format(id=misconception.id))
    return TriedOut(own is not None, misconception.id in names, names[:1] == [misconception.id], tuple(against))


def resting_on(manifest: Manifest, exercise: str) -> set[str]:
    """The exercise, and those of the same file that rest on it, directly or not."""
    found = {exercise}
    for other in manifest.exercises:  # what is needed stands earlier
        if other.file == manifest.by_id[exercise].file and found & set(other.needs):
            found.add(other.id)
    return found


def _faults(kit: Kit, folder: Path, fault: Callable[[Report], Iterator[str]], seeds: Iterable[int]) -> Iterator[str]:
    submission = read_submission(folder, kit.manifest)
    for seed in seeds:
        for text in fault(grade(submission, kit, seed)):
            yield messages.PROOF_AGAINST.format(seed=seed, text=text)


def _not_a_stub(report: Report) -> Iterator[str]:
    for result in report.results:
        if result.status is not Status.NOT_STARTED or result.points:
            yield messages.PROOF_RESULT.format(id=result.id, status=result.status, points=result.points)


def _not_solved(report: Report) -> Iterator[str]:
    for result in report.results:
        if result.status is not Status.PASSED or result.points != result.max_points or result.carried_forward:
            yield messages.PROOF_RESULT.format(id=result.id, status=result.status, points=result.points)
    yield from map(str, report.notes)
