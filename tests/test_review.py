"""Nobody gets a plain zero for work that was left out: who is up for review, until when, and what that keeps back."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from conftest import MOST, ROOT, Run
from test_batch import run_batch, table
from test_intake import ENGINE, SOLUTIONS, STUBS, notebook

from grader.base.model import NoteKind
from grader.classes.review import reasons
from grader.grading.pipeline import grade
from grader.intake.submission import gather
from grader.kit import read_kit

MANIFEST = read_kit().manifest
WRONG = ENGINE.replace("other.grad += self.data * out.grad", "other.grad = self.data * out.grad")
PART = ENGINE.replace("self.grad += out.grad", 'raise NotImplementedError("add")', 1)


def why(files: dict[str, str | bytes]) -> tuple[str, ...]:
    """The reasons for a review of what is handed in."""
    tree: dict[PurePosixPath, Any] = {
        PurePosixPath(name): text if isinstance(text, bytes) else text.encode() for name, text in files.items()
    }
    return reasons(grade(gather(tree, MANIFEST, "x", "x"), read_kit()))


FOR_REVIEW: dict[str, tuple[dict[str, str | bytes], str]] = {
    "two that differ": ({**SOLUTIONS, "engine.py": WRONG, "engine (1).py": ENGINE}, "engine (1).py holds work"),
    "an archive that is not read": ({**SOLUTIONS, "engine.py": WRONG, "work.7z": b"7z"}, "work.7z was left out"),
    "a document beside untouched files": ({**STUBS, "engine.py": ENGINE, "nn.docx": b"PK"}, "nn.docx was left out"),
    "a file that cannot be read": ({**SOLUTIONS, "engine.py": WRONG, "mine.py": b"\0"}, "mine.py was left out"),
    "a newer Python": ({**SOLUTIONS, "losses.py": SOLUTIONS["losses.py"] + 'x = t"{1}"\n'}, "a newer Python"),
    "a cell that is too long": (
        {**SOLUTIONS, "engine.py": WRONG, "w.ipynb": notebook("x = 1", f"# {'x' * 1_100_000}", "y = 2")},
        "w.ipynb/cell 2 was left out",
    ),
    "an empty file": ({**SOLUTIONS, "engine.py": "\n"}, "engine.py was left out: there is nothing in it"),
    "a cell that was turned into text": (
        {
            **SOLUTIONS,
            "engine.py": WRONG,
            "w.ipynb": notebook(ENGINE, "x = 1").replace(b'"cell_type": "code"', b'"cell_type": "markdown"', 1),
        },
        "w.ipynb/cell 1 of all was left out",
    ),
    "work in a document": (
        {**SOLUTIONS, "engine.py": STUBS["engine.py"], "engine.md": f"```python\n{ENGINE}\n```\n"},
        "engine.md was left out",
    ),
    "too many cells": ({**SOLUTIONS, "engine.py": WRONG, "w.ipynb": notebook(*["x = 1"] * 2001)}, "w.ipynb/cell 2001"),
    "behind a dozen others": (
        {**SOLUTIONS, "engine.py": WRONG, **{f"f{i:02}/nn.py": b"\0" for i in range(12)}, "z/engine.py": b"\0"},
        "There were more problems",
    ),
    "in a helper": (
        {
            **SOLUTIONS,
            "losses.py": STUBS["losses.py"],
            "nn.py": SOLUTIONS["nn.py"] + "\ndef softmax(xs):\n    return 1\n",
        },
        "nn.py holds work for losses.py",
    ),
}
HARMLESS: dict[str, dict[str, str | bytes]] = {
    "full marks": {**SOLUTIONS, "engine (1).py": WRONG, "work.7z": b"7z", "essay.docx": b"PK"},
    "the same once more": {**SOLUTIONS, "engine.py": WRONG, "old/engine.py": WRONG},
    "an earlier state": {**SOLUTIONS, "engine.py": WRONG, "old/engine.py": WRONG.replace(
        "other.grad += self.data ** 0", "x").replace("self.grad += out.grad", 'raise NotImplementedError("add")', 1)},
    "a backup": {**SOLUTIONS, "engine.py": WRONG, "engine.py.bak": PART, "engine.py~": WRONG},
    "an example": {**STUBS, "engine.py": WRONG, "README.md": f"```python\n{SOLUTIONS['nn.py']}\n```\n"},
    "as it came": {**SOLUTIONS, "engine.py": WRONG, "old/engine.py": STUBS["engine.py"]},
    "lost somewhere else": {**SOLUTIONS, "nn.py": STUBS["nn.py"], "engine (1).py": WRONG},
    "a document beside work": {**SOLUTIONS, "engine.py": WRONG, "essay.docx": b"PK"},
    "what it is about": {**STUBS, "engine.py": ENGINE, "task.pdf": b"%PDF", "README.md": b"# Task", "data.csv": b"1,2"},
    "a mistake that is no Python": {**SOLUTIONS, "engine.py": ENGINE + "x = = 1\n"},
}  # fmt: skip


@pytest.mark.parametrize("name", FOR_REVIEW)
def test_what_may_hold_work_is_a_reason(name: str) -> None:
    """Points were lost, and something that may hold the work for them is not graded."""
    files, words = FOR_REVIEW[name]
    found = why(files)
    assert found
    assert words in found[0]


@pytest.mark.parametrize("name", HARMLESS)
def test_the_list_stays_short(name: str) -> None:
    """What cannot have cost any points is no reason."""
    assert why(HARMLESS[name]) == ()


def test_a_fuller_copy_counts() -> None:
    """Of two the one counts that holds all that is done in the other, and more, whatever it is called."""
    notebook_of_it = notebook(ENGINE)
    for name in ("engine (1).py", "old/engine.py", "mine.ipynb.txt", "all of it.py"):
        assert why({**SOLUTIONS, "engine.py": PART, name: notebook_of_it if "ipynb" in name else ENGINE}) == ()


def test_kinds_of_notes() -> None:
    """What every kind of note that may hold work says of the files that it may be work for is known."""
    doubts = {kind for kind in NoteKind if kind.may_hold_work}
    assert doubts == {NoteKind.LEFT_OUT, NoteKind.UNDECIDED, NoteKind.NEWER_PYTHON, NoteKind.MORE}


WORKSHEET = "Identifier,Full name,Grade,Last modified (grade)\nParticipant 7,Ada Lee,,-\nParticipant 8,Bob Poe,,-\n"


def test_review_of_a_class(tmp_path: Path, mg_grade: Run) -> None:
    """Who is up for review stands in the table, the summary, the page; no export writes it until it is accepted; that
    lasts as long as the submission and the reasons are the same."""
    folder, out, sheet = tmp_path / "class", tmp_path / "out", tmp_path / "sheet.csv"
    ada, bob = (folder / f"{name}_assignsubmission_file" for name in ("Ada Lee_7", "Bob Poe_8"))
    for student in (ada, bob):
        shutil.copytree(ROOT / "solutions", student)
    (ada / "engine.py").write_text(WRONG)
    (ada / "engine (1).py").write_text(ENGINE.replace("import math", "import math\n\n\nx = 1"))
    sheet.write_text(WORKSHEET)

    def export(form: str, *more: object) -> Any:
        return mg_grade("export", out, "--to", form, *more, "--output", tmp_path / form)

    done = run_batch(mg_grade, folder, out)
    assert done.returncode == 0, done.stderr
    reason = "engine (1).py holds work for engine.py too, which is not graded."
    assert "1 up for review" in done.stdout
    assert f"--accept STUDENT\n  Ada Lee: {reason}\n" in done.stdout
    rows = table(out)
    assert {name: (row["status"], row["review"]) for name, row in rows.items()} == {
        "Ada Lee": ("graded", reason),
        "Bob Poe": ("graded", ""),
    }
    assert float(rows["Ada Lee"]["points"]) >= MOST - 1
    assert f"Ada Lee: {reason}" in mg_grade("gradebook", out).stdout
    done = export("moodle", "--into", sheet)
    assert (done.returncode, "1 grades" in done.stdout, "Ada Lee: up for review" in done.stderr) == (1, True, True)
    for form in ("csv", "gradescope"):
        done = export(form)
        assert (done.returncode, f"Ada Lee: {reason}" in done.stderr) == (1, True)
    assert [row["student"] for row in csv.DictReader(io.StringIO((tmp_path / "csv").read_text("utf-8-sig")))] == [
        "Bob Poe"
    ]
    assert [path.name for path in (tmp_path / "gradescope").iterdir()] == ["Bob Poe-8.json"]

    done = mg_grade("gradebook", out, "--accept", "Bob Poe")
    assert (done.returncode, "'Bob Poe' is not up for review. Those who are: Ada Lee." in done.stderr) == (2, True)
    done = mg_grade("gradebook", out, "--accept", "ada lee")
    assert (done.returncode, done.stdout.startswith("Accepted: Ada Lee.\n"), "for review" in done.stdout) == (
        0,
        True,
        False,
    )
    assert export("moodle", "--into", sheet).returncode == 0
    assert export("gradescope").returncode == 0
    done = run_batch(mg_grade, folder, out, "--regrade")
    assert "for review" not in done.stdout
    assert table(out)["Ada Lee"]["review"] == ""
    (ada / "nn.py").write_text((ada / "nn.py").read_text() + "\n# another\n")
    done = run_batch(mg_grade, folder, out)
    assert "1 up for review" in done.stdout
    assert mg_grade("gradebook", out, "--accept", "all").stdout.startswith("Accepted: Ada Lee.")
    assert mg_grade("gradebook", out, "--accept", "all").stdout.startswith("Nobody is up for review.")
