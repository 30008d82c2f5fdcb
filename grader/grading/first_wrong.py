"""The first wrong node: the smallest expression whose graph comes out wrong, and where in it that begins.

Expressions are tried from the smallest up, so that the first one that fails cannot be made smaller. Their nodes are
compared in the order of `backward`, from the root down: what comes after a wrong one may be wrong because of it.
"""

from __future__ import annotations

from collections.abc import Iterator

from grader.base.compare import same, show
from grader.base.errors import LearnerFault
from grader.base.report import NodeShown, WrongGraph
from grader.base.text import cut
from grader.grading.reference import reference
from grader.kit import Kit
from grader.sandbox.protocol import Raised
from grader.sandbox.session import Session

LEAVES = "a = Value(1.5); b = Value(-0.7)"
OPERATORS = ("a + b", "a * b", "-a", "a ** 2", "a ** 3")
BELOW_0 = ("b.relu()",)
REUSED = ("a + a", "a * a")
MADE_OF_OTHERS = ("a - b", "a / b", "a - a", "a / a")  # with nodes in them that are not seen
ABOVE = ("c * 3", "c * a", "c + c", "c ** 2", "c.tanh()", "c.exp()", "c * c")
BEYOND = ("d * c", "c * d", "d + a", "d.tanh()")

MAX_NUMBER = 80  # bytes in JSON: there may be anything where a number is asked for

Nodes = dict[str, str]  # name -> how it is made, from the leaves up


def find(session: Session, kit: Kit) -> WrongGraph | None:
    """The smallest expression that the submission gets wrong after backward(), or None if it gets all of them right.

    Those that it cannot answer, because something is still to be written, are passed over. GraderError where its
    worker cannot be started again.
    """
    try:
        for nodes in _expressions(kit):
            graph = _compared(session, kit, nodes)
            if graph is not None:
                return graph
    except LearnerFault:  # it hung or died: what was graded stands
        pass
    return None


def _expressions(kit: Kit) -> Iterator[Nodes]:
    one = (*OPERATORS, *(f"a.{function}()" for function in kit.manifest.functions), *BELOW_0)
    for c in (*one, *REUSED):
        yield {"c": c}
    for c in one:
        for d in ABOVE:
            yield {"c": c, "d": d}
    for c in MADE_OF_OTHERS:
        yield {"c": c}
    for d in ABOVE:
        for e in BEYOND:
            yield {"c": "a * b", "d": d, "e": e}


def _compared(session: Session, kit: Kit, nodes: Nodes) -> WrongGraph | None:
    """The graph of an expression with the learner's numbers and the right ones, if they differ."""
    used = " ".join(nodes.values())
    leaves = "; ".join(leaf for leaf in LEAVES.split("; ") if leaf[0] in _names(used))
    operations = "; ".join(f"{name} = {how}" for name, how in nodes.items())
    root = list(nodes)[-1]
    script = f"{leaves}\n{operations}\n{root}.backward()"
    names = [*reversed(nodes), *(leaf[0] for leaf in leaves.split("; "))]  # the root first: an order of backward
    reads = [f"{name}.{what}" for name in names for what in ("data", "grad")]
    got = session.ask(script, reads)
    if isinstance(got, Raised):
        return None
    want = reference(kit).ask(script, tuple(reads))
    if same(got, want):
        return None
    shown = []
    for i, name in enumerate(names):
        (data, grad), (right_data, right_grad) = got[2 * i : 2 * i + 2], want[2 * i : 2 * i + 2]
        made = nodes.get(name, "")
        children = tuple(child for child in names if child in _names(made))
        is_right = same(data, right_data) and same(grad, right_grad)
        numbers = _text(data), _text(grad), _text(right_data), _text(right_grad)
        shown.append(NodeShown(name, made, children, *numbers, is_right))
    shows = [i for i, operation in kit.manifest.operations.items() if operation in operations]
    return WrongGraph(script, tuple(shown), tuple(shows))


def _text(number: object) -> str:
    return cut(show(number), MAX_NUMBER)


def _names(expression: str) -> set[str]:
    """The one-letter names in an expression."""
    words = "".join(c if c.isalpha() else " " for c in expression).split()
    return {word for word in words if len(word) == 1}
