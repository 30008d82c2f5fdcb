"""A Dask cluster on this machine, a scheduler and workers as processes of their own, and a class to grade on it."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType

from conftest import ROOT
from test_batch import children, wait_for
from test_intake import EDITION, ONE_NAMESPACE
from test_mistakes import MISTAKES, make

START_SECONDS = 60.0
DASK = [sys.executable, "-m", "dask"]


def as_the_manual_says(folder: Path) -> dict[str, str]:
    """The environment of machines with the settings for Dask that the manual shows."""
    manual = (ROOT / "grader" / "classes" / "README.md").read_text()
    folder.mkdir()
    (folder / "mg-grade.yaml").write_text(manual.partition("```yaml\n")[2].partition("```")[0])
    return {"DASK_CONFIG": str(folder)}


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Machines:
    """Use it as a context manager: whatever it has started is ended."""

    def __init__(self, folder: Path, scheme: str = "tcp", environment: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)
        self.port = free_port()
        self.address = f"{scheme}://127.0.0.1:{self.port}"
        self.environment = {**os.environ, **(environment or {})}
        self._started: list[subprocess.Popen[bytes]] = []
        self._log = folder / "scheduler.log"
        self.scheduler: subprocess.Popen[bytes]

    def __enter__(self) -> Machines:
        self.start_scheduler()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for process in reversed(self._started):
            self.end(process)

    def start_scheduler(self) -> None:
        self._log.unlink(missing_ok=True)
        options = ["--host", "127.0.0.1", "--port", str(self.port), "--dashboard-address", "127.0.0.1:0"]
        self.scheduler = self._start(["scheduler", *options], self._log)
        wait_for(lambda: "Scheduler at:" in self._said(), START_SECONDS)

    def start_workers(
        self, number: int = 1, environment: Mapping[str, str] | None = None, preload: str = ""
    ) -> subprocess.Popen[bytes]:
        """Workers with a nanny each, once they are registered. preload: a program that each runs first."""
        options = ["--nworkers", str(number), "--nthreads", "1", "--no-dashboard", "--host", "127.0.0.1"]
        options += ["--local-directory", str(self.folder / "local")]
        if preload:
            file = self.folder / f"preload{len(self._started)}.py"
            file.write_text(preload)
            options += ["--preload", str(file)]
        before = self.registered()
        log = self.folder / f"workers{len(self._started)}.log"
        process = self._start(["worker", self.address, *options], log, environment)
        wait_for(lambda: self.registered() >= before + number, START_SECONDS)
        return process

    def registered(self) -> int:
        """How many workers have come so far."""
        return self._said().count("Register worker addr")

    def end(self, process: subprocess.Popen[bytes]) -> None:
        """End one, and all that it has started."""
        below = children(process.pid)
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(3)
        for one in [*below, process.pid]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        process.wait()

    def _said(self) -> str:
        return self._log.read_text(errors="replace") if self._log.exists() else ""

    def _start(
        self, arguments: list[str], log: Path, environment: Mapping[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        with log.open("wb") as file:
            env = {**self.environment, **(environment or {})}
            process = subprocess.Popen([*DASK, *arguments], cwd=self.folder, env=env, stdout=file, stderr=file)
        self._started.append(process)
        return process


def worker_processes(workers: subprocess.Popen[bytes]) -> list[int]:
    """Those of the processes below `dask worker` that are the workers themselves."""
    found = []
    for process in children(workers.pid):
        with contextlib.suppress(OSError):
            if b"spawn_main" in Path(f"/proc/{process}/cmdline").read_bytes():
                found.append(process)
    return found


def of_every_kind(folder: Path, n: int) -> Path:
    """A class of n: solutions, stubs, mistakes, hostile ones, notebooks, archives, and some with nothing to grade."""
    hostile = sorted(path for path in (ROOT / "tests" / "hostile").iterdir() if (path / "submission").is_dir())
    told = {path: json.loads((path / "expected.json").read_text()) for path in hostile}
    quick = [path for path in hostile if "seconds" not in told[path] and told[path]["lost"] is not None]
    mistakes = list(MISTAKES.values())
    folder.mkdir(parents=True)
    for kind, i in ((i % 8, i // 8) for i in range(n)):
        if kind in (0, 1):
            shutil.copytree(ROOT / "solutions", folder / f"full{kind}{i:03}")
            with (folder / f"full{kind}{i:03}" / "engine.py").open("a") as file:
                file.write(f"# {i}\n")
        elif kind == 2:
            shutil.copytree(ROOT / "exercises", folder / f"stubs{i:03}")
        elif kind in (3, 4):
            mistake = mistakes[(2 * i + kind) * 7 % len(mistakes)]
            shutil.copytree(ROOT / "solutions", folder / f"mistake{kind}{i:03}")
            make(folder / f"mistake{kind}{i:03}", mistake)
        elif kind == 5:
            shutil.copytree(quick[i * 3 % len(quick)] / "submission", folder / f"hostile{i:03}")
        elif kind == 6:
            (folder / f"book{i:03}.ipynb").write_bytes((EDITION.encode(), ONE_NAMESPACE)[i % 2] + b"\n" * i)
        elif i % 4 == 3:
            (folder / f"nothing{i:03}").mkdir()
            (folder / f"nothing{i:03}" / "essay.pdf").write_bytes(b"%PDF")
        else:
            with zipfile.ZipFile(folder / f"zip{i:03}.zip", "w") as archive:
                for path in (ROOT / "solutions").glob("*.py"):
                    archive.writestr(f"work {i}/{path.name}", path.read_text() + f"# {i}\n")
    return folder


@contextlib.contextmanager
def certificates(folder: Path) -> Iterator[dict[str, str]]:
    """The environment by which Dask finds a certificate of its own authority, made for the occasion."""
    folder.mkdir()
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=cluster"]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    subprocess.run([*command, *files], check=True, capture_output=True)
    names = {"CA_FILE": "cert.pem"}
    names |= {
        f"{who}__{what.upper()}": f"{what}.pem" for who in ("SCHEDULER", "WORKER", "CLIENT") for what in ("key", "cert")
    }
    found = {f"DASK_DISTRIBUTED__COMM__TLS__{name}": str(folder / file) for name, file in names.items()}
    yield {**found, "DASK_DISTRIBUTED__COMM__REQUIRE_ENCRYPTION": "true"}  # as the manual says
