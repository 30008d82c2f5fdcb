"""What grading knows of a hidden test and the questions in it. The report keeps less of it: see base/report.py."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from grader.base.errors import Fault
from grader.base.model import Place
from grader.base.report import Status, TestResult, Verdict
from grader.kit.model import Exercise


@dataclass(frozen=True)
class Asked:
    """One question of a hidden test and how the learner's code answered it.

    answers: one for each read, as plain data; or else error, the type of the exception that it raised, with its
    message, or fault, how its process failed to answer. tolerance: how near to the right one an answer has to be
    (rtol, atol), where that is not as usual. was_right: as far as the test went. is_large: it had a time limit of its
    own. is_judged: whether there is one right answer; else it was asked to tell mistakes apart.
    counts: whether it is evidence; else it only came between the others, and what is kept of it may change them.
    """

    script: str
    reads: tuple[str, ...]
    answers: Any = ()
    error: str = ""
    message: str = ""
    fault: Fault | None = None
    tolerance: tuple[float, float] | None = None
    was_right: bool = True
    is_large: bool = False
    is_judged: bool = True
    counts: bool = True

    @property
    def has_failed(self) -> bool:
        return bool(self.error or self.fault)

    def __hash__(self) -> int:
        return hash((self.script, self.reads))


@dataclass(frozen=True)
class TestOutcome:
    """The result of one hidden test, and the questions that it put."""

    __test__ = False  # not a test class, whatever pytest makes of the name

    exercise: str
    result: TestResult
    asked: tuple[Asked, ...] = ()

    @property
    def has_passed(self) -> bool:
        return self.result.verdict is Verdict.PASSED


def of_fault(exercise: str, detail: str) -> TestOutcome:
    """An exercise that could not be graded, in place of its tests."""
    return TestOutcome(exercise, TestResult("", Verdict.ERROR, detail=detail))


def passed(tests: Sequence[TestOutcome]) -> int:
    """How many have passed."""
    return sum(test.has_passed for test in tests)


@dataclass(frozen=True)
class Score:
    """What one exercise is worth, and why. The fields are those of report.ExerciseResult."""

    exercise: Exercise
    points: Fraction
    tests: tuple[TestOutcome, ...]
    status: Status
    carried_forward: bool
    blocked_by: tuple[str, ...]
    place: Place | None
