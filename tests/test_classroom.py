"""init --classroom: a repository that grades every push, run here as GitHub would."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import MOST, ROOT, Run

from grader.kit import read_kit
from grader.upkeep.classroom import TESTS, WHEEL, WORKFLOW


@pytest.fixture
def repository(tmp_path: Path, mg_grade: Run) -> Path:
    """What an instructor commits, with the engine filled in by a learner but for mul."""
    folder = tmp_path / "assignment 1"
    done = mg_grade("init", folder, "--classroom")
    assert (done.returncode, done.stderr) == (0, "")
    engine = (ROOT / "solutions" / "engine.py").read_text()
    wrong = engine.replace("self.grad += other.data * out.grad", "self.grad = other.data * out.grad")
    (folder / "engine.py").write_text(wrong)
    return folder


def steps(repository: Path) -> list[dict[str, Any]]:
    """The steps of the only job."""
    workflow = yaml.safe_load((repository / WORKFLOW).read_text())
    assert workflow["on"] == ["push", "workflow_dispatch"]
    (job,) = workflow["jobs"].values()
    assert job["name"] == "Autograding"
    found: list[dict[str, Any]] = job["steps"]
    return found


def graded(repository: Path, programs: Path, which: list[dict[str, Any]]) -> str:
    """Run what steps say, as a runner does, with these programs before all others; the summary that they leave."""
    summary, temporary = repository.parent / "summary.md", repository.parent / "runner"
    summary.write_text("")
    temporary.mkdir()
    settings = {"PATH": f"{programs}:{os.environ['PATH']}", "HOME": str(repository.parent)}
    for step in which:
        environment = settings | {"GITHUB_STEP_SUMMARY": str(summary), "RUNNER_TEMP": str(temporary), "CI": "true"}
        subprocess.run(["bash", "-e", "-c", step["run"]], cwd=repository, env=environment, check=True)
    for row in json.loads((repository / TESTS).read_text())["tests"]:
        if row["name"] in ("add", "mul"):
            done = subprocess.run(row["run"], shell=True, cwd=repository, env=settings, check=False)
            assert (done.returncode == 0) == (row["name"] == "add"), row
    return summary.read_text()


def check(summary: str) -> None:
    assert "The gradient of the first factor is assigned, not added" in summary


def test_every_push_is_graded(repository: Path) -> None:
    """The feedback is the summary of the job, and the tests of Classroom tell right from wrong."""
    *_, install, grade, summary, autograding = steps(repository)
    assert WHEEL in install["run"]
    assert autograding["uses"] == "education/autograding@v1"
    check(graded(repository, Path(sys.executable).parent, [grade, summary]))


@pytest.mark.world
def test_every_push_is_graded_by_what_is_in_the_repository(repository: Path) -> None:
    """In an environment that has nothing but what the workflow installs."""
    venv.create(repository.parent / "fresh", with_pip=True)
    run = [step for step in steps(repository) if "run" in step]
    assert len(run) == 3
    check(graded(repository, repository.parent / "fresh" / "bin", run))


def test_the_tests_of_classroom(repository: Path) -> None:
    """One for each exercise that counts, with its points; nothing speaks of where packages come from."""
    text = (repository / TESTS).read_text()
    rows = json.loads(text)["tests"]
    assert [row["name"] for row in rows] == [e.id for e in read_kit().manifest.exercises if not e.bonus]
    assert sum(row["points"] for row in rows) == MOST
    assert {type(row["points"]) for row in rows} == {int}
    assert "://" not in text + (repository / WORKFLOW).read_text()


def test_nobodys_workflow_is_written_over(tmp_path: Path, mg_grade: Run) -> None:
    """Where there is one already nothing is changed, nor where the exercises are there."""
    (tmp_path / WORKFLOW).parent.mkdir(parents=True)
    (tmp_path / WORKFLOW).write_text("mine")
    done = mg_grade("init", tmp_path, "--classroom")
    assert (done.returncode, WORKFLOW in done.stderr) == (2, True)
    assert [path.name for path in tmp_path.iterdir()] == [".github"]
    shutil.rmtree(tmp_path / ".github")
    assert mg_grade("init", tmp_path).returncode == 0
    assert mg_grade("init", tmp_path, "--classroom").returncode == 2
    assert not (tmp_path / ".github").exists()
