"""How fast a Dask cluster grades, what Dask costs, how much one command can feed, and what memory that takes.

    python tests/benchmarks/cluster.py [SUBMISSIONS] [SLEEPERS] [MANY]

(a) SUBMISSIONS (150) full ones on one worker and on two, and beside them local batches with as many processes: from the
command to the last file, and from the first result to the last; (b) the command's own ceiling: SLEEPERS (64) threads
that only sleep and answer with a report that was made before, what a result costs each process, and how many workers
the command feeds; (c) MANY (10,000) submissions with such workers, and the memory of the command over time, until the
last file is written. All together take some fifteen minutes, on a machine that does nothing else.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))
from benchmarks.classes import SOLUTIONS, _resident, batch, full_submissions, kept
from dask_machines import START_SECONDS, Machines, as_the_manual_says

ROUNDS = 5
LOOK_SECONDS = 0.2  # how often a batch is looked at
SLEEP = 0.1  # seconds: as long as a full submission takes
# A process with many workers, each with one thread. A report is made at the first task, and told again of everybody.
SLEEPERS = """
import asyncio, pickle, threading, time
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

async def main():
    of_one = {{"nthreads": 1, "dashboard": False, "host": "127.0.0.1", "memory_limit": 0}}
    workers = [Worker({address!r}, **of_one) for _ in range({number})]
    await asyncio.gather(*workers)
    await asyncio.gather(*(worker.finished() for worker in workers))

asyncio.run(main())
"""


@dataclass(frozen=True)
class Seen:
    """What was seen of a batch at one moment: how many results it had kept, and of each process that was looked at the
    seconds of CPU time and the memory in MB."""

    at: float
    kept: int
    cpu: tuple[float, ...]
    memory: tuple[int, ...]


def cpu(pid: int) -> float:
    """The seconds of CPU time that a process has taken, without its children."""
    numbers = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(numbers[11]) + int(numbers[12])) / os.sysconf("SC_CLK_TCK")


def seen_of(folder: Path, options: Sequence[str], others: Sequence[int] = ()) -> list[Seen]:
    """A batch, looked at from its beginning to its end; the command itself is the first of the processes."""
    with tempfile.TemporaryDirectory(dir=folder.parent) as out:
        found = [Seen(time.perf_counter(), 0, (), ())]
        process = batch(folder, Path(out) / "out", *options)
        while process.poll() is None:
            with contextlib.suppress(OSError):  # it has just ended
                pids = (process.pid, *others)
                used, memory = tuple(map(cpu, pids)), tuple(map(_resident, pids))
                found.append(Seen(time.perf_counter(), kept(Path(out) / "out"), used, memory))
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(LOOK_SECONDS)
        assert process.returncode == 0
        return [*found, replace(found[-1], at=time.perf_counter())]


def while_grading(found: Sequence[Seen], n: int) -> tuple[Seen, Seen]:
    """The first moment with a tenth of the results and the last before all are there."""
    some = [one for one in found if n / 10 <= one.kept < n]
    return some[0], some[-1]


def throughput(folder: Path, n: int) -> float:
    """Grade with workers and without; how many one worker grades in a minute."""
    full = full_submissions(folder / "full", n)
    few = full_submissions(folder / "few", 4)
    settings = as_the_manual_says(folder / "of throughput")
    whole: dict[str, list[float]] = {}
    steady: dict[str, list[float]] = {}

    def measure(name: str, *options: object) -> None:
        found = seen_of(full, [*map(str, options)])
        first, last = while_grading(found, n)
        whole.setdefault(name, []).append(found[-1].at - found[0].at)
        steady.setdefault(name, []).append((last.at - first.at) / (last.kept - first.kept) * n)

    with (
        Machines(folder / "one", environment=settings) as one,
        Machines(folder / "two", environment=settings) as two,
    ):
        for workers, machines in ((1, one), (2, two)):
            machines.start_workers(workers)
            seen_of(few, ("--scheduler", machines.address))  # a cluster that is at work has everything loaded
        for _ in range(ROUNDS):
            for workers, machines in ((1, one), (2, two)):
                measure(f"dask {workers}", "--scheduler", machines.address)
                measure(f"here {workers}", "--jobs", workers)
    for what, times in (("from the command to the last file", whole), ("while results come", steady)):
        print(f"(a) {n} full submissions, the medians of {ROUNDS} rounds, {what}")
        for workers, name in ((1, "one worker "), (2, "two workers")):
            rate = 60 * n / median(times[f"dask {workers}"])
            ratio = beside_each_other(times, f"dask {workers}", f"here {workers}")
            print(f"    {name}   {rate:6.0f} a minute   {ratio:5.2f} x the time of a local batch of as many")
        print(f"    two workers against one   {beside_each_other(times, 'dask 1', 'dask 2'):5.2f} x", flush=True)
    return 60 * n / median(steady["dask 1"])


def beside_each_other(times: dict[str, list[float]], one: str, other: str) -> float:
    """How many times as long one took as the other, round for round: how fast a machine is changes by the minute."""
    return median(a / b for a, b in zip(times[one], times[other], strict=True))


def ceiling(folder: Path, sleepers: int, many: int, of_a_worker: float) -> None:
    """Feed workers that sleep, with every submission as large as a full one. of_a_worker: what one that does not sleep
    grades in a minute."""
    full = folder / "many"
    for i in range(many):
        (full / f"s{i:05}").mkdir(parents=True)
        for path in SOLUTIONS.glob("*.py"):
            os.link(path, full / f"s{i:05}" / path.name)
    with Machines(folder / "sleeping", environment=as_the_manual_says(folder / "of ceiling")) as machines:
        program = SLEEPERS.format(sleep=SLEEP, address=machines.address, number=sleepers)
        with (folder / "sleepers.log").open("wb") as log:
            sleeping = subprocess.Popen(
                [sys.executable, "-c", program], cwd=ROOT, env=machines.environment, stdout=log, stderr=log
            )
        try:
            end = time.monotonic() + START_SECONDS
            while machines.registered() < sleepers:
                assert sleeping.poll() is None and time.monotonic() < end, (folder / "sleepers.log").read_text()
                time.sleep(0.1)
            found = seen_of(full, ("--scheduler", machines.address), (machines.scheduler.pid, sleeping.pid))
        finally:
            machines.end(sleeping)
    first, last = while_grading(found, many)
    results = last.kept - first.kept
    rate = results / (last.at - first.at)
    print(f"(b) {sleepers} workers that sleep {SLEEP} s: {rate:.0f} results a second are kept")
    each = [1000 * (after - before) / results for before, after in zip(first.cpu, last.cpu, strict=True)]
    command, scheduler, workers = each
    print(f"    ms of CPU time for each: command {command:.1f}, scheduler {scheduler:.1f}, all workers {workers:.1f}")
    print(f"    that is the work of {60 * rate / of_a_worker:.0f} workers that grade {of_a_worker:.0f} a minute each")
    print(f"(c) {many} submissions: memory in MB of the command and the scheduler when so many were kept")
    for tenth in range(1, 11):
        row = next((one for one in found if many * tenth / 10.5 <= one.kept < many), last)
        print(f"    {row.kept:>7}  {row.memory[0]:>5}  {row.memory[1]:>5}")
    after = [one for one in found if one.kept == many]
    most = max(one.memory[0] for one in after)
    print(f"    {'written':>7}  {most:>5}        in {after[-1].at - after[0].at:.0f} s", flush=True)


def main() -> None:
    numbers = [int(argument) for argument in sys.argv[1:]]
    n, sleepers, many = [*numbers, *(150, 64, 10_000)[len(numbers) :]]
    with tempfile.TemporaryDirectory(dir=ROOT.parent) as folder:
        of_a_worker = throughput(Path(folder), n)
        ceiling(Path(folder), sleepers, many, of_a_worker)
    load = os.getloadavg()[2]
    print(f"({os.cpu_count()} cores, load {load:.1f}, Python {sys.version.split()[0]}, Dask {version('distributed')})")


if __name__ == "__main__":
    main()
