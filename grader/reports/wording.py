"""What an outcome says in words, for every kind of report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from grader import messages
from grader.manifest import kit_manifest
from grader.model import Exercise, Finding, TestOutcome


def amount(points: float) -> str:
    """Points as they are read: a third of them needs no more than two digits."""
    return f"{round(points, 2):g}"


def explain(test: TestOutcome) -> str:
    """A few lines of text: what was asked, what was run, what it gave and should have given. "" where it passed."""
    if test.finding is None:
        return test.detail
    lines = [test.finding.asked, *test.finding.script.splitlines(), *verdict(test.finding)]
    return "\n".join(line for line in lines if line)


def verdict(finding: Finding) -> list[str]:
    """The last lines of a finding: what happened, label before text."""
    where = f" ({finding.place})" if finding.place else ""
    if finding.gap and finding.error:
        return [_labelled(messages.HAPPENED, messages.GAP.format(id=finding.gap) + where)]
    if finding.error:
        return [_labelled(messages.RAISED if finding.raised else messages.HAPPENED, finding.error + where)]
    yours = [_labelled(messages.YOURS, finding.got)] if finding.got else []
    return [*yours, _labelled(messages.EXPECTED, finding.want)]


def _labelled(label: str, text: str) -> str:
    return f"{label:<9} {text}"


def problems(warnings: Sequence[str]) -> list[str]:
    """The warnings of a report, without that only some exercises were asked for."""
    return [warning for warning in warnings if not warning.startswith(messages.ONLY_SOME.partition("{")[0])]


def first_failure(exercise: Mapping[str, Any]) -> str:
    """What the first test of an exercise that did not pass has to say; exercise as the JSON report has it."""
    return next((str(test["message"]) for test in exercise["tests"] if test["status"] != "passed"), "")


def remarks(exercise: Mapping[str, Any]) -> list[str]:
    """What is to be said of an exercise that was begun and has not passed; exercise as the JSON report has it."""
    if exercise["status"] not in ("failed", "partial"):
        return []
    mistakes = [(mistake["title"], mistake["explanation"]) for mistake in exercise["misconceptions"]]
    its = kit_manifest().by_id[exercise["id"]]
    return diagnosis(its, mistakes, exercise["misconceptions_together"], exercise["symptoms"], its.hints[0])


def diagnosis(
    exercise: Exercise, mistakes: Sequence[tuple[str, str]], together: bool, symptoms: Sequence[str], hint: str
) -> list[str]:
    """The mistake, or what was measured of it and the hint, if there is one. mistakes: (title, explanation)."""
    if together:
        first, second = (messages.NAMED.format(title=title, explanation=text) for title, text in mistakes)
        return [messages.TOGETHER.format(first=first, second=second)]
    if mistakes:
        titles = messages.OR.join(title for title, _ in mistakes)
        text = messages.BONUS_DIAGNOSIS if exercise.bonus else messages.DIAGNOSIS
        return [text.format(title=titles, explanation=mistakes[0][1])]
    return [*symptoms, *([messages.LOOK_AT.format(hint=hint)] if hint else [])]
