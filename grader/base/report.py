"""The result of one submission as one typed value, with all in it that a form of it shows.

Nothing that reads a report needs the kit that it was made with: a stored one outlives it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from grader.base import messages
from grader.base.errors import Fault
from grader.base.model import Note, Place
from grader.base.points import total


class Verdict(StrEnum):
    """What became of one hidden test."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"  # the grader failed


class Status(StrEnum):
    """What became of one exercise."""

    PASSED = "passed"
    PARTIAL = "partial"
    FAILED = "failed"
    NOT_STARTED = "not-started"
    BLOCKED = "blocked"  # an unfinished prerequisite is the cause
    ERROR = "error"  # the grader failed


class SymptomKind(StrEnum):
    """What was measured of wrong answers. messages.SYMPTOMS has the text of each."""

    COMPLEX = "complex"
    NO_FLOAT = "no-float"  # type
    NOT_NUMBERS = "not-numbers"
    ALL_ZERO = "all-zero"
    SIGN = "sign"
    FACTOR = "factor"  # factor
    DIFFERENCE = "difference"  # difference
    ALWAYS = "always"  # got
    LENGTH = "length"  # got, want
    ONLY_SOME_READS = "only-some-reads"  # right, wrong
    WITHOUT_UPSTREAM = "without-upstream"
    WHEN_NEGATIVE = "when-negative"
    WHEN_THERE_ALREADY = "when-there-already"
    ENDLESS = "endless"
    NO_RETURN = "no-return"
    IS_NONE = "is-none"  # read
    ORDER_NO_LIST = "order-no-list"
    ORDER_NOT_NODES = "order-not-nodes"
    ORDER_LEFT_OVER = "order-left-over"
    ORDER_REPEATS = "order-repeats"
    ORDER_NO_ROOT = "order-no-root"
    ORDER_MISSES = "order-misses"
    ORDER_TURNED_ROUND = "order-turned-round"
    ORDER_TOO_EARLY = "order-too-early"
    EXCEPTION = "exception"  # text
    OTHER = "other"  # text: of a report that was stored by an earlier version


@dataclass(frozen=True)
class Symptom:
    """One thing that is true of all the wrong answers of an exercise. data: what its text has in braces."""

    kind: SymptomKind
    data: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return messages.SYMPTOMS[self.kind].format(**self.data)


def symptom(kind: SymptomKind, **data: object) -> Symptom:
    """A symptom with its data as text."""
    return Symptom(kind, {name: str(value) for name, value in data.items()})


@dataclass(frozen=True)
class Finding:
    """Why one hidden test did not pass.

    asked: the truth that the test states. script: the lines that were run, ready to paste. got and want: what they
    gave and should have given, as text; empty where the code raised or did not answer, and error says how. raised:
    whether it was an exception. fault: how its process failed to answer, if it did. gap: the exercise whose unfilled
    gap was met, or "". printed: the first lines of what the learner's code printed meanwhile. source: the line that
    is no Python, with a caret below it. told_at: another exercise of that file, where that is told.
    """

    asked: str
    script: str = ""
    got: str = ""
    want: str = ""
    error: str = ""
    raised: bool = False
    fault: Fault | None = None
    place: Place | None = None
    gap: str = ""
    printed: tuple[str, ...] = ()
    source: str = ""
    told_at: str = ""

    @property
    def is_endless(self) -> bool:
        """Whether the code was still running when its time was up."""
        return self.fault is Fault.TIMEOUT


@dataclass(frozen=True)
class Phase:
    """A phase of a test in pytest. Of setup, call and teardown a hidden test has the call alone."""

    outcome: str
    seconds: float


@dataclass(frozen=True)
class TestResult:
    """One hidden test. node: its id in pytest. finding: why it failed. detail: why the grader failed, in one line."""

    __test__ = False  # not a test class, whatever pytest makes of the name

    id: str
    verdict: Verdict
    finding: Finding | None = None
    detail: str = ""
    node: str = ""
    phases: Mapping[str, Phase] = field(default_factory=dict)

    @property
    def seconds(self) -> float:
        return sum(phase.seconds for phase in self.phases.values())


@dataclass(frozen=True)
class Mistake:
    """A misconception that explains the answers to an exercise."""

    id: str
    title: str
    explanation: str


@dataclass(frozen=True)
class Excerpt:
    """Some lines of the learner's own. place: of the one that is marked. first: the number of the first of them, in its
    file or in the cell of its notebook; marked: which of them it is, from 0."""

    place: str
    first: int
    lines: tuple[str, ...]
    marked: int


@dataclass(frozen=True)
class ExerciseResult:
    """One exercise of one submission.

    counts: whether it was asked for; only then it is part of the sums. gap: the id that its unfilled stub raises.
    blocked_by: what has to be finished first. place: where the learner's own gap is, where it is known. hint: the one
    that belongs to what is shown now, "" where none does. mistakes: those that explain all its answers, the simplest
    first; or two that explain them only together. symptoms: what was measured where no mistake explains them. excerpt:
    of an exercise that was begun and does not pass, the learner's lines around what failed. excused: why an instructor
    lets it count no longer for this student, "" where none does.
    """

    id: str
    title: str
    file: str
    chapter: str
    points: Fraction
    max_points: Fraction
    counts: bool
    bonus: bool
    minutes: int
    learnt: str
    gap: str
    status: Status
    tests: tuple[TestResult, ...] = ()
    carried_forward: bool = False
    blocked_by: tuple[str, ...] = ()
    place: Place | None = None
    hint: str = ""
    mistakes: tuple[Mistake, ...] = ()
    are_together: bool = False
    symptoms: tuple[Symptom, ...] = ()
    excerpt: Excerpt | None = None
    excused: str = ""

    @property
    def seconds(self) -> float:
        return sum(test.seconds for test in self.tests)

    @property
    def is_begun(self) -> bool:
        """Whether it is begun, does not pass, and can be worked on."""
        return self.status in (Status.FAILED, Status.PARTIAL)

    @property
    def first_failed(self) -> TestResult | None:
        """The first of its tests that did not pass."""
        return next((test for test in self.tests if test.verdict is not Verdict.PASSED), None)

    @property
    def where(self) -> Place | None:
        """Where to look: the very line of what failed, where it is one of the exercise's own file, or else its gap."""
        finding = self.first_failed.finding if self.first_failed else None
        if finding is None:
            return None
        if finding.place is None or self.place is None:
            return self.place or finding.place
        is_own = finding.place.path == self.place.path or finding.place.path.rpartition("/")[2] == self.file
        return finding.place if is_own and not finding.gap else self.place


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
    """A small expression that comes out wrong: lines to paste, and its nodes in the order of backward. exercises: the
    ids of those whose mistake it can show."""

    script: str
    nodes: tuple[NodeShown, ...]
    exercises: tuple[str, ...]

    @property
    def first_wrong(self) -> NodeShown:
        return next(node for node in self.nodes if not node.is_right)


@dataclass(frozen=True)
class Confinement:
    """How the submission was confined: the level, and whether that contains attacks and not accidents only."""

    level: str
    is_sandbox: bool


@dataclass(frozen=True)
class Versions:
    """What graded: the kit by name and version, the grader, and Python."""

    kit: str
    kit_version: str
    grader: str
    python: str


@dataclass(frozen=True)
class Adjustment:
    """What changes a grade beside the exercises: the points that are added, below 0 where they are taken off, and why,
    in a line. exercise: the id of the one that it is about, "" for the whole."""

    points: Fraction
    reason: str
    exercise: str = ""


@dataclass(frozen=True)
class Comment:
    """What an instructor says, or did, that changes no points by itself, in a line. exercise: as in Adjustment."""

    text: str
    exercise: str = ""


@dataclass(frozen=True)
class Report:
    """The result of one submission: every exercise of the kit, in its order.

    name, path: of the submission. seed: of the random inputs, None in what is written for a student. wrong_graph:
    where the engine's gradients first go wrong, if they do. adjustments: what changes the grade beside the exercises;
    comments: of the instructor. A gradebook keeps a report without both. tracebacks: of what failed in the grader, for
    its maintainer; in no form. visibility: when a platform is to show it, in the words of Gradescope; it is not kept.
    """

    versions: Versions
    seed: int | None
    confinement: Confinement
    name: str
    path: str
    results: tuple[ExerciseResult, ...]
    notes: tuple[Note, ...] = ()
    wrong_graph: WrongGraph | None = None
    adjustments: tuple[Adjustment, ...] = ()
    comments: tuple[Comment, ...] = ()
    tracebacks: tuple[str, ...] = field(default=(), compare=False)
    visibility: str = field(default="visible", compare=False)

    @property
    def counted(self) -> tuple[ExerciseResult, ...]:
        """The results of the exercises that were asked for."""
        return tuple(result for result in self.results if result.counts)

    @property
    def listed(self) -> tuple[ExerciseResult, ...]:
        """The results that are shown: of the exercises that count, and of those that are excused."""
        return tuple(result for result in self.results if result.counts or result.excused)

    @property
    def earned(self) -> Fraction:
        """What the exercises gave, the bonus among them, before anything changes it."""
        return total(r.points for r in self.counted)

    @property
    def earned_bonus(self) -> Fraction:
        """What of that is the bonus."""
        return total(r.points for r in self.counted if r.bonus)

    @property
    def given(self) -> Fraction:
        """The grade: what was earned, with every adjustment; never below 0."""
        return max(Fraction(), self.earned + total(one.points for one in self.adjustments))

    @property
    def points(self) -> Fraction:
        """The grade without the bonus."""
        return self.given - self.bonus_points

    @property
    def bonus_points(self) -> Fraction:
        """What the bonus adds to the grade: all that is left of it where more than the rest was taken off."""
        return min(self.given, self.earned_bonus)

    @property
    def max_points(self) -> Fraction:
        """What there is to be had without the bonus."""
        return total(r.max_points for r in self.counted if not r.bonus)

    @property
    def to_work_on(self) -> ExerciseResult | None:
        """The exercise to work on, if one is left of those that were asked for: the first that was begun and does not
        pass, or else the first; a bonus only where nothing else is left."""
        left = [result for result in self.counted if result.status is not Status.PASSED]
        left = [result for result in left if not result.bonus] or left
        return next((result for result in left if result.is_begun), left[0] if left else None)

    @property
    def percent(self) -> Fraction:
        """The grade as a percentage of max_points (0 to a little over 100)."""
        most = self.max_points or total(r.max_points for r in self.counted)
        return 100 * self.given / most if most else Fraction()

    @property
    def grader_faults(self) -> tuple[ExerciseResult, ...]:
        """The exercises that could not be graded, through no fault of the learner's."""
        return tuple(r for r in self.results if r.status is Status.ERROR)

    def result(self, exercise_id: str) -> ExerciseResult:
        """The result of one exercise."""
        return next(result for result in self.results if result.id == exercise_id)
