"""A finding in words: what was asked, what was run, what it gave and should have given."""

from __future__ import annotations

from grader.base import messages
from grader.base.report import Finding


def explain(finding: Finding) -> list[str]:
    """All of it, line by line."""
    if finding.told_at:
        return [_labelled(messages.HAPPENED, messages.TOLD_AT.format(place=finding.place, id=finding.told_at))]
    if finding.source:  # nothing has been asked
        return [*verdict(finding), *finding.source.splitlines()]
    lines = [finding.asked, *finding.script.splitlines(), *printed(finding), *verdict(finding)]
    return [line for line in lines if line]


def printed(finding: Finding) -> list[str]:
    """The lines that the learner's code printed, the first with a label."""
    labels = [messages.PRINTED, *[""] * len(finding.printed)]
    return [_labelled(label, line).rstrip() for label, line in zip(labels, finding.printed, strict=False)]


def verdict(finding: Finding) -> list[str]:
    """The last lines: what happened, label before text."""
    return [_labelled(label, text) for label, text in answers(finding)]


def answers(finding: Finding) -> list[tuple[str, str]]:
    """What happened, each part with its label: what the code gave and should have given, or how it failed to answer."""
    is_said = str(finding.place) in finding.error
    where = f" ({finding.place})" if finding.place and not is_said else ""
    if finding.gap and finding.error:
        return [(messages.HAPPENED, messages.GAP.format(id=finding.gap) + where)]
    if finding.error:
        return [(messages.RAISED if finding.raised else messages.HAPPENED, finding.error + where)]
    yours = [(messages.YOURS, finding.got)] if finding.got else []
    return [*yours, (messages.EXPECTED, finding.want)]


def _labelled(label: str, text: str) -> str:
    return f"{label:<9} {text}"
