"""Forty students in the layouts of eight platforms, in one tree: each has the grade that the same files get alone."""

from __future__ import annotations

import csv
import io
import json
import shutil
import zipfile
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from conftest import ROOT, Run

from grader.grading.pipeline import grade
from grader.intake.submission import read_submission
from grader.kit import read_kit

EXERCISES = ("derivative", "gradient", "add", "mul")
POLICY = f"format = 1\nexercises = {json.dumps(EXERCISES)}\n"
FILES = ("derivatives.py", "engine.py")
CHANGES: tuple[dict[str, str], ...] = (  # one kind of work each
    {},
    {"self.grad += other.data * out.grad": "self.grad = other.data * out.grad"},
    {"(f(x + h) - f(x)) / h": "(f(x + h) - f(x)) * h"},
    {"self.grad += out.grad": "self.grad -= out.grad"},
    {"(f(x + h) - f(x)) / h": "0.0", "self.grad += other.data * out.grad": "pass"},
)
NAMES = ("Jane Doe", "Max Muster", "Zoë Ünal", "Ann Lee", "Bo Li")
PLATFORMS = ("canvas", "moodle", "gradescope", "github", "brightspace", "blackboard", "autolab", "nbgrader")


def works(folder: Path) -> list[Path]:
    """Five different pieces of work."""
    found = []
    for number, changes in enumerate(CHANGES):
        work = folder / f"work{number}"
        work.mkdir(parents=True)
        for file in FILES:
            text = (ROOT / "solutions" / file).read_text()
            for right, wrong in changes.items():
                text = text.replace(right, wrong)
            (work / file).write_text(text)
        found.append(work)
    return found


def put(platform: str, root: Path, number: int, work: Path) -> tuple[str, str]:
    """A piece of work as a platform gives it; the student's name and id as grades.csv has them."""
    name, login = NAMES[number], NAMES[number].split()[0].lower()
    loose = {
        "canvas": f"{''.join(reversed(name.lower().split()))}_{101 + number}_900{number}_",
        "brightspace": f"3{number}1-77 - {name} - Nov {number + 1}, 2026 915 AM - ",
        "blackboard": f"Homework_b{login}_attempt_2026-11-0{number + 1}-10-00-00_",
    }
    folders = {
        "moodle": f"{name}_{201 + number}_assignsubmission_file_",
        "gradescope": f"submission_{5001 + number}",
        "github": f"micrograd-lab-g{login}",
        "nbgrader": f"n{login}+hw1+2026-11-0{number + 1} 10:00:00 UTC",
    }
    if platform in loose:
        for i, file in enumerate(FILES):
            start = f"{loose[platform]}{i}_" if platform == "canvas" else loose[platform]
            shutil.copy(work / file, root / f"{start}{file}".replace(f"_900{number}_{i}_", f"_900{number}{i}_"))
    elif platform in folders:
        shutil.copytree(work, root / folders[platform])
    else:
        with zipfile.ZipFile(root / f"a{login}@uni.example_1_work.zip", "w") as archive:
            for file in FILES:
                archive.write(work / file, f"src/{file}")
    return {
        "canvas": ("".join(reversed(name.lower().split())), str(101 + number)),
        "moodle": (name, str(201 + number)),
        "gradescope": (name, str(401 + number)),
        "github": (f"g{login}", ""),
        "brightspace": (name, f"3{number}1"),
        "blackboard": (f"b{login}", f"b{login}"),
        "autolab": (f"a{login}@uni.example", ""),
        "nbgrader": (f"n{login}", f"n{login}"),
    }[platform]


def metadata() -> Iterator[str]:
    for number, name in enumerate(NAMES):
        yield f"submission_{5001 + number}:\n  :submitters:\n  - :name: {name}\n    :sid: '{401 + number}'\n"
        yield f"    :email: g{number}@uni.example\n  :created_at: 2026-11-03 10:00:00 Z\n"


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def scaled(points: Fraction, most: Fraction, possible: int) -> Decimal:
    exact = points * possible / most
    return (Decimal(exact.numerator) / exact.denominator).quantize(Decimal("0.01"), ROUND_HALF_UP)


@pytest.mark.world  # forty submissions are graded
def test_forty_students_of_eight_platforms(tmp_path: Path, mg_grade: Run) -> None:
    """Nobody is lost or taken for another, and each export has for each the grade, by the platform's own rules."""
    root, out, policy = tmp_path / "class", tmp_path / "out", tmp_path / "policy.toml"
    root.mkdir()
    policy.write_text(POLICY)
    (root / "submission_metadata.yml").write_text("".join(metadata()), encoding="utf-8")
    pieces = works(tmp_path)
    kit = read_kit()
    alone = [grade(read_submission(work, kit.manifest), kit, only=EXERCISES) for work in pieces]
    points = [report.points + report.bonus_points for report in alone]
    assert len(set(points)) == len(points)
    most = alone[0].max_points
    given = {put(platform, root, i, pieces[i]): points[i] for platform in PLATFORMS for i in range(len(pieces))}
    assert len(given) == 40

    done = mg_grade("batch", root, "--out", out, "--policy", policy)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("40 graded, 0 with nothing to grade")
    for text in (
        (out / "grades.csv").read_text(encoding="utf-8"),
        _exported(mg_grade, out, "csv", "--output", tmp_path / "again.csv").read_text(encoding="utf-8"),
    ):
        head, *table = rows(text)
        found = {(row[0], row[1]): float(row[head.index("points")]) for row in table}
        assert len(table) == 40
        assert found == pytest.approx(given, abs=0.005)

    # Canvas finds a student by ID, keeps what stands above the students, and leaves alone who has no grade.
    gradebook = "Student,ID,SIS User ID,SIS Login ID,Section,Lab (77)\n    Points Possible,,,,,10\n"
    gradebook += "".join(f'"{n.split()[1]}, {n.split()[0]}",{101 + i},,,1,\n' for i, n in enumerate(NAMES))
    (tmp_path / "canvas.csv").write_text(gradebook + '"Roe, Rob",199,,,1,\n', encoding="utf-8")
    filled = _exported(mg_grade, out, "canvas", "--into", tmp_path / "canvas.csv", "--output", tmp_path / "c.csv")
    table = rows(filled.read_text(encoding="utf-8"))
    assert table[:2] == rows(gradebook)[:2]
    by_id = {row[1]: row[5] for row in table[2:]}
    assert by_id.pop("199") == ""
    assert {key: Decimal(text) for key, text in by_id.items()} == {
        str(101 + i): scaled(points[i], most, 10) for i in range(5)
    }

    # Moodle finds a participant by number, and imports no grade that is more than the maximum.
    sheet = "Identifier,Full name,Email address,Grade,Maximum Grade,Last modified (grade),Feedback comments\n"
    sheet += "".join(f"Participant {201 + i},{name},m{i}@uni.example,,20.00,-,\n" for i, name in enumerate(NAMES))
    (tmp_path / "moodle.csv").write_text(sheet, encoding="utf-8")
    filled = _exported(mg_grade, out, "moodle", "--into", tmp_path / "moodle.csv", "--output", tmp_path / "m.csv")
    head, *table = rows(filled.read_text(encoding="utf-8"))
    assert head == rows(sheet)[0]
    assert {row[0]: Decimal(row[3]) for row in table} == {
        f"Participant {201 + i}": scaled(points[i], most, 20) for i in range(5)
    }

    # Gradescope takes the score, or else the sum of the tests' scores: they are the same.
    files = sorted(_exported(mg_grade, out, "gradescope", "--output", tmp_path / "g").iterdir())
    results = [json.loads(path.read_text()) for path in files]
    assert len(results) == 40
    assert sorted(r["score"] for r in results) == pytest.approx(sorted(given.values()), abs=0.005)
    assert all(r["score"] == pytest.approx(sum(test["score"] for test in r["tests"]), abs=0.02) for r in results)


def _exported(mg_grade: Run, out: Path, form: str, *options: object) -> Path:
    """What was written; whoever is not in the file of a platform is named as not filled in."""
    done = mg_grade("export", out, "--to", form, *options)
    assert done.stderr.count("not filled in: ") == (35 if "--into" in options else 0), done.stderr
    assert done.returncode == (1 if "--into" in options else 0)
    return Path(str(options[-1]))
