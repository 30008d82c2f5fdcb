"""Do two checkouts give the same grades? For whoever changes the shape of the grader and not what it says.

    python tests/benchmarks/same_grades.py CHECKOUT_BEFORE [TEXT]

Grades every submission in tests/, and the solutions with each known mistake in them, with both checkouts, and prints
every difference in points, statuses, names of mistakes and feedback (by message and values, not by wording). TEXT: only
submissions with that in their name. Exit status 1 if there is a difference.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from grader.grading.reference import edited
from grader.kit import Kit, read_kit
from grader.kit.gaps import emptied, gaps
from grader.kit.model import Misconception

ROOT = Path(__file__).resolve().parents[2]
TESTS = ROOT / "tests"
PAIRS = 40
# What a submission does until its time is up takes as long every time, and is graded by tests/test_hostile.py.
SLOW_SECONDS = 15
# Addresses and times in what an exception says differ from run to run.
UNSTABLE = re.compile(r"0x[0-9a-f]+|[\d.]+ s\b")

OLD = """
from grader.intake.submission import read_submission
from grader.manifest import kit_manifest
from grader.pipeline import grade
from grader.reports.json_report import as_data
def report(path, level): return as_data(grade(read_submission(path, kit_manifest()), level=level))
"""
NEW = """
from grader.intake.submission import read_submission
from grader.kit import read_kit
from grader.grading.pipeline import grade
from grader.reports.forms.json import as_data
def report(path, level): return as_data(grade(read_submission(path, read_kit().manifest), read_kit(), level=level))
"""
DRIVER = """
import json, sys
from pathlib import Path
from grader.sandbox.confine import choose
for line in sys.stdin:
    path, level = json.loads(line)
    try:
        print(json.dumps(report(Path(path), choose(level).level)), flush=True)
    except Exception as error:
        print(json.dumps({"error": f"{type(error).__name__}: {error}"}), flush=True)
"""


def submissions(kit: Kit, folder: Path) -> Iterator[tuple[str, Path, str]]:
    """Name, path and level of confinement of each; those that are made go into the folder."""
    yield "stubs", ROOT / "exercises", "limits"
    yield "solutions", ROOT / "solutions", "limits"
    for path in sorted([*(TESTS / "samples").iterdir(), *(TESTS / "styles").iterdir()]):
        yield path.relative_to(TESTS).as_posix(), path, "limits"
    for path in sorted((TESTS / "hostile").iterdir()):
        expected = json.loads((path / "expected.json").read_text(encoding="utf-8"))
        if expected.get("seconds", 0) < SLOW_SECONDS and "bubblewrap" in expected["levels"]:
            copy = folder / "hostile" / path.name
            shutil.copytree(ROOT / "solutions", copy)
            shutil.copytree(path / "submission", copy, dirs_exist_ok=True)
            yield f"hostile/{path.name}", copy, "bubblewrap"
    mistakes = [mistake for rows in kit.misconceptions.values() for mistake in rows]
    draw = random.Random(1)
    pairs = [draw.sample(mistakes, 2) for _ in range(PAIRS)]
    for some in (*([mistake] for mistake in mistakes), *pairs):
        if len({mistake.exercise for mistake in some}) == len(some):
            name = "+".join(mistake.id for mistake in some)
            yield f"mistake/{name}", _spoilt(kit, folder / name, some), "limits"
    for file in kit.manifest.files:
        yield f"only/{file}", _stubs_but(kit, folder / f"only-{file}", [file]), "limits"
        until = kit.manifest.files[: kit.manifest.files.index(file) + 1]
        yield f"until/{file}", _stubs_but(kit, folder / f"until-{file}", until), "limits"
        text = kit.solution(file)
        for gap in gaps(text):
            one = _stubs_but(kit, folder / f"without-{gap.exercise}", kit.manifest.files)
            stub = emptied(text).split("\n")
            begin = next(i for i, line in enumerate(stub) if line.strip() == f"# exercise: {gap.exercise}")
            lines = text.split("\n")
            lines[gap.start : gap.end] = [stub[begin + 1]]
            (one / file).write_text("\n".join(lines), encoding="utf-8")
            yield f"without/{gap.exercise}", one, "limits"


def _spoilt(kit: Kit, folder: Path, mistakes: list[Misconception]) -> Path:
    """The solutions with these mistakes in them."""
    shutil.copytree(kit.solutions, folder)
    for mistake in mistakes:
        path = folder / kit.manifest.by_id[mistake.exercise].file
        path.write_text(edited(path.name, path.read_text(encoding="utf-8"), mistake.edits), encoding="utf-8")
    return folder


def _stubs_but(kit: Kit, folder: Path, solved: Any) -> Path:
    """The stubs, with the solutions of some files."""
    folder.mkdir(exist_ok=True)
    for file in kit.manifest.files:
        (folder / file).write_text(kit.solution(file) if file in solved else kit.stub(file), encoding="utf-8")
    return folder


def reports(checkout: Path, wanted: list[tuple[str, Path, str]]) -> list[dict[str, Any]]:
    """The report of each submission, as the data of the JSON that the checkout writes."""
    is_new = (checkout / "grader" / "kit" / "__init__.py").exists()
    lines = "".join(json.dumps([str(path), level]) + "\n" for _, path, level in wanted)
    env = {**os.environ, "PYTHONPATH": str(checkout)}
    command = [sys.executable, "-P", "-c", (NEW if is_new else OLD) + DRIVER]
    done = subprocess.run(command, input=lines, env=env, stdout=subprocess.PIPE, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def normal(report: dict[str, Any]) -> dict[str, Any]:
    """What is compared of a report: name of a thing -> its value."""
    if "error" in report:
        return {"error": report["error"]}
    rows: dict[str, Any] = {name: report[name] for name in ("points", "max_points", "bonus_points")}
    rows["notes"] = len(report["warnings"])
    graph = report["wrong_graph"]
    rows["graph"] = graph and [graph["script"], graph["nodes"]]
    for row in report["exercises"]:
        exercise = row["id"]
        for name in ("status", "points", "carried_forward", "misconceptions_together"):
            rows[f"{exercise} {name}"] = row[name]
        rows[f"{exercise} mistakes"] = [mistake["id"] for mistake in row["misconceptions"]]
        rows[f"{exercise} symptoms"] = [_numbers(_text(symptom)) for symptom in row["symptoms"]]
        for test in row["tests"]:
            rows[f"{exercise} {test['id']}"] = [test["status"], *_said(test["message"])]
    return rows


def _text(said: Any) -> str:
    return said if isinstance(said, str) else str(said["text"])


def _numbers(text: str) -> list[str]:
    return re.findall(r"-?\d[\d.e+-]*", text)


def _said(message: str) -> list[str]:
    """The code and the values of a message; not its first line, which says what was asked."""
    return [UNSTABLE.sub("*", line) for line in message.splitlines()[1:]]


def main() -> None:
    before, only = Path(sys.argv[1]).resolve(), sys.argv[2] if len(sys.argv) > 2 else ""
    with tempfile.TemporaryDirectory() as folder:
        wanted = [row for row in submissions(read_kit(), Path(folder)) if only in row[0]]
        print(f"{len(wanted)} submissions", flush=True)
        old, new = reports(before, wanted), reports(ROOT, wanted)
    kinds: Counter[str] = Counter()
    for (name, _, _), was, now in zip(wanted, map(normal, old), map(normal, new), strict=True):
        for what in {**was, **now}:
            # What a forged reply says, and whether it comes in time to be told as one, is a race.
            is_compared = not name.startswith("hostile/") or what.endswith(("points", "status"))
            if is_compared and was.get(what) != now.get(what):
                kinds[what.partition(" ")[2] or what] += 1
                print(f"{name}: {what}: {was.get(what)} -> {now.get(what)}")
    print(f"{sum(kinds.values())} differences", dict(kinds) or "")
    sys.exit(1 if kinds else 0)


if __name__ == "__main__":
    main()
