"""Describes wrong answers that no known mistake explains: what is true of all of them, and of none that is right.

The evidence is one value, and each rule looks at it for one kind of symptom. Everything said here is measured, never
guessed: a rule says nothing unless all the answers bear it out.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from grader.base import messages
from grader.base.compare import is_number, same, show
from grader.base.report import Finding, Symptom, SymptomKind, symptom
from grader.base.text import cut
from grader.grading.outcomes import Asked
from grader.grading.reference import Reference

UPSTREAM = re.compile(r"\by\.grad = (-?[\d.]+)\n")
NEGATIVE_INPUT = re.compile(r"Value\(-")
GRADIENT_SET = re.compile(r"\b[a-x]\.grad = ")
GRADIENT = re.compile(r"\w+\.grad|g\[\"(\w+)\"\]")
ATTRIBUTE = re.compile(r"\w+(?:\[\d+\])?(?:\.\w+)+")
SORTED = re.compile(r"topological_sort\((\w+)\)")

MAX_NAME = 80  # bytes in JSON of a name in an exception
EXACT = ("Fraction", "Decimal")  # types of numbers that are no floats


@dataclass(frozen=True)
class Number:
    """One number of an answer beside the right one; got may be anything at all."""

    question: Asked
    read: str
    got: Any
    want: float

    @property
    def is_right(self) -> bool:
        return same(self.got, self.want)


@dataclass(frozen=True)
class Evidence:
    """The questions of one exercise and how they were answered. first: why its first failed test failed."""

    questions: Sequence[Asked]
    first: Finding | None
    reference: Reference

    @cached_property
    def answered(self) -> list[Asked]:
        """The questions that got an answer and have one right answer; not those that ask much."""
        return [q for q in self.questions if q.is_judged and not q.has_failed and not q.is_large]

    @cached_property
    def wrongly_answered(self) -> list[Asked]:
        return [question for question in self.answered if not question.was_right]

    @cached_property
    def numbers(self) -> list[Number]:
        """The answers number by number."""
        return [
            Number(question, read, got, want)
            for question in self.answered
            for read, answer, right in zip(question.reads, question.answers, self.right(question), strict=True)
            for got, want in _numbers(answer, right)
        ]

    @cached_property
    def wrong(self) -> list[Number]:
        return [number for number in self.numbers if not number.is_right]

    @cached_property
    def shortest(self) -> list[Number]:
        """The numbers of the questions that are as short as the shortest with a wrong one. In longer ones a wrong
        number is added to right ones, or multiplied with other wrong ones."""
        length = min((_statements(number.question) for number in self.wrong), default=0)
        return [number for number in self.numbers if _statements(number.question) == length]

    @cached_property
    def is_shortest_shown(self) -> bool:
        """Whether the question that the learner sees is one of the shortest; else nobody sees what is spoken of."""
        shown = next(iter(self.wrongly_answered), None)
        said = self.first.got if self.first else ""
        if shown is None or (said and all(show(answer) != said for answer in shown.answers)):
            return False  # it was asked in another way, and that is what the learner sees
        return any(number.question is shown for number in self.shortest if not number.is_right)

    def right(self, question: Asked) -> list[Any]:
        """The right answers to a question."""
        return self.reference.ask(question.script, question.reads)


def measured(evidence: Evidence) -> list[Symptom]:
    """What there is to say of the answers to the questions of one exercise, the most telling first."""
    first = evidence.first
    if first is not None and first.source and not first.told_at:
        return list(_of_error(first.error, messages.NO_PYTHON, re.search))  # the file is named before it
    if first is not None and first.raised:
        return list(_of_error(first.error, messages.ERRORS, re.match))
    if first is not None and first.is_endless:
        return [symptom(SymptomKind.ENDLESS)]
    return [found for rule in RULES for found in rule(evidence)]


def _of_error(
    error: str, known: Mapping[str, str], find: Callable[[str, str], re.Match[str] | None]
) -> Iterator[Symptom]:
    """What an exception in a text says to somebody who has seen few of them. find: where in the text it has to be."""
    for pattern, text in known.items():
        found = find(pattern, error)
        if found:
            names = (cut(name or "", MAX_NAME) for name in found.groups())
            yield symptom(SymptomKind.EXCEPTION, text=text.format(*names))
            return


def _of_orders(evidence: Evidence) -> Iterator[Symptom]:
    """What is wrong with the first of some lists that should hold every node of a graph once, children first."""
    sorts = [q for q in evidence.wrongly_answered if SORTED.fullmatch("; ".join(q.reads))]
    faults = [_faults_of_order(question, evidence.reference) for question in sorts]
    is_always_turned_round = all(SymptomKind.ORDER_TURNED_ROUND in some for some in faults)
    for fault in faults[0] if faults else ():
        # Two nodes are in the wrong order, or turned round: it is the same.
        is_so = fault is not SymptomKind.ORDER_TURNED_ROUND or is_always_turned_round
        yield symptom(fault if is_so else SymptomKind.ORDER_TOO_EARLY)


def _of_nothing_returned(evidence: Evidence) -> Iterator[Symptom]:
    """Whether no answer is a number, and all are None."""
    is_order = any(SORTED.fullmatch("; ".join(q.reads)) for q in evidence.wrongly_answered)
    answers = [answer for question in evidence.wrongly_answered for answer in question.answers]
    if not evidence.wrong and not is_order and answers and all(answer is None for answer in answers):
        yield symptom(SymptomKind.NO_RETURN)


def _of_lengths(evidence: Evidence) -> Iterator[Symptom]:
    """Whether every wrong answer is a list with too few items or too many."""
    pairs: list[tuple[Any, Any]] = [(q.answers[0], evidence.right(q)[0]) for q in evidence.wrongly_answered]
    are_lists = all(type(got) is type(want) is list and len(got) != len(want) for got, want in pairs)
    if evidence.wrong and pairs and are_lists:
        yield symptom(SymptomKind.LENGTH, got=len(pairs[0][0]), want=len(pairs[0][1]))


def _of_numbers(evidence: Evidence) -> Iterator[Symptom]:
    """What all the wrong numbers of the shortest questions have in common; else which of them are right."""
    wrong = [number for number in evidence.shortest if not number.is_right]
    if not wrong or not evidence.is_shortest_shown:
        return
    found = next((s for s in (pattern(wrong) for pattern in NUMBER_PATTERNS) if s is not None), None)
    if found is not None:
        yield found
    else:
        yield from _of_reads(evidence)


def _of_reads(evidence: Evidence) -> Iterator[Symptom]:
    """Which of the gradients that were asked for is right, and which is wrong."""
    wrong = dict.fromkeys(number.read for number in evidence.shortest if not number.is_right)
    right = dict.fromkeys(n.read for n in evidence.shortest if n.read not in wrong and GRADIENT.fullmatch(n.read))
    if right and all(GRADIENT.fullmatch(read) for read in wrong):
        yield symptom(SymptomKind.ONLY_SOME_READS, right=", ".join(right), wrong=", ".join(wrong))


def _of_upstream(evidence: Evidence) -> Iterator[Symptom]:
    """Whether only the upstream gradient is missing."""
    if evidence.wrong and all(map(_is_without_upstream, evidence.wrong)):
        yield symptom(SymptomKind.WITHOUT_UPSTREAM)


def _of_inputs(evidence: Evidence) -> Iterator[Symptom]:
    """Whether the answers are wrong just where the question has something that others have not."""
    bad = {id(number.question) for number in evidence.wrong}
    asked = [q for q in evidence.answered if id(q) in bad or UPSTREAM.search(q.script)]
    if not bad or len(bad) == len(asked) or not all(UPSTREAM.search(q.script) for q in asked):
        return
    for kind, has_it in (
        (SymptomKind.WHEN_NEGATIVE, NEGATIVE_INPUT),
        (SymptomKind.WHEN_THERE_ALREADY, GRADIENT_SET),
    ):
        if all(bool(has_it.search(q.script)) == (id(q) in bad) for q in asked):
            yield symptom(kind)


Rule = Callable[[Evidence], Iterator[Symptom]]
RULES: tuple[Rule, ...] = (
    *(_of_orders, _of_nothing_returned, _of_lengths),
    *(_of_numbers, _of_upstream, _of_inputs),
)


# What wrong numbers may have in common: of these patterns the first that fits is the one that is told.


def _none(wrong: Sequence[Number]) -> Symptom | None:
    if not all(n.got is None for n in wrong):
        return None
    # An attribute is no function's answer.
    read = next((n.read for n in wrong if ATTRIBUTE.fullmatch(n.read)), "")
    return symptom(SymptomKind.IS_NONE, read=read) if read else symptom(SymptomKind.NO_RETURN)


def _complex(wrong: Sequence[Number]) -> Symptom | None:
    return symptom(SymptomKind.COMPLEX) if any(n.got == {"object": "complex"} for n in wrong) else None


def _no_float(wrong: Sequence[Number]) -> Symptom | None:
    kinds = [n.got["object"] for n in wrong if type(n.got) is dict and n.got.get("object") in EXACT]
    return symptom(SymptomKind.NO_FLOAT, type=kinds[0]) if kinds else None


def _not_numbers(wrong: Sequence[Number]) -> Symptom | None:
    return None if all(is_number(n.got) for n in wrong) else symptom(SymptomKind.NOT_NUMBERS)


def _all_zero(wrong: Sequence[Number]) -> Symptom | None:
    return symptom(SymptomKind.ALL_ZERO) if all(n.got == 0 for n in wrong) else None


def _sign(wrong: Sequence[Number]) -> Symptom | None:
    return symptom(SymptomKind.SIGN) if all(same(n.got, -n.want) for n in wrong) else None


def _always(wrong: Sequence[Number]) -> Symptom | None:
    is_one_number = len({n.got for n in wrong}) == 1 < len(wrong)
    return symptom(SymptomKind.ALWAYS, got=show(wrong[0].got)) if is_one_number else None


def _factor(wrong: Sequence[Number]) -> Symptom | None:
    if not _are_many(wrong):
        return None
    factor = wrong[0].got / wrong[0].want
    fits = all(math.isclose(n.got, factor * n.want, rel_tol=1e-9) for n in wrong)
    return symptom(SymptomKind.FACTOR, factor=f"{factor:.6g}") if fits else None


def _difference(wrong: Sequence[Number]) -> Symptom | None:
    if not _are_many(wrong):
        return None
    difference = wrong[0].got - wrong[0].want
    fits = all(math.isclose(n.got, n.want + difference, rel_tol=1e-9) for n in wrong)
    return symptom(SymptomKind.DIFFERENCE, difference=f"{difference:.6g}") if fits else None


def _are_many(wrong: Sequence[Number]) -> bool:
    """Whether they come from more than one question, so that what they have in common is no chance."""
    return len({id(n.question) for n in wrong}) > 1 and all(n.want and type(n.want) is float for n in wrong)


NUMBER_PATTERNS = (_none, _complex, _no_float, _not_numbers, _all_zero, _sign, _always, _factor, _difference)


def _faults_of_order(question: Asked, reference: Reference) -> list[SymptomKind]:
    """What is wrong with one list of nodes."""
    (root,) = SORTED.findall(question.reads[0])
    listed = f"topological_sort({root})"
    edges = f"[[child, node] for node in {listed} for child in node._prev]"
    right, pairs = reference.ask(question.script, (listed, edges))
    (answer,) = question.answers
    if type(answer) is not list:
        return [SymptomKind.NO_RETURN if answer is None else SymptomKind.ORDER_NO_LIST]
    names = [item.get("node") if type(item) is dict else None for item in answer]
    if any(type(item) is dict and "value" in item for item in answer):
        return [SymptomKind.ORDER_LEFT_OVER]
    if not all(type(name) is str for name in names):
        return [SymptomKind.ORDER_NOT_NODES]
    nodes = {node["node"] for node in right}
    faults = []
    if len(set(names)) < len(names):
        faults.append(SymptomKind.ORDER_REPEATS)
    if root not in names:
        faults.append(SymptomKind.ORDER_NO_ROOT)
    elif not nodes <= set(names):
        faults.append(SymptomKind.ORDER_MISSES)
    place = {name: names.index(name) for name in names}
    inside = [(c["node"], n["node"]) for c, n in pairs if c["node"] in place and n["node"] in place]
    if inside and all(place[child] > place[node] for child, node in inside):
        faults.append(SymptomKind.ORDER_TURNED_ROUND)
    elif any(place[child] > place[node] for child, node in inside):
        faults.append(SymptomKind.ORDER_TOO_EARLY)
    return faults


def _numbers(answer: Any, right: Any) -> Iterator[tuple[Any, float]]:
    """An answer number by number, each with the right one."""
    todo = [(answer, right)]
    while todo:
        got, want = todo.pop(0)
        if type(want) is list and type(got) is list and len(got) == len(want):
            todo[:0] = zip(got, want, strict=True)
        elif is_number(want):
            yield got, want


def _statements(question: Asked) -> int:
    return question.script.count(";") + question.script.count("\n")


def _is_without_upstream(number: Number) -> bool:
    upstream, got = UPSTREAM.search(number.question.script), number.got
    return upstream is not None and is_number(got) and bool(got) and same(got * float(upstream[1]), number.want)
