"""How fast the grader is: everything side by side in one run, because machines are noisy.

    python tests/benchmarks/run.py [ROUNDS] [--against CHECKOUT]

Prints one row for each figure: the median of the rounds, the smallest, and what it is compared with. With --against
it measures this checkout and another one, say of an earlier commit, in turn: whether a change has made the grader
slower, which the figures of two runs do not tell. The other one runs with the packages of this one.
"""

from __future__ import annotations

import argparse
import gc
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

ROOT = Path(__file__).resolve().parents[2]
SOLUTIONS = ROOT / "solutions"
HERE = Path(__file__).resolve().parent
CLASS_SIZE = 100

# How a checkout grades, before and after its modules were put into rooms.
OLD = """
from grader.intake.submission import read_submission
from grader.manifest import kit_manifest
from grader.pipeline import grade
def act(path):
    graded = grade(read_submission(path, kit_manifest()))
    assert graded.points == graded.max_points, graded.points
"""
NEW = """
from grader.grading.pipeline import grade
from grader.intake.submission import read_submission
from grader.kit import read_kit
def act(path):
    graded = grade(read_submission(path, read_kit().manifest), read_kit())
    assert graded.points == graded.max_points, graded.points
"""
# A session of one file with one question, and one with all files, at the best level that there is.
FIRST_ANSWER = """
from dataclasses import replace
try:
    from grader.intake.loading import what_to_load
except ImportError:  # an earlier commit
    from grader.grading.pipeline import what_to_load
from grader.intake.submission import read_submission
from grader.kit import read_kit
from grader.sandbox.confine import choose
from grader.sandbox.session import Session
def act(path, files=1):
    manifest = read_kit().manifest
    load = what_to_load(read_submission(path, manifest), manifest)
    load = replace(load, files=load.files[:files], symbols=load.symbols[:files])
    with Session(load, choose().level) as session:
        assert session.ask("a = 2.0", ["a"]) == [2.0]
"""
ALL_FILES = FIRST_ANSWER.replace("files=1", "files=None")
DRIVER = """
import sys
from pathlib import Path
import grader
assert Path(grader.__file__).is_relative_to(sys.argv[1]), grader.__file__
for line in sys.stdin:
    act(Path(line.rstrip()))
    print(flush=True)
"""


def timed(action: Callable[[], object]) -> float:
    """Seconds that an action takes."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def environment(checkout: Path) -> dict[str, str]:
    """For a process that has its grader from a checkout, and keeps compiled modules, as everybody's does."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**env, "PYTHONPATH": str(checkout)}


def command(*arguments: str, cwd: Path = ROOT, checkout: Path = ROOT) -> Callable[[], object]:
    """An action: a whole process, its output thrown away; it must end with 0."""
    env = environment(checkout)
    options: dict[str, Any] = {"cwd": cwd, "env": env, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return lambda: subprocess.run(arguments, check=True, **options)


def side_by_side(rounds: int, *actions: Callable[[], object]) -> list[list[float]]:
    """Times of each action, one of each in turn, after one round that does not count."""
    for action in actions:
        action()
    rows = [[timed(action) for action in actions] for _ in range(rounds)]
    return [list(column) for column in zip(*rows, strict=True)]


def row(name: str, times: list[float], baseline: list[float] | None = None, than: str = "") -> None:
    """One line of the table; the ratio is the median of the ratios round by round."""
    ratio = ""
    if baseline:
        ratio = f"  {statistics.median(a / b for a, b in zip(times, baseline, strict=True)):5.2f} x {than}"
    print(f"{name:<52} {statistics.median(times):7.3f} s  (min {min(times):.3f}){ratio}", flush=True)


def warm_process() -> Callable[[], object]:
    """An action: grade the solutions again in this process."""
    from grader.grading.pipeline import grade
    from grader.intake.submission import read_submission
    from grader.kit import read_kit

    return lambda: grade(read_submission(SOLUTIONS, read_kit().manifest), read_kit())


def plain_pytest(folder: Path) -> Callable[[], object]:
    """An action: one pytest process that runs the same hidden tests beside the learner's code, in one process."""
    for file in SOLUTIONS.glob("*.py"):
        shutil.copy(file, folder)
    return command(sys.executable, str(HERE / "in_one_process.py"), cwd=folder)


def train_100_steps(threshold: tuple[int, int, int] | None) -> Callable[[], object]:
    """An action: the classifier's 100 steps in a fresh interpreter, with a garbage-collection threshold."""
    setting = f"import gc; gc.set_threshold{threshold}; " if threshold else ""
    return command(sys.executable, "-c", f"{setting}import sys; sys.path.insert(0, {str(HERE)!r}); import train_100")


def sessions() -> list[tuple[str, Callable[[], object]]]:
    """For each level that there is, an action: a session that loads the solutions and answers one question."""
    from grader.intake.loading import what_to_load
    from grader.intake.submission import read_submission
    from grader.kit import read_kit
    from grader.sandbox.confine import LEVELS, examine
    from grader.sandbox.levels import Level
    from grader.sandbox.session import Session

    load = what_to_load(read_submission(SOLUTIONS, read_kit().manifest), read_kit().manifest)

    def session(level: Level) -> None:
        with Session(load, level) as one:
            assert one.ask("a = Value(2.0)", ["a.data"]) == [2.0]

    return [(level.name, partial(session, level)) for level in reversed(LEVELS) if not examine(level).why_not]


def diagnosis(folder: Path) -> list[Callable[[], object]]:
    """Two actions: grade a submission with a known mistake and an unknown one, without the diagnosis and with it."""
    from grader.grading import first_wrong, pipeline, reference
    from grader.grading.diagnosis import Diagnosis
    from grader.intake.submission import read_submission
    from grader.kit import read_kit

    for file in SOLUTIONS.glob("*.py"):
        shutil.copy(file, folder)
    engine = folder / "engine.py"
    text = engine.read_text().replace("(1 - out.data**2) * out.grad", "(1 - self.data**2) * out.grad")
    engine.write_text(text.replace("self.grad += out.grad / self.data", "self.grad += 2 * out.grad / self.data"))

    def without() -> None:
        with (
            mock.patch.object(pipeline, "diagnose", return_value=Diagnosis()),
            mock.patch.object(first_wrong, "find", return_value=None),
        ):
            pipeline.grade(read_submission(folder, read_kit().manifest), read_kit())

    def with_it() -> None:
        reference._compiled.cache_clear()  # as in a process that has just begun
        pipeline.grade(read_submission(folder, read_kit().manifest), read_kit())

    return [without, with_it]


class Warm:
    """A checkout that acts on its solutions in one process of its own, as often as it is called."""

    def __init__(self, checkout: Path, cwd: Path, act: str) -> None:
        """act: Python that defines act(path), with the modules of the checkout."""
        self._solutions = checkout / "solutions"
        arguments = [sys.executable, "-P", "-c", act + DRIVER, str(checkout)]
        pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self._process = subprocess.Popen(arguments, cwd=cwd, env=environment(checkout), **pipes)

    def __call__(self) -> None:
        assert self._process.stdin and self._process.stdout
        print(self._solutions, file=self._process.stdin, flush=True)
        assert self._process.stdout.readline(), f"{self._solutions}: it has failed"

    def end(self) -> None:
        self._process.communicate()


def batch(checkout: Path, folder: Path) -> Callable[[], object]:
    """An action: a class of submissions with full marks, no two the same, graded with two jobs."""
    students, out = folder / "class", folder / "out"
    for i in range(CLASS_SIZE):
        shutil.copytree(checkout / "solutions", students / f"s{i}", ignore=shutil.ignore_patterns("__pycache__"))
        with (students / f"s{i}" / "engine.py").open("a", encoding="utf-8") as file:
            file.write(f"\n# {i}\n")
    arguments = [sys.executable, "-P", "-m", "grader", "batch", str(students), "--out", str(out), "--jobs", "2"]
    grade_all = command(*arguments, cwd=folder, checkout=checkout)

    def grade_anew() -> None:
        shutil.rmtree(out, ignore_errors=True)  # what is graded already is not graded again
        grade_all()

    return grade_anew


def compare(rounds: int, other: Path) -> None:
    """This checkout beside another one: one row for each, and the ratio of the two."""
    both = (other, ROOT)

    def rows(name: str, rounds: int, actions: Sequence[Callable[[], object]]) -> None:
        before, now = side_by_side(rounds, *actions)
        row(f"{name}, {other}", before)
        row("    this checkout", now, before, str(other))

    def warm(name: str, rounds: int, acts: Sequence[str]) -> None:
        processes = [Warm(checkout, Path(folder), act) for checkout, act in zip(both, acts, strict=True)]
        rows(name, rounds, processes)
        for process in processes:
            process.end()

    with tempfile.TemporaryDirectory() as folder:
        has_rooms = [(checkout / "grader" / "kit" / "__init__.py").exists() for checkout in both]
        warm("grading solutions/ again, warm process", rounds, [NEW if it_has else OLD for it_has in has_rooms])
        if all(has_rooms):
            warm("a session of one file, one question", 10 * rounds, [FIRST_ANSWER] * 2)
            warm("a session of all files, one question", 10 * rounds, [ALL_FILES] * 2)
        cold = [sys.executable, "-P", "-m", "grader"]
        for options in (["-q"], ["-q", "-e", "add"]):
            actions = [command(*cold, str(one / "solutions"), *options, cwd=Path(folder), checkout=one) for one in both]
            rows(" ".join(["mg-grade solutions/", *options, "(cold)"]), rounds, actions)
        folders = [Path(folder, name) for name in ("before", "now")]
        few = max(1, rounds // 4)
        rows(f"batch of {CLASS_SIZE}, two jobs", few, [batch(*place) for place in zip(both, folders, strict=True)])
    print(f"({rounds} rounds, {few} of batches, {os.cpu_count()} cores, Python {sys.version.split()[0]})")


def measure(rounds: int) -> None:
    """This checkout by itself, beside what others do."""
    from grader.sandbox.inside.worker import GC_THRESHOLD

    with tempfile.TemporaryDirectory() as folder:
        pytest_beside = plain_pytest(Path(folder))
        grade_cold = command(sys.executable, "-m", "grader", str(SOLUTIONS), "-q")
        grade_add = command(sys.executable, "-m", "grader", str(SOLUTIONS), "-q", "-e", "add")
        import_pytest = command(sys.executable, "-c", "import pytest")
        warm, cold, add, imports, beside = side_by_side(
            rounds, warm_process(), grade_cold, grade_add, import_pytest, pytest_beside
        )
    row("python -c 'import pytest'", imports)
    row("(a) grading solutions/ again, warm process", warm, imports, "import pytest")
    row("(b) mg-grade solutions/, cold", cold, imports, "import pytest")
    row("    mg-grade solutions/ -e add, cold", add, imports, "import pytest")
    row("(c) the same checks beside the learner's code, cold", beside)
    row("    mg-grade solutions/ against it", cold, beside, "plain pytest")
    gc.collect()
    print(f"memory of the grading process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    names, actions = zip(*sessions(), strict=True)
    times = side_by_side(100, *actions)
    row(f"(e) a session, loaded, at the level {names[0]}", times[0])
    for name, column in zip(names[1:], times[1:], strict=True):
        more = statistics.median(a - b for a, b in zip(column, times[0], strict=True))
        row(f"    at the level {name}: {1000 * more:+.1f} ms", column, times[0], names[0])
    with tempfile.TemporaryDirectory() as folder:
        without, with_it = side_by_side(rounds, *diagnosis(Path(folder)))
    more = statistics.median(a - b for a, b in zip(with_it, without, strict=True))
    row("(f) grading a submission with two mistakes", without)
    row(f"    with the diagnosis: {1000 * more:+.1f} ms", with_it, without, "without it")
    few = max(1, rounds // 4)
    tuned, default = side_by_side(few, train_100_steps(GC_THRESHOLD), train_100_steps(None))
    row("(d) 100 steps of the classifier, Python's own GC", default)
    row("    with the worker's GC threshold", tuned, default, "Python's own")
    print(f"({rounds} rounds, {os.cpu_count()} cores, Python {sys.version.split()[0]})")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rounds", type=int, nargs="?", default=11)
    parser.add_argument("--against", type=Path, metavar="CHECKOUT", help="compare with another checkout")
    args = parser.parse_args()
    if args.against:
        compare(args.rounds, args.against.resolve())
    else:
        measure(args.rounds)


if __name__ == "__main__":
    main()
