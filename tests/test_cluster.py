"""Grading a class on a Dask cluster: what comes out is what a local batch gives, whatever ends in the middle of it."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import MANUALS, ROOT, Run, missing_on_this_machine
from dask_machines import Machines, as_the_manual_says, certificates, of_every_kind, worker_processes
from test_batch import COMMAND, LEVEL, graded, many, table, wait_for

pytestmark = [pytest.mark.world, pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at /proc")]
SIZE = int(os.environ.get("MG_GRADE_CLUSTER_CLASS", "32"))  # of the class of every kind
KILLS = int(os.environ.get("MG_GRADE_CLUSTER_KILLS", "1"))  # of each kind of process
SECONDS = 600


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[Machines]:
    try:
        import distributed  # noqa: F401 - it is started by its commands
    except ImportError:
        missing_on_this_machine("Dask's distributed", "pip install -e '.[cluster]'")
    with Machines(tmp_path / "machines", environment=as_the_manual_says(tmp_path / "settings")) as machines:
        yield machines


def command(folder: Path, out: Path, *options: object) -> list[str]:
    return [*COMMAND, "batch", str(folder), "--out", str(out), "--sandbox", LEVEL, *map(str, options)]


def on(machines: Machines, folder: Path, out: Path, *options: object) -> subprocess.CompletedProcess[str]:
    line = command(folder, out, "--scheduler", machines.address, *options)
    env = machines.environment
    return subprocess.run(line, cwd=ROOT, env=env, capture_output=True, text=True, timeout=SECONDS, check=False)


def started(machines: Machines, folder: Path, out: Path) -> subprocess.Popen[str]:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background inherits it ignored
    try:
        line = command(folder, out, "--scheduler", machines.address)
        pipe = subprocess.PIPE
        return subprocess.Popen(line, cwd=ROOT, env=machines.environment, stdout=pipe, stderr=pipe, text=True)
    finally:
        signal.signal(signal.SIGINT, before)


def without_times(value: Any) -> Any:
    """A report without what is another each time."""
    if isinstance(value, dict):
        return {name: without_times(one) for name, one in value.items() if name not in ("seconds", "phases")}
    return [without_times(one) for one in value] if isinstance(value, list) else value


def rows(out: Path) -> int:
    """How many gradings were kept, those of one student each counted."""
    return graded(out)


def test_as_a_local_batch(tmp_path: Path, machines: Machines) -> None:
    """The same totals, the same reports and the same page, of submissions of every kind."""
    folder, here, there = (
        of_every_kind(tmp_path / "class", SIZE),
        tmp_path / "here" / "spring",
        tmp_path / "there" / "spring",
    )
    policy = tmp_path / "policy.toml"
    policy.write_text("format = 1\nseed = 3\n[points]\nmul = 10\n")
    machines.start_workers(2)
    done = on(machines, folder, there, "--policy", policy)
    assert done.returncode == 0, done.stderr
    assert f"Grading on 2 workers of {machines.address}. Dask's dashboard: http://127.0.0.1:" in done.stderr
    line = command(folder, here, "-j", 2, "--policy", policy)
    local = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS, check=True)
    assert done.stdout == local.stdout
    assert (there / "grades.csv").read_bytes() == (here / "grades.csv").read_bytes()
    names = sorted(path.name for path in (here / "reports").iterdir())
    assert sorted(path.name for path in (there / "reports").iterdir()) == names
    one: Any
    other: Any
    for name in names:
        one, other = ((out / "reports" / name).read_text(encoding="utf-8") for out in (here, there))
        if name.endswith(".json"):
            one, other = without_times(json.loads(one)), without_times(json.loads(other))
        if not name.startswith("hostile"):  # what these write among their answers is read as it happens to arrive
            assert one == other, name
        elif name.endswith(".json"):
            statuses = [[row["status"] for row in report["exercises"]] for report in (one, other)]
            assert statuses[0] == statuses[1], name
    assert (there / "index.html").read_text() == (here / "index.html").read_text()
    again = on(machines, folder, there, "--policy", policy)
    refused = sum(row["status"] == "refused" for row in table(there).values())
    assert f"0 graded, {refused} with nothing to grade, {SIZE - refused} unchanged" in again.stdout


def test_workers_that_are_killed(tmp_path: Path, machines: Machines) -> None:
    """Their nannies bring others, and what was in their hands is graded there."""
    folder, out, draw = many(tmp_path / "class", 40), tmp_path / "out", random.Random(4)
    workers = machines.start_workers(2)
    process = started(machines, folder, out)
    for kill in range(KILLS):
        wait_for(lambda enough=4 + 8 * kill: graded(out) >= enough or process.poll() is not None, 120)
        time.sleep(draw.uniform(0, 1))
        wait_for(lambda: worker_processes(workers))
        os.kill(draw.choice(worker_processes(workers)), signal.SIGKILL)
    said, err = process.communicate(timeout=SECONDS)
    assert (process.returncode, "Traceback" in err) == (0, False), err
    assert "is gone. What it had in hand goes elsewhere." in err
    assert "has joined." in err
    assert said.startswith("40 graded, 0 with nothing to grade, 0 unchanged, 0 that the grader failed on."), said
    assert rows(out) == 40
    assert {row["status"] for row in table(out).values()} == {"graded"}


def test_a_scheduler_that_is_killed(tmp_path: Path, machines: Machines) -> None:
    """What is done is in the gradebook; one line says so, and with the next scheduler the batch goes on from there."""
    folder, out, draw = many(tmp_path / "class", 12 * (KILLS + 1)), tmp_path / "out", random.Random(5)
    for _ in range(KILLS):
        workers = machines.start_workers(2)
        before = graded(out)
        process = started(machines, folder, out)
        wait_for(lambda before=before: graded(out) > before + 2, 120)
        time.sleep(draw.uniform(0, 1.5))
        machines.scheduler.kill()
        machines.scheduler.wait()
        _, err = process.communicate(timeout=30)
        assert process.returncode == 3, err
        assert err.splitlines()[-1].startswith(f"error: {machines.address} is lost: ")
        assert "Traceback" not in err
        assert len(table(out)) == graded(out) > before
        machines.end(workers)
        machines.start_scheduler()
    kept = graded(out)
    machines.start_workers(2)
    done = on(machines, folder, out)
    size = 12 * (KILLS + 1)
    assert f"{size - kept} graded, 0 with nothing to grade, {kept} unchanged" in done.stdout, done.stderr
    assert (rows(out), len(table(out))) == (size, size)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT], ids=lambda n: n.name)
def test_a_command_that_is_ended(tmp_path: Path, machines: Machines, number: signal.Signals) -> None:
    """The scheduler forgets what it had asked for, and the next run goes on from what was kept."""
    size = 12 * (KILLS + 1)
    folder, out, draw = many(tmp_path / "class", size), tmp_path / "out", random.Random(6)
    machines.start_workers(2)
    for _ in range(KILLS):
        before = graded(out)
        process = started(machines, folder, out)
        wait_for(lambda before=before: graded(out) > before + 2, 120)
        time.sleep(draw.uniform(0, 1))
        process.send_signal(number)
        _, err = process.communicate(timeout=30)
        assert "Traceback" not in err
        if number == signal.SIGINT:
            assert (process.returncode, err.splitlines()[-1]) == (130, "stopped.")
        wait_for(lambda: tasks(machines) == 0)
    kept = graded(out)
    done = on(machines, folder, out)
    assert f"{size - kept} graded, 0 with nothing to grade, {kept} unchanged" in done.stdout, done.stderr
    assert rows(out) == size


TASKS = """
import sys
from distributed import Client
with Client(sys.argv[1]) as client:
    print(client.run_on_scheduler(lambda dask_scheduler: len(dask_scheduler.tasks)))
"""


def tasks(machines: Machines) -> int:
    """How many tasks the scheduler knows."""
    line = [sys.executable, "-c", TASKS, machines.address]
    return int(subprocess.run(line, capture_output=True, text=True, check=True, timeout=60).stdout)


def test_other_versions_get_nothing(tmp_path: Path, machines: Machines) -> None:
    """Workers of another mg-grade, another kit or another Python are named with their versions; the others grade."""
    folder, out = many(tmp_path / "class", 3), tmp_path / "out"
    kit = tmp_path / "kit"
    for part in ("grader", "exercises", "solutions", "datasets"):
        shutil.copytree(ROOT / part, kit / part, ignore=shutil.ignore_patterns("__pycache__"))
    old = Path(shutil.copytree(kit, tmp_path / "old"))
    with (kit / "solutions" / "engine.py").open("a") as file:
        file.write("# another\n")
    version = old / "grader" / "__init__.py"
    version.write_text(re.sub('__version__ = ".*"', '__version__ = "0.0.1"', version.read_text()))
    machines.start_workers(1, {"PYTHONPATH": str(kit)})
    machines.start_workers(1, {"PYTHONPATH": str(old)})
    machines.start_workers(1, preload='import grader\ngrader.PYTHON = "3.99.1"\n')
    done = on(machines, folder, out)
    assert done.returncode == 2, done.stderr
    assert done.stderr.count("Nothing is graded at tcp://127.0.0.1:") == 3
    assert "there is mg-grade 0.0.1, kit micrograd" in done.stderr
    assert "Python 3.99.1, and here mg-grade" in done.stderr
    assert re.search(
        r"fingerprint (\w{8})\), Python ([\d.]+), and here .* \(fingerprint (?!\1)\w{8}\), Python \2\.", done.stderr
    )
    assert done.stderr.splitlines()[-1].startswith(f"error: no worker of {machines.address} can grade.")
    assert graded(out) == 0
    machines.start_workers(1)
    done = on(machines, folder, out)
    assert done.returncode == 0
    assert "Grading on 1 worker of" in done.stderr
    assert graded(out) == 3


def test_no_mg_grade_there(tmp_path: Path, machines: Machines) -> None:
    """A worker that has another one installed, or none, is named and left alone: it is there afterwards."""
    info = tmp_path / "installed" / "mg_grade-0.0.1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: mg-grade\nVersion: 0.0.1\n")
    machines.start_workers(1, {"PYTHONPATH": str(info.parent)})
    hides = "import sys\nfrom distributed import versions\nsys.modules['grader.classes.at_worker'] = None\n"
    machines.start_workers(1, preload=hides + "versions._version_cached = lambda name: None\n")
    done = on(machines, many(tmp_path / "class", 1), tmp_path / "out")
    assert done.returncode == 2, done.stderr
    for theirs in ("0.0.1", "none"):
        assert f"there is mg-grade {theirs}, Python " in done.stderr, done.stderr
    assert machines.registered() == 2


NO_SANDBOX = """
from grader.sandbox.confine import LEVELS
for level in LEVELS:
    if level.is_sandbox:
        type(level).why_not = lambda self: "not on this machine"
"""


def test_without_a_sandbox(tmp_path: Path, machines: Machines) -> None:
    """A worker that has none gets nothing and is named; where the risk is taken it grades."""
    folder, out = many(tmp_path / "class", 3), tmp_path / "out"
    machines.start_workers(1, preload=NO_SANDBOX)
    done = on(machines, folder, out)
    assert done.returncode == 2
    assert "Nothing is graded at tcp://127.0.0.1:" in done.stderr
    assert "no sandbox (" in done.stderr
    assert graded(out) == 0
    line = [*COMMAND, "batch", folder, "--out", out, "--unsafe-no-sandbox", "--scheduler", machines.address]
    subprocess.run(list(map(str, line)), cwd=ROOT, check=True, capture_output=True, timeout=SECONDS)
    reports = [json.loads(path.read_text()) for path in (out / "reports").glob("*.json")]
    assert [report["sandbox"]["level"] for report in reports] == ["limits"] * 3


LIES = """
import os, pickle
from grader.classes import at_worker
honest = at_worker.honest = getattr(at_worker, "honest", at_worker.graded)  # it is run twice

class Code:
    def __reduce__(self):
        return os.mkdir, ({mark!r},)

def lie(packed):
    name = pickle.loads(packed).entry.student.name
    {lie}
    return honest(packed)

at_worker.graded = lie
lie.__module__, lie.__qualname__ = "grader.classes.at_worker", "graded"
"""
PLAIN_LIES = {
    "return {'status': 'graded'}": "something else than bytes",
    "return b'nothing'": "no strict JSON object",
    """return b'{"status": "graded"}'""": "other keys than expected",
    "return honest(packed).replace(b's003', b's002')": "a report on somebody else",
}
ENDS = {
    "return Code()": "ended 3 workers",
    "raise OSError(packed)": "ended 3 workers",
    "os._exit(9)": "ended 3 workers",
}


@pytest.mark.parametrize("lies", [PLAIN_LIES, *({lie: told} for lie, told in ENDS.items())], ids=["plain", *ENDS])
def test_a_worker_that_lies(tmp_path: Path, machines: Machines, lies: dict[str, str]) -> None:
    """What it answers is an error of that submission and nothing more; no code of its runs where the class is kept."""
    folder, out, mark = many(tmp_path / "class", 7), tmp_path / "out", tmp_path / "mark"
    lie = "\n    ".join(f"if name == 's00{i}': {lie}" for i, lie in enumerate(lies))
    machines.start_workers(2, preload=LIES.format(lie=lie, mark=str(mark)))
    done = on(machines, folder, out)
    assert done.returncode == 3, done.stderr
    number = len(lies)
    said = f"{7 - number} graded, 0 with nothing to grade, 0 unchanged, {number} that the grader failed on."
    assert done.stdout.startswith(said), done.stderr
    for i, told in enumerate(lies.values()):
        (line,) = [line for line in done.stderr.splitlines() if line.startswith(f"s00{i}: ")]
        assert told in line
    rows = table(out).items()
    assert {name: row["status"] for name, row in rows if row["status"] != "graded"} == {
        f"s00{i}": "error" for i in range(number)
    }
    assert not mark.exists()


IMPATIENT = """
from grader.classes import cluster
from grader.cli import main
cluster.SILENT_SECONDS = 5.0
main()
"""


def test_a_worker_that_is_silent(tmp_path: Path, machines: Machines) -> None:
    """What it has in hand goes elsewhere after a while, of which the fixed part is shorter here."""
    folder, out, policy = many(tmp_path / "class", 5), tmp_path / "out", tmp_path / "policy.toml"
    policy.write_text("format = 1\ntime_budget = 5\n")
    machines.start_workers(
        1,
        preload="import time\n" + LIES.format(lie="time.sleep(1000)", mark=""),
    )
    machines.start_workers(1)
    line = [sys.executable, "-c", IMPATIENT, *command(folder, out, "--scheduler", machines.address)[len(COMMAND) :]]
    line += ["--policy", str(policy)]
    env = machines.environment
    done = subprocess.run(line, cwd=ROOT, env=env, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert "gets nothing more: for 25 seconds it has not answered." in done.stderr
    assert done.stdout.startswith("5 graded, 0 with nothing to grade"), done.stderr


def test_tls(tmp_path: Path) -> None:
    """With certificates as Dask is told of them everything is encrypted, and nobody without one is let in."""
    if not shutil.which("openssl"):
        missing_on_this_machine("openssl", "sudo apt install openssl")
    folder, out = many(tmp_path / "class", 2), tmp_path / "out"
    with certificates(tmp_path / "tls") as environment, Machines(tmp_path / "machines", "tls", environment) as machines:
        machines.start_workers(1)
        assert on(machines, folder, out).returncode == 0
        machines.environment = dict(os.environ)
        done = on(machines, folder, tmp_path / "other")
        # On a machine that is busy Dask notices late, as where a scheduler is lost.
        assert done.returncode in (2, 3), done.stderr
        assert "1 graded" not in done.stdout


def test_as_the_manual_says(tmp_path: Path) -> None:
    """The three commands for three machines, all on this one, with the settings for Dask."""
    manual = MANUALS["grader/classes/README.md"]
    found = re.search(r"```sh\n(dask scheduler.*?)\n(dask worker.*?)\n(mg-grade batch.*?)\n```", manual)
    assert found
    lines = [line.partition("  #")[0].split() for line in found.groups()]
    assert lines[0] == ["dask", "scheduler"]
    address = lines[1][2]
    assert lines[1][:2] == ["dask", "worker"]
    environment = as_the_manual_says(tmp_path / "settings")
    with Machines(tmp_path / "machines", environment=environment) as machines:
        env = machines.environment
        asked = [sys.executable, "-m", "dask", "config", "get", "distributed.worker.profile.enabled"]
        assert subprocess.run(asked, env=env, capture_output=True, text=True, check=False).stdout == "False\n"
        with (tmp_path / "log").open("wb") as log:
            worker = [sys.executable, "-m", "dask", "worker", machines.address, *lines[1][3:]]
            process = subprocess.Popen(worker, cwd=tmp_path, env=env, stdout=log, stderr=log)
        try:
            values = {
                "submissions": str(many(tmp_path / "class", 2)),
                "spring": str(tmp_path / "out"),
                address: machines.address,
            }
            line = [*COMMAND, *(values.get(word, word) for word in lines[2][1:])]
            done = subprocess.run(line, cwd=ROOT, env=env, capture_output=True, text=True, timeout=SECONDS, check=False)
            assert done.stdout.startswith("2 graded"), done.stderr
        finally:
            machines.end(process)


CANNED = """
from grader.classes import at_worker
def canned(packed):
    return at_worker.json.dumps({"status": "refused", "comment": "Nothing.", "content": "", "document": None,
        "sources": {}, "tracebacks": []}).encode()
at_worker.graded = canned
canned.__module__, canned.__qualname__ = "grader.classes.at_worker", "graded"
"""


def test_memory_stays_flat(tmp_path: Path, machines: Machines) -> None:
    """The command holds no more of a class than what is in hand."""
    folder, out = many(tmp_path / "class", 1000), tmp_path / "out"
    machines.start_workers(2, preload=CANNED)
    process = started(machines, folder, out)
    seen: list[tuple[int, int]] = []
    while process.poll() is None:
        kept = graded(out)
        resident = Path(f"/proc/{process.pid}/statm").read_text().split()
        seen += [(kept, int(resident[1]) * os.sysconf("SC_PAGESIZE"))] if resident else []
        time.sleep(0.2)
    said, err = process.communicate()
    assert "1000 with nothing to grade" in said, err
    early, late = ([size for kept, size in seen if low <= kept < high] for low, high in ((100, 400), (700, 1000)))
    assert early
    assert late
    assert max(late) < max(early) + 20 * 2**20


def test_no_scheduler(tmp_path: Path, mg_grade: Run) -> None:
    """Nobody there, no address at all, and no Dask: a line says which."""
    folder = many(tmp_path / "class", 1)
    nobody, nothing = "no Dask scheduler answers", "no address of a Dask"
    for address, said in (
        ("tcp://127.0.0.1:1", nobody),
        ("mailto:me", nothing),
        ("here", nothing),
        ("x://y:1", nothing),
    ):
        done = mg_grade("batch", folder, "--out", tmp_path / "out", "--sandbox", LEVEL, "--scheduler", address)
        assert (done.returncode, said in done.stderr, "Traceback" in done.stderr) == (2, True, False), done.stderr
    (tmp_path / "distributed.py").write_text("raise ImportError\n")
    env = {**os.environ, "PYTHONPATH": str(tmp_path)}
    line = ("batch", folder, "--out", tmp_path / "out", "--sandbox", LEVEL, "--scheduler", "tcp://127.0.0.1:1")
    done = mg_grade(*line, env=env)
    assert (done.returncode, "pip install 'mg-grade[cluster]'" in done.stderr) == (2, True)
    done = mg_grade(*line, "-j", "2")
    assert (done.returncode, "--jobs" in done.stderr) == (2, True)
