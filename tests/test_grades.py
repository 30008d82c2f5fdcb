"""One grade everywhere: the same number, with what changed it, in every file and on every page."""

from __future__ import annotations

import csv
import html
import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import click
import pytest
from conftest import ROOT, Run

from grader import cli
from grader.base.report import Adjustment
from grader.classes.gradebook import Gradebook
from grader.classes.grades import settings
from grader.grading.pipeline import grade
from grader.intake.submission import read_submission
from grader.kit import read_kit
from grader.reports.forms import FORMS, form, terminal, written
from grader.reports.forms import json as json_form
from grader.sandbox.confine import choose

LEVEL = choose().level.name
LOG = ("self.grad += out.grad / self.data", "self.grad = out.grad / self.data")  # leaves two thirds of log
MUL = ("other.grad += self.data * out.grad", "other.grad = self.data * out.grad")  # and three quarters of mul
POLICY = """format = 1
exercises = ["add", "mul", "log", "deep-graph"]
[points]
add = 0.1
mul = 0.7
log = 1.3
deep-graph = 0.2
[deadline]
at = {at}
penalty_per_day = 7
"""
LATE = "Late, counted as one day: 7 % of 1.69 points: -0.12"


def _hand_in(folder: Path, login: str, day: str, *edits: tuple[str, str]) -> None:
    """Solutions with these mistakes in their engine, as nbgrader collects them at noon of a day in November."""
    own = folder / f"{login}+micrograd+2026-11-{day} 12:00:00 UTC"
    shutil.copytree(ROOT / "solutions", own)
    _spoil(own / "engine.py", *edits)


def _spoil(engine: Path, *edits: tuple[str, str]) -> None:
    for right, wrong in edits:
        assert engine.read_text().count(right) == 1
        engine.write_text(engine.read_text().replace(right, wrong))


def _run(*arguments: object) -> int:
    status = cli.commands.main([*map(str, arguments)], standalone_mode=False)
    return status if isinstance(status, int) else 0


def _filled_in(out: Path, to: str, rows: list[str]) -> str:
    """What comes of a file of a platform."""
    original, filled = out / f"{to}.csv", out / f"{to}-filled.csv"
    original.write_text("\n".join(rows) + "\n")
    assert _run("export", out, "--to", to, "--into", original, "-o", filled) == 0
    return filled.read_text()


def _cells(text: str, key: str, column: str) -> dict[str, str]:
    return {row[key]: row[column] for row in csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))}


def _tables(out: Path, names: list[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """What stands in the files that hold a class, by student."""
    assert _run("export", out, "--to", "csv", "-o", out / "again.csv") == 0
    for file in ("grades.csv", "again.csv"):
        yield file, _cells((out / file).read_text(encoding="utf-8-sig"), "student", "points")
    rows = re.findall(
        r'<th scope="row" class="name">(?:<a [^>]*>)?(\w+).*?<td class="number">(.*?)<',
        (out / "index.html").read_text(),
    )
    yield "the page", dict(rows)
    rows = ["Student,SIS Login ID,ID,HW (42)", "    Points Possible,,,2.10", *(f"{name},{name},1," for name in names)]
    yield "canvas", _cells(_filled_in(out, "canvas", rows), "Student", "HW (42)")
    rows = ["Identifier,Full name,Grade,Maximum Grade,Last modified (grade)"]
    rows += [f"Participant 20{place},{name},,2.10,-" for place, name in enumerate(names)]
    yield "moodle", _cells(_filled_in(out, "moodle", rows), "Full name", "Grade")


def _of_one(out: Path, name: str) -> Iterator[tuple[str, str]]:
    """What stands in the files that hold one student."""
    texts = {to: (out / to / f"{name}{form(to).SUFFIX}").read_text() for to in written()}
    texts |= {f"reports{kind}": (out / "reports" / f"{name}{kind}").read_text() for kind in (".json", ".md", ".html")}
    for where in ("json", "reports.json"):
        data = json.loads(texts[where])
        yield where, f"{data['grade']:g}"
        parts = [row["points"] for row in data["exercises"] if row["counts"]] + [
            one["points"] for one in data["adjustments"]
        ]
        assert abs(sum(parts) - data["grade"]) < 0.03  # by rounding only
        assert abs(data["points"] + data["bonus_points"] - data["grade"]) < 0.011
    for where in ("markdown", "reports.md"):
        (found,) = re.findall(r"^Grade: \*\*([\d.]+) / 2\.1\b", texts[where], re.MULTILINE)
        yield where, found
    for where in ("html", "reports.html"):
        (found,) = re.findall(r"<strong>([\d.]+)</strong> of 2\.1 points", texts[where])
        yield where, found
    yield "gradescope", f"{json.loads(texts['gradescope'])['score']:g}"
    yield "pytest-json", json.loads(texts["pytest-json"])["environment"]["grade"].removesuffix(" / 2.1")
    suite = ElementTree.fromstring(texts["junit"]).find("testsuite[@name='grade']")
    assert suite is not None
    yield "junit", next(p.get("value", "") for p in suite.iter("property") if p.get("name") == "points")


def test_the_same_number_everywhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Lateness, points of a policy, thirds, a bonus, two attempts: whoever reads whatever file finds one number. Where
    only the deadline is another, or which attempt counts, nothing is graded again, and all of it follows."""
    class_, policy, out = tmp_path / "class", tmp_path / "policy.toml", tmp_path / "out"
    _hand_in(class_, "ada", "20", LOG)
    _hand_in(class_, "ada", "23")
    _hand_in(class_, "bob", "21", LOG, MUL)
    _hand_in(class_, "cy", "19", LOG)
    for at, attempt, graded, expected in (
        ("2026-11-20T23:00:00Z", "latest", 3, {"ada": "1.82", "bob": "1.57", "cy": "1.87"}),
        ("2026-11-20T23:00:00Z", "best", 1, {"ada": "1.87", "bob": "1.57", "cy": "1.87"}),
        ("2026-11-22T23:00:00Z", "best", 0, {"ada": "2.14", "bob": "1.69", "cy": "1.87"}),
    ):
        policy.write_text(POLICY.format(at=at))
        command = ("batch", class_, "--out", out, "--policy", policy, "--attempt", attempt, "--sandbox", LEVEL)
        assert _run(*command) == 0
        assert f"{graded} graded, " in capsys.readouterr().out
        tables = dict(_tables(out, list(expected)))
        for to in written():
            assert _run("export", out, "--to", to, "-o", out / to) == 0
        capsys.readouterr()
        assert _run("gradebook", out, "--ranking") == 0
        page = {name: points for points, name in re.findall(r"^ +([\d.]+)  (\w+)$", capsys.readouterr().out, re.M)}
        for name, points in expected.items():
            found = {where: cells[name] for where, cells in tables.items()} | dict(_of_one(out, name))
            if float(points) > 2.1:
                assert found.pop("moodle") == "2.1"  # which takes no more than its maximum
            assert found | {"gradebook": page[name]} == dict.fromkeys([*found, "gradebook"], points)
        is_told = LATE in (out / "reports" / "bob.md").read_text().replace("\\", "")
        assert is_told == (expected["bob"] == "1.57")


def test_every_form_shows_each_adjustment(solved: Path) -> None:
    """Every form has a line with its reason for all that changes a grade, and so has a report that is read again."""
    _spoil(solved / "engine.py", LOG)
    report = grade(read_submission(solved, read_kit().manifest), read_kit(), only=["log", "deep-graph"])
    lines = (Adjustment(Fraction(-1, 3), "one_third <late>"), Adjustment(Fraction(1, 8), "= an eighth more"))
    report = replace(report, adjustments=lines)
    assert (report.earned, report.given) == (Fraction(5), 5 - Fraction(1, 3) + Fraction(1, 8))
    assert json_form.read(json_form.render(report)) == report
    for name in FORMS:
        shown = click.unstyle(form(name).render(report))
        plain = " ".join(html.unescape(shown).replace("\\", "").replace(": ", " ").split())
        assert "4.79" in shown, name
        for text in ("one_third <late>", "= an eighth more"):
            assert text in plain, name
        if name != "json":
            assert "one_third <late> -0.33" in plain, name
            assert "= an eighth more +0.13" in plain, name
    assert "Total: **2 / 3** + 3\n" in form("markdown").render(report)  # before what changes it: the lines add up
    end = click.unstyle(terminal.table(report)).splitlines()[-5:]
    assert [line.removesuffix(" / 3").split()[-1] for line in end] == ["2", "+3", "-0.33", "+0.13", "4.79"]
    assert click.unstyle(terminal.summary(report)).split() == ["Grade", "4.79", "/", "3"]
    gone = replace(report, adjustments=(Adjustment(Fraction(-9), "all"),))
    assert not gone.given and not gone.points and not gone.bonus_points


@pytest.mark.linux
def test_a_policy_for_one(tmp_path: Path, mg_grade: Run) -> None:
    """The policy of the current folder, or one that is named, holds for one submission as for a class, and that is
    said; what the command line says comes first."""
    policy = POLICY.format(at="2026-11-20T23:00:00Z")
    shutil.copytree(ROOT / "solutions", tmp_path / "work")
    _spoil(tmp_path / "work" / "engine.py", LOG, (MUL[0], f"print('hm'); {MUL[1]}"))
    (tmp_path / "mg-grade.toml").write_text(f"seed = 3\n{policy}")
    done = mg_grade("work", "--json", "-", cwd=tmp_path)
    report = json.loads(done.stdout)
    assert (report["grade"], report["max_points"], report["seed"], report["adjustments"]) == (1.69, 2.1, 3, [])
    assert done.stderr.splitlines()[-1] == "The policy in mg-grade.toml holds."
    assert "'hm'" in done.stdout or '"hm"' in done.stdout
    quiet = tmp_path / "quiet.toml"
    quiet.write_text(f"printed = false\n{policy}")
    done = mg_grade("work", "--policy", quiet, "-e", "mul", "--seed", "4", "--json", "-", cwd=tmp_path)
    report = json.loads(done.stdout)
    assert (report["points"], report["max_points"], report["seed"]) == (0.53, 0.7, 4)
    assert '"hm"' not in done.stdout
    quiet.write_text(f"sede = 1\n{policy}")
    done = mg_grade("work", "--policy", quiet)
    assert (done.returncode, "Did you mean 'seed'?" in done.stderr) == (2, True)


@pytest.mark.linux
def test_a_policy_on_gradescope(tmp_path: Path, mg_grade: Run) -> None:
    """The autograder has the policy with it: what Gradescope says of the time is held against its deadline, and the
    score is the one that a batch gives, with the line."""
    policy, file, root = tmp_path / "policy.toml", tmp_path / "autograder.zip", tmp_path / "autograder"
    policy.write_text('seed = 3\nvisibility = "after_due_date"\n' + POLICY.format(at="2026-11-20T23:00:00Z"))
    assert mg_grade("autograder-zip", file, "--policy", policy).returncode == 0
    with zipfile.ZipFile(file) as archive:
        archive.extractall(root / "source")
    _hand_in(tmp_path / "class", "bob", "21", LOG, MUL)
    (one,) = (tmp_path / "class").iterdir()
    shutil.copytree(one, root / "submission")
    env = {"AUTOGRADER": str(root), "PYTHON": sys.executable, "PATH": os.environ["PATH"]}

    def results(metadata: str) -> tuple[Any, str]:
        (root / "submission_metadata.json").write_text(metadata)
        ran = ["bash", str(root / "source" / "run_autograder")]
        done = subprocess.run(ran, env=env, check=False, cwd="/", capture_output=True, text=True)
        return json.loads((root / "results" / "results.json").read_text()), done.stderr

    told, _ = results('{"created_at": "2026-11-21T04:00:00.365935-08:00", "users": [], "assignment": {}}')
    assert (told["score"], told["output"].splitlines()[0]) == (1.57, LATE)
    assert {one["visibility"] for one in (told, *told["tests"])} == {"after_due_date"}
    out = tmp_path / "out"
    assert mg_grade("batch", tmp_path / "class", "--out", out, "--policy", policy, "--sandbox", LEVEL).returncode == 0
    assert mg_grade("export", out, "--to", "gradescope").returncode == 0
    batch = json.loads((out / "gradescope" / "bob.json").read_text())
    tests = [{**test, "visibility": "visible"} for test in told["tests"]]
    assert (batch["score"], batch["output"], batch["tests"]) == (told["score"], told["output"], tests)
    for metadata in ("{", "[]", '{"created_at": null}'):
        untold, said = results(metadata)
        assert untold["score"] == 1.69
        assert "does not say when this was handed in" in said


def test_what_an_older_gradebook_keeps(tmp_path: Path) -> None:
    """A deadline that was kept in floats is read, and so are points that were rounded: as what they were rounded from,
    as far as the tests say that."""
    kept = {"at": "2026-11-20T23:00:00+00:00", "penalty_per_day": 0.1, "most": 50, "grace_minutes": 0.0}
    with Gradebook(tmp_path, is_new=True) as book:
        book.keep_setting("deadline", kept)
        _, deadline = settings(book)
    assert deadline is not None
    assert deadline.penalty(3) == Fraction(3, 1000)
    report = grade(read_submission(ROOT / "solutions", read_kit().manifest), read_kit(), only=["log"])
    data = json_form.as_data(report) | {"format": 2}
    row = next(row for row in data["exercises"] if row["id"] == "log")
    del row["exact"], data["adjustments"]
    row["tests"][0]["status"] = "failed"
    for points, exact in ((2.0, Fraction(2)), (1.25, Fraction(5, 4))):
        assert json_form.read(json.dumps(data | {"exercises": [row | {"points": points}]})).points == exact
    thirds = row | {"max_points": 2.0, "points": 1.3333}
    assert json_form.read(json.dumps(data | {"exercises": [thirds]})).points == Fraction(4, 3)
