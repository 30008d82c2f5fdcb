"""What a file costs: it is compiled by the first worker that opens it, and every other one is given its code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from conftest import MOST

from grader.grading.pipeline import grade
from grader.intake.submission import read_submission
from grader.kit import read_kit
from grader.sandbox.process import WorkerProcess


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, bool]]:
    """The files that workers are told of, in order: the path of each, and whether it came with its text."""
    request = WorkerProcess.request
    files: list[tuple[str, bool]] = []

    def note(self: WorkerProcess, op: str, *args: Any, **fields: Any) -> Any:
        if op == "know":
            files.append((fields["path"], bool(fields["text"])))
        return request(self, op, *args, **fields)

    monkeypatch.setattr(WorkerProcess, "request", note)
    return files


def test_a_restart_compiles_nothing(solved: Path, known: list[tuple[str, bool]]) -> None:
    """Where a worker is lost, the next one is given the code of all files that were opened."""
    with (solved / "tensor.py").open("a") as file:
        file.write("while True:\n    pass\n")
    report = grade(read_submission(solved, read_kit().manifest), read_kit())
    assert report.points == MOST
    files = len({path for path, _ in known})
    assert [is_text for _, is_text in known] == [True] * files + [False] * files


def test_a_second_run_compiles_nothing(solved: Path, known: list[tuple[str, bool]]) -> None:
    """Neither what was handed in nor the reference that stands in for a part of it is compiled again."""
    for name, old in (("engine.py", "self.data * other.data"), ("nn.py", "total.tanh()")):
        text = (solved / name).read_text()
        assert old in text
        (solved / name).write_text(text.replace(old, f"1.5 * {old}"))
    report = grade(read_submission(solved, read_kit().manifest), read_kit())
    assert report.points < MOST
    files = len({path for path, _ in known})
    assert len(known) > files
    assert {is_text for _, is_text in known[:files]} == {True}
    assert {is_text for _, is_text in known[files:]} == {False}


def test_what_cannot_be_compiled(solved: Path) -> None:
    """A statement that is no Python costs itself, in a worker that is given the code of the file as well."""
    text = (solved / "optim.py").read_text()
    (solved / "optim.py").write_text(f"{text}\nreturn 1\nwhile True:\n    pass\n")
    report = grade(read_submission(solved, read_kit().manifest), read_kit())
    assert report.points == MOST
    assert any("'return' outside function" in str(note) for note in report.notes)
