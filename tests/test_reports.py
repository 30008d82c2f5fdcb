"""A report stands on its own: it is kept, read again and shown in every form without the kit that it was made with."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import click
import pytest
from conftest import ROOT, Run

from grader.base.errors import Fault, GraderError, OutputError
from grader.base.model import NoteKind, Student
from grader.base.report import Report, Status, SymptomKind
from grader.classes.gradebook import Gradebook
from grader.classes.outcome import Grading, Outcome
from grader.cli.export import FORMATS
from grader.cli.grade import _form_options, grade_command
from grader.grading.pipeline import grade
from grader.intake.submission import read_submission
from grader.kit import read_kit
from grader.reports import forms, fragment
from grader.reports.forms import FORMS, TAKEN, form, terminal, written
from grader.reports.forms import json as json_form
from grader.study.notebook import Checked

FORMAT_1 = ROOT / "tests" / "reports" / "format-1.json"
TANH = "self.grad += (1 - out.data**2) * out.grad"


def graded(folder: Path, only: tuple[str, ...] = (), seed: int = 1) -> Report:
    kit = read_kit()
    return grade(read_submission(folder, kit.manifest), kit, seed, only)


def spoilt(solved: Path, right: str, wrong: str) -> Report:
    """The report on solutions with one line changed in their engine."""
    engine = solved / "engine.py"
    assert engine.read_text().count(right) == 1
    engine.write_text(engine.read_text().replace(right, wrong))
    return graded(solved, ("tanh",))


@pytest.mark.parametrize("name", ["solutions", "exercises", "tests/samples/ada"])
def test_what_is_read_is_what_was_written(name: str) -> None:
    """A report survives the way through JSON, with all that its forms show."""
    report = graded(ROOT / name)
    again = json_form.read(json_form.render(report))
    assert again == report
    assert [form(one).render(again) for one in FORMS] == [form(one).render(report) for one in FORMS]


@pytest.mark.parametrize(
    ("wrong", "has"),
    [
        ("raise ValueError(3)", ("raised", False)),
        ("import os; os._exit(1)", (Fault.CRASH, False)),
        ("while True: pass", (Fault.TIMEOUT, False)),
        ("self.grad += 2.5 * out.grad", (None, True)),
    ],
)
def test_every_kind_of_finding_is_read_again(solved: Path, wrong: str, has: tuple[str | None, bool]) -> None:
    """So does one with an exception, a crash, an endless loop, a wrong graph."""
    report = spoilt(solved, TANH, wrong)
    first = report.result("tanh").first_failed
    assert first and first.finding
    kinds = ("raised" if first.finding.raised else first.finding.fault, report.wrong_graph is not None)
    assert kinds == has
    assert json_form.read(json_form.render(report)) == report


@pytest.mark.parametrize("name", FORMS)
def test_an_older_report_is_read(name: str) -> None:
    """A report of format 1 is shown in every form, with its mistakes and messages."""
    report = json_form.read(FORMAT_1.read_text())
    shown = form(name).render(report)
    assert "-3.213" in shown.replace("\\", "")
    if name not in ("pytest-json", "junit"):  # they tell of tests
        plain = " ".join(click.unstyle(shown).replace("\\", "").split())
        assert "The gradients are assigned, not added" in plain
        assert "the wrong answers are 2.5 times what they should be" in plain
        assert "graph.py:30 failed while the file was loaded" in plain
    assert ("c = a.tanh()" in shown) == (name in ("terminal", "html", "json"))


def test_what_an_older_report_says() -> None:
    """Of a report of format 1 all is kept that it has: points, statuses, mistakes, the graph, its notes as texts."""
    report = json_form.read(FORMAT_1.read_text())
    assert [float(points) for points in (report.points, report.max_points, report.bonus_points)] == [12, 19, 3]
    statuses = {result.id: result.status for result in report.results if result.status is not Status.PASSED}
    assert statuses == {"mul": Status.PARTIAL, "tanh": Status.FAILED, "neg-sub": Status.BLOCKED}
    assert report.result("neuron").carried_forward
    assert report.result("mul").mistakes[0].id == "mul-assigned"
    assert report.wrong_graph is not None
    assert report.wrong_graph.first_wrong.right_grad == "0.1807066389"
    assert [found.kind for found in report.notes] == [NoteKind.OTHER]
    again = json_form.read(json_form.render(report))
    assert again == report


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 4}', '{"format": 3}', '{"format": 2}', '{"format": "x"}'])
def test_what_is_no_report(text: str) -> None:
    """Anything else is an error in a line."""
    with pytest.raises(OutputError) as caught:
        json_form.read(text)
    assert "\n" not in str(caught.value)


def test_an_exercise_that_the_kit_no_longer_has(tmp_path: Path, mg_grade: Run) -> None:
    """A gradebook with a report on another kit is shown and exported in every form."""
    report = json_form.read(FORMAT_1.read_text())
    gone = replace(report.result("mul"), id="cube", title="a ** 3")
    report = replace(report, results=(*report.results, gone))
    student = Student("ada", "Ada")
    with Gradebook(tmp_path, is_new=True) as book:
        book.add(
            Grading(student, 1, "ada", None, False, Outcome.GRADED, "", "c", "k", "s", json_form.compact(report), {})
        )
    assert mg_grade("gradebook", tmp_path).returncode == 0
    for name in [one for one in FORMS if one != "terminal"]:
        done = mg_grade("export", tmp_path, "--to", name)
        assert (done.returncode, done.stderr) == (0, "")
        written = (tmp_path / name / f"ada{form(name).SUFFIX}").read_text()
        assert "cube" in written


@pytest.mark.parametrize(
    ("wrong", "is_due"),
    [("self.grad += 2.5 * out.grad", True), ("self.grad += undefined", False), ("while True: pass", False)],
)
def test_no_form_gives_a_hint_that_the_terminal_withholds(solved: Path, wrong: str, is_due: bool) -> None:
    """A hint is about the exercise; below an error in a line that is told, or an endless loop, no form has it."""
    report = spoilt(solved, TANH, wrong)
    hint = read_kit().manifest.by_id["tanh"].hints[0]
    texts = {one: form(one).render(report) for one in FORMS}
    plain = {one: " ".join(click.unstyle(text).replace("\\", "").split()) for one, text in texts.items()}
    shown = {one for one, text in plain.items() if hint[:40] in text}
    assert shown == ({"terminal", "json", "gradescope", "markdown", "html"} if is_due else set())


def test_files_of_which_nothing_was_handed_in(tmp_path: Path) -> None:
    """They take one line together; stubs, and what another file defines, have their rows."""
    for name in ("engine.py", "graph.py"):
        shutil.copy(ROOT / "exercises" / name, tmp_path / name)
    with (tmp_path / "engine.py").open("a") as engine:
        engine.write("def mean_squared_error(predictions, targets): return None\n")
    shown = click.unstyle(terminal.render(graded(tmp_path)))
    assert "  mse   " in shown
    assert "  softmax   " in shown
    assert "\n  --  trace " in shown
    missing = "derivatives.py, chain_rule.py, nn.py, optim.py, train.py, tensor.py"
    assert f"{missing}: nothing handed in (25 exercises, 84 points) Total" in " ".join(shown.split())
    assert "sgd" not in shown
    assert "\n  --  sgd " in click.unstyle(terminal.render(graded(tmp_path, ("sgd",))))


def test_the_seed_is_the_instructors(solved: Path) -> None:
    """The seed stands in the JSON, and in no form that a learner reads."""
    report = graded(solved, ("add",), seed=918_273)
    assert "918273" in json_form.render(report)
    for name in FORMS:
        if name != "json":
            assert "918273" not in form(name).render(report)


def test_a_diagnosis_that_fails_is_told(solved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where naming a mistake fails the points stand, the report has a note, and the traceback is kept."""

    def fails(*_: object) -> None:
        raise RuntimeError("the catalogue is broken")

    monkeypatch.setattr("grader.grading.pipeline.diagnose", fails)
    report = spoilt(solved, TANH, "self.grad += 2.5 * out.grad")
    assert [found.kind for found in report.notes] == [NoteKind.ONLY_SOME, NoteKind.NOT_DIAGNOSED]
    assert report.result("tanh").status in (Status.FAILED, Status.PARTIAL)
    assert "the catalogue is broken" in report.tracebacks[0]
    assert "the catalogue is broken" not in "".join(form(name).render(report) for name in FORMS)


BROKEN = "import grader.grading.pipeline as p\ndef fails(*_): raise RuntimeError('our own fault')\np.diagnose = fails\n"


def test_a_traceback_is_for_whoever_asks(tmp_path: Path, mg_grade: Run) -> None:
    """MG_GRADE_DEBUG=1 shows what failed in the grader; a batch writes it beside the reports."""
    (tmp_path / "sitecustomize.py").write_text(BROKEN)
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path}:{ROOT}"}
    quiet = mg_grade("tests/samples/ada", "-e", "mul", env=environment)
    assert "could not be named" in quiet.stdout
    assert "Traceback" not in quiet.stdout + quiet.stderr
    loud = mg_grade("tests/samples/ada", "-e", "mul", env={**environment, "MG_GRADE_DEBUG": "1"})
    assert "RuntimeError: our own fault" in loud.stderr
    out = tmp_path / "out"
    assert mg_grade("batch", "tests/samples", "--out", out, env=environment).returncode == 0
    assert "our own fault" in (out / "errors" / "ada.txt").read_text()
    assert mg_grade("batch", "tests/samples", "--out", out, "--regrade").returncode == 0
    assert not (out / "errors" / "ada.txt").exists()


def test_every_form_is_an_option(tmp_path: Path, mg_grade: Run) -> None:
    """Each form of the registry is written by the option of its name."""
    names = [name for name in FORMS if name != "terminal"]
    files = {name: tmp_path / f"report-{name}" for name in names}
    options = [part for name, file in files.items() for part in (f"--{name}", file)]
    assert mg_grade("tests/samples/ada", "-e", "mul", "-q", *options).returncode == 0
    assert all("mul" in file.read_text() for file in files.values())
    assert json.loads(files["json"].read_text())["format"] == json_form.FORMAT
    for name in names:
        if name != "json":
            done = mg_grade("tests/samples/ada", f"--{name}", "-")
            assert (done.returncode, f"--{name} takes a file" in done.stderr) == (2, True)


LINES = 'SUFFIX = ".txt"\ndef render(report): return f"{report.name}\\n"\n'


@pytest.fixture
def new_form(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], object]:
    """Writes the module of a form called lines, which has a row in FORMS and nowhere else."""
    monkeypatch.setitem(FORMS, "lines", "lines")
    monkeypatch.setattr(forms, "__path__", [*forms.__path__, str(tmp_path)])
    monkeypatch.delitem(sys.modules, "grader.reports.forms.lines", raising=False)
    return (tmp_path / "lines.py").write_text


def test_a_form_is_added_in_one_place(new_form: Callable[[str], object], monkeypatch: pytest.MonkeyPatch) -> None:
    """A module and its name in FORMS make an option of grade, with a line of help, and a form of export."""
    new_form(LINES)
    monkeypatch.setattr("grader.cli.grade.WRITTEN", written())
    command = click.command(_form_options(lambda **_: 0))
    assert "Write the report as lines." in command.get_help(click.Context(command))
    assert "lines" in written()
    report = json_form.read(FORMAT_1.read_text())
    assert (form("lines").SUFFIX, form("lines").render(report)) == (".txt", f"{report.name}\n")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (None, "ModuleNotFoundError"),
        ("def render(report", "SyntaxError"),
        ("def render(report): return ''", "SUFFIX"),
        ("SUFFIX = '.txt'", "render"),
        ("SUFFIX = '.txt'\ndef render(report): return 1 / 0", "division by zero"),
    ],
)
def test_a_form_that_fails_is_named(new_form: Callable[[str], object], text: str | None, why: str) -> None:
    """A module that is missing, is not as it should be or raises is one line with its file."""
    if text is not None:
        new_form(text)
    with pytest.raises(GraderError) as caught:
        form("lines").render(json_form.read(FORMAT_1.read_text()))
    assert "grader/reports/forms/lines.py" in str(caught.value)
    assert why in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["csv", "canvas", "moodle", "seed", "fail-under", "My Form", "--x"])
def test_a_name_that_no_form_can_have(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """A form that is called like something else, or in no way that an option can be, is refused in a line."""
    monkeypatch.setitem(FORMS, name, "html")
    with pytest.raises(GraderError, match=re.escape(repr(name))):
        written()


def test_all_names_that_are_taken_are_known() -> None:
    """What else is an option of grade or a form of export is no name for a form."""
    options = {option for parameter in grade_command.params for option in parameter.opts if option[:2] == "--"}
    assert {option.removeprefix("--") for option in options} | {*FORMATS} | {"help"} == TAKEN | {*written()}


def test_symptoms_are_kinds(solved: Path) -> None:
    """What is measured is a kind with its numbers; its sentence is made where it is shown."""
    report = spoilt(solved, TANH, "self.grad += 2.5 * (1 - out.data**2) * out.grad")
    (measured, *_) = report.result("tanh").symptoms
    assert (measured.kind, measured.data) == (SymptomKind.FACTOR, {"factor": "2.5"})
    assert "2.5" in str(measured)


def test_the_graph_comes_first(solved: Path) -> None:
    """The drawing of the smallest wrong expression stands above all else that is said of an exercise, and once."""
    report = spoilt(solved, TANH, "self.grad += 2.5 * out.grad")
    asked = report.result("tanh").first_failed
    assert asked and asked.finding and report.wrong_graph
    line = report.wrong_graph.script.splitlines()[-1]
    for shown in (
        form("terminal").render(report),
        terminal.one(report, "tanh"),
        fragment.render(report, ["tanh"]),
        repr(Checked(["tanh"], report)),
    ):
        plain = " ".join(click.unstyle(shown).split())
        assert plain.count("The smallest expression that comes out wrong") == 1
        assert plain.index(f" {line}" if "<" not in plain else line) < plain.index(asked.finding.asked[:30])


def test_a_long_place_has_a_line_of_its_own(solved: Path) -> None:
    """Where a file has a long name, neither it nor the title is cut, and neither runs into the other."""
    name = "micrograd_lecture_second_half_roughly_as_it_was_built_final_version_2.py"
    (solved / "engine.py").write_text((solved / "engine.py").read_text().replace(TANH, "self.grad += 2.5 * out.grad"))
    whole = "\n".join(
        path.read_text() for path in sorted(solved.glob("*.py"), key=lambda path: path.name != "engine.py")
    )
    folder = solved.parent / "one"
    folder.mkdir()
    (folder / name).write_text(re.sub(r"(?m)^from (engine|nn|losses|optim|graph) .*$", "", whole))
    report = graded(folder, ("tanh",))
    place = str(report.result("tanh").place)
    assert place.startswith(name)
    for shown in (form("terminal").render(report), terminal.one(report, "tanh")):
        assert any(line.strip() == place for line in click.unstyle(shown).splitlines())
        assert "a.tanh()" in shown


@pytest.mark.parametrize("width", [60, 72, 80, 100])
def test_feedback_in_any_width(solved: Path, width: int) -> None:
    """One exercise fits a terminal: rows, texts and the drawing; lines to paste are not cut."""
    report = spoilt(solved, TANH, "self.grad += 2.5 * out.grad")
    lines = click.unstyle(terminal.one(report, "tanh", width)).splitlines()
    assert any("your grad" in line for line in lines)
    assert [line for line in lines if len(line) > width and not line.startswith("    ")] == []
    assert all(len(line) <= width for line in click.unstyle("\n".join(terminal.rows(report, width))).splitlines())
