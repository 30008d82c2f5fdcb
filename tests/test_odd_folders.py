"""A learner's folder that leads elsewhere: nothing in it is followed out of it, and each command says so in a line."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import ROOT

from grader.base.errors import MgGradeError, StudyError
from grader.base.whole_files import MIB, MOST
from grader.cli import commands
from grader.kit import NOTEBOOK, read_kit
from grader.study.changes import Changes
from grader.study.folder import reset
from grader.study.upgrade import copy_kit, upgrade

PROGRESS, KIT, BACKUPS = ".mg-grade.json", ".mg-grade-kit", ".mg-grade-backup"
READ_PROGRESS = [["list"], ["next"], ["hint", "add"], ["solution", "add", "--give-up"]]

Put = Callable[[Path, Path], None]  # what stands there, and the folder of somebody else


def _huge(path: Path, _: Path) -> None:
    with path.open("wb") as file:
        file.truncate(MOST + 1)


IN_THE_PLACE: dict[str, tuple[Put, str]] = {
    "link": (lambda path, other: path.symlink_to(other / "engine.py"), "is a link"),
    "link to a folder": (lambda path, other: path.symlink_to(other), "is a link"),
    "dangling": (lambda path, other: path.symlink_to(other / "new"), "is a link"),
    "endless": (lambda path, _: path.symlink_to("/dev/zero"), "is a link"),
    "pipe": (lambda path, _: os.mkfifo(path), "no ordinary file"),
    "folder": (lambda path, _: path.mkdir(), "is a folder"),
    "huge": (_huge, "is larger than"),
}


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folder = tmp_path / "own"
    shutil.copytree(ROOT / "exercises", folder, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


@pytest.fixture
def other(tmp_path: Path) -> Path:
    folder = tmp_path / "other"
    folder.mkdir()
    for name in ("engine.py", "README.md", "version"):
        (folder / name).write_text("precious\n")
    return folder


def _is_refused(folder: Path, other: Path, why: str, command: list[str]) -> None:
    """The command says so in a line, and neither of the folders is changed."""
    before = sorted(path.relative_to(folder) for path in folder.rglob("*"))
    done = CliRunner().invoke(commands, [*command, str(folder)])
    assert isinstance(done.exception, MgGradeError), done.output
    assert why in str(done.exception)
    assert "\n" not in str(done.exception)
    assert sorted(path.relative_to(folder) for path in folder.rglob("*")) == before
    assert {path.name: path.read_text() for path in other.iterdir()} == dict.fromkeys(
        ("engine.py", "README.md", "version"), "precious\n"
    )


@pytest.mark.parametrize("kind", IN_THE_PLACE)
def test_in_the_place_of_progress(own: Path, other: Path, kind: str) -> None:
    """Whatever stands in the place of the progress is neither read nor written; a learner's file is huge at 1 MiB."""
    put, why = IN_THE_PLACE[kind]
    put(own / PROGRESS, other)
    for command in READ_PROGRESS if kind == "pipe" else READ_PROGRESS[2:]:
        _is_refused(own, other, why, command)


@pytest.mark.parametrize("name", ["engine.py", f"{KIT}/engine.py", f"{KIT}/version", KIT, "datasets"])
@pytest.mark.parametrize("kind", IN_THE_PLACE)
def test_in_the_place_of_the_kit(own: Path, other: Path, kind: str, name: str) -> None:
    """An upgrade reads and writes ordinary files in the folder alone, and where one is none it changes nothing."""
    put, why = IN_THE_PLACE[kind]
    if kind == "folder" and name in (KIT, "datasets"):
        return
    (own / name).parent.mkdir(exist_ok=True)
    if (own / name).is_dir():
        shutil.rmtree(own / name)
    (own / name).unlink(missing_ok=True)
    put(own / name, other)
    why = "is no folder" if name in (KIT, "datasets") and "link" not in why else why
    _is_refused(own, other, why, ["upgrade"])
    if name == "engine.py":
        _is_refused(own, other, why, ["reset", "mul", "--yes"])


@pytest.mark.parametrize("name", [BACKUPS, f"{BACKUPS}/engine.py.1"])
@pytest.mark.parametrize("kind", ["link", "link to a folder", "dangling", "pipe"])
def test_in_the_place_of_backups(own: Path, other: Path, kind: str, name: str) -> None:
    put, why = IN_THE_PLACE[kind]
    (own / name).parent.mkdir(exist_ok=True)
    put(own / name, other)
    why = "is no folder" if name == BACKUPS and kind == "pipe" else why
    _is_refused(own, other, why, ["reset", "mul", "--yes"])


def test_a_new_copy_goes_into_its_own_folder(own: Path, other: Path) -> None:
    """So does init, where a folder of the kit is somewhere else."""
    folder = own / "new"
    folder.mkdir()
    (folder / KIT).symlink_to(other)
    _is_refused(folder, other, "is a link", ["init"])


@pytest.mark.skipif(not Path("/proc/self/fdinfo").exists(), reason="looks at /proc")
def test_what_is_watched(own: Path, tmp_path: Path) -> None:
    """A link to a folder is not followed to watch all that is in it, and the learner's own folders are watched."""
    for number in range(50):
        (tmp_path / "elsewhere" / str(number)).mkdir(parents=True)
    (own / "link").symlink_to(tmp_path / "elsewhere")
    (own / "mine").mkdir()
    (own / "mine" / "more.py").write_text("")
    before, changes = _watches(), Changes(own)
    try:
        end = time.monotonic() + 5
        while _watches() < before + 2 and time.monotonic() < end:
            time.sleep(0.02)
        time.sleep(0.1)  # for those that should not come
        assert before + 2 <= _watches() < before + 10
        (own / "mine" / "more.py").write_text("1")
        assert changes.wait([]) == {"mine/more.py"}
    finally:
        changes.close()


def _watches() -> int:
    """How many folders this process watches."""
    number = 0
    for path in list(Path("/proc/self/fdinfo").iterdir()):
        with contextlib.suppress(OSError):
            number += path.read_text().count("inotify wd")
    return number


def test_what_would_take_minutes_to_merge_is_left(own: Path) -> None:
    """Thousands of lines that are the same, or a notebook of empty parts that takes a gigabyte."""
    kit = read_kit()
    copy_kit(kit, own.parent / "new")
    shutil.copytree(own.parent / "new" / KIT, own / KIT)
    (own / "engine.py").write_text((own / "engine.py").read_text().replace("\n", "\n" * 60))
    (own / KIT / "engine.py").write_text((own / "nn.py").read_text().replace("\n", "\n" * 60))
    (own / NOTEBOOK).write_text('{"cells": [' + "{}," * 3_000_000 + "{}]}")
    (own / KIT / NOTEBOOK).write_text("{}")
    tracemalloc.start()
    begin = time.process_time()
    found = upgrade(kit, own)
    seconds, (_, most) = time.process_time() - begin, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [(change.file, change.is_left) for change in found.changes] == [("engine.py", True), (NOTEBOOK, True)]
    assert seconds < 10
    assert most < 128 * MIB
    (own / "nn.py").write_text("#" * (MIB + 1))
    with pytest.raises(StudyError, match="larger than 1 MiB"):
        reset(own, kit, kit.manifest.by_id["neuron"])
