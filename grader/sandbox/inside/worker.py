"""The worker: holds one submission and answers requests, one JSON line each way.

A process of its own, or a copy of the fork server. Settings and requests come on what was its standard
input, replies leave on what was its standard output; learner code finds both replaced by the null device. The
beginning of what it prints is kept.

    {"id", "op": "packages", "names"}                     -> {"id", "known": true}
    {"id", "op": "know", "module", "path", "text", "cells", ["code", "skip", "quiet_from"]} -> {"id", "known": true}
    {"id", "op": "open", "module"}  -> {"id", "opened": {"steps": [whether it is quiet, ..], "code"}}
    {"id", "op": "run", "module", "step"}                 -> {"id", "missing": [module, ..]}
    {"id", "op": "ready", "homes", "symbols", "rebind", "mend", "adapt"}
                                -> {"id", "ready": {"symbols": {symbol: [path, line] or null}, "value": name or ""}}
    {"id", "op": "probe", "code": marshalled, in hex}     -> {"id", "answers": [..]}
    {"id", "op": "printed"}                               -> {"id", "printed": what the last probe printed}

Where the learner's code raises, the reply is {"id", "error": {"type", "message", "path", "line", "column", "newer"}}:
where it is no Python, the column, and whether it may be syntax of a newer one.
"""

from __future__ import annotations

import builtins
import gc
import marshal
import os
import sys
import types

from . import grafting, hashing, newer, probes, styles
from .modules import PACKAGE, Loader, Placeholder
from .printed import Printed
from .serving import as_json, begin, write_all

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

_loads = marshal.loads

# Graphs of closures are cyclic garbage by the hundred thousand: looking for it at every 700 objects
# (Python's default) costs three times the work itself. At a million objects a long training stays near 150 MB.
GC_THRESHOLD = (1_000_000, 1, 1)
MAX_LINE = 64 * 1024
MAX_CODE = MAX_LINE - 8 * 1024
NO_MEMORY = b'{"id":%d,"error":{"type":"MemoryError","message":"","path":"","line":0,"column":0,"newer":false}}\n'


class Worker:
    """The requests, each a method named after its op."""

    def __init__(self) -> None:
        self.loader = Loader(_builtins_of_its_own())
        sys.meta_path.append(self.loader)
        self._seed: Any = None  # random.seed, where anything has imported that
        self._find_random()
        self.namespace: dict[str, Any] = {}
        self.kept: list[dict[str, Any]] | None = None  # what probes made, where it must not be freed
        self._printed = Printed()
        self._printed.install()

    def _find_random(self) -> None:
        """Begin what draws random numbers anew, as soon as it is there: initial weights and shuffles come out the same
        in every run."""
        if self._seed is None and "random" in sys.modules:
            self._seed = sys.modules["random"].seed
            self._seed(0)

    def packages(self, names: list[str]) -> dict[str, Any]:
        """Under which package names the files may be imported as well."""
        self.loader.know_packages(names)
        return {"known": True}

    def know(
        self,
        module: str,
        path: str,
        text: str,
        cells: list[int],
        code: str = "",
        skip: Sequence[int] = (),
        quiet_from: int | None = None,
    ) -> dict[str, Any]:
        """Make a file importable without running it; the steps skip are left out, and from quiet_from on all that
        does more than to import, define and name.

        cells: the lines at which the cells of a notebook begin. code: what another worker gave back when it opened this
        file, in the place of the text.
        """
        steps = _loads(bytes.fromhex(code)) if code else []
        self.loader.add(module, (path, text, cells, steps, list(skip), quiet_from))
        return {"known": True}

    def open(self, module: str) -> dict[str, Any]:
        """Compile a file. Its code is for the next worker; it is empty where it is too long, or cannot be handed on."""
        opened = self.loader.open(module)
        try:
            code = marshal.dumps(opened.whole).hex()
        except ValueError:  # a part of it could not be compiled
            code = ""
        steps = [is_quiet for is_quiet, _ in opened.steps]
        return {"opened": {"steps": steps, "code": code if len(code) < MAX_CODE else ""}}

    def run(self, module: str, step: int) -> dict[str, Any]:
        """Run one step of an opened file."""
        self._find_random()
        try:
            self.loader.run_step(module, step)
            if self.loader.failures:
                raise self.loader.failures[0]
        finally:
            self.loader.failures.clear()
            self._find_random()
            for opened in self.loader.opened.values():
                hashing.adopt(opened.module)
        missing, self.loader.missing = self.loader.missing, []
        return {"missing": [str(name)[: probes.MAX_TEXT] for name in missing[:20]]}

    def ready(
        self, homes: dict[str, str], symbols: list[str], rebind: list[str], mend: dict[str, Any], adapt: bool
    ) -> dict[str, Any]:
        """Gather the names that probes use, each from its home module or else from wherever it is; and say under which
        other name the submission has its Value.

        rebind: modules whose names replace the same names in all other modules. mend: what grafting.mend takes, or {}.
        adapt: whether to make another style answer to the kit's names, which constructs a Value, a Neuron and so on.
        """
        opened = {name: file.module for name, file in self.loader.opened.items()}
        modules = {name: module for name, module in opened.items() if not name.startswith(grafting.REFERENCE)}
        for source in rebind:
            names = [name for name, home in homes.items() if home == source]
            for module in modules.values():
                for name in names:
                    if name in vars(module):
                        vars(module)[name] = vars(modules[source])[name]
        for name, home in homes.items():
            self._use_one(name, home, modules)
            own = [modules[home]] if home in modules else []
            for module in [*own, *modules.values()]:
                if name in vars(module) and type(vars(module)[name]) not in (Placeholder, types.ModuleType):
                    self.namespace[name] = vars(module)[name]
                    break
        value = "" if styles.VALUE in self.namespace else styles.find_value(self.namespace, modules.values())
        if mend:
            references = {
                home: opened[name] for home in homes.values() if (name := grafting.REFERENCE + home) in opened
            }
            grafting.mend(self.namespace, modules.values(), references, homes, **mend)
        places = {symbol: self._place(symbol) for symbol in symbols}
        if adapt:
            styles.adapt(self.namespace)
        gc.freeze()
        return {"ready": {"symbols": places, "value": value[: probes.MAX_TEXT]}}

    def _use_one(self, name: str, home: str, modules: dict[str, types.ModuleType]) -> None:
        """Where files hold copies of each other, let all of them work with what its own file defines."""
        own = vars(modules[home]).get(name) if home in modules else None
        if own is None or type(own) is Placeholder:
            return
        for module in modules.values():
            if type(vars(module).get(name, types)) is not types.ModuleType:
                vars(module)[name] = own

    def probe(self, code: str) -> dict[str, Any]:
        """Put one probe to the submission. Hashes and random numbers begin anew, whatever was asked before."""
        hashing.begin()
        if self._seed is not None:
            self._seed(0)
        self._printed.clear()
        return {"answers": probes.answer(self.namespace, _loads(bytes.fromhex(code)), self.kept)}

    def printed(self) -> dict[str, Any]:
        """What the submission has printed since the last probe was put."""
        return {"printed": self._printed.text()}

    def _place(self, symbol: str) -> list[Any] | None:
        name, _, attribute = symbol.partition(".")
        found = self.namespace.get(name)
        if isinstance(found, type) and attribute:
            found = next((vars(c)[attribute] for c in found.__mro__[:-1] if attribute in vars(c)), None)
        if found is None:
            return None
        try:
            return _place_of_code(found.__code__)
        except Exception:  # not a function, or one that hides what it is
            return ["", 0]

    def error(self, error: BaseException) -> dict[str, Any]:
        """What an exception was, and the last line of the submission that it passed through."""
        paths = {opened.path for opened in self.loader.opened.values()}
        place, column = ["", 0], 0
        trace = error.__traceback__
        if isinstance(error, SyntaxError) and error.filename in {source[0] for source in self.loader.sources.values()}:
            is_cut_out = (error.text or "").startswith("(") and error.msg.startswith("f-string")  # until Python 3.12
            place, column = [error.filename, error.lineno or 0], 0 if is_cut_out else max(0, error.offset or 0)
            trace = None  # it is there, wherever it was imported from
        while trace is not None:
            if trace.tb_frame.f_code.co_filename in paths:
                place = [trace.tb_frame.f_code.co_filename, trace.tb_lineno]
            trace = trace.tb_next
        try:
            message = str(error.msg if isinstance(error, SyntaxError) else error)
        except BaseException:
            message = ""
        kind = type(error).__name__[: probes.MAX_TEXT]
        found = {"type": kind, "message": message[: probes.MAX_TEXT], "path": place[0], "line": place[1]}
        return {"error": {**found, "column": column, "newer": newer.NOTE in getattr(error, "__notes__", ())}}


def _place_of_code(code: types.CodeType) -> list[Any]:
    inner = [c for c in code.co_consts if isinstance(c, types.CodeType) and c.co_name == "_backward"]
    return [code.co_filename, inner[0].co_firstlineno if inner else code.co_firstlineno]


def _builtins_of_its_own() -> types.ModuleType:
    """A copy for the submission: what it patches in there does not reach the worker."""
    copy = types.ModuleType("builtins")
    vars(copy).update(vars(builtins))
    return copy


def serve(null: int | None = None) -> None:
    """Give up what learner code must not have, say hello, then answer requests until there are no more.

    null: as serving.begin takes it.
    """
    begun = begin(null)
    worker = Worker()
    gc.set_threshold(*GC_THRESHOLD)
    begun.confine(PACKAGE)
    replies = begun.replies
    sys.modules["builtins"] = worker.loader.builtins
    for line in begun.requests:
        request = parsed(line)
        number, op = request.pop("id"), request.pop("op")
        try:
            reply = getattr(worker, op)(**request)
        except BaseException as error:
            reply = worker.error(error)
        write_all(replies, line_of(number, reply))
    os._exit(0)  # the graphs need no tidying up


def parsed(line: bytes | str) -> dict[str, Any]:
    """A request. It is written so that it is a Python expression as well as JSON: json takes 8 ms to import."""
    request: dict[str, Any] = eval(line, {"true": True, "false": False, "null": None})
    return request


def line_of(number: int, reply: dict[str, Any]) -> bytes:
    """The line that answers a request."""
    try:
        return _line({"id": number, **reply})
    except MemoryError:
        del reply
        short: bytes = NO_MEMORY % number
        return short


def _line(message: dict[str, Any]) -> bytes:
    data = as_json(message).encode() + b"\n"
    if len(data) > MAX_LINE:
        too_long = {"type": "ValueError", "message": "the answer is too long", "path": "", "line": 0}
        too_long |= {"column": 0, "newer": False}
        data = as_json({"id": message["id"], "error": too_long}).encode() + b"\n"
    return data
