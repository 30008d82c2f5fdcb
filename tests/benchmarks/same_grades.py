"""Do two checkouts give the same grades? For whoever changes the shape of the grader and not what it says.

    python tests/benchmarks/same_grades.py CHECKOUT_BEFORE [--after CHECKOUT] [--only TEXT]

Grades every submission in tests/, and the solutions with known mistakes, with gaps, up to a chapter and in other forms,
with both, and prints every difference in points, statuses, mistakes and feedback (by code and values, not by wording).
Exit status 1 if there is one, or if nothing was graded. --after: another checkout in the place of this one.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from grader.base.errors import GraderError
from grader.grading.reference import edited
from grader.kit import NOTEBOOK, Kit, read_kit
from grader.kit.gaps import refilled
from grader.kit.model import Misconception
from grader.upkeep.edition import make_notebook

ROOT = Path(__file__).resolve().parents[2]
TESTS = ROOT / "tests"
sys.path.insert(0, str(TESTS))

from corpus import EXPECTED, lay_out

PAIRS = 40
# What takes long is graded by tests/test_hostile.py.
SLOW_SECONDS = 10
SLOW = ("sleeps-on-every-line",)
# What these reply, and whether it comes before the true reply, beside it or in its place, is another in every run, so
# it is not compared what became of it; that the tests fail, and how they ask, is.
RACES = ("answers-ahead", "answers-another-question", "answers-on-a-timer", "crosses-the-wires", "forges-an-answer")
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?")
PATH = re.compile(r"[\w./-]+\.\w+(?::\d+)?")
LABEL = re.compile(r"(yours|expected|raised|happened) ")

OLD = """
from grader.intake.submission import read_submission
from grader.manifest import kit_manifest
from grader.pipeline import grade
from grader.reports.json_report import as_data
def report(path, level): return as_data(grade(read_submission(path, kit_manifest()), level=level))
"""
NEW = """
from grader.grading.pipeline import grade
from grader.intake.submission import read_submission
from grader.kit import read_kit
from grader.reports.forms.json import as_data
def report(path, level): return as_data(grade(read_submission(path, read_kit().manifest), read_kit(), level=level))
"""
DRIVER = """
import json, sys
from pathlib import Path
import grader
from grader.sandbox.confine import choose
assert Path(grader.__file__).is_relative_to(sys.argv[1]), grader.__file__
for line in sys.stdin:
    path, level = json.loads(line)
    try:
        print(json.dumps(report(Path(path), choose(level).level)), flush=True)
    except Exception as error:
        print(json.dumps({"error": f"{type(error).__name__}: {error}"}), flush=True)
"""

Key = tuple[str, str]  # exercise ("" for the whole report), what


def submissions(kit: Kit, folder: Path) -> Iterator[tuple[str, Path]]:
    """The name of everything that is graded, and where it lies; those that are made go into the folder."""
    yield "stubs", kit.exercises
    yield "solutions", kit.solutions
    for path in sorted([*(TESTS / "samples").iterdir(), *(TESTS / "styles").iterdir()]):
        yield path.relative_to(TESTS).as_posix(), path
    solved = {file: kit.solution(file) for file in kit.manifest.files}
    stubs = {file: kit.stub(file) for file in kit.manifest.files}
    for name, expected in EXPECTED.items():
        if expected.get("seconds", 0) < SLOW_SECONDS and name not in SLOW:
            yield f"hostile/{name}", lay_out(name, folder / "hostile" / name)
    mistakes = [mistake for rows in kit.misconceptions.values() for mistake in rows]
    for name, texts in [*((mistake.id, _edited(kit, [mistake])) for mistake in mistakes), *_pairs(kit, mistakes)]:
        yield f"mistake/{name}", _written(folder / "mistake" / name, texts)
    for gap, file in dict.fromkeys((exercise.gap, exercise.file) for exercise in kit.manifest.exercises):
        text = refilled(solved[file], gap, stubs[file], file)
        yield f"without/{gap}", _written(folder / "without" / gap, {**solved, file: text})
    for number, file in enumerate(solved, 1):
        until = {name: solved[name] for name in list(solved)[:number]}
        yield f"until/{file}", _written(folder / "until" / file, {**stubs, **until})
        yield f"only/{file}", _written(folder / "only" / file, {**stubs, file: solved[file]})
    own_import = re.compile(rf"^from (?:{'|'.join(Path(file).stem for file in solved)}) import .*\n", re.MULTILINE)
    together = own_import.sub("", "\n\n".join(solved.values()))
    yield "form/one file", _written(folder / "form" / "one", {"micrograd.py": together}) / "micrograd.py"
    yield "form/notebook of the stubs", kit.exercises / NOTEBOOK
    notebook = {NOTEBOOK: make_notebook(kit, solved)}
    yield "form/notebook of the solutions", _written(folder / "form" / "notebook", notebook) / NOTEBOOK


def _pairs(kit: Kit, mistakes: Sequence[Misconception]) -> Iterator[tuple[str, dict[str, str]]]:
    """Pairs of mistakes in different exercises, always the same ones: (name, the solutions with both in them)."""
    draw = random.Random(1)
    pairs: dict[str, dict[str, str]] = {}
    while len(pairs) < PAIRS:
        one, other = draw.sample(mistakes, 2)
        if one.exercise != other.exercise:
            with contextlib.suppress(GraderError):  # both change the same text
                pairs[f"{one.id}+{other.id}"] = _edited(kit, [one, other])
    yield from pairs.items()


def _edited(kit: Kit, mistakes: Sequence[Misconception]) -> dict[str, str]:
    """File -> the text of the solutions with these mistakes in it. GraderError where two do not go together."""
    edits: dict[str, list[tuple[str, str]]] = {file: [] for file in kit.manifest.files}
    for mistake in mistakes:
        edits[kit.manifest.by_id[mistake.exercise].file] += mistake.edits
    return {file: edited(file, kit.solution(file), changes) for file, changes in edits.items()}


def _written(folder: Path, texts: dict[str, str]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


class Grader:
    """One checkout, grading in a process of its own."""

    def __init__(self, checkout: Path, cwd: Path) -> None:
        is_new = (checkout / "grader" / "kit" / "__init__.py").exists()
        command = [sys.executable, "-P", "-c", (NEW if is_new else OLD) + DRIVER, str(checkout)]
        env = {**os.environ, "PYTHONPATH": str(checkout)}
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, cwd=cwd, env=env, text=True)

    def report(self, path: Path, level: str) -> dict[str, Any]:
        """The report as the data of the JSON that the checkout writes; {"error": why} where it has none."""
        assert self._process.stdin and self._process.stdout
        print(json.dumps([str(path), level]), file=self._process.stdin, flush=True)
        report: dict[str, Any] = json.loads(self._process.stdout.readline())
        return report

    def end(self) -> None:
        self._process.communicate()


def normal(report: dict[str, Any], is_race: bool) -> dict[Key, Any]:
    """What is compared of a report. Times are not among it."""
    if "error" in report:
        return {("", "error"): report["error"]}
    rows: dict[Key, Any] = {("", name): report[name] for name in ("points", "max_points", "bonus_points")}
    rows["", "warnings"] = [PATH.findall(_text(warning)) for warning in report["warnings"]]
    graph = report["wrong_graph"]
    rows["", "graph"] = graph and [graph["script"], graph["first_wrong"], graph["nodes"]]
    for row in report["exercises"]:
        for name in ("points", "max_points", "bonus", "status", "carried_forward", "misconceptions_together"):
            rows[row["id"], name] = row[name]
        rows[row["id"], "misconceptions"] = [mistake["id"] for mistake in row["misconceptions"]]
        if not is_race:
            rows[row["id"], "symptoms"] = [NUMBER.findall(_text(symptom)) for symptom in row["symptoms"]]
        rows[row["id"], "tests"] = [test["id"] for test in row["tests"]]
        for test in row["tests"]:
            said = [line for line in _said(test["message"]) if not (is_race and LABEL.match(line))]
            rows[row["id"], f"test {test['id']}"] = [test["status"], *said]
    return rows


def _text(said: Any) -> str:
    """A warning or symptom of format 1 (a text) or 2."""
    return said if isinstance(said, str) else str(said["text"])


def _said(message: str) -> list[str]:
    """The lines of code and those with values: all but the sentence above them, which says what was tested."""
    lines = message.splitlines()
    has_sentence = len(lines) > 1 and lines[0].endswith(".") and not LABEL.match(lines[0])
    return lines[1:] if has_sentence else lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("before", type=Path, metavar="CHECKOUT_BEFORE")
    parser.add_argument("--after", type=Path, metavar="CHECKOUT", default=ROOT)
    parser.add_argument("--only", metavar="TEXT", default="", help="only submissions with that in their name")
    args = parser.parse_args()
    kinds: Counter[str] = Counter()
    refused: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        wanted = [row for row in submissions(read_kit(), Path(folder)) if args.only in row[0]]
        print(f"{len(wanted)} submissions; left out: {', '.join(SLOW)}", flush=True)
        graders = [Grader(checkout.resolve(), Path(folder)) for checkout in (args.before, args.after)]
        for name, path in wanted:
            level = "bubblewrap" if name.startswith("hostile/") else "limits"
            was, now = (normal(each.report(path, level), name.partition("/")[2] in RACES) for each in graders)
            refused += [name] if ("", "error") in was and was == now else []
            for key in {**was, **now}:
                if was.get(key) != now.get(key):
                    kinds[key[1].partition(" ")[0]] += 1
                    print(f"{name}: {key[0] or 'report'}: {key[1]}: {was.get(key)} -> {now.get(key)}", flush=True)
        for each in graders:
            each.end()
    print(f"not graded by either: {', '.join(refused) or 'none'}")
    print(f"{kinds.total()} differences", dict(kinds) or "")
    sys.exit(1 if kinds or len(refused) == len(wanted) else 0)


if __name__ == "__main__":
    main()
