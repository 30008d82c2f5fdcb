"""Submissions that are broken somewhere, and too large or too odd for a folder in tests/hostile/."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from wild import LOSSES, ROOT, SOLUTIONS, after, assert_civil, encoded, grade, make, spoil


def test_odd_encodings(tmp_path: Path) -> None:
    """Files in odd encodings, with odd ends of lines, are graded; one with NUL bytes is left out, with the reason."""
    folder = make(
        tmp_path / "s",
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
    )
    done = grade(folder, tmp_path)
    assert done.status == 0, done.err
    assert done.short == LOSSES
    assert {exercise: done.points(exercise) for exercise in LOSSES} == dict.fromkeys(LOSSES, 0.0)
    assert "losses.py was left out" in done.said
    assert "it holds NUL bytes" in done.said
    assert_civil(done)


def test_a_thousand_complaints(tmp_path: Path) -> None:
    """A file of which nothing at its top level works costs nothing where its functions are right, and few words."""
    raises = "\n".join(f"if 1: raise ValueError({i}, 'x' * 300)" for i in range(1000))
    done = grade(make(tmp_path / "s", {"derivatives.py": after(raises)}), tmp_path)
    assert (done.status, done.short) == (0, set()), done.err
    assert "derivatives.py" in done.said
    assert len(done.suites) == len(done.report["exercises"]) + 1  # and the grade
    assert len(done.out) < 60_000
    assert done.seconds < 40
    assert_civil(done)


@pytest.mark.world  # thirteen commands
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
