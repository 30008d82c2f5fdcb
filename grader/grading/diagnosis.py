"""Names mistakes by what they do: which misconceptions answer every question of an exercise as the learner did?

Where none does, alone or with another, symptoms.py says what can be measured. A grade never depends on it.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from grader.base.compare import same
from grader.base.errors import GraderError
from grader.base.report import Symptom
from grader.grading.outcomes import Asked, Score
from grader.grading.reference import Reference, reference
from grader.grading.symptoms import Evidence, error_like, measured
from grader.kit import Kit
from grader.kit.model import Misconception


@dataclass(frozen=True)
class Diagnosis:
    """What explains or describes the wrong answers to one exercise.

    misconceptions: each explains all of them, the simplest first; or two that explain them only together.
    """

    misconceptions: tuple[Misconception, ...] = ()
    are_together: bool = False
    symptoms: tuple[Symptom, ...] = ()


def diagnose(score: Score, kit: Kit) -> Diagnosis:
    """Find out about an exercise that was begun and has not passed."""
    # What met a gap that is still to be filled says nothing of what is there.
    asked = dict.fromkeys(question for test in score.tests for question in test.asked)
    questions = [question for question in asked if question.error != NotImplementedError.__name__]
    first = next((test.result.finding for test in score.tests if test.result.finding), None)
    if all(question.was_right for question in questions):
        return Diagnosis(symptoms=tuple(measured(Evidence((), first, reference(kit)))))
    known = kit.misconceptions.get(score.exercise.id, ())
    alone = tuple(misconception for misconception in known if _answers_like(kit, (misconception,), questions))
    if alone:
        return Diagnosis(alone)
    # One that fails only where much is asked leaves no trace in the answers: it would go with anything.
    # And an exception ends a probe, whatever else is wrong: it is evidence of one mistake only.
    pairs = itertools.combinations([one for one in known if not one.only_when_large], 2)
    for pair in pairs if not any(question.error for question in questions) else ():
        if _answers_like(kit, pair, questions):
            return Diagnosis(pair, are_together=True)
    return Diagnosis(symptoms=tuple(measured(Evidence(questions, first, reference(kit)))))


def _answers_like(kit: Kit, misconceptions: tuple[Misconception, ...], questions: Sequence[Asked]) -> bool:
    """Whether an implementation with these mistakes gives the learner's answers to all the questions."""
    only_when_large = any(misconception.only_when_large for misconception in misconceptions)
    # What is large might take the grader as long as the learner, so it is not asked again.
    large = [question for question in questions if question.is_large and not question.was_right]
    if any(question.has_failed != only_when_large for question in large):
        return False
    try:
        variant = _variant(kit, misconceptions)
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


def _variant(kit: Kit, misconceptions: tuple[Misconception, ...]) -> Reference:
    """The reference with these mistakes, made anew: what it is asked may change it."""
    file = kit.manifest.by_id[misconceptions[0].exercise].file
    return Reference(kit, {file: [edit for misconception in misconceptions for edit in misconception.edits]})
