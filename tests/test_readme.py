"""What the README shows is what happens."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import MANUALS, ROOT, needs_level

from grader import ROOMS
from grader.base import messages
from grader.kit import read_kit

README = (ROOT / "README.md").read_text(encoding="utf-8")
CODE = "grader/README.md"
CONSOLE = re.findall(r"```console\n\$ (.*?)\n(.*?)```", "\n".join(MANUALS.values()), re.DOTALL)
QUICK = [row for row in CONSOLE if not row[0].startswith("mg-grade check-kit")]
SLOW = [row for row in CONSOLE if row not in QUICK]
SETUP = [line for line in README.splitlines() if line.startswith("python3 -m venv")]


def test_there_is_something_to_test() -> None:
    """The manuals have transcripts, quick ones and a slow one, and the README two lines that set everything up."""
    assert len(QUICK) >= 5
    assert len(SLOW) == 1
    assert len(SETUP) == 2


def test_the_readme_is_short() -> None:
    """Whoever comes by reads one page, and finds the manuals from there; every link in a manual leads somewhere."""
    assert README.count("\n") <= 130
    for name, text in MANUALS.items():
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", re.sub(r"`[^`\n]*`", "", text)):
            assert (ROOT / name).parent.joinpath(target).exists(), f"{name} -> {target}"


def test_numbers_of_the_kit() -> None:
    """How many exercises and chapters there are stands in the texts as the manifest has it."""
    manifest = read_kit().manifest
    words = {8: "eight", 9: "nine", 10: "ten"}
    assert f"The kit holds {len(manifest.exercises)} exercises" in README
    assert f"gaps of {words[len(manifest.files)]} small files" in README
    assert f"{words[len(manifest.files)].title()} chapters" in MANUALS["exercises/README.md"]


@pytest.mark.parametrize(("command", "shown"), QUICK)
def test_transcripts(command: str, shown: str, tmp_path: Path) -> None:
    """Every transcript in a manual is what its command prints in a checkout."""
    check_transcript(command, shown, tmp_path)


@pytest.mark.world
@pytest.mark.parametrize(("command", "shown"), SLOW)
def test_slow_transcripts(command: str, shown: str, tmp_path: Path) -> None:
    """So is the one whose command takes a minute."""
    check_transcript(command, shown, tmp_path)


def check_transcript(command: str, shown: str, tmp_path: Path) -> None:
    """Run a command as a manual shows it, and compare."""
    program, *arguments = shlex.split(command)
    assert program == "mg-grade"
    arguments = [str(tmp_path / "spring") if argument == "spring" else argument for argument in arguments]
    if arguments == ["doctor"]:
        needs_level("bubblewrap")
        needs_level("landlock")
    done = subprocess.run(
        [sys.executable, "-m", "grader", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    printed = (done.stdout + done.stderr.replace(f"{messages.UNCONFINED}\n", "")).strip()
    if arguments == ["doctor"]:  # the versions are of another machine
        versions = re.compile(r"Python .*", re.MULTILINE)
        printed, shown = versions.sub("", printed, count=1), versions.sub("", shown, count=1)
    drawn = re.compile(r"^The random inputs of this class are drawn .*$", re.MULTILINE)
    assert drawn.sub("", printed).strip() == shown.strip()


def test_the_picture_of_a_graph(tmp_path: Path) -> None:
    """The picture beside the transcript of a graph is what the same command draws where there is no graphviz."""
    (command,) = [command for command, _ in CONSOLE if command.startswith("mg-grade graph")]
    arguments = [sys.executable, "-m", "grader", *shlex.split(command)[1:], "--svg", str(tmp_path / "graph.svg")]
    subprocess.run(arguments, cwd=ROOT, env={**os.environ, "PATH": "/nonexistent"}, check=True, capture_output=True)
    assert (tmp_path / "graph.svg").read_text() == (ROOT / ".pictures" / "graph.svg").read_text()
    for picture in re.findall(r"!\[.*?\]\((.*?)\)", README):
        assert (ROOT / picture).is_file()


def test_every_room_is_told_of() -> None:
    """The manual of the code has a row for each room, in the order of grader/__init__.py."""
    rows = re.findall(r"^\| `(\w+)/`", MANUALS[CODE], re.MULTILINE)
    assert rows == [room for rooms in ROOMS for room in rooms]


def _without_python_variables() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PYTEST", "VIRTUAL"))}


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout as git has it, changes that are not committed included."""
    folder = tmp_path_factory.mktemp("clone") / "mg-grade"
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    return folder


@pytest.mark.world  # an environment of its own
def test_the_first_line(clone: Path) -> None:
    """The first set-up line installs the kit into an empty environment and grades the exercises."""
    done = subprocess.run(
        ["bash", "-c", SETUP[0].replace("python3", shlex.quote(sys.executable), 1)],
        cwd=clone,
        env=_without_python_variables(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("not started") == len(read_kit().manifest.exercises)


@pytest.mark.world  # the same environment
def test_the_wheel_holds_the_kit(clone: Path, tmp_path: Path) -> None:
    """The wheel, installed into an empty environment and run in another folder, has all it needs.

    Depends on the environment that the first line made: the kit that it installed came by a wheel.
    """
    python = clone / ".venv" / "bin" / "python"
    mg_grade = clone / ".venv" / "bin" / "mg-grade"
    where = subprocess.run(
        [python, "-c", "import grader; print(grader.__file__)"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "site-packages" in where

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [str(mg_grade), *arguments]
        return subprocess.run(
            command, cwd=tmp_path, env=_without_python_variables(), capture_output=True, text=True, check=False
        )

    most = float(sum(exercise.points for exercise in read_kit().manifest.exercises if not exercise.bonus))
    assert run("init", "exercises").returncode == 0
    assert f"0 / {most:g}" in run("exercises", "-q").stdout
    assert f"{most:g} / {most:g}" in run(str(ROOT / "solutions"), "-q").stdout
    assert "well-known mistake" in run(str(ROOT / "tests" / "samples" / "ada"), "-e", "mul").stdout
    release = run("release")
    assert release.returncode == 2
    assert "checkout" in release.stderr
