"""Feedback for one student in Markdown: what the terminal shows, for a platform or a mail."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from grader import messages
from grader.reports.wording import amount, first_failure, remarks

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+.!|~-])")


def render(report: Mapping[str, Any], title: str) -> str:
    """A report, as the data of its JSON, under a title; ending with a newline. No text in it becomes markup."""
    counted = [exercise for exercise in report["exercises"] if exercise["counts"]]
    total = f"**{amount(report['points'])} / {amount(report['max_points'])}**"
    bonus = f" + {amount(report['bonus_points'])}" if report["bonus_points"] else ""
    lines = [f"# {escaped(title)}", "", f"{messages.TOTAL}: {total}{bonus}", ""]
    lines += [messages.TABLE_HEAD, "|---|---|---|---|"]
    for exercise in counted:
        points = f"{amount(exercise['points'])} / {amount(exercise['max_points'])}"
        lines.append(f"| {exercise['id']} | {escaped(exercise['title'])} | {points} | {exercise['status']} |")
    for exercise in counted:
        if exercise["status"] in ("failed", "partial", "error"):
            lines += _block(exercise)
    if report["warnings"]:
        lines += ["", *(f"- {escaped(warning)}" for warning in report["warnings"])]
    return "\n".join(lines) + "\n"


def nothing(why: str, title: str) -> str:
    """The feedback where there is no report."""
    return f"# {escaped(title)}\n\n{escaped(why)}\n"


def _block(exercise: Mapping[str, Any]) -> Iterator[str]:
    yield from ("", f"## {exercise['id']}", "")
    shown = first_failure(exercise)
    if shown:
        fence = "`" * (max([2, *(len(run) for run in re.findall("`+", shown))]) + 1)
        yield from (f"{fence}text", shown, fence, "")
    yield from (escaped(remark) for remark in remarks(exercise))


def escaped(text: str) -> str:
    """Text that Markdown shows as it is."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))
