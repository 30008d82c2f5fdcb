"""What an outcome says in words, for every kind of report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from grader import messages
from grader.manifest import kit_manifest
from grader.model import Finding, TestOutcome


def explain(test: TestOutcome) -> str:
    """A few lines of text: what was asked, what was run, what it gave and should have given. "" where it passed."""
    if test.finding is None:
        return test.detail
    lines = [test.finding.asked, *test.finding.script.splitlines(), *verdict(test.finding)]
    return "\n".join(line for line in lines if line)


def verdict(finding: Finding) -> list[str]:
    """The last lines of a finding: what happened, label before text."""
    if finding.gap and finding.error:
        return [messages.GAP.format(id=finding.gap)]
    if finding.error:
        where = f" ({finding.place})" if finding.place else ""
        return [_labelled(messages.RAISED if finding.raised else messages.HAPPENED, finding.error + where)]
    yours = [_labelled(messages.YOURS, finding.got)] if finding.got else []
    return [*yours, _labelled(messages.EXPECTED, finding.want)]


def _labelled(label: str, text: str) -> str:
    return f"{label:<9} {text}"


def first_failure(exercise: Mapping[str, Any]) -> str:
    """What the first test of an exercise that did not pass has to say; exercise as the JSON report has it."""
    return next((str(test["message"]) for test in exercise["tests"] if test["status"] != "passed"), "")


def remarks(exercise: Mapping[str, Any]) -> list[str]:
    """What is to be said of an exercise that was begun and has not passed: the mistake, or what was measured of it and
    the first hint."""
    named = [messages.NAMED.format(**mistake) for mistake in exercise["misconceptions"]]
    if exercise["status"] not in ("failed", "partial"):
        return []
    if exercise["misconceptions_together"]:
        return [messages.TOGETHER.format(first=named[0], second=named[1])]
    if named:
        titles = messages.OR.join(mistake["title"] for mistake in exercise["misconceptions"])
        first = exercise["misconceptions"][0]
        return [messages.DIAGNOSIS.format(title=titles, explanation=first["explanation"])]
    hint = messages.LOOK_AT.format(hint=kit_manifest().by_id[exercise["id"]].hints[0])
    return [*exercise["symptoms"], hint]
