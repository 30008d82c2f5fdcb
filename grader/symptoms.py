"""Describes wrong answers that no known mistake explains: what is true of all of them, and of none that is right.

Everything said here is measured, never guessed: each sentence is left out unless all the answers bear it out.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from typing import Any

from grader import messages
from grader.compare import is_number, same, show
from grader.model import Asked, Finding
from grader.reference import reference

UPSTREAM = re.compile(r"\by\.grad = (-?[\d.]+)\n")
NEGATIVE_INPUT = re.compile(r"Value\(-")
GRADIENT_SET = re.compile(r"\b[a-x]\.grad = ")
GRADIENT = re.compile(r"\w+\.grad|g\[\"(\w+)\"\]")
SORTED = re.compile(r"topological_sort\((\w+)\)")


def measured(questions: Sequence[Asked], first: Finding | None) -> Iterator[str]:
    """Sentences on the answers to the questions of one exercise. first: why its first failed test failed."""
    if first is not None and first.raised:
        yield from _of_error(first.error)
        return
    if first is not None and first.is_endless:
        yield messages.ENDLESS
        return
    if not questions:
        return
    answered = [q for q in questions if q.is_judged and not q.has_failed and not q.is_large]
    compared = [
        (question, read, got, want)
        for question in answered
        for read, its, right in zip(question.reads, question.answers, _right(question), strict=True)
        for got, want in _numbers(its, right)
    ]
    wrong = [(question, got, want) for question, _, got, want in compared if not same(got, want)]
    sorts = (question for question in answered if SORTED.fullmatch("; ".join(question.reads)))
    orders = [question for question in sorts if not question.was_right]
    if orders:
        yield from _of_orders(orders)
    if not wrong:
        answers = [answer for question in answered if not question.was_right for answer in question.answers]
        if not orders and answers and all(answer is None for answer in answers):
            yield messages.NO_RETURN
        return
    # In longer ones a wrong number is added to right ones, or multiplied with other wrong ones.
    simplest = min(_statements(question) for question, _, _ in wrong)
    yield from _of_lengths([question for question in answered if not question.was_right])
    few = [(question, got, want) for question, got, want in wrong if _statements(question) == simplest]
    shown = next((question for question in answered if not question.was_right), None)
    if any(question is shown for question, _, _ in few):  # else nobody sees what is spoken of
        many = len({id(question) for question, _, _ in few}) > 1
        said = [*_of_numbers([(got, want) for _, got, want in few], many)]
        yield from said or _of_reads([row for row in compared if _statements(row[0]) == simplest])
    if all(_without_upstream(question, got, want) for question, got, want in wrong):
        yield messages.WITHOUT_UPSTREAM
    bad = {id(question) for question, _, _ in wrong}
    if len(bad) == len(answered) or not all(UPSTREAM.search(q.script) for q in answered):
        return
    for text, is_so in ((messages.WHEN_NEGATIVE, NEGATIVE_INPUT), (messages.WHEN_THERE_ALREADY, GRADIENT_SET)):
        if all(bool(is_so.search(q.script)) == (id(q) in bad) for q in answered):
            yield text


def _right(question: Asked) -> Sequence[Any]:
    return reference().ask(question.script, question.reads)


def error_like(kind: str, message: str) -> str:
    """Which of the known exceptions this one is, as the pattern that it matches, or ""."""
    return next((pattern for pattern in messages.ERRORS if re.match(pattern, f"{kind}: {message}")), "")


def _of_error(error: str) -> Iterator[str]:
    """What an exception, as text, says to somebody who has seen few of them."""
    for pattern, text in messages.ERRORS.items():
        found = re.match(pattern, error)
        if found:
            yield text.format(*found.groups())
            return


def _of_lengths(wrong: Sequence[Asked]) -> Iterator[str]:
    """Whether every wrong answer is a list with too few items or too many."""
    pairs: list[tuple[Any, Any]] = [(question.answers[0], _right(question)[0]) for question in wrong]
    if pairs and all(type(got) is type(want) is list and len(got) != len(want) for got, want in pairs):
        yield messages.LENGTH.format(got=len(pairs[0][0]), want=len(pairs[0][1]))


def _of_numbers(wrong: Sequence[tuple[Any, float]], is_pattern: bool) -> Iterator[str]:
    """What all the wrong numbers have in common, if they are numbers at all: (it, the right one).

    is_pattern: whether they come from more than one question, so that a factor in common is no chance.
    """
    if all(got is None for got, _ in wrong):
        yield messages.NO_RETURN
    elif any(got == {"object": "complex"} for got, _ in wrong):
        yield messages.COMPLEX
    elif not all(is_number(got) for got, _ in wrong):
        yield messages.NOT_NUMBERS
    elif all(got == 0 for got, _ in wrong):
        yield messages.ALL_ZERO
    elif all(same(got, -want) for got, want in wrong):
        yield messages.SIGN
    elif len({got for got, _ in wrong}) == 1 < len(wrong):
        yield messages.ALWAYS.format(got=show(wrong[0][0]))
    elif is_pattern and all(want and type(want) is float for _, want in wrong):
        factor, difference = wrong[0][0] / wrong[0][1], wrong[0][0] - wrong[0][1]
        if all(math.isclose(got, factor * want, rel_tol=1e-9) for got, want in wrong):
            yield messages.FACTOR.format(factor=factor)
        elif all(math.isclose(got, want + difference, rel_tol=1e-9) for got, want in wrong):
            yield messages.DIFFERENCE.format(difference=difference)


def _of_reads(compared: Sequence[tuple[Asked, str, Any, float]]) -> Iterator[str]:
    """Which of the numbers that were asked for is right, and which is wrong."""
    wrong = dict.fromkeys(read for _, read, got, want in compared if not same(got, want))
    right = dict.fromkeys(read for _, read, _, _ in compared if read not in wrong and GRADIENT.fullmatch(read))
    if right and all(GRADIENT.fullmatch(read) for read in wrong):
        yield messages.ONLY_SOME_READS.format(right=", ".join(right), wrong=", ".join(wrong))


def _of_orders(questions: Sequence[Asked]) -> Iterator[str]:
    """What is wrong with the first of some lists that should hold every node of a graph once, children first."""
    faults = [_faults(question) for question in questions]
    is_always_turned_round = all(messages.ORDER_TURNED_ROUND in some for some in faults)
    for fault in faults[0]:  # two nodes are in the wrong order, or turned round: it is the same
        is_so = fault != messages.ORDER_TURNED_ROUND or is_always_turned_round
        yield fault if is_so else messages.ORDER_TOO_EARLY


def _faults(question: Asked) -> list[str]:
    (root,) = SORTED.findall(question.reads[0])
    listed = f"topological_sort({root})"
    edges = f"[[child, node] for node in {listed} for child in node._prev]"
    right, pairs = reference().ask(question.script, (listed, edges))
    (answer,) = question.answers
    if type(answer) is not list:
        return [messages.NO_RETURN if answer is None else messages.ORDER_NO_LIST]
    names = [item.get("node") if type(item) is dict else None for item in answer]
    if any(type(item) is dict and "value" in item for item in answer):
        return [messages.ORDER_LEFT_OVER]
    if not all(type(name) is str for name in names):
        return [messages.ORDER_NOT_NODES]
    nodes = [node["node"] for node in right]
    faults = []
    if len(set(names)) < len(names):
        faults.append(messages.ORDER_REPEATS)
    if root not in names:
        faults.append(messages.ORDER_NO_ROOT)
    elif not set(nodes) <= set(names):
        faults.append(messages.ORDER_MISSES)
    place = {name: names.index(name) for name in names}
    inside = [(c["node"], n["node"]) for c, n in pairs if c["node"] in place and n["node"] in place]
    if inside and all(place[child] > place[node] for child, node in inside):
        faults.append(messages.ORDER_TURNED_ROUND)
    elif any(place[child] > place[node] for child, node in inside):
        faults.append(messages.ORDER_TOO_EARLY)
    return faults


def _numbers(its: Any, right: Any) -> Iterator[tuple[Any, float]]:
    """An answer number by number, each with the right one."""
    todo = [(its, right)]
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
