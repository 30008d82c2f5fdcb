"""A newer kit comes into a learner's folder, and nothing that was written is lost."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import MOST, ROOT, Run
from hypothesis import given
from hypothesis import strategies as st

from grader.base.report import Status
from grader.grading.pipeline import grade
from grader.intake.submission import read_submission
from grader.kit import read_kit
from grader.kit.gaps import emptied, filled, refilled
from grader.kit.pieces import apart
from grader.study.merge import merged
from grader.study.upgrade import AS_IT_CAME
from grader.upkeep.edition import make_notebook

MANIFEST = read_kit().manifest
SOLUTIONS = {file: (ROOT / "solutions" / file).read_text(encoding="utf-8") for file in MANIFEST.files}
Newer = Callable[[dict[str, list[tuple[str, str]]]], Run]


@pytest.fixture
def own(tmp_path: Path, mg_grade: Run) -> Path:
    """A learner's folder in which something was written: two gaps, a function of their own, and a comment."""
    folder = tmp_path / "own"
    assert mg_grade("init", folder).returncode == 0
    engine = folder / "engine.py"
    text = refilled(engine.read_text(), "add", SOLUTIONS["engine.py"], "engine.py")
    text = refilled(text, "mul", SOLUTIONS["engine.py"], "engine.py")
    text = text.replace("import math\n", "import math\n\n\ndef shout(text):\n    print(text.upper())\n", 1)
    engine.write_text(text + "\n# so far so good\n")
    return folder


@pytest.fixture
def newer(tmp_path: Path) -> Newer:
    """A newer kit: newer({file: [(old, new), ..]}) changes the solutions of a copy of this one, releases it, and gives
    what runs its command."""

    def make(changes: dict[str, list[tuple[str, str]]]) -> Run:
        kit = tmp_path / "kit"
        for name in ("grader", "exercises", "solutions", "datasets"):
            shutil.copytree(ROOT / name, kit / name, ignore=shutil.ignore_patterns("__pycache__"))
        manifest = kit / "exercises" / "exercises.toml"
        manifest.write_text(manifest.read_text().replace('version = "0.1.0"', 'version = "0.2.0"'))
        for file, pairs in changes.items():
            text = (kit / file).read_text()
            for old, new in pairs:
                assert text.count(old) == 1, old
                text = text.replace(old, new)
            (kit / file).write_text(text)

        def run(*arguments: object) -> subprocess.CompletedProcess[str]:
            env = {**os.environ, "PYTHONPATH": str(kit)}
            command = [sys.executable, "-m", "grader", *map(str, arguments)]
            return subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)

        assert run("release").returncode == 0
        return run

    return make


def test_what_was_written_stays_and_what_is_new_comes(own: Path, newer: Newer) -> None:
    """Docstrings and readings change, a function comes in, and the learner's code is where it was."""
    before = (own / "engine.py").read_text()
    new_exercise = """

[[exercises]]
id = "sign"
title = "the sign of a number"
minutes = 5
learnt = "Signs."
file = "graph.py"
symbols = ["sign"]
points = 1
needs = []
hints = ["A.", "B.", "C.", "D."]
"""
    manifest = (ROOT / "exercises" / "exercises.toml").read_text().replace("0.1.0", "0.2.0")
    function = '\n\ndef sign(x):\n    """1 or -1."""\n    # exercise: sign\n    return 1 if x > 0 else -1\n    # end\n'
    graph = SOLUTIONS["graph.py"]
    kit = newer(
        {
            "solutions/engine.py": [
                ('"""One number in a graph, and its gradient."""', '"""One node: a number, and its gradient."""'),
                ("Why a *topological order*?", "Why in *topological order*?"),
            ],
            "solutions/graph.py": [(graph, graph + function)],
            "exercises/exercises.toml": [
                (manifest.replace("0.1.0", "0.2.0"), manifest.replace("0.1.0", "0.2.0") + new_exercise)
            ],
            "datasets/moons.md": [("# moons", "# Moons")],
        }
    )
    done = kit("upgrade", own)
    assert done.returncode == 0, done.stderr
    assert "engine.py: lines: +2 -2" in done.stdout
    assert "New exercises: sign" in done.stdout
    assert "From 0.1.0 to 0.2.0" in done.stdout
    after = (own / "engine.py").read_text()
    assert '"""One node: a number, and its gradient."""' in after
    assert "Why in *topological order*?" in after
    assert filled(after) == filled(before)
    assert "def shout(text):" in after
    assert after.endswith("# so far so good\n")
    assert 'raise NotImplementedError("sign")' in (own / "graph.py").read_text()
    assert (own / "datasets" / "moons.md").read_text().startswith("# Moons")
    assert "sign" in (own / "README.md").read_text()
    assert (own / ".mg-grade-backup" / "engine.py.1").read_text() == before
    again = kit("upgrade", own)
    assert again.stdout == "Nothing to do: these are the exercises of 0.2.0.\n"
    assert (own / "engine.py").read_text() == after


def test_both_changed_the_same(own: Path, newer: Newer) -> None:
    """Where both changed the same lines, the learner's stay, and the line and the kit's file are named."""
    engine = own / "engine.py"
    engine.write_text(engine.read_text().replace('"""One number in a graph, and its gradient."""', '"""Mine."""'))
    before = engine.read_text()
    kit = newer({"solutions/engine.py": [('"""One number in a graph, and its gradient."""', '"""Theirs."""')]})
    done = kit("upgrade", own)
    line = before.splitlines().index('    """Mine."""') + 1
    assert (
        f"line {line}: changed by you and by the kit; yours stays, the kit's is in {AS_IT_CAME}/engine.py"
        in done.stdout
    )
    assert engine.read_text() == before
    assert '"""Theirs."""' in (own / AS_IT_CAME / "engine.py").read_text()


def test_a_gap_that_is_gone(own: Path, newer: Newer) -> None:
    """An answer is kept even where the kit gave up the question."""
    before = filled((own / "engine.py").read_text())["mul"]
    last = "            other.grad += self.data * out.grad\n"
    given = [("            # exercise: mul\n", ""), (f"{last}            # end\n", f"{last}            # given\n")]
    shared = [('id = "mul"', 'id = "mul"\ngap = "add"')]
    kit = newer({"solutions/engine.py": given, "exercises/exercises.toml": shared})
    assert kit("upgrade", own).returncode == 0
    assert before.strip() in (own / "engine.py").read_text()


def test_files_of_an_unknown_kit(own: Path, newer: Newer) -> None:
    """Where it is not known how a file came, it stays as it is, and that is said."""
    shutil.rmtree(own / AS_IT_CAME)
    before = {path: path.read_bytes() for path in own.glob("[a-z]*.*")}
    kit = newer({"solutions/engine.py": [("Why a *topological order*?", "Why in *topological order*?")]})
    done = kit("upgrade", own)
    assert "engine.py: left as it is, as it is not known how it came" in done.stdout
    assert {path: path.read_bytes() for path in own.glob("[a-z]*.*")} == before
    assert "Why in *topological order*?" in (own / AS_IT_CAME / "engine.py.new").read_text()
    assert "left as it is" in kit("upgrade", own).stdout  # as long as that is so


def test_windows_lines_and_deleted_files(own: Path, newer: Newer) -> None:
    """Line ends stay as they are; what the learner has deleted does not come back; other encodings are left alone."""
    engine = own / "engine.py"
    engine.write_bytes(engine.read_bytes().replace(b"\n", b"\r\n"))
    (own / "losses.py").unlink()
    (own / "nn.py").write_bytes((own / "nn.py").read_bytes() + "# café\n".encode("latin-1"))
    changes = [("Why a *topological order*?", "Why in *topological order*?")]
    kit = newer({"solutions/engine.py": changes, "solutions/nn.py": [("A *neuron* weighs", "One *neuron* weighs")]})
    done = kit("upgrade", own)
    assert "nn.py: left as it is" in done.stdout
    assert engine.read_bytes().count(b"\n") == engine.read_bytes().count(b"\r\n")
    assert b"Why in *topological order*?" in engine.read_bytes()
    assert not (own / "losses.py").exists()


def test_a_notebook_is_merged_cell_by_cell(own: Path, newer: Newer) -> None:
    """The kit's cells change, the learner's answers, outputs and own cells stay where they are."""
    path = own / "micrograd.ipynb"
    notebook = json.loads(path.read_text())
    cell = next(cell for cell in notebook["cells"] if "def forward_difference" in "".join(cell["source"]))
    text = "".join(cell["source"]).replace('raise NotImplementedError("derivative")', "return (f(x + h) - f(x)) / h")
    cell["source"], cell["outputs"] = text, [{"output_type": "stream", "name": "stdout", "text": "14.003"}]
    place = notebook["cells"].index(cell) + 1
    notebook["cells"].insert(place, {"cell_type": "markdown", "id": "my-notes", "metadata": {}, "source": "My notes"})
    path.write_text(json.dumps(notebook))
    kit = newer(
        {"solutions/derivatives.py": [('"""The slope of f at x from the points x and x + h."""', '"""The slope."""')]}
    )
    done = kit("upgrade", own)
    assert "micrograd.ipynb: " in done.stdout
    after = json.loads(path.read_text())
    found = next(cell for cell in after["cells"] if "def forward_difference" in "".join(cell["source"]))
    source = "".join(found["source"])
    assert '"""The slope."""' in source
    assert "return (f(x + h) - f(x)) / h" in source
    assert found["outputs"] == cell["outputs"]
    assert after["cells"][place]["source"] == "My notes"
    assert len(after["cells"]) == len(notebook["cells"])
    path.write_text("no notebook any more")
    assert kit("upgrade", own).returncode == 0
    assert path.read_text() == "no notebook any more"


def test_nothing_to_upgrade(own: Path, tmp_path: Path, mg_grade: Run) -> None:
    """The same kit changes nothing, and a folder without exercises is refused."""
    assert mg_grade("upgrade", own).stdout == f"Nothing to do: these are the exercises of {MANIFEST.version}.\n"
    empty = tmp_path / "empty"
    empty.mkdir()
    done = mg_grade("upgrade", empty)
    assert (done.returncode, "mg-grade init" in done.stderr) == (2, True)
    assert list(empty.iterdir()) == []
    (empty / "README.md").write_text("of another project")
    assert mg_grade("upgrade", empty).returncode == 2
    assert [path.name for path in empty.iterdir()] == ["README.md"]


def test_nothing_to_upgrade_beside_another_readme(tmp_path: Path, mg_grade: Run) -> None:
    """Where init met a README and left it alone, upgrade does not tell of it for ever."""
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "README.md").write_text("# Mine\n")
    assert mg_grade("init", tmp_path / "own").returncode == 0
    assert mg_grade("upgrade", tmp_path / "own").stdout.startswith("Nothing to do")
    assert (tmp_path / "own" / "README.md").read_text() == "# Mine\n"


def test_init_that_was_broken_off(tmp_path: Path, mg_grade: Run) -> None:
    """It is done again; a link that leads nowhere is somebody's, too."""
    own = tmp_path / "own"
    own.mkdir()
    (own / "engine.py").symlink_to(tmp_path / "nowhere" / "engine.py")
    done = mg_grade("init", own)
    assert (done.returncode, list(own.iterdir())) == (2, [own / "engine.py"])
    assert "already holds engine.py" in done.stderr
    (own / "engine.py").unlink()
    assert mg_grade("init", own).returncode == 0
    (own / "graph.py").unlink()
    (own / AS_IT_CAME / "version").unlink()
    assert mg_grade("init", own).returncode == 0
    assert (own / "graph.py").exists()
    assert "already holds" in mg_grade("init", own).stderr


def test_merging() -> None:
    """What one side changed is taken from it; where both did, ours stays; where both only added, both stay."""
    base = ["a", "b", "c", "d", "e"]
    assert merged(base, ["A", "b", "c", "d", "e"], ["a", "b", "c", "d", "E"]).lines == ("A", "b", "c", "d", "E")
    both = merged(base, ["a", "B", "c", "d", "e"], ["a", "X", "c", "d", "e"])
    assert (both.lines, both.conflicts) == (("a", "B", "c", "d", "e"), (2,))
    added = merged(base, ["a", "b", "ours", *base[2:]], ["a", "b", "theirs", *base[2:]])
    assert (added.lines, added.conflicts) == (("a", "b", "ours", "theirs", "c", "d", "e"), ())
    assert merged(base, ["a", "e"], base).lines == ("a", "e")


_LINES = st.lists(st.sampled_from("abcdef"), max_size=12)


@given(_LINES, _LINES, _LINES)
def test_merging_anything(base: list[str], ours: list[str], theirs: list[str]) -> None:
    """A side that changed nothing has no say, equal sides are what they are, and conflicts are lines of the result."""
    assert merged(base, base, theirs).lines == tuple(theirs)
    assert merged(base, ours, base).lines == tuple(ours)
    assert merged(base, ours, ours).lines == tuple(ours)
    found = merged(base, ours, theirs)
    assert all(1 <= number <= len(found.lines) + 1 for number in found.conflicts)


NEW_FUNCTION = '''def absolute_error(prediction, target):
    """|prediction - target|, as a Value."""
    return ((prediction - target) ** 2) ** 0.5


def mean_squared_error'''


def _notebook(own: Path, **answers: str) -> tuple[Path, Any]:
    """The learner's notebook, with an answer in the cell of each of these functions."""
    path = own / "micrograd.ipynb"
    notebook = json.loads(path.read_text())
    for name, answer in answers.items():
        cell = next(cell for cell in notebook["cells"] if f"\ndef {name}(" in "".join(cell["source"]))
        cell["source"] = re.sub(r"raise NotImplementedError.*", answer, "".join(cell["source"]))
    return path, notebook


def test_a_definition_comes_into_a_notebook_that_is_filled_in(own: Path, newer: Newer) -> None:
    """Every answer stays under its own definition, whatever comes in before it."""
    answers = {"mean_squared_error": "return 'mean'", "softmax": "return 'soft'", "cross_entropy": "return 'cross'"}
    path, notebook = _notebook(own, **answers)
    path.write_text(json.dumps(notebook))
    kit = newer({"solutions/losses.py": [("def mean_squared_error", NEW_FUNCTION)]})
    done = kit("upgrade", own)
    assert "changed by you and by the kit" not in done.stdout
    sources = ["".join(cell["source"]) for cell in json.loads(path.read_text())["cells"]]
    for name, answer in answers.items():
        assert [source for source in sources if f"def {name}(" in source and answer in source], name
    assert sum("def absolute_error" in source for source in sources) == 1
    assert f"{MOST:g}" in kit(own, "-q").stdout


def test_cells_that_the_kit_gave_up_and_cells_that_were_copied(own: Path, newer: Newer) -> None:
    """A cell with an answer in it stays when the kit has it no more, and so do two cells with one id."""
    path, notebook = _notebook(own, nudge="return 'nudged'")
    nudged = next(cell for cell in notebook["cells"] if "return 'nudged'" in "".join(cell["source"]))
    copied = {**nudged, "source": "my_copy = 1"}
    notebook["cells"].insert(3, copied)
    path.write_text(json.dumps(notebook))
    text = SOLUTIONS["chain_rule.py"]
    function = text[text.index("def nudge") : text.index("def manual_neuron")]
    kit = newer(
        {
            "solutions/chain_rule.py": [(function, "")],
            "exercises/exercises.toml": [('id = "nudge"', 'id = "nudge"\ngap = "manual-neuron"')],
        }
    )
    assert kit("upgrade", own).returncode == 0
    after = path.read_text()
    assert "return 'nudged'" in after
    assert "my_copy = 1" in after


def test_notebooks_that_cannot_be_merged(own: Path, newer: Newer) -> None:
    """Odd JSON is left alone, told of, and told of again as long as it cannot be merged."""
    path = own / "micrograd.ipynb"
    kit = newer(
        {"solutions/derivatives.py": [('"""The slope of f at x from the points x and x + h."""', '"""The slope."""')]}
    )
    odd = json.loads(path.read_text())
    odd["cells"][1]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "HERE"}]
    half = json.dumps(odd).replace("HERE", "\\ud800")
    deep = "[" * 100_000
    for text in (half, deep, "[]", "{", '{"cells": [{"source": "x"}]}'):
        path.write_text(text)
        for _ in range(2):
            done = kit("upgrade", own)
            assert done.returncode == 0, done.stderr
            assert "micrograd.ipynb: left as it is" in done.stdout
        assert path.read_text() == text


def test_an_upgrade_that_was_killed(own: Path, newer: Newer) -> None:
    """Ended between a file and the note of how it came, the next run takes in nothing twice."""
    end = SOLUTIONS["derivatives.py"]
    mine = "\n\ndef mine():\n    return 1\n"
    (own / "derivatives.py").write_text((own / "derivatives.py").read_text() + mine)
    came = (own / AS_IT_CAME / "derivatives.py").read_bytes()
    kit = newer({"solutions/derivatives.py": [(end, f"{end}\n\ndef theirs():\n    return 2\n")]})
    assert kit("upgrade", own).returncode == 0
    after = (own / "derivatives.py").read_text()
    assert (after.count("def mine"), after.count("def theirs")) == (1, 1)
    (own / AS_IT_CAME / "derivatives.py").write_bytes(came)
    assert kit("upgrade", own).returncode == 0
    assert (own / "derivatives.py").read_text() == after


def _older_notebook(own: Path, newer: Newer, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Any]:
    """The learner's notebook as older editions had it, with Value in one cell, as it came."""
    monkeypatch.setattr("grader.kit.pieces.WHOLE", 99)
    text = make_notebook(read_kit(), {file: (own / file).read_text() for file in MANIFEST.files})
    text = json.dumps(_emptied(json.loads(text)))
    monkeypatch.undo()
    path = own / "micrograd.ipynb"
    for place in (path, own / AS_IT_CAME / path.name):
        place.write_text(text)
    return path, json.loads(text)


def _emptied(notebook: Any) -> Any:
    for cell in notebook["cells"]:
        cell["source"] = emptied("".join(cell["source"]))
    return notebook


def _the_class(notebook: Any, old: str = "", new: str = "") -> str:
    """The text of the cell with the class, where a text stands in the place of another now."""
    cell = next(cell for cell in notebook["cells"] if cell["id"] == "engine-py-Value")
    assert old in cell["source"]
    cell["source"] = cell["source"].replace(old, new)
    return str(cell["source"])


def _sources(path: Path) -> dict[str, str]:
    return {cell["id"]: "".join(cell["source"]) for cell in json.loads(path.read_text())["cells"]}


def test_a_class_in_one_cell_comes_to_be_in_several(own: Path, newer: Newer, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was written stands in the cell of its operation, own methods in the class, notes where they were."""
    path, notebook = _older_notebook(own, newer, monkeypatch)
    for exercise in ("add", "mul"):
        full = refilled(_the_class(notebook), exercise, SOLUTIONS["engine.py"], "engine.py")
        _the_class(notebook, _the_class(notebook), full)
    reflected = '    def __radd__(self, other):\n        """other + self"""\n        # exercise: reflected\n'
    reflected += '        raise NotImplementedError("reflected")\n        # end\n'
    _the_class(notebook, reflected, "    __radd__ = __add__\n    __iadd__ = __add__\n")
    own_method = "    def shout(self):\n        return str(self).upper()\n\n    def __pow__"
    _the_class(notebook, "    def __pow__", own_method)
    ids = [cell["id"] for cell in notebook["cells"]]
    note = {"cell_type": "markdown", "id": "my-note", "metadata": {}, "source": "My note"}
    notebook["cells"].insert(ids.index("engine-py-Value") + 1, note)
    notebook["cells"].append({**note, "id": "my-end", "source": "tried = 1", "cell_type": "code", "outputs": []})
    path.write_text(json.dumps(notebook))
    before = grade(read_submission(path, MANIFEST), read_kit())
    came = (own / AS_IT_CAME / path.name).read_text()
    kit = newer({})
    done = kit("upgrade", own)
    assert "micrograd.ipynb: lines: " in done.stdout
    assert "changed by you and by the kit" not in done.stdout
    after = _sources(path)
    assert {f"engine-py-Value-{name}" for name in ("add", "mul", "pow", "reflected", "backward")} <= after.keys()
    assert "other.grad += self.data * out.grad" in after["engine-py-Value-mul"]
    assert after["engine-py-Value-mul"].endswith("\n\nValue.__mul__ = __mul__")
    assert "\nValue.__radd__ = Value.__add__\n" in after["engine-py-Value-reflected"]
    assert after["engine-py-Value-add"].endswith("\n\nValue.__add__ = __add__\nValue.__iadd__ = Value.__add__")
    assert "    def shout(self):\n        return str(self).upper()" in after["engine-py-Value"]
    assert after["my-note"] == "My note"
    order = list(after)
    assert order.index("engine-py-Value") < order.index("my-note") < order.index("nn-py-imports")
    assert order[-1] == "my-end"
    new = [cell["id"] for cell in json.loads((own / AS_IT_CAME / path.name).read_text())["cells"]]
    assert [key for key in order if not key.startswith("my-")] == new
    report = grade(read_submission(path, MANIFEST), read_kit())
    assert [(r.id, r.status, r.points) for r in report.results] == [(r.id, r.status, r.points) for r in before.results]
    assert report.result("mul").status is Status.PASSED
    assert kit("upgrade", own).stdout.startswith("Nothing to do")
    (own / AS_IT_CAME / path.name).write_text(came)  # as where it was killed before that was noted
    assert "changed by you and by the kit" not in kit("upgrade", own).stdout
    assert _sources(path) == after


def test_a_class_that_cannot_be_taken_apart(own: Path, newer: Newer, monkeypatch: pytest.MonkeyPatch) -> None:
    """It stays as a whole, no unfilled method comes below it, and that is said; it is graded as before."""
    path, notebook = _older_notebook(own, newer, monkeypatch)
    full = refilled(_the_class(notebook), "add", SOLUTIONS["engine.py"], "engine.py")
    _the_class(
        notebook, _the_class(notebook), full.replace("self.grad = 0.0", "self.grad = 0.0\n        self.__mine = 1")
    )
    path.write_text(json.dumps(notebook))
    kit = newer({})
    done = kit("upgrade", own)
    after = _sources(path)
    number = list(after).index("engine-py-Value") + 1
    assert f"cell {number}: changed by you and by the kit; yours stays" in done.stdout
    assert after["engine-py-Value"] == _the_class(notebook)
    assert not [key for key in after if key.startswith("engine-py-Value-") and "methods" not in key]
    report = grade(read_submission(path, MANIFEST), read_kit())
    assert report.result("add").status is Status.PASSED
    assert report.result("mul").status is Status.NOT_STARTED
    assert kit("upgrade", own).stdout.startswith("Nothing to do")


def test_a_class_with_an_unfinished_line(own: Path, newer: Newer, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be read as Python is taken apart all the same, and a change on both sides is said of its cell."""
    path, notebook = _older_notebook(own, newer, monkeypatch)
    _the_class(notebook, 'raise NotImplementedError("exp")', "self.grad += (")
    _the_class(notebook, '"""The natural logarithm; self.data must be above 0."""', '"""My logarithm."""')
    path.write_text(json.dumps(notebook))
    logarithm = '"""The natural logarithm; self.data must be above 0."""'
    kit = newer({"solutions/engine.py": [(logarithm, '"""ln."""')]})
    done = kit("upgrade", own)
    after = _sources(path)
    assert "self.grad += (" in after["engine-py-Value-exp"]
    assert '"""My logarithm."""' in after["engine-py-Value-log"]
    assert f"cell {list(after).index('engine-py-Value-log') + 1}: changed by you and by the kit" in done.stdout
    assert done.stdout.count("changed by you and by the kit") == 1


_ENGINE = emptied(SOLUTIONS["engine.py"])
_CLASS = _ENGINE[_ENGINE.index("class Value") : _ENGINE.index("\n\n\ndef topological_sort")]
_ODD = [
    "",
    "x = 1",
    "    x = 1",
    "    )",
    "    # mine",
    "        return (",
    "    def add(self):",
    "    @property",
    "# end",
]
_ODD += [
    "    __radd__ = __add__",
    '    """',
    "        # end",
    "        # exercise: add",
    "class Other:",
    "\tpass",
    "    pass",
]


@given(st.lists(st.tuples(st.integers(0, 150), st.sampled_from(_ODD), st.booleans()), max_size=6))
def test_taking_any_class_apart(changes: list[tuple[int, str, bool]]) -> None:
    """No line is lost, whatever somebody has made of the class; where it cannot be taken apart, it is left."""
    lines = _CLASS.split("\n")
    for number, line, is_instead in changes:
        lines[number : number + is_instead] = [line]
    found = apart("\n".join(lines), apart(_CLASS) or [])
    text = "\n".join(piece.text for piece in found or [])
    there = Counter(re.sub("def value_|^Value[.]", "def ", line.strip()) for line in text.split("\n"))
    for line, times in Counter(line.strip() for line in lines if line.strip()).items():
        alias = re.fullmatch(r"(\w+) = (\w+)", line)
        moved = there[f"def {alias[1]} = Value.{alias[2]}"] if alias else 0
        assert not found or there[line] + moved >= times, line
