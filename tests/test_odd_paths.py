"""Paths that cannot be graded, and odd ones that can."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from wild import CHAIN_RULE, DERIVATIVES, ENGINE, LOSSES, NETWORK, SOLUTIONS, Files, after, assert_civil, grade, make

from grader.kit import read_kit

# Paths that cannot be graded.


def _fifo(folder: Path) -> Path:
    os.mkfifo(folder / "engine.py")
    return folder


def _link(folder: Path) -> Path:
    (folder / "engine.py").symlink_to("/etc/passwd")
    return folder


def _link_itself(folder: Path) -> Path:
    _link(folder)
    return folder / "engine.py"


def _file(name: str, content: bytes) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        (folder / name).write_bytes(content)
        return folder

    return write


def _text_file(folder: Path) -> Path:
    (folder / "engine.txt").write_text("class Value: pass\n")
    return folder / "engine.txt"


def _many(folder: Path) -> Path:
    for i in range(5000):
        (folder / f"{i}.py").touch()
    return folder


def _bad_name(folder: Path) -> Path:
    os.mkfifo(folder / "\x1b[31m\n::error::boo\u202e.py")
    return folder


NOTHING_TO_GRADE: dict[str, tuple[Callable[[Path], Path], str]] = {
    "missing": (lambda folder: folder / "nowhere", "does not exist"),
    "a name too long": (lambda folder: folder / ("x" * 5000), "does not exist"),
    "an empty folder": (lambda folder: folder, "holds no Python files"),
    "no Python": (_file("notes.md", b"# Notes\n"), "holds no Python files"),
    "a text file": (_text_file, "is none of these"),
    "a device": (lambda folder: Path("/dev/null"), "is none of these"),
    "a FIFO": (_fifo, "not an ordinary file"),
    "a link in a folder": (_link, "it is a link"),
    "a link alone": (_link_itself, "it is a link"),
    "3 MB": (_file("engine.py", b"#" * 3_000_000), "larger than 1024 KiB"),
    "5000 files": (_many, "holds more than 2000 files"),
    "a name with escape codes": (_bad_name, "not an ordinary file"),
}


@pytest.mark.parametrize("what", NOTHING_TO_GRADE)
def test_nothing_to_grade(tmp_path: Path, what: str) -> None:
    """A path that cannot be graded is refused with 2 and the reason."""
    prepare, words = NOTHING_TO_GRADE[what]
    done = grade(prepare(tmp_path), tmp_path / "reports")
    assert done.status == 2
    assert words in done.said
    assert done.report == {}
    assert_civil(done)


def test_files_of_the_wrong_kind(tmp_path: Path) -> None:
    """Links, FIFOs, folders and huge files are left out with a reason; the other files are graded."""
    folder = make(tmp_path / "s", {"losses.py": after("#" * 3_000_000)})
    for name in ("derivatives.py", "chain_rule.py", "graph.py", "nn.py"):
        (folder / name).unlink()
    (folder / "derivatives.py").symlink_to("/etc/passwd")
    (folder / "chain_rule.py").symlink_to(SOLUTIONS / "chain_rule.py")
    (folder / "up").symlink_to(SOLUTIONS)
    os.mkfifo(folder / "graph.py")
    (folder / "nn.py").mkdir()
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff\xfe.py")).write_text("pass\n")
    done = grade(folder, tmp_path)
    assert done.status == 0
    assert done.short == DERIVATIVES | CHAIN_RULE | NETWORK | LOSSES | {"trace"}
    assert "losses.py was left out: it is larger than 1024 KiB" in done.said
    assert done.said.count("it is a link or not an ordinary file") >= 3
    assert_civil(done)


def test_long_names_of_many_folders(tmp_path: Path) -> None:
    """A submission with a thousand folders of long names is graded like any other."""
    done = grade(make(tmp_path / "s", {f"{'n' * 200}{i}/extra{i}.py": "" for i in range(900)}), tmp_path, "-e", "add")
    assert done.status == 0
    assert done.short == set(read_kit().manifest.by_id) - {"add"}


def test_a_module_named_like_one_of_the_standard_library(tmp_path: Path) -> None:
    """A file of a submission never takes the place of a module of the standard library."""
    files: Files = {"work.py": (SOLUTIONS / "engine.py").read_text(), "math.py": "raise ValueError\n"}
    done = grade(make(tmp_path / "s", files, frozenset()), tmp_path)
    assert done.status == 0
    assert not done.short & ENGINE
