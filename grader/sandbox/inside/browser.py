"""The worker in a browser: site/engine/learner.js calls it line by line, and takes its memory back to what it was.

There are no pipes and no limits of the system. What Pyodide has for Python to reach the browser is taken away first.
"""

from __future__ import annotations

import gc
import sys

from . import worker
from .modules import PACKAGE, Loader
from .serving import as_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec

    from .worker import Worker

# The ways from Python to JavaScript.
WAYS_OUT = frozenset(["js", "pyodide", "pyodide_js", "_pyodide", "_pyodide_core", "micropip", "_jsfinder"])

# WebAssembly's stack is short: where calls that go through C fill it (`__radd__` that adds the other way round), Python
# itself ends, at 510 or so of them. Nothing of the kit goes as deep as this.
RECURSIONS = 450

_worker: Worker | None = None


class _NoWayOut:
    """A finder before all others: of those modules only what the submission itself calls so is there."""

    def __init__(self, loader: Loader) -> None:
        self._loader = loader

    def find_spec(self, name: str, *_: object) -> ModuleSpec | None:
        if name.partition(".")[0] not in WAYS_OUT:
            return None
        spec = self._loader.find_spec(name)
        if spec is None:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return spec


def begin() -> None:
    """Be ready for a submission. All that is imported here, and by it, is in the memory that is gone back to."""
    global _worker
    _worker = worker.Worker()
    # Freeing a long chain of nodes calls as deep as it is long, and WebAssembly's stack is short: they are kept.
    _worker.kept = []
    gc.set_threshold(*worker.GC_THRESHOLD)
    sys.setrecursionlimit(RECURSIONS)
    for name in [name for name in sys.modules if name.partition(".")[0] in WAYS_OUT]:
        del sys.modules[name]
    sys.meta_path[:] = [finder for finder in sys.meta_path if "pyodide" not in type(finder).__module__]
    sys.meta_path.insert(0, _NoWayOut(_worker.loader))
    sys.modules["builtins"] = _worker.loader.builtins


def answer(line: str) -> str:
    """The reply to one line. The first of a session is the settings, which nothing here can keep to: it says hello."""
    assert _worker is not None
    if line.startswith("{'canaries'"):
        return as_json({"hello": PACKAGE, "canaries": {}}) + "\n"
    request = worker.parsed(line)
    number, op = request.pop("id"), request.pop("op")
    try:
        reply = getattr(_worker, op)(**request)
    except BaseException as error:
        reply = _worker.error(error)
    return worker.line_of(number, reply).decode()
