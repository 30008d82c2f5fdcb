"""A variant of the solutions, with mistakes in it, and whether it answers a question as the learner did.

Where a question makes its graph of Values, the order in which a node's children are walked is nobody's mistake: a set
has an order of its own, and a stack takes the last one first. So such a question is put with the children in every
order, as far as there are few.
"""

from __future__ import annotations

import functools
import itertools
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from typing import Any

from grader.base import messages
from grader.base.compare import same
from grader.grading.outcomes import Asked
from grader.grading.reference import Reference
from grader.kit import Kit
from grader.kit.model import Misconception
from grader.sandbox.inside import probes
from grader.sandbox.process import compiled

MOST_ORDERS = 300
WITH_CHILDREN = re.compile(r"\bValue\([^()\n]*, ")
SORTED = re.compile(r"topological_sort\((\w+)\)")
RAN = re.compile(r"(\w+)\.backward\(\)$")


class Walk(Enum):
    """The order in which the children of a node are walked."""

    AS_MADE = "as made"
    TURNED_ROUND = "turned round"  # as from a stack
    ANY = "any"  # as in a set


Order = tuple[tuple[int, ...], ...]  # for each Value that is made with children, the places that they come from
Outcome = list[Any] | Exception  # what comes of a question


class Variant:
    """The solutions with these mistakes. GraderError, or SyntaxError, where the mistakes do not go together."""

    def __init__(self, kit: Kit, misconceptions: Sequence[Misconception]) -> None:
        self.misconceptions = tuple(misconceptions)
        edits = [edit for misconception in misconceptions for edit in misconception.edits]
        file = kit.manifest.by_id[misconceptions[0].exercise].file
        self._reference = Reference(kit, {file: edits})  # made anew: what it is asked may change it
        self._outcomes: dict[Asked, Outcome] = {}

    def outcome(self, question: Asked) -> Outcome:
        """What comes of a question, with the children in the order in which they were handed over."""
        if question not in self._outcomes:
            try:
                self._outcomes[question] = self._reference.ask(question.script, question.reads)
            except Exception as error:  # noqa: BLE001 - it is wrong, in whatever way
                self._outcomes[question] = error
        return self._outcomes[question]

    def answers_like(self, question: Asked, right: Reference, walk: Walk) -> bool:
        """Whether it answers as the learner did. right: the solutions as they are."""
        if question.fault:
            return False
        edges = edges_of(question, right) if question.was_right else []
        outcomes: Iterable[Outcome] = self._in_other_orders(question, right, walk)
        if walk is not Walk.TURNED_ROUND:
            outcomes = itertools.chain([self.outcome(question)], outcomes)
        return any(_is_alike(question, one) or (edges != [] and _is_in_order(one, edges)) for one in outcomes)

    def meets(self, question: Asked, right: Reference, walk: Walk) -> None:
        """Be asked a question whose answer is not looked at: what is kept of it may change later answers."""
        if walk is Walk.TURNED_ROUND:
            next(self._in_other_orders(question, right, walk))
        else:
            self.outcome(question)

    def is_part_of(self, other: Variant) -> bool:
        """Whether the other has all of its mistakes."""
        return {*self.misconceptions} <= {*other.misconceptions}

    def differs(self, question: Asked, right: Reference) -> bool:
        """Whether what comes of a question is not the right answer."""
        outcome = self.outcome(question)
        return isinstance(outcome, Exception) or not same(outcome, right.ask(question.script, question.reads))

    def has_other_numbers(self, question: Asked, other: Variant) -> bool:
        """Whether it answers a question, and the answer has something in it, other than 0, that the other's has not."""
        one, two = self.outcome(question), other.outcome(question)
        if isinstance(one, Exception):
            return False
        if isinstance(two, Exception):
            return any(_leaves(one))
        leaves = list(itertools.zip_longest(_leaves(one), _leaves(two)))
        return any(mine and not same(theirs, mine) for mine, theirs in leaves)

    def differs_by_exception(self, question: Asked, other: Variant) -> bool:
        """Whether a question raises, and does not with the other."""
        return isinstance(self.outcome(question), Exception) and not isinstance(other.outcome(question), Exception)

    def _in_other_orders(self, question: Asked, right: Reference, walk: Walk) -> Iterator[Outcome]:
        if walk is Walk.AS_MADE:
            return
        if question.is_large or not WITH_CHILDREN.search(question.script):
            yield self.outcome(question)
            return
        sizes: list[int] = []
        _asked(right, question, None, sizes)  # of the solutions: what this variant is asked may change it
        for order in _orders(tuple(sizes), walk):
            yield _asked(self._reference, question, order, [])


def _asked(implementation: Reference, question: Asked, order: Order | None, sizes: list[int]) -> Outcome:
    """What comes of a question with the children in this order; sizes takes up how many each Value was given."""
    value: Any = implementation.namespace["Value"]

    def make(data: Any, children: Sequence[Any] = ()) -> Any:
        if len(children) > 1:
            if order is not None:
                children = tuple(children[place] for place in order[len(sizes)])
            sizes.append(len(children))
        return value(data, children)

    try:
        return probes.answer({**implementation.namespace, "Value": make}, _code(question))
    except Exception as error:  # noqa: BLE001 - it is wrong, in whatever way
        return error


def edges_of(question: Asked, right: Reference) -> list[tuple[str, str]]:
    """(child, node), by name, for a question that has many right answers: the orders of the nodes of a graph."""
    read = "; ".join(question.reads)
    found = SORTED.fullmatch(read) or (RAN.search(question.script) if read == "ran" else None)
    if not found:
        return []
    (pairs,) = right.ask(
        question.script, (f"[[child, node] for node in topological_sort({found[1]}) for child in node._prev]",)
    )
    return [(child["node"], node["node"]) for child, node in pairs if "node" in child]


def error_like(kind: str, message: str) -> tuple[str, ...]:
    """Which of the known exceptions this one is: the pattern that it matches, and the names in it; or ()."""
    matches = ((pattern, re.match(pattern, f"{kind}: {message}")) for pattern in messages.ERRORS)
    return next(((pattern, *found.groups()) for pattern, found in matches if found), ())


def _is_alike(question: Asked, outcome: Outcome) -> bool:
    if isinstance(outcome, Exception):
        kind, said = type(outcome).__name__, str(outcome)
        if question.error != kind:
            return False
        return question.message == said or error_like(kind, said) == error_like(kind, question.message) != ()
    return question.error == "" and same(list(question.answers), outcome, *(question.tolerance or ()))


def _is_in_order(outcome: Outcome, edges: Sequence[tuple[str, str]]) -> bool:
    """Whether the one list in an outcome has the nodes of all these edges, each once and in order.

    topological_sort gives the children first, and backward() runs them last.
    """
    if isinstance(outcome, Exception) or type(outcome[0]) is not list:
        return False
    is_sorted = any(type(item) is dict for item in outcome[0])
    names = [item.get("node") if type(item) is dict else item for item in outcome[0]]
    place = {name: i for i, name in enumerate(names if is_sorted else reversed(names))}
    return len(place) == len(names) and all(
        child in place and node in place and place[child] < place[node] for child, node in edges
    )


def _leaves(answer: Any) -> Iterator[Any]:
    """Whatever stands in an answer, however deep; for what is no number, a 0, as it has as many causes."""
    if type(answer) is dict:
        answer = 0 if "object" in answer or "number" in answer else [*answer.values()]
    if type(answer) is not list:
        yield answer
    else:
        for item in answer:
            yield from _leaves(item)


@functools.lru_cache(100)  # the same questions are put to many variants
def _code(question: Asked) -> Any:
    return compiled(question.script, question.reads)


@functools.lru_cache(100)
def _orders(sizes: tuple[int, ...], walk: Walk) -> list[Order]:
    """All orders of so many children, the first of them turned round; or that alone where they are many."""
    turned_round = tuple(tuple(reversed(range(size))) for size in sizes)
    if walk is Walk.TURNED_ROUND or math.prod(map(math.factorial, sizes)) > MOST_ORDERS:
        return [turned_round]
    return list(itertools.product(*(itertools.permutations(range(size)) for size in sizes)))
