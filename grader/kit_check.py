"""Proves the kit: stubs score nothing, solutions everything, and every misconception is caught where it was made."""

from __future__ import annotations

import dataclasses
import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from grader import kit_paths, messages, release
from grader.intake.submission import read_submission
from grader.manifest import kit_manifest
from grader.misconceptions import catalogue
from grader.model import Misconception, Report, Status
from grader.pipeline import grade
from grader.reference import edited

SEEDS = (1, 2, 3, 4, 5)
MOST = 0.95  # of the misconceptions are to be named first


@dataclass(frozen=True)
class Proof:
    """One thing that was proved, or what speaks against it. is_detail: one of many, that are summed up afterwards."""

    what: str
    against: tuple[str, ...]
    is_detail: bool = False


def check_kit() -> Iterator[Proof]:
    """Every proof, as it is made."""
    stale = [messages.STALE_STUB.format(file=file) for file in release.stale_stubs(kit_paths.exercises())]
    yield Proof(messages.PROOF_STUBS_FRESH, tuple(stale))
    seeds = ", ".join(map(str, SEEDS))
    for what, folder, fault in (
        (messages.PROOF_STUBS, kit_paths.exercises(), _not_a_stub),
        (messages.PROOF_SOLUTIONS, kit_paths.solutions(), _not_solved),
    ):
        yield Proof(messages.PROOF_SEEDS.format(what=what, seeds=seeds), tuple(_faults(folder, fault)))
    yield from _every_misconception()


def _every_misconception() -> Iterator[Proof]:
    total = named = 0
    with ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn")) as pool:
        tried = {
            exercise: [pool.submit(try_out, misconception) for misconception in catalogue().get(exercise, ())]
            for exercise in kit_manifest().by_id
        }
        made = [(exercise, [future.result() for future in futures]) for exercise, futures in tried.items()]
    for exercise, found in made:
        rows = catalogue().get(exercise, ())
        against = tuple(text for one in found for text in one.against) or (() if rows else (messages.PROOF_NONE,))
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


def try_out(misconception: Misconception) -> TriedOut:
    """Grade the solutions with a misconception: it must cost its own exercise, and else only what rests on that."""
    manifest = kit_manifest()
    solutions = read_submission(kit_paths.solutions(), manifest)
    wrong = manifest.by_id[misconception.exercise].file
    files = tuple(
        dataclasses.replace(file, text=edited(wrong, file.text, misconception.edits)) if file.path == wrong else file
        for file in solutions.files
    )
    report = grade(dataclasses.replace(solutions, files=files), only=manifest.touched_by([wrong]))
    down = {r.exercise.id: r for r in report.counted if r.points < r.exercise.points or r.status is not Status.PASSED}
    own = down.pop(misconception.exercise, None)
    against = [] if own else [messages.PROOF_SURVIVES.format(id=misconception.id)]
    unfair = set(down) - resting_on(misconception.exercise)
    if unfair or report.grader_faults:
        against.append(messages.PROOF_UNFAIR.format(id=misconception.id, exercises=", ".join(sorted(unfair))))
    names = [found.id for found in own.misconceptions] if own else []
    if own and misconception.id not in names:
        against.append(messages.PROOF_NAMELESS.format(id=misconception.id))
    return TriedOut(own is not None, misconception.id in names, names[:1] == [misconception.id], tuple(against))


def resting_on(exercise: str) -> set[str]:
    """The exercise, and those of the same file that rest on it, directly or not."""
    manifest = kit_manifest()
    found = {exercise}
    for other in manifest.exercises:  # what is needed stands earlier
        if other.file == manifest.by_id[exercise].file and found & set(other.needs):
            found.add(other.id)
    return found


def _faults(folder: Path, fault: Callable[[Report], Iterator[str]]) -> Iterator[str]:
    submission = read_submission(folder, kit_manifest())
    for seed in SEEDS:
        for text in fault(grade(submission, seed)):
            yield messages.PROOF_AGAINST.format(seed=seed, text=text)


def _not_a_stub(report: Report) -> Iterator[str]:
    for result in report.results:
        if result.status is not Status.NOT_STARTED or result.points:
            yield messages.PROOF_RESULT.format(id=result.exercise.id, status=result.status, points=result.points)


def _not_solved(report: Report) -> Iterator[str]:
    for result in report.results:
        if result.status is not Status.PASSED or result.points != result.exercise.points or result.carried_forward:
            yield messages.PROOF_RESULT.format(id=result.exercise.id, status=result.status, points=result.points)
    yield from report.warnings
