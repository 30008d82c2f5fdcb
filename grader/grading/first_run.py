"""The first run of the hidden tests: a submission as it is."""

from __future__ import annotations

import time
import traceback
from collections.abc import Collection
from dataclasses import dataclass, field

from grader.base.errors import GraderError
from grader.base.model import Note, Place, Submission
from grader.base.report import WrongGraph
from grader.grading import first_wrong
from grader.grading.hidden_run import run_hidden_tests
from grader.grading.hidden_tests import Progress
from grader.grading.outcomes import TestOutcome, of_fault
from grader.intake.loading import what_to_load
from grader.kit import Kit
from grader.sandbox.levels import Level
from grader.sandbox.session import Fatal, Session

FIRST_SHARE = 0.8  # of the time


@dataclass(frozen=True)
class Run:
    """What every run of the hidden tests on one submission has in common. deadline: of time.monotonic, for all."""

    submission: Submission
    kit: Kit
    seed: int
    progress: Progress
    level: Level
    deadline: float


@dataclass
class First:
    """What came of the submission as it is. ids: the exercises whose tests were run."""

    ids: Collection[str]
    outcomes: list[TestOutcome] = field(default_factory=list)
    symbols: dict[str, Place | None] = field(default_factory=dict)
    fatal: dict[str, Fatal] = field(default_factory=dict)
    code: dict[tuple[str, str], str] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    wrong_graph: WrongGraph | None = None
    tracebacks: list[str] = field(default_factory=list)


def _part(deadline: float) -> float:
    """The end of the first run, so that there is time for a second one, in which what was slow is the reference's."""
    now = time.monotonic()
    return now + FIRST_SHARE * (deadline - now)


def first_run(run: Run, ids: Collection[str]) -> First:
    """Run the tests of these exercises on the submission as it is."""
    first = First(ids)
    load = what_to_load(run.submission, run.kit.manifest)
    try:
        with Session(load, run.level, _part(run.deadline)) as session:
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


def _wrong_graph(run: Run, session: Session, first: First) -> WrongGraph | None:
    """The smallest expression that comes out wrong, where an exercise failed whose mistake it could show."""
    shows = run.kit.manifest.operations
    if all(outcome.has_passed or outcome.exercise not in shows for outcome in first.outcomes):
        return None
    try:
        return first_wrong.find(session, run.kit)
    except GraderError:  # what was graded stands
        first.tracebacks.append(traceback.format_exc())
        return None
