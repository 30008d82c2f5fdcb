"""Points are for what was done: swindles, empty answers and what others used up."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from wild import FORGE, ROOT, SOLUTIONS, Files, after, assert_civil, grade, make, spoil

from grader.kit import read_kit

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
