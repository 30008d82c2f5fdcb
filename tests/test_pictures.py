"""What is drawn: graphs in the terminal and as SVG, backward step by step, and trainings with their plots."""

from __future__ import annotations

import contextlib
import io
import math
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree

import pytest
from conftest import ROOT, Run
from hypothesis import given, settings
from hypothesis import strategies as st
from terminals import terminal

from grader.base.errors import StudyError
from grader.base.report import NodeShown
from grader.explore import plots, training
from grader.explore.expression import number, parse
from grader.explore.graph import graph, right_numbers
from grader.explore.own_code import own_code
from grader.explore.pictures import graph_svg
from grader.explore.step import questions
from grader.kit import read_kit
from grader.reports import drawing
from grader.sandbox.confine import choose
from grader.sandbox.levels import LIFETIME, RESOURCE_LIMITS, Settings

KIT = read_kit()
LECTURE = ("e=a*b; d=e+c; L=d*f", "a=2", "b=-3", "c=10", "f=-2")
SVG = "{http://www.w3.org/2000/svg}"


def nodes_of(text: str, *inputs: str, folder: Path | None = None) -> dict[str, NodeShown]:
    """The nodes of a graph by name, with the reference or the code in a folder."""
    with own_code(KIT, folder, choose().level) as code:
        return {node.name: node for node in graph(parse(KIT.manifest, text, inputs), code).nodes}


# Expressions.


@pytest.mark.parametrize(
    ("text", "inputs", "script"),
    [
        ("(a*b+c)*f", ["a=2", "b=-3", "c=10", "f=-2"], "n1 = a * b\nn2 = n1 + c\ny = n2 * f"),
        ("e=a*b; tanh(e)", ["a=2", "b=1e-3"], "e = a * b\ny = e.tanh()"),
        ("-a - 2*3*a", ["a=1"], "n1 = -a\nn2 = 6.0 * a\ny = n1 - n2"),
        ("a.exp().log()**-2", ["a=1"], "n1 = a.exp()\nn2 = n1.log()\ny = n2 ** (-2)"),
        ("y*n1", ["y=1", "n1=2"], "y2 = y * n1"),
        ("a + --2*3", ["a=1"], "y = a + 6.0"),
        ("a*-b**2 - -1", ["a=1", "b=1"], "n1 = b ** 2\nn2 = -n1\nn3 = a * n2\ny = n3 - (-1)"),
    ],
)
def test_expressions(text: str, inputs: list[str], script: str) -> None:
    """An expression is taken apart into single operations, inner ones first, under names that are free."""
    assert parse(KIT.manifest, text, inputs).script.partition("\n")[2] == script


@pytest.mark.parametrize(
    ("text", "inputs", "words"),
    [
        ("a^2", ["a=1"], "a**2"),
        ("a*b", ["a=1"], "b has no number. Add one: b=2"),
        ("a*a", ["a=1", "b=2"], "b has a number"),
        ("a*a", ["a=one"], "a=2"),
        ("a*a", ["a=nan"], "a=2"),
        ("a", ["a=1"], "no operation"),
        ("2+3", [], "no operation"),
        ("a*1e101", ["a=2"], "no number that can be used"),
        ("id*set", ["id=1", "set=2"], "cannot be the name"),
        ("+".join("a" * 3000), ["a=1"], "cannot be read"),
        ("a**0.5*a", ["a=-8"], "no finite number"),
        ("a**1000*a**1000", ["a=2"], "cannot be calculated"),
        ("a**b", ["a=1", "b=2"], "plain number"),
        ("a**99999", ["a=1"], "plain number"),
        ("9**9**9**9*a", ["a=1"], "no number that can be used"),
        ("1/0*a", ["a=1"], "no number that can be used"),
        ("sin(a)", ["a=1"], "exp, log, tanh, relu"),
        ("__import__('os').system('x')", [], "exp, log, tanh, relu"),
        ("[a for a in a]", ["a=1"], "exp, log, tanh, relu"),
        ("a*(", ["a=1"], "cannot be read"),
        ("a*a", ["Value=1", "a=1"], "cannot be the name"),
        ("a*a", ["__x=1", "a=1"], "cannot be the name"),
        ("a=a*a", ["a=1"], "given twice"),
        ("a*a", ["a=1", "a=2"], "given twice"),
        ("x=z=a*a; x+1", ["a=1"], "cannot be read"),
        ("+".join("a" * 100), ["a=1"], "more than 60"),
        ("(" * 500 + "a" + ")" * 500, ["a=1"], "cannot be read"),
        ("log(a)*2", ["a=-1"], "cannot be calculated"),
        ("exp(a)*2", ["a=1e9"], "cannot be calculated"),
    ],
)
def test_expressions_that_are_none(text: str, inputs: list[str], words: str) -> None:
    """What cannot be read or calculated is told in a line; nothing that was typed is run as it is."""
    with pytest.raises(StudyError, match=re.escape(words)):
        right_numbers(KIT, parse(KIT.manifest, text, inputs))


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=40))
def test_any_text_is_an_expression_or_an_error(text: str) -> None:
    """Whatever is typed, there is an answer or a StudyError."""
    for read in (
        lambda: right_numbers(KIT, parse(KIT.manifest, text, ["a=1", "b=2"])),
        lambda: number(KIT.manifest, text),
    ):
        with contextlib.suppress(StudyError):
            read()


def test_numbers() -> None:
    """An answer may be a number or a calculation."""
    assert [number(KIT.manifest, text) for text in ("-2", " 4 * -2 ", "1 - 0.5**2", "1e-3")] == [
        -2,
        -8,
        0.75,
        0.001,
    ]


# Graphs.


def test_graph_of_the_lecture() -> None:
    """Data and gradients of L = (a*b + c) * f are those of the lecture."""
    found = nodes_of(*LECTURE)
    numbers = {name: (float(node.data), float(node.grad)) for name, node in found.items()}
    assert numbers == {
        "L": (-8, 1), "d": (4, -2), "f": (-2, 4), "e": (-6, -2), "c": (10, -2), "a": (2, 6), "b": (-3, -4)
    }  # fmt: skip
    assert next(iter(found)) == "L"
    assert found["L"].label == "L = d * f"


def test_graph_in_the_terminal(mg_grade: Run) -> None:
    """The tree shows each node once, what it is made of below it."""
    shown = mg_grade("graph", "(a*b+c)*f", "a=2", "b=-3", "c=10", "f=-2", "--dir", "solutions").stdout
    rows = [line.split() for line in shown.splitlines()[1:]]
    assert [row[-2:] for row in rows] == [
        ["-8", "1"], ["4", "-2"], ["-6", "-2"], ["2", "6"], ["-3", "-4"], ["10", "-2"], ["-2", "4"]
    ]  # fmt: skip
    again = mg_grade("graph", "b = a + a; b*b*a", "a=3", "--reference").stdout
    assert again.count("as above") == 1
    assert ("your data" in shown, "your data" in again) == (True, False)
    assert all(len(line) <= 80 for line in again.splitlines())


def test_a_graph_whose_numbers_are_wrong(solved: Path, mg_grade: Run) -> None:
    """What differs from the reference is marked, with the right number beside it."""
    engine = solved / "engine.py"
    right, wrong = "other.grad += self.data * out.grad", "other.grad = self.data * out.grad"
    engine.write_text(engine.read_text().replace(right, wrong))
    shown = mg_grade("graph", "a*a", "a=3", "--dir", solved).stdout
    assert re.search(r"> \+ a +3 +3 +grad 6", shown)
    assert "the right one stands beside it" in " ".join(shown.split())


ENGINES = {path.name for path in (ROOT / "tests" / "styles").iterdir()} - {"tensor_in_loops"}


@pytest.mark.parametrize("style", sorted(ENGINES))
def test_graphs_of_other_styles(style: str) -> None:
    """Engines in other styles are drawn as well, with the right numbers, if their nodes know what they were made of."""
    if style in ("contexts", "one_path_at_a_time", "tape"):
        with pytest.raises(StudyError, match="do not say in _prev"):
            nodes_of("a*b + a", "a=2", "b=-3", folder=ROOT / "tests" / "styles" / style)
        return
    found = nodes_of("a*b + a", "a=2", "b=-3", folder=ROOT / "tests" / "styles" / style)
    assert (float(found["y"].data), float(found["a"].grad), float(found["b"].grad)) == (-4, -2, 2)


def test_a_graph_before_there_are_gradients(stubs: Path, mg_grade: Run) -> None:
    """What is there already is drawn, and a line says what is still to be written."""
    done = mg_grade("graph", "a*b", "a=2", "b=3", "--dir", stubs)
    assert done.returncode == 0
    assert "y = a * b" in done.stdout
    assert "backward is still to be written (--reference" in done.stdout
    done = mg_grade("graph", "a-b", "a=2", "b=3", "--dir", stubs)
    assert (done.returncode, done.stderr) == (
        2,
        "error: neg-sub is still to be written (--reference takes the reference solution instead)\n",
    )
    (stubs / "engine.py").write_text("class Value(:\n")
    done = mg_grade("graph", "a*b", "a=2", "b=3", "--dir", stubs)
    assert done.returncode == 2
    assert "engine.py:1 cannot be read as Python" in done.stderr


def boxes(text: str) -> list[tuple[float, float, float, float]]:
    """Where the boxes of a picture of ours are: left, top, right, bottom."""
    rects = ElementTree.fromstring(text).findall(f"{SVG}rect")[1:]
    found = [[float(rect.attrib[key]) for key in ("x", "y", "width", "height")] for rect in rects]
    return [(x, y, x + width, y + height) for x, y, width, height in found]


@pytest.mark.parametrize(
    "text", ["e=a*b; d=e+c; L=d*f", "a*a+a", "x=a*b; z=x*a; q=z+x*b+c; tanh(q)*x/f - (a-b)**2/c + relu(f*z)"]
)
def test_svg_without_graphviz(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The picture is XML, every node has a box, no two of them touch, all are inside, and each is left of its users."""
    monkeypatch.setenv("PATH", "/nonexistent")
    names = [name for name in "abcf" if re.search(rf"\b{name}\b", text)]
    found = nodes_of(text, *(f"{name}={value}" for name, value in zip(names, (2, -3, 10, -2))))
    picture = graph_svg(tuple(found.values()))
    places = boxes(picture)
    assert len(places) == len(found)
    width, height = (float(ElementTree.fromstring(picture).attrib[key]) for key in ("width", "height"))
    for i, (left, top, right, bottom) in enumerate(places):
        assert 0 <= left < right <= width
        assert 0 <= top < bottom <= height
        for other in places[:i]:
            assert right <= other[0] or other[2] <= left or bottom <= other[1] or other[3] <= top
    at = dict(zip(found, places))
    for name, node in found.items():
        assert all(at[child][2] < at[name][0] for child in node.children)
    assert picture.count(">data ") == len(found)


def test_svg_says_nothing_of_its_own() -> None:
    """Names are text in a picture, whatever is in them."""
    node = NodeShown('<script>"&', "", (), "1", "nan", "1", "2", False)
    text = drawing.svg([node])
    assert ElementTree.fromstring(text).find(f"{SVG}text").text == '<script>"&'  # type: ignore[union-attr]  # it is there
    assert drawing.WRONG in text
    assert '\\<script\\>\\"' in drawing.dot([node])


def test_svg_by_graphviz(mg_grade: Run, tmp_path: Path) -> None:
    """Where there is a `dot` it draws; where that fails we do."""
    program = tmp_path / "dot"
    program.write_text("#!/bin/sh\ncat > seen; echo '<svg>by dot</svg>'\n")
    program.chmod(0o755)
    env = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    arguments = ("graph", "a*b", "a=2", "b=3", "--reference", "--svg")
    assert mg_grade(*arguments, "-", env=env, cwd=tmp_path).stdout == "<svg>by dot</svg>\n"
    seen = (tmp_path / "seen").read_text()
    assert seen.startswith("digraph {")
    assert r"y\ =\ a\ *\ b" in seen
    program.write_text("#!/bin/sh\nexit 1\n")
    assert "is written" in mg_grade(*arguments, tmp_path / "g.svg", env=env, cwd=tmp_path).stdout
    assert len(boxes((tmp_path / "g.svg").read_text())) == 3
    done = mg_grade(*arguments, "g.png", env=env, cwd=tmp_path)
    assert (done.returncode, (tmp_path / "g.png").exists()) == (2, False)
    assert done.stderr == "error: --svg writes an SVG picture: its name ends in .svg, not as g.png does.\n"


@pytest.mark.skipif(not shutil.which("dot"), reason="graphviz is not installed")
def test_svg_by_the_real_graphviz() -> None:
    """What we hand to graphviz it can draw."""
    text = drawing.dot(tuple(nodes_of(*LECTURE).values()))
    done = subprocess.run(["dot", "-Tsvg"], input=text, capture_output=True, text=True, check=True)
    assert (done.stderr, done.stdout.count("<polygon")) == ("", 1 + 7 + 6)


def test_what_an_engine_says_of_itself_is_only_text(solved: Path, mg_grade: Run) -> None:
    """Control characters in the name of an operation reach neither the terminal nor the picture."""
    engine = solved / "engine.py"
    engine.write_text(engine.read_text().replace('(self, other), "*")', r'(self, other), "\x1b[2J\x00]]>\n..")'))
    done = mg_grade("graph", "a*b", "a=2", "b=3", "--dir", solved, "--svg", solved / "g.svg")
    assert done.returncode == 0
    assert "\x1b" not in done.stdout + (solved / "g.svg").read_text()
    ElementTree.fromstring((solved / "g.svg").read_text())
    assert len(done.stdout.splitlines()) == 5


def test_operands_in_a_set(solved: Path, mg_grade: Run) -> None:
    """An engine that keeps children in a set has a graph all the same whose operands stand as they were typed."""
    engine = solved / "engine.py"
    text = engine.read_text().replace("self._prev = tuple(_children)", "self._prev = set(_children)")
    assert "set(_children)" in text
    own = "    def __sub__(self, other):\n        return Value(self.data - other.data, (self, other), '-')\n\n"
    text = text.replace("    def __sub__(self, other):", "    def unused(self, other):")
    engine.write_text(text.replace("    def unused(", f"{own}    def unused("))
    for expression in ("a-b", "b-a", "a*a-b", "b-a*a"):
        shown = mg_grade("graph", expression, "a=5", "b=2", "--dir", solved).stdout
        assert f"y = {expression.replace('a*a', 'n1').replace('-', ' - ')} " in shown


def test_names_in_a_graph(mg_grade: Run) -> None:
    """Equal constants are shown as they are; an expression may begin with a minus; a + a has two edges."""
    shown = mg_grade("graph", "-a*2 + a*2", "a=3", "--reference").stdout
    assert "n2 = n1 * (2)" in shown
    assert "n3 = a * (2)" in shown
    assert shown.count("+ (2)") == 2
    twice = nodes_of("a + a", "a=1")
    assert drawing.svg(tuple(twice.values())).count("<path") == 4
    assert drawing.dot(tuple(twice.values())).count("->") == 2


# Backward, step by step.


def test_questions() -> None:
    """The gradients of the lecture, each asked when all that use the node are known."""
    asked = questions(KIT, parse(KIT.manifest, LECTURE[0], LECTURE[1:]))
    assert [(question.name, question.gradient) for question in asked] == [
        ("d", -2), ("e", -2), ("a", 6), ("b", -4), ("c", -2), ("f", 4)
    ]  # fmt: skip
    (twice,) = questions(KIT, parse(KIT.manifest, "a*a", ["a=3"]))
    assert len(twice.hints) == 2
    (small,) = questions(KIT, parse(KIT.manifest, "tanh(a)", ["a=4"]))
    assert [small.is_right(answer) for answer in (0, -0.003, 0.0013, 0.00134)] == [False, False, True, True]
    (zero,) = questions(KIT, parse(KIT.manifest, "relu(a)", ["a=-1"]))
    assert [zero.is_right(answer) for answer in (0, 0.004)] == [True, False]
    assert [q.name for q in questions(KIT, parse(KIT.manifest, "u=a*b; y=c*2", ["a=1", "b=1", "c=1"]))] == ["c"]


def test_step_in_a_terminal(tmp_path: Path) -> None:
    """Right answers are told right, wrong ones get a hint and then the answer, and the end counts."""
    with terminal(
        sys.executable, "-m", "grader", "step", *LECTURE, environment={"PYTHONPATH": str(ROOT)}, cwd=tmp_path, lines=60
    ) as stepping:
        stepping.wait_for("L = d * f = -8", "d.grad =")
        stepping.press("-2", "Enter")
        stepping.wait_for("Right: d.grad is -2.", "e.grad =")
        stepping.press("5", "Enter")
        stepping.wait_for("A sum hands its gradient on")
        stepping.press("what?", "Enter")
        stepping.wait_for("A number is asked for")
        stepping.press("-2.01", "Enter")
        stepping.wait_for("Right: e.grad is -2.", "a.grad =")
        for wrong in ("1", "2"):
            stepping.press(wrong, "Enter")
        stepping.wait_for("a.grad is (-2) * (-3) = 6.", "b.grad =")
        for name, answer, value in (("b", "-2*2", "-4"), ("c", "-2", "-2"), ("f", "4", "4")):
            stepping.press(answer, "Enter")
            stepping.wait_for(f"Right: {name}.grad is {value}.")
        stepping.wait_for("4 of 6 right at once.", "status 0")


@pytest.mark.parametrize(
    "text",
    [
        "a*a + a/b",
        "b/a - a",
        "(a*b).tanh() * b.exp()",
        "a.relu() + (-b).relu()",
        "(a**3).log() - 2/a",
        "-a + 3*a**-1.5",
        "2**1*a-b",
    ],
)
def test_how_a_gradient_is_calculated(text: str) -> None:
    """What step shows of every gradient is a calculation that gives it."""
    asked = questions(
        KIT,
        parse(KIT.manifest, text, [f"{name}={value}" for name, value in (("a", 1.25), ("b", -0.5)) if name in text]),
    )
    assert asked
    for question in asked:
        assert math.isclose(eval(question.calculation), question.gradient, rel_tol=1e-4)


def test_step_with_nobody(mg_grade: Run) -> None:
    """Where no answers come there is a line, and q ends it."""
    done = mg_grade("step", *LECTURE, stdin=subprocess.DEVNULL)
    assert (done.returncode, done.stderr.count("\n"), "no answer any more" in done.stderr) == (2, 1, True)
    assert mg_grade("step", *LECTURE, input="-2\nq\n").stderr == "stopped.\n"


# Trainings.


def without_pictures(folder: Path) -> dict[str, str]:
    """An environment in which there is no matplotlib: drawing what is decided takes as long as many a training."""
    blocked = folder / "blocked" / "matplotlib"
    blocked.mkdir(parents=True)
    (blocked / "__init__.py").write_text("raise ImportError('not installed')\n")
    return {**os.environ, "PYTHONPATH": f"{blocked.parent}:{ROOT}"}


@pytest.mark.world  # it trains for a quarter of a minute
def test_training_follows_the_known_log(mg_grade: Run, solved: Path, tmp_path: Path) -> None:
    """With the learner's own code three-regions gives the losses that are known, and three pictures."""
    done = mg_grade("train", "three-regions", "--dir", solved, "--out", tmp_path / "图 1")
    assert done.returncode == 0, done.stderr
    assert "loss: 0.98119 at first, 0.00045093 at last" in done.stdout
    assert "those that are known" in done.stdout
    assert "train 1.000" in done.stdout
    for name in ("data", "loss", "boundary"):
        assert (tmp_path / "图 1" / f"three-regions-{name}.png").read_bytes().startswith(b"\x89PNG")
    assert len(done.stdout.splitlines()) < 25
    assert "\r" not in done.stdout


def test_a_training_that_is_not_as_known(mg_grade: Run, solved: Path, tmp_path: Path) -> None:
    """Where the learner's optimiser is another, that is said; with other settings nothing is known."""
    optim = solved / "optim.py"
    optim.write_text(optim.read_text().replace("m_hat = self.m[i] / (1 - self.beta1**self.t)", "m_hat = self.m[i]"))
    env = without_pictures(tmp_path)
    assert "they are off by" in mg_grade("train", "three-regions", "--dir", solved, "--steps", "3", env=env).stdout
    done = mg_grade("train", "three-regions", "--reference", "--lr", "0.05", "--steps", "3", env=env)
    assert "known" not in done.stdout


@pytest.mark.world  # it trains for half a minute
def test_the_spiral_is_separated(mg_grade: Run, tmp_path: Path) -> None:
    """The reference separates the two arms, and the picture of what it decides says the same."""
    done = mg_grade("train", "spiral", "--reference", "--out", tmp_path, "--format", "svg")
    found = re.search(r"accuracy: train ([\d.]+)", done.stdout)
    assert found, done.stderr
    assert float(found[1]) >= 0.95
    ElementTree.fromstring((tmp_path / "spiral-boundary.svg").read_text())


@pytest.mark.parametrize("name", ["four-points", "moons", "yin-yang"])
def test_every_data_set(name: str, mg_grade: Run, tmp_path: Path) -> None:
    """Every data set can be trained on, with settings of one's own; the loss goes down."""
    options = ("--steps", "30", "--hidden", "4,3", "--optimizer", "adagrad", "--batch-size", "10", "--seed", "7")
    done = mg_grade("train", name, "--reference", "--out", tmp_path, *options)
    assert done.returncode == 0, done.stderr
    first, last = map(float, re.findall(r"loss: ([\d.e-]+) at first, ([\d.e-]+)", done.stdout)[0])
    assert last < first
    assert len(list(tmp_path.glob("*.png"))) == 3
    losses = [line for line in done.stdout.splitlines() if line.startswith("step ")]
    again = mg_grade("train", name, "--reference", *options, env=without_pictures(tmp_path)).stdout
    assert [line.split("  ")[1] for line in losses] == [
        line.split("  ")[1] for line in again.splitlines() if line.startswith("step ")
    ]


def test_every_optimiser() -> None:
    """Every optimiser trains, each with its own learning rate."""
    task = training.TASKS["four-points"]
    for name, lr in training.LEARNING_RATES.items():
        with own_code(KIT, None, choose().level) as code:
            found = training.Training(KIT, task, training.Settings(40, lr, (4,), name, None, 3), code)
            losses = [found.step() for _ in range(40)]
        assert losses[-1] < losses[0] / 2, name


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--hidden", "16,"], "sizes of hidden layers"),
        (["--hidden", "100000"], "sizes of hidden layers"),
        (["--lr", "0"], "--lr"),
        (["--lr", "nan"], "--lr"),
        (["--steps", "0"], "--steps"),
        (["--lr", "99", "--optimizer", "sgd", "--steps", "50"], "Then try a smaller --lr"),
        (["--out", "/proc/nowhere", "--steps", "1"], "cannot be written"),
    ],
)
def test_trainings_that_do_not_come_to_an_end(options: list[str], words: str, mg_grade: Run) -> None:
    """Wrong options and steps that are too large are told in a line."""
    done = mg_grade("train", "four-points", "--reference", *options)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert words in done.stderr


def test_training_with_unfinished_code(stubs: Path, mg_grade: Run) -> None:
    """What is still to be written is named."""
    done = mg_grade("train", "moons", "--dir", stubs)
    assert (done.returncode, done.stderr) == (
        2,
        "error: mlp is still to be written (--reference takes the reference solution instead)\n",
    )


def test_training_on_a_terminal(tmp_path: Path) -> None:
    """A line moves along with the loss and the time to go; without the library for pictures the result stands."""
    environment = {"PYTHONPATH": without_pictures(tmp_path)["PYTHONPATH"], "LC_ALL": "C.UTF-8"}
    command = (sys.executable, "-m", "grader", "train", "moons", "--reference", "--steps", "150")
    with terminal(*command, environment=environment, cwd=tmp_path) as trained:
        begun = trained.wait_for("training", "/150", "loss")
        assert begun.count("/150") == 1
        done = trained.wait_for("status 0", "accuracy: train", "there will be no pictures")
        assert "150/150" in done
        assert done.count("/150") == 1


def test_a_training_that_is_interrupted(tmp_path: Path) -> None:
    """Ctrl-C ends the training, not what came of it; a loss that has grown is told."""
    environment = {"PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8"}
    command = (
        sys.executable,
        "-m",
        "grader",
        "train",
        "four-points",
        "--reference",
        "--steps",
        "100000",
        "--lr",
        "0.3",
    )
    with terminal(*command, environment=environment, cwd=tmp_path) as trained:
        trained.wait_for("training", "loss")
        trained.press("C-c")
        trained.wait_for("Stopped after", "at first", "predictions.png is written", "status 0")
    assert len(list((tmp_path / "plots").iterdir())) == 3


def test_a_worker_lives_as_long_as_it_is_needed() -> None:
    """A long training is not ended by the limits of a grading; a grading keeps them."""
    longer = Settings().lasting(3600.0)
    assert (longer.seconds, longer.limits["RLIMIT_CPU"]) == (3600, 3600)
    assert longer.limits["RLIMIT_AS"] == RESOURCE_LIMITS["RLIMIT_AS"]
    for usual in (60.0, float("inf")):
        assert Settings().lasting(usual).seconds == LIFETIME
    level = choose().level
    with own_code(KIT, None, level, 86_400.0) as code:
        begin = time.process_time()
        (found,) = code.ask("import resource", ["resource.getrlimit(resource.RLIMIT_CPU)[0]"])
        assert time.process_time() - begin < 60
    assert found > 86_000


def test_a_network_that_is_lost(solved: Path) -> None:
    """Where the process of a training ends, that is said and not something else."""
    task = training.TASKS["four-points"]
    with own_code(KIT, solved, choose().level) as code:
        found = training.Training(KIT, task, task.settings, code)
        found.step()
        with pytest.raises(StudyError):
            code.ask("import os; os._exit(3)", ["1"])
        with pytest.raises(StudyError, match="its process was ended"):
            found.step()


def test_plots_show_what_they_are_given() -> None:
    """The picture of what is decided has the colours of the classes where they are decided."""
    from matplotlib import image

    parts = {"train": training.Examples(((0.0, 0.0), (1.0, 1.0)), (0, 1))}
    xs, ys = plots.around(parts, 20)
    decided = [[int(x > 0.5) for x in xs] for _ in ys]
    picture = image.imread(io.BytesIO(plots.boundary("test", parts, xs, ys, decided, "png")))
    row = picture[picture.shape[0] // 2, :, :3]
    left, right = row[len(row) // 4], row[int(len(row) * 0.65)]
    assert left[2] > left[0]  # blue
    assert right[0] > right[2]  # orange


def test_a_graph_before_there_is_an_engine(tmp_path: Path, mg_grade: Run) -> None:
    """Who has not begun is told how to see one all the same."""
    done = mg_grade("graph", "y = a * b", "a=1", "b=2", "--dir", tmp_path)
    assert (done.returncode, done.stderr.endswith("Without an engine of your own: --reference\n")) == (2, True)
