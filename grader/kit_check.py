"""Proves the kit: stubs score nothing, solutions everything, whatever the seed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from grader import kit_paths, messages, release
from grader.intake.folder import read_submission
from grader.manifest import kit_manifest
from grader.model import Report, Status
from grader.pipeline import grade

SEEDS = (1, 2, 3, 4, 5)


@dataclass(frozen=True)
class Proof:
    """One thing that was proved, or what speaks against it."""

    what: str
    against: tuple[str, ...]


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
