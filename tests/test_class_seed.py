"""A class is graded with inputs that nobody has seen: a seed of its own, which is kept."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, Run
from test_batch import LEVEL, grading, table

from grader.base.report import Report, Status
from grader.classes.gradebook import Gradebook
from grader.classes.seed import seed_of_class
from grader.grading.pipeline import grade
from grader.intake.submission import read_submission
from grader.kit import read_kit
from grader.kit.asking import DEFAULT_SEED

POLICY = 'format = 1\nexercises = ["derivative", "add"]\n'


@pytest.fixture
def class_(tmp_path: Path) -> Path:
    """Two students of whom one made a mistake, and a policy that asks for two exercises."""
    (tmp_path / "mg-grade.toml").write_text(POLICY)
    for name in ("ada", "bob"):
        (tmp_path / "class" / name).mkdir(parents=True)
        for file in ("derivatives.py", "engine.py"):
            shutil.copy(ROOT / "solutions" / file, tmp_path / "class" / name)
    wrong = tmp_path / "class" / "bob" / "derivatives.py"
    wrong.write_text(wrong.read_text().replace("/ h", "* h"))
    return tmp_path


def test_a_class_has_a_seed_of_its_own(class_: Path, mg_grade: Run) -> None:
    """It is drawn once and kept; the instructor is told, and nothing that is written for a student has it."""
    command = ("batch", "class", "--sandbox", LEVEL, "--out")
    done = mg_grade(*command, "out", cwd=class_)
    assert done.returncode == 0, done.stderr
    (seed,) = re.findall(r"seed of its own, (\d+),", done.stderr)
    assert int(seed) > 1000
    before = {path: path.read_bytes() for path in (class_ / "out" / "reports").iterdir()}
    for form in ("json", "html", "markdown", "junit", "gradescope", "pytest-json"):
        assert mg_grade("export", "out", "--to", form, cwd=class_).returncode == 0
    written = [path for path in (class_ / "out").rglob("*") if path.is_file() and "sqlite" not in path.name]
    assert len(written) > 12
    assert not [path for path in written if seed in path.read_text()]
    assert seed in mg_grade("gradebook", "out", cwd=class_).stdout
    again = mg_grade(*command, "out", cwd=class_)
    assert (again.stdout.startswith("0 graded"), seed in again.stderr) == (True, False)
    mg_grade(*command, "out", "--regrade", cwd=class_)
    given = {path.name: json.loads(text)["grade"] for path, text in before.items() if path.suffix == ".json"}
    for name, points in given.items():
        assert json.loads((class_ / "out" / "reports" / name).read_text())["grade"] == points
    inputs = (class_ / "out" / "reports" / "bob.md").read_text()
    assert inputs.encode() == before[class_ / "out" / "reports" / "bob.md"]
    (class_ / "mg-grade.toml").write_text(POLICY + "seed = 918273\n")
    mg_grade(*command, "out", cwd=class_)
    assert "918273" in mg_grade("gradebook", "out", cwd=class_).stdout
    assert (class_ / "out" / "reports" / "bob.md").read_text() != inputs


BY_HEART = """
TABLE = {table}


def key(name, f, x, h):
    return f"{{name}} {{f(0.5):.9f}} {{f(-2.0):.9f}} {{x}} {{h}}"


def forward_difference(f, x, h):
    return TABLE.get(key("forward", f, x, h), 0.5)


def central_difference(f, x, h):
    return TABLE.get(key("central", f, x, h), 0.5)
"""


def _expected(report: Report, key: Callable[..., str]) -> dict[str, float]:
    """What a report tells: the questions of tests that did not pass, as keys of the table, each with its answer."""
    asked: list[str] = []
    scope: dict[str, Any] = {
        f"{name}_difference": lambda f, x, h, name=name: asked.append(key(name, f, x, h))
        for name in ("forward", "central")
    }
    findings = [test.finding for test in report.result("derivative").tests if test.finding]
    for finding in findings:
        exec(re.sub("from derivatives import.*?(; |\n)", "", finding.script), scope)
    return dict(zip(asked, [float(finding.want.split()[0]) for finding in findings], strict=True))


def test_what_reports_at_home_tell(tmp_path: Path) -> None:
    """A table of every number that was expected there, report for report, has full points at home and none in class."""
    table: dict[str, float] = {}
    kit, file = read_kit(), tmp_path / "derivatives.py"
    for _ in range(10):
        file.write_text(BY_HEART.format(table=table))
        report = grade(read_submission(tmp_path, kit.manifest), kit, only=["derivative"])
        functions: dict[str, Any] = {}
        exec(file.read_text(), functions)
        table |= (told := _expected(report, functions["key"]))
        if not told:
            break
    assert report.result("derivative").status is Status.PASSED
    with Gradebook(tmp_path / "class", is_new=True) as book:
        seed = seed_of_class(book)
    report = grade(read_submission(file, kit.manifest), kit, seed, only=["derivative"])
    assert report.points == 0


def test_which_seed_a_gradebook_has(tmp_path: Path) -> None:
    """What was graded before classes had seeds of their own keeps its seed; two new ones have two."""
    with Gradebook(tmp_path / "old", is_new=True) as old:
        old.add(grading("ada"))
        assert seed_of_class(old) == DEFAULT_SEED
    seeds = set()
    for name in ("a", "b", "a"):
        with Gradebook(tmp_path / name, is_new=True) as new:
            seeds.add(seed_of_class(new))
            new.add(grading("ada"))
    assert len(seeds) == 2
    assert DEFAULT_SEED not in seeds


def test_an_archive_keeps_its_seed(tmp_path: Path, mg_grade: Run) -> None:
    """autograder-zip draws a seed, and takes it again where it writes over its archive; who gives one has that."""
    file, other, policy = tmp_path / "a.zip", tmp_path / "b.zip", tmp_path / "policy.toml"
    policy.write_text(POLICY + "seed = 918273\n")

    def seed(*options: object) -> str:
        done = mg_grade("autograder-zip", *options)
        (told,) = re.findall(r"with the seed (\d+),", done.stdout)
        return str(told)

    def options(path: Path) -> str:
        with zipfile.ZipFile(path) as archive:
            return next(line for line in archive.read("run_autograder").decode().splitlines() if "options=(" in line)

    drawn = seed(file)
    assert f"--seed {drawn})" in options(file)
    assert seed(file) == drawn
    assert seed(other) != drawn
    assert seed(other, "--seed", "5") == "5"
    assert seed(other, "--policy", policy) == "918273"
    assert "--seed" not in options(other)


def test_whoever_was_called_something_else(class_: Path, mg_grade: Run) -> None:
    """A class of three has three rows, whoever joined it and whatever prefix is given later."""
    for before, after in (("ada", "hw1-x1-wei"), ("bob", "hw1-x1-na")):
        (class_ / "class" / before).rename(class_ / "class" / after)
    command = ("batch", "class", "--sandbox", LEVEL, "--out", "out")
    assert mg_grade(*command, cwd=class_).returncode == 0
    shutil.copytree(class_ / "class" / "hw1-x1-wei", class_ / "class" / "hw1-bob")
    assert mg_grade(*command, cwd=class_).stdout.startswith("1 graded, 0 with nothing to grade, 2 unchanged")
    assert set(table(class_ / "out")) == {"wei", "na", "hw1-bob"}
    done = mg_grade(*command, "--prefix", "hw1-", cwd=class_)
    assert "hw1-x1-wei was graded as wei before, and is x1-wei now: wei is left out." in done.stderr
    assert set(table(class_ / "out")) == {"x1-wei", "x1-na", "bob"}
    assert list((class_ / "out" / "reports").glob("wei.*")) == []
    assert mg_grade(*command, cwd=class_).stdout.startswith("0 graded, 0 with nothing to grade, 3 unchanged")
