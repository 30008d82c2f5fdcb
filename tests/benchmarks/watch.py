"""From a save to the result on the screen: `mg-grade watch` in a pseudo-terminal, with events of the system and by
looking often, beside `mg-grade -e ID` started anew for the same exercise.

    python tests/benchmarks/watch.py [ROUNDS]
"""

from __future__ import annotations

import os
import pty
import select
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from grader.kit import read_kit
from grader.kit.gaps import refilled
from grader.study.upgrade import copy_kit

EXERCISES = ("derivative", "mul", "backward", "mlp", "adamw", "classifier")
COMMAND = [sys.executable, "-m", "grader"]
SECONDS = 30.0


class Watch:
    """`mg-grade watch` on a folder, and what it prints."""

    def __init__(self, folder: Path, events: bool) -> None:
        blocked = folder.parent / "blocked" / "watchfiles"
        blocked.mkdir(parents=True, exist_ok=True)
        (blocked / "__init__.py").write_text("raise ImportError('not for this run')\n")
        paths = [str(ROOT)] if events else [str(blocked.parent), str(ROOT)]
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


def main(rounds: int) -> None:
    manifest = read_kit().manifest
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary, "own")
        folder.mkdir()
        copy_kit(read_kit(), folder)
        for file in manifest.files:
            (folder / file).write_text((ROOT / "solutions" / file).read_text())
        found: dict[tuple[str, str], list[float]] = {}
        for how in ("events", "looking"):
            watch = Watch(folder, how == "events")
            for _ in range(rounds):
                for exercise_id in EXERCISES:
                    exercise = manifest.by_id[exercise_id]
                    path = folder / exercise.file
                    right = path.read_text()
                    stub = (ROOT / "exercises" / exercise.file).read_text()
                    # The gap as it came shows the exercise; filling it in is what is measured.
                    save(path, refilled(right, exercise.gap, stub, exercise.file))
                    watch.wait_for(f"--\x1b[0m  {exercise_id} ")
                    watch.forget()
                    save(path, right)
                    found.setdefault((how, exercise_id), []).append(watch.wait_for(f"ok\x1b[0m  {exercise_id} "))
                    watch.forget()
            watch.close()
        for _ in range(rounds):
            for exercise_id in EXERCISES:
                begin = time.perf_counter()
                subprocess.run(
                    [*COMMAND, str(folder), "-e", exercise_id],
                    check=True,
                    capture_output=True,
                    env={**os.environ, "PYTHONPATH": str(ROOT)},
                )
                found.setdefault(("anew", exercise_id), []).append(time.perf_counter() - begin)
    print(f"{'save to result, median (max), ms':<34}{'events':>14}{'looking':>14}{'started anew':>14}")
    for exercise_id in EXERCISES:
        cells = [found[how, exercise_id] for how in ("events", "looking", "anew")]
        print(
            f"{exercise_id:<34}"
            + "".join(f"{f'{statistics.median(c) * 1e3:.0f} ({max(c) * 1e3:.0f})':>14}" for c in cells)
        )
    print(f"({rounds} rounds, {os.cpu_count()} cores, Python {sys.version.split()[0]})")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
