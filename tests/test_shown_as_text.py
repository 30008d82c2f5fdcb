"""Whatever a learner or a name wrote is text in every form, and a report has a size."""

from __future__ import annotations

import csv
import io
import json
import re
import time
from dataclasses import replace
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree

import click
import pytest
from click.testing import CliRunner
from conftest import ROOT
from hypothesis import example, given
from hypothesis import strategies as st

from grader.base.errors import OutputError
from grader.base.model import NoteKind, Place, SourceFile, Student, note
from grader.base.report import (
    Confinement,
    Finding,
    NodeShown,
    Report,
    Status,
    TestResult,
    Verdict,
    Versions,
    WrongGraph,
)
from grader.base.text import MAX_PATH, columns, cut, for_terminal, printable, short_path, wrapped
from grader.classes.exports import grades_csv
from grader.classes.gradebook import Gradebook
from grader.classes.grades import Grade
from grader.classes.outcome import Grading, Outcome
from grader.cli import commands, output
from grader.grading.excerpts import excerpt
from grader.grading.pipeline import grade
from grader.intake.submission import gather, read_submission
from grader.intake.tree import Refused
from grader.kit import read_kit
from grader.reports.forms import FORMS, form, terminal
from grader.reports.forms import json as json_form

BITS = (
    *("::error file=a.py::x", "##[error]x", "##vso[task.complete]x", "\x1b]0;title\x07", "\x1b[2J\x1b[1;1H", "\x9b2J"),
    *("<script>x()</script>", "</pre><b>", "&amp;<!--", "]]>", "[a](javascript:x)", "![](http://x)", "```\n# x", "|x|"),
    *("=1+1", ";=1+1", ';"=1"', "@SUM(1)", "&lt;b&gt;", "http://x", "www.x.org", "\u3164\uffa0Total"),
    *("\u0338" * 3, "e" + "\u0301" * 50, "\u20dd"),
    *("\x00\x01\x08\x0c", "\u202eabc", "\ud800", "\ufffe\uffff", "\r\nTotal", "\U000e0001", "*_x_*", "\\"),
)
SMILE = "\U0001f600"
HOSTILE = [f"{before}{bit}" for bit in BITS for before in ("", " ", "x\n", "\n  ", "\x1b[1m")]
MUCH = """
def _odd():
    return type("\U0001f600" * 400, (), {})()


def _much():
    print(("\U0001f600" * 80 + chr(10)) * 10)
    raise type("\U0001f600" * 400, (ValueError,), {})("\U0001f600" * 400)


_much()
_much()
"""
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\u3164\uffa0\ud800-\udfff]|\u0301{5}|(?<!\S)[\u0338\u20dd]")
COLOUR = re.compile(r"\x1b\[(?:[0127]|3[0-7]|9[0-7])m")


@pytest.fixture(scope="module")
def failed() -> Report:
    """A report on nothing but stubs."""
    return grade(
        gather({PurePosixPath("engine.py"): b"x = 1\n"}, read_kit().manifest, "x", "x"), read_kit(), only=["add"]
    )


def _with(report: Report, text: str) -> Report:
    """The report with a text in the place of whatever somebody else may write."""
    finding = Finding("It is so.", "a = 1", text, "1", printed=(text, text))
    error = Finding("It is so.", "a = 1", error=text, raised=True)
    tests = (TestResult("a", Verdict.FAILED, finding, node="a"), TestResult("b", Verdict.FAILED, error, node="b"))
    results = [replace(r, status=Status.FAILED, tests=tests) if r.counts else r for r in report.results]
    graph = WrongGraph("a = 1", (NodeShown("a", "", (), text, text, "1", "1", False),), ("add",))
    notes = (note(NoteKind.LEFT_OUT, path=text, why=text, files="engine.py"),)
    return replace(report, name=text, results=tuple(results), wrong_graph=graph, notes=notes)


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags += [tag, *(name for name, _ in attrs if name.startswith("on"))]

    def handle_comment(self, data: str) -> None:
        self.tags.append(data)


def test_hostile_texts_in_pages(failed: Report) -> None:
    """The HTML of a report has the same elements, whatever is written in it, and its picture is XML."""
    usual = _Page()
    usual.feed(form("html").render(_with(failed, "x")))
    for text in HOSTILE:
        page, shown = _Page(), form("html").render(_with(failed, text))
        page.feed(shown)
        assert page.tags == usual.tags
        assert not CONTROL.search(shown)
        ElementTree.fromstring(shown[shown.index("<svg") : shown.index("</svg>") + 6])


def test_hostile_texts_on_gradescope(failed: Report) -> None:
    """What is shown of an exercise has the same elements, whatever is written in it."""

    def tags(text: str) -> list[list[str]]:
        found = []
        for test in json.loads(form("gradescope").render(_with(failed, text)))["tests"]:
            page = _Page()
            page.feed(test["output"])
            found.append(page.tags)
        return found

    assert "pre" in tags("x")[0]
    assert all(tags(text) == tags("x") for text in HOSTILE)


def test_hostile_texts_in_other_forms(failed: Report) -> None:
    """JUnit stays XML; Markdown and the terminal have no control character, no command of a CI system, no markup."""
    headings = form("markdown").render(_with(failed, "x")).count("\n#")
    for text in HOSTILE:
        report = _with(failed, text)
        ElementTree.fromstring(form("junit").render(report))
        markdown = form("markdown").render(report)
        assert not CONTROL.search(markdown)
        outside = re.sub(r"^(`{3,})text\n.*?^\1$", "", markdown, flags=re.MULTILINE | re.DOTALL)
        assert outside.count("\n#") == headings
        assert not re.search(r"(?<!\\)[<\[`@]|(?<!\\)&\w|(?<!\\)://|www\.", outside)
        shown = COLOUR.sub("", form("terminal").render(report))
        assert not CONTROL.search(shown)
        assert not re.search(r"^\s*::|##\w*\[", shown, re.MULTILINE)


@pytest.mark.parametrize("name", ["json", "gradescope", "pytest-json"])
def test_hostile_texts_in_json(failed: Report, name: str) -> None:
    """The document is strict JSON in plain letters, whatever its texts are, and with the same keys."""
    for text in HOSTILE:
        document = form(name).render(_with(failed, text))
        assert re.fullmatch(r"[ -~\n]*", document)
        assert _keys(json.loads(document, parse_constant=pytest.fail)) == _keys(
            json.loads(form(name).render(_with(failed, "x")))
        )


def _keys(data: object) -> object:
    """The shape of a document, without its texts and numbers."""
    if isinstance(data, dict):
        return {name: _keys(value) for name, value in data.items()}
    return [_keys(item) for item in data] if isinstance(data, list) else None


def test_hostile_texts_in_csv() -> None:
    """No cell begins as a formula, neither where commas end cells nor where semicolons do."""
    for text in HOSTILE:
        who = Student("k", text, text, section=text)
        grade_ = Grade(who, Fraction(1), Fraction(2), Outcome.GRADED, {"add": Fraction(1)}, text, review=(text,))
        document = grades_csv.render([grade_], ["add"])
        for cell in re.split("[;\r\n]", document):
            assert not re.match(r"[\s\"\ufeff]*[=+@-]", cell), document
        for row in csv.reader(io.StringIO(document.removeprefix("\ufeff"), newline="")):
            assert not [cell for cell in row if re.match(r"\s*[=+@-]", cell)]


def test_a_stored_report_moves_no_cursor(failed: Report) -> None:
    """What an earlier version kept with colours in it, which the terminal has for itself, is shown as text."""
    stored = json_form.read(json_form.compact(_with(failed, "\x1b[31mTotal\x1b[0m\r")))
    assert "\\x1b[31mTotal" in click.unstyle(form("terminal").render(stored))
    assert stored == json_form.read(json_form.compact(stored))


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ('"path": "x", "why": "x", "files": "engine.py"', '"path": "x"'),
        ('"exact": {"points": "0"', '"exact": {"points": "1e999999999"'),
        ('"minutes": ', '"minutes": NaN, "minutes": '),
        ('"children": []', '"children": ["b"]'),
        ('"first_wrong": "a"', '"first_wrong": ' + "[" * 100_000),
    ],
)
def test_a_stored_report_that_somebody_spoilt(failed: Report, right: str, wrong: str) -> None:
    """It is refused in a line, and in no time."""
    document = json_form.compact(_with(failed, "x"))
    assert right in document
    with pytest.raises(OutputError):
        json_form.read(document.replace(right, wrong, 1))


@example("\u3042" * 300, 80)
@example("a" + "\u3042" * 300, 80)
@given(st.text(st.characters() | st.sampled_from("a\u3042\U0001f600 "), max_size=300), st.integers(40, 106))
def test_no_line_goes_on_in_the_next_row(text: str, width: int) -> None:
    """A terminal breaks no line by itself: what it breaks off would stand where only a report's own words do."""
    for line in wrapped(printable(text), width, "note: ", "    "):
        assert columns(line) < width
        assert line.startswith(("note: ", "    "))
    assert "".join(wrapped(printable(text), width)).replace(" ", "") == printable(text).replace(" ", "")


@pytest.mark.parametrize("path", ["\u3042" * 15 + "Total 9/engine.py", "x" * 76 + "Total 9/engine.py"])
def test_a_path_begins_no_row(failed: Report, path: str) -> None:
    """Where to look stands in the same row as what it belongs to, or in rows with an indent."""
    (first,) = failed.counted
    place = Place(path, 3)
    finding = Finding("It is so.", "a = 1", error="no", raised=True, place=place)
    tests = (TestResult("a", Verdict.FAILED, finding, node="a"),)
    result = replace(first, status=Status.FAILED, place=place, tests=tests)
    report = replace(failed, results=tuple(result if r.counts else r for r in failed.results))
    for shown in (form("terminal").render(report), terminal.one(report, "add")):
        assert all(columns(line) < 80 for line in click.unstyle(shown).splitlines())


def test_hostile_names_in_a_class(tmp_path: Path) -> None:
    """Whatever students are called, also in the gradebook of an earlier version, and whatever is said of their work."""
    names = [text for text in HOSTILE if "\ud800" not in text]  # SQLite keeps no such text
    with Gradebook(tmp_path, is_new=True) as book:
        for number, text in enumerate(names):
            who, status = Student(f"{number}", text), (Outcome.REFUSED, Outcome.GRADED)[number % 2]
            document = json_form.compact(_with_points(text)) if number % 2 else None
            book.add(Grading(who, 1, text, None, False, status, text, "", "", "", document, {}))
    with Gradebook(tmp_path) as book:
        assert not [g for g in book.latest() if CONTROL.search(f"{g.student.name}\n{g.comment}")]
    done = CliRunner().invoke(commands, ["gradebook", str(tmp_path), "--ranking"])
    assert done.exit_code == 0, done.output
    assert not CONTROL.search(done.output)
    assert not re.search(r"^\s*::|##\w*\[", done.output, re.MULTILINE)


def _with_points(name: str) -> Report:
    versions = Versions("kit", "1", "1", "3")
    return Report(versions, 1, Confinement("limits", False), name, name, ())


def test_hostile_texts_at_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a command prints goes through one place; to do it twice changes nothing."""
    for text in HOSTILE:
        stream = io.StringIO()
        monkeypatch.setattr("sys.stdout", stream)
        output.say(text)
        assert not CONTROL.search(stream.getvalue())
        assert not re.search(r"^\s*::|##\w*\[", stream.getvalue(), re.MULTILINE)
        assert for_terminal(for_terminal(text)) == for_terminal(text)


def test_many_files_that_cannot_be_read() -> None:
    """A dozen warnings, and paths that are cut in the middle: a report was 76 MB."""
    tree = {PurePosixPath("engine.py"): (ROOT / "solutions" / "engine.py").read_bytes()}
    tree |= {PurePosixPath("\x01" * 900 + f"{i}.ipynb"): Refused("it is broken") for i in range(255)}  # type: ignore[misc]
    submission = gather(tree, read_kit().manifest, "x", "x")
    assert len(submission.notes) == 13
    assert submission.notes[-1].kind is NoteKind.MORE
    assert all(len(str(found)) < 2 * MAX_PATH for found in submission.notes)


@pytest.mark.world  # ten seconds each
@pytest.mark.parametrize(
    "folder",
    ["a" * 35 + "/" + "b" * 35 + "/" + "c" * 30, f"{SMILE * 50}/" * 8],
    ids=["a name to import", "cut"],
)
def test_the_size_of_a_report(tmp_path: Path, folder: str) -> None:
    """All at once: every function prints and raises as much as it can, in characters that take twelve bytes each in
    JSON, in files of the longest paths, with as many notes as there can be and a graph of numbers that are none."""
    within = tmp_path / folder
    within.mkdir(parents=True)
    for file in (ROOT / "solutions").glob("*.py"):
        text = re.sub(r"^( *)(def (?!__init__).*:)\n", r"\1\2\n\1    _much()\n", file.read_text(), flags=re.MULTILINE)
        if file.name == "engine.py":
            text = re.sub(r"^( *)self.grad \+= .*", r"\1self.grad = _odd()", file.read_text(), flags=re.MULTILINE)
        text = text.replace("    _much()\n", "    _much()\n" + f"    # {SMILE * 400}\n" * 8)
        (within / file.name).write_text(f"{text}\n{MUCH}")
    for i in range(20):
        (within / f"{i}{SMILE * 50}.ipynb").write_text("{")
    report = grade(read_submission(tmp_path, read_kit().manifest), read_kit())
    sizes = {name: len(form(name).render(report).encode()) for name in FORMS}
    assert max(sizes.values()) < 280_000, sizes  # 300 KB are promised
    assert len(report.notes) > 20
    assert report.wrong_graph
    assert any(test.finding.printed for r in report.results for test in r.tests if test.finding)


def test_the_size_of_a_report_on_what_is_no_python(tmp_path: Path) -> None:
    """Every file fails in the same way, with as much as an exception can say: that was told for each test, 354 KB."""
    within = tmp_path / f"{SMILE * 50}/{SMILE * 50}"
    within.mkdir(parents=True)
    for file in (ROOT / "solutions").glob("*.py"):
        (within / file.name).write_text(f'raise SyntaxError("{SMILE * 400}"); "{SMILE * 400}"\n')
    report = grade(read_submission(tmp_path, read_kit().manifest), read_kit())
    assert len(form("json").render(report)) < 200_000
    assert all(r.first_failed and r.first_failed.finding and r.first_failed.finding.error for r in report.results)


def test_what_is_usual_is_whole(tmp_path: Path) -> None:
    """What is wrong with an honest submission, whose files are no Python, is told in full for every test."""
    for file in (ROOT / "solutions").glob("*.py"):
        (tmp_path / file.name).write_text(f"{file.read_text()}def x(:\n    pass\n")
    report = grade(read_submission(tmp_path, read_kit().manifest), read_kit())
    findings = [test.finding for r in report.results for test in r.tests]
    assert all(f and "invalid syntax" in f.error and f.place and "def x(:" in f.source for f in findings)


def test_the_size_of_the_lines_around_a_place() -> None:
    """The line itself is there, and of the others as many as there is room for; none is looked at to its end."""
    long = "    # " + "\u0301" * 1_000_000
    text = f"def f():\n{long}\n{long}\n    return 1\n" + f"{long}\n" * 9
    begin = time.monotonic()
    found = excerpt(Place("a.py", 4), [SourceFile("a", "a.py", text)])
    assert time.monotonic() - begin < 0.5
    assert found
    assert found.lines[found.marked].strip() == "return 1"
    assert found.lines[0] == "def f():"
    assert len(json.dumps(found.lines)) <= 1200


def test_what_is_cut() -> None:
    """A path keeps its beginning and its end; a text its beginning."""
    assert short_path("a/" * 100 + "engine.py").startswith("a/a/")
    assert short_path("a/" * 100 + "engine.py").endswith("engine.py")
    assert short_path("work/engine.py") == "work/engine.py"
    assert all(len(short_path(letter * 1_000)) <= MAX_PATH for letter in ("a", "\x01", "\U0001f600"))
    assert (cut("abc", 5), cut("abcdef", 5), cut("\U0001f600" * 9, 25)) == ("abc", "abcde", "\U0001f600" * 2)
