"""What the tests of bad input share: submissions made of the solutions with changes, graded by the real command."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from grader.kit import read_kit

ROOT = Path(__file__).resolve().parent.parent
SOLUTIONS = ROOT / "solutions"
COMMAND = [sys.executable, "-m", "grader"]
PATIENCE = 120  # seconds, for a machine that is busy

DERIVATIVES = frozenset({"derivative", "gradient", "vector-product"})
CHAIN_RULE = frozenset({"manual-backprop", "nudge", "manual-neuron"})
NETWORK = frozenset({"neuron", "layer", "mlp", "parameters"})
LOSSES = frozenset({"mse", "softmax", "cross-entropy"})
ENGINE = frozenset(e.id for e in read_kit().manifest.exercises if e.file == "engine.py")

Edit = Callable[[str], str | bytes]
Files = Mapping[str, Edit | str | bytes]


# What a submission is made of: the solutions with changes.


def spoil(**gaps: str) -> Edit:
    """Put code at the beginning of the gaps of exercises, named with _ for -."""

    def edit(text: str) -> str:
        lines = []
        for line in text.splitlines():
            lines.append(line)
            mark, _, exercise = line.strip().partition("# exercise: ")
            if not mark and exercise.replace("-", "_") in gaps:
                indent = line[: len(line) - len(line.lstrip())]
                lines += [indent + code for code in gaps[exercise.replace("-", "_")].splitlines()]
        return "\n".join(lines) + "\n"

    return edit


def before(code: str) -> Edit:
    """Put code at the head of a file."""
    return lambda text: f"{code}\n{text}"


def after(code: str) -> Edit:
    """Put code at the end of a file."""
    return lambda text: f"{text}\n{code}\n"


def encoded(encoding: str, head: str = "") -> Edit:
    """Save a file, with a character that is no ASCII in it, in another encoding."""
    return lambda text: f"{head}# \u00e9\n{text}".encode(encoding)


def make(folder: Path, files: Files, only: frozenset[str] | None = None) -> Path:
    """A folder with the solutions (or only some of them) and changes; a path that ends with / is no file."""
    folder.mkdir(parents=True)
    for solution in SOLUTIONS.glob("*.py"):
        if only is None or solution.name in only:
            (folder / solution.name).write_bytes(solution.read_bytes())
    for name, change in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = change((SOLUTIONS / name).read_text(encoding="utf-8")) if callable(change) else change
        path.write_bytes(text.encode() if isinstance(text, str) else text)
    return folder


@dataclass(frozen=True)
class Graded:
    """What became of one run of the command."""

    status: int
    out: str
    err: str
    seconds: float
    report: dict[str, Any]
    suites: list[ElementTree.Element]

    @property
    def short(self) -> set[str]:
        """The exercises that did not pass."""
        return {row["id"] for row in self.report["exercises"] if row["status"] != "passed"}

    def points(self, exercise: str) -> float:
        """The points of one exercise."""
        return float(next(row["points"] for row in self.report["exercises"] if row["id"] == exercise))

    @property
    def said(self) -> str:
        """All that a person may read, without line breaks."""
        notes = [*(found["text"] for found in self.report.get("warnings", ())), self.out, self.err]
        tests = [test["message"] for row in self.report.get("exercises", ()) for test in row["tests"]]
        return " ".join(" ".join([*notes, *tests]).split())


def run(*arguments: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
    """The command as a process, in a folder that nobody else works in."""
    settings: dict[str, Any] = {"cwd": "/", "timeout": PATIENCE, **options}
    done = subprocess.run([*COMMAND, *map(str, arguments)], capture_output=True, **settings)
    out, err = (stream.decode("utf-8", "surrogateescape") for stream in (done.stdout, done.stderr))
    return subprocess.CompletedProcess(done.args, done.returncode, out, err)


def grade(path: Path, reports: Path, *arguments: str, **options: Any) -> Graded:
    """Grade a path, with both reports written to files."""
    reports.mkdir(parents=True, exist_ok=True)
    as_json, as_xml = reports / "report.json", reports / "report.xml"
    start = time.monotonic()
    done = run(path, "--json", as_json, "--junit", as_xml, *arguments, **options)
    seconds = time.monotonic() - start
    report = json.loads(as_json.read_text(encoding="utf-8")) if as_json.exists() else {}
    suites = list(ElementTree.parse(as_xml).getroot()) if as_xml.exists() else []
    return Graded(done.returncode, done.stdout, done.stderr, seconds, report, suites)


def assert_civil(graded: Graded) -> None:
    """Nothing that is printed is a traceback, an escape code, or a line that a CI system would obey."""
    for stream in (graded.out, graded.err):
        assert "Traceback" not in stream
        assert "Error: " not in stream or graded.status == 0, stream
        for line in stream.splitlines():
            assert line.isprintable(), line
            assert not line.lstrip().startswith(("::", "##[")), line
