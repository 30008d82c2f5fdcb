"""The autograder for Gradescope: its scripts beside stand-ins for what an image has, and in a Debian 11 of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import time
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import BONUS, MOST, NOT_HERE, ROOT, Run, missing_on_this_machine

from grader.base import messages
from grader.kit import read_kit
from grader.kit.asking import DEFAULT_SEED
from grader.upkeep import autograder_zip

SCRIPTS = ("setup.sh", "run_autograder")
# A Python: it has a version, makes virtual environments that have it as well, and installs what pip is told to.
PYTHON = """#!/bin/bash
case "$*" in
*version_info*) [ {version} -ge 11 ] ;;
"-m venv "*) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
*pip*) echo "$0 $*" >> {log}; {pip} ;;
*grader*) echo 0.0 ;;
esac
"""
# The packages of a distribution: one more Python, or none.
APT = """#!/bin/bash
case "$*" in
*python3.12*) [ -e {python} ] && cp {python} "$(dirname "$0")/python3.12" ;;
*python3.1*) exit 100 ;;
esac
"""
UV = """#!/bin/bash
[ "$2" = find ] && echo {python}
exit {status}
"""


def unpacked(root: Path, sandbox: str = "required") -> Path:
    """A root as Gradescope makes it, with the archive in source/ and nothing handed in yet."""
    for folder in ("source", "submission", "results"):
        (root / folder).mkdir(parents=True)
    file = root / "autograder.zip"
    file.write_bytes(autograder_zip.archive(read_kit(), sandbox, DEFAULT_SEED))
    with zipfile.ZipFile(file) as archive:
        archive.extractall(root / "source")
    return root


def program(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpacked(tmp_path_factory.mktemp("image") / "autograder")


def results(root: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((root / "results" / "results.json").read_text())
    return found


def is_without_score(root: Path) -> bool:
    found = results(root)
    return not {"score", "tests"} & found.keys() and found["output"] == messages.ZIP_FAILED


def run_script(root: Path, script: str, path: str = os.environ["PATH"], **env: str) -> subprocess.CompletedProcess[str]:
    """A script of an archive, run as Gradescope does."""
    return subprocess.run(
        ["bash", str(root / "source" / script)],
        env={"AUTOGRADER": str(root), "PATH": path} | env,
        check=False,
        cwd="/",
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_the_archive_grades(tmp_path: Path, mg_grade: Run) -> None:
    """Unpacked as Gradescope does it, the archive grades a submission by itself and writes results.json."""
    root = unpacked(tmp_path / "autograder")
    assert mg_grade("autograder-zip", tmp_path / "same.zip", "--seed", DEFAULT_SEED).returncode == 0
    assert (tmp_path / "same.zip").read_bytes() == (root / "autograder.zip").read_bytes()
    needs = (root / "source" / "requirements.txt").read_text().split()
    assert any(need.startswith("click") for need in needs)
    shutil.copytree(ROOT / "solutions", root / "submission", dirs_exist_ok=True)
    assert run_script(root, "run_autograder", PYTHON=sys.executable).returncode == 0
    assert results(root)["score"] == MOST + BONUS
    shutil.rmtree(root / "submission")
    (root / "submission").mkdir()
    run_script(root, "run_autograder", PYTHON=sys.executable)
    assert results(root)["score"] == 0
    assert "holds no Python files" in results(root)["output"]
    (root / "source" / "grader" / "cli" / "grade.py").unlink()
    shutil.copytree(ROOT / "solutions", root / "submission", dirs_exist_ok=True)
    assert run_script(root, "run_autograder", PYTHON=sys.executable).returncode == 0
    assert is_without_score(root)
    assert sorted(path.name for path in (root / "results").iterdir()) == ["results.json"]


@pytest.mark.parametrize("python", ["", "exit 1", "kill -9 $$", "sleep 60", "exit 0"])
def test_there_is_always_a_result(image: Path, tmp_path: Path, python: str) -> None:
    """Whatever becomes of the grader, results.json is there and has no score, and the instructor is told."""
    grader = program(tmp_path / "python", f"#!/bin/bash\n{python}\n") if python else tmp_path / "none"
    (image / "results" / "results.json").write_text('{"score": 122}')
    done = run_script(image, "run_autograder", PYTHON=str(grader), SECONDS_AT_MOST="1")
    assert done.returncode == 0
    assert is_without_score(image)
    assert messages.ZIP_SAYS["NO_REPORT"] in done.stdout


def test_a_result_on_a_full_disk(image: Path, tmp_path: Path) -> None:
    """Where nothing can be written, results.json is a link to what says so."""
    program(tmp_path / "bin" / "cp", '#!/bin/bash\n: > "$2"\nexit 1\n')
    run_script(image, "run_autograder", f"{tmp_path / 'bin'}:{os.environ['PATH']}", PYTHON="/bin/false")
    assert is_without_score(image)


def test_a_result_where_the_script_is_killed(image: Path, tmp_path: Path) -> None:
    """What ends the script at once leaves a valid results.json as well."""
    grader = program(tmp_path / "python", f"#!/bin/bash\ntouch {tmp_path}/begun\nexec sleep 2\n")
    env = {"AUTOGRADER": str(image), "PATH": os.environ["PATH"], "PYTHON": str(grader)}
    script = ["bash", str(image / "source" / "run_autograder")]
    with subprocess.Popen(script, env=env) as running:
        while not (tmp_path / "begun").exists():
            time.sleep(0.01)
        running.kill()
    assert is_without_score(image)


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """An image whose own Python is too old, with nothing installed: bin/ holds all that it has."""
    root = unpacked(tmp_path / "autograder")
    for name in ("bash", "mkdir", "cp", "dirname"):
        (root / "bin").mkdir(exist_ok=True)
        (root / "bin" / name).symlink_to(shutil.which(name) or "")
    program(root / "bin" / "python3", PYTHON.format(version=10, log=root / "log", pip=":"))
    program(root / "bin" / "apt-get", APT.format(python=root / "newer"))
    return root


def test_python_from_the_distribution(made: Path) -> None:
    """Where the distribution has a Python that is new enough beside its own, that is taken."""
    program(made / "newer", PYTHON.format(version=12, log=made / "log", pip=":"))
    done = run_script(made, "setup.sh", str(made / "bin"))
    assert (done.returncode, done.stderr) == (0, "")
    assert (made / "log").read_text().startswith(f"{made}/source/venv/bin/python -m pip install")


def test_python_from_uv(made: Path) -> None:
    """Where the distribution has none, uv is installed, and brings one."""
    newer = program(made / "newer-uv", PYTHON.format(version=12, log=made / "log", pip=":"))
    program(made / "bin" / "uv", UV.format(python=newer, status=0))
    assert run_script(made, "setup.sh", str(made / "bin")).returncode == 0
    assert "venv/bin/python -m pip install" in (made / "log").read_text()


def test_no_python(made: Path) -> None:
    """Where there is none at all, the build of the image stops and says what to choose."""
    program(made / "bin" / "uv", UV.format(python="", status=1))
    done = run_script(made, "setup.sh", str(made / "bin"))
    assert (done.returncode, done.stderr) == (1, f"mg-grade: {messages.ZIP_SAYS['NO_PYTHON']}\n")


def test_nothing_to_install_from(made: Path) -> None:
    """A package that is not to be had stops the build of the image as well."""
    program(made / "newer", PYTHON.format(version=12, log=made / "log", pip="exit 1"))
    done = run_script(made, "setup.sh", str(made / "bin"))
    assert (done.returncode, done.stderr) == (1, f"mg-grade: {messages.ZIP_SAYS['NOT_INSTALLED']}\n")
    program(made / "bin" / "apt-get", "#!/bin/bash\nexit 100\n")
    done = run_script(made, "setup.sh", str(made / "bin"))
    assert (done.returncode, done.stderr) == (1, f"mg-grade: {messages.ZIP_SAYS['NO_PACKAGES']}\n")


def test_the_scripts_are_clean(image: Path) -> None:
    """shellcheck finds nothing in them, and setup.sh asks for the Python that the kit asks for."""
    needs = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    assert f"sys.version_info < ({needs.removeprefix('>=').replace('.', ', ')})" in (
        (image / "source" / "setup.sh").read_text()
    )
    if shutil.which("shellcheck") is None:
        missing_on_this_machine("shellcheck", "install shellcheck")
    done = subprocess.run(["shellcheck", *(str(image / "source" / name) for name in SCRIPTS)], capture_output=True)
    assert done.stdout.decode() == ""


# What stands in for the Python that uv would bring: this one, with the libraries that it is linked with.
STANDIN = """#!/bin/bash
exec /standin/libs/ld-linux-x86-64.so.2 --argv0 "$0" --library-path /standin/libs /standin/libs/python "$@"
"""
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")


@pytest.fixture
def debian_11(tmp_path: Path) -> Iterator[Path]:
    """A Debian 11 of its own (Python 3.9), with the network of this machine. It is made once, and kept in a cache."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "mg-grade-tests" / "bullseye"
    if os.geteuid() or shutil.which("debootstrap") is None or sys.platform != "linux":
        pytest.skip(f"{NOT_HERE}a Debian 11 is not available. To have it: install debootstrap, and run this as root")
    if not cache.exists():
        unfinished = cache.with_name("bullseye.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        # No name of a mirror: that which debootstrap knows.
        command = ["debootstrap", "--variant=minbase", "--include=ca-certificates,python3", "bullseye", str(unfinished)]
        if subprocess.run(command, check=False, capture_output=True).returncode:
            pytest.skip(f"{NOT_HERE}a Debian 11 is not available. To have it: reach the packages of Debian")
        unfinished.rename(cache)
    root = tmp_path / "debian"
    subprocess.run(["cp", "-a", cache, root], check=True)
    for path in (Path("/etc/resolv.conf"), CERTIFICATES):
        shutil.copy(path, root / path.relative_to("/"))
    yield root
    shutil.rmtree(root)


def inside(root: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """A command in that Debian."""
    env = {name: value for name, value in os.environ.items() if name.lower().endswith("_proxy")}
    env |= {"PATH": "/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root"}
    env |= {"PIP_CERT": str(CERTIFICATES), "SSL_CERT_FILE": str(CERTIFICATES)}
    return subprocess.run(["chroot", str(root), *command], env=env, check=False, capture_output=True, text=True)


def put_standin(root: Path) -> None:
    """A uv that brings this machine's Python, which finds its libraries beside itself."""
    libs = root / "standin" / "libs"
    libs.mkdir(parents=True)
    version = f"python{sysconfig.get_python_version()}"
    python = Path(sys.base_prefix, "bin", version).resolve()
    standard = Path(os.__file__).parent
    shutil.copytree(
        standard, root / "standin" / "lib" / version, ignore=shutil.ignore_patterns("test", "site-packages", "*.pyc")
    )
    modules = [str(path) for path in standard.glob("lib-dynload/*.so")]
    said = subprocess.run(["ldd", str(python), *modules], capture_output=True, text=True, check=False).stdout
    for word in {word for word in said.split() if word.startswith("/") and Path(word).is_file()} - set(modules):
        shutil.copy(word, libs)
    shutil.copy(python, libs / "python")
    program(root / "standin" / "bin" / version, STANDIN)
    program(root / "usr" / "local" / "bin" / "uv", UV.format(python=f"/standin/bin/{version}", status=0))


@pytest.mark.world  # it makes a Debian the first time, and installs twice: a minute or two
def test_in_a_debian_11(debian_11: Path) -> None:
    """Where the image's Python is too old, it stops clearly or installs what it needs; with a Python, it grades."""
    root = unpacked(debian_11 / "autograder", "limits")
    shutil.copytree(ROOT / "solutions", root / "submission", dirs_exist_ok=True)
    assert inside(debian_11, "python3", "--version").stdout.startswith("Python 3.9")
    done = inside(debian_11, "bash", "/autograder/source/setup.sh")
    assert inside(debian_11, "bash", "/autograder/source/run_autograder").returncode == 0
    if done.returncode:  # uv's Pythons cannot be reached from here
        assert done.stderr.endswith(f"mg-grade: {messages.ZIP_SAYS['NO_PYTHON']}\n"), done.stderr
        assert is_without_score(root)
        put_standin(debian_11)
        done = inside(debian_11, "bash", "/autograder/source/setup.sh")
        assert done.returncode == 0, done.stderr
        assert inside(debian_11, "bash", "/autograder/source/run_autograder").returncode == 0
    assert results(root)["score"] == MOST + BONUS
