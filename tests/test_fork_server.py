"""Workers that are copies of one process: nothing goes from one to the next, and its end costs nobody points."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from bombs import zipped
from conftest import MOST, ROOT, needs_level

from grader.base.errors import GraderError, LearnerFault, WorkerLostError
from grader.grading.pipeline import grade
from grader.intake.loading import what_to_load
from grader.intake.submission import gather, read_submission
from grader.kit import read_kit
from grader.sandbox import forking, reading
from grader.sandbox.confine import LEVELS, start_worker
from grader.sandbox.levels import WORKER, Level
from grader.sandbox.process import WorkerProcess
from grader.sandbox.session import MAX_LOST, Session

SOLUTIONS = read_submission(ROOT / "solutions", read_kit().manifest)


@pytest.fixture(params=[level for level in LEVELS if level.is_sandbox], ids=lambda level: level.name)
def sandbox(request: pytest.FixtureRequest) -> Iterator[Level]:
    """Each level that has a fork server; it gets a new one."""
    level: Level = request.param
    needs_level(level.name)
    forking.end_servers()
    yield level
    forking.end_servers()


def _asked(level: Level, script: str, *reads: str, seconds: float = 5.0) -> Any:
    worker = start_worker(level)
    try:
        return worker.probe(script, reads, seconds)
    finally:
        worker.kill()


TRACES = """
import atexit, builtins, gc, math, os, random, signal, sys, types
found = [hasattr(builtins, "left"), math.pi, "left" in os.environ, "left" in sys.modules, gc.isenabled(), os.getcwd(),
         signal.getsignal(signal.SIGTERM), sys.getrecursionlimit(), hasattr(types.FunctionType, "left"), sys.path[:1]]
found = [repr(one) for one in found]
builtins.left = math.pi = os.environ["left"] = sys.modules["left"] = random.random = "left"
gc.disable(); os.chdir("/dev"); signal.signal(signal.SIGTERM, signal.SIG_IGN); sys.setrecursionlimit(77_777)
atexit.register(print); sys.path.insert(0, "left"); random.seed(1)
"""


def test_nothing_is_left_of_a_session(sandbox: Level) -> None:
    """What one worker has changed in its modules, in Python and in its process, the next does not find."""
    first = _asked(sandbox, TRACES, "found")
    assert first[0][0] == "False"
    assert _asked(sandbox, TRACES, "found") == first


def test_random_numbers_are_the_same(sandbox: Level) -> None:
    """random begins anew for each question, so that a submission that draws weights has one report."""
    reads = ("random.random()", "random.getrandbits(40)")
    numbers = [_asked(sandbox, "import random", *reads) for _ in range(3)]
    assert len({str(some) for some in numbers}) == 1


def test_what_a_worker_holds(sandbox: Level) -> None:
    """Its own pipes and the null device, and nothing of the server or of other workers that run at the same time."""
    script = "import os\ndef is_open(n):\n    try: os.fstat(n); return True\n    except OSError: return False"
    others = [start_worker(sandbox) for _ in range(3)]
    for other in others:
        other.await_hello()
    (held,) = _asked(sandbox, script, "[n for n in range(32) if is_open(n)]")
    for other in others:
        other.kill()
    assert len(held) == 7  # 0, 1, 2; requests, replies, errors; the null device


def test_a_process_namespace_for_each(sandbox: Level) -> None:
    """Where bubblewrap gives them, a worker is process 1 and sees no other."""
    if sandbox.name != "bubblewrap":
        pytest.skip("landlock gives no namespaces")
    assert _asked(sandbox, "import os", "os.getpid()", "os.getppid()") == [1, 0]


def test_flags_of_the_null_device(sandbox: Level) -> None:
    """What a worker does to a descriptor is done to its own."""
    script = "import fcntl, os\ndef flags(n): return fcntl.fcntl(n, fcntl.F_GETFL)\nbefore = flags(0)\n"
    script += "try: fcntl.fcntl(0, fcntl.F_SETFL, before | os.O_APPEND)\nexcept OSError: pass"
    assert len({str(_asked(sandbox, script, "before", "flags(0)")) for _ in range(3)}) == 1


def test_workers_do_not_see_each_other(sandbox: Level) -> None:
    """Not even through /proc, where there is one: no descriptor, no memory."""
    script = "import os\ndef why_not(path):\n    try: os.close(os.open(path, os.O_RDONLY)); return ''\n"
    script += "    except OSError as error: return type(error).__name__"
    other = start_worker(sandbox)
    other.await_hello()
    parts = [f"/proc/{other._process.find()}/{part}" for part in ("fd/0", "fd/3", "fd/5", "mem", "environ")]
    (found,) = _asked(sandbox, script, f"[why_not(path) for path in {parts}]")
    other.kill()
    assert set(found) <= {"PermissionError", "FileNotFoundError"}


MISUSE = """
import ctypes, os, sys
lock = sys.modules["inside.lock"]
def why_not(attempt):
    try: attempt()
    except BaseException as error: return type(error).__name__
    return ""
def call(*arguments):
    if ctypes.CDLL(None, use_errno=True).syscall(*arguments) < 0: raise OSError
attempts = [lock.fork, os.fork, lambda: os.kill(os.getppid() or 1, 9), lambda: os.pidfd_open(os.getppid() or 1),
    lambda: lock._call("unshare", 0x10000000), lambda: lock._call("setns", 3, 0), lambda: lock._call("capset", 0, 0),
    lambda: lock._call("prctl", 1, 0, 0, 0, 0), lambda: call(101, 16, os.getppid(), 0, 0),
    lambda: call(310, os.getppid(), 0, 0, 0, 0, 0), lambda: call(311, os.getppid(), 0, 0, 0, 0, 0)]
"""


def test_a_worker_can_do_nothing_with_the_server(sandbox: Level) -> None:
    """Its functions are in the worker's memory, and not one of them works there any more."""
    (answers,) = _asked(sandbox, MISUSE, "[why_not(attempt) for attempt in attempts]")
    assert "" not in answers
    assert _asked(sandbox, "", "1") == [1]


EXHAUSTING = {
    "memory": "held = []\nwhile True: held.append(bytearray(10**7))",
    "processor": "while True: pass",
    "stack": "import sys; sys.setrecursionlimit(10**9)\nx = []\nfor _ in range(10**6): x = [x]\nrepr(x)",
    "descriptors": "import os\nwhile True: os.dup(0)",
    "itself": "import os; os._exit(0)",
}


@pytest.mark.parametrize("script", EXHAUSTING.values(), ids=EXHAUSTING)
def test_exhaustion_is_its_own(sandbox: Level, script: str) -> None:
    """A worker that takes all it can get, or ends, is no trouble for the next one."""
    server = forking.warm(sandbox, WORKER)
    with contextlib.suppress(LearnerFault):
        _asked(sandbox, script, "1", seconds=0.5)
    assert _asked(sandbox, "", "1 + 1") == [2]
    assert forking.warm(sandbox, WORKER) is server


def test_a_dead_server_is_replaced(sandbox: Level) -> None:
    """The next worker comes from another one, whatever ended it."""
    server = forking.warm(sandbox, WORKER)
    server._process.kill()
    server._process.wait()
    assert _asked(sandbox, "", "1 + 1") == [2]
    assert forking.warm(sandbox, WORKER) is not server


@pytest.mark.parametrize("at", [0, 1, 3, 9, 17, 25, 40, 150, 280])
def test_a_server_that_dies_at_any_step(sandbox: Level, at: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever was asked last, the session begins anew, and right answers get full marks."""
    begin = WorkerProcess._begin
    count = 0

    def kill_then_begin(self: WorkerProcess, *args: Any) -> None:
        nonlocal count
        if count == at:
            forking.warm(sandbox, WORKER).end()
        count += 1
        begin(self, *args)

    monkeypatch.setattr(WorkerProcess, "_begin", kill_then_begin)
    report = grade(SOLUTIONS, read_kit(), level=sandbox)
    assert count > at
    assert report.points == report.max_points == MOST


def test_a_server_that_dies_while_it_is_asked(sandbox: Level) -> None:
    """A question that is being answered is put again."""
    with Session(what_to_load(SOLUTIONS, read_kit().manifest), sandbox) as session:
        assert session.symbols
        threading.Timer(0.3, forking.warm(sandbox, WORKER)._process.kill).start()
        assert session.ask("import time; time.sleep(1)", ["2"]) == [2]


def test_a_session_that_is_stopped(sandbox: Level) -> None:
    """From another thread, while it is asked: it is over at once, whoever waits for the answer has none, and no other
    worker begins behind anybody's back."""
    for delay in (0, 0.001, 0.01, 0.2):
        with Session(what_to_load(SOLUTIONS, read_kit().manifest), sandbox) as session:
            assert session.symbols
            with ThreadPoolExecutor(1) as pool:
                answer = pool.submit(session.ask, "import time; time.sleep(1)", ["2"])
                time.sleep(delay)
                begin = time.monotonic()
                session.stop()
                assert isinstance(answer.exception(5), LearnerFault)
                assert time.monotonic() - begin < 0.5
            assert session._worker is None or delay == 0  # where it was not asked at all


def test_a_worker_whose_beginning_was_missed(sandbox: Level) -> None:
    """It is told once; where that was interrupted nobody waits for it for long."""
    assert _asked(sandbox, "", "1") == [1]
    worker = forking.begin_worker(sandbox, WORKER)
    worker.find()
    worker._pidfd = None
    begin = time.monotonic()
    worker.kill()
    assert time.monotonic() - begin < 2 * forking.END_SECONDS + 1


def test_a_server_that_always_dies(sandbox: Level, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is tried a few times, and then it is the grader's fault: nobody gets no points for it."""
    begin: Callable[[Level, str], forking.Forked] = forking.begin_worker
    begun = 0

    def begin_and_kill(level: Level, begins: str) -> forking.Forked:
        nonlocal begun
        begun += 1
        worker = begin(level, begins)
        forking.warm(level, WORKER).end()
        return worker

    monkeypatch.setattr(forking, "begin_worker", begin_and_kill)
    with Session(what_to_load(SOLUTIONS, read_kit().manifest), sandbox) as session, pytest.raises(WorkerLostError):
        session.ask("", ["1"])
    assert begun == MAX_LOST + 1


def test_a_reader_that_was_begun_ahead(sandbox: Level) -> None:
    """Who reads several submissions finds a reader that waits; where it has ended meanwhile, or its server, another one
    reads, and nobody loses anything."""
    data = zipped({"engine.py": (ROOT / "solutions" / "engine.py").read_bytes()})

    def reads() -> bool:
        found = gather({PurePosixPath("work.zip"): data}, read_kit().manifest, "x", "x", level=sandbox)
        return [file.module for file in found.files] == ["engine"] and not found.notes

    assert reads()
    assert reads()
    spare, _ = reading._spares._begun[sandbox]
    assert not spare.has_ended
    assert reads()
    assert spare.has_ended
    assert reading._spares._begun[sandbox][0] is not spare
    next_one, _ = reading._spares._begun[sandbox]
    next_one.await_hello()
    os.kill(next_one._process.find(), signal.SIGKILL)
    assert reads()
    forking.end_servers()
    assert reads()


def test_a_reader_that_cannot_be_begun_ahead(sandbox: Level, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would have been for others: what has been read is read."""
    spares = reading._Spares()
    spares.begin_next(sandbox)
    monkeypatch.setattr(reading, "Reader", _no_reader)
    spares.begin_next(sandbox)
    assert spares._begun == {}


def _no_reader(level: Level) -> reading.Reader:
    raise GraderError("Too many open files")


def test_descriptors_run_out(sandbox: Level) -> None:
    """Where no more can be opened that is said, and what was opened for the worker is closed again."""
    assert _asked(sandbox, "", "1") == [1]
    held, limits = len(list(Path("/proc/self/fd").iterdir())), resource.getrlimit(resource.RLIMIT_NOFILE)
    for more in range(5):
        resource.setrlimit(resource.RLIMIT_NOFILE, (held + more, limits[1]))
        try:
            with pytest.raises(GraderError, match="Too many open files"):
                start_worker(sandbox)
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, limits)
        assert len(list(Path("/proc/self/fd").iterdir())) == held
    assert _asked(sandbox, "", "1") == [1]


def test_workers_of_several_threads(sandbox: Level) -> None:
    """Several workers at a time get what is theirs."""
    answers: dict[int, Any] = {}

    def ask(number: int) -> None:
        answers[number] = _asked(sandbox, f"n = {number}", "n")

    threads = [threading.Thread(target=ask, args=[number]) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {number: [number] for number in range(12)}


def test_the_thread_that_started_it_may_end(sandbox: Level) -> None:
    """A server lives as long as the grader, and not as long as the thread in which it was needed first."""
    thread = threading.Thread(target=_asked, args=[sandbox, "", "1"])
    thread.start()
    thread.join()
    server = forking._servers[sandbox, WORKER]
    assert _asked(sandbox, "", "1") == [1]
    assert forking.warm(sandbox, WORKER) is server


def test_memory_stays(sandbox: Level) -> None:
    """Two hundred sessions leave nothing in the server: no memory, no descriptor, no process."""

    def use() -> None:
        assert _asked(sandbox, "x = [0.5] * 10**6", "len(x)") == [10**6]

    for _ in range(20):
        use()
    server = _deepest(forking.warm(sandbox, WORKER)._process.pid)
    time.sleep(0.1)
    before = _held(server)
    for _ in range(200):
        use()
    end = time.monotonic() + 5
    while (after := _held(server))[1:] != before[1:] and time.monotonic() < end:
        time.sleep(0.01)  # until the last one is cleared away
    assert after[1:] == before[1:]
    assert after[0] - before[0] < 1 << 20


def _deepest(process: int) -> int:
    """The fork server itself, where what was started is bubblewrap."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return _deepest(int(children[0])) if children else process


def _held(process: int) -> tuple[int, int, str]:
    """Bytes of memory, how many descriptors, and the children."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    children = Path(f"/proc/{process}/task/{process}/children").read_text()
    return pages * 4096, len(list(Path(f"/proc/{process}/fd").iterdir())), children
