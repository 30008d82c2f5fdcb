"""The course in a browser, for its tests: a site from a plain web server under a sub-path, and a window with it.

What is slow is done once for a file of tests: a first visit loads two Pythons, and keeps all it has got. A learner who
is new to the course is the same window with nothing stored in it, and a test whose matter is a first visit begins one.
"""

from __future__ import annotations

import contextlib
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from browser import Browser
from click.testing import CliRunner
from conftest import missing_on_this_machine

from grader.base import messages
from grader.base.errors import OutputError
from grader.cli.site import site_command
from grader.kit import read_kit
from grader.kit.gaps import gaps
from grader.site import cache

KIT = read_kit()
SECONDS = 90.0  # until Python is there, on a machine that has much else to do
SIZE = {"width": 1_400, "height": 900}
BELOW = "a/course"  # where the site is, of what is served
ALL_KEPT = """async () => {
  const names = await caches.keys();
  const kept = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
  return kept.flat().filter(({ url }) => url.endsWith(".snapshot")).length === 2;
}"""
GRADER = """
const { begin } = await import(new URL("pages/grading.js", document.baseURI));
const grader = begin();
const loaded = await grader.loaded;
"""
ASK = """
const parts = [];
try {
  return { result: await grader.ask(...given, (part) => parts.push(part)), parts };
} catch (error) {
  return { error: error.message, kind: error.constructor.name };
}
"""
FRAMES = """async () => {
  for (let i = 0; i < 4; i++) await new Promise(requestAnimationFrame);
}"""
PASTE = """(editor, text) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  editor.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""


class Web:
    """A folder by Python's own server, which can be ended and begun again. url, site: of the site in it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.site = folder / BELOW
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self._port}/{BELOW}/"

    def begin(self) -> None:
        (self._folder / "favicon.ico").touch()  # a browser asks for it where a page is no HTML, when it pleases
        where = ["--bind", "127.0.0.1", "-d", str(self._folder)]
        command = [sys.executable, "-m", "http.server", str(self._port), *where]
        self._server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self._port)):
                return
            time.sleep(0.05)

    def end(self) -> None:
        self._server.kill()
        self._server.wait()


@contextlib.contextmanager
def served(folder: Path) -> Iterator[Web]:
    web = Web(folder)
    web.begin()
    try:
        yield web
    finally:
        web.end()


def made_in(folder: Path) -> Path:
    """The site, two folders below what is served; the test is skipped where there is nothing to make it of."""
    try:
        cache.fetch(cache.folder())
    except OutputError as error:
        missing_on_this_machine("what a site is made of", str(error))
    done = CliRunner().invoke(site_command, [str(folder / BELOW)])
    assert done.exception is None, done.output
    return folder / BELOW


class Window:
    """A page of the course, and what it said and loaded. first: what it loaded in a first visit."""

    def __init__(self, context: Any, web: Web) -> None:
        self.context = context
        self.web = web
        self.said: list[str] = []
        self.asked: list[str] = []
        self.first: list[str] = []
        self.page = context.new_page()
        self.page.set_default_timeout(SECONDS * 1000)
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))

    def open(self, name: str = "index.html") -> Any:
        """Load a page of the course."""
        self.page.goto(self.web.url + name)
        return self.ready()

    def ready(self) -> Any:
        """The page when its scripts and Python are there."""
        self.page.wait_for_selector("body[data-ready][data-grader]")
        return self.page

    def until(self, script: str, *given: Any) -> None:
        """Wait until a function in the page answers with true. Playwright's own way to wait asks by `eval` from the
        second time on, which the policy of the pages does not let it."""
        from playwright.sync_api import Error

        end = time.monotonic() + SECONDS
        is_so = False
        while not is_so:
            assert time.monotonic() < end, script
            with contextlib.suppress(Error):  # the page is being left
                is_so = bool(self.page.evaluate(script, *given))
            self.page.wait_for_timeout(50)

    def forget(self) -> None:
        """Be somebody who is new here."""
        self.page.goto(self.web.url + "site.css")  # a page without scripts, so nothing is stored again
        self.page.evaluate("localStorage.clear()")
        self.page.set_viewport_size(SIZE)
        self.page.emulate_media(color_scheme="light")
        self.said.clear()
        self.asked.clear()

    def no_fault(self) -> None:
        """Nothing was said in the console, and nothing loaded from elsewhere."""
        # axe is loaded into the page, where it may not load the style once more.
        assert [line for line in self.said if "axe" not in line] == []
        assert all(address.startswith((self.web.url, "blob:", "data:")) for address in self.asked)

    def in_page(self, script: str, *given: Any) -> Any:
        """What a script answers that has the page's `grader`, `loaded` and what is `given`."""
        return self.page.evaluate(f"async (given) => {{ {GRADER} {script} }}", given)

    def ask(self, op: str, **fields: Any) -> Any:
        """The result of a question to the grader, which must have one."""
        said = self.in_page(ASK, op, fields)
        assert "result" in said, said
        return said["result"]

    def parts(self, op: str, **fields: Any) -> list[Any]:
        """The parts in which an answer comes."""
        return list(self.in_page(ASK, op, fields)["parts"])

    def refusal(self, op: str, **fields: Any) -> str:
        """Why a question has no answer."""
        return str(self.in_page(ASK, op, fields)["error"])

    def box(self, name: str) -> Any:
        return self.page.locator(f"#exercise-{name}")

    def drawn(self, name: str) -> Any:
        """The editor of an exercise when it is in sight, and has drawn what is: it draws no more."""
        content = self.box(name).locator(".cm-content")
        self.box(name).locator(".cm-editor").scroll_into_view_if_needed()
        self.page.evaluate(FRAMES)
        return content

    def editor(self, name: str) -> str:
        return str(self.drawn(name).inner_text())

    def click(self, name: str, text: str) -> None:
        """Click a line of an editor."""
        line = self.drawn(name).locator(".cm-line", has_text=text).first
        line.scroll_into_view_if_needed()
        self.page.evaluate(FRAMES)
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
        said = self.box(name).locator(".said")
        said.filter(has_text=re.compile(f"^(?!{messages.COURSE_RUNNING}).")).wait_for()
        return str(said.inner_text())

    def hears(self, name: str, text: str) -> None:
        """Wait until just that is said of an exercise."""
        said = self.box(name).locator(".said")
        said.filter(has_text=re.compile(f"^{re.escape(text)}$")).wait_for()


@contextlib.contextmanager
def first_visit(browser: Browser, web: Web, *scripts: str) -> Iterator[Window]:
    """A window of a browser that has never been here. scripts: what its pages run before anything else."""
    context = browser.driver.new_context(viewport=SIZE)
    for script in scripts:
        context.add_init_script(script)
    window = Window(context, web)
    window.open()
    yield window
    context.close()


@contextlib.contextmanager
def visit(browser: Browser, web: Web) -> Iterator[Window]:
    """A window that has kept all that a later visit needs."""
    with first_visit(browser, web) as window:
        window.until(ALL_KEPT)
        window.first = list(window.asked)
        yield window


def answers(name: str) -> list[str]:
    """What the solutions have in the gaps of an exercise."""
    one = KIT.manifest.by_id[name]
    text = KIT.solution(one.file)
    return ["\n".join(text.split("\n")[gap.start : gap.end]) for gap in gaps(text) if gap.exercise == one.gap]


def passed(name: str) -> str:
    """What is said of an exercise that is."""
    points = f"{float(KIT.manifest.by_id[name].points):g}"
    return f"{name}: passed, {points} of {points} points"
