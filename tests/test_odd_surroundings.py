"""The command in odd surroundings: arguments, environments, streams, signals."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import MOST
from wild import COMMAND, SOLUTIONS, after, make, run

# The command and what is around it.


@pytest.mark.parametrize(
    "arguments",
    [
        ["--json", "/nowhere/at/all/report.json"],
        ["--json", "/proc/report.json"],
        ["--json", "/tmp"],
        ["--json", "/tmp/" + "x" * 300],
        ["--junit", ""],
        ["-e", "nothing"],
        ["--seed", "x"],
        ["--fail-under", "-1"],
        ["--fail-under", "nan"],
        ["--fail-under", "x"],
    ],
    ids=lambda arguments: " ".join(arguments)[:40],
)
def test_wrong_arguments(arguments: list[str]) -> None:
    """Arguments that make no sense end with 2 and a line or two."""
    done = run(SOLUTIONS, "-q", *arguments)
    assert done.returncode == 2
    assert 0 < len(done.stderr.splitlines()) < 8
    assert "Traceback" not in done.stderr
    assert "the grader failed" not in done.stderr


def test_more_than_everything() -> None:
    """A limit of more than the score is not reached, even with the bonus."""
    assert run(SOLUTIONS, "-q", "--fail-under", "103").returncode == 1


def test_an_odd_environment(tmp_path: Path) -> None:
    """Nobody's environment changes a grade."""
    stubs = {
        "PYTEST_ADDOPTS": "--collect-only",
        "PYTEST_PLUGINS": "nothing",
        "PYTHONSTARTUP": "/nowhere",
        "TERM": "dumb",
    }
    more = {"PYTHONDEVMODE": "1", "PYTHONIOENCODING": "ascii", "LC_ALL": "C", "COLUMNS": "3", "PYTHONOPTIMIZE": "2"}
    (tmp_path / "conftest.py").write_text("raise SystemExit('conftest was loaded')\n")
    done = run(SOLUTIONS, "-q", cwd=tmp_path, env={**stubs, **more, "NO_COLOR": "1"})
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{MOST:g} / {MOST:g}" in done.stdout


def test_warnings_as_errors() -> None:
    """Warnings of other packages, turned into errors by the environment, do not stop the grader."""
    done = run(SOLUTIONS, "-q", env={**os.environ, "PYTHONWARNINGS": "error"})
    assert done.returncode == 0
    assert f"{MOST:g} / {MOST:g}" in done.stdout


def test_in_the_folder_of_the_submission(tmp_path: Path) -> None:
    """Started in the folder of a submission, the command runs none of its files in its own process."""
    plant = "import os; os.write(2, b'planted')\n"
    names = ("random.py", "json.py", "click.py", "textwrap.py", "pytest.py", "conftest.py", "sitecustomize.py")
    folder = make(tmp_path / "s", dict.fromkeys(names, plant))
    done = run(".", "-q", cwd=folder)
    assert "planted" not in done.stderr
    assert f"{MOST:g} / {MOST:g}" in done.stdout


@pytest.mark.parametrize("folder", ["/proc", "deleted"])
def test_a_folder_that_is_no_place_to_be(tmp_path: Path, folder: str) -> None:
    """The current folder may be one that cannot be written to, or is gone."""
    script = "mkdir gone && cd gone && rmdir ../gone && " if folder == "deleted" else "cd /proc && "
    command = f'{script}exec "$0" -m grader "$1" -q -e sgd'
    done = subprocess.run(
        ["bash", "-c", command, sys.executable, str(SOLUTIONS)], cwd=tmp_path, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 / 1" in done.stdout


@pytest.mark.parametrize("redirection", [">&-", "2>&-", "<&-", "<&- >&- 2>&-", "| head -1", "| true"])
def test_streams_that_are_closed(redirection: str) -> None:
    """Where nobody reads the output, grading still ends as it should."""
    command = f'set -o pipefail; "$0" -m grader "$1" -e sgd --fail-under 100 {redirection}; exit $?'
    done = subprocess.run(
        ["bash", "-c", command, sys.executable, str(SOLUTIONS)], cwd="/", capture_output=True, text=True
    )
    assert done.returncode == 0
    assert "Traceback" not in done.stdout + done.stderr
    assert "error" not in done.stderr


def _children(parent: int) -> set[int]:
    """The processes that a process has started."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(stat.read_text().rpartition(")")[2].split()[1]) == parent:
                found.add(int(stat.parent.name))
    return found


def _alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at /proc")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL], ids=lambda n: n.name)
def test_a_grader_that_is_stopped(tmp_path: Path, number: signal.Signals) -> None:
    """However the grader ends, the process that runs learner code ends with it, without a traceback."""
    code = "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\ntime.sleep(10**6)"
    folder = make(tmp_path / "s", {"derivatives.py": after(code)})
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background inherits it ignored
    try:
        process = subprocess.Popen(
            [*COMMAND, str(folder)], cwd="/", stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
    finally:
        signal.signal(signal.SIGINT, before)
    end = time.monotonic() + 20
    while not (workers := _children(process.pid)) and time.monotonic() < end:
        time.sleep(0.02)
    time.sleep(1.0)  # until it sleeps
    process.send_signal(number)
    out, err = process.communicate(timeout=20)
    end = time.monotonic() + 3
    while any(map(_alive, workers)) and time.monotonic() < end:
        time.sleep(0.05)
    left = {worker for worker in workers if _alive(worker)}
    for worker in left:
        os.kill(worker, signal.SIGKILL)
    assert workers
    assert left == set()
    assert "Traceback" not in out + err
    if number == signal.SIGINT:
        assert (process.returncode, err.strip()) == (130, "stopped.")
