"""What a site is made of beside the kit: Pyodide, the editor, what the grader imports. npm and pip bring it, once."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.base import messages
from grader.base.errors import OutputError

PINNED = Path(__file__).parent / "pinned.toml"
PYTHON = "3.14"  # Pyodide's
PLATFORM = "manylinux2014_x86_64"  # of a wheel with compiled parts, which are left out: it has the same in Python
FETCH_SECONDS = 600.0
INDEX = "package"  # the folder that all files of an npm package are in


@dataclass(frozen=True)
class Pinned:
    """One package. manager: "npm" or "wheel". files: what of it is needed; of a wheel all that is Python."""

    manager: str
    name: str
    version: str
    bytes: int
    sha256: str
    files: tuple[str, ...] = ()

    @property
    def file(self) -> str:
        """Its name in the cache."""
        stem = self.name.removeprefix("@").replace("/", "-")
        return f"{stem}-{self.version}.{'tgz' if self.manager == 'npm' else 'whl'}"


def pinned() -> list[Pinned]:
    """All that is needed."""
    data: Mapping[str, Sequence[Mapping[str, Any]]] = tomllib.loads(PINNED.read_text("utf-8"))
    rows = [(manager, row) for manager, rows in data.items() for row in rows]
    return [Pinned(manager, **{**row, "files": tuple(row.get("files", ()))}) for manager, row in rows]


def folder() -> Path:
    """Where the cache is, unless somebody says otherwise."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "mg-grade" / "site"


def fetch(cache: Path) -> list[Pinned]:
    """Bring what is not there yet; what was brought. OutputError where that fails."""
    missing = [one for one in pinned() if not _is_right(cache / one.file, one)]
    if not missing:
        return []
    npm = shutil.which("npm")
    if npm is None and any(one.manager == "npm" for one in missing):
        raise OutputError(messages.SITE_NO_NPM)
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as temporary:
            for one in missing:
                target = Path(temporary) / one.file
                target.mkdir()
                _run(one, _npm(str(npm), one) if one.manager == "npm" else _pip(one), target)
                found = list(target.iterdir())
                if len(found) != 1 or not _is_right(found[0], one):
                    raise OutputError(messages.SITE_OTHER_FILE.format(name=one.name, version=one.version))
                shutil.move(found[0], cache / one.file)
    except OSError as error:
        raise OutputError(messages.CANNOT_WRITE.format(path=cache, why=error.strerror)) from error
    return missing


def contents(cache: Path, one: Pinned) -> dict[str, bytes]:
    """What a site takes of a package: {path in it: content}. OutputError where it is not in the cache."""
    path = cache / one.file
    if not _is_right(path, one):
        raise OutputError(messages.SITE_NOT_FETCHED.format(name=one.name, version=one.version, cache=cache))
    if one.manager == "npm":
        with tarfile.open(path) as archive:
            members = {name: archive.extractfile(f"{INDEX}/{name}") for name in one.files}
            return {name: member.read() for name, member in members.items() if member is not None}
    with zipfile.ZipFile(path) as wheel:
        names = [name for name in wheel.namelist() if not name.endswith((".so", ".c", ".pyi", "/"))]
        return {name: wheel.read(name) for name in names}


def _is_right(path: Path, one: Pinned) -> bool:
    try:
        if path.stat().st_size != one.bytes:
            return False
        return hashlib.sha256(path.read_bytes()).hexdigest() == one.sha256
    except OSError:
        return False


def _npm(npm: str, one: Pinned) -> list[str]:
    return [npm, "pack", "--silent", f"{one.name}@{one.version}"]


def _pip(one: Pinned) -> list[str]:
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--disable-pip-version-check"]
    only = ["--only-binary", ":all:", "--python-version", PYTHON, "--platform", PLATFORM]
    return [*pip, *only, f"{one.name}=={one.version}"]


def _run(one: Pinned, command: Sequence[str], where: Path) -> None:
    try:
        done = subprocess.run(
            command,
            cwd=where,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=FETCH_SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        raise OutputError(messages.SITE_FETCH_SLOW.format(name=one.name, version=one.version)) from error
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if "rror" in line] or done.stderr.splitlines() or [""]
        why = said[-1].strip()
        raise OutputError(messages.SITE_FETCH_FAILED.format(name=one.name, version=one.version, why=why))
