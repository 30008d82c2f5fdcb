"""Whoever adds an exercise as the manual says gets one."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import MANUALS, ROOT

MANUAL = MANUALS["grader/kit/README.md"]
# "In `FILE`, above `LINE`:" (or below it, or "at the end"), then a block of what is to stand there.
STEPS = re.findall(r"In `([^`]+)`, (?:(above|below) `([^`]+)`|(at the end)):\n\n```\w+\n(.*?)```", MANUAL, re.DOTALL)
COMMANDS = re.findall(r"^mg-grade (.*)$", MANUAL.split("**6. Prove it.**")[1].split("```")[1], re.MULTILINE)


@pytest.mark.world  # a copy of the repository, and three commands in it
def test_adding_an_exercise_word_for_word(tmp_path: Path) -> None:
    """The steps of "Add an exercise", made in a copy of the repository, give an exercise that check-kit proves and that
    graph draws."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        if name.startswith(("exercises/", "solutions/", "datasets/", "grader/")):
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, tmp_path / name)
    assert len(STEPS) == 5
    for file, where, line, at_the_end, block in STEPS:
        path = tmp_path / file
        text = path.read_text(encoding="utf-8")
        if at_the_end:
            path.write_text(text + block, encoding="utf-8")
            continue
        assert text.count(f"{line}\n") == 1, line
        begin = text.index(f"{line}\n") + (len(line) + 1 if where == "below" else 0)
        path.write_text(text[:begin] + block + text[begin:], encoding="utf-8")
    assert len(COMMANDS) == 3
    said = [_run(command, tmp_path) for command in COMMANDS]
    assert "exercises/engine.py" in said[0]
    assert "sigmoid: 1 of 1 misconceptions caught, 1 named" in said[1]
    assert "x.sigmoid()" in said[2]
    assert "0.235004" in said[2]  # the slope at 0.5


def _run(command: str, folder: Path) -> str:
    arguments = [argument.strip('"') for argument in re.findall(r'"[^"]*"|\S+', command)]
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    done = subprocess.run(
        [sys.executable, "-P", "-m", "grader", *arguments],
        cwd=folder.parent,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
