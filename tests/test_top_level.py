"""What a file does beside defining things costs nothing: statements that hang, end or fill the process are left out."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import MOST

from grader.base.model import NoteKind
from grader.grading.pipeline import grade
from grader.intake.submission import read_submission
from grader.kit import read_kit

FILLS = "kept = []\nwhile True: kept.append([0] * 1000)\n"


@pytest.mark.parametrize(
    ("before", "between", "after"),
    [
        ("while True: pass\n", "", ""),
        ("", "sum(range(10**10))\n", "sum(range(10**10))\n"),
        ("import sys\nsys.exit()\n", "import sys\nsys.exit('enough')\n", ""),
        ("", "import os\nos._exit(3)\n", FILLS),
        ("", "1 / 0\n", "print(undefined)\n"),
    ],
    ids=["hangs first", "hangs twice", "exits", "ends and fills memory", "raises"],
)
def test_statements_that_are_left_out(solved: Path, before: str, between: str, after: str) -> None:
    engine = solved / "engine.py"
    head, define, tail = engine.read_text(encoding="utf-8").partition("\ndef topological_sort")
    engine.write_text(f"{before}{head}\n{between}{define}{tail}\n{after}", encoding="utf-8")
    report = grade(read_submission(solved, read_kit().manifest), read_kit())
    assert report.points == MOST
    assert {found.kind for found in report.notes} <= {
        *(NoteKind.STEP_LEFT_OUT, NoteKind.STEP_FAILED, NoteKind.STOPPED),
    }
    assert report.notes


def test_names_of_a_newer_typing(solved: Path) -> None:
    """They do nothing while a program runs, so that nobody need know that they are missing."""
    engine = solved / "engine.py"
    engine.write_text(f"from typing import not_there_yet\n{engine.read_text(encoding='utf-8')}", encoding="utf-8")
    report = grade(read_submission(solved, read_kit().manifest), read_kit())
    assert (float(report.points), report.notes) == (MOST, ())
