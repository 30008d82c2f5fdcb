"""The course in a browser: a real one, with files from a plain web server under a sub-path."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from browser import Browser
from click.testing import CliRunner
from conftest import MOST
from course import Window, first_visit, made_in, served
from test_cases import MISTAKES

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
from grader.site.build import Site, site

KIT = read_kit()
SOLUTIONS = {file: KIT.solution(file) for file in KIT.manifest.files}
STUBS = {file: KIT.stub(file) for file in KIT.manifest.files}
ADD = "            # exercise: add\n"
CALLS_ITSELF = ("reflected-radd-calls-itself",)  # through C: a browser's stack is short
Files = Mapping[str, str]


def statuses(window: Window, files: Files, *only: str) -> dict[str, str]:
    results = window.ask("grade", files=files, only=list(only))["results"]
    return {name: result["status"] for name, result in results.items()}


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
    """A report without times, versions, how Python words an exception, and at which of the lines that call each other
    there are too many calls: a browser has room for fewer."""
    if isinstance(value, dict):
        finding = value.get("finding") or {}
        if error := finding.get("error"):
            finding = {**finding, "error": ""}
            if error.startswith("RecursionError") and "place" in finding:
                finding["place"] = {**finding["place"], "line": 0}
            value = {**value, "message": "", "finding": finding}
        if value.get("kind") == "exception":
            value = {"kind": "exception"}
        return {key: comparable(item) for key, item in value.items() if key not in DIFFERS}
    return [comparable(item) for item in value] if isinstance(value, list) else value


def with_mistake(file: str, edits: Any) -> Files:
    return {**SOLUTIONS, file: edited(file, SOLUTIONS[file], edits)}


def submissions() -> Iterator[tuple[str, Files]]:
    """Stubs, solutions, a known mistake of every exercise, half of what was once graded wrongly, and what has none."""
    yield "stubs", STUBS
    yield "solutions", SOLUTIONS
    for name, rows in catalogue().items():
        row = next((row for row in rows if row.id in CALLS_ITSELF), rows[len(rows) // 2])
        yield row.id, with_mistake(KIT.manifest.by_id[name].file, row.edits)
    for name, case in [*MISTAKES.items()][::2]:
        yield name, with_mistake(case["file"], case["edits"])
    yield "exits", with_add("import sys; sys.exit(3)")
    gap = "        # exercise: exp\n"
    yield "exits hard", with_mistake("engine.py", [[gap, f"{gap}        import os; os._exit(3)\n"]])
    yield "prints", with_add("print('Ä', '\\u4f60', self.data)", "return")
    yield "asks", with_add("input()")
    yield "no Python", with_add("if")
    yield "one file", {"engine.py": SOLUTIONS["engine.py"]}
    yield "recursion", with_add("return _backward()")
    unordered = [["reversed(topological_sort(self))", "topological_sort(self)"]]
    yield "deep", with_mistake("engine.py", unordered)


@pytest.mark.world
def test_the_reports_are_those_of_the_command(course: Window, tmp_path: Path) -> None:
    """Points, statuses, mistakes and numbers, of every kind of submission."""
    course.open()
    points = {}
    for name, files in submissions():
        course.in_page("window.answer = grader.ask('grade', { files: given[0] });", files)  # while this machine grades
        wanted = by_command(files, tmp_path / "work")
        report = course.page.evaluate("answer.then(({ report }) => report)")
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
        (["kept = []", "while True: kept.append(bytearray(10**7))"], "MemoryError"),
        (["import sys; sys.exit(3)"], "SystemExit: 3"),
        (["import os; os._exit(3)"], "it ended the whole process (exit status 3)"),
        (["import js", "js.document.title = 'mine'"], "No module named 'js'"),
        (["from pyodide.code import run_js", "run_js('postMessage(1)')"], "No module named 'pyodide'"),
        (["import time; time.sleep(60)"], "still running"),
        (["import urllib.request", "urllib.request.urlopen('http://127.0.0.1/')"], "rror"),
        (["open('/home/mine', 'w').write('x')"], "Read-only file system"),
        (["for _ in range(1_000_000): print('x' * 60)", "return"], ""),
    ],
)
def test_what_goes_wrong_costs_its_exercise(course: Window, lines: list[str], said: str) -> None:
    """The page lives on, and the rest is graded."""
    course.open()
    found = course.ask("grade", files=with_add(*lines), only=["derivative", "add", "mul"])
    said_of = {name: result["status"] for name, result in found["results"].items()}
    assert said_of == {"derivative": "passed", "add": "failed", "mul": "passed"}
    add = next(row for row in found["report"]["exercises"] if row["id"] == "add")
    assert said in next(test["message"] for test in add["tests"] if test["status"] != "passed")
    assert course.page.title() != "mine"
    assert statuses(course, SOLUTIONS, "add") == {"add": "passed"}


@pytest.mark.world
def test_nothing_is_left_for_the_next_session(course: Window) -> None:
    """A worker that is used again has nothing of what was done in it."""
    course.open()
    spoilt = with_add("import math, builtins, sys", "math.exp = lambda x: 0.0", "builtins.len = None", "sys.mine = 1")
    statuses(course, spoilt)
    looks = with_add("import sys", "assert not hasattr(sys, 'mine')")
    assert statuses(course, looks, "add") == {"add": "passed"}
    assert set(statuses(course, SOLUTIONS).values()) == {"passed"}


@pytest.mark.world
def test_the_stop_button(course: Window) -> None:
    """Ends a grading and a training at once; the next question is answered."""
    course.open()
    stop = """
      const answer = grader.ask(...given).then(() => "answered", (error) => error.constructor.name);
      await new Promise((resolve) => setTimeout(resolve, 1000));
      const since = performance.now();
      grader.stop();
      return [await answer, performance.now() - since];
    """
    for op, fields in (
        ("grade", {"files": with_add("while True: pass"), "only": ["add"]}),
        ("train", {"files": SOLUTIONS, "dataset": "spiral"}),
    ):
        said, milliseconds = course.in_page(stop, op, fields)
        assert said == "Stopped"
        assert milliseconds < 1000
        assert statuses(course, SOLUTIONS, "add") == {"add": "passed"}


@pytest.mark.world
def test_a_grader_that_breaks(course: Window) -> None:
    """Python itself may end, where its stack is full for one: what was asked is told so, and the next is answered."""
    course.open()
    breaks = """
      const answer = grader.ask("grade", given[0]).then(() => "answered", (error) => error.message);
      setTimeout(() => grader._grader.onmessage({ data: { id: grader._last, broken: true, error: "broken" } }), 500);
      return answer;
    """
    assert "begins anew" in course.in_page(breaks, {"files": with_add("while True: pass"), "only": ["add"]})
    assert statuses(course, SOLUTIONS, "add") == {"add": "passed"}


@pytest.mark.world
def test_what_a_page_asks_for(course: Window) -> None:
    """Hints, solutions, gaps, a reset, a merge, a graph, a training, archives; and a plain line for what cannot be."""
    course.open()
    assert course.ask("touched", changed=["tensor.py"])[0] == "tensor-elementwise"
    gap = course.ask("gaps", files=SOLUTIONS)["add"]
    lines = SOLUTIONS["engine.py"].split("\n")[gap["first"] - 1 : gap["last"]]
    assert course.ask("solution", exercise="add") == {"text": "\n".join(lines)}
    assert course.ask("hint", exercise="add", number=2)["number"] == 2
    assert course.refusal("hint", exercise="ad", number=1) == "There is no exercise ad."
    reset = course.ask("reset", exercise="add", files=SOLUTIONS)["files"]
    assert statuses(course, {**SOLUTIONS, **reset}, "add") == {"add": "not-started"}
    newer = {**STUBS, "engine.py": f"# newer\n{STUBS['engine.py']}"}
    merged = course.ask("merge", base=STUBS, ours=SOLUTIONS, theirs=newer)
    assert merged["files"]["engine.py"] == f"# newer\n{SOLUTIONS['engine.py']}"
    assert merged["conflicts"] == {}
    drawn = course.ask("graph", files=SOLUTIONS, expression="y=a*b", inputs=["a=2", "b=3"])
    assert sorted(node["grad"] for node in drawn["nodes"]) == ["1", "2", "3"]
    assert drawn["svg"].startswith("<svg")
    assert "a**2" in course.refusal("graph", reference=True, expression="a^2", inputs=["a=2"])
    parts = course.parts("train", files=SOLUTIONS, dataset="four-points", settings={"steps": 12})
    steps = [part["step"] for part in parts]
    assert (steps[0], steps[-1]) == (1, 12)  # between them as often as there is time
    assert sorted(set(steps)) == steps
    assert "mlp" in course.refusal("train", files=STUBS, dataset="moons")
    packed = course.ask("zip", files=SOLUTIONS)["base64"]
    assert course.ask("unzip", base64=packed)["files"] == SOLUTIONS
    assert "no zip archive" in course.refusal("unzip", base64="aGFsbG8=")


ALL_THERE = """async (addresses) => {
  const kept = await Promise.all(addresses.map((address) => caches.match(address)));
  return kept.every((one) => one !== undefined);
}"""


@pytest.mark.world
def test_again_and_without_a_network(course: Window) -> None:
    """A later visit goes on from what the first has kept, and one without a network is as good, to any page."""
    course.open()
    names = set(site(KIT, cache.folder()).first)
    course.until(ALL_THERE, [course.web.url + name for name in names])
    assert course.in_page("return loaded.fromSnapshot && loaded.apart")
    course.web.end()
    try:
        course.context.set_offline(True)
        course.open()
        assert course.in_page("return loaded.fromSnapshot && loaded.apart")
        assert statuses(course, SOLUTIONS, "add") == {"add": "passed"}
        for name in (*sorted(name for name in names if name.endswith(".html"))[::4], ""):
            course.open(name)
    finally:
        course.context.set_offline(False)
        course.web.begin()


IS_WAITING = """async () => {
  const found = await navigator.serviceWorker.getRegistration();
  await found?.update();
  return Boolean(found?.waiting);
}"""


@pytest.mark.world
def test_a_new_version(browser: Browser, tmp_path: Path) -> None:
    """Takes over as a whole, when a page is opened the next time: nothing is mixed."""
    made = made_in(tmp_path)
    with served(tmp_path) as web, first_visit(browser, web) as window:
        page, service = made / "index.html", made / "service.js"
        page.write_text(page.read_text().replace("<title>", "<title>New "))
        text = service.read_text()
        version = text.partition('VERSION = "')[2].partition('"')[0]
        service.write_text(text.replace(version, "0123456789abcdef"))
        window.until(IS_WAITING)  # opening a page would do, too, and take over where it is there by then
        assert not window.page.title().startswith("New")
        window.page.goto(web.url)
        window.until("() => document.title.startsWith('New')")
        window.ready()
        assert statuses(window, SOLUTIONS, "add") == {"add": "passed"}


@pytest.mark.world
def test_where_no_memory_can_be_shared(browser: Browser, course: Window) -> None:
    """Both Pythons are in one worker then: graded as well, and what never ends is ended with the grader."""
    nothing = "Object.defineProperty(Navigator.prototype, 'serviceWorker', { value: undefined });"
    with first_visit(browser, course.web, f"{nothing} delete Navigator.prototype.serviceWorker;") as window:
        assert window.in_page("return [crossOriginIsolated, loaded.apart]") == [False, False]
        some = ("derivative", "add", "deep-graph", "training-loop", "tensor-matmul")
        assert set(statuses(window, SOLUTIONS, *some).values()) == {"passed"}
        assert statuses(window, with_add("import os; os._exit(3)"), "derivative", "add")["derivative"] == "passed"
        assert statuses(window, SOLUTIONS, "add") == {"add": "passed"}
        window.page.clock.install()  # the page's own: it need not be waited for
        asks = "window.answer = grader.ask('grade', given[0]).then(() => 'answered', (error) => error.message);"
        window.in_page(asks, {"files": with_add("while True: pass"), "only": ["add"]})
        window.page.clock.fast_forward(19_000)
        assert window.page.evaluate("Promise.race([answer, Promise.resolve('nothing yet')])") == "nothing yet"
        window.page.clock.fast_forward(20_000)
        assert "does not come back" in window.page.evaluate("answer")
        assert statuses(window, SOLUTIONS, "add") == {"add": "passed"}


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


def site_of(files: Mapping[str, bytes]) -> Site:
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
def test_a_first_visit_is_small(course: Window) -> None:
    """What is loaded before the first exercise can be graded; and what is made is what is named."""
    whole = site(KIT, cache.folder())
    made = {path.relative_to(course.web.site).as_posix() for path in course.web.site.rglob("*") if path.is_file()}
    assert made == set(whole.files)
    loaded = {url.removeprefix(course.web.url) for url in course.first} - {"data:,", ""}
    assert loaded <= set(whole.first)
    assert {"engine/kit.zip", "pyodide/pyodide.asm.wasm"} <= loaded
    assert sum(len(whole.files[name]) for name in loaded) <= whole.first_bytes < 25_000_000
