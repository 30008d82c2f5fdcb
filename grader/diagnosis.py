"""Names mistakes by what they do: which misconceptions answer every question of an exercise as the learner did?

A grade never depends on this.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterable

from grader.compare import same
from grader.manifest import kit_manifest
from grader.misconceptions import catalogue
from grader.model import Asked, ExerciseResult, Misconception, Status
from grader.reference import Reference


def with_diagnoses(results: Iterable[ExerciseResult]) -> tuple[ExerciseResult, ...]:
    """The results, with the misconceptions that explain those that are wrong."""
    return tuple(
        dataclasses.replace(result, misconceptions=diagnose(result.exercise.id, asked))
        if result.status in (Status.PARTIAL, Status.FAILED) and (asked := [a for t in result.tests for a in t.asked])
        else result
        for result in results
    )


def diagnose(exercise: str, asked: Iterable[Asked]) -> tuple[Misconception, ...]:
    """The misconceptions of an exercise that give the learner's answers to all that was asked, the simplest first.

    asked: all the questions of the exercise and how they were answered, the right answers among them.
    """
    # What met a gap that is still to be filled says nothing of what is there.
    questions = [question for question in dict.fromkeys(asked) if question.error != NotImplementedError.__name__]
    if all(question.was_right for question in questions):
        return ()
    return tuple(m for m in catalogue().get(exercise, ()) if all(_answers_like(m, question) for question in questions))


def _answers_like(misconception: Misconception, question: Asked) -> bool:
    if question.is_large:  # it might take the grader as long as the learner, so it is not asked again
        return misconception.only_when_large or not question.has_failed
    if question.fault:
        return False
    try:
        answers = _variant(misconception).ask(question.script, question.reads)
    except Exception as error:  # noqa: BLE001 - it is wrong, in whatever way
        return question.error == type(error).__name__
    return question.error == "" and same(list(question.answers), answers)


@functools.cache
def _variant(misconception: Misconception) -> Reference:
    return Reference({kit_manifest().by_id[misconception.exercise].file: misconception.edits})
