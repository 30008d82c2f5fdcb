"""check-kit proves the kit, or else says in a line each what is wrong in it, with its place."""

from __future__ import annotations

import dataclasses
import itertools
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, copy_of_the_kit

from grader import cli
from grader.base.errors import GraderError, StudyError
from grader.kit import KIT_FOLDER, Kit, read_kit
from grader.kit.misconceptions import catalogue
from grader.kit.misconceptions.entries import wrong
from grader.kit.model import Misconception
from grader.upkeep import release
from grader.upkeep.kit_check import TriedOut, check_kit, try_out


def test_check_kit_can_fail(tmp_path: Path) -> None:
    """A stub that was changed by hand is found, and a submission that is no stub is told apart from one."""
    kit = copy_of_the_kit(tmp_path)
    stub = kit.exercises / "graph.py"
    text = stub.read_text(encoding="utf-8").replace('raise NotImplementedError("trace")', "return set(), set()")
    stub.write_text(text, encoding="utf-8")
    against = [text for proof in itertools.islice(check_kit(kit), 4) for text in proof.against]
    assert any("graph.py" in text for text in against)
    assert any("trace is failed" in text for text in against)


def _nameless(_: Misconception, __: Path) -> TriedOut:
    return TriedOut(is_caught=True, is_named=False, is_named_first=False, against=())


@pytest.mark.world  # twice through all of the kit
def test_check_kit_goes_through_every_exercise(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """There is a proof for each exercise, and a sum; here of one misconception each (the README shows them all)."""
    few = {exercise: rows[:1] for exercise, rows in catalogue().items()}
    kit = copy_of_the_kit(tmp_path)
    vars(kit)["misconceptions"] = few  # in place of what is read when it is asked for
    proofs = list(check_kit(kit))
    assert [text for proof in proofs for text in proof.against] == []
    details = [proof.what for proof in proofs if proof.is_detail]
    assert details == [f"{exercise}: 1 of 1 misconceptions caught, 1 named" for exercise in read_kit().manifest.by_id]
    number = len(kit.manifest.exercises)
    what = f"{number} misconceptions are caught in their own exercises, {number} of them named first"
    assert proofs[-1].what == what
    monkeypatch.setattr("grader.upkeep.kit_check.try_out", _nameless)
    assert [proof.against for proof in check_kit(kit) if proof.against] == [("less than 95 percent are named first",)]


def _lines(kit: Kit) -> list[str]:
    """What is missing, as check-kit says it, after which it stops."""
    (proof,) = check_kit(kit)
    return list(proof.against)


def test_check_kit_says_what_is_missing(tmp_path: Path) -> None:
    """All that is missing or does not fit is said at once, a line each, with the file and the key or line."""
    kit = copy_of_the_kit(tmp_path)
    rows = dict(catalogue())
    vars(kit)["misconceptions"] = rows  # in place of what is read when it is asked for
    rows["cube"] = (wrong("cube", "x", "X", "X.", ("a", "b")),)
    rows["mul"] = (wrong("mul", "x", "X", "X.", ("no such line", "b")),)
    rows["add"] = ()
    exercises = (
        *kit.manifest.exercises,
        dataclasses.replace(kit.manifest.by_id["mul"], id="new", symbols=("Value.new",), solved_first_as="add-x"),
    )
    unlike = dataclasses.replace(kit, manifest=dataclasses.replace(kit.manifest, exercises=exercises))
    vars(unlike)["misconceptions"] = rows
    assert _lines(unlike) == [
        "grader/kit/misconceptions: there is none for the exercise add.",
        "grader/kit/hidden: no test is marked with the exercise new.",
        "exercises/exercises.toml: new.symbols names Value.new, which solutions/engine.py does not define.",
        "exercises/exercises.toml: new.solved_first_as names add-x, which is no misconception of another exercise in "
        "engine.py.",
        "grader/kit/misconceptions: there is none for the exercise new.",
        "exercises/book/en/engine.md:1: the exercise new has no place, `**Exercise: new**`.",
        "grader/kit/misconceptions: mul-x: 'no such line' does not stand once in solutions/engine.py.",
        "grader/kit/misconceptions: cube-x: the manifest names no exercise cube.",
    ]


def test_check_kit_says_which_gap_is_whose(tmp_path: Path) -> None:
    """A gap that no exercise has, an exercise without a gap and marks that do not pair are lines with their places."""
    kit = copy_of_the_kit(tmp_path)
    path = kit.solutions / "graph.py"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("# exercise: trace", "# exercise: trail"), encoding="utf-8")
    line = text[: text.index("# exercise: trace")].count("\n") + 1
    assert _lines(kit) == [
        f"solutions/graph.py:{line}: the gap trail belongs to no exercise of exercises.toml.",
        "exercises/exercises.toml: trace has no gap `# exercise: trace` in solutions/graph.py.",
    ]


def test_check_kit_says_which_test_is_whose(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hidden test of an unknown exercise, and one of none, are named."""
    kit = copy_of_the_kit(tmp_path)
    hidden = tmp_path / "hidden"
    shutil.copytree(kit.hidden_tests, hidden)
    (hidden / "test_graph.py").write_text("import pytest\n\n\n@pytest.mark.exercise('cube')\ndef test_a():\n    'A.'\n")
    (hidden / "test_more.py").write_text("def test_b():\n    'B.'\n")
    monkeypatch.setattr("grader.kit.Kit.hidden_tests", hidden)
    assert _lines(kit) == [
        "grader/kit/hidden/test_graph.py::test_a: it is marked with cube, which the manifest does not name.",
        "grader/kit/hidden/test_more.py::test_b: it is marked with no exercise.",
        "grader/kit/hidden: no test is marked with the exercise trace.",
    ]


def test_a_misconception_that_is_none_is_found() -> None:
    """One that survives, one that costs what does not rest on it, and one that has the name of another are failures."""
    harmless = wrong("add", "harmless", "Nothing", "Nothing.", ("class Value:", "class Value(object):"))
    assert try_out(harmless, KIT_FOLDER).against == ("add-harmless loses nothing",)
    elsewhere = wrong("add", "elsewhere", "In exp", "In exp.", ("self.grad += out.data * out.grad", "self.grad += 0"))
    assert "add-elsewhere costs what does not rest on it: exp" in try_out(elsewhere, KIT_FOLDER).against
    nameless = wrong("mul", "new", "New", "New.", ("self.grad += other.data * out.grad", "self.grad += 0.5 * out.grad"))
    assert try_out(nameless, KIT_FOLDER).against == ("mul-new is not named",)


def _with_solution(folder: Path, file: str, old: str, new: str) -> Kit:
    """A copy of the kit with one text of its solutions changed."""
    kit = copy_of_the_kit(folder)
    text = kit.solution(file)
    assert text.count(old) == 1
    (kit.solutions / file).write_text(text.replace(old, new), encoding="utf-8")
    return kit


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("def trace(root):", "def trace(root:", "SyntaxError"),
        ("def trace(root):", "import no_such_module\n\n\ndef trace(root):", "ModuleNotFoundError"),
        ("def trace(root):", "ROOT = rot\n\n\ndef trace(root):", "NameError"),
    ],
)
def test_an_error_in_the_solutions_has_its_place(tmp_path: Path, old: str, new: str, why: str) -> None:
    """Solutions that are no Python, or do not load, are the author's: a line with the file, and no release."""
    kit = _with_solution(tmp_path, "graph.py", old, new)
    line = kit.solution("graph.py").split(new.partition("\n")[0])[0].count("\n") + 1
    (said,) = _lines(kit)
    assert said.startswith(f"solutions/graph.py:{line}: {why}: ")
    with pytest.raises(GraderError, match=rf"solutions/graph\.py:{line}"):
        release.stubs(kit)


@pytest.fixture
def spoilt(tmp_path: Path) -> Path:
    """A copy of the grader and the kit, to be spoilt."""
    for part in ("exercises", "solutions", "datasets", "grader"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def _checked(folder: Path, *options: str) -> list[str]:
    """What check-kit of a copy, which is wrong, prints."""
    command = [sys.executable, "-P", "-m", "grader", "check-kit", *options]
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    # Not in the copy itself: python -m grader takes the current folder out of the path.
    done = subprocess.run(command, cwd=folder.parent, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, ""), done.stdout + done.stderr
    return [line.strip() for line in done.stdout.splitlines()]


def _said(folder: Path) -> list[str]:
    """What is missing in a copy, as check-kit says it."""
    first, *lines = _checked(folder)
    assert first == "!!  something is missing or does not fit together"
    return lines


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("def test_a(:\n", ":1: SyntaxError: invalid syntax."),
        ("import no_such_module\n", ":1: ModuleNotFoundError: No module named 'no_such_module'."),
        ("def helper():\n    return nothing\n\n\nhelper()\n", ":2: NameError: name 'nothing' is not defined."),
    ],
)
def test_an_error_in_a_hidden_test_has_its_place(spoilt: Path, text: str, said: str) -> None:
    """A hidden test that cannot be read or loaded is named with its line."""
    (spoilt / "grader" / "kit" / "hidden" / "test_new.py").write_text(text)
    assert _said(spoilt) == [f"grader/kit/hidden/test_new.py{said}"]


# Entries of the catalogue that were written badly, and what is said of them. The BAD can be read, and so are
# named together; each of the WORSE ends it.
BAD = [
    ('wrong("trace", "x", "T", "E.")', "graph.py: trace-x: it has no edit"),
    ('wrong("trace", "y", "T", "E.", "nodes = set()", "b")', "graph.py: trace-y: each edit must be a pair"),
    ('wrong("trace", "z", "E.", ("nodes = set()", "b"))', "graph.py: trace-z: its explanation must be a text"),
    ('wrong("trace", "My X", "T", "E.", EDIT)', "graph.py: trace-My X: an id has small letters"),
    ('wrong("trace", "v", "T", "E.", EDIT), wrong("trace", "v", "T", "E.", EDIT)', "graph.py: trace-v: another"),
    ('wrong("trace", "w", "T", "E.", ("def trace(", "def trace(("))', "graph.py: trace-w: with its edit the sol"),
]
WORSE = [
    ('wrong("trace", "x", ("nodes = set()", "b"))', "graph.py:LINE: TypeError: wrong() missing 1 required"),
    ('wrong("trace", "x", "T", "E.", within("ab", ("c", "d")))', "graph.py:LINE: ValueError: 'c' stands 0 times"),
    ('"x"', ": TypeError: MISCONCEPTIONS of grader.kit.misconceptions.graph must be a tuple"),
]


@pytest.mark.parametrize("bad", [BAD, *([one] for one in WORSE)], ids=["all", *(said for _, said in WORSE)])
def test_a_misconception_that_was_written_badly(spoilt: Path, bad: list[tuple[str, str]]) -> None:
    """A slip in an entry of the catalogue is a line with the module and the id, or the line where it has none yet."""
    path = spoilt / "grader" / "kit" / "misconceptions" / "graph.py"
    text = path.read_text(encoding="utf-8").replace("import wrong", "import within, wrong")
    head, begin, tail = text.partition("MISCONCEPTIONS = (\n")
    entries = ",\n".join(entry for entry, _ in bad)
    path.write_text(f"{head}EDIT = ('def trace(', 'def  trace(')\n{begin}{entries},\n{tail}", encoding="utf-8")
    line = str(head.count("\n") + 3)
    found = [one.removeprefix("grader/kit/misconceptions").lstrip("/") for one in _said(spoilt)]
    assert len(found) == len(bad), found
    for _, said in bad:
        assert any(one.startswith(said.replace("LINE", line)) for one in found), (said, found)


def test_a_slip_in_an_edit_is_no_misconception() -> None:
    """One that raises a NameError was written badly: a learner's code that does is no sign of what it is called."""
    slip = wrong("mul", "slip", "S", "S.", ("self.grad += other.data * out.grad", "self.grad += othr.data * out.grad"))
    (said, *_) = try_out(slip, KIT_FOLDER).against
    assert said.startswith("mul-slip raises NameError: name 'othr' is not defined")


def test_a_hidden_test_without_a_truth(spoilt: Path) -> None:
    """A hidden test that states no truth is named: a learner would read an empty line."""
    path = spoilt / "grader" / "kit" / "hidden" / "test_graph.py"
    text = path.read_text(encoding="utf-8") + '\n\n@pytest.mark.exercise("trace")\ndef test_new(check):\n    pass\n'
    path.write_text(text, encoding="utf-8")
    line = text.count("\n") - 1
    said = f"grader/kit/hidden/test_graph.py:{line}: test_new states no truth: write it as the docstring."
    assert _said(spoilt) == [said]


def test_a_gap_that_the_manifest_has_not_yet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Asked for an exercise that has a gap and no row yet, check-kit says so; else that there is none of that name."""
    kit = _with_solution(tmp_path, "graph.py", "# exercise: trace", "# exercise: trail")
    monkeypatch.setattr("grader.cli.kit.read_kit", lambda: kit)
    assert cli.commands.main(["check-kit", "-e", "trail"], standalone_mode=False) == 1
    assert "the gap trail belongs to no exercise of exercises.toml" in capsys.readouterr().out
    monkeypatch.setattr("grader.cli.kit.read_kit", read_kit)
    with pytest.raises(StudyError, match="there is no exercise 'trail'"):
        cli.commands.main(["check-kit", "-e", "trail"], standalone_mode=False)


def test_another_number_of_hints(tmp_path: Path) -> None:
    """Learners are promised four hints for each exercise."""
    kit = copy_of_the_kit(tmp_path)
    exercises = [dataclasses.replace(e, hints=e.hints[:3]) if e.id == "mul" else e for e in kit.manifest.exercises]
    kit = dataclasses.replace(kit, manifest=dataclasses.replace(kit.manifest, exercises=tuple(exercises)))
    assert _lines(kit) == ["exercises/exercises.toml: mul has 3 hints; exercises/README.md promises 4 for each."]
    assert "four for each exercise" in kit.stub("README.md")


def test_why_a_hidden_test_is_at_fault(spoilt: Path) -> None:
    """A hidden test that the grader fails on is told with its reason, for the solutions and for a misconception."""
    path = spoilt / "grader" / "kit" / "hidden" / "test_graph.py"
    text = path.read_text(encoding="utf-8")
    text += '\n\n@pytest.mark.exercise("trace")\ndef test_new(check: Check) -> None:\n    """T."""\n    nothing()\n'
    path.write_text(text, encoding="utf-8")
    said = _checked(spoilt, "-e", "trace")
    why = "test_graph.py::test_new: NameError: name 'nothing' is not defined"
    assert f"seed 1: trace is error with 0 points ({why})" in said
    assert f"{catalogue()['trace'][0].id}: the grader failed on trace: {why}" in said
    assert "costs what does not rest on it" not in "".join(said)
