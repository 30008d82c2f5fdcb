"""What is shown of a failed question is as short as it can be, and pasted into Python it gives the answer shown."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, every

from grader.base import messages
from grader.base.model import SourceFile, Submission
from grader.base.report import Finding, Report
from grader.grading.minimal import shorter
from grader.grading.pipeline import grade
from grader.grading.reference import edited
from grader.intake.submission import read_submission
from grader.kit import read_kit
from grader.kit.misconceptions import catalogue

KIT = read_kit()
SOLUTIONS = {file: KIT.solution(file) for file in KIT.manifest.files}
# Shows what the last line gave in the way that reports do.
BEFORE = "import builtins; builtins._ = None\n"
AFTER = (
    "\nfrom grader.base.compare import show; from grader.sandbox.inside import probes\n"
    "own = probes._Names({k: v for k, v in globals().items() if k[0] != '_'}, {})\n"
    "print('\\nIT GAVE', show(probes._plain(_, own, 0), digits=DIGITS))\n"
)


def finding(report: Report, exercise: str) -> Finding:
    first = report.result(exercise).first_failed
    assert first is not None
    assert first.finding is not None
    return first.finding


def check_pasted(shown: Finding, folder: Path) -> None:
    """Paste the lines into an interactive Python, started in a folder."""
    assert shown.script
    digits = 17 if shown.want.endswith(messages.ROUNDED) else 10
    pasted = f"{BEFORE}{shown.script}\n{AFTER.replace('DIGITS', str(digits))}"
    done = subprocess.run(
        [sys.executable, "-i", "-q"], cwd=folder, input=pasted, capture_output=True, text=True, check=True, timeout=60
    )
    if shown.raised:
        assert re.search(rf"^{re.escape(shown.error.partition(' (')[0][:60])}", done.stderr, re.MULTILINE), done.stderr
    else:
        assert f"\nIT GAVE {shown.got}\n" in done.stdout, (shown.script, done.stdout, done.stderr)


@pytest.mark.parametrize("exercise", every(2, KIT.manifest.by_id))
@pytest.mark.parametrize(
    "part", [slice(1), pytest.param(slice(1, None, 2), marks=pytest.mark.world)], ids=["one", "half"]
)
def test_what_is_shown_of_known_mistakes(tmp_path: Path, exercise: str, part: slice) -> None:
    """The lines give that answer, and hold no name that nothing uses, nor numbers that nobody would type."""
    file = KIT.manifest.by_id[exercise].file
    for mistake in catalogue()[exercise][part]:
        texts = {**SOLUTIONS, file: edited(file, SOLUTIONS[file], mistake.edits)}
        files = tuple(SourceFile(name.removesuffix(".py"), name, text) for name, text in texts.items())
        shown = finding(grade(Submission("s", "s", files), KIT, only=[exercise]), exercise)
        assert not re.search(r"\d\.\d{4}|[+-] -\d", shown.script)
        if shown.fault or "Value(5.5)" in shown.got:  # a list of nodes that has some of the questions before
            continue
        folder = tmp_path / mistake.id
        folder.mkdir()
        for name, text in texts.items():
            (folder / name).write_text(text)
        check_pasted(shown, folder)


def test_one_step_of_an_optimiser(solved: Path) -> None:
    """Where one step with one parameter shows it, no more is shown; nor what another number is for."""
    optim = solved / "optim.py"
    optim.write_text(optim.read_text().replace("p.data -= self.lr * p.grad", "p.data += self.lr * p.grad"))
    engine = solved / "engine.py"
    engine.write_text(engine.read_text().replace("self.grad += other.data * out.grad", "self.grad = other.data"))
    report = grade(read_submission(solved, KIT.manifest), KIT, only=["sgd", "mul"])
    assert finding(report, "sgd").script.count("\n") == 3
    assert finding(report, "sgd").script.count("step()") == 1
    assert "b.grad" not in finding(report, "mul").script


@pytest.mark.parametrize("layout", ["value.py", "mygrad/engine.py", "everything.py"])
def test_files_of_other_names(solved: Path, layout: str) -> None:
    """Names are imported from where the learner has them."""
    engine = solved / "engine.py"
    text = engine.read_text().replace("self.grad += other.data * out.grad", "self.grad += out.grad")
    engine.unlink()
    if layout == "everything.py":
        nn = (solved / "nn.py").read_text().replace("from engine import Value", "")
        shutil.rmtree(solved)
        solved.mkdir()
        text = f"{text}\n{nn.replace('from __future__ import annotations', '')}"
    (solved / layout).parent.mkdir(exist_ok=True)
    (solved / layout).write_text(text)
    module = layout.removesuffix(".py").replace("/", ".")
    for file in solved.glob("*.py"):
        file.write_text(file.read_text().replace("from engine import", f"from {module} import"))
    report = grade(read_submission(solved, KIT.manifest), KIT)
    shown = finding(report, "mul")
    assert f"from {module} import Value" in shown.script
    check_pasted(shown, solved)
    graph = report.wrong_graph
    assert graph is not None


@pytest.mark.parametrize(
    ("script", "read", "candidates"),
    [
        ("a = 1; b = 2", "a", ["a = 1"]),
        ("a = [1]\nb = a; b.append(2)", "a[0]", ["a = [1]"]),
        ("a = 1\nfor i in range(3): a += 1\n", "a", []),
        ("a = b = 1; c = b", "a", ["a = b = 1"]),
        ("a = [1]\nc = a.pop()", "len(a)", []),
        ("a = 1; n = [a]; n.append(2); c = n[0]", "a", ["a = 1", "a = 1; n = [a]; n.append(2)"]),
    ],
)
def test_shorter_scripts(script: str, read: str, candidates: list[str]) -> None:
    """All that can go is left out, or else only what nothing uses, as long as the answer is the same."""

    def answer(text: str) -> object:
        scope: dict[str, object] = {}
        exec(text, scope)
        return eval(read, scope)

    def asks_the_same(text: str) -> bool:
        try:
            return answer(text) == answer(script)
        except NameError:
            return False

    found = list(shorter(script, read, asks_the_same))
    assert found == candidates
    assert all(ast.parse(text) for text in found)


def test_what_the_answer_needs_stays(tmp_path: Path) -> None:
    """Where the learner's code answers otherwise without a line, the line is shown, though the right answer is not."""
    shutil.copytree(ROOT / "solutions", tmp_path / "s")
    nn = tmp_path / "s" / "nn.py"
    nn.write_text(nn.read_text().replace("            p.grad = 0.0\n", "            p.grad += 0.0\n"))
    shown = finding(grade(read_submission(tmp_path / "s", KIT.manifest), KIT, only=["parameters"]), "parameters")
    assert "p.grad = " in shown.script
    check_pasted(shown, tmp_path / "s")
