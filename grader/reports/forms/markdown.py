"""Feedback for one student in Markdown: what the terminal shows, for a platform or a mail."""

from __future__ import annotations

import re
from collections.abc import Iterator

from grader.base import messages
from grader.base.report import ExerciseResult, Report, Status
from grader.base.text import for_markdown, for_markup
from grader.reports.wording import and_bonus, beside, first_failure, grade, has_grade, out_of, remarks, without_bonus

SUFFIX = ".md"


def render(report: Report) -> str:
    """The report under the name of the submission, ending with a newline. No text in it becomes markup."""
    total = f"**{without_bonus(report)}**{and_bonus(report)}"
    lines = [f"# {for_markdown(report.name)}", "", f"{messages.TOTAL}: {total}", ""]
    if report.adjustments or report.comments:
        lines += [*(f"- {for_markdown(line)}" for line in beside(report)), ""]
    if has_grade(report):
        lines += [f"{messages.GRADE}: **{grade(report)}**", ""]
    lines += [messages.TABLE_HEAD, "|---|---|---|---|"]
    for result in report.listed:
        status = "" if result.excused else result.status
        lines.append(f"| {result.id} | {for_markdown(result.title)} | {out_of(result)} | {status} |")
    for result in report.counted:
        if result.status in (Status.FAILED, Status.PARTIAL, Status.ERROR):
            lines += _block(result)
    if report.notes:
        lines += ["", *(f"- {for_markdown(str(found))}" for found in report.notes)]
    return "\n".join(lines) + "\n"


def nothing(why: str, title: str) -> str:
    """The feedback where there is no report."""
    return f"# {for_markdown(title)}\n\n{for_markdown(why)}\n"


def _block(result: ExerciseResult) -> Iterator[str]:
    yield from ("", f"## {result.id}", "")
    shown = for_markup(first_failure(result))
    if shown:
        fence = "`" * (max([2, *(len(run) for run in re.findall("`+", shown))]) + 1)
        yield from (f"{fence}text", shown, fence, "")
    yield from (for_markdown(remark) for remark in remarks(result))
