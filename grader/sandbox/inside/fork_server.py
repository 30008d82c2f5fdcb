"""The fork server: a process that holds nothing of anybody's, and begins a worker for each session.

It is started once, is confined before it takes an order, and has imported what workers need. A worker
is a copy of it, which takes a millisecond where a new interpreter takes twenty.

What was its standard input is a socket of whole messages. The first is a line of Python: {"begins": the function in
here that a worker begins with, "paths": what lock.landlock takes or {}, "namespaces": whether each worker gets a
process namespace of its own}. Each later one is an order, and brings five descriptors: the worker's standard input,
output and error, its null device, and a socket on which the trusted end is told first the worker (a pidfd), and when it
has ended its status. When nobody holds the other end any more, it ends.
"""

from __future__ import annotations

import _socket
import gc
import importlib
import os
import select
import sys

from . import lock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

# What submissions import: it is there already. random takes a new seed in every worker (os.register_at_fork).
PRELOADED = ("collections", "dataclasses", "enum", "functools", "itertools", "math", "operator", "random", "typing")
MAX_MESSAGE = 1 << 20
ORDERED = 5  # descriptors
MOST_DESCRIPTORS = 4096


def main() -> None:
    """Begin workers until there are no more orders. Returns in no process: each copy of this one is a worker."""
    control = _messages(os.dup(0))
    settings = eval(control.recv(MAX_MESSAGE))
    module, _, function = settings.pop("begins").rpartition(".")
    begin = getattr(importlib.import_module(f"{__package__}.{module}"), function)
    for name in PRELOADED:
        importlib.import_module(name)
    _confine(**settings)
    gc.collect()
    gc.freeze()
    begin(_serve_orders(control.detach()))


def _confine(paths: Mapping[str, Any], namespaces: bool) -> None:
    if paths:
        lock.landlock(**paths)
    lock.prepare(namespaces=namespaces)


def _serve_orders(control: int) -> int:
    """Begin a worker for each order; returns in the workers alone, with no other descriptors than theirs: the null
    device."""
    told: dict[int, tuple[int, int]] = {}  # pidfd -> process, and the socket of whoever ordered it
    while True:
        ready, _, _ = select.select([control, *told], [], [])
        for ended in told.keys() & set(ready):
            process, teller = told.pop(ended)
            _, status = os.waitpid(process, 0)
            _tell(teller, str(os.waitstatus_to_exitcode(status)).encode())
            os.close(ended)
            os.close(teller)
        if control not in ready:
            continue
        *descriptors, teller = _order(control)
        try:
            process = lock.fork()
        except OSError:  # whoever ordered it is told, by the end of the line
            descriptors.append(teller)
        else:
            if not process:
                return _take(descriptors)
            pidfd = os.pidfd_open(process)
            told[pidfd] = process, teller
            _tell(teller, b"begun", pidfd)
        for descriptor in descriptors:
            os.close(descriptor)


def _take(descriptors: list[int]) -> int:
    """In a worker: keep these descriptors alone. Returns the null device."""
    *pipes, null = descriptors
    for standard, pipe in enumerate(pipes):
        os.dup2(pipe, standard)
    os.closerange(3, null)
    os.closerange(null + 1, MOST_DESCRIPTORS)
    return null


def _order(control: int) -> list[int]:
    """The descriptors that an order brings; where nobody can order any more this process ends."""
    ordered = _messages(control)
    message, extra, _, _ = ordered.recvmsg(16, _socket.CMSG_SPACE(4 * ORDERED))
    if not message:
        os._exit(0)
    ordered.detach()
    return memoryview(extra[0][2]).cast("i").tolist()


def _tell(teller: int, message: bytes, descriptor: int | None = None) -> None:
    told = _messages(teller)
    extra = []
    if descriptor is not None:
        extra = [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, descriptor.to_bytes(4, sys.byteorder))]
    try:  # noqa: SIM105 - no contextlib in here
        told.sendmsg([message], extra)
    except OSError:
        pass  # whoever ordered it has lost interest
    told.detach()


def _messages(descriptor: int) -> _socket.socket:
    return _socket.socket(_socket.AF_UNIX, _socket.SOCK_SEQPACKET, 0, descriptor)
