"""The command mg-grade, as a real process."""

from __future__ import annotations

import ast
import json
import os
import pty
import resource
import select
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree

import click
import pytest
from click.testing import CliRunner
from conftest import BONUS, EXERCISES, MANUALS, MOST, ROOT, Run

from grader import __version__, cli
from grader.base.pasteable import pasteable
from grader.kit import read_kit
from grader.sandbox.confine import choose


def test_stubs(mg_grade: Run) -> None:
    """The stubs score 0, every exercise is not started, and the last lines say where to begin."""
    done = mg_grade("exercises")
    assert done.returncode == 0
    assert done.stdout.count("not started") == EXERCISES
    assert f"0 / {MOST:g}" in done.stdout
    assert "derivatives.py:" in done.stdout.splitlines()[-4] + done.stdout.splitlines()[-3]
    assert done.stderr == ""


def test_solutions(mg_grade: Run) -> None:
    """The solutions get full marks and the bonus."""
    done = mg_grade("solutions/")
    assert done.returncode == 0
    assert f"{MOST:g} / {MOST:g}" in done.stdout
    assert "+3" in done.stdout
    assert "!!" not in done.stdout


def test_eighty_columns_of_plain_text(mg_grade: Run, solved: Path) -> None:
    """Without a terminal there is no colour, no escape code, nothing but ASCII, and no line of ours over 80 columns."""
    engine = solved / "engine.py"
    engine.write_text(engine.read_text().replace("self.grad += other.data * out.grad", "self.grad = 7.0"))
    (solved / "nn.py").unlink()
    done = mg_grade(solved)
    assert "!!  mul" in done.stdout
    assert done.stdout.isascii()
    assert "\x1b" not in done.stdout
    # Lines to paste are indented by four and may be longer: they are not cut.
    assert all(len(line) <= 80 for line in done.stdout.splitlines() if not line.startswith("    "))


def test_a_block_has_all_that_a_learner_needs(mg_grade: Run, solved: Path) -> None:
    """A failed exercise shows what was asked, lines to paste, what they gave, what was expected, where, and a hint."""
    engine = solved / "engine.py"
    engine.write_text(engine.read_text().replace("self.grad += other.data * out.grad", "self.grad = 7.0"))
    text = mg_grade(solved, "-e", "mul").stdout
    line = 1 + engine.read_text().splitlines().index("            self.grad = 7.0")
    assert f"engine.py:{line - 2}" in text  # the def _backward above it
    assert "from engine import Value" in text
    assert "yours     7" in text
    assert "expected " in text
    assert "Look at: " in text


def test_what_is_shown_is_what_happens(mg_grade: Run, solved: Path) -> None:
    """The lines of a block, pasted into Python in the learner's folder, give the number shown as the learner's."""
    engine = solved / "engine.py"
    engine.write_text(engine.read_text().replace("self.grad += out.data * out.grad", "self.grad += self.data"))
    lines = mg_grade(solved, "-e", "exp").stdout.partition("The input gets")[2].splitlines()  # below the drawing
    pasted = [line[4:] for line in lines if line.startswith("    ")]
    shown = next(line.split()[1] for line in lines if line.startswith("  yours"))
    script = "; ".join(pasted) if len(pasted) == 1 else "\n".join(pasted)
    *before, read = script.replace("; ", "\n").splitlines()
    code = "\n".join([*before, f"print(format({read}, '.10g'))"])
    ran = subprocess.run([sys.executable, "-c", code], cwd=solved, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == shown


@pytest.mark.parametrize(
    ("script", "longest"),
    [
        (f"v = [{', '.join(map(str, range(60)))}]", 74),
        (
            "for a, b in zip(["
            + ", ".join(["[1.25, -2.5]"] * 20)
            + "], [3, 4]):\n    c = f(a, g(b, ["
            + "1, " * 40
            + "]))",
            74,
        ),
        ("; ".join(["a = f(1.25, 2.5)"] * 20), 74),
        ("a = f(1.25); " * 6 + "text = '; ; ;'", 100),
        (f"x = f('{', ' * 50}', 1)", 120),  # what stands in quotation marks stays as it is
        ("a = " + " + ".join(["b"] * 40), 170),  # nor are there commas everywhere
        ("a, b = " + "1, " * 30 + "2", 100),  # without brackets a line cannot be broken
    ],
    ids=["list", "nested", "statements", "semicolons in a text", "text", "sum", "tuple"],
)
def test_long_lines_of_code(script: str, longest: int) -> None:
    """Code that is shown fits in a terminal where brackets allow that, and is the same code."""
    shown = pasteable(f"{script}\npass", "v", read_kit().manifest.homes)
    compound = script.startswith("for")
    again = shown.replace("\n\n", "\n") if compound else shown
    assert ast.dump(ast.parse(again)) == ast.dump(ast.parse(f"{script}\npass\nv"))
    assert max(map(len, shown.splitlines())) <= longest


def test_long_answers(mg_grade: Run, solved: Path) -> None:
    """Answers that are too long for a line go on in the next, and nothing of them is lost."""
    optim = solved / "optim.py"
    optim.write_text(optim.read_text().replace("p.data -= self.lr * p.grad", "p.data -= 0.1 * p.grad"))
    shown = mg_grade(solved, "-e", "sgd").stdout
    assert all(len(line) <= 80 for line in shown.splitlines())
    report = json.loads(mg_grade(solved, "-e", "sgd", "--json", "-").stdout)
    message = next(test["message"] for row in report["exercises"] for test in row["tests"] if test["message"])
    _, _, expected = shown.partition("  expected")
    assert message.splitlines()[-1].split()[1:] == expected.partition("  This looks")[0].split()


def test_a_gap_of_another_exercise_is_met(mg_grade: Run, stubs: Path) -> None:
    """Where what was written runs into another gap, it is said which, and why that may be."""
    engine = stubs / "engine.py"
    engine.write_text(engine.read_text().replace('raise NotImplementedError("mul")', "self.grad += other * out.grad"))
    shown = mg_grade(stubs, "-e", "mul").stdout
    assert "happened  still to be written: reflected (engine.py:" in shown
    assert "a .data may be missing" in " ".join(shown.split())
    assert "y = a * b" in shown


def test_one_of_two_gaps(mg_grade: Run, stubs: Path) -> None:
    """What raises in the first gap of an exercise is shown though the second is not filled in."""
    file = stubs / "derivatives.py"
    stub = file.read_text()
    file.write_text(stub.replace('raise NotImplementedError("derivative")', "return (f(x + hh) - f(x)) / h", 1))
    shown = mg_grade(stubs, "-e", "derivative").stdout
    assert "!!  derivative" in shown
    assert "NameError: name 'hh'" in shown
    file.write_text(stub.replace('raise NotImplementedError("derivative")', "return (f(x + h) - f(x)) / h", 1))
    shown = mg_grade(stubs, "-e", "derivative").stdout
    assert "happened  still to be written: derivative (derivatives.py:" in shown
    assert "Look at" not in shown
    file.write_text(stub)
    (stubs / "engine.py").write_text("class Value:\n    def __init__(self, data): self.data = daten\n")
    assert "--  derivative" in mg_grade(stubs, "-e", "derivative").stdout


def test_operations_are_judged_alone(mg_grade: Run, solved: Path) -> None:
    """A relu without its gate fails also while backward is wrong: nothing that backward does can stand in for it."""
    engine = solved / "engine.py"
    text = engine.read_text().replace(
        "if self.data > 0:\n                self.grad", "if True:\n                self.grad"
    )
    engine.write_text(text.replace("for node in reversed(topological_sort(self)):", "for node in ():"))
    report = json.loads(mg_grade(solved, "-e", "relu", "--json", "-").stdout)
    assert next(row["points"] for row in report["exercises"] if row["id"] == "relu") < 1


def test_a_syntax_error_is_told_once(mg_grade: Run, solved: Path) -> None:
    """A file that cannot be read is named once, with its line; what rests on it is carried forward."""
    engine = solved / "engine.py"
    engine.write_text(engine.read_text().replace("def __mul__(self, other):", "def __mul__(self, other)"))
    done = mg_grade(solved)
    assert done.returncode == 0
    assert done.stdout.count("engine.py:50 cannot be read as Python") == 1
    assert f"95 / {MOST:g}" in done.stdout
    everything = "\n".join(file.read_text() for file in sorted(solved.glob("*.py")))
    alone = solved.parent / "all.py"
    alone.write_text(everything)
    done = mg_grade(alone)
    assert "cannot be read as Python" in done.stdout
    assert "not started" not in done.stdout
    assert "Nothing is filled in yet" not in done.stdout


def test_a_grader_that_fails_says_so(mg_grade: Run) -> None:
    """Where the grader cannot start a worker, the total alone is not left to stand as a zero."""
    done = mg_grade("solutions", "-q", "--unsafe-no-sandbox", preexec_fn=_few_descriptors)
    assert done.returncode == 3
    assert "The grader failed" in done.stdout + done.stderr


def _few_descriptors() -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (9, 9))


def test_a_process_that_is_started_by_the_command_is_not_the_command() -> None:
    """Where processes are started anew (macOS), each imports the main module: that is not to run it again."""
    code = "import runpy; runpy.run_module('grader.__main__', run_name='__mp_main__')"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout + done.stderr == ""


def test_a_full_disk(mg_grade: Run) -> None:
    """Output that cannot be written is a plain line and exit 2, not a fault of the grader's."""
    with Path("/dev/full").open("w") as full:
        done = mg_grade("solutions", "-e", "add", capture_output=False, stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == "error: standard output cannot be written: No space left on device."


def test_json(mg_grade: Run, tmp_path: Path) -> None:
    """The JSON report has exactly the fields of format 3, with every exercise in the kit's order."""
    done = mg_grade("solutions", "--json", "-", "--seed", "5")
    report = json.loads(done.stdout)
    assert set(report) == {
        "format", "kit", "grader", "python", "seed", "sandbox", "submission", "grade", "points", "max_points",
        "bonus_points", "adjustments", "comments", "exercises", "wrong_graph", "warnings",
    }  # fmt: skip
    assert (report["format"], report["seed"]) == (3, 5)
    assert report["sandbox"] == {"level": choose().level.name, "is_sandbox": choose().level.is_sandbox}
    assert report["kit"] == {"name": "micrograd", "version": read_kit().manifest.version}
    assert report["submission"] == {"name": "solutions", "path": "solutions"}
    assert (report["points"], report["max_points"], report["bonus_points"]) == (MOST, MOST, BONUS)
    assert (report["grade"], report["adjustments"]) == (MOST + BONUS, [])
    assert report["warnings"] == []
    assert [row["id"] for row in report["exercises"]] == [e.id for e in read_kit().manifest.exercises]
    for row in report["exercises"]:
        assert set(row) == {
            "id", "title", "file", "chapter", "points", "max_points", "exact", "counts", "bonus", "minutes", "learnt",
            "gap", "status", "carried_forward", "blocked_by", "place", "hint", "misconceptions",
            "misconceptions_together", "symptoms", "tests", "seconds", "excused",
        }  # fmt: skip
        fields = {"id", "node", "status", "message", "phases", "seconds"}  # and of one that fails why
        assert all(set(test) == fields for test in row["tests"])
        assert row["status"] == "passed"
    target = tmp_path / "report.json"
    assert mg_grade("solutions", "--json", target, "--seed", "5").stdout.startswith("derivatives.py")
    assert _without_times(json.loads(target.read_text())) == _without_times(report)


def _without_times(report: dict[str, object]) -> dict[str, object]:
    for row in report["exercises"]:  # type: ignore[attr-defined]  # a list of dicts, as the test above shows
        for timed in (row, *row["tests"]):
            timed.pop("seconds")
        for test in row["tests"]:
            test["phases"] = {name: outcome for name, (outcome, _) in test["phases"].items()}
    return report


def test_the_same_report_twice(mg_grade: Run, solved: Path) -> None:
    """The same submission, kit and seed give the same report, apart from times."""
    (solved / "engine.py").write_text((ROOT / "tests/samples/ada/engine.py").read_text())
    one, two = (json.loads(mg_grade(solved, "--json", "-").stdout) for _ in range(2))
    assert _without_times(one) == _without_times(two)


def test_junit(mg_grade: Run, tmp_path: Path) -> None:
    """The JUnit file has a suite for each exercise, counts that add up, and the points as properties."""
    target = tmp_path / "report.xml"
    assert mg_grade("tests/samples/ada", "--junit", target, "--quiet").returncode == 0
    suites = list(ElementTree.parse(target).getroot())
    assert [suite.get("name") for suite in suites] == [*(e.id for e in read_kit().manifest.exercises), "grade"]
    mul = next(suite for suite in suites if suite.get("name") == "mul")
    properties = {p.get("name"): p.get("value") for p in mul.iter("property")}
    assert properties == {"points": "3", "max_points": "4", "status": "partial"}
    assert int(mul.get("failures", "0")) == len(list(mul.iter("failure"))) == 1
    assert int(mul.get("tests", "0")) == len(list(mul.iter("testcase"))) == 4


def test_only_some_exercises(mg_grade: Run) -> None:
    """With -e only those exercises are shown and counted; the JSON still lists all, and says so."""
    done = mg_grade("solutions", "-e", "mul", "--exercise", "layer", "--json", "-")
    report = json.loads(done.stdout)
    assert (report["points"], report["max_points"]) == (7.0, 7.0)
    assert len(report["exercises"]) == EXERCISES
    assert [found["text"] for found in report["warnings"]] == ["Only these exercises were asked for: mul, layer."]
    assert "adamw" not in mg_grade("solutions", "-e", "mul").stdout


def test_fail_under(mg_grade: Run) -> None:
    """Below --fail-under the exit status is 1, at or above it 0."""
    assert mg_grade("solutions", "--fail-under", "100", "-q").returncode == 0
    done = mg_grade("exercises", "--fail-under", "0.5", "-q")
    assert done.returncode == 1
    assert "below --fail-under 0.5" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere"], "nowhere does not exist"),
        (["solutions", "-e", "mull"], "there is no exercise 'mull'"),
        (["solutions", "--seed", "x"], "--seed"),
        (["solutions", "--json", "no/such/folder/r.json"], "no/such/folder"),
        (["solutions", "--json", "tests"], "it is a folder"),
        (["LICENSE"], "is none of these"),
        (["--nonsense"], "--nonsense"),
        (["solutions", "--junit", "-"], "--junit takes a file"),
        (["solutions", "--fail-under", "nan"], "--fail-under takes a number"),
    ],
)
def test_wrong_usage(mg_grade: Run, arguments: list[str], words: str) -> None:
    """Wrong usage ends with 2, before anything is graded, and one or two lines that say what is wrong."""
    done = mg_grade(*arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_help_is_everywhere() -> None:
    """Every command and every option has a help text, and every command and option is in a manual."""
    manuals = "\n".join(MANUALS.values())
    group = cli.commands
    for name in cli.MODULES:
        command = group.get_command(click.Context(group), name)
        assert command is not None
        assert command.help, name
        assert f"`mg-grade {name}" in manuals, name
        for option in command.params:
            if option.param_type_name == "option":
                assert getattr(option, "help", None), (name, option.name)
                assert any(flag in manuals for flag in option.opts), (name, option.opts)
    for flag in ("-h", "--help"):
        assert "Usage" in CliRunner().invoke(group, [flag]).output
        assert "--fail-under" in CliRunner().invoke(group, ["grade", flag]).output


def test_version_and_no_arguments(mg_grade: Run) -> None:
    """--version prints the version; no arguments print the help."""
    assert mg_grade("--version").stdout == f"mg-grade {__version__}\n"
    assert "Usage" in mg_grade().stdout + mg_grade().stderr


def test_grade_is_the_default_command(mg_grade: Run) -> None:
    """`mg-grade PATH` and `mg-grade grade PATH` are the same."""
    assert mg_grade("grade", "solutions", "-q").stdout == mg_grade("solutions", "-q").stdout


def test_init(mg_grade: Run, tmp_path: Path) -> None:
    """init copies the exercises into a new folder, and never over a learner's work."""
    folder = tmp_path / "my work"
    assert mg_grade("init", folder).returncode == 0
    assert f"0 / {MOST:g}" in mg_grade(folder, "-q").stdout
    (folder / "graph.py").write_text("mine = 1\n")
    again = mg_grade("init", folder)
    assert again.returncode == 2
    assert "graph.py" in again.stderr
    assert (folder / "graph.py").read_text() == "mine = 1\n"


def test_a_reader_that_goes_away(solved: Path) -> None:
    """`mg-grade ... | head -1` ends quietly."""
    command = f"{sys.executable} -m grader {solved} | head -1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.stdout.startswith("derivatives.py")
    assert done.stderr == ""


def _on_a_terminal(arguments: list[str], env: dict[str, str]) -> str:
    """What the command prints on a terminal of its own."""
    terminal, inner = pty.openpty()
    command = [sys.executable, "-m", "grader", *arguments]
    process = subprocess.Popen(command, stdin=inner, stdout=inner, stderr=inner, cwd=ROOT, env={**os.environ, **env})
    os.close(inner)
    said = b""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if select.select([terminal], [], [], 0.2)[0]:
            try:
                said += os.read(terminal, 65536)
            except OSError:  # how Linux says that the other side is closed
                break
    process.wait(10)
    os.close(terminal)
    return said.decode()


def test_on_a_terminal() -> None:
    """On a terminal there is colour and a line of progress that is wiped before the report."""
    said = _on_a_terminal(["solutions"], {"TERM": "xterm", "NO_COLOR": ""})
    assert "\x1b[32mok\x1b[0m" in said
    assert f"grading {EXERCISES}/{EXERCISES} two-layer-backward" in said
    assert f"{MOST:g} / {MOST:g}" in said.rpartition("\r" + " " * 40 + "\r")[2]


@pytest.mark.parametrize("env", [{"TERM": "xterm", "NO_COLOR": "1"}, {"TERM": "dumb", "NO_COLOR": ""}])
def test_no_colour_where_it_is_not_wanted(env: dict[str, str]) -> None:
    """NO_COLOR and a dumb terminal get no escape codes."""
    said = _on_a_terminal(["solutions"], env)
    assert f"{MOST:g} / {MOST:g}" in said
    assert "\x1b" not in said


def test_a_terminal_without_unicode(mg_grade: Run, solved: Path) -> None:
    """Text that the terminal cannot print is shown escaped, not as a crash."""
    path = solved / "engine.py"
    path.write_text(path.read_text() + '\nraise ValueError("Gr\u00fc\u00dfe \u4f60\u597d")\n', encoding="utf-8")
    env = {**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    done = mg_grade(solved, env=env)
    assert done.returncode == 0
    assert "Gr\\xfc\\xdfe \\u4f60\\u597d" in done.stdout
