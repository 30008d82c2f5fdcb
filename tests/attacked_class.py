"""A class of which some are hostile, in a batch that is killed and begun again: what it costs the others.

Everybody who is honest must get the grade that they get alone, nothing may be left of the batch, and the hostile ones
may cost no more time than each has.
"""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

from bombs import BOMBS
from conftest import ROOT
from corpus import EXPECTED, lay_out
from killing import SECONDS, batch, kill_and_look, marked, start
from test_batch import table, wait_for
from test_intake import EDITION
from test_mistakes import MISTAKES, make

from grader.base.points import shown
from grader.cli.files import alone as alone_in
from grader.grading.pipeline import grade
from grader.intake.submission import read_submission
from grader.kit import read_kit
from grader.sandbox.levels import Level
from grader.sandbox.session import RUN_SECONDS

SLOWER = 1.5  # the most that honest work may take beside hostile work, next to itself alone


def honest(folder: Path, number: int) -> dict[str, Path]:
    """So many honest submissions, no two alike: right ones, mistakes and notebooks. Student -> path."""
    mistakes = list(MISTAKES.values())
    found = {}
    for i in range(number):
        name = f"h{i:03}"
        found[name] = folder / name
        if i % 8 == 7:
            found[name] = folder / f"{name}.ipynb"
            found[name].write_text(EDITION + "\n" * i)
            continue
        shutil.copytree(ROOT / "solutions", folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        if i % 2:
            make(folder / name, mistakes[i * 7 % len(mistakes)])
        with (folder / name / "derivatives.py").open("a") as file:
            file.write(f"\n# {i}\n")
    return found


def hostile(folder: Path, number: int, level: Level, draw: random.Random) -> None:
    """So many hostile submissions that a level stops: a third of them are bombs for whoever reads them."""
    attacks = draw.sample([name for name, expected in EXPECTED.items() if level.name in expected["levels"]], number)
    bombs = draw.sample(sorted(BOMBS), min(number // 3, len(BOMBS)))
    for i, name in enumerate(attacks):
        place = folder / f"x{i:03}"
        if i < len(bombs):
            place.mkdir()
            subprocess.run([sys.executable, str(ROOT / "tests" / "bombs.py"), bombs[i], str(place)], check=True)
        else:
            lay_out(name, place)


def trial(folder: Path, level: Level, right: int, wrong: int, kills: int) -> tuple[float, float, float]:
    """Grade a class of right honest and wrong hostile submissions, killing the batch so many times.

    Returns the seconds that the honest ones take in a batch of their own, those of all together with what the kills
    cost, and how many they might have been. AssertionError where anybody's grade is another than alone, or anything
    is left.
    """
    draw = random.Random(15)
    scratch, together, alone = folder / "tmp", folder / "together", folder / "alone"
    for made in (scratch, together, alone):
        made.mkdir()
    policy = folder / "policy.toml"
    policy.write_text("format = 1\nseed = 15\n")
    options = ("--sandbox", level.name, "--policy", str(policy))
    students = honest(alone, right)

    begin = time.monotonic()
    process, _ = start(batch(alone, folder / "out-alone", *options), scratch)
    assert process.wait() == 0
    seconds_alone = time.monotonic() - begin

    shutil.copytree(alone, together, dirs_exist_ok=True)
    hostile(together, wrong, level, draw)
    begin = time.monotonic()
    for _ in range(kills):
        process, mark = start(batch(together, folder / "out", *options), scratch)
        time.sleep(draw.uniform(0.5, seconds_alone / 2))
        kill_and_look(process, mark)
        assert list(scratch.iterdir()) == []
    process, mark = start(batch(together, folder / "out", *options), scratch)
    assert process.wait() == 0
    seconds = time.monotonic() - begin

    wait_for(lambda: not marked(mark), SECONDS)
    assert list(scratch.iterdir()) == []
    there = {path.name for path in (folder / "out").iterdir()} - {"errors", "pairs"}  # where there are any
    assert there == {"grades.csv", "index.html", "gradebook.sqlite", "gradebook.sqlite.bak", ".lock", "reports"}
    with alone_in(folder / "out"):  # nobody holds the lock
        pass
    assert list((folder / "out").rglob(".*.part")) == []
    rows = table(folder / "out")
    assert len(rows) == right + wrong
    assert {row["status"] for row in rows.values()} <= {"graded", "refused"}
    kit = read_kit()
    for name, path in students.items():
        report = grade(read_submission(path, kit.manifest), kit, seed=15, level=level)
        assert rows[name]["status"] == "graded"
        assert rows[name]["points"] == shown(report.given), name
    return seconds_alone, seconds, SLOWER * seconds_alone + RUN_SECONDS * wrong
