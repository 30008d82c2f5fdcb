"""The course in a browser: a real one, with files from a plain web server under a sub-path."""

from __future__ import annotations

import contextlib
import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from browser import Browser, chromium
from click.testing import CliRunner
from conftest import MOST, missing_on_this_machine
from test_cases import MISTAKES

from grader.base.errors import OutputError
from grader.cli.site import site_command
from grader.grading import hidden_run
from grader.grading.pipeline import grade
from grader.grading.reference import edited
from grader.intake.submission import read_submission
from grader.kit import read_kit
from grader.kit.misconceptions import catalogue
from grader.reports.forms import json as json_form
from grader.sandbox.confine import LIMITS
from grader.site import cache
from grader.site.build import ENGINE, site

KIT = read_kit()
SOLUTIONS = {file: KIT.solution(file) for file in KIT.manifest.files}
STUBS = {file: KIT.stub(file) for file in KIT.manifest.files}
ADD = "            # exercise: add\n"
KNOWN, CASES = 14, 10  # of the known mistakes, and of the cases that were once graded wrongly
LOAD_SECONDS = 60.0
TRY = "try.html"
ASK = """async ([op, fields]) => {
  const parts = [];
  try {
    return { result: await grader.ask(op, fields, (part) => parts.push(part)), parts };
  } catch (error) {
    return { error: error.message, kind: error.constructor.name };
  }
}"""

Files = Mapping[str, str]


@dataclass
class Course:
    """The site in a page. url: of its folder; stop: ends its server."""

    page: Any
    url: str
    stop: Callable[[], None]

    def open(self) -> float:
        """Load the page; the seconds until an exercise could be graded."""
        begin = time.monotonic()
        self.page.goto(self.url + TRY)
        self.wait()
        return time.monotonic() - begin

    def wait(self) -> None:
        self.page.wait_for_function("window.loaded !== undefined", timeout=LOAD_SECONDS * 1000)

    def ask(self, op: str, **fields: Any) -> Any:
        """The result of a question, which must have one."""
        said = self.page.evaluate(ASK, [op, fields])
        assert "result" in said, said
        return said["result"]

    def refusal(self, op: str, **fields: Any) -> str:
        """Why a question has no answer."""
        return str(self.page.evaluate(ASK, [op, fields])["error"])

    def statuses(self, files: Files, *only: str) -> dict[str, str]:
        results = self.ask("grade", files=files, only=list(only))["results"]
        return {name: result["status"] for name, result in results.items()}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, two folders below what is served."""
    try:
        cache.fetch(cache.folder())
    except OutputError as error:
        missing_on_this_machine("what a site is made of", str(error))
    folder = tmp_path_factory.mktemp("web") / "a" / "course"
    done = CliRunner().invoke(site_command, [str(folder)])
    assert done.exception is None, done.output
    return folder


@contextlib.contextmanager
def served(folder: Path) -> Iterator[tuple[str, Callable[[], None]]]:
    """The address of a folder, by Python's own server; and what ends that."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1", "-d", str(folder)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}/", server.kill
    finally:
        server.kill()
        server.wait()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@contextlib.contextmanager
def opened(browser: Browser, made: Path, *scripts: str) -> Iterator[Course]:
    """The course in a window of its own. scripts: what its pages run before anything else."""
    with served(made.parent.parent) as (url, stop):
        context = browser.driver.new_context()
        for script in scripts:
            context.add_init_script(script)
        course = Course(context.new_page(), f"{url}a/course/", stop)
        course.open()
        yield course
        context.close()


@pytest.fixture(scope="module")
def course(browser: Browser, made: Path) -> Iterator[Course]:
    with opened(browser, made) as found:
        yield found


def with_add(*lines: str) -> dict[str, str]:
    """The solutions with these lines at the beginning of the gap of add."""
    text = SOLUTIONS["engine.py"]
    assert text.count(ADD) == 1
    return {**SOLUTIONS, "engine.py": text.replace(ADD, ADD + "".join(f"            {line}\n" for line in lines))}


def by_command(files: Files, folder: Path) -> Any:
    """The report of this machine, at the level that every machine has."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    level = LIMITS
    return json_form.as_data(grade(read_submission(folder, KIT.manifest, is_own=True), KIT, level=level))


DIFFERS = ("seconds", "phases", "sandbox", "python", "submission", "warnings")


def comparable(value: Any) -> Any:
    """A report without times, versions, and how Python words an exception."""
    if isinstance(value, dict):
        if value.get("finding", {}) and value["finding"].get("error"):
            value = {**value, "message": "", "finding": {**value["finding"], "error": ""}}
        if value.get("kind") == "exception":
            value = {"kind": "exception"}
        return {key: comparable(item) for key, item in value.items() if key not in DIFFERS}
    return [comparable(item) for item in value] if isinstance(value, list) else value


def submissions() -> dict[str, Files]:
    """Name -> files: of stubs, solutions, and many mistakes."""
    found: dict[str, Files] = {"stubs": STUBS, "solutions": SOLUTIONS}
    rows = [row for rows in catalogue().values() for row in rows if not row.only_when_large]
    for row in rows[:: len(rows) // KNOWN]:
        file = KIT.manifest.by_id[row.exercise].file
        found[row.id] = {**SOLUTIONS, file: edited(file, SOLUTIONS[file], row.edits)}
    for name, case in list(MISTAKES.items())[:: len(MISTAKES) // CASES]:
        found[name] = {**SOLUTIONS, case["file"]: edited(case["file"], SOLUTIONS[case["file"]], case["edits"])}
    found["exits"] = with_add("import sys; sys.exit(3)")
    found["exits hard"] = with_add("import os; os._exit(3)")
    found["prints"] = with_add("print('Ä', '\\u4f60', self.data)", "return")
    found["asks"] = with_add("input()")
    found["no Python"] = with_add("if")
    found["one file"] = {"engine.py": SOLUTIONS["engine.py"]}
    found["recursion"] = with_add("return _backward()")
    found["deep"] = {
        **SOLUTIONS,
        "engine.py": SOLUTIONS["engine.py"].replace("reversed(topological_sort(self))", "topological_sort(self)"),
    }
    return found


@pytest.mark.world
def test_the_reports_are_those_of_the_command(course: Course, tmp_path: Path) -> None:
    """Points, statuses, mistakes and numbers, of every kind of submission."""
    points = {}
    for name, files in submissions().items():
        report = course.ask("grade", files=files)["report"]
        wanted = by_command(files, tmp_path / "work")
        assert comparable(report) == comparable(json.loads(json.dumps(wanted))), name
        points[name] = report["points"]
    assert (points["stubs"], points["solutions"]) == (0, MOST)
    assert len(set(points.values())) > 5  # they are not all the same


@pytest.mark.world
@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["while True: pass"], "still running after 2 s"),
        (["while True:", "    try:", "        while True: pass", "    except BaseException: pass"], "still running"),
        (["kept = []", "while True: kept.append([0] * 10**6)"], "MemoryError"),
        (["import sys; sys.exit(3)"], "SystemExit: 3"),
        (["import os; os._exit(3)"], "it ended the whole process (exit status 3)"),
        (["import os; os.abort()"], "SIGABRT"),
        (["import js", "js.document.title = 'mine'"], "No module named 'js'"),
        (["from pyodide.code import run_js", "run_js('postMessage(1)')"], "No module named 'pyodide'"),
        (["import _pyodide_core"], "No module named '_pyodide_core'"),
        (["import time; time.sleep(60)"], "still running"),
        (["import urllib.request", "urllib.request.urlopen('http://127.0.0.1/')"], "rror"),
        (["open('/home/mine', 'w').write('x')"], "Read-only file system"),
        (["for _ in range(1_000_000): print('x' * 60)", "return"], ""),
    ],
)
def test_what_goes_wrong_costs_its_exercise(course: Course, lines: list[str], said: str) -> None:
    """The page lives on, and the rest is graded."""
    begin = time.monotonic()
    found = course.ask("grade", files=with_add(*lines), only=["derivative", "add", "mul"])
    statuses = {name: result["status"] for name, result in found["results"].items()}
    assert statuses == {"derivative": "passed", "add": "failed", "mul": "passed"}
    add = next(row for row in found["report"]["exercises"] if row["id"] == "add")
    assert said in next(test["message"] for test in add["tests"] if test["status"] != "passed")
    assert time.monotonic() - begin < 30
    assert course.page.title() != "mine"
    assert course.statuses(SOLUTIONS, "add") == {"add": "passed"}


@pytest.mark.world
def test_calls_without_end_through_c(course: Course) -> None:
    """The browser's stack is too short for them: they end the learner's Python, and never the grader's."""
    row = next(row for row in catalogue()["reflected"] if row.id == "reflected-radd-calls-itself")
    files = {**SOLUTIONS, "engine.py": edited("engine.py", SOLUTIONS["engine.py"], row.edits)}
    found = course.statuses(files)
    assert {name for name, status in found.items() if status != "passed"} == {"reflected"}


@pytest.mark.world
def test_nothing_is_left_for_the_next_session(course: Course) -> None:
    """A worker that is used again has nothing of what was done in it."""
    spoilt = with_add("import math, builtins, sys", "math.exp = lambda x: 0.0", "builtins.len = None", "sys.mine = 1")
    course.statuses(spoilt)
    assert course.statuses(with_add("import sys", "assert not hasattr(sys, 'mine')"), "add") == {"add": "passed"}
    assert set(course.statuses(SOLUTIONS).values()) == {"passed"}


@pytest.mark.world
def test_the_stop_button(course: Course) -> None:
    """Ends a grading and a training at once; the next question is answered."""
    stop = """async ([op, fields]) => {
      const answer = grader.ask(op, fields).then(() => "answered", (error) => error.constructor.name);
      setTimeout(() => grader.stop(), 1000);
      return answer;
    }"""
    for op, fields in (
        ("grade", {"files": with_add("while True: pass"), "only": ["add"]}),
        ("train", {"files": SOLUTIONS, "dataset": "spiral"}),
    ):
        begin = time.monotonic()
        assert course.page.evaluate(stop, [op, fields]) == "Stopped"
        assert time.monotonic() - begin < 3
        assert course.statuses(SOLUTIONS, "add") == {"add": "passed"}


@pytest.mark.world
def test_a_grader_that_breaks(course: Course) -> None:
    """Python itself may end, where its stack is full for one: what was asked is told so, and the next is answered."""
    breaks = """async (fields) => {
      const answer = grader.ask("grade", fields).then(() => "answered", (error) => error.message);
      setTimeout(() => grader._grader.onmessage({ data: { id: grader._last, broken: true, error: "broken" } }), 500);
      return answer;
    }"""
    assert "begins anew" in course.page.evaluate(breaks, {"files": with_add("while True: pass"), "only": ["add"]})
    assert course.statuses(SOLUTIONS, "add") == {"add": "passed"}


@pytest.mark.world
def test_what_a_page_asks_for(course: Course) -> None:
    """Hints, solutions, gaps, a reset, a merge, a graph, a training, archives; and a plain line for what cannot be."""
    assert course.ask("touched", changed=["tensor.py"])[0] == "tensor-elementwise"
    gap = course.ask("gaps", files=SOLUTIONS)["add"]
    lines = SOLUTIONS["engine.py"].split("\n")[gap["first"] - 1 : gap["last"]]
    assert course.ask("solution", exercise="add") == {"text": "\n".join(lines)}
    assert course.ask("hint", exercise="add", number=2)["number"] == 2
    assert course.refusal("hint", exercise="ad", number=1) == "There is no exercise ad."
    reset = course.ask("reset", exercise="add", files=SOLUTIONS)["files"]
    assert course.statuses({**SOLUTIONS, **reset}, "add") == {"add": "not-started"}
    newer = {**STUBS, "engine.py": f"# newer\n{STUBS['engine.py']}"}
    merged = course.ask("merge", base=STUBS, ours=SOLUTIONS, theirs=newer)
    assert merged["files"]["engine.py"] == f"# newer\n{SOLUTIONS['engine.py']}"
    assert merged["conflicts"] == {}
    drawn = course.ask("graph", files=SOLUTIONS, expression="y=a*b", inputs=["a=2", "b=3"])
    assert sorted(node["grad"] for node in drawn["nodes"]) == ["1", "2", "3"]
    assert drawn["svg"].startswith("<svg")
    assert "a**2" in course.refusal("graph", reference=True, expression="a^2", inputs=["a=2"])
    said = course.page.evaluate(
        ASK, ["train", {"files": SOLUTIONS, "dataset": "four-points", "settings": {"steps": 12}}]
    )
    assert [part["step"] for part in said["parts"]] == [1, 10, 12]
    assert "mlp" in course.refusal("train", files=STUBS, dataset="moons")
    packed = course.ask("zip", files=SOLUTIONS)["base64"]
    assert course.ask("unzip", base64=packed)["files"] == SOLUTIONS
    assert "no zip archive" in course.refusal("unzip", base64="aGFsbG8=")


@pytest.mark.world
def test_again_and_without_a_network(browser: Browser, made: Path) -> None:
    """A second visit takes no longer than a few seconds, and one without a network is as good."""
    with opened(browser, made) as course:
        course.page.wait_for_timeout(2_000)  # until all is kept
        warm = course.open()
        course.stop()
        course.page.context.set_offline(True)
        without = course.open()
        assert course.statuses(SOLUTIONS, "add") == {"add": "passed"}
        assert max(warm, without) < 10, (warm, without)  # 1 s on a calm machine
        assert course.page.evaluate("loaded.fromSnapshot && loaded.apart")


@pytest.mark.world
def test_a_new_version(browser: Browser, made: Path, tmp_path: Path) -> None:
    """Takes over as a whole, when a page is opened the next time: nothing is mixed."""
    web = tmp_path / "web"
    shutil.copytree(made, web / "a" / "course")
    with opened(browser, web / "a" / "course") as course:
        page, service = (web / "a" / "course" / name for name in (TRY, "service.js"))
        page.write_text(page.read_text().replace("<title>", "<title>New "))
        text = service.read_text()
        version = text.partition('VERSION = "')[2].partition('"')[0]
        service.write_text(text.replace(version, "0123456789abcdef"))
        course.open()
        course.page.wait_for_function("navigator.serviceWorker.getRegistration().then((found) => !!found.waiting)")
        assert not course.page.title().startswith("New")
        course.open()
        course.page.wait_for_function("document.title.startsWith('New') && window.loaded !== undefined")
        assert course.statuses(SOLUTIONS, "add") == {"add": "passed"}


@pytest.mark.world
def test_where_no_memory_can_be_shared(browser: Browser, made: Path) -> None:
    """Both Pythons are in one worker then: graded as well, and what never ends is ended with the grader."""
    nothing = "Object.defineProperty(Navigator.prototype, 'serviceWorker', { value: undefined });"
    with opened(browser, made, f"{nothing} delete Navigator.prototype.serviceWorker;") as course:
        assert course.page.evaluate("[crossOriginIsolated, loaded.apart]") == [False, False]
        assert set(course.statuses(SOLUTIONS).values()) == {"passed"}
        assert course.statuses(with_add("import os; os._exit(3)"), "derivative", "add")["derivative"] == "passed"
        assert course.statuses(SOLUTIONS, "add") == {"add": "passed"}
        assert "does not come back" in course.refusal("grade", files=with_add("while True: pass"), only=["add"])
        assert course.statuses(SOLUTIONS, "add") == {"add": "passed"}


@pytest.mark.world
def test_the_javascript_has_types(tmp_path: Path) -> None:
    """TypeScript has nothing to say of what JSDoc declares."""
    if shutil.which("npm") is None:
        missing_on_this_machine("npm", "https://nodejs.org")
    done = subprocess.run(
        ["npm", "install", "--silent", "typescript@5.9"], cwd=tmp_path, capture_output=True, text=True
    )
    if done.returncode:
        missing_on_this_machine("typescript", "npm install typescript")
    files = [str(path) for path in sorted(ENGINE.glob("*.js"))]
    assert len(files) >= 5
    options = {"noEmit": True, "allowJs": True, "checkJs": True, "strict": True, "target": "es2022", "module": "es2022"}
    options |= {"lib": ["es2024", "dom", "dom.iterable"], "moduleDetection": "force", "types": []}
    (tmp_path / "tsconfig.json").write_text(json.dumps({"compilerOptions": options, "files": files}))
    tsc = [str(tmp_path / "node_modules" / ".bin" / "tsc"), "-p", "."]
    done = subprocess.run(tsc, cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")


def test_what_the_command_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache that is empty, npm that is not there, a folder that holds other things: a line, and nothing changes."""
    empty = tmp_path / "cache"
    out = tmp_path / "out"

    def said(*arguments: str) -> str:
        return str(CliRunner().invoke(site_command, arguments).exception)

    assert "is not in the cache" in said(str(out), "--cache", str(empty))
    assert not out.exists()
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "npm is not there" in said("--fetch", "--cache", str(empty))
    assert not empty.exists()
    monkeypatch.setattr("grader.cli.site.site", lambda *_: site_of({"service.js": b""}))
    out.mkdir()
    (out / "mine.txt").write_text("mine")
    assert "holds other things" in said(str(out))
    assert [path.name for path in out.iterdir()] == ["mine.txt"]


def site_of(files: Mapping[str, bytes]) -> Any:
    from grader.site.build import Site

    return Site(files, tuple(files))


def test_a_run_without_threads(monkeypatch: pytest.MonkeyPatch, solved: Path) -> None:
    """As in a browser, pytest's own session is over before the tests are run: the outcomes are the same each time."""
    monkeypatch.setattr(hidden_run, "HAS_THREADS", False)
    hidden_run._pytest.cache_clear()
    submission = read_submission(solved, KIT.manifest)
    reports = [grade(submission, KIT, only=["derivative", "add"], level=LIMITS) for _ in range(2)]
    hidden_run._pytest.cache_clear()
    assert [[result.status for result in report.counted] for report in reports] == [["passed"] * 2] * 2


@pytest.mark.world
def test_a_first_visit_is_small(made: Path) -> None:
    """What is loaded before the first exercise can be graded."""
    whole = site(KIT, cache.folder())
    assert whole.first_bytes < 25_000_000
    assert {path.relative_to(made).as_posix() for path in made.rglob("*") if path.is_file()} == set(whole.files)
