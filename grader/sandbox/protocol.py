"""Checks every reply of a worker: one strict JSON line, of the keys that were asked for.

Nothing here trusts what it reads: anything unexpected is a LearnerFault, never another exception.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Collection
from dataclasses import dataclass
from errno import EACCES, EAGAIN, EFBIG, EMFILE, ENOSYS, EPERM, EROFS
from typing import Any

from grader.base import messages
from grader.base.errors import Fault, LearnerFault
from grader.base.model import Place
from grader.base.text import cut, in_columns, printable

MAX_LINE = 64 * 1024
MAX_TEXT = 300
MAX_TEXT_BYTES = 600  # in JSON, where a character can take twelve
MAX_NAME_BYTES = 120  # of the name of a class
MAX_PRINTED = 4 * 1024  # characters
PRINTED_LINES = 10
PRINTED_WIDTH = 66  # columns
_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,}")


def nonsense(what: str) -> LearnerFault:
    """The fault of a reply that no honest worker sends."""
    return LearnerFault(Fault.PROTOCOL, messages.PROTOCOL.format(what=what))


def parse_reply(line: bytes) -> dict[str, Any]:
    """One reply line, without its newline, as a dict; its values are still unchecked."""
    try:
        reply = _decode(line.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise nonsense("a reply that is not strict JSON") from error
    if type(reply) is not dict:
        raise nonsense("a reply that is not an object")
    return reply


def take(reply: dict[str, Any], number: int, key: str) -> Any | Raised:
    """The value of the one key that a reply has beside its id, or the exception that it reports instead."""
    if type(reply.get("id")) is not int or reply["id"] != number or len(reply) != 2:
        raise nonsense("a reply to another question")
    if "error" in reply:
        return raised(reply["error"])
    if key not in reply:
        raise nonsense("a reply to another question")
    return reply[key]


@dataclass(frozen=True)
class Raised:
    """An exception in the learner's code, as the worker reports it. column, is_newer: of a syntax error where in its
    line it is, from 1, and whether it may be syntax of a newer Python."""

    type: str
    message: str
    place: Place | None
    column: int = 0
    is_newer: bool = False

    @property
    def is_forbidden(self) -> bool:
        """Whether it looks as if the confinement was in the way, and not a mistake."""
        errors = (EACCES, EAGAIN, EFBIG, ENOSYS, EPERM, EROFS)
        refused = self.message.startswith(tuple(f"[Errno {number}]" for number in errors))
        return refused or self.message == "can't start new thread"

    @property
    def is_syntax(self) -> bool:
        """Whether something cannot be read as Python."""
        return self.type in ("SyntaxError", "IndentationError", "TabError")

    @property
    def needs_terminal(self) -> bool:
        """Whether somebody was to type something: at a breakpoint, or for input()."""
        is_input = self.type == "RuntimeError" and self.message.startswith("input()")
        return is_input or self.type in ("BdbQuit", "EOFError")

    @property
    def has_used_up_something(self) -> bool:
        """Whether memory or descriptors ran out: whoever asked for more need not be who took them."""
        return self.type == "MemoryError" or (self.type == "OSError" and self.message.startswith(f"[Errno {EMFILE}]"))

    def __str__(self) -> str:
        return f"{self.type}: {self.message}" if self.message else self.type


def raised(error: Any) -> Raised:
    """The worker's description of an exception."""
    if type(error) is not dict or set(error) != {"type", "message", "path", "line", "column", "newer"}:
        raise nonsense("something else in place of an error")
    if type(error["newer"]) is not bool:
        raise nonsense("something else in place of an error")
    found = place([error["path"], error["line"]])
    column = whole_number(error["column"], 10_000_000)
    where = found if found and found.line else None
    kind = cut(text(error["type"]), MAX_NAME_BYTES)
    return Raised(kind, text(error["message"]), where, column, error["newer"])


def place(value: Any) -> Place | None:
    """A line of a file of the submission, or None."""
    if value is None:
        return None
    if type(value) is not list or len(value) != 2:
        raise nonsense("something else in place of a line")
    return Place(text(value[0]), whole_number(value[1], 10_000_000))


def opened(value: Any) -> tuple[list[bool], str]:
    """For each step of a file whether it defines anything, and the code for another worker, which stays unread."""
    if type(value) is not dict or set(value) != {"steps", "code"}:
        raise nonsense("something else in place of an opened file")
    steps, code = value["steps"], value["code"]
    if type(steps) is not list or any(type(step) is not bool for step in steps) or type(code) is not str:
        raise nonsense("something else in place of the steps of a file")
    if code.strip("0123456789abcdef") or len(code) % 2:
        raise nonsense("something else in place of code")
    return steps, code


def ready(value: Any, symbols: Collection[str]) -> tuple[dict[str, Place | None], str]:
    """Where each of the symbols is defined, and under which other name the submission has its Value."""
    if type(value) is not dict or set(value) != {"symbols", "value"}:
        raise nonsense("something else in place of what was loaded")
    places = value["symbols"]
    if type(places) is not dict or set(places) != set(symbols):
        raise nonsense("other symbols than asked for")
    name = cut(text(value["value"]), MAX_NAME_BYTES)
    return {symbol: place(found) for symbol, found in places.items()}, name if name.isidentifier() else ""


def text(value: Any) -> str:
    """A string of the learner's, capped and printable: control and bidi characters shown escaped. It has no addresses
    of objects in it: they would be others every time."""
    if type(value) is not str:
        raise nonsense("something else in place of text")
    return cut(printable(_ADDRESS.sub("0x...", value[:MAX_TEXT])), MAX_TEXT_BYTES)


def printed(value: Any) -> tuple[str, ...]:
    """What learner code printed: a few lines of it, each cut, printable, and without the addresses of objects, which
    are others every time."""
    if type(value) is not str:
        raise nonsense("something else in place of what was printed")
    lines = value[:MAX_PRINTED].expandtabs(4).rstrip().split("\n")
    plain = [printable(_ADDRESS.sub("0x...", line.rstrip())) for line in lines] if any(lines) else []
    shown = [in_columns(line, PRINTED_WIDTH, messages.CUT) for line in plain]
    return tuple(shown if len(shown) <= PRINTED_LINES else [*shown[: PRINTED_LINES - 1], messages.CUT])


def whole_number(value: Any, most: int) -> int:
    """An int from 0 to most."""
    if type(value) is not int or not 0 <= value <= most:
        raise nonsense("something else in place of a whole number")
    return value


def _refuse(name: str) -> Any:
    raise ValueError(name)


def _int(digits: str) -> int:
    if len(digits) > 20:
        raise ValueError("a number too long")
    return int(digits)


def _float(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError("a number too big")
    return number


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a key twice")
    return result


_decode = json.JSONDecoder(
    parse_constant=_refuse, parse_int=_int, parse_float=_float, object_pairs_hook=_object
).decode  # made once, not for every reply
