"""The first wrong node: the smallest expression that shows a mistake, and where in its graph that begins."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import click
import pytest

from grader.base.errors import GraderError
from grader.base.report import Report
from grader.grading.pipeline import grade
from grader.grading.reference import edited
from grader.intake.submission import read_submission
from grader.kit import read_kit
from grader.kit.misconceptions import catalogue
from grader.reports.forms import json as json_form
from grader.reports.forms import terminal

MISCONCEPTIONS = {misconception.id: misconception for rows in catalogue().values() for misconception in rows}


def graded(solved: Path, mistake: str) -> Report:
    """The report on the solutions with a mistake in the engine."""
    engine = solved / "engine.py"
    engine.write_text(edited("engine.py", engine.read_text(), MISCONCEPTIONS[mistake].edits))
    return grade(read_submission(solved, read_kit().manifest), read_kit())


@pytest.mark.parametrize(
    ("mistake", "operations", "first"),
    [
        ("tanh-self-data", "c = a.tanh()", "a"),
        ("mul-assigned", "c = a * a", "a"),  # with a * b nothing is wiped out
        ("mul-own-data", "c = a * b", "a"),
        ("add-one-side-only", "c = a + b", "b"),
        ("relu-always-open", "c = b.relu()", "b"),
        ("neg-sub-sub-adds", "c = a - b", "c"),
        ("backward-no-seed", "c = a + b", "c"),
        ("backward-not-reversed", "c = a + b; d = c * 3", "a"),
        ("exp-no-upstream", "c = a + b; d = c.exp()", None),
        ("topological-sort-breadth-first", "c = a * b; d = c * 3; e = c * d", "a"),
    ],
)
def test_the_smallest_expression(solved: Path, mistake: str, operations: str | None, first: str | None) -> None:
    """The expression is as small as it can be, and the first node that is wrong on the way back is the one named."""
    graph = graded(solved, mistake).wrong_graph
    assert graph is not None
    if mistake == "exp-no-upstream":  # with an upstream gradient of 1 the operation alone is right
        assert graph.script.count(".exp()") == 1
        assert graph.script.splitlines()[1].count(";") == 1
        return
    if operations is not None:
        assert graph.script.splitlines()[1] == operations
        assert graph.first_wrong.name == first


def test_the_script_gives_what_is_shown(solved: Path) -> None:
    """The three lines, run in the learner's folder, give the learner's number."""
    graph = graded(solved, "tanh-self-data").wrong_graph
    assert graph is not None
    assert len(graph.script.splitlines()) == 3
    node = graph.first_wrong
    code = f"from engine import Value\n{graph.script}\nprint(format({node.name}.grad, '.10g'))"
    done = subprocess.run([sys.executable, "-c", code], cwd=solved, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == node.grad != node.right_grad


def test_nothing_is_wrong(solved: Path, stubs: Path) -> None:
    """Right engines have no wrong graph, nor have those that are still to be written, nor mistakes elsewhere."""
    assert grade(read_submission(solved, read_kit().manifest), read_kit()).wrong_graph is None
    assert grade(read_submission(stubs, read_kit().manifest), read_kit()).wrong_graph is None
    nn = solved / "nn.py"
    nn.write_text(nn.read_text().replace("total = self.b\n", "total = Value(0.0)\n"))
    assert grade(read_submission(solved, read_kit().manifest), read_kit()).wrong_graph is None


def test_an_operation_that_hangs(solved: Path) -> None:
    """Where the search does not come to an end there is no graph, and the report is whole."""
    engine = solved / "engine.py"
    head = "    def __add__(self, other):\n"
    engine.write_text(engine.read_text().replace(head, f"{head}        while True: pass\n"))
    report = grade(read_submission(solved, read_kit().manifest), read_kit(), only=["mul"])
    assert report.wrong_graph is None
    assert not report.grader_faults


def test_a_grader_that_fails_here_loses_nothing(solved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no worker can be started for the search, what was graded stands."""

    def fails(_: object) -> None:
        raise GraderError("no more workers")

    monkeypatch.setattr("grader.grading.first_wrong._expressions", lambda _: [{"c": "a * b"}])
    monkeypatch.setattr("grader.grading.first_wrong._compared", lambda *_: fails(_))
    report = graded(solved, "tanh-self-data")
    assert report.wrong_graph is None
    assert not report.grader_faults
    assert report.points > 100


def test_how_it_is_shown(solved: Path) -> None:
    """The terminal draws the tree with both sets of numbers; JSON has script, nodes and the name of the first."""
    report = graded(solved, "mul-assigned")
    shown = click.unstyle(terminal.render(report))
    assert "where that begins\n    a = Value(1.5)\n    c = a * a\n" in shown
    assert "  | c = a * a           2.25         1\n" in shown
    assert "  > └ a                 1.5          1.5          grad 3\n" in shown
    graph = json.loads(json_form.render(report))["wrong_graph"]
    assert (graph["first_wrong"], [node["name"] for node in graph["nodes"]]) == ("a", ["c", "a"])
    assert all(len(line) <= 80 for line in shown.splitlines())
