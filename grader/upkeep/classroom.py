"""Makes a folder of exercises a repository for GitHub Classroom: a workflow that grades every push and leaves the
feedback as the summary of its job, Classroom's own file of tests, and mg-grade itself to be installed there."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from pathlib import Path

from grader import __version__
from grader.base import messages
from grader.base.errors import OutputError
from grader.base.whole_files import is_there, write_below
from grader.kit import Kit
from grader.upkeep.handout import whole_wheel
from grader.upkeep.wheel import wheel_name

WORKFLOW = ".github/workflows/classroom.yml"
TESTS = ".github/classroom/autograding.json"
WHEEL = f".github/classroom/{wheel_name(__version__)}"
MINUTES = 2  # for one exercise: a second is usual

# education/autograding runs what stands in TESTS, and looks for a job of this name to tell Classroom of it.
_WORKFLOW = """name: GitHub Classroom Workflow
"on": [push, workflow_dispatch]
permissions:
  checks: write
  actions: read
  contents: read
jobs:
  build:
    name: Autograding
    runs-on: ubuntu-latest
    if: github.actor != 'github-classroom[bot]'
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
      - name: {install}
        run: python -m pip install --quiet {wheel}
      - name: {grade}
        run: mg-grade . --markdown "$RUNNER_TEMP/feedback.md"
      - name: {summary}
        if: success() || failure()
        run: cat "$RUNNER_TEMP/feedback.md" >> "$GITHUB_STEP_SUMMARY"
      - uses: education/autograding@v1
        if: success() || failure()
"""


def workflow() -> str:
    """The workflow."""
    steps = dict(zip(("install", "grade", "summary"), messages.CLASSROOM_STEPS, strict=True))
    return _WORKFLOW.format(wheel=WHEEL, **steps)


def tests(kit: Kit) -> str:
    """A test for each exercise that counts, which has its points or none: the bonus would make the whole larger."""
    rows = [
        {
            "name": exercise.id,
            "setup": "",
            "run": f"mg-grade . -e {exercise.id} --fail-under 100",
            "input": "",
            "output": "",
            "comparison": "included",
            "timeout": MINUTES,
            "points": int(exercise.points) if exercise.points.denominator == 1 else float(exercise.points),
        }
        for exercise in kit.manifest.exercises
        if not exercise.bonus
    ]
    return json.dumps({"tests": rows}, indent=2) + "\n"


def classroom(kit: Kit) -> dict[str, bytes]:
    """The three files: {path in the repository: content}."""
    return {WORKFLOW: workflow().encode(), TESTS: tests(kit).encode(), WHEEL: whole_wheel(kit)}


def check_classroom(folder: Path, files: Collection[str]) -> None:
    """OutputError where a folder holds one of the files already."""
    there = [name for name in files if is_there(folder, name)]
    if there:
        raise OutputError(messages.INIT_REFUSED.format(folder=folder, files=", ".join(there)))


def write_classroom(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write the files into a folder; OutputError where that cannot be."""
    try:
        for name, content in files.items():
            write_below(folder, name, content)
    except OSError as error:
        raise OutputError(messages.CANNOT_WRITE.format(path=folder, why=error.strerror)) from error
