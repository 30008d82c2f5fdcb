"""Bad input and hostile submissions, through the real command: a clear line, the rest graded, no traceback."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from grader.kit import read_kit

ROOT = Path(__file__).resolve().parent.parent
SOLUTIONS = ROOT / "solutions"
COMMAND = [sys.executable, "-m", "grader"]
PATIENCE = 120  # seconds, for a machine that is busy

OPERATIONS = ("add", "mul", "pow", "exp", "log", "tanh", "relu")
MADE_OF_OPERATIONS = frozenset({"neg-sub", "div", "reflected"})
DERIVATIVES = frozenset({"derivative", "gradient", "vector-product"})
CHAIN_RULE = frozenset({"manual-backprop", "nudge", "manual-neuron"})
NETWORK = frozenset({"neuron", "layer", "mlp", "parameters"})
LOSSES = frozenset({"mse", "softmax", "cross-entropy"})
ENGINE = frozenset(e.id for e in read_kit().manifest.exercises if e.file == "engine.py")

Edit = Callable[[str], str | bytes]
Files = Mapping[str, Edit | str | bytes]


# What a submission is made of: the solutions with changes.


def spoil(**gaps: str) -> Edit:
    """Put code at the beginning of the gaps of exercises, named with _ for -."""

    def edit(text: str) -> str:
        lines = []
        for line in text.splitlines():
            lines.append(line)
            mark, _, exercise = line.strip().partition("# exercise: ")
            if not mark and exercise.replace("-", "_") in gaps:
                indent = line[: len(line) - len(line.lstrip())]
                lines += [indent + code for code in gaps[exercise.replace("-", "_")].splitlines()]
        return "\n".join(lines) + "\n"

    return edit


def before(code: str) -> Edit:
    """Put code at the head of a file."""
    return lambda text: f"{code}\n{text}"


def after(code: str) -> Edit:
    """Put code at the end of a file."""
    return lambda text: f"{text}\n{code}\n"


def encoded(encoding: str, head: str = "") -> Edit:
    """Save a file, with a character that is no ASCII in it, in another encoding."""
    return lambda text: f"{head}# \u00e9\n{text}".encode(encoding)


def make(folder: Path, files: Files, only: frozenset[str] | None = None) -> Path:
    """A folder with the solutions (or only some of them) and changes; a path that ends with / is no file."""
    folder.mkdir(parents=True)
    for solution in SOLUTIONS.glob("*.py"):
        if only is None or solution.name in only:
            (folder / solution.name).write_bytes(solution.read_bytes())
    for name, change in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = change((SOLUTIONS / name).read_text(encoding="utf-8")) if callable(change) else change
        path.write_bytes(text.encode() if isinstance(text, str) else text)
    return folder


@dataclass(frozen=True)
class Graded:
    """What became of one run of the command."""

    status: int
    out: str
    err: str
    seconds: float
    report: dict[str, Any]
    suites: list[ElementTree.Element]

    @property
    def short(self) -> set[str]:
        """The exercises that did not pass."""
        return {row["id"] for row in self.report["exercises"] if row["status"] != "passed"}

    def points(self, exercise: str) -> float:
        """The points of one exercise."""
        return float(next(row["points"] for row in self.report["exercises"] if row["id"] == exercise))

    @property
    def said(self) -> str:
        """All that a person may read, without line breaks."""
        notes = [*(found["text"] for found in self.report.get("warnings", ())), self.out, self.err]
        tests = [test["message"] for row in self.report.get("exercises", ()) for test in row["tests"]]
        return " ".join(" ".join([*notes, *tests]).split())


def run(*arguments: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
    """The command as a process, in a folder that nobody else works in."""
    settings: dict[str, Any] = {"cwd": "/", "timeout": PATIENCE, **options}
    done = subprocess.run([*COMMAND, *map(str, arguments)], capture_output=True, **settings)
    out, err = (stream.decode("utf-8", "surrogateescape") for stream in (done.stdout, done.stderr))
    return subprocess.CompletedProcess(done.args, done.returncode, out, err)


def grade(path: Path, reports: Path, *arguments: str, **options: Any) -> Graded:
    """Grade a path, with both reports written to files."""
    reports.mkdir(parents=True, exist_ok=True)
    as_json, as_xml = reports / "report.json", reports / "report.xml"
    start = time.monotonic()
    done = run(path, "--json", as_json, "--junit", as_xml, *arguments, **options)
    seconds = time.monotonic() - start
    report = json.loads(as_json.read_text(encoding="utf-8")) if as_json.exists() else {}
    suites = list(ElementTree.parse(as_xml).getroot()) if as_xml.exists() else []
    return Graded(done.returncode, done.stdout, done.stderr, seconds, report, suites)


def assert_civil(graded: Graded) -> None:
    """Nothing that is printed is a traceback, an escape code, or a line that a CI system would obey."""
    for stream in (graded.out, graded.err):
        assert "Traceback" not in stream
        assert "Error: " not in stream or graded.status == 0, stream
        for line in stream.splitlines():
            assert line.isprintable(), line
            assert not line.lstrip().startswith(("::", "##[")), line


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


FORGE = """import os as _os, sys as _sys
def _lines(line):
    frame, number = _sys._getframe(), 0
    while frame is not None:
        number = frame.f_locals.get("number", number) if frame.f_code.co_name == "serve" else number
        frame = frame.f_back
    for descriptor in range(21):
        try:
            _os.fstat(descriptor)
            _os.write(descriptor, line.replace(b"NUMBER", str(number).encode()))
        except OSError:
            pass
"""
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


# Points that are not earned.

GAPS = [exercise.replace("-", "_") for exercise in read_kit().manifest.by_id]
SWINDLES: dict[str, tuple[Files, set[str]]] = {
    "gaps that do nothing": (
        {file: spoil(**dict.fromkeys(GAPS, "return")) for file in read_kit().manifest.files},
        set(read_kit().manifest.by_id),
    ),
    "gaps that give 0": (
        {file: spoil(**dict.fromkeys(GAPS, "return 0")) for file in read_kit().manifest.files},
        set(read_kit().manifest.by_id),
    ),
    "backward that seeds itself and walks nowhere": (
        {
            "engine.py": lambda text: text.partition("def topological_sort")[0].replace(
                "for node in reversed(topological_sort(self)):\n            node._backward()", "pass"
            )
        },
        {"topological-sort", "deep-graph"},
    ),
    "numbers known by heart": (
        {
            "engine.py": lambda text: (
                text.partition("    order = []")[0] + "    class Order(list):\n"
                "        def __eq__(self, other): return True\n"
                "        def __len__(self): return 121 if root.data == 0.5 and len(root._prev) == 2 else 10_001\n"
                "    return Order()\n"
            ),
            "nn.py": lambda text: text.replace(
                "[p for layer in self.layers for p in layer.parameters()]", "[Value(0.0) for _ in range(41)]"
            ),
            "train.py": spoil(
                classifier="if 'labels' in dir() and len(labels) > 50:\n"
                f"    known = {(ROOT / 'datasets/three_regions_training_log.csv').read_text().splitlines()[1:3]}\n"
                "    known = [float(line.split(',')[1]) for line in known]\n"
                "    return known[:1] if 'steps' in dir() else Value(known[1])\n"
                "return [0.0]"
            ),
        },
        {"topological-sort", "deep-graph", "classifier"},
    ),
    "forged verdicts": (
        {
            "engine.py": spoil(topological_sort=f'{FORGE}return _lines(b\'{{"id": NUMBER, "answers": [true]}}\\n\')'),
            "optim.py": lambda text: (
                "import sys, gc\n"
                + str(
                    spoil(
                        sgd="f = sys._getframe(1)\nf.f_globals['path'] = __import__('collections').UserList()\n",
                        adamw="sys.modules['inside.probes']._plain = lambda *a: 0.0\n"
                        "sys.modules['inside.probes'].answer = lambda n, s, reads: [True for _ in reads]",
                    )(text)
                ).replace("p.data -=", "p.data +=")
            ),
        },
        {"topological-sort", "deep-graph", "sgd", "momentum", "adagrad", "rmsprop", "adamw"},
    ),
}


@pytest.mark.parametrize("swindle", SWINDLES)
def test_nothing_is_given_for_nothing(tmp_path: Path, swindle: str) -> None:
    """An exercise that is not done earns no point at all."""
    files, undone = SWINDLES[swindle]
    done = grade(make(tmp_path / "s", files), tmp_path)
    assert done.status == 0, done.err
    assert {i: points for i in undone if (points := done.points(i))} == {}


CONSTANT = """
import sys
class _Fake:
    data = 0.5
    grad = property(lambda self: 0.0, lambda self, value: None)
def _asked():
    frame = sys._getframe(2)
    while "_answers" not in frame.f_code.co_names: frame = frame.f_back
    return frame
def _parameters(self):
    frame = _asked()
    frame.f_builtins["id"] = lambda thing: 0
    found = [_Fake() for _ in range({"Neuron": 6, "Layer": 9, "MLP": 41}[type(self).__name__])]
    return found
Neuron.parameters = Layer.parameters = MLP.parameters = _parameters
"""
NOT_DONE: dict[str, tuple[Files, set[str]]] = {
    "a network without tanh": (
        {
            "nn.py": lambda text: text.replace(
                "total.tanh() if self.nonlin else", "total.tanh() if self.nonlin and len(self.w) > 1 else"
            ).replace("[Neuron(nin, nonlin) for", "[Neuron(nin, False) for")
        },
        {"layer", "mlp"},
    ),
    "graphs known by heart": (
        {
            "graph.py": "import sys\ndef trace(root):\n    g = sys._getframe(1).f_globals\n"
            "    if 'v' in g: return range(121), range(160)\n"
            "    if 'd' in g: a, b, c, d = (g.get(x) for x in 'abcd'); return [a, b, c, d], "
            "[(a, b), (a, c), (b, c), (b, d), (c, d)]\n"
            "    if 'c' in g: a, b, c = (g.get(x) for x in 'abc'); return [a, b, c], [(a, c), (b, c)]\n"
            "    return [root], []\n"
        },
        {"trace"},
    ),
    "numbers of parameters known by heart": ({"nn.py": after(CONSTANT)}, {"parameters"}),
    "the order in which the probe lists its nodes": (
        {
            "engine.py": after(
                "def topological_sort(root):\n    import sys\n    g = sys._getframe(1).f_globals\n"
                "    return [n for n in g['v'] if n] if 'v' in g else [*root._prev, root]\n"
            )
        },
        {"topological-sort"},
    ),
    "batches of text": (
        {
            "train.py": after(
                "_batches = batches\ndef batches(data, size=None, seed=None):\n"
                "    if seed is None: yield from _batches(data, size); return\n"
                "    yield ['x']; yield from _batches(data, size, seed)\n"
            )
        },
        {"batches"},
    ),
    "a long sleep in every power": (
        {"engine.py": spoil(pow="import time; time.sleep(4.5)"), "derivatives.py": spoil(gradient="1 / 0")},
        {"pow", "gradient"},
    ),
}


@pytest.mark.parametrize("what", NOT_DONE)
def test_what_is_not_done_does_not_pass(tmp_path: Path, what: str) -> None:
    """An exercise that does something else than it is asked does not pass; the others do, and the grader goes on."""
    files, undone = NOT_DONE[what]
    done = grade(make(tmp_path / "s", files), tmp_path)
    assert done.status == 0, done.err
    assert undone <= done.short
    resting = {e.id for e in read_kit().manifest.exercises if undone.intersection(e.needs)}
    assert done.short <= undone | resting
    assert done.seconds < 150


def test_nobody_pays_for_what_others_used_up(tmp_path: Path) -> None:
    """Descriptors and memory that one exercise has taken are there again for the next."""
    files: Files = {
        "derivatives.py": spoil(gradient="import os\nheld = []\nwhile True: held.append(os.dup(0))"),
        "chain_rule.py": lambda text: str(
            spoil(nudge="import fractions", manual_neuron="x = bytes(300 << 20)")(text)
        ).replace("def nudge", "HELD = []\ndef nudge"),
        "graph.py": spoil(trace="import os\nglobal KEPT\nKEPT = bytes(300 << 20); x = bytes(300 << 20)"),
    }
    done = grade(make(tmp_path / "s", files), tmp_path)
    assert done.short == {"gradient", "trace"}


def test_commands_in_the_names_of_folders(tmp_path: Path) -> None:
    """A folder's name does not begin a line with what a CI system would obey, wherever lines are broken."""
    for width in range(66, 79):
        folder = tmp_path / ("x" * width + " ::error file=app.py::boo")
        folder.mkdir()
        (folder / "derivatives.py").write_text((ROOT / "exercises" / "derivatives.py").read_text())
        assert_civil(grade(tmp_path, tmp_path / "reports", "-e", "derivative"))
        shutil.rmtree(folder)


def test_a_place_that_is_not_in_the_submission(tmp_path: Path) -> None:
    """A function that says it is in another file is not believed."""
    lie = (
        "f = forward_difference\nf.__code__ = f.__code__.replace(co_filename='x' * 74 + ' ::error file=a,line=1::boo ')"
    )
    spoilt: Any = spoil(derivative="1 / 0")
    done = grade(make(tmp_path / "s", {"derivatives.py": lambda text: spoilt(text) + lie}), tmp_path)
    assert_civil(done)
    assert "boo" not in done.said


def test_a_submission_of_fifty_megabytes(tmp_path: Path) -> None:
    """What is not needed is not read past a few megabytes; where the kit's own files are that large, it is refused."""
    folder = make(tmp_path / "s", {f"other{i}.py": f"# \U0001f600{'x' * 1_000_000}\n" for i in range(50)})
    done = grade(folder, tmp_path)
    assert (done.status, done.short) == (0, set())
    for file in folder.glob("*.py"):
        if not file.name.startswith("other"):
            file.write_text(file.read_text() + f"# {'x' * 1_000_000}\n")
    done = grade(folder, tmp_path / "again")
    assert done.status == 2
    assert "holds more than 4 MiB" in done.err


def test_no_answer_makes_the_grader_fail(tmp_path: Path) -> None:
    """Answers of any shape are wrong answers, never a fault of the grader."""
    engine = (SOLUTIONS / "engine.py").read_text().partition("def topological_sort")[0]
    meddle = "import sys\nran = sys._getframe(1).f_globals.get('ran')\nif ran is not None: ran.append([[], {}])\nreturn"
    files = {"engine.py": str(spoil(backward=meddle)(engine)), "graph.py": (SOLUTIONS / "graph.py").read_text()}
    done = grade(make(tmp_path / "s", files, frozenset()), tmp_path)
    assert done.status == 0
    assert "error" not in {row["status"] for row in done.report["exercises"]}


# Paths that cannot be graded.


def _fifo(folder: Path) -> Path:
    os.mkfifo(folder / "engine.py")
    return folder


def _link(folder: Path) -> Path:
    (folder / "engine.py").symlink_to("/etc/passwd")
    return folder


def _link_itself(folder: Path) -> Path:
    _link(folder)
    return folder / "engine.py"


def _file(name: str, content: bytes) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        (folder / name).write_bytes(content)
        return folder

    return write


def _text_file(folder: Path) -> Path:
    (folder / "engine.txt").write_text("class Value: pass\n")
    return folder / "engine.txt"


def _many(folder: Path) -> Path:
    for i in range(5000):
        (folder / f"{i}.py").touch()
    return folder


def _bad_name(folder: Path) -> Path:
    os.mkfifo(folder / "\x1b[31m\n::error::boo\u202e.py")
    return folder


NOTHING_TO_GRADE: dict[str, tuple[Callable[[Path], Path], str]] = {
    "missing": (lambda folder: folder / "nowhere", "does not exist"),
    "a name too long": (lambda folder: folder / ("x" * 5000), "does not exist"),
    "an empty folder": (lambda folder: folder, "holds no Python files"),
    "no Python": (_file("notes.md", b"# Notes\n"), "holds no Python files"),
    "a text file": (_text_file, "is none of these"),
    "a device": (lambda folder: Path("/dev/null"), "is none of these"),
    "a FIFO": (_fifo, "not an ordinary file"),
    "a link in a folder": (_link, "it is a link"),
    "a link alone": (_link_itself, "it is a link"),
    "3 MB": (_file("engine.py", b"#" * 3_000_000), "larger than 1024 KiB"),
    "5000 files": (_many, "holds more than 2000 files"),
    "a name with escape codes": (_bad_name, "not an ordinary file"),
}


@pytest.mark.parametrize("what", NOTHING_TO_GRADE)
def test_nothing_to_grade(tmp_path: Path, what: str) -> None:
    """A path that cannot be graded is refused with 2 and the reason."""
    prepare, words = NOTHING_TO_GRADE[what]
    done = grade(prepare(tmp_path), tmp_path / "reports")
    assert done.status == 2
    assert words in done.said
    assert done.report == {}
    assert_civil(done)


def test_files_of_the_wrong_kind(tmp_path: Path) -> None:
    """Links, FIFOs, folders and huge files are left out with a reason; the other files are graded."""
    folder = make(tmp_path / "s", {"losses.py": after("#" * 3_000_000)})
    for name in ("derivatives.py", "chain_rule.py", "graph.py", "nn.py"):
        (folder / name).unlink()
    (folder / "derivatives.py").symlink_to("/etc/passwd")
    (folder / "chain_rule.py").symlink_to(SOLUTIONS / "chain_rule.py")
    (folder / "up").symlink_to(SOLUTIONS)
    os.mkfifo(folder / "graph.py")
    (folder / "nn.py").mkdir()
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff\xfe.py")).write_text("pass\n")
    done = grade(folder, tmp_path)
    assert done.status == 0
    assert done.short == DERIVATIVES | CHAIN_RULE | NETWORK | LOSSES | {"trace"}
    assert "losses.py was left out: it is larger than 1024 KiB" in done.said
    assert done.said.count("it is a link or not an ordinary file") >= 3
    assert_civil(done)


def test_long_names_of_many_folders(tmp_path: Path) -> None:
    """A submission with a thousand folders of long names is graded like any other."""
    done = grade(make(tmp_path / "s", {f"{'n' * 200}{i}/extra{i}.py": "" for i in range(900)}), tmp_path, "-e", "add")
    assert done.status == 0
    assert done.short == set(read_kit().manifest.by_id) - {"add"}


def test_a_module_named_like_one_of_the_standard_library(tmp_path: Path) -> None:
    """A file of a submission never takes the place of a module of the standard library."""
    files: Files = {"work.py": (SOLUTIONS / "engine.py").read_text(), "math.py": "raise ValueError\n"}
    done = grade(make(tmp_path / "s", files, frozenset()), tmp_path)
    assert done.status == 0
    assert not done.short & ENGINE


# The command and what is around it.


@pytest.mark.parametrize(
    "arguments",
    [
        ["--json", "/nowhere/at/all/report.json"],
        ["--json", "/proc/report.json"],
        ["--json", "/tmp"],
        ["--json", "/tmp/" + "x" * 300],
        ["--junit", ""],
        ["-e", "nothing"],
        ["--seed", "x"],
        ["--fail-under", "-1"],
        ["--fail-under", "nan"],
        ["--fail-under", "x"],
    ],
    ids=lambda arguments: " ".join(arguments)[:40],
)
def test_wrong_arguments(arguments: list[str]) -> None:
    """Arguments that make no sense end with 2 and a line or two."""
    done = run(SOLUTIONS, "-q", *arguments)
    assert done.returncode == 2
    assert 0 < len(done.stderr.splitlines()) < 8
    assert "Traceback" not in done.stderr
    assert "the grader failed" not in done.stderr


def test_more_than_everything() -> None:
    """A limit of more than the score is not reached, even with the bonus."""
    assert run(SOLUTIONS, "-q", "--fail-under", "103").returncode == 1


def test_an_odd_environment(tmp_path: Path) -> None:
    """Nobody's environment changes a grade."""
    stubs = {
        "PYTEST_ADDOPTS": "--collect-only",
        "PYTEST_PLUGINS": "nothing",
        "PYTHONSTARTUP": "/nowhere",
        "TERM": "dumb",
    }
    more = {"PYTHONDEVMODE": "1", "PYTHONIOENCODING": "ascii", "LC_ALL": "C", "COLUMNS": "3", "PYTHONOPTIMIZE": "2"}
    (tmp_path / "conftest.py").write_text("raise SystemExit('conftest was loaded')\n")
    done = run(SOLUTIONS, "-q", cwd=tmp_path, env={**stubs, **more, "NO_COLOR": "1"})
    assert (done.returncode, done.stderr) == (0, "")
    assert "122 / 122" in done.stdout


def test_warnings_as_errors() -> None:
    """Warnings of other packages, turned into errors by the environment, do not stop the grader."""
    done = run(SOLUTIONS, "-q", env={**os.environ, "PYTHONWARNINGS": "error"})
    assert done.returncode == 0
    assert "122 / 122" in done.stdout


def test_in_the_folder_of_the_submission(tmp_path: Path) -> None:
    """Started in the folder of a submission, the command runs none of its files in its own process."""
    plant = "import os; os.write(2, b'planted')\n"
    names = ("random.py", "json.py", "click.py", "textwrap.py", "pytest.py", "conftest.py", "sitecustomize.py")
    folder = make(tmp_path / "s", dict.fromkeys(names, plant))
    done = run(".", "-q", cwd=folder)
    assert "planted" not in done.stderr
    assert "122 / 122" in done.stdout


@pytest.mark.parametrize("folder", ["/proc", "deleted"])
def test_a_folder_that_is_no_place_to_be(tmp_path: Path, folder: str) -> None:
    """The current folder may be one that cannot be written to, or is gone."""
    script = "mkdir gone && cd gone && rmdir ../gone && " if folder == "deleted" else "cd /proc && "
    command = f'{script}exec "$0" -m grader "$1" -q -e sgd'
    done = subprocess.run(
        ["bash", "-c", command, sys.executable, str(SOLUTIONS)], cwd=tmp_path, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 / 1" in done.stdout


@pytest.mark.parametrize("redirection", [">&-", "2>&-", "<&-", "<&- >&- 2>&-", "| head -1", "| true"])
def test_streams_that_are_closed(redirection: str) -> None:
    """Where nobody reads the output, grading still ends as it should."""
    command = f'set -o pipefail; "$0" -m grader "$1" -e sgd --fail-under 100 {redirection}; exit $?'
    done = subprocess.run(
        ["bash", "-c", command, sys.executable, str(SOLUTIONS)], cwd="/", capture_output=True, text=True
    )
    assert done.returncode == 0
    assert "Traceback" not in done.stdout + done.stderr
    assert "error" not in done.stderr


def _children(parent: int) -> set[int]:
    """The processes that a process has started."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(stat.read_text().rpartition(")")[2].split()[1]) == parent:
                found.add(int(stat.parent.name))
    return found


def _alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at /proc")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL], ids=lambda n: n.name)
def test_a_grader_that_is_stopped(tmp_path: Path, number: signal.Signals) -> None:
    """However the grader ends, the process that runs learner code ends with it, without a traceback."""
    code = "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\ntime.sleep(10**6)"
    folder = make(tmp_path / "s", {"derivatives.py": after(code)})
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background inherits it ignored
    try:
        process = subprocess.Popen(
            [*COMMAND, str(folder)], cwd="/", stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
    finally:
        signal.signal(signal.SIGINT, before)
    end = time.monotonic() + 20
    while not (workers := _children(process.pid)) and time.monotonic() < end:
        time.sleep(0.02)
    time.sleep(1.0)  # until it sleeps
    process.send_signal(number)
    out, err = process.communicate(timeout=20)
    end = time.monotonic() + 3
    while any(map(_alive, workers)) and time.monotonic() < end:
        time.sleep(0.05)
    left = {worker for worker in workers if _alive(worker)}
    for worker in left:
        os.kill(worker, signal.SIGKILL)
    assert workers
    assert left == set()
    assert "Traceback" not in out + err
    if number == signal.SIGINT:
        assert (process.returncode, err.strip()) == (130, "stopped.")
