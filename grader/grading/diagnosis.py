"""Names mistakes by what they do: which misconceptions answer every question of an exercise as the learner did?

It takes the fewest that do, up to three, made together. Where none do, symptoms.py says what can be measured. A grade
never depends on it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from grader.base.errors import GraderError
from grader.base.report import Symptom
from grader.grading.outcomes import Asked, Score, TestOutcome
from grader.grading.reference import reference
from grader.grading.symptoms import Evidence, measured
from grader.grading.variants import Variant, Walk
from grader.kit import Kit
from grader.kit.model import Manifest, Misconception

MOST_THREES = 500  # sets of three mistakes that are tried: half a second
TOO_MUCH = ("RecursionError", "MemoryError")


@dataclass(frozen=True)
class Diagnosis:
    """What explains or describes the wrong answers to one exercise.

    misconceptions: each explains all of them, the simplest first; or those that explain them only together.
    """

    misconceptions: tuple[Misconception, ...] = ()
    are_together: bool = False
    symptoms: tuple[Symptom, ...] = ()


def diagnose(score: Score, kit: Kit) -> Diagnosis:
    """Find out about an exercise that was begun and has not passed."""
    # What met something that is still to be written says nothing of what is there.
    missing = _missing_names(kit.manifest, score.exercise.id)
    questions = [*dict.fromkeys(asked for test in score.tests for asked in _evidence(test, missing))]
    if all(question.was_right for question in questions):
        questions = []
    else:
        diagnosis = _Search(kit, kit.misconceptions.get(score.exercise.id, ()), questions, _large(score)).diagnosis()
        if diagnosis.misconceptions:
            return diagnosis
    first = next((test.result.finding for test in score.tests if test.result.finding), None)
    return Diagnosis(symptoms=tuple(measured(Evidence([q for q in questions if q.counts], first, reference(kit)))))


def _evidence(test: TestOutcome, missing: Iterable[str]) -> Iterator[Asked]:
    """The questions of a test. After a wrong answer it goes on only to ask the same in another way: of these ways the
    one counts that was answered rightly, or else says most."""
    ways: list[Asked] = []
    chosen: list[Asked] = []
    for asked in test.asked:
        if asked.error == NotImplementedError.__name__ or _meets(asked, missing):
            continue
        if asked.was_right or not asked.is_judged:
            chosen.append(asked)
        if asked.is_judged:
            ways = [] if asked.was_right else [*ways, asked]
    if ways:
        # Where nothing arrives in any way, the last; else the first of those that say as much.
        chosen.append(max(ways if any(_says(way) > 1 for way in ways) else reversed(ways), key=_says))
    # In the order in which they were asked: what is kept from one question may change the next answer.
    return (asked for asked in test.asked if any(asked is one for one in chosen))


def _says(asked: Asked) -> int:
    """How much the answer to a question says: 2 where something arrives, 1 where nothing does, 0 if there is none."""
    if asked.has_failed:
        return 0
    answers = dict(zip(asked.reads, asked.answers, strict=True))
    gradients = [answer for read, answer in answers.items() if read.endswith(".grad")]
    return 2 if any(gradients or asked.answers) else 1


def _missing_names(manifest: Manifest, exercise: str) -> list[str]:
    """What the other exercises define."""
    symbols = {symbol for e in manifest.exercises if e.id != exercise for symbol in e.symbols}
    return [symbol.rpartition(".")[2] for symbol in symbols - {*manifest.by_id[exercise].symbols}]


def _meets(asked: Asked, missing: Iterable[str]) -> bool:
    """Whether a question has met a name that is not there, and not this exercise's to define."""
    return asked.error in ("NameError", "AttributeError") and any(f"'{name}'" in asked.message for name in missing)


def _large(score: Score) -> set[tuple[str, str]]:
    """Where, and how, there was no answer to a question that asks much."""
    return {
        (test.result.id, asked.error or str(asked.fault))
        for test in score.tests
        for asked in test.asked
        if _is_too_much(asked)
    }


def _is_too_much(asked: Asked) -> bool:
    """Whether it is because a question asks much that it got no answer."""
    return asked.is_large and (asked.fault is not None or asked.error in TOO_MUCH)


class _Search:
    """Looks for the misconceptions that explain all the answers to one exercise."""

    def __init__(
        self, kit: Kit, known: Sequence[Misconception], asked: Sequence[Asked], large: set[tuple[str, str]]
    ) -> None:
        """large: as _large says."""
        self._kit = kit
        self._known = known
        self._large = large
        self._right = reference(kit)
        self._small = [question for question in asked if not question.is_large]
        self._wrong = [question for question in self._small if not question.was_right]
        # What is large might take the grader as long as the learner: only what got an answer is asked again.
        self._answered_large = [q for q in asked if q.is_large and not _is_too_much(q)]

    def diagnosis(self) -> Diagnosis:
        # Children in the order in which they were made are likelier than in just the one that suits a mistake.
        each = (tuple(m for m in self._known if self._explains_alone(m, walk)) for walk in Walk)
        alone = next(filter(None, each), ())
        if alone or self._large:  # beside others, a mistake that only fails where much is asked would go with anything
            return Diagnosis(alone)
        ones = [one for m in self._known if (one := self._variant([m])) and self._counts(one)]
        twos = [two for pair in itertools.combinations(ones, 2) if (two := self._made_together(pair))]
        return self._named(twos) or self._named(self._threes(ones, twos)) or Diagnosis()

    def _variant(self, misconceptions: Iterable[Misconception]) -> Variant | None:
        try:
            return Variant(self._kit, tuple(misconceptions))
        except (GraderError, SyntaxError):  # they do not go together
            return None

    def _made_together(self, variants: Iterable[Variant]) -> Variant | None:
        return self._variant(dict.fromkeys(m for variant in variants for m in variant.misconceptions))

    def _explains_alone(self, misconception: Misconception, walk: Walk) -> bool:
        expected = {misconception.only_when_large} if misconception.only_when_large else set()
        variant = self._variant([misconception]) if self._large == expected else None
        return variant is not None and self._explains_all(variant, walk, is_large_asked=not expected)

    def _explains_all(self, variant: Variant, walk: Walk = Walk.ANY, is_large_asked: bool = True) -> bool:
        # In the order in which the learner's code was asked: what is kept from one question may change the next answer.
        questions = [*self._small, *(self._answered_large if is_large_asked else ())]
        return all(self._explains(variant, question, walk) for question in questions)

    def _explains(self, variant: Variant, question: Asked, walk: Walk = Walk.ANY) -> bool:
        if not question.counts:
            variant.meets(question, self._right, walk)
            return True
        return variant.answers_like(question, self._right, walk)

    def _counts(self, one: Variant) -> bool:
        """Whether a mistake may be one of several: it changes a wrong answer, and no right one."""
        if any(m.only_when_large for m in one.misconceptions):
            return False
        changes = any(one.differs(question, self._right) for question in self._wrong)
        return changes and all(self._explains(one, question) for question in self._small if question.was_right)

    def _threes(self, ones: Sequence[Variant], twos: Sequence[Variant]) -> list[Variant]:
        """Of two mistakes that explain anything, and no less than each alone, those with one more."""
        explained = {one: self._explained(one) for one in ones}
        begun = [
            two
            for two in twos
            if (done := self._explained(two)) and all(explained[one] <= done for one in ones if one.is_part_of(two))
        ]
        threes = {
            frozenset((*two.misconceptions, *one.misconceptions)): (two, one)
            for two in begun
            for one in ones
            if not one.is_part_of(two)
        }
        tried = itertools.islice(threes.values(), MOST_THREES)
        return [three for parts in tried if (three := self._made_together(parts))]

    def _explained(self, variant: Variant) -> set[Asked]:
        return {question for question in self._wrong if self._explains(variant, question)}

    def _named(self, variants: Sequence[Variant]) -> Diagnosis | None:
        """What those of them that explain everything have in common; None if there are none."""
        found = [variant for variant in variants if self._explains_all(variant)]
        if not found or not self._is_borne_out(found[0]):
            return Diagnosis() if found else None
        titles = set.intersection(*({m.title for m in variant.misconceptions} for variant in found))
        shared = tuple(m for m in found[0].misconceptions if m.title in titles)
        return Diagnosis(shared, are_together=len(shared) > 1)

    def _is_borne_out(self, variant: Variant) -> bool:
        """Whether each of the mistakes shows in a number that is not 0; one of them may show in an exception instead.

        A 0 has many causes. So has an exception, which ends a question, whatever else is wrong.
        """
        shown = [self._shown(variant, left_out) for left_out in variant.misconceptions]
        return "" not in shown and shown.count("exception") < 2

    def _shown(self, variant: Variant, left_out: Misconception) -> str:
        """What one of the mistakes changes: "number", "exception" or ""."""
        rest = self._variant(m for m in variant.misconceptions if m is not left_out)
        if rest is None or any(variant.has_other_numbers(asked, rest) for asked in self._wrong):
            return "number"
        return "exception" if any(variant.differs_by_exception(asked, rest) for asked in self._wrong) else ""
