"""How fast a class is graded, that nothing is lost of one, and that memory stays flat.

    python tests/benchmarks/classes.py [submissions]

(a) full submissions a minute with one job and with two, beside one pytest process for each submission; (b) a class of
400 of every kind: each total is what grading it alone gives, and batches that are killed lose nothing; (c) the memory
of a batch of 2,000.
"""

from __future__ import annotations

import contextlib
import csv
import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOLUTIONS = ROOT / "solutions"
HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT / "tests"))


def batch(folder: Path, out: Path, *options: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "grader", "batch", str(folder), "--out", str(out), *options]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def full_submissions(folder: Path, n: int) -> Path:
    """A class of n, all with full marks, no two the same."""
    for i in range(n):
        shutil.copytree(SOLUTIONS, folder / f"s{i:04}", ignore=shutil.ignore_patterns("__pycache__"))
        with (folder / f"s{i:04}" / "engine.py").open("a") as file:
            file.write(f"\n# {i}\n")
    return folder


def of_every_kind(folder: Path) -> dict[str, Path]:
    """A class of 400: solutions, stubs, mistakes, notebooks, archives and hostile ones. Student -> path."""
    from test_intake import EDITION, ONE_NAMESPACE
    from test_mistakes import MISTAKES, make

    for i in range(60):
        full_submissions(folder / "tmp", 1)
        (folder / "tmp" / "s0000").rename(folder / f"full{i:03}")
    for i in range(20):
        shutil.copytree(ROOT / "exercises", folder / f"stubs{i:03}")
    for mistake in list(MISTAKES.values())[:140]:
        shutil.copytree(SOLUTIONS, folder / mistake.id)
        make(folder / mistake.id, mistake)
    hostile = sorted(path for path in (ROOT / "tests" / "hostile").iterdir() if (path / "submission").is_dir())
    quick = [path for path in hostile if "hang" not in path.name and "sleep" not in path.name]
    for path in quick[:60]:
        shutil.copytree(path / "submission", folder / f"hostile {path.name}")
    for i in range(60):
        (folder / f"book{i:03}.ipynb").write_bytes((EDITION.encode(), ONE_NAMESPACE)[i % 2] + b"\n" * i)
    shutil.rmtree(folder / "tmp")
    n = sum(1 for _ in folder.iterdir())
    for i in range(400 - n):
        with zipfile.ZipFile(folder / f"zip{i:03}.zip", "w") as archive:
            for path in SOLUTIONS.glob("*.py"):
                archive.writestr(f"work {i}/{path.name}", path.read_text() + f"# {i}\n")
    return {path.name if path.is_dir() else path.stem: path for path in folder.iterdir()}


def totals(out: Path) -> dict[str, str]:
    with (out / "grades.csv").open(newline="", encoding="utf-8-sig") as file:
        return {row["student"]: row["points"] for row in csv.DictReader(file)}


def kept(out: Path) -> int:
    try:
        with sqlite3.connect(f"file:{out}/gradebook.sqlite?mode=ro", uri=True) as connection:
            return int(connection.execute("SELECT count(DISTINCT student) FROM gradings").fetchone()[0])
    except sqlite3.Error:
        return 0


def throughput(folder: Path, n: int) -> None:
    full = full_submissions(folder / "full", n)
    pytest_each = folder / "beside"
    shutil.copytree(SOLUTIONS, pytest_each)
    rows: dict[str, list[float]] = {"1": [], "2": [], "pytest": []}
    for _ in range(2):
        for jobs in ("1", "2"):
            start = time.perf_counter()
            assert batch(full, folder / f"out{time.time()}", "--jobs", jobs).wait() == 0
            rows[jobs].append(60 * n / (time.perf_counter() - start))
        start = time.perf_counter()
        for _ in range(8):
            command = [sys.executable, str(HERE / "in_one_process.py")]
            subprocess.run(command, cwd=pytest_each, check=True, stdout=subprocess.DEVNULL)
        rows["pytest"].append(60 * 8 / (time.perf_counter() - start))
    one, two, plain = (max(rows[key]) for key in ("1", "2", "pytest"))
    print(f"(a) {n} full submissions, one job                   {one:6.0f} a minute")
    print(f"    two jobs                                       {two:6.0f} a minute  {two / one:5.2f} x one job")
    print(f"    one pytest process each, nothing isolated      {plain:6.0f} a minute", flush=True)


def every_kind(folder: Path) -> None:
    from grader.base.points import shown
    from grader.grading.pipeline import grade
    from grader.intake.submission import read_submission
    from grader.kit import read_kit

    there = of_every_kind(folder / "mixed")
    start = time.perf_counter()
    assert batch(folder / "mixed", folder / "mixed-out").wait() == 0
    seconds = time.perf_counter() - start
    found = totals(folder / "mixed-out")
    wrong = []
    for student, path in there.items():
        report = grade(read_submission(path, read_kit().manifest), read_kit())
        if found[student] != shown(report.given):
            wrong.append(student)
    print(f"(b) {len(there)} of every kind: {seconds:.0f} s; totals other than alone: {wrong or 'none'}", flush=True)
    draw, kills = random.Random(1), 0
    out = folder / "killed-out"
    while True:
        process = batch(folder / "mixed", out)
        time.sleep(draw.uniform(2, 12))
        if process.poll() is not None:
            break
        before = kept(out)
        process.send_signal(signal.SIGKILL)
        process.wait()
        kills += 1
        assert kept(out) >= before
        if kills == 5:
            assert batch(folder / "mixed", out).wait() == 0
            break
    print(
        f"    killed {kills} times and run again: {'the same' if totals(out) == found else 'NOT THE SAME'} totals",
        flush=True,
    )


def memory(folder: Path) -> None:
    big = full_submissions(folder / "many", 2000)
    seen: list[list[int]] = []
    process = batch(big, folder / "many-out")
    out = folder / "many-out"
    while process.poll() is None:
        time.sleep(2)
        if kept(out) > 100:
            graders = _children(process.pid)
            others = [pid for grader in graders for pid in _descendants(grader)]
            seen.append([sum(map(_resident, pids)) for pids in ([process.pid], graders, others)])
    quarter = max(1, len(seen) // 4)
    print("(c) 2,000 submissions, most MB in the first quarter and in the last")
    for name, column in zip(("batch", "processes that grade", "what workers come from"), zip(*seen), strict=True):
        print(f"    {name:<42} {max(column[:quarter]):>6} {max(column[-quarter:]):>6}")


def _children(pid: int) -> list[int]:
    """The processes that a process has started, from any of its threads."""
    found: list[int] = []
    with contextlib.suppress(OSError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            found += map(int, (thread / "children").read_text().split())
    return found


def _descendants(pid: int) -> list[int]:
    return [one for child in _children(pid) for one in (child, *_descendants(child))]


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize() // 2**20
    except OSError:
        return 0


def main() -> None:
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 400
    for part in (lambda folder: throughput(folder, n), every_kind, memory):
        with tempfile.TemporaryDirectory() as folder:
            part(Path(folder))
    print(f"({os.cpu_count()} cores, Python {sys.version.split()[0]})")


if __name__ == "__main__":
    main()
