"""The pages: what stands on them, and how they behave in a real browser."""

from __future__ import annotations

import csv
import io
import re
import shutil
import tracemalloc
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from browser import SCHEMES, WIDTHS, Browser, found_by_axe
from conftest import ROOT
from corpus import asked, lay_out
from test_mistakes import MISTAKES, make
from test_shown_as_text import HOSTILE

from grader.base.model import Note, NoteKind, Student
from grader.base.report import Adjustment, Excerpt, Finding, NodeShown, Report, Status, TestResult, Verdict, WrongGraph
from grader.classes import class_page, class_report, pairs
from grader.classes.batch import content_print, kit_print
from grader.classes.class_page import Class, Row
from grader.classes.gradebook import Gradebook
from grader.classes.grades import Grade, keep_sections, keep_settings
from grader.classes.outcome import Grading, Outcome
from grader.classes.pairs import PairShown
from grader.classes.policy import Deadline
from grader.classes.similarity import OwnCode, Pair, lines_of
from grader.cli.written import write_all, write_page
from grader.grading.pipeline import grade
from grader.intake.submission import read_submission
from grader.kit import read_kit
from grader.reports.forms import form
from grader.reports.forms import json as json_form

KIT = read_kit()
AWAY = "http://127.0.0.1:9/x"
INJECTIONS = [
    *HOSTILE,
    *("<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "'\"><script>alert(1)</script>", "javascript:alert(1)"),
    *("</style><script>alert(1)</script>", "</script><script>alert(1)</script>", f"<iframe src={AWAY}>"),
    *(f"<link rel=stylesheet href={AWAY}>", "{{ 7 * 7 }}", "{% raw %}", f"<base href={AWAY}>"),
    *(f"<meta http-equiv=refresh content='0;url={AWAY}'>", '" onmouseover="alert(1)', "' autofocus onfocus='alert(1)"),
    *("<details open ontoggle=alert(1)>", f"<form action={AWAY}>", "</pre></article></main><h1>x", "&#60;b&#62;"),
    *("<math><mtext><style><img src onerror=alert(1)>", "<a href=data:text/html,x>x</a>", "<!--", "-->", "\"'`=<>&"),
]
DEADLINE = datetime(2026, 11, 20, 23, 0, tzinfo=UTC)
WRONG = "    print('hello')\n    return predictions.nothing\n"
SAME = "".join(
    f"""
def own_{i}(values, limit):
    found = [value ** {i} for value in values if value > limit]
    for place, value in enumerate(found):
        found[place] = value * {i} + place % 3
    while len(found) > {i}:
        found.pop()
    return sum(found) / max(1, len(found)) - {i}
"""
    for i in range(2, 16)
)


def graded_work(folder: Path) -> tuple[Report, dict[str, str], str]:
    submission = read_submission(folder, KIT.manifest)
    sources = {file.path: file.text for file in (*submission.files, *submission.others)}
    return grade(submission, KIT), sources, content_print(submission)


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Report, dict[str, str], str]]:
    """Some submissions: right, wrong in one thing or in several, and stubs. Name -> report, files, fingerprint."""
    folder = tmp_path_factory.mktemp("work")
    found = {"stubs": graded_work(ROOT / "exercises")}
    for name, mistakes in {"right": (), "one": ("mul-assigned",), "two": ("add-self.grad", "mul-assigned")}.items():
        shutil.copytree(ROOT / "solutions", folder / name)
        for mistake in mistakes:
            make(folder / name, MISTAKES.get(mistake) or next(iter(MISTAKES.values())))
        if name == "two":
            text = (ROOT / "solutions" / "losses.py").read_text()
            head = "def mean_squared_error(predictions, targets):\n"
            (folder / name / "losses.py").write_text(text.replace(head, f"{head}{WRONG}"))
        found[name] = graded_work(folder / name)
    return found


def book_of(out: Path, graded: dict[str, tuple[Report, dict[str, str], str]], students: int) -> None:
    """A gradebook of so many students, with sections, a deadline, attempts, late work, changed scores and refused
    work."""
    kinds = list(graded)
    with Gradebook(out, is_new=True) as book:
        keep_settings(book, "latest", Deadline(DEADLINE, Fraction(10)))
        who = [Student(f"s{i:03}", f"Student {i:03}", str(i), section="AB"[i % 2]) for i in range(students)]
        keep_sections(book, who)
        for i, student in enumerate(who):
            report, sources, content = graded[kinds[i % len(kinds)]]
            own = {**sources, "own.py": SAME if i in (2, 3) else "".join(f"a{k} = {i} + {k}\n" for k in range(i % 7))}
            for attempt in range(1, 2 + (i % 3 == 0)):
                submitted = DEADLINE + timedelta(hours=i % 40 - 36, days=attempt - 1)
                values = (student, attempt, student.key, submitted, False)
                print_ = f"{content}{i}"
                if i % 11 == 5:
                    book.add(Grading(*values, Outcome.REFUSED, "only essay.pdf", print_, "", "", None, {}))
                    continue
                if i % 10 == 0:  # it was graded before, by another kit
                    before = json_form.compact(graded["stubs"][0])
                    book.add(Grading(*values, Outcome.GRADED, "", print_, "another", "", before, own))
                document = json_form.compact(report)
                book.add(Grading(*values, Outcome.GRADED, "", print_, kit_print(KIT), "", document, own))


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory, graded: dict[str, tuple[Report, dict[str, str], str]]) -> Path:
    """The files of a class of 24."""
    folder = tmp_path_factory.mktemp("class") / "out"
    book_of(folder, graded, 24)
    with Gradebook(folder) as book:
        write_all(book, folder)
    return folder


def test_a_page_of_feedback(graded: dict[str, tuple[Report, dict[str, str], str]]) -> None:
    """It says what the terminal says, shows the graph, and the learner's own lines with the one that failed marked."""
    page = form("html").render(graded["two"][0])
    plain = re.sub(r"<[^>]+>", "", page)
    for text in ("This looks like a well-known mistake", "AttributeError", "hello", "Your lines around losses.py:38"):
        assert text in plain
    assert '<span class="here"><i>38</i>    return predictions.nothing' in page
    assert "<svg" in page
    assert "http" not in page.replace('http-equiv="', "").replace("http://www.w3.org/2000/svg", "")
    noted = replace(graded["two"][0], notes=(Note(NoteKind.OTHER, {"text": "nn.py cannot be read"}),))
    page = form("html").render(noted)
    assert page.index("nn.py cannot be read") < page.index("Chapter by chapter")  # it may explain what comes below
    full = form("html").render(graded["right"][0])
    assert "<article" not in full
    assert "Everything passes" in full


def test_lines_of_a_notebook_are_those_of_its_cell(tmp_path: Path) -> None:
    """Numbered from the beginning of the cell, without those of others."""
    cells = [
        ["import math\n", "x = 1"],
        ["# derivatives.py\n", "def forward_difference(f, x, h=1e-6):\n", "    return 1 / 0"],
    ]
    rows = ", ".join(
        '{"cell_type": "code", "metadata": {}, "source": ' + str(cell).replace("'", '"') + "}" for cell in cells
    )
    (tmp_path / "w.ipynb").write_text(f'{{"nbformat": 4, "nbformat_minor": 4, "metadata": {{}}, "cells": [{rows}]}}')
    result = grade(read_submission(tmp_path, KIT.manifest), KIT, only=["derivative"]).result("derivative")
    assert result.excerpt is not None
    assert result.excerpt.first == 1
    assert result.excerpt.lines[result.excerpt.marked] == "    return 1 / 0"
    assert "import math" not in result.excerpt.lines


def test_the_page_of_a_class(out: Path) -> None:
    """Everybody is on it with the points of grades.csv and a link that leads to their page; so is what needs a look."""
    page = (out / "index.html").read_text()
    rows = list(csv.DictReader(io.StringIO((out / "grades.csv").read_text("utf-8-sig"))))
    for row in rows:
        found = re.search(
            rf'<th scope="row" class="name">(?:<a href="([^"]+)">)?{row["student"]}(?:</a>)?</th>(.*)</tr>', page
        )
        assert found is not None
        assert f'<td class="number">{row["points"]}</td>' in found[2]
        assert found[1] is not None
        said = (out / found[1]).read_text()
        assert ("only essay.pdf" in said) == (row["status"] == "refused")
    links = re.findall(r'href="([^"#]+)(?:#[a-z-]+)?"', page)
    assert all((out / link).is_file() for link in links)
    plain = re.sub(r"<[^>]+>", "", page)
    assert f"{sum(row['status'] == 'graded' for row in rows)} graded" in plain
    assert "only essay.pdf" in plain
    assert re.search(r"Scores that have changed \(\d+\)", plain)
    assert re.search(r"Late \(\d+\)", plain)
    assert "The gradients are assigned, not added" in plain
    assert any(link.startswith("pairs/") for link in links)


def _rows(*names: str) -> list[Row]:
    return [
        Row(
            Grade(Student(f"k{i}", name), Fraction(i), Fraction(2), Outcome.GRADED, {}),
            key=f"k{i}" if names.count(name) > 1 else "",
        )
        for i, name in enumerate(names)
    ]


def test_what_an_instructor_did_is_on_the_page_of_a_class() -> None:
    """With its reason, and not on one without names; namesakes are told apart; nothing stands there that nobody has."""
    said = (Adjustment(Fraction(1, 2), "a typing error"), Adjustment(Fraction(-1), "late"))
    rows = _rows("Ada", "Tom", "Tom", "Zoë")
    rows[3] = replace(rows[3], grade=replace(rows[3].grade, adjustments=said), is_adjusted=True)
    page = class_page.render(Class(rows, name="spring"))
    plain = re.sub(r"<[^>]+>", "", page)
    assert "Zoë: a typing error: +0.5; late: -1" in plain
    assert "The class spring" in plain
    assert "Tom k1" in plain
    assert "Ada k0" not in plain
    assert "Handed in" not in plain
    hidden = class_page.render(Class(rows, name="spring"), is_anonymous=True)
    assert not any(text in hidden for text in ("a typing error", "spring", "k1", "Zoë"))


def test_the_distribution_is_that_of_the_terminal() -> None:
    """The same tenths of the points, and apart from them whoever has all of them or more."""
    rows = _rows(*"abcde")
    numbers = re.findall(
        r"<tr><td>([\d+\N{EN DASH}]+)</td><td class=\"number\">(\d)</td>", class_page.render(Class(rows))
    )
    shown = class_report.render([row.grade for row in rows], [])
    there = re.findall(r"^ +([\d+-]+) +([1-9]) ", shown, re.MULTILINE)
    assert [(label.replace("\N{EN DASH}", "-"), number) for label, number in numbers] == there
    assert there == [("0-9", "1"), ("50-59", "1"), ("100+", "3")]


def test_a_class_without_names(out: Path, tmp_path: Path) -> None:
    """Nothing on the page is anybody's name, number, file or hour; the numbers are the same."""
    with Gradebook(out) as book:
        from grader.classes.fitting import fit

        write_page(book, tmp_path / "page.html", fit(book, None), is_anonymous=True)
    page = (tmp_path / "page.html").read_text()
    rows = list(csv.DictReader(io.StringIO((out / "grades.csv").read_text("utf-8-sig"))))
    assert len(rows) == 24
    assert not any(
        re.search(rf"\b{row['student']}\b|essay|href=\"[^#]", page) for row in rows if row["student"][-3] == "0"
    )
    points = re.findall(r'<th scope="row" class="name">.*?</th>(?:<td>.</td>)?<td class="number">(.*?)<', page)
    assert sorted(points) == sorted(row["points"] for row in rows)


def test_a_pair_side_by_side(graded: dict[str, tuple[Report, dict[str, str], str]]) -> None:
    """What both have of their own is marked, whatever it is called, and nothing else."""
    one, two = {**graded["one"][1], "own.py": SAME}, {**graded["two"][1], "mine.py": SAME.replace("found", "other")}
    own_code = OwnCode(pairs.everybodys(KIT))
    page = pairs.render(PairShown(Pair("one", "two", 0.9, 100), "Ada", "Bob"), one, two, own_code)
    marked = re.findall(r"<mark>(.*?)</mark>", page)
    assert sum("other[place] = value" in line for line in marked) == 14
    assert not any("class Neuron" in line for line in marked)
    text = "x = 1\n\n\ndef f(a):\n    '''\n    No code.\n    '''\n    return [b * b for b in a if b > 3] + list(a)\n"
    assert lines_of(text, own_code.of([text])) == {1, 4, 8}


def _injected(report: Report, text: str) -> Report:
    """The report with a text wherever somebody else may write."""
    finding = Finding(text, text, text, text, printed=(text,), source=text)
    test = TestResult("a", Verdict.FAILED, finding, node=text)
    excerpt = Excerpt(text, 1, (text, text), 1)
    results = [
        replace(r, title=text, chapter=text, status=Status.FAILED, tests=(test,), excerpt=excerpt, hint=text)
        for r in report.results
    ]
    node = NodeShown("a", text, (), text, text, text, text, False, called=text)
    return replace(
        report,
        name=text,
        results=tuple(results[:3]),
        wrong_graph=WrongGraph(text, (node,), (results[0].id,)),
        notes=(Note(NoteKind.OTHER, {"text": text}),),
        adjustments=(Adjustment(Fraction(1), text),),
    )


def _hostile_class(report: Report, texts: Sequence[str]) -> Class:
    rows = []
    for i, text in enumerate(texts):
        who = Student(f"k{i}", text, text, section=text)
        its = _injected(report, text)
        rows.append(
            Row(Grade(who, Fraction(1), Fraction(2), Outcome.GRADED, {}, text, review=(text,)), its, 1, DEADLINE)
        )
        rows.append(Row(Grade(who, Fraction(0), Fraction(2), Outcome.REFUSED, {}, text)))
    shown = [PairShown(Pair("a", "b", 0.9, 9), text, text, "") for text in texts]
    return Class(rows, changes=texts, pairs=shown)


def _elements(page: str) -> list[str]:
    return re.findall(r"<([a-z]\w*)(?:\s[^<>]*)?>", page)


def test_injections(graded: dict[str, tuple[Report, dict[str, str], str]], tmp_path: Path) -> None:
    """Names, messages, prints, paths: the elements of a page are the same, whatever is written in them."""
    report = graded["two"][0]
    usual = _elements(form("html").render(_injected(report, "x")))
    for text in INJECTIONS:
        assert _elements(form("html").render(_injected(report, text))) == usual
    usual = _elements(class_page.render(_hostile_class(report, [f"x{i:03}" for i in range(len(INJECTIONS))])))
    assert _elements(class_page.render(_hostile_class(report, INJECTIONS))) == usual


@pytest.mark.world  # a browser
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_pages_in_a_browser(out: Path, browser: Browser, width: int, scheme: str) -> None:
    """Nothing is said, nothing is loaded, nothing is wider than the window, and axe finds nothing."""
    some = [out / "index.html", out / "reports" / "s002.html", out / "reports" / "s003.html", *out.glob("pairs/1.html")]
    assert len(some) == 4
    browser.said.clear()
    browser.asked.clear()
    for path in some:
        page = browser.open(path, width, scheme)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert found_by_axe(page) == []
        page.context.close()
    assert browser.said == []
    assert browser.asked == [path.as_uri() for path in some]


@pytest.mark.world  # a browser
def test_links_and_print(out: Path, browser: Browser, tmp_path: Path) -> None:
    """From the class to a student and to a pair, and back; and on paper."""
    browser.said.clear()
    page = browser.open(out / "index.html")
    page.get_by_role("link", name="Student 002", exact=True).last.click()
    assert page.get_by_role("heading", level=1).inner_text() == "Student 002"
    page.get_by_role("link", name="mul").click()
    assert page.url.endswith("#mul")
    page.pdf(path=tmp_path / "page.pdf")
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF")
    page = browser.open(out / "index.html")
    for link in page.locator("nav a").all():
        link.click()
        assert page.locator(page.evaluate("location.hash")).is_visible()
    page.locator("a[href^='pairs/']").first.click()
    page.get_by_role("link", name="Back to the class").click()
    assert page.url == (out / "index.html").as_uri()
    assert browser.said == []


def _column(page: Any, number: int) -> list[str]:
    rows = page.locator("table[data-filters] tbody tr:visible")
    return [row.locator("th, td").nth(number).inner_text() for row in rows.all()]


@pytest.mark.world  # a browser
def test_sorting_and_filtering(out: Path, browser: Browser) -> None:
    """By mouse and by keyboard alone; without scripts the table is there all the same."""
    page = browser.open(out / "index.html")
    points = page.locator("table[data-filters] th button", has_text="Points")
    points.click()
    numbers = [float(text or 0) for text in _column(page, 2)]
    assert numbers == sorted(numbers, reverse=True)
    points.press("Enter")
    assert page.locator("table[data-filters] th", has_text="Points").get_attribute("aria-sort") == "ascending"
    assert [float(text or 0) for text in _column(page, 2)] == sorted(numbers)
    page.get_by_label("Section").select_option("A")
    assert set(_column(page, 1)) == {"A"}
    page.locator("select[name=states]").select_option("late")
    assert all("late" in text for text in _column(page, 4))
    page.get_by_label("Section").select_option("")
    page.locator("select[name=states]").select_option("")
    page.get_by_label("Mistake").select_option("mul-assigned")
    assert 0 < len(_column(page, 0)) < 24
    page.get_by_label("Mistake").select_option("")
    find = page.get_by_label("Find")
    find.focus()
    page.keyboard.type("007")
    assert _column(page, 0) == ["Student 007"]
    assert page.locator("output").inner_text() == "1 shown"
    plain = browser.open(out / "index.html", script=False)
    assert len(_column(plain, 0)) == 24
    assert not plain.locator("form").is_visible()


@pytest.mark.world  # a browser
def test_injections_in_a_browser(
    graded: dict[str, tuple[Report, dict[str, str], str]], browser: Browser, tmp_path: Path
) -> None:
    """No script runs, nothing is loaded, no element is anywhere else; even markup that got in could do nothing."""
    report = graded["two"][0]
    browser.said.clear()
    browser.asked.clear()
    (tmp_path / "class.html").write_text(class_page.render(_hostile_class(report, INJECTIONS)), "utf-8")
    page = browser.open(tmp_path / "class.html")
    assert page.locator("table[data-filters] tbody tr").count() == 2 * len(INJECTIONS)
    for i, text in enumerate(INJECTIONS):
        (tmp_path / f"{i}.html").write_text(form("html").render(_injected(report, text)), "utf-8")
        page = browser.open(tmp_path / f"{i}.html")
        assert page.evaluate("[document.body.children.length, document.querySelectorAll('article').length]") == [3, 3]
        page.context.close()
    assert browser.said == []
    assert all(url.startswith("file:") for url in browser.asked)
    assert len(browser.asked) == len(INJECTIONS) + 1
    assert browser.refused == []
    spoilt = class_page.render(_hostile_class(report, INJECTIONS)).replace(
        "</main>", f"<script>alert(1)</script><img src={AWAY}><p onclick=alert(1)>x</p></main>"
    )
    (tmp_path / "spoilt.html").write_text(spoilt, "utf-8")
    page = browser.open(tmp_path / "spoilt.html")
    assert not any(said.startswith("dialog") for said in browser.said)
    assert sum("Content Security Policy" in said for said in browser.said) >= 2  # it says what it has kept from running
    assert browser.refused == [f"{AWAY} csp"]


@pytest.mark.world  # a browser
@pytest.mark.parametrize(
    "name",
    ["markup", "bidirectional-text", "escape-codes", "strange-names", "mimics-the-report", "text-that-is-no-text"],
)
def test_hostile_submissions_in_a_browser(browser: Browser, tmp_path: Path, name: str) -> None:
    """What they print, raise and are called is text on their pages, and is read by nobody else."""
    submission = read_submission(lay_out(name, tmp_path / "s"), KIT.manifest)
    (tmp_path / "page.html").write_text(form("html").render(grade(submission, KIT, only=asked(name))), "utf-8")
    browser.said.clear()
    browser.asked.clear()
    page = browser.open(tmp_path / "page.html", 360)
    assert page.get_by_role("heading", level=1).inner_text() == "s"
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert found_by_axe(page) == []
    assert (browser.said, browser.asked) == ([], [(tmp_path / "page.html").as_uri()])


@pytest.mark.world  # 400 students
def test_a_large_class(graded: dict[str, tuple[Report, dict[str, str], str]], tmp_path: Path) -> None:
    """The page of 400 students takes at most 2 MB, and a report of one at most 300 KB."""
    book_of(tmp_path, graded, 400)
    with Gradebook(tmp_path) as book:
        write_all(book, tmp_path)
    assert (tmp_path / "index.html").stat().st_size < 2_000_000
    assert max(path.stat().st_size for path in (tmp_path / "reports").iterdir()) < 300_000


@pytest.mark.world  # it takes a while to count all that is kept
def test_a_class_of_any_size(graded: dict[str, tuple[Report, dict[str, str], str]], tmp_path: Path) -> None:
    """Of each student only a little is kept in memory until all files are written, whatever the reports take."""
    most = []
    for students in (10, 50):
        book_of(tmp_path / str(students), graded, students)
        with Gradebook(tmp_path / str(students)) as book:
            write_all(book, tmp_path / str(students))  # what is loaded once is there
            tracemalloc.start()
            write_all(book, tmp_path / str(students))
            most.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
    assert most[1] - most[0] < 40 * 20_000, most
