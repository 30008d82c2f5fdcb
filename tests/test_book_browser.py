"""The pages of the book in a real browser: the real book, and one that has everything."""

from __future__ import annotations

from pathlib import Path

import pytest
from browser import FOR_AXE, SCHEMES, WIDTHS, Browser, found_by_axe
from made_up_book import made_up

from grader.book.pages import pages
from grader.book.source import folder
from grader.kit import NOTEBOOK, Kit, read_kit

# What the stylesheet of nbconvert's pages lacks, whatever notebook it shows.
OF_NBCONVERT = ("color-contrast", "link-in-text-block", "scrollable-region-focusable")
pytestmark = pytest.mark.world  # a browser


def _written(kit: Kit, out: Path) -> Path:
    for name, content in pages(kit).items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_bytes(content)
    return out


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The folders of both."""
    folder = tmp_path_factory.mktemp("books")
    return [_written(read_kit(), folder / "real"), _written(made_up(folder), folder / "made up")]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_page(books: list[Path], browser: Browser, width: int, scheme: str) -> None:
    """Nothing is said, nothing is loaded from elsewhere, nothing is wider than the window, and axe finds nothing
    serious; also with every hint open."""
    for book in books:
        paths = sorted(book.glob("*.html"))
        assert len(paths) == 13
        for number, path in enumerate(paths):
            browser.said.clear()
            browser.asked.clear()
            browser.refused.clear()
            page = browser.open(path, width, scheme)
            page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path.name
            assert page.evaluate("[...document.images].every(one => one.complete && one.naturalWidth > 0)"), path.name
            assert (browser.said, browser.refused) == ([], [])
            assert all(
                Path(url.removeprefix("file://").replace("%20", " ")).is_relative_to(book) for url in browser.asked
            )
            # It loads the style once more, which the page lets nobody do.
            assert (width, scheme) != FOR_AXE[number % 2] or found_by_axe(page, least="serious") == [], path.name
            page.context.close()


def test_with_the_keyboard_alone(books: list[Path], browser: Browser) -> None:
    """Past what stands on every page, to the next chapter, and hint after hint."""
    page = browser.open(books[1] / "01-derivatives.html", 360)
    page.keyboard.press("Tab")
    skip = page.locator(":focus")
    assert skip.inner_text() == "Skip to the text"
    assert skip.bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "text"
    box = page.locator("#exercise-gradient")
    hints = box.locator("summary")
    assert [hint.is_visible() for hint in hints.all()] == [True, False, False, False]
    hints.first.focus()
    for number in range(1, 5):
        page.keyboard.press("Enter")
        shown = [hint.is_visible() for hint in hints.all()]
        assert shown == [i <= number for i in range(4)]
        page.keyboard.press("Tab")
    page.get_by_role("link", name="2. The chain rule").first.press("Enter")
    assert page.url.endswith("/02-chain-rule.html")
    page.get_by_role("link", name="Contents").first.click()
    page.get_by_role("link", name="gradient").click()
    assert page.url.endswith("/01-derivatives.html#exercise-gradient")
    assert page.locator(":target h3").is_visible()


def test_on_paper(books: list[Path], browser: Browser, tmp_path: Path) -> None:
    page = browser.open(books[0] / "03-engine.html")
    page.pdf(path=tmp_path / "page.pdf")
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF")


def test_formulas_are_drawn(books: list[Path], browser: Browser) -> None:
    """By the browser, not as text: a fraction is higher than a letter, and what is too wide is moved by itself."""
    page = browser.open(books[1] / "01-derivatives.html", 360)
    height = "one => one.getBoundingClientRect().height"
    fraction, letter = page.locator(".formula mfrac").first, page.locator("p math mi").first
    assert fraction.evaluate(height) > 1.5 * letter.evaluate(height)
    wide = page.locator(".formula").last
    assert wide.evaluate("one => one.scrollWidth > one.clientWidth")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_notebook_as_a_page(tmp_path: Path, browser: Browser, width: int) -> None:
    """So is the notebook, as nbconvert makes a page of it: its text, pictures and code stand alone."""
    from nbconvert import HTMLExporter  # with the browser's extra

    exporter = HTMLExporter(mathjax_url="", require_js_url="", jquery_url="", mermaid_js_url="")  # type: ignore[no-untyped-call]  # it has no types
    body, _ = exporter.from_filename(str(read_kit().exercises / NOTEBOOK))
    path = tmp_path / "notebook.html"
    path.write_text(body, encoding="utf-8")
    browser.said.clear()
    browser.asked.clear()
    page = browser.open(path, width)
    assert page.evaluate("[...document.images].every(one => one.complete && one.naturalWidth > 0)")
    assert page.evaluate("document.images.length") == len(list((folder(read_kit()) / "pictures").glob("*.svg")))
    assert browser.said == []
    assert {url.partition(":")[0] for url in browser.asked} <= {"file", "data"}
    found = [line for line in found_by_axe(page, least="serious") if not line.startswith(OF_NBCONVERT)]
    assert found == []
    page.context.close()
