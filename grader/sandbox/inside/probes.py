"""A probe: a few lines of Python put to an implementation, and the expressions to read afterwards.

The same probe is run by the worker on the learner's code and by the trusted end on the reference, so
the two answers are of one form. The answers are plain JSON data:

    number, true, null, "text"       themselves (numbers of type int or float exactly)
    {"number": "nan"}                nan, inf, -inf, or an int too big for any honest answer
    [..]                             a list, tuple or deque (a Fraction or Decimal is a number)
    {"set": [..]}  {"dict": [[k, v], ..]}
    {"node": "a"}                    the Value that the probe's variable a holds (or "v[3]", in its list v)
    {"value": 1.5}                   any other Value: its data
    {"object": "NoneType"}           anything else: the name of its type
"""

from __future__ import annotations

import builtins
import sys

TYPE_CHECKING = False  # as in typing, whose import would cost a tenth of the time that a worker takes to start
if TYPE_CHECKING:
    import types
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

INFINITY = float("inf")
_BUILTINS = dict(vars(builtins))
ANSWERS = "_answers"
PROBE_FILE = "<probe>"
MAX_TEXT = 300
MAX_ITEMS = 20_000
MAX_DEPTH = 8
BIGGEST_INT = 2**63


def compiled(script: str, reads: Sequence[str]) -> types.CodeType:
    """A probe, ready to be answered: the script, and after it the reads."""
    return compile(f"{script}\n{ANSWERS} = ({', '.join(reads)},)", PROBE_FILE, "exec", dont_inherit=True)


def answer(namespace: Mapping[str, Any], code: types.CodeType, kept: list[dict[str, Any]] | None = None) -> list[Any]:
    """Run the script of a probe with the names of the namespace, then evaluate each of its reads.

    Returns one answer for each read, in the form above; raises whatever the code raises. kept: takes what was
    made, so that it lives on.
    """
    scope: dict[str, Any] = {
        **namespace,
        "__builtins__": dict(_BUILTINS),
    }  # whoever patches them spoils this probe only
    if kept is not None:
        kept.append(scope)
    exec(code, scope)
    values = scope.pop(ANSWERS)
    names = _Names(scope, namespace)
    return [_plain(value, names, 0) for value in values]


class _Names:
    """The variables of a probe that hold Values, looked up only when a Value has to be named."""

    def __init__(self, scope: Mapping[str, Any], namespace: Mapping[str, Any]) -> None:
        self._scope = {name: value for name, value in scope.items() if name not in namespace}
        self._names: dict[int, str] = {}

    def of(self, node: Any) -> str | None:
        if not self._names:
            for name, value in self._scope.items():
                if type(value) is list:
                    for i, item in enumerate(value):
                        self._names.setdefault(id(item), f"{name}[{i}]")
                self._names.setdefault(id(value), name)
        return self._names.get(id(node))


def _plain(value: Any, names: _Names, depth: int) -> Any:
    kind = type(value)
    if kind is float:
        return value if -INFINITY < value < INFINITY else {"number": str(value)}
    if kind is int:
        return value if -BIGGEST_INT < value < BIGGEST_INT else {"number": "a huge int"}
    if kind is bool or value is None:
        return value
    if kind is str:
        return value[:MAX_TEXT]
    if _is_from(kind, "fractions", "Fraction") or _is_from(kind, "decimal", "Decimal"):
        return _plain(float(value), names, depth)
    if depth < MAX_DEPTH:
        if kind is list or kind is tuple or _is_from(kind, "collections", "deque"):
            return _items(value, names, depth)
        if kind is set or kind is frozenset:
            return {"set": _items(value, names, depth)}
        if kind is dict:
            return {"dict": [_items(pair, names, depth + 1) for pair in value.items()][:MAX_ITEMS]}
        if hasattr(value, "data") and hasattr(value, "grad"):
            name = names.of(value)
            return {"node": name} if name else {"value": _plain(value.data, names, MAX_DEPTH)}
    return {"object": kind.__name__[:MAX_TEXT]}


def _is_from(kind: type, module: str, name: str) -> bool:
    """Whether a type is one of the standard library's, which is not imported for the sake of asking."""
    return kind.__name__ == name and kind is getattr(sys.modules.get(module), name, None)


def _items(values: Iterable[Any], names: _Names, depth: int) -> list[Any]:
    items = [_plain(value, names, depth + 1) for value in values]
    return items[:MAX_ITEMS]
