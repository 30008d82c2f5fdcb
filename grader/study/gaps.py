"""The gaps of the exercises in a learner's files: found by their marks, `# exercise: ID` and `# end`. Pure text."""

from __future__ import annotations

from dataclasses import dataclass

from grader import messages
from grader.errors import StudyError
from grader.release import BEGIN, END


@dataclass(frozen=True)
class Gap:
    """What stands between two marks: lines[start:end] of a file, the marks not among them."""

    exercise: str
    start: int
    end: int


def gaps(text: str) -> list[Gap]:
    """The gaps of a file, filled in or not, in order; what has lost one of its marks is none."""
    found: list[Gap] = []
    begun: tuple[str, int] | None = None
    for number, line in enumerate(text.splitlines()):
        mark = line.strip()
        if mark.startswith(BEGIN):
            begun = mark.removeprefix(BEGIN).strip(), number + 1
        elif mark == END and begun is not None:
            found.append(Gap(*begun, number))
            begun = None
    return found


def content(text: str, exercise: str) -> list[list[str]]:
    """The lines in each gap of an exercise."""
    lines = text.splitlines()
    return [lines[gap.start : gap.end] for gap in gaps(text) if gap.exercise == exercise]


def filled(text: str) -> dict[str, str]:
    """What stands in the gaps of each exercise."""
    lines = text.splitlines()
    found: dict[str, str] = {}
    for gap in gaps(text):
        inside = "\n".join(lines[gap.start : gap.end])
        found[gap.exercise] = f"{found.get(gap.exercise, '')}{inside}\n"
    return found


def refilled(text: str, exercise: str, other: str, file: str) -> str:
    """The text with what the other text has in the gaps of an exercise, and nothing else changed.

    StudyError where the two do not have the same gaps of it.
    """
    there = [gap for gap in gaps(text) if gap.exercise == exercise]
    wanted = content(other, exercise)
    if not there or len(there) != len(wanted):
        raise StudyError(messages.MARKS_GONE.format(file=file, id=exercise, begin=f"{BEGIN}{exercise}", end=END))
    lines = text.splitlines()
    for gap, new in reversed(list(zip(there, wanted, strict=True))):
        lines[gap.start : gap.end] = _indented_as(lines[gap.start - 1], new)
    return "\n".join(lines) + "\n"


def _indented_as(mark: str, lines: list[str]) -> list[str]:
    """The lines, moved so that the first has the indent of the mark above it."""
    wanted = len(mark) - len(mark.lstrip())
    has = next((len(line) - len(line.lstrip()) for line in lines if line.strip()), wanted)
    if has >= wanted:
        return [line[has - wanted :] if line.strip() else "" for line in lines]
    return [" " * (wanted - has) + line if line.strip() else "" for line in lines]
