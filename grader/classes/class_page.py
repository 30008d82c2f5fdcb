"""A class as a page (reports/pages/class.html): what an instructor wants to know of it, with a link to each student."""

from __future__ import annotations

import functools
import hashlib
import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from fractions import Fraction

from grader.base import messages
from grader.base.model import Student
from grader.base.report import ExerciseResult, Report
from grader.classes.grades import Grade
from grader.classes.item_analysis import ExerciseFacts, facts
from grader.classes.outcome import Outcome
from grader.classes.pairs import PairShown
from grader.reports.pages import page
from grader.reports.wording import adjustment, comment

BINS = 10
MAX_DAYS = 60  # that are shown one by one


@dataclass(frozen=True)
class Row:
    """A student. report: of the attempt that counts, as it is written for the student, in brief. attempts: how many
    there are. link: to the page of the student, "" where there is none. is_adjusted: whether an instructor stepped in.
    key: what tells the student from others of the same name, "" where none is called so."""

    grade: Grade
    report: Report | None = None
    attempts: int = 0
    submitted: datetime | None = None
    is_late: bool = False
    link: str = ""
    is_adjusted: bool = False
    key: str = ""

    @property
    def name(self) -> str:
        return self.grade.student.called

    @property
    def is_graded(self) -> bool:
        return self.grade.status is Outcome.GRADED

    @property
    def states(self) -> list[str]:
        """What the table can be filtered by; messages.PAGE_OUTCOMES has their texts."""
        more = {"review": bool(self.grade.review), "late": self.is_late, "adjusted": self.is_adjusted}
        return [self.grade.status, *(state for state, is_so in more.items() if is_so)]

    @property
    def beside(self) -> list[str]:
        """What changes the points beside the exercises, and what the instructor says, in lines."""
        return [*map(adjustment, self.grade.adjustments), *map(comment, self.grade.comments)]

    @property
    def mistakes(self) -> list[str]:
        """The ids of all that were recognised."""
        results = self.report.counted if self.report else ()
        return list(dict.fromkeys(mistake.id for result in results for mistake in result.mistakes))


@dataclass(frozen=True)
class Class:
    """All that the page shows; not the seed, as the page may be mailed. times: when each attempt was handed in, as far
    as that is known. changes: whose score is another than before, in lines. name: of the class."""

    rows: Sequence[Row]
    deadline: datetime | None = None
    times: Sequence[datetime] = ()
    changes: Sequence[str] = ()
    pairs: Sequence[PairShown] = ()
    name: str = ""


@dataclass(frozen=True)
class Bar:
    """A part of a plot: how many, and of what. height: a share of the plot, 0 to 1."""

    label: str
    number: int
    height: float
    is_marked: bool = False


@dataclass
class ExerciseShown:
    """An exercise: what the class tells of it, and who made which mistake. mistakes: id -> (title, who)."""

    title: str
    facts: ExerciseFacts
    mistakes: dict[str, tuple[str, list[Row]]] = field(default_factory=dict)

    @property
    def commonest(self) -> list[tuple[str, str, list[Row]]]:
        """The mistakes as (id, title, who), the commonest first."""
        found = [(mistake, title, who) for mistake, (title, who) in self.mistakes.items()]
        return sorted(found, key=lambda one: -len(one[2]))

    @property
    def how_many(self) -> int:
        """How many mistakes were recognised, of everybody."""
        return sum(len(who) for _, who in self.mistakes.values())


def in_brief(report: Report | None) -> Report | None:
    """As much of a report as the page of a class needs: a hundredth of it."""
    if report is None:
        return None
    results = (replace(r, tests=(), place=None, hint="", symptoms=(), excerpt=None) for r in report.results)
    return replace(report, results=tuple(map(_one_of_each, results)), notes=(), wrong_graph=None)


@functools.lru_cache(10_000)
def _one_of_each(result: ExerciseResult) -> ExerciseResult:
    """Most students have the same result in an exercise: it is there once."""
    return result


def render(class_: Class, is_anonymous: bool = False) -> str:
    """The page. is_anonymous: without names and all that may hold one; students are numbered, by their points."""
    rows = _without_names(class_.rows) if is_anonymous else list(class_.rows)
    graded = [row for row in rows if row.is_graded]
    percents = [row.grade.percent for row in graded]
    exercises = _exercises(graded)
    return page(
        "class.html",
        is_wide=True,
        has_tables=True,
        is_anonymous=is_anonymous,
        name="" if is_anonymous else class_.name,
        deadline=class_.deadline,
        counts=_counts(rows),
        rows=rows,
        most=graded[0].grade.max_points if graded else Fraction(),
        mean=statistics.mean(percents) if percents else None,
        median=statistics.median(percents) if percents else None,
        bins=_bins(percents),
        days=_days(class_.times, class_.deadline),
        exercises=exercises,
        mistakes={mistake: title for shown in exercises for mistake, title, _ in shown.commonest},
        sections=sorted({row.grade.student.section for row in rows} - {""}),
        states=[state for state in messages.PAGE_OUTCOMES if any(state in row.states for row in rows)],
        review=[row for row in rows if row.grade.review],
        others=[row for row in rows if not row.is_graded],
        late=[row for row in rows if row.is_late],
        adjusted=[row for row in rows if row.is_adjusted],
        has_times=not is_anonymous and any(row.submitted for row in rows),
        changes=class_.changes,
        pairs=class_.pairs,
    )


def _without_names(rows: Iterable[Row]) -> list[Row]:
    """In an order that says nothing of names but by points."""
    in_order = sorted(
        rows, key=lambda row: (-row.grade.points, hashlib.sha256(row.grade.student.key.encode()).digest())
    )
    found = []
    for number, row in enumerate(in_order, 1):
        who = Student(str(number), messages.PAGE_STUDENT.format(number=number), section=row.grade.student.section)
        found.append(replace(row, grade=replace(row.grade, student=who), link="", key=""))
    return found


def _counts(rows: Iterable[Row]) -> list[tuple[str, int]]:
    found = Counter(state for row in rows for state in row.states)
    return [(text, found[state]) for state, text in messages.PAGE_OUTCOMES.items() if found[state]]


def _exercises(graded: Sequence[Row]) -> list[ExerciseShown]:
    reports = [row.report for row in graded if row.report]
    results: dict[str, ExerciseResult] = {result.id: result for report in reports for result in report.counted}
    shown = {fact.id: ExerciseShown(results[fact.id].title, fact) for fact in facts(reports)}
    for row in graded:
        for result in row.report.counted if row.report else ():
            for mistake in result.mistakes:
                shown[result.id].mistakes.setdefault(mistake.id, (mistake.title, []))[1].append(row)
    return list(shown.values())


def _bins(percents: Sequence[Fraction]) -> list[Bar]:
    """How many have which tenth of the points; apart from them, whoever has all or more."""
    found = Counter(min(int(percent * BINS / 100), BINS) for percent in percents)
    labels = [f"{i * 100 // BINS}\N{EN DASH}{(i + 1) * 100 // BINS - 1}" for i in range(BINS)]
    return _bars([(label, found[i], False) for i, label in enumerate([*labels, messages.PAGE_ALL])])


def _days(times: Iterable[datetime], deadline: datetime | None) -> list[Bar]:
    """How many attempts were handed in on which day; of a long time, the last days."""
    found = Counter(time.date() for time in times)
    if not found:
        return []
    last = max(found).toordinal()
    first = max(min(found).toordinal(), last - MAX_DAYS + 1)
    days = [date.fromordinal(day) for day in range(first, last + 1)]
    return _bars([(day.isoformat(), found[day], deadline is not None and day == deadline.date()) for day in days])


def _bars(numbers: Sequence[tuple[str, int, bool]]) -> list[Bar]:
    most = max((number for _, number, _ in numbers), default=0) or 1
    return [Bar(label, number, number / most, is_marked) for label, number, is_marked in numbers]
