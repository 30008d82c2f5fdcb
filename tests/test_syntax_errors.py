"""A file that is no Python: the line is shown with a caret, once, where it is; other files are graded all the same."""

from __future__ import annotations

import json
import re
from pathlib import Path

import click
import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.base.report import Report, Status
from grader.base.text import pointed_at
from grader.grading.pipeline import grade
from grader.intake.submission import read_submission
from grader.kit import read_kit
from grader.kit.gaps import around
from grader.reports.forms import form, terminal
from grader.reports.wording import message
from grader.site.answering import Answering

MUL = "            self.grad += other.data * out.grad\n            other.grad += self.data * out.grad\n"


def graded(folder: Path, *only: str) -> tuple[Report, str]:
    """The report, and what the terminal shows of it, without colours."""
    report = grade(read_submission(folder, read_kit().manifest), read_kit(), only=only)
    return report, click.unstyle(terminal.render(report))


def spoil(path: Path, right: str, wrong: str) -> None:
    assert path.read_text().count(right) == 1
    path.write_text(path.read_text().replace(right, wrong))


@pytest.mark.parametrize(
    ("right", "wrong", "shown"),
    [
        (
            "self.grad += other.data * out.grad",
            "self.grad += (other.data * out.grad",
            "SyntaxError: '(' was never closed\n    self.grad += (other.data * out.grad\n                 ^\n",
        ),
        (
            MUL,
            "",
            "block after function definition on line 54\n    out._backward = _backward\n    ^\n",
        ),
        (MUL, MUL + "\tprint(1)\n", "spaces in indentation\n    print(1)\n    ^\n"),
        (
            MUL,
            MUL.replace("self.grad +=", "  self.grad +=", 1).replace("            other", "\t    other"),
            "Error: ",
        ),
        ("self.grad += other.data * out.grad", "break", "SyntaxError: 'break' outside loop\n    break\n    ^\n"),
    ],
)
def test_it_is_told_once_where_it_is(solved: Path, right: str, wrong: str, shown: str) -> None:
    """In the exercise whose gap it is in, and in no other; what rests on the file has the reference in its place."""
    spoil(solved / "engine.py", right, wrong)
    report, said = graded(solved)
    assert shown in said
    _, _, after = said.partition("\nmul  a * b ")
    assert shown in after
    assert "\nadd  " not in said
    assert said.count("cannot be read as Python") == 1
    lost = {result.id: result for result in report.results if result.status is not Status.PASSED}
    assert {result.file for result in lost.values()} == {"engine.py"}
    assert not report.grader_faults


def test_other_forms_say_where_it_is_told(solved: Path) -> None:
    """They hold each exercise by itself: one has it all, and the others name it."""
    spoil(solved / "engine.py", MUL, "            self.grad += = 1\n")
    report, _ = graded(solved, "add", "mul")
    markdown = form("markdown").render(report)
    assert markdown.count("invalid syntax") == 2  # with the note
    assert "self.grad += = 1\n             ^" in markdown
    assert "it could not be run, as engine.py:56 is no Python: see mul" in markdown
    assert form("html").render(report).count("self.grad += = 1") == 1
    (add,) = (row for row in json.loads(form("json").render(report))["exercises"] if row["id"] == "add")
    assert add["tests"][0]["finding"]["told_at"] == "mul"


def test_it_is_told_where_it_is_not_asked_for(solved: Path) -> None:
    """An exercise that is shown alone says it itself."""
    spoil(solved / "engine.py", MUL, "            self.grad += = 1\n")
    _, said = graded(solved, "add")
    assert "    self.grad += = 1\n                 ^" in said


def test_a_line_between_the_gaps(solved: Path) -> None:
    """The first exercise of the file tells it then."""
    spoil(solved / "engine.py", "def __mul__(self, other):", "def __mul__(self, other)")
    _, said = graded(solved)
    assert "\nadd  a + b" in said
    assert "\nmul  " not in said
    assert "def __mul__(self, other)\n                            ^" in said


def test_a_file_that_was_not_handed_in(solved: Path) -> None:
    """It is not the fault of another that is no Python."""
    for file in solved.glob("*.py"):
        if file.name != "engine.py":
            file.unlink()
    spoil(solved / "engine.py", MUL, "            self.grad += = 1\n")
    report, _ = graded(solved)
    assert {r.status for r in report.results if r.file != "engine.py"} == {Status.NOT_STARTED}


def test_a_cell_of_a_notebook(solved: Path, tmp_path: Path) -> None:
    """It is shown in the same way."""
    spoil(solved / "engine.py", MUL, "            self.grad += = 1\n")
    notebook = nbformat.v4.new_notebook(  # type: ignore[no-untyped-call]  # it has no types
        cells=[nbformat.v4.new_code_cell((solved / "engine.py").read_text())]  # type: ignore[no-untyped-call]
    )
    path = tmp_path / "work.ipynb"
    nbformat.write(notebook, path)  # type: ignore[no-untyped-call]
    _, said = graded(path)
    assert "\nmul  a * b" in said
    assert "work.ipynb cell 1:56 cannot be read as Python" in said
    assert "    self.grad += = 1\n                 ^" in said


@pytest.mark.parametrize(
    ("line", "exercise"), [(1, ""), (2, ""), (3, "a"), (4, "a"), (5, "a"), (6, "a"), (7, ""), (9, "b"), (10, "b")]
)
def test_lines_around_a_gap(line: int, exercise: str) -> None:
    """What is missing in a gap is noticed in the first line of code behind it."""
    text = "x = 1\n# exercise: a\n1\n2\n# end\nx = 2\nx = 3\n# exercise: b\n# end\nx = 4"
    assert around(text, line) == exercise


@given(st.text(), st.integers(0, 5), st.integers(0, 200))
def test_any_line(text: str, line: int, column: int) -> None:
    """Two short printable lines, or none."""
    shown = pointed_at(text, line, column).split("\n")
    assert len(shown) <= 2
    assert all(part.isprintable() and len(part) <= 80 for part in shown)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("self.grad += (other.data * out.grad))", "This ) closes nothing"),
        ("self.grad += (other.data * out.grad", "Something has to close this ("),
        ("self.grad += (other.data * out.grad]", "The ( that was opened last is closed by ]"),
        ("pass\n              self.grad += 1", "further to the right than the one before"),
        ("if out:\n                pass\n              self.grad += 1", "but as far as no line above it"),
        ("for _ in range(2):\n            self.grad += 1", "Below a line with a colon"),
        ("if out.grad\n                self.grad += 1", "ends with a colon"),
        ("pass\n\tself.grad += 1", "use four spaces"),
        ("break", "A break belongs into a loop"),
        ("self.grad += 'out", "quotation mark that ends this text is missing"),
        ("self.grad += = 1", "Python can read on as far as the ^"),
    ],
)
def test_what_it_means(solved: Path, wrong: str, said: str) -> None:
    """To somebody who has seen few of them, in every form; and where it is stands there once."""
    spoil(solved / "engine.py", "self.grad += other.data * out.grad", wrong)
    report, _ = graded(solved, "mul")
    for name in ("terminal", "markdown"):
        shown = " ".join(click.unstyle(form(name).render(report)).split())
        assert said in re.sub(r"\\(?=[()\]^'])", "", shown)
    (mul,) = report.counted
    told = message(mul.tests[0])
    assert told.count("engine.py:") == 1
    assert told.startswith("happened  engine.py:5")


def test_a_line_that_fell_out_of_its_function(solved: Path, tmp_path: Path) -> None:
    """As it does where what is pasted has lost its indent. The course says it before what came of it, and once."""
    before, _, line = (solved / "derivatives.py").read_text().rpartition("\n    return ")
    answering = Answering(tmp_path / "learner")
    files = {"derivatives.py": f"{before}\nreturn {line}"}
    told = answering.grade(files, ["vector-product"])["results"]["vector-product"]["html"]
    assert "return&#x27; outside function" in told.partition("<pre")[0]
    files = {"derivatives.py": f"{before}\n    return ({line}"}
    told = answering.grade(files, ["vector-product"])["results"]["vector-product"]["html"]
    assert told.count("was never closed") == 1


def test_a_line_that_is_as_long_as_is_shown() -> None:
    """It is shown from its beginning: what is cut in front looks like another mistake."""
    line = "slopes.append((up - f(ys)) / (2 * h)))"
    assert pointed_at(f"        {line}", 1, 8 + len(line)) == f"{line}\n{' ' * (len(line) - 1)}^"
