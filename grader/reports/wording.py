"""What one test outcome says in words, for every kind of report."""

from __future__ import annotations

from grader import messages
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
