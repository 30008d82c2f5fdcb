"""The kit on Windows: a Python of Windows, under Wine, says of every submission what Linux says."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import MOST, ROOT, missing_on_this_machine
from test_intake import notebook, tarred, zipped
from wine import Wine, set_up, why_not

from grader.grading.reference import edited
from grader.kit import read_kit
from grader.kit.misconceptions import catalogue
from grader.upkeep.edition import make_notebook

pytestmark = pytest.mark.world

SOLUTIONS = {file: (ROOT / "solutions" / file).read_text(encoding="utf-8") for file in read_kit().manifest.files}
MUL = "self.grad += other.data * out.grad"
MISTAKES = 3


@pytest.fixture(scope="module")
def wine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wine]:
    if why_not():
        missing_on_this_machine("Wine", "apt install wine64")
    made = set_up(tmp_path_factory.mktemp("wine"))
    yield made
    made.stop()


def submissions() -> dict[str, dict[str, bytes]]:
    """Name -> files, of many kinds."""
    whole = {file: text.encode() for file, text in SOLUTIONS.items()}
    engine = SOLUTIONS["engine.py"]

    def changed(text: str) -> dict[str, bytes]:
        return {**whole, "engine.py": text.encode()}

    found = {
        "stubs": {file: (ROOT / "exercises" / file).read_bytes() for file in SOLUTIONS},
        "solutions": whole,
        "crlf and bom": {
            file: b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode() for file, text in SOLUTIONS.items()
        },
        "notebook": {"my Übung.ipynb": make_notebook(read_kit(), SOLUTIONS).encode()},
        "cells": {
            "work.ipynb": notebook(*(text.replace("from engine import Value\n", "") for text in SOLUTIONS.values()))
        },
        "zip": {"work.zip": zipped({f"aux/{file}": text for file, text in SOLUTIONS.items()})},
        "tar": {"work.tar.gz": tarred(dict(SOLUTIONS))},
        "loop at the top": changed(f"{engine}\nwhile True: pass\n"),
        "exit": changed(engine.replace(MUL, "import sys; sys.exit(3)")),
        "hard exit": changed(engine.replace(MUL, "import os; os._exit(3)")),
        "syntax": changed(engine.replace(MUL, "self.grad += other.data *")),
        "prints": changed(engine.replace(MUL, "print('Ä', '\\u4f60', self.data); self.grad = other.data * out.grad")),
        "empty": {"engine.py": b"", "nn.py": b"\n"},
        "utf-16": {"engine.py": engine.encode("utf-16")},
        "names": {"w.zip": zipped({"my: work?/Engine (1).py": engine, "aux.py": "x = 1\n", "CON/nul.py": "y = 1\n"})},
    }
    rows = [row for rows in catalogue().values() for row in rows if not row.only_when_large]
    kit = read_kit()
    for row in rows[:: len(rows) // MISTAKES]:
        file = kit.manifest.by_id[row.exercise].file
        found[row.id] = {**whole, file: edited(file, SOLUTIONS[file], row.edits).encode()}
    return found


# Grades each of the folders that are named, as the command does, and writes the reports.
PROGRAM = """
import json, pathlib, sys
from grader.classes.by_policy import grade_by
from grader.classes.policy import Policy
from grader.base.errors import MgGradeError
from grader.intake.submission import read_submission
from grader.kit import read_kit
from grader.reports.forms import json as form
from grader.sandbox.confine import LIMITS
import dataclasses
kit = read_kit()
if __name__ == "__main__":
    root = pathlib.Path(sys.argv[1])
    policy = dataclasses.replace(Policy(), seed=7, time_budget=300)  # under Wine processes begin slowly
    for folder in sorted(root.iterdir()):
        try:
            report = grade_by(policy, read_submission(folder, kit.manifest, level=LIMITS), kit, LIMITS)
            text = form.render(report)
        except MgGradeError as error:
            text = json.dumps({"error": str(error).replace(str(folder), folder.name)})
        pathlib.Path(sys.argv[2], folder.name + ".json").write_text(text, encoding="utf-8")
"""


def without_what_differs(value: Any) -> Any:
    """A report without times, the sandbox, and the version of Python."""
    if isinstance(value, dict):
        return {key: without_what_differs(item) for key, item in value.items() if key not in DIFFERS}
    return [without_what_differs(item) for item in value] if isinstance(value, list) else value


DIFFERS = {"seconds", "phases", "sandbox", "python", "path"}


# These wait until a time is up, or end a process, of which a new one begins slowly: graded once is enough.
SLOW = {"loop at the top", "hard exit"}
# How much of a file is left out depends there on how fast processes begin, which under Wine is slow.
TIMED = {"loop at the top.json"}


def of_linux() -> str:
    """A Python 3.13 of this machine if there is one: messages of exceptions differ between versions."""
    places = [*Path.home().glob(".pyenv/versions/3.13*/bin/python3"), Path("/usr/bin/python3.13")]
    return next((str(path) for path in places if path.exists()), sys.executable)


def test_reports_are_those_of_linux(wine: Wine, tmp_path: Path) -> None:
    """Of every kind of submission the same report, but for times, the sandbox and paths."""
    root, theirs, ours = (tmp_path / name for name in ("handed in", "windows", "linux"))
    for folder in (root, theirs, ours):
        folder.mkdir()
    for name, files in submissions().items():
        for path, content in files.items():
            (root / name).mkdir(exist_ok=True)
            (root / name / path).write_bytes(content)
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    done = wine.run(program, root, theirs)
    assert (done.returncode, done.stderr) == (0, "")
    site = tmp_path / "site"
    python = of_linux()
    pip = [python, "-m", "pip", "install", "-q", "--target", str(site)]
    needed = ["click", "jinja2", "nbformat", "pytest", "pytest-json-report"]
    subprocess.run([*pip, *needed], check=True, capture_output=True, timeout=300)
    env = {**os.environ, "PYTHONPATH": f"{site}:{ROOT}", "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run([python, str(program), str(root), str(ours)], env=env, check=True, timeout=300, cwd=tmp_path)
    names = sorted(path.name for path in ours.iterdir())
    assert len(names) == len(submissions())
    for name in names:
        found, wanted = (json.loads((folder / name).read_text(encoding="utf-8")) for folder in (theirs, ours))
        if name in TIMED:
            told = found.pop("warnings"), wanted.pop("warnings")
            assert all(told), name
        assert without_what_differs(found) == without_what_differs(wanted), name
    solved = json.loads((theirs / "solutions.json").read_text(encoding="utf-8"))
    assert (solved["points"], json.loads((theirs / "stubs.json").read_text())["points"]) == (MOST, 0)


def test_the_command(wine: Wine, tmp_path: Path) -> None:
    """A learner's day, in a folder with a space: a hint, a solution, a grade as JSON, a graph, training, the book."""
    own = tmp_path / "My work"
    assert wine.mg_grade("init", own).returncode == 0
    assert (own / "engine.py").exists()
    assert "Hint 1 of 4" in wine.mg_grade("hint", "add", own).stdout
    assert "self.grad += out.grad" in wine.mg_grade("solution", "add", own, "--give-up").stdout
    shutil.copy(ROOT / "solutions" / "engine.py", own)
    found = json.loads(wine.mg_grade(own, "--json", "-", "-e", "mul").stdout)
    assert [e["status"] for e in found["exercises"] if e["id"] == "mul"] == ["passed"]
    assert found["sandbox"] == {"level": "job", "is_sandbox": False}
    done = wine.mg_grade("reset", "mul", own, stdin="")
    assert (done.returncode, "--yes" in done.stderr) == (2, True)
    assert wine.mg_grade("reset", "mul", own, "--yes").returncode == 0
    assert "y = a * b" in wine.mg_grade("graph", "y=a*b", "a=2", "b=3", "--reference").stdout
    assert "grad" in wine.mg_grade("step", "y=a*b", "a=2", "b=3", cwd=own, stdin="1\n3\n2\n").stdout
    assert "step 3/3" in wine.mg_grade("train", "four-points", "--steps", 3, "--reference").stdout
    assert wine.mg_grade("book", tmp_path / "book").returncode == 0
    assert (tmp_path / "book" / "03-engine.html").exists()
    assert "read a file        possible" in wine.mg_grade("doctor").stdout
    assert "watch needs a terminal" in wine.mg_grade("watch", own).stderr
    assert wine.mg_grade("check-kit", "-e", "nudge").returncode == 0


def test_a_console_that_is_not_utf_8(wine: Wine, tmp_path: Path) -> None:
    """What a code page has not is escaped, in a name or in an answer; nothing fails."""
    own = tmp_path / "作业"
    own.mkdir()
    (own / "engine.py").write_text(SOLUTIONS["engine.py"].replace(MUL, "raise ValueError('你好 Ü')"), encoding="utf-8")
    for encoding in ("cp1252", "utf-8"):
        done = wine.mg_grade(own, "-e", "mul", env={"PYTHONIOENCODING": encoding})
        assert done.returncode == 0, done.stderr
        assert "\\u4f60" in done.stdout if encoding != "utf-8" else "你好" in done.stdout


def test_a_batch(wine: Wine, tmp_path: Path) -> None:
    """Five on two jobs have the grades that Linux gives them, and can be exported."""
    root = tmp_path / "class"
    kinds = [files for name, files in submissions().items() if name not in SLOW]
    for number, files in enumerate(kinds[::4][:5]):
        folder = root / f"student{number:02}"
        folder.mkdir(parents=True)
        for path, content in files.items():
            (folder / path).write_bytes(content)
    tables = []
    for number, run in enumerate((wine.mg_grade, _own)):
        out = tmp_path / f"out{number}"
        policy = tmp_path / "policy.toml"
        policy.write_text("format = 1\nseed = 7\ntime_budget = 300\n")
        done = run("batch", root, "--out", out, "--unsafe-no-sandbox", "--jobs", 2, "--policy", policy)
        assert done.returncode == 0, done.stderr
        assert (out / "index.html").exists()
        tables.append((out / "grades.csv").read_text(encoding="utf-8").replace("\r\n", "\n"))
        assert run("gradebook", out).returncode == 0
        assert run("export", out, "--to", "csv", "--output", tmp_path / f"{number}.csv").returncode == 0
    assert tables[0] == tables[1]


def _own(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "grader", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=300, cwd=ROOT)


def test_nothing_outlives_a_session(wine: Wine, tmp_path: Path) -> None:
    """What a submission starts ends with the job that its worker is in."""
    script = """
import subprocess, sys, time
from grader.sandbox.confine import LIMITS, start_worker
import tempfile, os
if __name__ == "__main__":
    file = os.path.join(tempfile.mkdtemp(), "alive")
    child = f"import time\\nwhile True:\\n    open({file!r}, 'w').write(str(time.time())); time.sleep(0.1)"
    worker = start_worker(LIMITS)
    code = f"import subprocess, sys; p = subprocess.Popen([{sys.executable!r}, '-c', {child!r}])"
    worker.probe(code, ["1"], 5.0)
    end = time.monotonic() + 20
    while not os.path.exists(file) and time.monotonic() < end: time.sleep(0.1)
    assert os.path.exists(file)
    worker.kill()
    time.sleep(1)
    before = open(file).read()
    time.sleep(1)
    print(open(file).read() == before)
"""
    program = tmp_path / "program.py"
    program.write_text(script)
    done = wine.run(program)
    assert done.stdout == "True\n", done.stderr


def test_keys_of_the_console(wine: Wine, tmp_path: Path) -> None:
    """What the console has for keys that are no characters comes as from any terminal; with it ends the program."""
    script = """
from grader.cli.keyboard import Signals, pressed, send_console
keys = iter("h\\xe0H\\x00P\\r \\xe0Ss")
keyboard = Signals()
def next_one():
    for key in keys: return key
    raise OSError
send_console(next_one, keyboard)
print(keyboard.read(), pressed("\\x1b[A"), keyboard.read())
"""
    program = tmp_path / "program.py"
    program.write_text(script)
    done = wine.run(program)
    assert done.stdout == "b'h\\x1b[A\\x1b[B\\n s' ['up'] b''\n", done.stderr


# Parts of the suite that are about no system. What in them is about Linux is marked so.
ANYWHERE = ("datasets", "kit", "protocol")


def test_the_suite(wine: Wine) -> None:
    """What is about no system passes on Windows as well."""
    files = [f"tests/test_{name}.py" for name in ANYWHERE]
    options = ["-q", "-p", "no:cacheprovider", "-o", "addopts=--strict-markers", "-m", "not world and not linux"]
    done = wine.run("-m", "pytest", *options, *files, env={"PYTHONUTF8": "1"})
    assert done.returncode == 0, done.stdout[-5_000:]
    counted = re.search(r"^(\d+) passed", done.stdout, re.MULTILINE)
    assert counted, done.stdout[-500:]
    print(f"on Windows: {counted[0]}")
    assert int(counted[1]) > 100
