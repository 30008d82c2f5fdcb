"""The notebook edition: run in a real kernel, checked cell by cell, and handed in."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import nbformat
import pytest
from conftest import MOST, ROOT, Run
from nbclient import NotebookClient

from grader.base.report import Status
from grader.grading.pipeline import grade
from grader.intake.notebook import read_cells
from grader.intake.submission import read_submission
from grader.kit import read_kit
from grader.kit.gaps import content, gaps
from grader.reports import fragment
from grader.reports.forms import markdown
from grader.study import notebook as notebooks
from grader.upkeep.release import make_notebook, stubs

MANIFEST = read_kit().manifest
SOLUTIONS = {file: (ROOT / "solutions" / file).read_text(encoding="utf-8") for file in MANIFEST.files}
EDITION = ROOT / "exercises" / "micrograd.ipynb"


def filled_notebook() -> Any:
    """The kit's notebook with every gap filled in from the solutions: its code made of them, as a release makes it."""
    filled = json.loads(make_notebook(read_kit(), SOLUTIONS))
    notebook = nbformat.read(EDITION, 4)  # type: ignore[no-untyped-call]  # it has no types
    for cell, full in zip(notebook.cells, filled["cells"], strict=True):
        source = "".join(full["source"])
        assert cell.id == full["id"]
        assert [gap.exercise for gap in gaps(cell.source)] == [gap.exercise for gap in gaps(source)]
        cell.source = source
    return notebook


def run(notebook: Any, folder: Path) -> Any:
    """Run all the cells in a kernel of Jupyter's."""
    client = NotebookClient(
        notebook, timeout=120, kernel_name="python3", allow_errors=True, resources={"metadata": {"path": str(folder)}}
    )
    client.execute()
    return notebook


def shown_below(notebook: Any, call: str) -> str:
    """What a cell shows as HTML."""
    cell = next(cell for cell in notebook.cells if call in cell.source)
    assert [output.output_type for output in cell.outputs] == ["execute_result"], cell.outputs
    return str(cell.outputs[0].data["text/html"])


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def text_of(markup: str) -> str:
    """What a browser would show as text."""
    parser = _Text()
    parser.feed(markup)
    return " ".join(" ".join(parser.parts).split())


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_filled_notebook_runs_and_has_full_marks(tmp_path: Path, mg_grade: Run) -> None:
    """Every cell runs in a real kernel, every check below it says passed, and the notebook handed in has full marks."""
    notebook = run(filled_notebook(), tmp_path)
    checks = [cell for cell in notebook.cells if cell.cell_type == "code" and "\nmg_check(" in cell.source]
    checked = [exercise for cell in checks for exercise in re.findall(r'"([\w-]+)"', cell.source)]
    assert sorted(checked) == sorted(MANIFEST.by_id)
    for cell in notebook.cells:
        if cell.cell_type == "code" and cell not in checks:
            assert cell.outputs == []
    for exercise in MANIFEST.exercises:
        call = next(cell.source for cell in checks if f'"{exercise.id}"' in cell.source)
        markup = shown_below(notebook, call)
        assert f"passed {exercise.id} " in text_of(markup), text_of(markup)
        assert exercise.learnt in text_of(markup)
    path = tmp_path / "my 练习.ipynb"
    nbformat.write(notebook, path)  # type: ignore[no-untyped-call]  # it has no types
    done = mg_grade(path)
    assert f"{MOST:g} / {MOST:g}" in done.stdout
    assert "note:" not in done.stdout


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_mistake_in_the_notebook(tmp_path: Path) -> None:
    """What is wrong is said below the cell, and a cell that is run again counts as it was run last."""
    notebook = nbformat.read(EDITION, 4)  # type: ignore[no-untyped-call]  # it has no types
    engine = next(cell for cell in notebook.cells if "class Value" in cell.source)
    text = engine.source
    for exercise in ("add", "mul"):
        (lines,) = content(SOLUTIONS["engine.py"], exercise)
        stub = f'            raise NotImplementedError("{exercise}")'
        text = text.replace(stub, "\n".join(lines))
    wrong = text.replace("self.grad += other.data * out.grad", "self.grad = other.data * out.grad")
    cells = [cell for cell in notebook.cells if cell.id in ("setup", "engine-py-imports")]
    new: Any = nbformat.v4.new_code_cell
    cells += [new(source) for source in (wrong, 'mg_check("mul")', text, 'mg_check("mul", "pow")', 'mg_check("mull")')]
    cells += [new("# mg-grade: derivatives.py\ndef gradient(f, xs:\n    return []"), new('mg_check("gradient")')]
    cells += [new("mg_check()"), new("x = 1 / 0"), new('mg_check("add")'), new("print(repr(mg_check('add')))")]
    cells += [new("FACTOR = 2"), new("numbers = [print(n) for n in range(3)]")]
    half = "# mg-grade: derivatives.py\ndef forward_difference(f, x, h):\n    return (f(x + h) - f(x)) / h / FACTOR"
    half += "\n\ndef central_difference(f, x, h):\n    raise NotImplementedError('derivative')"
    cells += [new(half), new('mg_check("derivative")'), new("print(repr(mg_check('derivative', 'relu', 'tanh')))")]
    notebook.cells = cells
    run(notebook, tmp_path)
    own = text_of(shown_below(notebook, 'mg_check("derivative")'))
    assert "yours" in own  # FACTOR is known
    assert "from derivatives import" not in own  # the names are those of the notebook
    printed = notebook.cells[-1].outputs[0].text
    assert printed.count("Replace the line that raises") == 1
    assert "save" not in printed
    markup = shown_below(notebook, 'mg_check("mul")')
    text = text_of(markup)
    assert "failed" in text or "partial" in text
    assert "yours" in text
    assert "This looks like a well-known mistake" in text
    mended = text_of(shown_below(notebook, 'mg_check("mul", "pow")'))
    assert "passed mul" in mended
    assert "not-started pow" in mended
    assert 'NotImplementedError("pow")' in mended
    assert "derivative" in text_of(shown_below(notebook, "mg_check()"))
    assert "passed add" in text_of(shown_below(notebook, 'mg_check("add")'))
    unread = text_of(shown_below(notebook, 'mg_check("gradient")'))
    assert "micrograd.ipynb cell 8:2 cannot be read as Python: SyntaxError" in unread  # In[8]
    unknown = next(cell for cell in notebook.cells if "mull" in cell.source).outputs[0]
    assert "there is no exercise 'mull'" in unknown.data["text/plain"]
    assert "ok  add" in next(cell for cell in notebook.cells if "repr(mg_check('add'))" in cell.source).outputs[0].text


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_checks_in_any_order(tmp_path: Path) -> None:
    """A check that is run before its cell, or before the chapter that this uses, says so; afterwards it is as ever."""
    notebook = filled_notebook()
    by_id = {cell.id: cell for cell in notebook.cells}
    engine = [by_id[f"engine-py-{name}"] for name in ("imports", "Value", "topological-sort")]
    network = [by_id[f"nn-py-{name}"] for name in ("imports", "Module", "Neuron")]
    check = by_id["nn-py-Neuron-check"].source
    new: Any = nbformat.v4.new_code_cell
    checks = [new(check) for _ in range(4)]  # not even the first cell of the notebook is run
    half = by_id["derivatives-py-forward-difference"]
    derivative = new(by_id["derivatives-py-central-difference-check"].source)
    cells = [checks[0], half, derivative, checks[1], *network, checks[2], *engine, checks[3]]
    notebook.cells = cells
    run(notebook, tmp_path)
    told = [cell.outputs[0].data["text/plain"] for cell in (*checks, derivative)]
    assert "Nothing has been run yet" in told[0]
    assert "does not know Neuron yet. Run the cell that defines it" in told[1]
    assert "does not know Value yet" in told[2]
    assert "ok  neuron" in told[3]
    assert "does not know central_difference yet" in told[4]


def test_feedback_as_html(solved: Path) -> None:
    """The graph is a picture with the wrong node in it, and no text of the learner's becomes markup."""
    engine = solved / "engine.py"
    text = engine.read_text().replace("self.grad += (1 - out.data**2) * out.grad", "self.grad += out.grad * 2")
    engine.write_text(text.replace("self.grad += out.data * out.grad", "raise ValueError('<script>alert(1)</script>')"))
    report = grade(read_submission(solved, MANIFEST), read_kit())
    assert report.wrong_graph is not None
    markup = fragment.render(report, ["tanh"])
    picture = markup[markup.index("<svg") : markup.index("</svg>") + 6]
    assert ElementTree.fromstring(picture).tag.endswith("svg")
    assert "#d64545" in picture
    assert report.wrong_graph.script.splitlines()[-1] in text_of(markup)
    raised = fragment.render(report, ["exp"])
    assert "<script>" not in raised
    assert "<svg" not in raised  # the graph shows another mistake
    assert "<script>alert(1)</script>" in text_of(raised)
    passed = fragment.render(report, ["add"])
    assert "<svg" not in passed
    stubs = grade(read_submission(ROOT / "exercises", MANIFEST), read_kit())
    assert "not-started neuron" in text_of(fragment.render(stubs, ["neuron"]))


def test_thirds_of_points() -> None:
    """Points that are no round numbers are read with two digits, in every kind of feedback."""
    report = grade(read_submission(ROOT / "exercises", MANIFEST), read_kit())
    first = replace(report.results[0], status=Status.PARTIAL, points=Fraction(5, 3), max_points=Fraction(3))
    report = replace(report, results=(first, *report.results[1:]))
    assert f"**1.67 / {float(report.max_points):g}**" in markdown.render(report)
    assert "| 1.67 / 3 |" in markdown.render(report)
    assert "1.67 / 3" in text_of(fragment.render(report, [first.id]))


def test_what_counts_as_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cell that was run several times counts as it was run last; own cells count where they define something."""
    first = "# mg-grade: engine.py\nclass Value:\n    pass"
    again = "# mg-grade: engine.py\nclass Value:\n    x = 1"
    history = ["# mg-grade: aside\nmg_check()", first, "print(3)", "def helper():\n    return 1", again, "1 + 1"]
    monkeypatch.setattr(notebooks, "_history", lambda: history)
    assert notebooks.run_so_far() == ["", "", "", "def helper():\n    return 1", again, ""]
    monkeypatch.setattr(notebooks, "_history", lambda: ["class Value: ...", "print(3)"])
    assert notebooks.run_so_far() == ["class Value: ...", "print(3)"]
    assert "Nothing has been run" in repr(_nothing(monkeypatch))


def _nothing(monkeypatch: pytest.MonkeyPatch) -> object:
    monkeypatch.setattr(notebooks, "_history", list)
    return notebooks.mg_check("add")


def test_checks_in_ones_own_cells(tmp_path: Path) -> None:
    """Calls of mg_check, and the line that brings it in, are nothing to a submission."""
    lines = read_cells([("mg_check('a')\n\n\nx = 1", "")], MANIFEST)
    assert lines[0].text == "pass\n\n\nx = 1"
    notebook = nbformat.read(EDITION, 4)  # type: ignore[no-untyped-call]  # it has no types
    new: Any = nbformat.v4.new_code_cell
    for source in ("from grader.study.notebook import mg_check", 'mg_check("add")', "if True:\n    mg_check()"):
        notebook.cells.append(new(source))
    nbformat.write(notebook, tmp_path / "own.ipynb")  # type: ignore[no-untyped-call]  # it has no types
    report = grade(read_submission(tmp_path / "own.ipynb", MANIFEST), read_kit())
    assert report.notes == ()
    assert {result.status for result in report.results} == {Status.NOT_STARTED}


def test_the_learning_path() -> None:
    """It holds every exercise once with a time, and the times add up to what it says."""
    path = stubs(read_kit())["README.md"]
    rows = re.findall(r"^\| ([\w-]+) \| .* \| (\d+) \| [\d.]+(?: \(bonus\))? \|$", path, re.MULTILINE)
    assert [(name, int(minutes)) for name, minutes in rows] == [(e.id, e.minutes) for e in MANIFEST.exercises]
    hours = int(re.findall(r"about (\d+) hours", path)[0])
    assert abs(hours - sum(e.minutes for e in MANIFEST.exercises) / 60) <= 0.5
    chapters = [int(minutes) for minutes in re.findall(r"`, about (\d+) minutes", path)]
    assert sum(chapters) == sum(e.minutes for e in MANIFEST.exercises)
    assert all(e.learnt.endswith(".") and 5 <= e.minutes <= 30 for e in MANIFEST.exercises)
