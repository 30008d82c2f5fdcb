"""The notebook edition: run in a real kernel, checked cell by cell, and handed in."""

from __future__ import annotations

import ast
import base64
import json
import re
from dataclasses import replace
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from typing import Any
from xml.etree import ElementTree

import nbformat
import pytest
from conftest import MANUALS, MOST, ROOT, Run, copy_of_the_kit
from nbclient import NotebookClient

from grader.base.errors import GraderError
from grader.base.report import Report, Status
from grader.book.pictures import pictures
from grader.book.source import chapters
from grader.classes.pairs import everybodys
from grader.classes.similarity import OwnCode
from grader.grading.pipeline import grade
from grader.grading.reference import edited
from grader.intake.notebook import MARK, read_cells
from grader.intake.submission import gather, read_submission
from grader.kit import read_kit
from grader.kit.gaps import emptied, gaps
from grader.reports import fragment
from grader.reports.forms import markdown
from grader.study import notebook as notebooks
from grader.upkeep.edition import make_notebook
from grader.upkeep.release import stubs

MANIFEST = read_kit().manifest
SOLUTIONS = {file: (ROOT / "solutions" / file).read_text(encoding="utf-8") for file in MANIFEST.files}
EDITION = ROOT / "exercises" / "micrograd.ipynb"


def filled_notebook() -> Any:
    """The kit's notebook with every gap filled in from the solutions: its code made of them, as a release makes it."""
    filled = json.loads(make_notebook(read_kit(), SOLUTIONS))
    notebook = read_edition()
    for cell, full in zip(notebook.cells, filled["cells"], strict=True):
        source = "".join(full["source"])
        assert cell.id == full["id"]
        assert [gap.exercise for gap in gaps(cell.source)] == [gap.exercise for gap in gaps(source)]
        cell.source = source
    return notebook


def read_edition() -> Any:
    """The kit's notebook as it came."""
    return nbformat.read(EDITION, 4)  # type: ignore[no-untyped-call]  # it has no types


def cells_of(notebook: Any, *ids: str) -> list[Any]:
    """Copies of some of its cells, which can be run several times."""
    by_id = {cell.id: cell for cell in notebook.cells}
    return [new_cell(by_id[name].source) for name in ids]


def new_cell(source: str) -> Any:
    """A code cell of the learner's own."""
    return nbformat.v4.new_code_cell(source)  # type: ignore[no-untyped-call]  # it has no types


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
        assert "does not have" not in text_of(markup)
    path = tmp_path / "my 练习.ipynb"
    nbformat.write(notebook, path)  # type: ignore[no-untyped-call]  # it has no types
    done = mg_grade(path)
    assert f"{MOST:g} / {MOST:g}" in done.stdout
    assert "note:" not in done.stdout


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_mistake_in_the_notebook(tmp_path: Path) -> None:
    """What is wrong is said below the cell, and a cell that is run again counts as it was run last."""
    filled, edition = filled_notebook(), read_edition()
    (right,) = cells_of(filled, "engine-py-Value-mul")
    wrong = right.source.replace("self.grad += other.data * out.grad", "self.grad = other.data * out.grad")
    names = ("setup", "engine-py-imports", "engine-py-Value", "engine-py-Value-pow")
    cells = [*cells_of(edition, *names), *cells_of(filled, "engine-py-Value-add")]
    sources = (wrong, 'mg_check("mul")', right.source, 'mg_check("mul", "pow")', 'mg_check("mull")')
    cells += map(new_cell, sources)
    cells += [
        new_cell("# mg-grade: derivatives.py\ndef gradient(f, xs:\n    return []"),
        new_cell('mg_check("gradient")'),
        new_cell("mg_check()"),
        new_cell("x = 1 / 0"),
        new_cell('mg_check("add")'),
        new_cell("print(repr(mg_check('add')))"),
        new_cell("FACTOR = 2"),
        new_cell("numbers = [print(n) for n in range(3)]"),
    ]
    half = "# mg-grade: derivatives.py\ndef forward_difference(f, x, h):\n    return (f(x + h) - f(x)) / h / FACTOR"
    half += "\n\ndef central_difference(f, x, h):\n    raise NotImplementedError('derivative')"
    cells += [
        new_cell(half),
        new_cell('mg_check("derivative")'),
        new_cell("print(repr(mg_check('derivative', 'pow')))"),
    ]
    edition.cells = cells
    notebook = run(edition, tmp_path)
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
    assert "micrograd.ipynb cell 11:2 cannot be read as Python: SyntaxError" in unread  # In[11]
    unknown = next(cell for cell in notebook.cells if "mull" in cell.source).outputs[0]
    assert "there is no exercise 'mull'" in unknown.data["text/plain"]
    assert "ok  add" in next(cell for cell in notebook.cells if "repr(mg_check('add'))" in cell.source).outputs[0].text


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_checks_in_any_order(tmp_path: Path) -> None:
    """A check that is run before its cell, or before the chapter that this uses, says so; afterwards it is as ever."""
    notebook = filled_notebook()
    engine = [
        cell.source
        for cell in notebook.cells
        if cell.cell_type == "code" and cell.source.startswith("# mg-grade: engine.py")
    ]
    network = cells_of(notebook, "nn-py-imports", "nn-py-Module", "nn-py-Neuron")
    checks = cells_of(notebook, *["neuron-check"] * 4)  # not even the first cell of the notebook is run
    half, derivative = cells_of(notebook, "derivatives-py-forward-difference", "derivative-check")
    notebook.cells = [checks[0], half, derivative, checks[1], *network, checks[2], *map(new_cell, engine), checks[3]]
    run(notebook, tmp_path)
    told = [cell.outputs[0].data["text/plain"] for cell in (*checks, derivative)]
    assert "Nothing has been run yet" in told[0]
    assert "does not know Neuron yet. Run the cell that defines it" in told[1]
    assert "does not know Value yet" in told[2]
    assert "ok  neuron" in told[3]
    assert "does not know central_difference yet" in told[4]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_methods_and_their_class_in_any_order(tmp_path: Path) -> None:
    """A method whose cell was not run is asked for; one that was run before its class, or before that was run again, is
    graded as it was written, and it is said that the notebook itself does not have it."""
    notebook = filled_notebook()
    cls, add, mul = (f"engine-py-Value{name}" for name in ("", "-add", "-mul"))
    names = ["engine-py-imports", add, "add-check", cls, "add-check", add, "add-check", "mul-check", mul, "mul-check"]
    names += [mul, cls, "mul-check", add, mul, "mul-check"]
    notebook.cells = cells_of(notebook, *names)
    wrong = notebook.cells[-2].source.replace("other.grad += self.data", "other.grad = self.data")
    notebook.cells += [new_cell(wrong.replace("__mul__(self", "times(self").replace("= __mul__", "= times"))]
    notebook.cells += cells_of(filled_notebook(), "mul-check")
    run(notebook, tmp_path)
    told = [" ".join(c.outputs[0].data["text/plain"].split()) for c in notebook.cells if "mg_check(" in c.source]
    gone = "the notebook itself does not have Value.{} now"
    assert "add: the notebook does not know Value yet. Run the cell that defines it" in told[0]
    assert "ok add" in told[1]
    assert gone.format("__add__") in told[1]
    assert "ok add" in told[2]
    assert "does not have" not in told[2]
    assert "mul: the notebook does not know Value.__mul__ yet. Run the cell that defines it" in told[3]
    assert "ok mul" in told[4]
    assert "ok mul" in told[5]
    assert gone.format("__mul__") in told[5]
    assert "ok mul" in told[6]
    assert "does not have" not in told[6]
    assert "!! mul" in told[7]
    assert f"cell {len(notebook.cells) - 1}:" in told[7]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.world
def test_chapters_backwards(tmp_path: Path) -> None:
    """Run from the last chapter to the first, every check has a score or says what to run; none raises anything."""
    notebook = filled_notebook()
    parts: list[list[Any]] = []
    for cell in notebook.cells[2:]:
        if cell.cell_type == "markdown" and cell.source.startswith("# "):
            parts.append([])
        parts[-1].append(cell)
    notebook.cells = [*notebook.cells[:2], *(cell for part in reversed(parts) for cell in part)]
    run(notebook, tmp_path)
    told = {}
    for cell in notebook.cells:
        if cell.id.endswith("-check"):
            (output,) = cell.outputs
            told[cell.id.removesuffix("-check")] = " ".join(output.data["text/plain"].split())
    assert told.keys() == MANIFEST.by_id.keys()
    odd = {name: text for name, text in told.items() if f"ok {name}" not in text}
    assert all("does not know" in text and "Run the cell that defines it" in text for text in odd.values()), odd
    assert {"add", "two-layer-backward"}.isdisjoint(odd)
    assert "neuron: the notebook does not know Value yet" in odd["neuron"]


def test_what_is_in_the_edition() -> None:
    """It is the book: every chapter in order, in the place of each exercise its code and its check, and nothing from
    elsewhere; a cell for each operation."""
    notebook = read_edition()
    nbformat.validate(notebook)
    ids = [cell.id for cell in notebook.cells]
    assert len({*ids}) == len(ids)
    titles = [c.source.partition("\n")[0] for c in notebook.cells if re.match("# (?!micrograd)", c.source)]
    book = [(chapter.number, chapter.title) for chapter in chapters(read_kit())]
    assert [t for t in titles if not t.startswith(MARK)] == [f"# {n}. {t}" if n else f"# {t}" for n, t in book]
    assert [i.removesuffix("-check") for i in ids if i.endswith("-check")] == list(MANIFEST.by_id)
    above: set[str] = set()
    for cell in notebook.cells:
        above |= {gap.exercise for gap in gaps(cell.source)}
        if cell.id.endswith("-check"):
            exercise = MANIFEST.by_id[cell.id.removesuffix("-check")]
            assert exercise.gap in above
            assert f"### Exercise {exercise.id}: " in notebook.cells[ids.index(f"{exercise.id}-exercise")].source
        if cell.cell_type == "markdown":
            assert not re.search(r"\]\((?!https?:)|src=\"(?!data:)", cell.source), cell.id
    places = [next(i for i, c in enumerate(notebook.cells) if f"# exercise: {g}\n" in c.source) for g in above]
    operations = [e for e in MANIFEST.exercises if e.symbols[0].startswith(("Value.", "Tensor."))]
    assert len({places[list(above).index(e.gap)] for e in operations}) == len({e.gap for e in operations})
    assert "class Value" not in "".join(c.source for c in notebook.cells if gaps(c.source))


def test_the_setup_cell() -> None:
    """It installs from what the manuals say, and from nowhere else."""
    source = next(cell.source for cell in read_edition().cells if cell.id == "setup")
    assert "%pip install ..  " in source  # what `pip install .` is in exercises/
    assert "pip install -q . " in MANUALS["README.md"]
    assert "mg-grade handout DIR --with-tests" in source
    assert "pip install mg-grade" not in source
    assert "://" not in source
    ast.parse(source)


def test_a_chapter_in_a_notebook(tmp_path: Path) -> None:
    """Its formulas are as they are in the book, its pictures are in it, its links are text; what is code stays."""
    kit = copy_of_the_kit(tmp_path)
    folder = kit.exercises / "book" / "en"
    text = "# Derivatives\n\nA slope, $a * b * c_1$, as in [the engine](engine.md#how), see [Wengert](https://x.org/a).\n\n"
    text += "![a curve, 3 < 4,\nf = [1]](pictures/secant.svg)\n\n```text\n[a](b.md)\n```\n\n"
    text += "```python\n>>> from engine import Value\n>>> 1\n1\n```\n\n**Exercise: derivative**\n\n"
    text += "## More\n\n**Exercise: gradient**\n\n**Exercise: vector-product**\n\nThe end.\n"
    (folder / "derivatives.md").write_text(text)
    notebook = json.loads(make_notebook(kit, SOLUTIONS))
    by_id = {cell["id"]: "".join(cell["source"]) for cell in notebook["cells"]}
    first = by_id["derivatives-text"]
    assert first.startswith(
        "# 1. Derivatives\n\nA slope, $a * b * c_1$, as in the engine, see [Wengert](https://x.org/a)."
    )
    data = base64.b64encode(pictures(kit)["secant"].encode()).decode()
    assert f'<img alt="a curve, 3 &lt; 4, f = [1]" src="data:image/svg+xml;base64,{data}">' in first
    assert first.endswith("```text\n[a](b.md)\n```\n\n```python\n>>> 1\n1\n```")  # the names are there
    assert by_id["derivatives-text-after-derivative"] == "## More"
    (folder / "graph.md").write_text("# The graph\n\n![a](pictures/none.svg)\n\n**Exercise: trace**\n")
    with pytest.raises(GraderError, match=r"graph\.md of the book shows pictures/none\.svg"):
        make_notebook(kit, SOLUTIONS)
    ids = list(by_id)
    assert ids.index("vector-product-check") + 1 == ids.index("derivatives-text-after-vector-product")


def graded(path: str, data: str | dict[str, str]) -> Report:
    """The report on one file, or on several."""
    files = {path: data} if isinstance(data, str) else data
    tree = {PurePosixPath(name): text.encode() for name, text in files.items()}
    return grade(gather(tree, MANIFEST, "x", "x"), read_kit())


def _told(report: Report) -> list[object]:
    """All that a report says, but for where things stand."""
    rows = [(r.id, r.status, r.points, r.mistakes, r.symptoms, r.hint) for r in report.results]
    graph = report.wrong_graph
    return [*rows, (graph.script, graph.exercises) if graph else None]


CHANGES: dict[str, dict[str, list[tuple[str, str]]]] = {
    "nothing": {},
    "nothing filled in": {file: [(text, emptied(text))] for file, text in SOLUTIONS.items()},
    "a wrong slope": {"engine.py": [("(1 - out.data**2) * out.grad", "out.grad * 2")]},
    "assigned": {"engine.py": [("self.grad += other.data * out.grad", "self.grad = other.data * out.grad")]},
    "no product": {"engine.py": [("            self.grad += other.data * out.grad\n", "            raise KeyError\n")]},
    "no order": {
        "engine.py": [("for node in reversed(topological_sort(self)):", "for node in topological_sort(self):")]
    },
    "a wrong matrix": {
        "tensor.py": [
            ("[dot(column, out.grad) for column in zip(*self.data)]", "[dot(column, out.grad) for column in self.data]")
        ]
    },
}


@pytest.mark.parametrize("how", CHANGES)
def test_it_is_graded_as_the_files_are(how: str) -> None:
    """The same points, the same diagnosis, the same graph."""
    texts = dict(SOLUTIONS)
    for file, change in CHANGES[how].items():
        texts[file] = edited(file, SOLUTIONS[file], change)
    report = graded("micrograd.ipynb", make_notebook(read_kit(), texts))
    assert _told(report) == _told(graded("", texts))
    wrong = [r for r in report.results if r.is_begun and r.file == "engine.py" and r.place]
    for result in wrong:
        assert str(result.place).startswith("micrograd.ipynb cell ")


@pytest.mark.world
def test_a_mistake_is_told_in_a_notebook() -> None:
    """Every third that can be made in a class which is taken apart: all would be the longest test that there is."""
    kit = read_kit()
    for mistake in (mistake for rows in kit.misconceptions.values() for mistake in rows[::3]):
        file = MANIFEST.by_id[mistake.exercise].file
        if file in ("engine.py", "tensor.py"):
            texts = {**SOLUTIONS, file: edited(file, SOLUTIONS[file], mistake.edits)}
            report = graded("micrograd.ipynb", make_notebook(kit, texts))
            assert _told(report) == _told(graded("", texts)), mistake.id


def test_the_lines_of_an_operation() -> None:
    """The place and the excerpt of what is wrong are of its own cell."""
    texts = {**SOLUTIONS, "engine.py": edited("engine.py", SOLUTIONS["engine.py"], [("out.data**2)", "out.data)")])}
    data = make_notebook(read_kit(), texts)
    result = graded("micrograd.ipynb", data).result("tanh")
    code = [cell for cell in json.loads(data)["cells"] if cell["cell_type"] == "code"]
    number = next(i for i, cell in enumerate(code, 1) if cell["id"] == "engine-py-Value-tanh")
    assert str(result.place) == f"micrograd.ipynb cell {number}:5"
    assert result.excerpt is not None
    assert result.excerpt.lines[0] == "def value_tanh(self):"
    assert not any("Value.tanh = " in line for line in result.excerpt.lines[:4])


def test_nothing_of_the_form_is_anybodys_own() -> None:
    """Two who work in the notebook share what the kit wrote there, which says nothing."""
    own = OwnCode(everybodys(read_kit()))
    for notebook in (read_edition(), filled_notebook()):
        assert (
            own.of(c.source for c in notebook.cells if c.source.startswith(MARK) and "aside" not in c.source) == set()
        )


def test_feedback_on_every_exercise_that_was_asked_for(solved: Path) -> None:
    """Each that failed has its code and its hint; the graph is drawn once."""
    engine = solved / "engine.py"
    text = engine.read_text().replace("self.grad += other.data * out.grad", "self.grad = other.data * out.grad")
    text = text.replace("self.grad += (1 - out.data**2) * out.grad", "self.grad += out.grad * 2")
    text = text.replace("self.grad += out.data * out.grad", "self.grad += 5 * out.grad")
    engine.write_text(text)
    report = grade(read_submission(solved, MANIFEST), read_kit())
    markup = fragment.render(report, ["add", "mul", "exp", "tanh"])
    assert re.findall("<p><b>(.*?)</b></p>", markup) == ["mul", "exp", "tanh"]
    assert len(re.findall(r"<pre[^>]*font-family: monospace[^>]*>[^<]*yours", markup)) == 3
    assert "<b>mul</b>" not in fragment.render(report, ["mul"])
    assert markup.count("<svg") == 1
    hint = replace(report.result("tanh"), mistakes=(), symptoms=(), hint="Look at `1 - t**2 < 1`.")
    report = replace(report, results=tuple(hint if r.id == "tanh" else r for r in report.results))
    assert "Look at <code>1 - t**2 &lt; 1</code>." in fragment.render(report, ["tanh"])


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
    notebook = read_edition()
    for source in ("from grader.study.notebook import mg_check", 'mg_check("add")', "if True:\n    mg_check()"):
        notebook.cells.append(new_cell(source))
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
