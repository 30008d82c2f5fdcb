"""A gradebook in trouble: what is wrong, where, and what to do; and what was graded is kept."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from conftest import ROOT
from test_batch import grading

from grader.base.errors import OutputError
from grader.classes import gradebook
from grader.classes.gradebook import COPY, FILE, MIGRATIONS, Gradebook
from grader.cli import commands


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A folder with a gradebook of two, and its copy."""
    with Gradebook(tmp_path, is_new=True) as book:
        for name in ("ada", "bob"):
            book.add(grading(name))
        book.keep_setting("attempt", "latest")
    return tmp_path


def _gradebook(out: Path, *options: str) -> Result:
    return CliRunner().invoke(commands, ["gradebook", str(out), *options])


def _in_sql(out: Path, statement: str) -> None:
    with sqlite3.connect(out / FILE) as connection:
        connection.execute(statement)
    connection.close()


def test_a_copy_of_the_last_whole_one(out: Path) -> None:
    """Whoever has written leaves a copy, which says the same and stands alone; whoever reads leaves it as it is."""
    with sqlite3.connect(out / COPY) as copy:
        assert copy.execute("SELECT count(*) FROM gradings").fetchone() == (2,)
        assert copy.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
    before = (out / COPY).stat()
    assert _gradebook(out).exit_code == 0
    assert (out / COPY).stat() == before
    assert {path.name for path in out.iterdir()} == {FILE, COPY}


def test_damaged_in_the_middle(out: Path) -> None:
    """Every page that is overwritten is noticed before a class is graded into it, and the copy is not lost to it."""
    whole, copy = (out / FILE).read_bytes(), (out / COPY).read_bytes()
    with sqlite3.connect(out / FILE) as connection:
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    connection.close()
    for page in range(1, len(whole) // size):
        (out / FILE).write_bytes(whole[: page * size] + b"\xa5" * size + whole[(page + 1) * size :])
        with pytest.raises(OutputError, match=f"is damaged.*{COPY}.*run the batch again"):
            Gradebook(out, is_new=True)
        done = _gradebook(out)
        assert done.exit_code == 0 or isinstance(done.exception, OutputError), (page, done.exception)
        assert (out / COPY).read_bytes() == copy
    (out / COPY).rename(out / FILE)  # as it says
    assert _gradebook(out).exit_code == 0
    (out / FILE).write_bytes(whole[:size] + b"\xa5" * (len(whole) - size))
    with pytest.raises(OutputError, match="grades everybody anew"):
        Gradebook(out, is_new=True)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE settings SET value = '{broken'",
        "UPDATE gradings SET submitted = 'never'",
        "UPDATE gradings SET status = 'odd'",
        "DROP TABLE settings",
        "DROP TABLE students",
    ],
)
def test_damaged_rows(out: Path, statement: str) -> None:
    """What is written in a row and is no such thing is told of as damage, with the copy."""
    _in_sql(out, statement)
    done = _gradebook(out)
    assert isinstance(done.exception, OutputError), done.exception
    assert "is damaged" in str(done.exception)
    assert COPY in str(done.exception)


def test_a_damaged_report(out: Path) -> None:
    """One report that cannot be read is told of by whose it is, and does not stand in the way of a new one."""
    _in_sql(out, """UPDATE gradings SET report = '{"format"' WHERE student = 'bob'""")
    done = _gradebook(out)
    assert isinstance(done.exception, OutputError)
    assert "--regrade" in str(done.exception)
    assert "bob" in str(done.exception).lower()
    with Gradebook(out) as book:
        assert book.previous("bob", 1) is None
        book.add(grading("bob"))
    assert _gradebook(out).exit_code == 0


def test_damaged_sources(out: Path) -> None:
    _in_sql(out, "UPDATE gradings SET sources = x'00'")
    done = CliRunner().invoke(commands, ["similar", str(out)])
    assert isinstance(done.exception, OutputError)
    assert "is damaged" in str(done.exception)


def test_in_use(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody else who writes is waited for, and then told of; afterwards all goes on."""
    monkeypatch.setattr(gradebook, "BUSY_SECONDS", 0.1)
    other = sqlite3.connect(out / FILE, isolation_level=None)
    with Gradebook(out) as book:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(OutputError, match="another program is writing to it"):
            book.add(grading("eve"))
        with pytest.raises(OutputError, match="another program is writing to it"):
            book.keep_setting("attempt", "best")
        other.execute("ROLLBACK")
        book.add(grading("eve"))
    other.close()
    with sqlite3.connect(out / COPY) as copy:
        assert copy.execute("SELECT count(*) FROM gradings").fetchone() == (3,)


def test_read_only(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It can be looked at, also one of an older format; and what would change it says why it cannot."""
    monkeypatch.setattr(os, "access", lambda _, mode: mode != os.W_OK)
    _in_sql(out, "PRAGMA journal_mode = DELETE")
    assert _gradebook(out).exit_code == 0
    with Gradebook(out) as book, pytest.raises(OutputError, match="may write to it and to its folder"):
        book.keep_setting("accepted", {})
    _in_sql(out, "DROP TABLE settings")
    _in_sql(out, "PRAGMA user_version = 1")
    assert _gradebook(out).exit_code == 0
    with Gradebook(out) as book, pytest.raises(OutputError, match="may write to it and to its folder"):
        book.keep_setting("accepted", {})
    _in_sql(out, f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    assert isinstance(_gradebook(out).exception, OutputError)


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
import test_batch
from grader.base.errors import OutputError
from grader.classes.gradebook import Gradebook
import dataclasses, os
with Gradebook(Path(sys.argv[1])) as book:
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
    for i in range(100):
        try:
            book.add(dataclasses.replace(test_batch.grading(f"s{i}"), sources={"a.py": os.urandom(20_000).hex()}))
        except OutputError as error:
            print(i, error)
            sys.exit(2)
"""


def test_a_full_disk(out: Path) -> None:
    """It says so, and all that it has taken is there."""
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"}
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(out)], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2, done.stderr
    number, _, text = done.stdout.partition(" ")
    assert int(number) > 1
    assert "cannot be written" in text
    assert "make room" in text
    with sqlite3.connect(out / FILE) as connection:
        assert connection.execute("SELECT count(*) FROM gradings").fetchone() == (2 + int(number),)
    assert _gradebook(out).exit_code == 0


def test_a_batch_says_it_in_a_line(out: Path, tmp_path: Path) -> None:
    """The command itself: one line on standard error, exit status 2, and not a word of a fault of the grader's."""
    folder = tmp_path / "class"
    shutil.copytree(ROOT / "tests" / "samples" / "ada", folder / "ada")
    (out / FILE).write_bytes((out / FILE).read_bytes()[:5000])
    command = [sys.executable, "-m", "grader", "batch", str(folder), "--out", str(out / "."), "--unsafe-no-sandbox"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "the gradebook" in done.stderr.splitlines()[-1]
    assert "report this" not in done.stderr


def test_a_batch_on_a_full_disk(tmp_path: Path) -> None:
    """Whatever cannot be written, it is told in a line, not as a fault; and with room again the batch goes on."""
    folder, out = tmp_path / "class", tmp_path / "out"
    for name in ("ada", "bob", "eve"):
        shutil.copytree(ROOT / "tests" / "samples" / "ada", folder / name)
    out.mkdir()
    command = [sys.executable, "-m", "grader", "batch", str(folder), "--out", str(out), "-j", "1"]
    command += ["--unsafe-no-sandbox"]
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=200k", "t", str(out)], check=False).returncode:
        pytest.skip("needs the right to mount")
    try:
        full = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        subprocess.run(["mount", "-o", "remount,size=8m", str(out)], check=True)
        again = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    finally:
        subprocess.run(["umount", str(out)], check=True)
    assert full.returncode == 2, full.stderr
    assert "cannot be written" in full.stderr.splitlines()[-1]
    assert "report this" not in full.stderr
    assert again.returncode == 0, again.stderr
