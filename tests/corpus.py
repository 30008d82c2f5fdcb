"""tests/hostile/: submissions that cheat, attack or break, a folder for each, made of the solutions with changes.

What a folder may hold:

    submission/   files that are laid over the solutions
    gaps/FILE     code for the beginning of gaps, each under its mark `# exercise: ID`
    before/FILE   code for the head of a file, and after/FILE for its end
    expected.json "what" it does, the "levels" at which it is stopped, the status of each exercise that is "lost", by
                  its id or for all of a file by the file's name (all others pass), and what the report "says"; and
                  where they are needed "kept", the share of its points that a lost exercise keeps;
                  "points_lost_at_least", where it is not certain what is lost; "seconds", about how long it takes;
                  "whole", that it is laid over all the solutions and not only over some; "without", files that are left
                  out; "edits", FILE -> pairs of texts, the second in the place of the first; and "files" of names that
                  git or other systems would not take

What an exercise is worth stands in the manifest alone: with one more in it, nothing here changes.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from fractions import Fraction
from operator import methodcaller
from pathlib import Path
from typing import Any

from wild import ROOT, SOLUTIONS, after, before, spoil

from grader.kit import read_kit

CORPUS = ROOT / "tests" / "hostile"
EXPECTED: dict[str, dict[str, Any]] = {
    folder.name: json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    for folder in sorted(CORPUS.iterdir())
}
AROUND = ("derivatives.py", "chain_rule.py", "engine.py", "graph.py")  # the solutions that most are laid over
CHANGES = ("submission", "gaps", "before", "after")


def around(name: str) -> tuple[str, ...]:
    """The files of the kit that a submission is graded on."""
    return read_kit().manifest.files if EXPECTED[name].get("whole") else AROUND


def asked(name: str) -> list[str]:
    """The exercises that a submission is graded on."""
    return [exercise.id for exercise in read_kit().manifest.exercises if exercise.file in around(name)]


def full_marks(name: str) -> float:
    """The points that right answers get."""
    by_id = read_kit().manifest.by_id
    return float(sum(by_id[exercise].points for exercise in asked(name) if not by_id[exercise].bonus))


def lost(name: str) -> dict[str, str] | None:
    """The exercises that do not pass, each with its status; None where that is not certain."""
    rows = EXPECTED[name]["lost"]
    if rows is None:
        return None
    by_id = read_kit().manifest.by_id
    found = {exercise: rows.get(exercise) or rows.get(by_id[exercise].file, "passed") for exercise in asked(name)}
    assert {*rows} <= {*found, *around(name)}, f"{name}: {sorted(rows)}"
    return {exercise: status for exercise, status in found.items() if status != "passed"}


def points_left(name: str) -> float:
    """The points that a submission gets, or at most those, where it is not certain what is lost."""
    expected, gone = EXPECTED[name], lost(name)
    if gone is None:
        return full_marks(name) - float(expected["points_lost_at_least"])
    by_id = read_kit().manifest.by_id
    shares = {exercise: 1 - Fraction(expected.get("kept", {}).get(exercise, 0)) for exercise in gone}
    return full_marks(name) - sum(
        by_id[exercise].points * share for exercise, share in shares.items() if not by_id[exercise].bonus
    )


def lay_out(name: str, folder: Path) -> Path:
    """Write a submission of the corpus into a folder, which is made."""
    expected = EXPECTED[name]
    folder.mkdir(parents=True)
    for file in around(name):
        if file not in expected.get("without", ()):
            shutil.copy(SOLUTIONS / file, folder)
    if (CORPUS / name / "submission").exists():
        shutil.copytree(CORPUS / name / "submission", folder, dirs_exist_ok=True)
    for path in CORPUS.joinpath(name).glob("gaps/*"):
        _change(folder / path.name, spoil(**_by_exercise(path.read_text(encoding="utf-8"))))
    for change, kind in ((before, "before"), (after, "after")):
        for path in CORPUS.joinpath(name).glob(f"{kind}/*"):
            _change(folder / path.name, change(path.read_text(encoding="utf-8")))
    for file, pairs in expected.get("edits", {}).items():
        for old, new in pairs:
            assert old in (folder / file).read_text(encoding="utf-8"), f"{name}: {old!r} is not there"
            _change(folder / file, methodcaller("replace", old, new))
    for file, text in expected.get("files", {}).items():
        (folder / file).write_text(text)
    return folder


def _change(path: Path, change: Callable[[str], Any]) -> None:
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")


def _by_exercise(text: str) -> dict[str, str]:
    """The code for each gap, under the names that spoil() takes."""
    parts = text.split("# exercise: ")[1:]
    return {name.strip().replace("-", "_"): code for name, _, code in (part.partition("\n") for part in parts)}
