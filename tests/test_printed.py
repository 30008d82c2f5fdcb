"""What learner code prints is shown with the question that it was printed for: bounded, harmless, to its author."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
import pytest
from conftest import Run
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.base.errors import LearnerFault
from grader.base.report import Report, Status
from grader.grading.pipeline import grade
from grader.intake.submission import read_submission
from grader.kit import read_kit
from grader.reports.forms import form, terminal
from grader.sandbox import protocol
from grader.sandbox.process import WorkerProcess

RIGHT = "self.grad += other.data * out.grad"
FORMS = ("markdown", "html", "gradescope", "json", "junit")


def printing(solved: Path, line: str) -> Report:
    """The report on solutions whose mul is wrong, and prints before it is."""
    engine = solved / "engine.py"
    assert engine.read_text().count(RIGHT) == 1
    engine.write_text(engine.read_text().replace(RIGHT, f"{line}\n            self.grad += 3 * out.grad"))
    return grade(read_submission(solved, read_kit().manifest), read_kit(), only=["mul"])


def printed(report: Report) -> tuple[str, ...]:
    first = report.result("mul").first_failed
    assert first is not None
    assert first.finding is not None
    return first.finding.printed


def test_it_is_shown_in_every_form(solved: Path) -> None:
    """Both streams, in their order, and of this question alone."""
    report = printing(solved, "import sys; print('upstream', out.grad > 9); print('and this', file=sys.stderr)")
    assert printed(report) == ("upstream False", "and this")
    shown = click.unstyle(terminal.render(report))
    assert "  printed   upstream False\n            and this\n  yours " in shown
    for name in FORMS:
        assert "upstream False" in form(name).render(report), name
    assert "<" not in "".join(printed(report))


@pytest.mark.parametrize(
    ("line", "lines"),
    [
        ("pass", ()),
        ("print()", ()),
        ("print('\\x1b[31m', '\\u202e', '##[error]')", (r"\x1b[31m \u202e # #[error]",)),
        ("print(object())", ("<object object at 0x...>",)),
        ("[print(i) for i in range(99)]", (*map(str, range(9)), "...")),
        ("print('x' * 10**6)", ("x" * 63 + "...",)),
        ("print('\u3042' * 40 + 'Total   122 / 122')", ("\u3042" * 31 + "...",)),
        ("import sys; sys.stdout.buffer.write(b'raw'); sys.stdout.flush()", ("raw",)),
        ("import sys; sys.stdout.close()", ()),
        ("import os; os.write(1, b'mg')", ()),
    ],
)
def test_it_is_bounded_and_harmless(solved: Path, line: str, lines: tuple[str, ...]) -> None:
    """A few lines, each cut, nothing that a terminal obeys, and the same every time."""
    assert printed(printing(solved, line)) == lines


def test_right_answers_cost_nothing(solved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker is asked for it after a wrong answer only."""
    asked: list[str] = []
    request = WorkerProcess.request

    def noting(worker: WorkerProcess, op: str, *args: Any, **given: Any) -> Any:
        asked.append(op)
        return request(worker, op, *args, **given)

    monkeypatch.setattr(WorkerProcess, "request", noting)
    engine = solved / "engine.py"
    engine.write_text(engine.read_text().replace(RIGHT, f"print(self)\n            {RIGHT}"))
    report = grade(read_submission(solved, read_kit().manifest), read_kit())
    assert {result.status for result in report.results} == {Status.PASSED}
    assert "printed" not in asked


def test_nothing_is_shown_of_a_run_beside_the_reference(solved: Path) -> None:
    """With reference files in the place of unfinished ones, what is printed could be theirs."""
    nn = solved / "nn.py"
    nn.write_text(nn.read_text().replace("total.tanh()", "[print('hel' + 'lo'), total][1].tanh() * 2"))
    (solved / "engine.py").unlink()
    result = grade(read_submission(solved, read_kit().manifest), read_kit()).result("neuron")
    assert result.first_failed is not None
    assert result.first_failed.finding is not None
    assert result.first_failed.finding.got == ""
    assert "hello" not in json.dumps(str(result))


@pytest.mark.linux  # a class wants a sandbox
@pytest.mark.parametrize(("policy", "is_shown"), [("format = 1\n", False), ("format = 1\nprinted = true\n", True)])
def test_a_class_shows_it_where_the_policy_says_so(
    solved: Path, tmp_path: Path, mg_grade: Run, policy: str, is_shown: bool
) -> None:
    """Reports on a class go to other people than who wrote the code."""
    printing(solved, "print('dear ' + 'diary')")  # so that the code itself, which is shown, does not say it
    students = tmp_path / "students"
    students.mkdir()
    solved.rename(students / "ada")
    (tmp_path / "policy.toml").write_text(policy)
    out = tmp_path / "out"
    done = mg_grade("batch", students, "--out", out, "--policy", tmp_path / "policy.toml")
    assert done.returncode == 0, done.stderr
    kept = [path for path in out.rglob("*") if path.is_file() and b"dear diary" in path.read_bytes()]
    names = {path.name for path in kept} - {"gradebook.sqlite", "gradebook.sqlite.bak"}  # which hold the code itself
    assert names == ({"ada.json", "ada.md", "ada.html"} if is_shown else set())


@pytest.mark.parametrize("line", ["breakpoint()", "import pdb; pdb.set_trace()", "input('? ')"])
def test_what_needs_a_terminal(solved: Path, line: str) -> None:
    """A breakpoint cannot work here: that is said, and what to do instead, in the place of a hint."""
    report = printing(solved, line)
    shown = " ".join(click.unstyle(terminal.render(report)).split())
    assert "no terminal attached, so breakpoint(), pdb and input() cannot work" in shown
    assert "Print what you want to see" in shown
    assert "Look at:" not in shown


@pytest.mark.parametrize("line", ["breakpoint()", "name = input()"])
def test_what_needs_a_terminal_at_the_top_level(solved: Path, line: str) -> None:
    """There it costs nothing, and is told all the same."""
    report = printing(solved, "pass")
    with (solved / "graph.py").open("a") as file:
        file.write(f"\n{line}\n")
    report = grade(read_submission(solved, read_kit().manifest), read_kit(), only=["topological-sort"])
    assert report.points == report.max_points
    assert any("no terminal is attached while grading" in str(note) for note in report.notes)


@settings(suppress_health_check=[HealthCheck.too_slow])  # a machine may be busy
@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists))
def test_any_reply(value: object) -> None:
    """Whatever a worker says that was printed, it is a few short printable lines, or nonsense."""
    try:
        lines = protocol.printed(value)
    except LearnerFault:
        assert type(value) is not str
        return
    assert len(lines) <= protocol.PRINTED_LINES
    assert all(len(line) <= protocol.PRINTED_WIDTH and line.isprintable() for line in lines)
