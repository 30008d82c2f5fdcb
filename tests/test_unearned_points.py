"""Points are for what was done: swindles, empty answers and what others used up. More of them are in tests/hostile/."""

from __future__ import annotations

from pathlib import Path

import pytest
from wild import ROOT, Files, grade, make, spoil

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
}


@pytest.mark.parametrize("swindle", SWINDLES)
def test_nothing_is_given_for_nothing(tmp_path: Path, swindle: str) -> None:
    """An exercise that is not done earns no point at all."""
    files, undone = SWINDLES[swindle]
    done = grade(make(tmp_path / "s", files), tmp_path)
    assert done.status == 0, done.err
    assert {i: points for i in undone if (points := done.points(i))} == {}


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
