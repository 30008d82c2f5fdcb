"""Compares a learner's answer with the right one, and shows either as text. The answers are JSON data in the
form of sandbox/inside/probes.py; a learner's may be any JSON at all, and nothing here raises for it."""

from __future__ import annotations

import json
import sys
from typing import Any

from grader.base.text import printable

RTOL = 1e-9  # the order of additions differs from one right answer to the next
ATOL = 1e-11
MAX_SHOWN = 160  # characters
MAX_ITEMS = 50
MAX_DEPTH = 12
HUGE = 2**63
MAX_KEPT = 32 * 1024  # bytes of objects that answer one question: four times what right answers take


def same(got: Any, want: Any, rtol: float = RTOL, atol: float = ATOL) -> bool:
    """Whether got is the answer want: numbers within atol + rtol * abs(want), all else exactly.

    The tolerance never depends on got. Nothing equals a {"number": "nan"}.
    """
    kind = type(want)
    if kind is float or kind is int:
        return is_number(got) and abs(got - want) <= atol + rtol * abs(want)
    if type(got) is not kind:
        return False
    if kind is list:
        return len(got) == len(want) and all(same(g, w, rtol, atol) for g, w in zip(got, want, strict=True))
    if kind is dict:
        if "number" in want or set(got) != set(want):
            return False
        if "set" in want:
            return type(got["set"]) is list and _sorted(got["set"]) == _sorted(want["set"])
        return all(same(got[key], want[key], rtol, atol) for key in want)
    return bool(got == want)


def is_number(answer: Any) -> bool:
    """Whether an answer is one number (a bool is none)."""
    return type(answer) is float or (type(answer) is int and abs(answer) < HUGE)


def show(answer: Any, digits: int = 10) -> str:
    """An answer as a learner would write it, on one line of limited length."""
    text = _show(answer, 0, digits)
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 4] + " ..."


def small(answers: list[Any]) -> list[Any]:
    """The answers to one question, without those that are larger than right ones: a few letters of JSON can be a
    hundred times as large. Of what is left out stands there what it was."""
    room, found = MAX_KEPT, []
    for answer in answers:
        size = _size(answer, room)
        found.append(answer if size <= room else _instead(answer))
        room -= size if size <= room else 0
    return found


def _size(answer: Any, most: int) -> int:
    """How many bytes the objects of an answer take, as far as there are no more than most."""
    size, todo = 0, [answer]
    while todo and size <= most:
        item = todo.pop()
        size += sys.getsizeof(item)
        if type(item) is list:
            todo += item
        elif type(item) is dict:
            todo += [*item, *item.values()]
    return size


def _instead(answer: Any) -> Any:
    return {"object": f"{type(answer).__name__} of {len(answer)} items" if type(answer) is list else "large answer"}


def _sorted(items: list[Any]) -> list[str]:
    try:
        return sorted(json.dumps(item, sort_keys=True) for item in items)
    except (RecursionError, ValueError):
        return ["something else"]


def _show(answer: Any, depth: int, digits: int) -> str:
    if type(answer) is float:
        return format(answer, f".{digits}g")
    if type(answer) is int and not is_number(answer):
        return "a huge int"
    if type(answer) is int or type(answer) is bool or answer is None:
        return str(answer)
    if type(answer) is str:
        return repr(printable(answer[:MAX_SHOWN]))
    if depth < MAX_DEPTH and type(answer) is list:
        return f"[{_join(answer, depth, digits)}]"
    if depth < MAX_DEPTH and type(answer) is dict and len(answer) == 1:
        ((tag, value),) = answer.items()
        if tag in ("node", "number") and type(value) is str:
            return printable(value[:MAX_SHOWN])
        if tag == "object" and type(value) is str:
            return f"a {printable(value[:MAX_SHOWN])}"
        if tag == "value":
            return f"Value({_show(value, depth + 1, digits)})"
        if tag in ("set", "dict") and type(value) is list:
            texts = [_show(item, depth + 1, digits) for item in value[:MAX_ITEMS]]
            return "{" + ", ".join(sorted(texts) if tag == "set" else texts) + "}"
    return "something else"


def _join(items: list[Any], depth: int, digits: int) -> str:
    shown = ", ".join(_show(item, depth + 1, digits) for item in items[:MAX_ITEMS])
    return shown + (", ..." if len(items) > MAX_ITEMS else "")
