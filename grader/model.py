"""The nouns of the grader, as frozen data: nothing here does anything."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any


class Status(StrEnum):
    """What became of one exercise."""

    PASSED = "passed"
    PARTIAL = "partial"
    FAILED = "failed"
    NOT_STARTED = "not-started"
    BLOCKED = "blocked"  # an unfinished prerequisite is the cause
    ERROR = "error"  # the grader failed


@dataclass(frozen=True)
class Exercise:
    """One row of the score table, as exercises/exercises.toml gives it.

    symbols are what the learner writes ("mse" or "Value.__add__"); needs are the ids of the exercises that
    its tests rest on; gap is the id that an unfilled stub of it raises (its own, but for an exercise
    that shares its gap with another). minutes: how long it is likely to take. learnt: what is to be taken from it.
    """

    id: str
    title: str
    file: str
    chapter: str
    symbols: tuple[str, ...]
    points: float
    needs: tuple[str, ...]
    hints: tuple[str, ...]
    bonus: bool
    gap: str
    minutes: int
    learnt: str


@dataclass(frozen=True)
class Manifest:
    """The kit: its exercises in order. rests_on: file -> the earlier files that its code or tests may use."""

    name: str
    version: str
    exercises: tuple[Exercise, ...]
    rests_on: Mapping[str, tuple[str, ...]]

    @cached_property
    def files(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(exercise.file for exercise in self.exercises))

    @cached_property
    def by_id(self) -> dict[str, Exercise]:
        return {exercise.id: exercise for exercise in self.exercises}

    def touched_by(self, files: Collection[str]) -> list[str]:
        """The exercises in these files of the kit, and in those that rest on them, by their ids, in order."""
        return [e.id for e in self.exercises if e.file in files or {*files} & {*self.rests_on[e.file]}]

    @cached_property
    def homes(self) -> dict[str, str]:
        """Top-level name -> the module that should define it: {"Value": "engine", ...}."""
        return {
            symbol.split(".")[0]: exercise.file.removesuffix(".py")
            for exercise in self.exercises
            for symbol in exercise.symbols
        }


@dataclass(frozen=True)
class SourceFile:
    """One Python file of a submission: the name it is imported by, the path to show, its text.

    cells: where it is made of the cells of a notebook, the line that each begins at and its number there.
    """

    module: str
    path: str
    text: str
    cells: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Submission:
    """What a learner handed in, as text: never imported or parsed outside a session.

    files are loaded in order; others can be imported by them; refused says why a file could not be read,
    {file name: reason}.
    """

    name: str
    path: str
    files: tuple[SourceFile, ...]
    others: tuple[SourceFile, ...] = ()
    packages: tuple[str, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Place:
    """A line of the learner's code, and how it is shown. The number comes from the session: for showing only."""

    path: str
    line: int
    shown: str = ""

    def __str__(self) -> str:
        return self.shown or f"{self.path}:{self.line}"


@dataclass(frozen=True)
class Finding:
    """Why one hidden test did not pass.

    asked: the truth that the test states. script: the lines that were run, ready to paste. got and
    want: what they gave and should have given, as text; empty where the code raised or hung, and error
    says how (raised: that it was an exception; is_endless: that it was still running). gap: the exercise whose
    unfilled gap was met, or "".
    """

    asked: str
    script: str = ""
    got: str = ""
    want: str = ""
    error: str = ""
    raised: bool = False
    place: Place | None = None
    gap: str = ""
    is_endless: bool = False


@dataclass(frozen=True)
class Misconception:
    """A small wrong variant of the solution of one exercise.

    edits: (a text that stands once in the exercise's file of the solutions, what stands there instead).
    title: what is wrong, as a short sentence. explanation: why it is wrong, without giving the line away.
    only_when_large: whether it is right, and fails (too slow, too deep, too much) only where much is asked of it.
    """

    id: str
    exercise: str
    title: str
    explanation: str
    edits: tuple[tuple[str, str], ...]
    only_when_large: bool = False


@dataclass(frozen=True)
class Asked:
    """One question of a hidden test and how the learner's code answered it.

    answers: one for each read, as plain data; or else error, the type of the exception that it raised, with its
    message, or fault, how its process failed to answer. tolerance: how near to the right one an answer has to be
    (rtol, atol), where that is not as usual. was_right: as far as the test went. is_large: it had a time limit of its
    own. is_judged: whether there is one right answer; else it was asked to tell mistakes apart.
    """

    script: str
    reads: tuple[str, ...]
    answers: Any = ()
    error: str = ""
    message: str = ""
    fault: str = ""
    tolerance: tuple[float, float] | None = None
    was_right: bool = True
    is_large: bool = False
    is_judged: bool = True

    @property
    def has_failed(self) -> bool:
        return bool(self.error or self.fault)

    def __hash__(self) -> int:
        return hash((self.script, self.reads))


@dataclass(frozen=True)
class TestOutcome:
    """One hidden test: status is "passed", "failed" or "error" (the grader's fault, told in detail)."""

    __test__ = False  # not a test class, whatever pytest makes of the name

    id: str
    exercise: str
    status: str
    seconds: float
    finding: Finding | None = None
    detail: str = ""
    asked: tuple[Asked, ...] = ()


@dataclass(frozen=True)
class ExerciseResult:
    """One exercise of one submission. place is where the learner's own gap is, where it is known.

    misconceptions: those that explain all its answers, the simplest first; or two that explain them only together.
    symptoms: what was measured of wrong answers that none explains, as sentences.
    """

    exercise: Exercise
    status: Status
    points: float
    tests: tuple[TestOutcome, ...]
    carried_forward: bool = False
    blocked_by: tuple[str, ...] = ()
    place: Place | None = None
    misconceptions: tuple[Misconception, ...] = ()
    are_together: bool = False
    symptoms: tuple[str, ...] = ()

    @property
    def seconds(self) -> float:
        return sum(test.seconds for test in self.tests)


@dataclass(frozen=True)
class NodeShown:
    """One node of a graph: its name, how it is made of its children ("" for a leaf), the learner's numbers and the
    right ones, as text."""

    name: str
    made: str
    children: tuple[str, ...]
    data: str
    grad: str
    right_data: str
    right_grad: str
    is_right: bool
    called: str = ""

    @property
    def label(self) -> str:
        """How the node is shown: by what it is called, or else by its name, and how it was made."""
        name = self.called or self.name
        return f"{name} = {self.made}" if self.made else name


@dataclass(frozen=True)
class WrongGraph:
    """A small expression that comes out wrong: lines to paste, and its nodes in the order of backward."""

    script: str
    nodes: tuple[NodeShown, ...]

    @property
    def first_wrong(self) -> NodeShown:
        return next(node for node in self.nodes if not node.is_right)


@dataclass(frozen=True)
class Report:
    """The result of one submission: every exercise of the kit, in manifest order.

    selected: the exercises that were asked for; only they count in the sums. wrong_graph: where the engine's gradients
    first go wrong, if they do.
    """

    manifest: Manifest
    seed: int
    sandbox: str
    submission: Submission
    results: tuple[ExerciseResult, ...]
    selected: frozenset[str]
    warnings: tuple[str, ...]
    wrong_graph: WrongGraph | None = None

    @property
    def counted(self) -> tuple[ExerciseResult, ...]:
        """The results of the exercises that were asked for."""
        return tuple(r for r in self.results if r.exercise.id in self.selected)

    @property
    def points(self) -> float:
        return round(sum(r.points for r in self.counted if not r.exercise.bonus), 4)

    @property
    def bonus_points(self) -> float:
        return round(sum(r.points for r in self.counted if r.exercise.bonus), 4)

    @property
    def max_points(self) -> float:
        return sum(r.exercise.points for r in self.counted if not r.exercise.bonus)

    @property
    def percent(self) -> float:
        """Points with the bonus, as a percentage of max_points (0 to a little over 100)."""
        earned = self.points + self.bonus_points
        return 100 * earned / (self.max_points or sum(r.exercise.points for r in self.counted))

    @property
    def grader_faults(self) -> tuple[ExerciseResult, ...]:
        """The exercises that could not be graded, through no fault of the learner's."""
        return tuple(r for r in self.results if r.status is Status.ERROR)


@dataclass(frozen=True)
class Student:
    """Who handed in. key names the student within a class and is safe as a file name; what the platform does not tell
    is "". id: the platform's number of the student or of the submission, or a login."""

    key: str
    name: str
    id: str = ""
    email: str = ""


@dataclass(frozen=True)
class Grade:
    """What a student is given for the attempt that counts.

    points: with the bonus, and less what lateness costs. exercises: id -> points, in the order of the kit. status:
    "graded", "refused" (there was nothing to grade) or "error" (the grader failed); comment says why, or is a summary.
    """

    student: Student
    points: float
    max_points: float
    status: str
    exercises: Mapping[str, float]
    comment: str = ""

    @property
    def percent(self) -> float:
        return 100 * self.points / self.max_points if self.max_points else 0.0
