"""From a save to the result on the screen: `mg-grade watch` in a pseudo-terminal, with events of the system and by
looking often, beside `mg-grade -e ID` started anew for the same exercise.

    python tests/benchmarks/watch.py [ROUNDS] [--against CHECKOUT]

With --against it measures the same of another checkout, say of an earlier commit, in turn with this one.
"""

from __future__ import annotations

import argparse
import os
import pty
import select
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from grader.kit import read_kit
from grader.kit.gaps import refilled
from grader.study.upgrade import copy_kit

EXERCISES = ("derivative", "mul", "backward", "mlp", "adamw", "classifier")
COMMAND = [sys.executable, "-P", "-m", "grader"]  # of the checkout that PYTHONPATH says
SECONDS = 30.0


class Watch:
    """`mg-grade watch` on a folder, and what it prints."""

    def __init__(self, folder: Path, events: bool, checkout: Path = ROOT) -> None:
        blocked = folder.parent / "blocked" / "watchfiles"
        blocked.mkdir(parents=True, exist_ok=True)
        (blocked / "__init__.py").write_text("raise ImportError('not for this run')\n")
        paths = [str(checkout)] if events else [str(blocked.parent), str(checkout)]
        self._master, slave = pty.openpty()
        env = {**os.environ, "PYTHONPATH": ":".join(paths), "TERM": "xterm"}
        self._process = subprocess.Popen([*COMMAND, "watch", str(folder)], stdin=slave, stdout=slave, env=env)
        os.close(slave)
        self.wait_for("q quit")
        time.sleep(1.0)  # until it listens

    def wait_for(self, text: str) -> float:
        """Seconds until the text is printed."""
        begin, seen = time.perf_counter(), ""
        while text not in seen:
            if not select.select([self._master], [], [], SECONDS)[0]:
                raise SystemExit(f"{text!r} did not come")
            seen += os.read(self._master, 65536).decode("utf-8", "replace")
        return time.perf_counter() - begin

    def forget(self) -> None:
        """Read what is there until nothing more comes."""
        while select.select([self._master], [], [], 0.7)[0]:
            os.read(self._master, 65536)

    def close(self) -> None:
        os.write(self._master, b"q")
        self._process.wait()
        os.close(self._master)


def save(path: Path, text: str) -> None:
    """As editors do: a new file in the place of the old one."""
    new = path.with_suffix(".new")
    new.write_text(text)
    new.replace(path)


def own_copy(folder: Path) -> Path:
    """A learner's copy of the kit, all of it solved."""
    folder.mkdir()
    copy_kit(read_kit(), folder)
    for file in read_kit().manifest.files:
        (folder / file).write_text((ROOT / "solutions" / file).read_text())
    return folder


def save_to_result(watch: Watch, folder: Path, exercise_id: str) -> float:
    """Seconds from the save that fills in a gap to its result on the screen."""
    exercise = read_kit().manifest.by_id[exercise_id]
    path = folder / exercise.file
    right = path.read_text()
    stub = (ROOT / "exercises" / exercise.file).read_text()
    # The gap as it came shows the exercise; filling it in is what is measured.
    save(path, refilled(right, exercise.gap, stub, exercise.file))
    watch.wait_for(f"--\x1b[0m  {exercise_id} ")
    watch.forget()
    save(path, right)
    seconds = watch.wait_for(f"ok\x1b[0m  {exercise_id} ")
    watch.forget()
    return seconds


def anew(folder: Path, exercise_id: str) -> float:
    """Seconds that a command of its own takes for the exercise."""
    begin = time.perf_counter()
    command = [*COMMAND, str(folder), "-e", exercise_id]
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
    return time.perf_counter() - begin


def table(rounds: int, found: dict[str, dict[str, list[float]]], ratio: bool) -> None:
    """A column for each way, a line for each exercise. ratio: of the second to the first as well."""
    print(f"{'save to result, median (max), ms':<34}" + "".join(f"{name:>14}" for name in found))
    for exercise_id in EXERCISES:
        cells = [times[exercise_id] for times in found.values()]
        shown = [f"{statistics.median(c) * 1e3:.0f} ({max(c) * 1e3:.0f})" for c in cells]
        if ratio:
            shown.append(f"{statistics.median(now / before for before, now in zip(*cells, strict=True)):.2f} x")
        print(f"{exercise_id:<34}" + "".join(f"{text:>14}" for text in shown))
    print(f"({rounds} rounds, {os.cpu_count()} cores, Python {sys.version.split()[0]})")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rounds", type=int, nargs="?", default=5)
    parser.add_argument("--against", type=Path, metavar="CHECKOUT", help="compare with another checkout")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        ways: dict[str, Callable[[str], float]] = {}
        watches = []
        if args.against:
            choices = {"before": (True, args.against.resolve()), "this checkout": (True, ROOT)}
        else:
            choices = {"events": (True, ROOT), "looking": (False, ROOT)}
        for name, (events, checkout) in choices.items():
            folder = own_copy(Path(temporary, name))
            watches.append(Watch(folder, events, checkout))
            ways[name] = partial(save_to_result, watches[-1], folder)
        if not args.against:
            ways["started anew"] = partial(anew, own_copy(Path(temporary, "anew")))
        found: dict[str, dict[str, list[float]]] = {name: {} for name in ways}
        for _ in range(args.rounds):
            for exercise_id in EXERCISES:
                for name, way in ways.items():
                    found[name].setdefault(exercise_id, []).append(way(exercise_id))
        for watch in watches:
            watch.close()
    table(args.rounds, found, ratio=bool(args.against))


if __name__ == "__main__":
    main()
