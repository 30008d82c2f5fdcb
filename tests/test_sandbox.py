"""Levels of confinement: which is chosen, that canaries judge and not versions, that honest work scores the same.

tests/test_hostile.py says what the levels keep learner code from.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import importlib.metadata
import json
import os
import select
import shutil
import stat
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from conftest import NOT_HERE, ROOT, Run, every, needs_level
from hypothesis import example, given, settings
from hypothesis import strategies as st

from grader import __version__
from grader.base.errors import GraderError, LearnerFault, NoSandboxError
from grader.grading.pipeline import grade
from grader.intake.opening import texts
from grader.intake.submission import read_submission
from grader.intake.tree import Cells, Refused
from grader.kit import read_kit
from grader.sandbox import confine, interpreter, seccomp
from grader.sandbox.confine import LEVELS, LIMITS, Examination, choose, examine, start_worker
from grader.sandbox.levels import Level, Settings, Start
from grader.sandbox.process import WorkerProcess

SANDBOXES = [level for level in LEVELS if level.is_sandbox]


@pytest.fixture(params=LEVELS, ids=lambda level: level.name)
def level(request: pytest.FixtureRequest) -> Level:
    """Each level that there is on this machine."""
    needs_level(request.param.name)
    return request.param  # type: ignore[no-any-return]  # what params holds


@pytest.fixture
def examined_anew() -> Iterator[None]:
    """Examinations are not remembered from before, nor afterwards."""
    examine.cache_clear()
    yield
    examine.cache_clear()


# What each level keeps from happening, and who finds out.


@pytest.mark.parametrize("sandbox", SANDBOXES, ids=lambda level: level.name)
def test_canaries_fail_in_a_sandbox(sandbox: Level) -> None:
    """In a sandbox everything that canaries try is impossible."""
    needs_level(sandbox.name)
    found = examine(sandbox)
    assert found.why_not == ""
    assert set(found.canaries) == {"read", "write", "process", "network", "signal"}
    assert all(found.canaries.values())


def test_canaries_live_without_a_sandbox() -> None:
    """The canaries do try: with limits alone root can do nearly all of it, and nothing is left of that."""
    found = examine(LIMITS)
    possible = {name for name, why_not in found.canaries.items() if not why_not}
    assert possible >= {"read", "write", "network", "signal"}
    assert not [path for path in Path(tempfile.gettempdir()).iterdir() if "canary" in path.name]


@pytest.mark.parametrize(
    "possible",
    [{"read": [os.__file__]}, {"write": ["/dev/fd/../../dev/null/.."]}, {"read": ["/nonexistent", os.__file__]}],
    ids=["it can read", "nothing to try", "it can read one of two"],
)
@pytest.mark.parametrize("sandbox", SANDBOXES, ids=lambda level: level.name)
@pytest.mark.usefixtures("examined_anew")
def test_a_level_that_leaks_is_not_used(
    monkeypatch: pytest.MonkeyPatch, sandbox: Level, possible: dict[str, list[str]]
) -> None:
    """Where one canary lives the level is not used, whatever its kernel or its version says."""
    needs_level(sandbox.name)
    all_canaries = confine.canaries()
    leaking = {**all_canaries, **possible} if "read" in possible else {}
    monkeypatch.setattr(confine, "canaries", lambda: leaking)
    examine.cache_clear()
    assert "does not hold" in examine(sandbox).why_not
    with pytest.raises(NoSandboxError, match=f"no sandbox .{sandbox.name}: "):
        choose(sandbox.name)
    with pytest.raises(GraderError, match="does not hold"):
        start_worker(sandbox).await_hello()


def _program(folder: Path, name: str, text: str) -> dict[str, str]:
    """An environment in which a program of that name is found first."""
    (folder / name).write_text(text)
    (folder / name).chmod(0o755)
    return {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}


LAX = """#!{python}
import os, sys
at = sys.argv.index("--ro-bind")
os.execv({bwrap!r}, ["bwrap", *sys.argv[1:at], "--ro-bind", "/etc", "/etc", *sys.argv[at:]])
"""


def test_a_bubblewrap_that_is_lax(tmp_path: Path, mg_grade: Run) -> None:
    """A bwrap that does not do all that it is asked to is found out, and the next level is taken."""
    needs_level("bubblewrap")
    needs_level("landlock")
    script = LAX.format(python=sys.executable, bwrap=shutil.which("bwrap"))
    done = mg_grade("doctor", env=_program(tmp_path, "bwrap", script))
    assert "!!  bubblewrap: the level bubblewrap does not hold here: possible was read" in done.stdout
    assert "Submissions are confined by landlock." in done.stdout
    assert done.returncode == 0


def test_a_bubblewrap_that_may_not(tmp_path: Path, mg_grade: Run) -> None:
    """Where namespaces are forbidden, doctor says what bwrap said and how to allow them."""
    said = "bwrap: No permissions to create new namespace"
    env = _program(tmp_path, "bwrap", f"#!/bin/sh\necho {said!r} >&2\nexit 1\n")
    done = mg_grade("doctor", env=env)
    assert said in done.stdout
    assert "user namespaces" in done.stdout


def test_no_bubblewrap(tmp_path: Path, mg_grade: Run) -> None:
    """Without bwrap the next level is used, and doctor gives the command that installs it."""
    needs_level("landlock")
    for name in ("ldd", "sh", "bash", "cat"):
        (tmp_path / name).symlink_to(str(shutil.which(name)))
    env = {**os.environ, "PATH": str(tmp_path)}
    done = mg_grade("doctor", env=env)
    assert "!!  bubblewrap: bwrap is not installed" in done.stdout
    assert "For a better one: install bubblewrap (`sudo apt install bubblewrap`" in done.stdout
    done = mg_grade("solutions", "-e", "add", "--json", "-", env=env)
    assert json.loads(done.stdout)["sandbox"]["level"] == "landlock"
    assert done.stderr == ""
    done = mg_grade("solutions", "--sandbox", "bubblewrap", env=env)
    assert done.returncode == 2
    assert done.stderr.startswith("error: no sandbox (bubblewrap: bwrap is not installed)")


WITHOUT = """
import sys
from grader.sandbox.levels.{module} import {name}
{name}.why_not = lambda self: "taken away"
"""


@pytest.fixture
def bare(mg_grade: Run) -> Run:
    """The command, as a process, on a machine that has no sandbox."""
    taken = "".join(WITHOUT.format(module=level.name, name=type(level).__name__) for level in SANDBOXES)

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        code = f"{taken}\nsys.argv[1:] = {list(arguments)!r}\nfrom grader.cli import main\nmain()"
        command = [sys.executable, "-c", code]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, cwd=ROOT)

    return run


def test_self_study_falls_back(bare: Run) -> None:
    """One's own code is graded without a sandbox, with one line that says so; the report records the level."""
    done = bare("solutions", "-e", "add", "--json", "-")
    assert json.loads(done.stdout)["sandbox"]["level"] == "limits"
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("warning: there is no sandbox here")
    assert done.returncode == 0


def test_strangers_code_is_refused(bare: Run) -> None:
    """Where a sandbox is required and there is none, nothing is run: exit 2, the reasons, and what to do."""
    done = bare("solutions", "--sandbox", "required")
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == (
        "error: no sandbox (bubblewrap: taken away; landlock: taken away).\n"
        f"Fix: {SANDBOXES[0].fix}. To accept the risk: --unsafe-no-sandbox\n"
    )
    done = bare("solutions", "-e", "add", "--unsafe-no-sandbox", "-q")
    assert (done.returncode, done.stderr) == (0, "")
    done = bare("solutions", "-e", "add", "--unsafe-no-sandbox", "--sandbox", "required", "-q")
    assert done.returncode == 2
    assert done.stderr == "error: --unsafe-no-sandbox and --sandbox required exclude each other.\n"


def test_doctor_without_a_sandbox(bare: Run) -> None:
    """doctor exits with 1 where strangers' code could not be graded."""
    done = bare("doctor")
    assert done.returncode == 1
    assert "There is no sandbox here" in done.stdout


def test_doctor(mg_grade: Run) -> None:
    """doctor shows versions, every level, every canary, and which level is used."""
    done = mg_grade("doctor")
    chosen = choose().level
    assert done.returncode == (0 if chosen.is_sandbox else 1)
    assert done.stdout.startswith(
        f"mg-grade {__version__}, kit micrograd {read_kit().manifest.version}, Python {sys.version.split()[0]} ("
    )
    for one in LEVELS:
        assert one.name in done.stdout
    assert done.stdout.count("open a socket") == sum(1 for one in LEVELS if examine(one).canaries)
    assert f"Submissions are confined by {chosen.name}." in done.stdout


# The same work gets the same points.


def test_honest_work_scores_the_same(level: Level) -> None:
    """At every level the solutions get full marks, with every test the same."""
    report = grade(read_submission(ROOT / "solutions", read_kit().manifest), read_kit(), level=level)
    assert (report.confinement.level, report.points, report.notes) == (level.name, report.max_points, ())


# They need a screen or a terminal.
NOT_THERE = {"curses", "_curses", "_curses_panel", "_tkinter", "tkinter", "turtle", "readline", "idlelib", "turtledemo",
             "nis", "crypt", "_crypt", "_dbm", "_gdbm", "antigravity", "this"}  # fmt: skip


def test_the_standard_library_is_there(level: Level) -> None:
    """What of the standard library can be imported here can be imported at every level, in a list with others too."""
    names = sorted(sys.stdlib_module_names - NOT_THERE)
    script = (
        f"found = []\nfor name in {names}:\n    try: __import__(name); found.append(name)\n    except ImportError: pass"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"{script}\nprint(*found)"], capture_output=True, text=True, check=True
    )
    worker = start_worker(level)
    found: Any = worker.probe(script, ["found"], 30.0)
    worker.kill()
    assert set(done.stdout.split()) - set(found[0]) == set()


@pytest.mark.parametrize("missing", ["numpy as np, math", "math, sqlite3 as s, turtle", "numpy, turtle as t, math"])
def test_what_cannot_be_imported_costs_itself(solved: Path, missing: str, level: Level) -> None:
    """In `import a, b`, a that is not there costs b nothing, and only a is said to be missing."""
    for file in solved.glob("*.py"):
        file.write_text(file.read_text().replace("import math\n", f"import {missing}\n"))
    report = grade(read_submission(solved, read_kit().manifest), read_kit(), level=level)
    assert report.points == report.max_points
    assert not [found for found in map(str, report.notes) if "math" in found or "sqlite3" in found]


def test_what_is_forbidden_is_said(solved: Path) -> None:
    """Where the sandbox stopped the code, the learner reads that it did."""
    level = next((one for one in SANDBOXES if not examine(one).why_not), None)
    if level is None:
        needs_level(SANDBOXES[0].name)
    text = (solved / "engine.py").read_text()
    text = text.replace("    def exp(self):\n", "    def exp(self):\n        open('log.txt', 'w').write('x')\n")
    text = text.replace(
        "    def log(self):\n", "    def log(self):\n        __import__('threading').Thread(target=print).start()\n"
    )
    text = text.replace("    def tanh(self):\n", "    def tanh(self):\n        bytes(10**10)\n")
    (solved / "engine.py").write_text(text)
    report = grade(read_submission(solved, read_kit().manifest), read_kit(), only=["exp", "log", "tanh"], level=level)
    errors = {r.id: r.tests[0].finding.error for r in report.results if r.tests and r.tests[0].finding}
    assert errors["exp"].endswith("While grading, no file can be written, and no thread, process or connection opened")
    assert "While grading" in errors["log"]
    assert errors["tanh"] == "MemoryError: more than 512 MB"


PEOPLE = {"root": 0, "nobody": 65534}
PYTHONS = {
    "this one": sys.executable,
    "Debian's": "/usr/bin/python3",
    **{
        f"pyenv {path.parent.parent.name}": str(path)
        for path in Path.home().glob(".pyenv/versions/3.1[1-9]*/bin/python3")
    },
}


@pytest.fixture(scope="module")
def for_all() -> Iterator[Path]:
    """A folder that everybody can read, with the kit and the packages that the grader needs."""
    folder = Path(tempfile.mkdtemp(prefix="mg-grade-test-", dir="/tmp"))
    shutil.copytree(ROOT, folder / "kit", ignore=shutil.ignore_patterns(".*", "tests", "__pycache__", "build"))
    for package in ("click", "pytest", "pytest-json-report", "pluggy", "iniconfig", "packaging", "pygments"):
        for file in importlib.metadata.files(package) or ():
            if file.suffix == ".py" and ".." not in file.parts:
                (folder / "packages" / file).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(str(file.locate()), folder / "packages" / file)
    for path in [folder, *folder.rglob("*")]:
        path.chmod(path.stat().st_mode | stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH | (0o111 if path.is_dir() else 0))
    yield folder
    shutil.rmtree(folder)


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("python", every(3, PYTHONS))
def test_every_person_and_python(for_all: Path, person: str, python: str, level: Level) -> None:
    """As root and as nobody, with Pythons of a virtual environment, pyenv and Debian: the same points everywhere."""
    user, program = PEOPLE[person], PYTHONS[python]
    if os.getuid() not in (0, user):
        pytest.skip(f"{NOT_HERE}grading as {person}: run the tests as root")
    who: dict[str, Any] = {} if user == os.getuid() else {"user": user, "group": user, "extra_groups": []}
    env = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": f"{for_all}/kit:{for_all}/packages",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    settings: dict[str, Any] = {"capture_output": True, "text": True, "check": False, "env": env, "cwd": "/", **who}
    try:
        version = subprocess.run([program, "-c", "import sys; print(sys.version_info >= (3, 11))"], **settings)
        usable = version.stdout == "True\n"
    except OSError:
        usable = False
    if not usable:
        pytest.skip(f"{NOT_HERE}{program} as {person}: it is not there, too old, or not for {person} to run")
    command = [program, "-m", "grader", f"{for_all}/kit/solutions", "--sandbox", level.name, "--json", "-"]
    done = subprocess.run(command, **settings)
    assert done.stderr == ""
    report = json.loads(done.stdout)
    assert (report["sandbox"]["level"], report["points"], report["warnings"]) == (level.name, report["max_points"], [])


def test_what_the_interpreter_needs() -> None:
    """A sandbox holds the interpreter, its library and the shared libraries, and no other packages."""
    needed = interpreter.needed()
    assert not any("site-packages" in path or "dist-packages" in path for path in needed.library_entries())
    for path in (needed.executable, *needed.library, *needed.shared_libraries):
        assert Path(path).is_absolute()
        assert Path(path).exists()
    assert any("libc.so" in path or "musl" in path for path in needed.shared_libraries)


# Nothing is used up or left behind.


def test_descriptors_and_memory(level: Level) -> None:
    """However many sessions there were, and however they ended, the grader holds no more than before."""

    def resources() -> tuple[int, int]:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return len(list(Path("/proc/self/fd").iterdir())), pages * os.sysconf("SC_PAGESIZE")

    def use(ending: int) -> None:
        worker = start_worker(level)
        if ending % 4 == 0:
            worker.await_hello()
        if ending % 4 == 1:
            with pytest.raises(LearnerFault):
                worker.probe("import os\nos._exit(3)", ["1"], 1.0)
        if ending % 4 == 2:
            with pytest.raises(LearnerFault):
                worker.probe("while True: pass", ["1"], 0.01)
        worker.kill()

    for ending in range(8):
        use(ending)
    before = resources()
    for ending in range(40):
        use(ending)
    after = resources()
    assert after[0] == before[0]
    assert after[1] - before[1] < 4 << 20


# The trusted end against a worker that says anything at all.


class _Says:
    """A level whose worker says what a file holds: a line of hello, and the rest once it has been told what to do."""

    name = "says"
    is_sandbox = False
    fix = ""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __hash__(self) -> int:
        return id(self)

    def why_not(self) -> str:
        return ""

    def settings(self, canaries: Mapping[str, Any]) -> Settings:
        return Settings(canaries)

    def start(self, begins: str) -> Start:  # noqa: ARG002 - it says what it says
        hello, rest = f"/usr/bin/head -n 1 {self.file}", f"/usr/bin/tail -n +2 {self.file}"  # PATH leads nowhere
        asked = f"read -r settings; {hello}; read -r job; {rest}; exec /bin/cat > {os.devnull}"
        return Start(["/bin/sh", "-c", asked])


_LINES = st.sampled_from([
    b'{"id":1,"answers":[1.0]}', b"{}", b"[]",
    b'{"id":1,"error":{"type":"E","message":"","path":"","line":1,"column":0,"newer":false}}',
    b"null", b'{"id":1}', b'{"answers":[]}', b'{"hello":"submission","canaries":{}}', b'{"id":1,"answers":',
    b"\xff\xfe", b"\0",
])  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(_LINES | st.binary(max_size=40), max_size=6), st.sampled_from([b"\n", b"", b"\r\n", b"\n\n"]))
def test_a_worker_that_says_anything(chunks: list[bytes], between: bytes) -> None:
    """Whatever comes down the wire, no question is answered: there is a fault, and never another exception."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "said")
        file.write_bytes(b'{"hello":"submission","canaries":{}}\n' + between.join(chunks))
        worker = WorkerProcess(_Says(file), {})
        try:
            with pytest.raises(LearnerFault):
                worker.probe("", ["1"], -2.9)
        finally:
            worker.kill()


# The filter of system calls, on machines that are not this one too.


def _run(program: bytes, number: int, architecture: int, arguments: tuple[int, ...] = ()) -> int:
    """What the kernel would do: an interpreter for the instructions of classic BPF that the filter uses."""
    padded = (*arguments, 0, 0, 0, 0, 0, 0)[:6]
    data = struct.pack("=iIQ6Q", number, architecture, 0, *padded)
    code = list(struct.iter_unpack("=HBBI", program))
    accumulator, at = 0, 0
    while True:
        operation, if_true, if_false, value = code[at]
        at += 1
        if operation == 0x20:  # BPF_LD | BPF_W | BPF_ABS
            accumulator = struct.unpack_from("=I", data, value)[0]
        elif operation == 0x15:  # BPF_JMP | BPF_JEQ | BPF_K
            at += if_true if accumulator == value else if_false
        elif operation == 0x45:  # BPF_JMP | BPF_JSET | BPF_K
            at += if_true if accumulator & value else if_false
        else:
            assert operation == 0x06  # BPF_RET | BPF_K
            return int(value)


ALLOW, KILL, NO_SUCH_CALL, NOT_PERMITTED = 0x7FFF0000, 0x80000000, 0x50000 | errno.ENOSYS, 0x50000 | errno.EACCES
OTHERS = {"x86_64": 0xC00000B7, "aarch64": 0xC000003E}
I386, X32_BIT = 0x40000003, 0x40000000
BOTH = pytest.mark.parametrize("read_only", [True, False])
MACHINES = pytest.mark.parametrize("machine", seccomp.MACHINES)


@BOTH
@MACHINES
def test_filter(machine: str, read_only: bool) -> None:
    """What is listed passes, whatever else there is fails as unknown, and another architecture is the end."""
    program = seccomp.program(machine, read_only=read_only)
    column, architecture = seccomp.MACHINES[machine]
    allowed = {numbers[column] for numbers in seccomp.CALLS.values()}
    conditional = {numbers[column] for numbers, _ in (seccomp.CONDITIONAL | seccomp.OPEN).values()}
    for number in (*range(600), *(n | X32_BIT for n in range(600)), 2**31 - 1):
        if number not in conditional:
            assert _run(program, number, architecture) == (ALLOW if number in allowed else NO_SUCH_CALL), number
        assert _run(program, number, OTHERS[machine]) == KILL
        assert _run(program, number, I386) == KILL


HIGH = 1 << 32
# What may be asked, and what may not: call -> arguments that pass, arguments that do not.
Arguments = list[tuple[int, ...]]
CONDITIONAL: dict[str, tuple[Arguments, Arguments]] = {
    "fcntl": ([(5, n) for n in (0, 1, 2, 3, 1030)], [(5, n) for n in (4, 8, 10, 15, 1024, 1031, 1033, HIGH | 8)]),
    "ioctl": ([(0, 0x5401), (0, HIGH | 0x5401)], [(0, n) for n in (0x5412, 0x8901, 0x5452, 0x5421, 0)]),
    "futex": ([(0, n) for n in (128, 129, 137, 393, 138)], [(0, n) for n in (0, 1, 9, 10, 6, 134, 265)]),
    "madvise": ([(0, 9, 4), (0, 9, 8)], [(0, 9, 100), (0, 9, 101), (0, 9, 12)]),
    "prlimit64": ([(0, 7, 0, 1)], [(0, 7, 1, 0), (0, 7, HIGH, 0), (1, 7, 0, 0)]),
}
OPEN: dict[str, tuple[Arguments, Arguments]] = {
    "openat": ([(3, 9, 0), (3, 9, 0o2000000)], [(3, 9, n) for n in (1, 2, 3, 0o100, 0o1000, 0o1101, 0o20200002)]),
    "open": ([(9, 0), (9, 0o2000000)], [(9, n) for n in (1, 2, 0o100, 0o1000)]),
}


@BOTH
@MACHINES
def test_filter_of_arguments(machine: str, read_only: bool) -> None:
    """Calls that do both good and harm pass with some arguments only."""
    program = seccomp.program(machine, read_only=read_only)
    column, architecture = seccomp.MACHINES[machine]
    known = seccomp.CONDITIONAL | seccomp.OPEN
    cases = CONDITIONAL | OPEN
    assert set(cases) == set(known)
    for name, (good, bad) in cases.items():
        if name in OPEN and not read_only:
            good, bad = [*good, *bad], []
        number = known[name][0][column]
        if number is not None:
            for arguments in good:
                assert _run(program, number, architecture, arguments) == ALLOW, (name, arguments)
            for arguments in bad:
                refusals = (NO_SUCH_CALL, NOT_PERMITTED)
                assert _run(program, number, architecture, arguments) in refusals, (name, arguments)


def test_numbers_of_calls() -> None:
    """Every number is what libseccomp says it is, on both machines."""
    try:
        library = ctypes.CDLL("libseccomp.so.2")
    except OSError:
        pytest.skip(f"{NOT_HERE}the numbers of system calls: libseccomp is not installed")
    resolve = library.seccomp_syscall_resolve_name_arch
    resolve.argtypes = [ctypes.c_uint32, ctypes.c_char_p]
    calls = seccomp.CALLS | {name: numbers for name, (numbers, _) in (seccomp.CONDITIONAL | seccomp.OPEN).items()}
    for name, numbers in calls.items():
        for column, architecture in seccomp.MACHINES.values():
            number = resolve(architecture, name.encode())
            assert numbers[column] == (number if number >= 0 else None), name


TAMPERED = """
import fcntl, os, signal, time
for descriptor in range(32):
    try: fcntl.fcntl(descriptor, fcntl.F_SETFL, fcntl.fcntl(descriptor, fcntl.F_GETFL) & ~os.O_ASYNC)
    except OSError: pass
signal.signal(signal.SIGALRM, signal.SIG_IGN)
signal.alarm(0)
while True: time.sleep(1000)
"""


@pytest.mark.parametrize("sandbox", SANDBOXES, ids=lambda level: level.name)
def test_no_worker_outlives_its_grader(sandbox: Level, tmp_path: Path) -> None:
    """Where the grader is killed its worker ends, whatever it has done to prevent that."""
    needs_level(sandbox.name)
    script = tmp_path / "grader_to_kill.py"
    script.write_text(
        "from grader.sandbox.confine import LEVELS, start_worker\n"
        f"worker = start_worker(next(level for level in LEVELS if level.name == {sandbox.name!r}))\n"
        "worker.await_hello()\nprint(worker._process.find(), flush=True)\n"
        f"worker.probe({TAMPERED!r}, ['1'], 60.0)\n"
    )
    with subprocess.Popen([sys.executable, str(script)], cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        worker = os.pidfd_open(int(process.stdout.readline()))
        time.sleep(0.3)  # until it has done its worst
        assert select.select([worker], [], [], 0)[0] == []
        process.kill()
    assert select.select([worker], [], [], 5)[0] == [worker], "it lives on"
    os.close(worker)


def test_a_worker_is_told_no_more_than_it_needs(level: Level, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither the command line nor what is alive in the worker holds the grader's paths, variables or number."""
    secret = tmp_path / "secret-place"
    secret.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(secret))
    script = (
        "import gc, os, sys\ngc.unfreeze(); frame = sys._getframe(); found = [sys.orig_argv, dict(os.environ)]\n"
        "while frame: found.append(dict(frame.f_locals)); frame = frame.f_back\n"
        "found += [thing for thing in gc.get_objects() if type(thing) in (str, bytes, list, tuple)]"
    )
    worker = start_worker(level)
    reads = ["repr(found).count('ecalp-terces'[::-1])", "'canar' in sys.orig_argv[-1]"]
    assert worker.probe(script, reads, 5.0) == [0, False]
    worker.kill()


_WORDS = st.sampled_from([
    b'["read", 0]', b'["read", 7]', b'["read", -1]', b'["want", 0, 0, 4]', b'["want", 0, 0, 99]', b'["want", 0, -4, 4]',
    b'["want", 1, 0, 4]', b'["text", "a.py", 4]', b'["text", "a.py", 99999999]', b'["text", "a.py", -1]', b"x = ",
    b'["cell", "a.ipynb", "engine.py", 4]', b'["notebook", "a.ipynb"]', b'["bytes", "a.py", 4]',
    b'["bytes", "a.py", -4]',
    b'["out", "a.py", "time", {}]', b'["out", "a.py", "no reason", {}]', b'["out", "a.py", "pointer", {"kind": [1]}]',
    b'["out", "", "nul", {}]', b'["read", true]', b'["read"]', b"[]", b"{}", b"null", b"[[]]", b"\xff", b"[" * 9999,
])  # fmt: skip


@settings(max_examples=40, deadline=None)
@example([b'["read", 7]'])
@example([b'["want", 0, -4, 4]'])
@example([b'["text", "a.py", -1]', b'["read", 0]'])
@example([b'["out", "a.py", "no reason", {}]'])
@given(st.lists(_WORDS | st.binary(max_size=20), max_size=6))
def test_a_reader_that_says_anything(lines: list[bytes]) -> None:
    """Whatever a reader says, there is a text, or a reason why there is none; and never an exception."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "said")
        file.write_bytes(b'{"hello":"reader","canaries":{}}\n' + b"\n".join(lines) + b"\n")
        data = {PurePosixPath("a.zip"): b"PK\3\4", PurePosixPath("engine.py"): b"x = 1\n"}
        found = texts(data, (), _Says(file), time.monotonic() + 0.1)
    assert found[PurePosixPath("engine.py")] == "x = 1\n"
    assert all(isinstance(text, str | Cells | Refused) for text in found.values())


def test_spaces_are_no_answer(level: Level) -> None:
    """An answer that has begun in time and ends too late is too late."""
    script = (
        "import sys, os, signal\nframe = sys._getframe()\n"
        "while frame.f_code.co_name != 'serve': frame = frame.f_back\n"
        "signal.signal(signal.SIGALRM, lambda *_: os.write(frame.f_locals['replies'], b' '))\n"
        "signal.setitimer(signal.ITIMER_REAL, 0.002, 0.002)\n"
        "for _ in range(30_000_000): pass"
    )
    worker = start_worker(level)
    with pytest.raises(LearnerFault, match="still running"):
        worker.probe(script, ["1"], 0.2)
    worker.kill()


def test_an_answer_of_the_dead(level: Level, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that answers and ends has interfered, or died; it is not said to be running still."""
    script = (
        "import sys, os\nframe = sys._getframe()\n"
        "while frame.f_code.co_name != 'serve': frame = frame.f_back\n"
        "os.write(frame.f_locals['replies'], b'[]\\n')\nos._exit(0)"
    )
    worker = start_worker(level)
    worker.await_hello()
    read = os.read

    def read_slowly(descriptor: int, most: int) -> bytes:
        data = read(descriptor, most)
        time.sleep(0.3)  # until it is dead
        return data

    monkeypatch.setattr("grader.sandbox.wires.os.read", read_slowly)
    with pytest.raises(LearnerFault, match="interfered"):
        worker.probe(script, ["1"], 2.0)
    worker.kill()


def test_a_deadline_is_the_end(level: Level) -> None:
    """No answer is awaited past the deadline of its submission."""
    start = time.monotonic()
    worker = start_worker(level, start + 1.0)
    with pytest.raises(LearnerFault, match="still running"):
        worker.probe("import time; time.sleep(60)", ["1"], 30.0)
    worker.kill()
    assert time.monotonic() - start < 10


def test_examinations_are_remembered() -> None:
    """A level is examined once in a process: four hundred submissions do not pay for it."""
    assert examine(LEVELS[0]) is examine(LEVELS[0])
    assert isinstance(examine(LIMITS), Examination)
    with contextlib.suppress(NoSandboxError):
        assert choose("required").level.is_sandbox
