"""Names mistakes by what they do: which misconceptions answer every question of an exercise as the learner did?

Where none does, alone or with another, symptoms.py says what can be measured. A grade never depends on it.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterable, Sequence

from grader.compare import same
from grader.errors import GraderError
from grader.manifest import kit_manifest
from grader.misconceptions import catalogue
from grader.model import Asked, ExerciseResult, Misconception, Status
from grader.reference import Reference
from grader.symptoms import error_like, measured


def with_diagnoses(results: Iterable[ExerciseResult]) -> tuple[ExerciseResult, ...]:
    """The results, with what explains or describes those that are wrong, and without what was asked."""
    return tuple(_without_questions(_with_diagnosis(result)) for result in results)


def _without_questions(result: ExerciseResult) -> ExerciseResult:
    return dataclasses.replace(result, tests=tuple(dataclasses.replace(test, asked=()) for test in result.tests))


def _with_diagnosis(result: ExerciseResult) -> ExerciseResult:
    if result.status not in (Status.PARTIAL, Status.FAILED):
        return result
    try:
        return _diagnosed(result)
    except Exception:  # noqa: BLE001 - what was graded stands, whatever happens here
        return result


def _diagnosed(result: ExerciseResult) -> ExerciseResult:
    # What met a gap that is still to be filled says nothing of what is there.
    asked = dict.fromkeys(question for test in result.tests for question in test.asked)
    questions = [question for question in asked if question.error != NotImplementedError.__name__]
    first = next((test.finding for test in result.tests if test.finding), None)
    if all(question.was_right for question in questions):
        return dataclasses.replace(result, symptoms=tuple(measured((), first)))
    known = catalogue().get(result.exercise.id, ())
    alone = tuple(misconception for misconception in known if _answers_like((misconception,), questions))
    if alone:
        return dataclasses.replace(result, misconceptions=alone)
    # One that fails only where much is asked leaves no trace in the answers: it would go with anything.
    # And an exception ends a probe, whatever else is wrong: it is evidence of one mistake only.
    pairs = itertools.combinations([one for one in known if not one.only_when_large], 2)
    for pair in pairs if not any(question.error for question in questions) else ():
        if _answers_like(pair, questions):
            return dataclasses.replace(result, misconceptions=pair, are_together=True)
    return dataclasses.replace(result, symptoms=tuple(measured(questions, first)))


def _answers_like(misconceptions: tuple[Misconception, ...], questions: Sequence[Asked]) -> bool:
    """Whether an implementation with these mistakes gives the learner's answers to all the questions."""
    only_when_large = any(misconception.only_when_large for misconception in misconceptions)
    # What is large might take the grader as long as the learner, so it is not asked again.
    large = [question for question in questions if question.is_large and not question.was_right]
    if any(question.has_failed != only_when_large for question in large):
        return False
    try:
        variant = _variant(misconceptions)
    except (GraderError, SyntaxError):  # the two do not go together
        return False
    return all(_answers(variant, question) for question in questions if not question.is_large)


def _answers(variant: Reference, question: Asked) -> bool:
    if question.fault:
        return False
    try:
        answers = variant.ask(question.script, question.reads)
    except Exception as error:  # noqa: BLE001 - it is wrong, in whatever way
        kind = type(error).__name__
        return question.error == kind and error_like(kind, question.message) == error_like(kind, str(error))
    return question.error == "" and same(list(question.answers), answers, *(question.tolerance or ()))


def _variant(misconceptions: tuple[Misconception, ...]) -> Reference:
    """The reference with these mistakes, made anew: what it is asked may change it."""
    file = kit_manifest().by_id[misconceptions[0].exercise].file
    return Reference({file: [edit for misconception in misconceptions for edit in misconception.edits]})
