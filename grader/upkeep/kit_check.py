"""Proves the kit: stubs score nothing, solutions everything, and every misconception is caught where it was made."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.base import messages
from grader.base.points import shown
from grader.base.report import ExerciseResult, Report, Status, Verdict
from grader.grading.pipeline import grade
from grader.grading.reference import edited
from grader.intake.submission import read_submission
from grader.kit import Kit, read_kit
from grader.kit.model import Manifest, Misconception
from grader.sandbox.children import Children
from grader.upkeep import release
from grader.upkeep.missing import missing

SEEDS = (1, 2, 3, 4, 5)
NEVER = ("NameError", "ImportError", "ModuleNotFoundError", "SyntaxError")  # are raised by no misconception
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
    wrong = tuple(missing(kit))
    yield Proof(messages.PROOF_INCOMPLETE if wrong else messages.PROOF_COMPLETE, wrong)
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


def _every_misconception(kit: Kit, ids: Iterable[str]) -> Iterator[Proof]:
    total = named = 0
    with Children(os.cpu_count() or 1) as pool:
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
    against += _slips(misconception, report)
    for result in report.grader_faults:
        why = _why(result)
        against.append(messages.PROOF_GRADER_FAILED.format(id=misconception.id, exercise=result.id, why=why))
    unfair = set(down) - resting_on(manifest, misconception.exercise) - {r.id for r in report.grader_faults}
    if unfair:
        against.append(messages.PROOF_UNFAIR.format(id=misconception.id, exercises=", ".join(sorted(unfair))))
    names = [found.id for found in own.mistakes] if own else []
    if own and own.status is not Status.ERROR and misconception.id not in names:
        against.append(messages.PROOF_NAMELESS.format(id=misconception.id))
    return TriedOut(own is not None, misconception.id in names, names[:1] == [misconception.id], tuple(against))


def _slips(misconception: Misconception, report: Report) -> Iterator[str]:
    """Errors that an edit raises because it was written badly, and no learner's code because it was thought badly."""
    for result in report.counted:
        errors = [test.finding.error for test in result.tests if test.finding and test.finding.raised]
        error = next((error for error in errors if error.partition(":")[0] in NEVER), None)
        if error:
            yield messages.PROOF_NEVER.format(id=misconception.id, error=error, exercise=result.id)
            return


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
            yield _told(result)


def _not_solved(report: Report) -> Iterator[str]:
    for result in report.results:
        if result.status is not Status.PASSED or result.points != result.max_points or result.carried_forward:
            yield _told(result)
    yield from map(str, report.notes)


def _told(result: ExerciseResult) -> str:
    """What became of an exercise, and why where the grader failed on it."""
    said = messages.PROOF_RESULT.format(id=result.id, status=result.status, points=shown(result.points))
    return f"{said} ({_why(result)})" if result.status is Status.ERROR else said


def _why(result: ExerciseResult) -> str:
    """Why the grader failed on an exercise, with the test where it is one test's."""
    test = next(test for test in result.tests if test.verdict is Verdict.ERROR)
    return f"{test.node}: {test.detail}" if test.node else test.detail
