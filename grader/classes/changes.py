"""Whose score is another than it was, by how much, and why."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from grader.base import messages
from grader.base.points import shown, signed
from grader.classes.outcome import Grading, Previous


def moved_by(before: Previous, grading: Grading) -> Iterator[str]:
    """A line where the score of an attempt is another than before."""
    after = grading.report
    assert after is not None  # it was graded
    was, now = before.report.earned, after.earned
    if was == now:
        return
    why = messages.MOVED_SETTINGS
    if before.content != grading.content:
        why = messages.MOVED_CONTENT
    elif before.kit != grading.kit:
        why = messages.MOVED_KIT
    elif before.settings == grading.settings:
        why = messages.MOVED_BY_ITSELF
    old, new = ({result.id: result.points for result in report.counted} for report in (before.report, after))
    changes = {i: new.get(i, Fraction()) - old.get(i, Fraction()) for i in {**old, **new}}
    told = ", ".join(f"{i} {signed(change)}" for i, change in changes.items() if change)
    name, before_, after_ = grading.student.name, shown(was), shown(now)
    yield messages.MOVED.format(student=name, before=before_, after=after_, why=why, changes=told)
