"""What a result says in words, for every form of a report."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from grader.base import messages
from grader.base.model import Note, NoteKind
from grader.base.points import shown, signed
from grader.base.report import Adjustment, Comment, ExerciseResult, Mistake, Report, Status, TestResult
from grader.base.wording import explain


def out_of(result: ExerciseResult) -> str:
    """The points of an exercise, of those that there are; or that it is excused."""
    if result.excused:
        return messages.EXCUSED
    return f"{shown(result.points)} / {shown(result.max_points)}"


def total(report: Report) -> str:
    """The points of a report before anything changes them, of those that there are; the bonus by itself."""
    return without_bonus(report) + and_bonus(report)


def without_bonus(report: Report) -> str:
    """The first part of it."""
    return f"{shown(report.earned - report.earned_bonus)} / {shown(report.max_points)}"


def and_bonus(report: Report) -> str:
    """The second; "" where there is none."""
    return f" + {shown(report.earned_bonus)}" if report.earned_bonus else ""


def has_grade(report: Report) -> bool:
    """Whether the grade is another number than the total."""
    return bool(report.earned_bonus or report.adjustments)


def grade(report: Report) -> str:
    """The grade, of the points that there are without the bonus."""
    return f"{shown(report.given)} / {shown(report.max_points)}"


def adjustment(one: Adjustment) -> str:
    """What changes a grade, in a line: why, and by how much."""
    return messages.ADJUSTMENT.format(reason=reason(one), points=signed(one.points))


def reason(one: Adjustment) -> str:
    """Why it changes a grade, with the exercise that it is about."""
    return _about(one.exercise, one.reason)


def comment(one: Comment) -> str:
    """What an instructor said, with the exercise that it is about."""
    return _about(one.exercise, one.text)


def beside(report: Report) -> list[str]:
    """A line for all that stands beside the exercises: what changes the grade, and what the instructor said."""
    return [*map(adjustment, report.adjustments), *map(comment, report.comments)]


def _about(exercise: str, text: str) -> str:
    return messages.OF_EXERCISE.format(id=exercise, text=text) if exercise else text


def message(test: TestResult) -> str:
    """Why a test did not pass, in a few lines; "" where it passed."""
    return "\n".join(explain(test.finding)) if test.finding is not None else test.detail


def first_failure(result: ExerciseResult) -> str:
    """What the first test of an exercise that did not pass has to say."""
    return message(result.first_failed) if result.first_failed else ""


def is_told_elsewhere(result: ExerciseResult, shown: Collection[str]) -> bool:
    """Whether another of the exercises that are shown says why this one could not be run."""
    finding = result.first_failed.finding if result.first_failed else None
    return finding is not None and finding.told_at in shown


def remarks(result: ExerciseResult) -> list[str]:
    """What is to be said of an exercise that was begun and has not passed: the mistake, or what was measured of it and
    the hint, if there is one."""
    if not result.is_begun:
        return []
    if result.are_together:
        number = messages.TWO if len(result.mistakes) == 2 else messages.THREE
        return [messages.TOGETHER.format(number=number, named=messages.AND.join(map(_named, result.mistakes)))]
    if result.mistakes:
        text = messages.BONUS_DIAGNOSIS if result.bonus else messages.DIAGNOSIS
        return [text.format(named=messages.OR.join(dict.fromkeys(map(_named, result.mistakes))))]
    said = " ".join(map(str, result.symptoms))
    return [*([said] if said else []), *([messages.LOOK_AT.format(hint=result.hint)] if result.hint else [])]


def missing_files(results: Iterable[ExerciseResult]) -> dict[str, list[ExerciseResult]]:
    """The files of which nothing was handed in, not even a stub, where that spares more than one row."""
    files: dict[str, list[ExerciseResult]] = {}
    for result in results:
        files.setdefault(result.file, []).append(result)
    missing = {
        file: found
        for file, found in files.items()
        if all(result.status is Status.NOT_STARTED and result.place is None for result in found)
    }
    return missing if sum(map(len, missing.values())) > 1 else {}


def where_next(report: Report) -> str:
    """Where to go on; "" where that cannot be said."""
    todo = report.to_work_on
    if todo is None:
        return messages.ALL_DONE if len(report.counted) == len(report.results) else messages.ALL_ASKED_DONE
    place = todo.place or todo.file
    if todo.is_begun:
        return messages.NEXT_BEGUN.format(id=todo.id, place=place)
    if todo.status is not Status.NOT_STARTED:
        return ""
    has_begun = any(result.status is not Status.NOT_STARTED for result in report.results)
    text = messages.NEXT_STEP if has_begun else messages.FIRST_STEP
    return text.format(id=todo.id, place=place, hint=todo.hint)


def _named(mistake: Mistake) -> str:
    return messages.NAMED.format(title=mistake.title, explanation=mistake.explanation)


def problems(notes: Sequence[Note]) -> list[Note]:
    """The notes of a report, without that only some exercises were asked for."""
    return [found for found in notes if found.kind is not NoteKind.ONLY_SOME]
