"""How fast a Dask cluster grades, what Dask costs, how much one command can feed, and what memory that takes.

    python tests/benchmarks/cluster.py [SUBMISSIONS] [SLEEPERS] [MANY]

(a) SUBMISSIONS (200) full ones on one worker and on two, and beside them local batches with as many processes; (b) the
command's own ceiling: SLEEPERS (64) threads that only sleep and answer with a report that was made before, and how many
workers that feeds; (c) MANY (10,000) submissions with such workers, and the memory of the command over time.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))
from benchmarks.classes import SOLUTIONS, _resident, batch, full_submissions, kept
from dask_machines import DASK, Machines

ROUNDS = 3
SLEEP = 0.02  # seconds
# A process with many workers, each with one thread. A report is made at the first task, and told again of everybody.
SLEEPERS = """
import asyncio, pickle, threading, time
import dask
from distributed import Worker
from grader.classes import at_worker

honest, lock, made = at_worker.graded, threading.Lock(), []

def sleeps(packed):
    entry = pickle.loads(packed).entry
    with lock:
        if not made:
            made.append((honest(packed).decode(), entry.student.name, entry.shown))
    time.sleep({sleep})
    answer, name, shown = made[0]
    assert name == shown
    return answer.replace(name, entry.student.name).encode()

at_worker.graded = sleeps
sleeps.__module__, sleeps.__qualname__ = "grader.classes.at_worker", "graded"

# What a worker does beside its work is done sixty-four times in one process here, and on as many machines elsewhere.
quiet = ("distributed.admin.system-monitor.interval", "distributed.admin.tick.interval")
dask.config.set({{"distributed.worker.profile.enabled": False, **dict.fromkeys(quiet, "60s")}})

async def main():
    of_one = {{"nthreads": 1, "dashboard": False, "host": "127.0.0.1", "memory_limit": 0}}
    workers = [Worker({address!r}, **of_one) for _ in range({number})]
    await asyncio.gather(*workers)
    await asyncio.gather(*(worker.finished() for worker in workers))

asyncio.run(main())
"""


def seconds(folder: Path, *options: str) -> float:
    """How long a batch takes, from the command to the last file."""
    with tempfile.TemporaryDirectory() as out:
        start = time.perf_counter()
        assert batch(folder, Path(out) / "out", *options).wait() == 0
        return time.perf_counter() - start


def throughput(folder: Path, n: int) -> None:
    full = full_submissions(folder / "full", n)
    found: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        for workers in (1, 2):
            with Machines(folder / "machines") as machines:
                machines.start_workers(workers)
                few = full_submissions(folder / "few", 4)
                seconds(few, "--scheduler", machines.address)  # as a cluster that is at work has everything loaded
                shutil.rmtree(few)
                found.setdefault(f"dask {workers}", []).append(seconds(full, "--scheduler", machines.address))
            found.setdefault(f"here {workers}", []).append(seconds(full, "--jobs", str(workers)))
    best = {name: min(times) for name, times in found.items()}
    print(f"(a) {n} full submissions, the best of {ROUNDS} rounds")
    for workers, name in ((1, "one worker "), (2, "two workers")):
        dask, here = best[f"dask {workers}"], best[f"here {workers}"]
        print(f"    {name}   {60 * n / dask:6.0f} a minute   {dask / here:5.2f} x the time of a local batch of as many")
    print(f"    two workers against one   {best['dask 1'] / best['dask 2']:5.2f} x", flush=True)


def ceiling(folder: Path, sleepers: int, many: int) -> None:
    """Feed workers that sleep, with every submission as large as a full one."""
    full = folder / "many"
    for i in range(many):
        (full / f"s{i:05}").mkdir(parents=True)
        for path in SOLUTIONS.glob("*.py"):
            os.link(path, full / f"s{i:05}" / path.name)
    seen: list[tuple[float, int, int, int]] = []
    environment = {"DASK_DISTRIBUTED__ADMIN__LOW_LEVEL_LOG_LENGTH": "0"}  # as the manual says
    with Machines(folder / "sleeping", environment=environment) as machines:
        program = SLEEPERS.format(sleep=SLEEP, address=machines.address, number=sleepers)
        with (folder / "sleepers.log").open("wb") as log:
            sleeping = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=log, stderr=log)
        try:
            while machines.registered() < sleepers:
                time.sleep(0.1)
            out = folder / "many-out"
            process = batch(full, out, "--scheduler", machines.address)
            while process.poll() is None:
                memory = _resident(process.pid), _resident(machines.scheduler.pid)
                seen.append((time.perf_counter(), kept(out), *memory))
                time.sleep(0.5)
            assert process.returncode == 0
        finally:
            machines.end(sleeping)
    at_work = [row for row in seen if 0 < row[1] < many]
    (start, first, *_), (end, last, *_) = at_work[0], at_work[-1]
    rate = (last - first) / (end - start)
    print(f"(b) {sleepers} workers that sleep {SLEEP} s: {rate:.0f} results a second are kept")
    print(f"    that is the work of some {rate * 60 / 300:.0f} workers that grade 300 a minute each")
    print(f"(c) {many} submissions: memory in MB of the command and the scheduler when so many were kept")
    for tenth in range(1, 11):
        row = next((row for row in at_work if row[1] >= many * tenth / 10.5), at_work[-1])
        print(f"    {row[1]:>7}  {row[2]:>5}  {row[3]:>5}", flush=True)


def main() -> None:
    numbers = [int(argument) for argument in sys.argv[1:]]
    n, sleepers, many = [*numbers, *(200, 64, 10_000)[len(numbers) :]]
    with tempfile.TemporaryDirectory(dir=ROOT.parent) as folder:
        throughput(Path(folder), n) if n else None
        ceiling(Path(folder), sleepers, many) if many else None
    print(f"({os.cpu_count()} cores, Python {sys.version.split()[0]}, {' '.join(DASK[1:])})")


if __name__ == "__main__":
    main()
