"""The gaps of the exercises, found by their marks: `# exercise: ID` above and `# end` below. Pure text.

In solutions/ an answer stands between the marks, in exercises/ a line that raises NotImplementedError("ID"), and in a
learner's file whatever they have written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from grader.base import messages
from grader.base.errors import StudyError

BEGIN = "# exercise: "
END = "# end"
UNFILLED = "raise NotImplementedError("


@dataclass(frozen=True)
class Gap:
    """What stands between two marks: lines[start:end] of a file, the marks not among them."""

    exercise: str
    start: int
    end: int


def gaps(text: str) -> list[Gap]:
    """The gaps of a file, filled in or not, in order; what has lost one of its marks, or has one too many, is none."""
    found: list[Gap] = []
    begun: tuple[str, int, str] | None = None
    is_open = False  # whether another end would be one too many
    lines = text.split("\n")
    for number, line in enumerate(lines):
        mark = line.strip()
        if mark.startswith(BEGIN):
            begun, is_open = (mark.removeprefix(BEGIN).strip(), number + 1, _indent(line)), False
        elif mark == END and begun is not None:
            exercise, start, indent = begun
            if _indent(line) == indent:
                found.append(Gap(exercise, start, number))
                begun, is_open = None, True
        elif mark == END and is_open and _indent(line) == _indent(lines[found[-1].end]):
            found.pop()
            is_open = False
    return found


def around(text: str, line: int) -> str:
    """The exercise of the gap that a line (from 1) stands in, or right behind, where what is missing in a gap is
    noticed; or ""."""
    lines = text.split("\n")
    for gap in gaps(text):
        between = [between.strip() for between in lines[gap.end : line - 1]]
        if gap.start < line and all(not code or code.startswith("#") for code in between):
            return gap.exercise
    return ""


def faults(text: str) -> Iterator[tuple[int, str]]:
    """What is wrong with the marks of a text that whoever keeps the kit has written: (line, why)."""
    inside, begun = "", 0
    for number, line in enumerate(text.split("\n"), 1):
        mark = line.strip()
        if mark.startswith(BEGIN):
            if inside:
                yield number, messages.GAP_INSIDE.format(id=inside)
            inside, begun = mark.removeprefix(BEGIN), number
        elif mark == END:
            if not inside:
                yield number, messages.GAP_NOT_BEGUN
            inside = ""
    if inside:
        yield begun, messages.GAP_NO_END.format(id=inside)


def emptied(text: str) -> str:
    """The text with every gap as a learner gets it."""
    lines = text.split("\n")
    for gap in reversed(gaps(text)):
        lines[gap.start : gap.end] = [f'{_indent(lines[gap.start - 1])}{UNFILLED}"{gap.exercise}")']
    return "\n".join(lines)


def unfilled(text: str) -> int:
    """How many gaps are still as they came."""
    return text.count(UNFILLED)


def marked(text: str) -> int:
    """How many gaps there are by their upper marks."""
    return text.count(BEGIN)


def content(text: str, exercise: str) -> list[list[str]]:
    """The lines in each gap of an exercise."""
    lines = text.split("\n")
    return [lines[gap.start : gap.end] for gap in gaps(text) if gap.exercise == exercise]


def filled(text: str) -> dict[str, str]:
    """What stands in the gaps of each exercise."""
    lines = text.split("\n")
    found: dict[str, str] = {}
    for gap in gaps(text):
        inside = "\n".join(lines[gap.start : gap.end])
        found[gap.exercise] = f"{found.get(gap.exercise, '')}{inside}\n"
    return found


def refilled(text: str, exercise: str, other: str, file: str) -> str:
    """The text with what the other text has in the gaps of an exercise, and nothing else changed.

    StudyError where the two do not have the same gaps of it, each before the same next gap.
    """
    there = [gap for gap in gaps(text) if gap.exercise == exercise]
    wanted = content(other, exercise)
    if not there or _following(text, exercise) != _following(other, exercise):
        raise StudyError(messages.MARKS_GONE.format(file=file, id=exercise, begin=f"{BEGIN}{exercise}", end=END))
    lines = text.split("\n")
    for gap, new in reversed(list(zip(there, wanted, strict=True))):
        lines[gap.start : gap.end] = _indented_as(lines[gap.start - 1], new)
    return "\n".join(lines)


def _following(text: str, exercise: str) -> list[str]:
    """The exercise of the gap after each gap of an exercise: it is another where a mark between the two is gone."""
    ids = [gap.exercise for gap in gaps(text)]
    return [following for own, following in zip(ids, [*ids[1:], ""], strict=True) if own == exercise]


def _indented_as(mark: str, lines: list[str]) -> list[str]:
    """The lines, moved so that the first has the indent of the mark above them, and with its line ends."""
    end = "\r" if mark.endswith("\r") else ""
    has = next((len(_indent(line)) for line in lines if line.strip()), 0)
    return [_indent(mark) + line[has:].rstrip("\r") + end if line.strip() else end for line in lines]


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]
