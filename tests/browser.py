"""A real browser: Debian's Chromium, driven by Playwright, with axe-core to look for what keeps people out."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from conftest import missing_on_this_machine

WIDTHS = (360, 1_400)
SCHEMES = ("light", "dark")
# Each width, and the colours of each scheme, on every other page: it takes a second.
FOR_AXE = ((360, "light"), (1_400, "dark"))
IMPACTS = ("minor", "moderate", "serious", "critical")  # axe-core's
FIX = "apt-get install chromium; pip install -e '.[test,browser]'"


@dataclass
class Browser:
    """One that is open. said: what pages wrote to the console, or failed at; asked: what they wanted to load, by its
    address; refused: what of that was not loaded, and why."""

    driver: Any
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def open(self, path: Path, width: int = 1_400, scheme: str = "light", script: bool = True) -> Any:
        """A page from the disk, in a window of its own."""
        context = self.driver.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=script
        )
        page = context.new_page()
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("dialog", self._dismiss)
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("requestfailed", lambda request: self.refused.append(f"{request.url} {request.failure}"))
        page.goto(path.as_uri())
        return page

    def _dismiss(self, dialog: Any) -> None:
        self.said.append(f"dialog {dialog.message}")
        dialog.dismiss()


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """A browser without a window; the test is skipped where there is none."""
    path = shutil.which("chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        path = None
    if path is None:
        missing_on_this_machine("a browser", FIX)
    with sync_playwright() as playwright:
        driver = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])  # root has no other way
        try:
            yield Browser(driver)
        finally:
            driver.close()


def found_by_axe(page: Any, least: str = "minor") -> list[str]:
    """What axe-core has to say of a page, a line each. least: of no less impact than this."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    impacts = IMPACTS[IMPACTS.index(least) :]
    return [f"{one['id']}: {one['help']} ({one['nodes'][0]['target']})" for one in found if one["impact"] in impacts]
