"""What tests share: folders of the checkout, and submissions made of the solutions with changes."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def solved(tmp_path: Path) -> Path:
    """A folder with the solutions, to be spoilt."""
    return Path(shutil.copytree(ROOT / "solutions", tmp_path / "solved"))


@pytest.fixture
def stubs(tmp_path: Path) -> Path:
    """A folder with the exercises as a learner gets them, to be filled in."""
    folder = tmp_path / "exercises"
    folder.mkdir()
    for file in (ROOT / "exercises").glob("*.py"):
        shutil.copy(file, folder)
    return folder


@pytest.fixture
def mg_grade() -> Run:
    """The command as a real process: mg_grade(arguments..., cwd=, env=) -> what it printed and its status."""

    def run(*arguments: object, **options: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "grader", *map(str, arguments)]
        settings = {"capture_output": True, "text": True, "timeout": 120, "check": False, "cwd": ROOT} | options
        return subprocess.run(command, **settings)  # type: ignore[call-overload,no-any-return]  # any options at all

    return run
