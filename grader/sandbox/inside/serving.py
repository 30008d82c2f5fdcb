"""How every process in here begins: it gives up what it must not have, and says hello; and how it speaks."""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]  # signal itself would bring in enum and more
import os

from .canaries import try_all

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, BinaryIO

_write = os.write  # out of reach of a learner's `os.write = ..`
_PLAIN = frozenset(map(chr, range(32, 127))) - {'"', "\\"}


class Begun:
    """A process that can still do everything. requests: what comes in, replies: the descriptor for what goes out."""

    def __init__(self, requests: BinaryIO, replies: int, null: int) -> None:
        self.requests = requests
        self.replies = replies
        self._null = null

    def confine(self, name: str) -> None:
        """Give up everything that the first line says, and say hello, with what the canaries answered.

        The line is {"limits": resource limits by name, "seconds": to live, "lock": what lock.lock takes or {},
        "canaries": what canaries.try_all takes or {}}.
        """
        found = _confine(**eval(self.requests.readline()))
        os.dup2(self._null, 2)  # what goes wrong until here, the trusted end can read
        write_all(self.replies, as_json({"hello": name, "canaries": found}).encode() + b"\n")


def begin(null: int | None = None) -> Begun:
    """Take the standard input and output away from whoever looks for them there.

    null: a descriptor of the null device, where that cannot be opened any more.
    """
    requests = os.fdopen(os.dup(0), "rb")
    replies = os.dup(1)
    _die_with_the_reader_of(os.dup(2))
    if null is None:
        null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1):
        os.dup2(null, standard)
    return Begun(requests, replies, null)


def _limit(limits: dict[str, int]) -> None:
    try:
        import resource
    except ImportError:  # not on Windows
        return
    for name, value in limits.items():
        try:
            _, hard = resource.getrlimit(getattr(resource, name))
            least = value if hard == resource.RLIM_INFINITY else min(value, hard)  # never more than was allowed
            resource.setrlimit(getattr(resource, name), (least, least))
        except (AttributeError, ValueError, OSError):  # this system does not have it
            continue


def _confine(limits: dict[str, int], seconds: int, lock: dict[str, Any], canaries: dict[str, Any]) -> dict[str, str]:
    """Give up everything; what the canaries found."""
    _limit(limits)
    if hasattr(_signal, "alarm"):
        _signal.alarm(seconds)  # should the trusted end be gone, this ends whatever learner code is waiting for
    if os.name == "nt":
        from .integrity import lower

        lower()
    if lock:
        from .lock import lock as apply

        apply(**lock)
    return try_all(**canaries) if canaries else {}


def _die_with_the_reader_of(pipe: int) -> None:
    """Be killed when the other end of the pipe is closed: when the trusted end is gone, whatever ended it. In a process
    namespace of its own the end of the fork server does that: process 1 ignores such a signal."""
    try:
        import fcntl

        fcntl.fcntl(pipe, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(pipe, 10, 9)  # F_SETSIG, SIGKILL: Python has no names for them everywhere
        fcntl.fcntl(pipe, fcntl.F_SETFL, fcntl.fcntl(pipe, fcntl.F_GETFL) | os.O_ASYNC)
    except (ImportError, AttributeError, OSError):  # not on Linux: the limits will do
        pass


def write_all(descriptor: int, data: bytes) -> None:
    """Write all of it, however little a pipe takes at once."""
    while data:
        data = data[_write(descriptor, data) :]


def as_json(value: Any) -> str:
    """JSON of what a reply can hold: dicts with text as keys, lists, text, finite numbers, true, false and null."""
    kind = type(value)
    if kind is str:
        if value.isascii() and value.isalnum():  # code in hex is long
            return f'"{value}"'
        return '"' + "".join([c if c in _PLAIN else _escape(c) for c in value]) + '"'
    if kind is dict:
        return "{" + ",".join([f"{as_json(key)}:{as_json(item)}" for key, item in value.items()]) + "}"
    if kind is list:
        return "[" + ",".join([as_json(item) for item in value]) + "]"
    return {True: "true", False: "false", None: "null"}[value] if kind is bool or value is None else repr(value)


def _escape(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join([f"\\u{units[i : i + 4]}" for i in range(0, len(units), 4)])
