"""The pages of the course in a real browser, from a plain web server under a sub-path: a scripted learner at work."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import SCHEMES, WIDTHS, Browser, chromium, found_by_axe
from click.testing import CliRunner
from conftest import MANUALS, missing_on_this_machine
from test_site import served

from grader.base import messages
from grader.base.errors import OutputError
from grader.base.zipped import zipped
from grader.book.stub import code
from grader.cli.site import site_command
from grader.grading.pipeline import grade
from grader.intake.submission import read_submission
from grader.kit import read_kit
from grader.kit.gaps import gaps
from grader.sandbox.confine import LIMITS
from grader.site import cache
from grader.site.build import ENGINE
from grader.site.course import PAGES

KIT = read_kit()
SECONDS = 90.0  # until Python is there, on a machine that has much else to do
TYPESCRIPT = "typescript@5.9.3"
CHECKED = """{"compilerOptions": {"allowJs": true, "checkJs": true, "strict": true, "noEmit": true, "target": "es2022",
"module": "esnext", "moduleResolution": "bundler", "lib": ["es2023", "dom", "dom.iterable"], "skipLibCheck": true,
"types": []}, "include": ["site/**/*.js"]}"""
PASTE = """(editor, text) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  editor.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""
pytestmark = pytest.mark.world  # a browser


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


def test_the_lines_of_the_manual(tmp_path: Path) -> None:
    """They fill the cache, and make a site of it; its sizes are those that the manuals tell."""
    manual = MANUALS["grader/classes/README.md"]
    found = re.search(r"```sh\n(mg-grade site --fetch) .*?\n(mg-grade site course) ", manual)
    assert found
    for line in found.groups():
        command = [sys.executable, "-m", "grader", *line.split()[1:]]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        if done.returncode and "--fetch" in line:
            missing_on_this_machine("what a site is made of", done.stderr)
        assert done.returncode == 0, done.stderr
    (size,) = re.findall(r"([\d.]+) MB", done.stdout)
    for name in ("grader/classes/README.md", "exercises/README.md"):
        assert f"visit loads {float(size):.0f} MB" in MANUALS[name].replace("\n", " ")
    assert (tmp_path / "course" / "index.html").is_file()


@pytest.fixture(scope="module")
def url(made: Path) -> Iterator[str]:
    with served(made.parent.parent) as (address, _):
        yield f"{address}a/course/"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


class Learner:
    """Somebody with a browser of their own, and what its pages said and loaded."""

    def __init__(self, browser: Browser, url: str, width: int = 1_400, scheme: str = "light") -> None:
        self.url = url
        self.said: list[str] = []
        self.asked: list[str] = []
        viewport = {"width": width, "height": 900}
        self.context = browser.driver.new_context(viewport=viewport, color_scheme=scheme)
        self.page = self.context.new_page()
        self.page.set_default_timeout(SECONDS * 1000)
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))

    def open(self, name: str) -> Any:
        self.page.goto(self.url + name)
        return self.ready()

    def ready(self) -> Any:
        """The page when its scripts and Python are there."""
        self.page.wait_for_selector("body[data-ready][data-grader]")
        return self.page

    def box(self, name: str) -> Any:
        return self.page.locator(f"#exercise-{name}")

    def click(self, name: str, text: str) -> None:
        """Click a line of an editor, once that has drawn what has come into sight."""
        line = self.box(name).locator(".cm-line", has_text=text).first
        line.scroll_into_view_if_needed()
        self.page.wait_for_timeout(500)
        line.click()

    def type_in(self, name: str, code: str) -> None:
        """Put code in the place of the line that raises NotImplementedError."""
        gap = KIT.manifest.by_id[name].gap
        self.click(name, f'raise NotImplementedError("{gap}")')
        self.page.keyboard.press("Home")
        self.page.keyboard.press("Shift+End")
        least = min(len(line) - len(line.lstrip()) for line in code.split("\n") if line.strip())
        self.box(name).locator(".cm-content").evaluate(PASTE, code[least:])

    def run(self, name: str) -> str:
        """Run with the keyboard; what is said of the exercise."""
        self.box(name).locator(".cm-content").focus()
        self.page.keyboard.press("Control+Enter")
        return self.heard(name)

    def heard(self, name: str) -> str:
        said = self.box(name).locator(".said")
        said.filter(has_text=re.compile(f"^(?!{messages.COURSE_RUNNING}).")).wait_for()
        return str(said.inner_text())

    def editor(self, name: str) -> str:
        """What an editor shows, once it is in sight: it draws no more."""
        self.box(name).locator(".cm-editor").scroll_into_view_if_needed()
        self.page.wait_for_timeout(500)
        return str(self.box(name).locator(".cm-content").inner_text())


@pytest.fixture
def learner(browser: Browser, url: str) -> Iterator[Learner]:
    found = Learner(browser, url)
    yield found
    assert found.said == []
    assert all(address.startswith((url, "blob:", "data:")) for address in found.asked)
    found.context.close()


def answers(name: str) -> list[str]:
    """What the solutions have in the gaps of an exercise."""
    one = KIT.manifest.by_id[name]
    text = KIT.solution(one.file)
    return ["\n".join(text.split("\n")[gap.start : gap.end]) for gap in gaps(text) if gap.exercise == one.gap]


def zipped_files(files: dict[str, str]) -> bytes:
    return zipped({name: text.encode() for name, text in files.items()})


def passed(name: str) -> str:
    points = f"{float(KIT.manifest.by_id[name].points):g}"
    return f"{name}: passed, {points} of {points} points"


def test_a_learner_at_work(learner: Learner) -> None:
    """Several exercises of two chapters, and what there is to see of them; all of it is there after a reload."""
    page = learner.open("03-engine.html")
    assert learner.run("add") == messages.COURSE_NOT_BEGUN.format(id="add")
    learner.type_in("add", "            self.grad += out.grad")
    assert "add: " in learner.run("add")
    assert "passed" not in learner.box("add").locator(".said").inner_text()
    assert learner.box("add").locator(".result").inner_text() != ""
    learner.click("add", "self.grad += out.grad")
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    page.keyboard.insert_text("other.grad += out.grad")
    assert learner.run("add") == passed("add")
    learner.type_in("mul", answers("mul")[0])
    assert learner.run("mul") == passed("mul")
    assert page.locator("[data-count='engine.py']").inner_text() == "2/13"
    box = learner.box("mul")
    assert box.locator(".next").get_attribute("href").endswith("#exercise-pow")
    page.reload()
    learner.ready()
    assert "other.grad += out.grad" in learner.editor("add")
    assert page.locator("li[data-state=mul]").inner_text() == messages.PAGE_STATES["passed"]
    assert KIT.manifest.by_id["mul"].learnt in box.locator(".result").inner_text()
    learner.open("01-derivatives.html")
    learner.type_in("derivative", answers("derivative")[0])
    for other in answers("derivative")[1:]:
        learner.type_in("derivative", other)
    assert learner.run("derivative") == passed("derivative")
    learner.open("index.html")
    assert page.locator("#next a").inner_text().startswith("gradient: ")
    assert page.locator("[data-mark=mul]").get_attribute("aria-label") == "passed"


def test_hints_reset_solution(learner: Learner) -> None:
    page = learner.open("03-engine.html")
    box = learner.box("add")
    hints = box.locator("summary")
    assert [hint.is_visible() for hint in hints.all()] == [True, False, False, False]
    hints.first.press("Enter")
    assert [hint.is_visible() for hint in hints.all()] == [True, True, False, False]
    learner.type_in("add", "            pass")
    box.get_by_role("button", name=messages.COURSE_RESET).click()
    page.get_by_role("button", name=messages.COURSE_KEEP).click()
    assert "NotImplementedError" not in learner.editor("add")
    box.get_by_role("button", name=messages.COURSE_RESET).click()
    page.get_by_role("dialog").get_by_role("button", name=messages.COURSE_RESET).click()
    assert learner.heard("add") == messages.COURSE_RESET_DONE
    assert 'raise NotImplementedError("add")' in learner.editor("add")
    solution = box.get_by_role("button", name=messages.COURSE_SOLUTION)
    solution.click()
    page.get_by_role("button", name=messages.COURSE_GIVE_UP_NO).click()
    assert box.locator(".solved").inner_text() == ""
    solution.click()
    page.get_by_role("button", name=messages.COURSE_GIVE_UP_YES).click()
    page.get_by_role("dialog").get_by_role("button", name=messages.COURSE_SOLUTION).click()
    box.locator(".solved pre").wait_for()
    assert answers("add")[0].strip().split("\n")[0] in box.locator(".solved").inner_text()
    page.reload()
    learner.ready()
    assert [hint.is_visible() for hint in hints.all()] == [True, True, False, False]


def test_an_endless_loop(learner: Learner) -> None:
    """Stop ends it at once, and the page lives on."""
    page = learner.open("03-engine.html")
    learner.type_in("add", "            while True: pass")
    box = learner.box("add")
    box.get_by_role("button", name=messages.COURSE_RUN).click()
    page.wait_for_timeout(300)
    assert box.locator(".said").inner_text() == messages.COURSE_RUNNING
    box.get_by_role("button", name=messages.COURSE_STOP).click(timeout=1_000)
    box.locator(".said", has_text=messages.COURSE_STOPPED).wait_for(timeout=3_000)
    assert "still running" in (learner.run("add"), box.locator(".result").inner_text())[1]


def test_files_are_shown_where_they_are_open(learner: Learner) -> None:
    """What is typed in one editor stands in the others; a tab shows another file; the rest of a file is folded."""
    page = learner.open("03-engine.html")
    learner.type_in("add", "            pass  # mine")
    box = learner.box("mul")
    assert "# mine" not in learner.editor("mul")
    whole = box.get_by_role("button", name=messages.COURSE_WHOLE)
    whole.click()
    assert whole.get_attribute("aria-pressed") == "true"
    assert "# mine" in learner.editor("mul")
    whole.click()
    assert "# mine" not in learner.editor("mul")
    box.get_by_role("tab", name="losses.py").click()
    assert "engine.py" not in box.get_by_role("tab", selected=True).inner_text()
    assert "losses" in box.locator(".cm-content").get_attribute("aria-label")
    page.keyboard.press("Tab")


def test_out_and_in_again(learner: Learner, browser: Browser, url: str, tmp_path: Path) -> None:
    """The zip is what mg-grade grades, and another browser goes on with it."""
    learner.open("03-engine.html")
    learner.type_in("add", answers("add")[0])
    page = learner.open("work.html")
    with page.expect_download() as downloading:
        page.get_by_role("button", name=messages.COURSE_OUT).click()
    path = tmp_path / downloading.value.suggested_filename
    downloading.value.save_as(path)
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path)
    (folder,) = (found for found in tmp_path.iterdir() if found.is_dir())
    report = grade(read_submission(folder, KIT.manifest, is_own=True), KIT, level=LIMITS)
    assert [result.id for result in report.results if result.status == "passed"] == ["add"]
    other = Learner(browser, url)
    page = other.open("work.html")
    page.set_input_files("#in", path)
    page.get_by_role("button", name=messages.COURSE_IN_YES).click()
    page.locator(".said", has_text="Taken in").wait_for()
    page.get_by_role("button", name=messages.COURSE_GRADE_ALL).click()
    page.locator(".said", has_text=messages.COURSE_GRADED).wait_for()
    assert page.locator("td [data-state=add]").inner_text() == messages.PAGE_STATES["passed"]
    assert page.locator("#points").inner_text().startswith("1 of 42")
    page.set_input_files("#in", {"name": "no.zip", "mimeType": "application/zip", "buffer": b"no"})
    page.locator(".said", has_text=messages.SITE_NO_ZIP.partition(" (")[0]).wait_for()
    page.get_by_role("button", name=messages.COURSE_TAKE_BACK).click()
    page.locator(".said", has_text=messages.COURSE_TAKEN_BACK).wait_for()
    other.open("03-engine.html")
    assert 'raise NotImplementedError("add")' in other.editor("add")
    assert other.said == []
    other.context.close()


def test_a_new_version(learner: Learner) -> None:
    """Work that was begun with other files is carried over to those of the site: what the course has changed since is
    there, and what the learner wrote."""
    page = learner.open("03-engine.html")
    learner.type_in("add", answers("add")[0])
    assert learner.run("add") == passed("add")
    changed = """() => {
      for (const name of ["base", "file:engine.py"]) {
        const key = Object.keys(localStorage).find((one) => one.endsWith(":" + name));
        localStorage[key] = localStorage[key].replace("One number in a graph", "A number of old");
      }
    }"""
    page.evaluate(changed)
    learner.open("03-engine.html")
    page.locator(".lines", has_text=messages.COURSE_UPGRADED).wait_for()
    learner.box("add").get_by_role("button", name=messages.COURSE_WHOLE).click()
    learner.box("add").locator(".cm-content", has_text="One number in a graph").wait_for()
    assert "other.grad += out.grad" in learner.editor("add")
    page.reload()
    learner.ready()
    assert page.locator(".lines").count() == 0


def test_backward_through_an_expression(learner: Learner) -> None:
    """Every gradient is asked for, from the result on, and shown when it was right."""
    page = learner.open("look.html")
    part = page.locator("#graph")
    part.locator("[name=whose]").select_option("reference")
    part.locator("[name=expression]").fill("(a*b + c) * f")
    part.get_by_role("button", name=messages.COURSE_DRAW).click()
    part.locator(".drawn").wait_for()
    gradients = {"y": 1, "f": 4, "n2": -2, "c": -2, "n1": -2, "b": -4, "a": 6}
    for number in range(len(gradients)):
        name = re.search(r"respect to (\w+)", part.locator(".ask").inner_text())
        assert name
        if number == 1:
            part.locator("[name=answer]").fill("7")
            page.keyboard.press("Enter")
            assert part.locator(".heard").inner_text().startswith("Not that. f is used in y = n2 * f")
        assert f"grad {gradients[name[1]]}" not in part.locator("svg .now + text + text + text").inner_html()
        part.locator("[name=answer]").fill(str(gradients[name[1]]))
        page.keyboard.press("Enter")
        assert part.locator(".heard").inner_text().startswith(f"Right: the gradient of {name[1]}")
    assert messages.COURSE_ALL_STEPS in part.locator(".heard").inner_text()
    assert messages.COURSE_UNKNOWN not in part.locator("tbody").inner_text()
    part.locator("[name=expression]").fill("a +")
    part.get_by_role("button", name=messages.COURSE_DRAW).click()
    part.locator(".said", has_text="a +").wait_for()


@pytest.mark.parametrize("name", ["four-points", "three-regions", "spiral", "moons", "yin-yang"])
def test_training(learner: Learner, name: str) -> None:
    """The pictures come while it trains, the numbers beside them; Stop ends it."""
    page = learner.open("look.html")
    part = page.locator("#train")
    part.locator("[name=dataset]").select_option(name)
    part.locator("[name=whose]").select_option("reference")
    part.locator("[name=steps]").fill("2000")
    part.get_by_role("button", name=messages.COURSE_BEGIN).click()
    steps = part.locator("#losses-text")
    steps.filter(has_text=re.compile(r"^Step (?!1 )")).wait_for()
    none = messages.COURSE_NO_VALIDATION.format(examples=4)
    assert ("Validation loss" in steps.inner_text(), none in steps.inner_text()) == (
        (False, True) if name == "four-points" else (True, False)
    )
    assert ("for 1" if name == "four-points" else "circles") in part.locator("#boundary-text").inner_text()
    colours = part.locator("canvas.boundary").evaluate(
        "one => new Set(new Uint32Array(one.getContext('2d').getImageData(0, 0, 480, 480).data.buffer)).size"
    )
    assert colours > 3
    part.get_by_role("button", name=messages.COURSE_STOP).click(timeout=2_000)
    part.locator(".said", has_text=messages.COURSE_STOPPED).wait_for(timeout=5_000)


def test_a_size_for_each_hidden_layer(learner: Learner) -> None:
    """There are as many sliders as layers, each named and in the order of the keyboard, and the network has them."""
    page = learner.open("look.html")
    part = page.locator("#train")
    part.locator("[name=dataset]").select_option("moons")
    part.locator("[name=whose]").select_option("reference")
    part.locator("[name=steps]").fill("20")
    sizes = [part.get_by_label(messages.COURSE_SIZE.format(layer=layer)) for layer in (1, 2, 3)]
    assert [size.is_visible() for size in sizes] == [True, False, False]
    part.locator("[name=layers]").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert [size.is_visible() for size in sizes] == [True, True, True]
    for number in (5, 3, 7):
        page.keyboard.press("Tab")
        page.keyboard.press("Home")
        for _ in range(number - 1):
            page.keyboard.press("ArrowRight")
    assert [size.get_attribute("aria-valuetext") for size in sizes] == ["5", "3", "7"]
    part.get_by_role("button", name=messages.COURSE_BEGIN).click()
    parameters = 3 * 5 + 6 * 3 + 4 * 7 + 8 * 2
    part.locator(".said", has_text="Step 20 of 20").wait_for()
    assert f"{parameters} parameters" in part.locator(".said").inner_text()


def test_code_that_is_not_there_yet(learner: Learner) -> None:
    """The exercise that is missing is named, with a way to it."""
    page = learner.open("look.html")
    for part, button, name in (("#graph", messages.COURSE_DRAW, "backward"), ("#train", messages.COURSE_BEGIN, "mlp")):
        said = page.locator(f"{part} .said")
        page.locator(part).get_by_role("button", name=button).click()
        said.filter(has_text=messages.SITE_GAP.format(id=name)).wait_for()
        assert str(said.locator("a").get_attribute("href")).endswith(f"#exercise-{name}")


def test_a_wrong_gradient(learner: Learner) -> None:
    """It is told in both parts: beside the right one, and as an exercise that did not pass."""
    files = {file: KIT.solution(file) for file in KIT.manifest.files}
    right = "self.grad += other.data * out.grad"
    assert right in files["engine.py"]
    files["engine.py"] = files["engine.py"].replace(right, "self.grad += out.grad")
    page = learner.open("work.html")
    page.set_input_files("#in", {"name": "a.zip", "mimeType": "application/zip", "buffer": zipped_files(files)})
    page.get_by_role("button", name=messages.COURSE_IN_YES).click()
    page.locator(".said", has_text="Taken in").wait_for()
    page.get_by_role("button", name=messages.COURSE_GRADE_ALL).click()
    page.locator(".said", has_text=messages.COURSE_GRADED).wait_for()
    learner.open("look.html")
    graph, train = page.locator("#graph"), page.locator("#train")
    graph.get_by_role("button", name=messages.COURSE_DRAW).click()
    graph.locator(".drawn").wait_for()
    show = graph.get_by_role("button", name=messages.COURSE_SHOW)
    heard = []
    while show.is_visible():
        show.click()
        heard.append(graph.locator(".heard").inner_text().partition(".")[0])
    assert any("your engine says" in one for one in heard)
    train.locator("[name=dataset]").select_option("four-points")
    train.get_by_role("button", name=messages.COURSE_BEGIN).click()
    train.locator(".failing a", has_text="mul").wait_for()
    train.locator(".failing", has_text=messages.COURSE_FAILING).wait_for()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_page(browser: Browser, url: str, made: Path, width: int, scheme: str) -> None:
    """Nothing is wider than the window, axe finds nothing serious, nothing is said and nothing loaded from
    elsewhere."""
    learner = Learner(browser, url, width, scheme)
    names = sorted(path.name for path in made.glob("*.html") if path.name != "try.html")
    assert len(names) == 15
    for name in names:
        page = learner.open(name)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        assert found_by_axe(page, least="serious") == [], name
    if width < 500:
        page = learner.open("03-engine.html")
        assert not page.locator("#path").is_visible()
        page.get_by_role("button", name=messages.COURSE_PATH).press("Enter")
        assert page.locator("#path").is_visible()
        assert found_by_axe(page, least="serious") == []
        page.keyboard.press("Escape")
        assert not page.locator("#path").is_visible()
    # It is loaded into the page, where it may not load the style once more.
    assert [line for line in learner.said if "axe" not in line] == []
    assert all(address.startswith((url, "data:", "blob:")) for address in learner.asked)
    learner.context.close()


def test_with_the_keyboard_alone(learner: Learner) -> None:
    """Into the editor, out of it, and to each button."""
    page = learner.open("01-derivatives.html")
    box = learner.box("derivative")
    box.get_by_role("tab", selected=True).focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.classList.contains('cm-content')")
    page.keyboard.press("Escape")
    seen = []
    for _ in range(5):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.textContent"))
    assert seen[:2] == [messages.COURSE_RUN, messages.COURSE_WHOLE]  # there is nothing to stop
    assert messages.COURSE_SOLUTION in seen


def test_on_paper(learner: Learner, tmp_path: Path) -> None:
    page = learner.open("03-engine.html")
    page.pdf(path=tmp_path / "page.pdf")
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF")


def test_types(tmp_path: Path) -> None:
    """The scripts of the pages are right by their JSDoc types, with the editor's own."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        missing_on_this_machine("npm", "apt-get install npm")
    install = [str(npm), "install", "--silent", "--no-audit", "--no-fund", TYPESCRIPT]
    if subprocess.run(install, cwd=tmp_path, capture_output=True, check=False).returncode:
        missing_on_this_machine(TYPESCRIPT, " ".join(install))
    for one in cache.pinned():
        if one.manager == "npm" and one.name != "pyodide":
            with tarfile.open(cache.folder() / one.file) as archive:
                archive.extractall(tmp_path / "unpacked" / one.name, filter="data")
            target = tmp_path / "node_modules" / one.name
            target.parent.mkdir(exist_ok=True)
            shutil.move(tmp_path / "unpacked" / one.name / cache.INDEX, target)
    for folder in (PAGES, ENGINE):
        shutil.copytree(folder, tmp_path / "site" / folder.name)
    (tmp_path / "tsconfig.json").write_text(CHECKED)
    command = [str(node), "node_modules/typescript/bin/tsc", "-p", "."]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout == ""


SEEN = """
import { places } from "./gaps.mjs";
import { readFileSync } from "node:fs";
const given = JSON.parse(readFileSync("given.json"));
console.log(JSON.stringify(given.map(([lines, gap]) => places(lines, gap).map(({ first, last }) => [first, last]))));
"""


def test_what_is_in_sight(tmp_path: Path) -> None:
    """Of each exercise the editor shows the functions or classes with its gaps, and no more than the book
    does; all, where its marks are gone."""
    node = shutil.which("node")
    if node is None:
        missing_on_this_machine("node", "apt-get install nodejs")
    shutil.copy(PAGES / "gaps.js", tmp_path / "gaps.mjs")
    (tmp_path / "seen.mjs").write_text(SEEN)
    exercises = KIT.manifest.exercises
    given = [[KIT.stub(one.file).split("\n"), one.gap] for one in exercises]
    given.append([["# exercise: add", "pass"], "add"])
    (tmp_path / "given.json").write_text(json.dumps(given))
    done = subprocess.run([str(node), "seen.mjs"], cwd=tmp_path, capture_output=True, text=True, check=True)
    *found, without_end = json.loads(done.stdout)
    assert without_end == []
    for one, (lines, _), ranges in zip(exercises, given[:-1], found, strict=True):
        seen = [line.strip() for first, last in ranges for line in lines[first : last + 1] if line.strip()]
        wanted = [line.strip() for line in code(KIT, one).split("\n") if line.strip()]
        marked = [line for line in seen if line == f"# exercise: {one.gap}"]
        assert len(marked) == "\n".join(lines).count(f"# exercise: {one.gap}\n") > 0, one.id
        assert [line for line in seen if line.startswith("# exercise") and line not in marked] == [], one.id
        assert all(re.match(r"\s*(def|class|@)", lines[first]) for first, _ in ranges), one.id
        assert len(seen) <= len(wanted) + 1, (one.id, seen)
