"""Names mistakes by what they do: which misconceptions answer every question of an exercise as the learner did?

Where none does, alone or with another, it says what can be measured of the wrong answers. A grade never depends on it.
"""

from __future__ import annotations

import dataclasses
import itertools
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from grader import messages
from grader.compare import is_number, same
from grader.errors import GraderError
from grader.manifest import kit_manifest
from grader.misconceptions import catalogue
from grader.model import Asked, ExerciseResult, Misconception, Status
from grader.reference import Reference, reference

UPSTREAM = re.compile(r"\by\.grad = (-?[\d.]+)\n")
NEGATIVE_INPUT = re.compile(r"Value\(-")


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
    if all(question.was_right for question in questions):
        return result
    known = catalogue().get(result.exercise.id, ())
    alone = tuple(misconception for misconception in known if _answers_like((misconception,), questions))
    if alone:
        return dataclasses.replace(result, misconceptions=alone)
    # One that fails only where much is asked leaves no trace in the answers: it would go with anything.
    for pair in itertools.combinations([one for one in known if not one.only_when_large], 2):
        if _answers_like(pair, questions):
            return dataclasses.replace(result, misconceptions=pair, are_together=True)
    return dataclasses.replace(result, symptoms=tuple(_symptoms(questions)))


def _answers_like(misconceptions: tuple[Misconception, ...], questions: Sequence[Asked]) -> bool:
    """Whether an implementation with these mistakes gives the learner's answers to all the questions."""
    only_when_large = any(misconception.only_when_large for misconception in misconceptions)
    # What is large might take the grader as long as the learner, so it is not asked again.
    if any(question.has_failed and question.is_large and not only_when_large for question in questions):
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
        return question.error == type(error).__name__
    return question.error == "" and same(list(question.answers), answers)


def _variant(misconceptions: tuple[Misconception, ...]) -> Reference:
    """The reference with these mistakes, made anew: what it is asked may change it."""
    file = kit_manifest().by_id[misconceptions[0].exercise].file
    return Reference({file: [edit for misconception in misconceptions for edit in misconception.edits]})


def _symptoms(questions: Sequence[Asked]) -> Iterator[str]:
    """What is true of all the wrong answers, and of none that is right; measured, never guessed."""
    answered = [q for q in questions if not q.has_failed and not q.is_large]
    compared = [(question, got, want) for question in answered for got, want in _numbers(question)]
    wrong = [(question, got, want) for question, got, want in compared if not same(got, want)]
    if not wrong:
        return
    # In longer ones a wrong number is added to right ones, or multiplied with other wrong ones.
    simplest = min(_statements(question) for question, _, _ in wrong)
    yield from _of_numbers([(got, want) for question, got, want in wrong if _statements(question) == simplest])
    if all(_without_upstream(question, got, want) for question, got, want in wrong):
        yield messages.WITHOUT_UPSTREAM
    bad = {id(question) for question, _, _ in wrong}
    for text, is_so in ((messages.WHEN_NEGATIVE, _has_negative_input), (messages.WHEN_THERE_ALREADY, _has_gradients)):
        if all(is_so(q) == (id(q) in bad) for q in answered) and len(bad) < len(answered):
            yield text


def _of_numbers(wrong: Sequence[tuple[Any, float]]) -> Iterator[str]:
    """What all the wrong numbers have in common, if they are numbers at all: (it, the right one)."""
    if not all(is_number(got) for got, _ in wrong):
        yield messages.NOT_NUMBERS
    elif all(got == 0 for got, _ in wrong):
        yield messages.ALL_ZERO
    elif all(same(got, -want) for got, want in wrong):
        yield messages.SIGN
    elif len(wrong) > 1 and all(want for _, want in wrong):
        factor, difference = wrong[0][0] / wrong[0][1], wrong[0][0] - wrong[0][1]
        if all(math.isclose(got, factor * want, rel_tol=1e-9) for got, want in wrong):
            yield messages.FACTOR.format(factor=factor)
        elif all(math.isclose(got, want + difference, rel_tol=1e-9) for got, want in wrong):
            yield messages.DIFFERENCE.format(difference=difference)


def _numbers(question: Asked) -> Iterator[tuple[Any, float]]:
    """The answers to a question, number by number, each with the right one."""
    todo = list(zip(question.answers, reference().ask(question.script, question.reads), strict=True))
    while todo:
        got, want = todo.pop(0)
        if type(want) is list and type(got) is list and len(got) == len(want):
            todo[:0] = zip(got, want, strict=True)
        elif is_number(want):
            yield got, want


def _statements(question: Asked) -> int:
    return question.script.count(";") + question.script.count("\n")


def _without_upstream(question: Asked, got: Any, want: float) -> bool:
    found = UPSTREAM.search(question.script)
    return found is not None and is_number(got) and bool(got) and same(got * float(found[1]), want)


def _has_negative_input(question: Asked) -> bool:
    return NEGATIVE_INPUT.search(question.script) is not None


def _has_gradients(question: Asked) -> bool:
    return re.search(r"\b[a-x]\.grad = ", question.script) is not None
