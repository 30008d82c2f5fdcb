"""Submissions that are broken somewhere: a clear line, the rest graded, no traceback."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from wild import (
    CHAIN_RULE,
    DERIVATIVES,
    ENGINE,
    FORGE,
    LOSSES,
    MADE_OF_OPERATIONS,
    NETWORK,
    OPERATIONS,
    Files,
    Graded,
    after,
    assert_civil,
    before,
    encoded,
    grade,
    make,
    spoil,
)

from grader.kit import read_kit

# Submissions that get a report.


@dataclass(frozen=True)
class Case:
    """A submission, the exercises that it falls short of (all others pass), the words that it gets, the time it has."""

    files: Files
    short: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()
    zero: frozenset[str] | None = None  # earn nothing at all, where these are not all that are in `short`
    seconds: float = 40.0
    only: frozenset[str] | None = None


LIES = """
import fractions as _fractions
class _Lie(float):
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __lt__(self, other): return True
    __le__ = __gt__ = __ge__ = __bool__ = __lt__
    def __float__(self): return 0.0
    def __int__(self): return 0
    def __hash__(self): return 0
    def __sub__(self, other): return 0.0
    __rsub__ = __add__ = __radd__ = __mul__ = __rmul__ = __abs__ = __neg__ = __sub__
    def __repr__(self): return "0.0"
    __str__ = __repr__
class _Chameleon:
    __class__ = float
    def __eq__(self, other): return True
    def __getattr__(self, name): return self
    def __call__(self, *a): return self
    def __hash__(self): return 0
    def __iter__(self): return iter(())
    def __index__(self): return 0
    def __float__(self): return 0.0
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __call__
class _Items(list):
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __contains__(self, item): return True
class _Node:
    grad = 0.0
    @property
    def data(self): raise KeyError("no data")
    def __eq__(self, other): return True
    def __hash__(self): return 0
"""


def _grad(value: str) -> str:
    return f"self.grad = {value}\nif 'other' in dir(): other.grad = self.grad\nreturn"


HUNT = """
import gc, sys
TABOO = ("shparg_llams_tset fed", "esicrexe.kram.tsetyp@", "h / ))x(f - )h + x(f(", "redro ni srey")
TABOO = tuple(words[::-1] for words in TABOO)
def _texts():
    gc.unfreeze()
    things = [thing for thing in gc.get_objects() if isinstance(thing, (dict, list, tuple))]
    frame = sys._getframe()
    while frame is not None:
        things += [dict(frame.f_locals), frame.f_globals, [frame.f_code.co_filename]]
        frame = frame.f_back
    for thing in things:
        for value in list(thing.values() if isinstance(thing, dict) else thing):
            if isinstance(value, (str, bytes)):
                yield value
def trace(root):
    texts = [t if isinstance(t, str) else t.decode("latin-1") for t in list(_texts())]
    known = [m for m in ("pytest", "grader", "grader.base.compare", "solutions") if m in sys.modules]
    found = [word for word in TABOO for text in texts if word in text and text not in TABOO]
    raise LookupError(f"hunted {len(texts) > 100}: {found} {known}")
class Value:
    def __init__(self, data, children=()): self.data, self.grad, self._prev = data, 0.0, children
    def __add__(self, other): return Value(self.data + other.data, (self, other))
    __mul__ = __add__
"""

CASES = {
    "each operation dies or hangs in its own way": Case(
        {
            "engine.py": spoil(
                add="import os; os._exit(0)",
                mul="while True: pass",
                pow="import time; time.sleep(1000)",
                exp="import os; os.abort()",
                log="while True:\n    try:\n        while True: pass\n    except BaseException: pass",
                tanh="import sys; sys.setrecursionlimit(10**9)\ndef f(): f()\nf()",
                relu="import sys; sys.exit(0)",
            )
        },
        short=frozenset(OPERATIONS) | MADE_OF_OPERATIONS,
        words=(
            "ended the whole process (exit status 0)",
            "still running after 2 s",
            "crashed the whole process (SIG",
            "SystemExit",
        ),
        zero=frozenset(OPERATIONS),
        seconds=60,
    ),
    "gradients that are no numbers": Case(
        {
            "engine.py": spoil(
                add=_grad("float('nan')"),
                mul=_grad("float('inf')"),
                pow=_grad("True"),
                exp=_grad("'1.0'"),
                log=_grad("10**400"),
                tanh=_grad("__import__('fractions').Fraction(0)"),
                relu=_grad("__import__('decimal').Decimal(0)"),
            )
        },
        short=frozenset(OPERATIONS) | MADE_OF_OPERATIONS,
        words=("yours nan", "yours inf", "yours True", "yours '1.0'", "yours a huge int", "yours a Fraction"),
        zero=frozenset(OPERATIONS),
    ),
    "gradients that lie about themselves": Case(
        {
            "engine.py": lambda text: (
                LIES
                + str(
                    spoil(
                        add=_grad("_Lie(0.0)"),
                        mul=_grad("_Chameleon()"),
                        pow=_grad("type('float', (float,), {})(0.0)"),
                        exp=_grad("type('int', (int,), {})(1)"),
                        log=_grad("0j"),
                        tanh=_grad("_Items([0.0])"),
                        relu=_grad("_Node()"),
                    )(text)
                )
            )
        },
        short=frozenset(OPERATIONS) | MADE_OF_OPERATIONS,
        zero=frozenset(OPERATIONS),
    ),
    "answers that lie about themselves": Case(
        {
            "derivatives.py": lambda text: (
                text + LIES + "\nforward_difference = central_difference = lambda *a: _Lie(1)\n"
                "gradient = lambda *a: _Items()\nvector_product = lambda *a: (_Lie(1), _Items(), _Items())\n"
            ),
            "chain_rule.py": lambda text: (
                text + LIES + "\nmanual_backprop = manual_neuron = nudge = lambda *a, **k: _Chameleon()\n"
                "_Chameleon.__getitem__ = lambda self, key: _Lie(0)\n_Chameleon.__len__ = lambda self: 2\n"
            ),
            "graph.py": lambda text: text + LIES + "\ntrace = lambda root: (_Items(), _Items())\n",
            "train.py": lambda text: (
                text + LIES + "\nbatches = lambda data, size=None, seed=None: _Items([_Items([_Lie(0)] * 3)])\n"
                "gradient_norm = lambda p: _Lie(0)\nminimise = lambda *a, **k: _Items([_Lie(0)])\n"
                "predict = accuracy = lambda *a: _Lie(0)\nclass_grid = lambda *a: _Items([_Items()])\n"
            ),
        },
        short=DERIVATIVES | CHAIN_RULE | {"trace", "batches", "stopping", "decision-boundary"},
        zero=DERIVATIVES | CHAIN_RULE | {"trace", "batches", "stopping", "decision-boundary"},
    ),
    "noise on every descriptor": Case(
        {
            "engine.py": lambda text: (
                FORGE
                + str(
                    spoil(
                        add="_lines(b'garbage')",
                        mul="_lines(b'x' * 200_000 + b'\\n')",
                        pow='_lines(b\'{"id": NUMBER, "answers": []}\\n\')',
                        exp='_lines(b\'{"id": NUMBER, "answers": [1.0, 1.0]}\\n\'); import time; time.sleep(9)',
                        log="_os.closerange(0, 100)",
                        tanh='_lines(b\'{"id": NUMBER, "error": {"type": 7}}\\n\')',
                        relu='_lines(b\'{"id": 1e999, "hello": "submission"}\\n{}\\n\')',
                    )(text)
                )
            ),
            "graph.py": after(f"{FORGE}_lines(b'\\xff\\x00\\n' * 5)"),
        },
        short=frozenset(OPERATIONS) | MADE_OF_OPERATIONS,
        words=("it interfered with the grader",),
        zero=frozenset(OPERATIONS),
    ),
    "noise from a thread": Case(
        {
            "graph.py": after(
                f"{FORGE}import threading as _threading\n"
                "def _noise():\n    while True: _lines(b'{}\\n')\n"
                "def trace(root):\n    _threading.Thread(target=_noise, daemon=True).start()\n"
                "    while True: pass"
            )
        },
        short=frozenset({"trace"}),
        zero=frozenset({"trace"}),
    ),
    "each file ends badly": Case(
        {
            "derivatives.py": after("import os\nos._exit(0)"),
            "chain_rule.py": after("import sys\nsys.exit()"),
            "engine.py": lambda text: text.replace(
                "def topological_sort", "raise RuntimeError('!')\ndef topological_sort"
            ),
            "nn.py": after("for _ in range(10_000_000): print('a line')"),
            "losses.py": after("while True: pass"),
            "optim.py": after("import os\nif os.fork() == 0: os._exit(0)"),
            "train.py": after("import time\nfor _ in range(60): time.sleep(1)"),
            "graph.py": after("import os\nos.abort()"),
        },
        words=(
            "it called exit",
            "RuntimeError: !",
            "crashed the whole process",
            "derivatives.py stopped",
            "train.py has something at its",
        ),
    ),
    "two files begin badly": Case(
        {
            "derivatives.py": before("import os\nos._exit(0)"),
            "chain_rule.py": before("while True: pass"),
            "optim.py": before("import torch, numpy as np\nfrom tensorflow import *"),
        },
        short=DERIVATIVES | CHAIN_RULE,
        words=("optim.py imports torch, which is not available",),
        zero=DERIVATIVES | CHAIN_RULE,
    ),
    "an assignment that trains for a minute": Case(
        {
            "derivatives.py": after("def demo():\n    while True: pass\nlosses = demo()"),
            "chain_rule.py": after("def demo():\n    import os; os._exit(1)\nresult: int = demo()"),
        },
        words=("derivatives.py has something at its top level", "chain_rule.py stopped"),
    ),
    "a package whose engine ends badly": Case(
        {
            "engine.py": after("import os\nos._exit(0)"),
            "nn.py": lambda text: text.replace("from engine", "from micrograd.engine"),
            "losses.py": lambda text: text.replace("from engine", "from .engine"),
        },
        words=("engine.py stopped",),
    ),
    "the world is patched": Case(
        {
            "graph.py": after(
                "import atexit, builtins, ctypes, gc, json, os, signal, sys, threading, time\n"
                "for name in 'id hasattr repr eval exec compile print open bytes vars sorted hash'.split():\n"
                "    setattr(builtins, name, lambda *a, **k: 1 / 0)\n"
                "os.write = os.read = os._exit = json.loads = json.dumps = time.time = lambda *a, **k: 1 / 0\n"
                "for number in range(1, 32):\n"
                "    try: signal.signal(number, signal.SIG_IGN)\n"
                "    except Exception: pass\n"
                "atexit.register(lambda: time.sleep(1000))\n"
                "sys.stdout = sys.stderr = sys.stdin = None\n"
                "sys.meta_path.insert(0, None); sys.path.clear(); sys.modules['json'] = None\n"
                "sys.settrace(lambda *a: None); sys.setprofile(lambda *a: None); gc.disable()\n"
                "sys.excepthook = sys.displayhook = lambda *a: os.abort()\n"
                "def spin():\n    while True: pass\n"
                "threading.Thread(target=spin, daemon=True).start()"
            )
        },
        seconds=60,
    ),
    "constructors that fail": Case(
        {
            "nn.py": spoil(layer="raise TypeError('cannot be made')"),
            "derivatives.py": after("def forward_difference(): return 1\ndef gradient(a, b, c, d, e): pass"),
            "optim.py": lambda text: text.replace("        self.s = [", "        1 / 0\n        self.s = ["),
        },
        short=frozenset({"layer", "mlp", "parameters", "derivative", "gradient", "adagrad", "rmsprop"}),
        words=("TypeError: cannot be made", "takes 0 positional arguments", "ZeroDivisionError"),
    ),
    "a Neuron that is never made": Case(
        {"nn.py": lambda text: text.replace("        self.b = Value(0.0)", "        while True: pass")},
        short=NETWORK,
        words=("still running after 2 s",),
        zero=NETWORK,
    ),
    "a Value that is never made": Case(
        {"engine.py": lambda text: text.replace("        self.data = data", "        while True: pass")},
        short=ENGINE,
        words=("still running after 2 s",),
        zero=ENGINE,
    ),
    "a syntax error in the engine": Case(
        {"engine.py": lambda text: text.replace("def __mul__(self, other):", "def __mul__(self, other)")},
        short=ENGINE,
        words=("engine.py:50", "expected ':'"),
        zero=ENGINE,
    ),
    "no engine": Case(
        {},
        only=frozenset({"derivatives.py", "chain_rule.py", "nn.py", "losses.py", "optim.py", "train.py", "graph.py"}),
        short=ENGINE,
        words=("nn.py imports engine",),
        zero=ENGINE,
    ),
    "a helper with a name of ours": Case(
        {
            "process.py": "K = 1\n",
            "protocol.py": "K = 1\n",
            "worker.py": "K = 1\n",
            "nn.py": before("from process import K\nfrom protocol import K\nfrom worker import K\nassert K"),
        },
    ),
    "odd encodings": Case(
        {
            "derivatives.py": encoded("latin-1"),
            "chain_rule.py": encoded("latin-1", "# -*- coding: latin-1 -*-\n"),
            "engine.py": lambda text: b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode(),
            "nn.py": encoded("utf-16"),
            "losses.py": after("# \0"),
            "optim.py": encoded("utf-8", "# coding: utf-7\n"),
            "train.py": encoded("utf-8", "# coding: rot13\n"),
            "graph.py": lambda text: "\f" + text.replace("\n", "\r"),
        },
        short=LOSSES,
        words=("losses.py was left out", "it holds NUL bytes"),
        zero=LOSSES,
    ),
    "files that would be loaded by others": Case(
        {
            "conftest.py": "raise SystemExit('conftest was loaded')\n",
            "pytest.ini": "[pytest]\naddopts = --collect-only\n",
            "setup.cfg": "[tool:pytest]\naddopts = --collect-only\n",
            "sitecustomize.py": "raise SystemExit('sitecustomize was loaded')\n",
            "statistics.py": "raise SystemExit('statistics was loaded')\n",
            "random.py": "raise SystemExit('random was loaded')\n",
            "grader.py": "raise SystemExit('grader was loaded')\n",
            "grader/__init__.py": "raise SystemExit('grader was loaded')\n",
        },
    ),
    "text that is no text": Case(
        {
            "engine.py": spoil(
                add="raise NotImplementedError('mul')",
                mul="raise ValueError('x' * 10**6)",
                pow="raise ValueError('\\x1b[31mred\\x1b]0;title\\x07 \\u202egnirts \\u2066 \\r\\n::error::boo\\n\\0')",
                exp="class E(Exception):\n    def __str__(self): raise self\nraise E",
                log="raise type('\\x1b[1m<b>&\\n::warning::\\u202e', (Exception,), {})('</testcase>')",
                tanh="raise SyntaxError('made', ('engine.py', -5, 'x', 'y'))",
                relu="raise type('M', (type,), {'__name__': property(lambda s: 1 / 0)})('E', (Exception,), {})()",
            ),
            "derivatives.py": after(
                "if 1: raise ValueError('pad ' * 8 + '::error file=a::boo ' * 9)\n"
                "if 1: raise KeyError('##[error]boo ' * 9)"
            ),
        },
        short=frozenset(OPERATIONS) | MADE_OF_OPERATIONS,
        words=("\\x1b[31mred", "\\u202e", "still to be written: mul"),
        zero=frozenset(OPERATIONS),
    ),
    "a thousand complaints": Case(
        {"derivatives.py": after("\n".join(f"if 1: raise ValueError({i}, 'x' * 300)" for i in range(1000)))},
        words=("derivatives.py",),
    ),
    "steps that each sleep": Case(
        {"derivatives.py": after("import time\n" + "if 1: time.sleep(1.5)\n" * 40)},
        words=("derivatives.py stopped",),
    ),
    "a hunt for answers": Case(
        {"graph.py": HUNT, "engine.py": "from graph import Value\n"},
        only=frozenset(),
        short=frozenset(e.id for e in read_kit().manifest.exercises),
        words=("LookupError: hunted True: [] []",),
        zero=frozenset(e.id for e in read_kit().manifest.exercises),
    ),
}


@pytest.fixture(scope="module")
def graded(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Future[Graded]]]:
    """The cases that are to be tested, being graded side by side: most of them wait most of the time."""
    chosen = {item.callspec.params.get("name") for item in request.session.items if hasattr(item, "callspec")}
    with ThreadPoolExecutor(4) as pool:

        def submit(case: Case, folder: Path) -> Graded:
            return grade(make(folder / "a b \u4f60\u597d", case.files, case.only), folder)

        yield {
            name: pool.submit(submit, case, tmp_path_factory.mktemp("wild"))
            for name, case in CASES.items()
            if name in chosen
        }


@pytest.mark.parametrize("name", CASES)
def test_only_what_is_wrong_is_lost(graded: dict[str, Future[Graded]], name: str) -> None:
    """What a submission does costs the exercises that do it and nothing else, in a time that a learner would wait."""
    case, done = CASES[name], graded[name].result()
    assert done.status == 0, done.err
    assert_civil(done)
    assert done.short == case.short
    assert {i: done.points(i) for i in case.zero or ()} == dict.fromkeys(case.zero or (), 0.0)
    for words in case.words:
        assert words in done.said
    assert len(done.report["exercises"]) == len(done.suites)
    assert len(done.out) < 60_000
    assert done.seconds < case.seconds
