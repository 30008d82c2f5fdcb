"""A class at the terminal: how many were graded, how their points are distributed, and what each exercise shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import click

from grader.base import messages
from grader.base.points import shown, total
from grader.base.text import in_columns
from grader.classes.grades import Grade
from grader.classes.item_analysis import ExerciseFacts
from grader.classes.outcome import Outcome

BAR = 30  # characters
BINS = 10
NAME = 60  # columns


def render(grades: Sequence[Grade], facts: Sequence[ExerciseFacts], ranking: bool = False) -> str:
    """The whole page with ANSI colours, ending with a newline. ranking: whether students are listed by their points."""
    review = [grade for grade in grades if grade.review]
    parts = [counts(grades)]
    graded = [grade for grade in grades if grade.status is Outcome.GRADED]
    if graded:
        parts += ["", *_distribution(graded)]
        parts += ["", *_exercises(facts)]
    if review:
        parts += ["", click.style(messages.CLASS_FOR_REVIEW, bold=True), *review_lines(review)]
    others = [grade for grade in grades if grade.status is not Outcome.GRADED]
    if others:
        parts += ["", click.style(messages.CLASS_NOT_GRADED, bold=True)]
        parts += [f"  {grade.student.name}: {grade.comment}" for grade in others]
    if ranking:
        parts += ["", click.style(messages.CLASS_RANKING, bold=True)]
        ranked = sorted(graded, key=lambda grade: (-grade.points, grade.student.name))
        parts += [f"  {shown(g.points):>8}  {in_columns(g.student.name, NAME, messages.CUT)}" for g in ranked]
    return "\n".join(parts) + "\n"


def counts(grades: Sequence[Grade]) -> str:
    """What became of how many, in a line."""
    statuses = Counter(grade.status for grade in grades)
    return _line(messages.CLASS_COUNTS, statuses, sum(bool(grade.review) for grade in grades))


def review_lines(grades: Sequence[Grade]) -> list[str]:
    """A line for each grade that is up for review: who, and why."""
    return [
        messages.REVIEW_LINE.format(name=grade.student.called, why=" ".join(grade.review))
        for grade in grades
        if grade.review
    ]


def _line(text: str, statuses: Counter[Outcome], review: int) -> str:
    counts = text.format(
        graded=statuses[Outcome.GRADED], refused=statuses[Outcome.REFUSED], error=statuses[Outcome.ERROR]
    )
    counts += messages.CLASS_REVIEW.format(review=review) if review else ""
    missing, excused = statuses[Outcome.MISSING], statuses[Outcome.EXCUSED]
    counts += messages.CLASS_MISSING.format(missing=missing) if missing else ""
    return counts + (messages.CLASS_EXCUSED.format(excused=excused) if excused else "")


def _distribution(graded: Sequence[Grade]) -> Iterator[str]:
    yield click.style(messages.CLASS_DISTRIBUTION, bold=True)
    bins = Counter(min(int(grade.percent * BINS / 100), BINS) for grade in graded)
    largest = max(bins.values())
    for i in range(BINS + 1):
        label = f"{i * 100 // BINS:>3}-{(i + 1) * 100 // BINS - 1:<3}" if i < BINS else "100+   "
        bar = "#" * round(BAR * bins[i] / largest)
        yield f"  {label} {bins[i]:>4}  {bar}".rstrip()
    mean = total(grade.points for grade in graded) / len(graded)
    yield "  " + messages.CLASS_MEAN.format(points=shown(mean), most=shown(max(g.max_points for g in graded)))


def _exercises(facts: Sequence[ExerciseFacts]) -> Iterator[str]:
    yield click.style(messages.CLASS_EXERCISES, bold=True)
    for fact in facts:
        shown = "" if fact.discrimination is None else f"{fact.discrimination:+.2f}"
        yield f"  {fact.id:<18} {fact.pass_rate:>6.0%} {fact.mean:>6.0%} {shown:>7}{_commonest(fact)}"


def _commonest(fact: ExerciseFacts) -> str:
    if not fact.misconceptions:
        return ""
    title, times = fact.misconceptions[0]
    return f"  {times}x {title}"
