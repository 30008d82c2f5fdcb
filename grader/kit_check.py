"""Proves the kit: stubs score nothing, solutions everything, whatever the seed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from grader import kit_paths, release
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
    yield Proof("exercises/ is what solutions/ makes", tuple(_stale_stubs()))
    for what, folder, fault in (
        ("the stubs score 0, every exercise not started", kit_paths.exercises(), _not_a_stub),
        ("the solutions get full marks and the bonus", kit_paths.solutions(), _not_solved),
    ):
        yield Proof(f"{what}, with the seeds {', '.join(map(str, SEEDS))}", tuple(_faults(folder, fault)))


def _stale_stubs() -> Iterator[str]:
    for file, text in release.stubs().items():
        path = kit_paths.exercises() / file
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            yield f"{file} is not what `mg-grade release` makes"


def _faults(folder: Path, fault: Callable[[Report], Iterator[str]]) -> Iterator[str]:
    submission = read_submission(folder, kit_manifest())
    for seed in SEEDS:
        for text in fault(grade(submission, seed)):
            yield f"seed {seed}: {text}"


def _not_a_stub(report: Report) -> Iterator[str]:
    for result in report.results:
        if result.status is not Status.NOT_STARTED or result.points:
            yield f"{result.exercise.id} is {result.status} with {result.points:g} points"


def _not_solved(report: Report) -> Iterator[str]:
    for result in report.results:
        if result.status is not Status.PASSED or result.points != result.exercise.points or result.carried_forward:
            yield f"{result.exercise.id} is {result.status} with {result.points:g} points"
    yield from report.warnings
