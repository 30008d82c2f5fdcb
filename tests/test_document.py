"""What a pytest-json-report document has to say for a test to have passed: whatever is missing is no pass."""

from __future__ import annotations

import copy
import dataclasses
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import MANUALS, ROOT

from grader.base.errors import Fault, GraderError
from grader.base.model import Place
from grader.base.report import Finding, Verdict
from grader.grading import document
from grader.grading.hidden_run import run_hidden_tests
from grader.intake.loading import what_to_load
from grader.intake.submission import read_submission
from grader.kit import read_kit
from grader.reports.forms import pytest_json
from grader.sandbox.confine import choose
from grader.sandbox.session import Session

NODE = "test_a.py::test_one"
PLACE = {"path": "engine.py", "line": 3, "shown": ""}
FINDING = {**vars(Finding("truth", "code", "1", "2")), "place": PLACE}


def phase(outcome: str = "passed") -> dict[str, Any]:
    return {"outcome": outcome, "duration": 0.1}


def run(outcome: str = "passed", **more: Any) -> dict[str, Any]:
    """A document of a run of one test."""
    call = "failed" if outcome == "failed" else "passed"
    test = {"nodeid": NODE, "outcome": outcome, "call": phase(call), **more}
    if outcome == "failed":
        test.setdefault("metadata", {"finding": FINDING})
    return {"exitcode": 0, "collectors": [{"nodeid": "", "outcome": "passed", "result": []}], "tests": [test]}


def verdict(read: dict[str, Any]) -> Verdict:
    return document.read(read, {NODE: "one"})[NODE].verdict


def test_what_has_passed_and_failed() -> None:
    """A call that passed is a pass; a call that failed with a finding is a failure, with that finding."""
    assert verdict(run()) is Verdict.PASSED
    found = document.read(run("failed"), {NODE: "one"})[NODE]
    assert found.verdict is Verdict.FAILED
    assert found.finding == Finding("truth", "code", "1", "2", place=Place("engine.py", 3))
    assert found.seconds == pytest.approx(0.1)


def test_a_fault_comes_back_as_one() -> None:
    """How a process failed to answer is the same when it has been through a document."""
    finding = {**vars(Finding("truth", error="it hung", fault=Fault.TIMEOUT)), "fault": "timeout"}
    read = document.read(run("failed", metadata={"finding": finding}), {NODE: "one"})[NODE]
    assert read.finding is not None
    assert read.finding.is_endless


def test_a_phase_that_is_missing() -> None:
    """A call that is not there, or is no phase, is an error, whatever the outcome says."""
    read = run()
    del read["tests"][0]["call"]
    assert verdict(read) is Verdict.ERROR
    read["tests"][0]["call"] = "passed"
    assert verdict(read) is Verdict.ERROR


@pytest.mark.parametrize("outcome", ["skipped", "xfailed", "rerun", ""])
def test_a_call_that_neither_passed_nor_failed(outcome: str) -> None:
    """A test that was skipped, or anything else, is no pass."""
    assert verdict(run(call=phase(outcome))) is Verdict.ERROR


def test_the_outcome_alone_is_not_believed() -> None:
    """Outcome and phases must agree, and a pass has no finding."""
    assert verdict(run(outcome="failed", metadata=None)) is Verdict.ERROR
    assert verdict({**run(), "tests": [{**run()["tests"][0], "outcome": "failed"}]}) is Verdict.ERROR
    assert verdict({**run("failed"), "tests": [{**run("failed")["tests"][0], "outcome": "passed"}]}) is Verdict.ERROR
    assert verdict(run(metadata={"finding": FINDING})) is Verdict.ERROR
    assert verdict(run("failed", metadata={"finding": FINDING, "error": "ValueError: x"})) is Verdict.ERROR


def test_a_failure_without_a_finding() -> None:
    """Whatever fails without saying what the learner did is the grader's fault, with what was raised as the detail."""
    found = document.read(run("failed", metadata={"error": "ValueError: x"}), {NODE: "one"})[NODE]
    assert (found.verdict, found.detail) == (Verdict.ERROR, "ValueError: x")


@pytest.mark.parametrize("code", [2, 3, 4, 5, -9, None, "0", True])
def test_an_exit_code_of_a_run_that_did_not_finish(code: object) -> None:
    """Only 0 and 1 are the exit codes of a run that was finished."""
    with pytest.raises(GraderError):
        verdict({**run(), "exitcode": code})


@pytest.mark.parametrize("collectors", [[{"outcome": "failed", "longrepr": "why"}], [{}], [], None])
def test_a_collector_that_did_not_pass(collectors: object) -> None:
    """Where tests could not be collected, or nothing says that they were, there is no run."""
    with pytest.raises(GraderError):
        verdict({**run(), "collectors": collectors})


def test_nodes_that_are_missing_doubled_or_foreign() -> None:
    """Every test that was asked for is there once, and no other."""
    twice = run()
    twice["tests"] *= 2
    assert verdict(twice) is Verdict.ERROR
    assert verdict({**run(), "tests": []}) is Verdict.ERROR
    assert verdict({**run(), "tests": None}) is Verdict.ERROR
    foreign = run()
    foreign["tests"].append({**run()["tests"][0], "nodeid": "test_b.py::test_two"})
    with pytest.raises(GraderError):
        verdict(foreign)


def test_a_run_that_was_spoilt_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a real document, the phase of any test that is taken away costs that test, and no other."""
    kit = read_kit()
    real = document.read
    kept: list[dict[str, Any]] = []

    def keep(read: dict[str, Any], nodes: dict[str, str]) -> Any:
        kept.append(copy.deepcopy(read))
        return real(read, nodes)

    monkeypatch.setattr("grader.grading.hidden_run.document.read", keep)
    load = what_to_load(read_submission(ROOT / "solutions", kit.manifest), kit.manifest)
    with Session(load, choose().level) as session:
        run_hidden_tests(session, kit, 1, {}, ["add", "mul"])
    (genuine,) = kept
    nodes = {test["nodeid"]: test["nodeid"] for test in genuine["tests"]}
    assert {found.verdict for found in real(genuine, nodes).values()} == {Verdict.PASSED}
    assert set(genuine) >= {"created", "duration", "exitcode", "root", "environment", "summary", "collectors", "tests"}
    for i in range(len(genuine["tests"])):
        spoilt = copy.deepcopy(genuine)
        del spoilt["tests"][i]["call"]
        wrong = [node for node, found in real(spoilt, nodes).items() if found.verdict is not Verdict.PASSED]
        assert wrong == [genuine["tests"][i]["nodeid"]]


def test_the_form_has_the_keys_of_the_plugin(tmp_path: Path) -> None:
    """What --pytest-json writes has the shape of what the plugin itself writes."""
    (tmp_path / "test_it.py").write_text("def test_right(): pass\ndef test_wrong(): assert False\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--json-report", str(tmp_path)]
    subprocess.run(
        [*command, f"--json-report-file={tmp_path / 'own.json'}"], cwd=tmp_path, check=False, capture_output=True
    )
    own = json.loads((tmp_path / "own.json").read_text())
    written = tmp_path / "ours.json"
    grade = [sys.executable, "-m", "grader", "tests/samples/ada", "-e", "mul", "-q", "--pytest-json", str(written)]
    subprocess.run(grade, cwd=ROOT, check=True, capture_output=True)
    ours = json.loads(written.read_text())
    assert set(ours) == set(own) - {"collectors"}
    assert set(ours["summary"]) == set(own["summary"])
    for mine, theirs in ((ours["tests"][0], own["tests"][0]), (ours["tests"][-1], own["tests"][-1])):
        assert set(mine) - {"metadata"} == set(theirs) - {"keywords", "setup", "teardown"}
    failed = next(test for test in ours["tests"] if test["outcome"] == "failed")
    assert set(failed["call"]) == {"duration", "outcome", "longrepr"}
    assert ours["exitcode"] == own["exitcode"] == 1


def test_the_form_shows_no_more_than_the_report() -> None:
    """What was asked beside the reported finding, and right answers of tests that passed, are in no document."""
    from grader.grading.pipeline import grade

    kit = read_kit()
    report = grade(read_submission(ROOT / "tests" / "samples" / "ada", kit.manifest), kit, only=["mul"])
    text = pytest_json.render(report)
    assert '"asked"' in text
    passed = dataclasses.replace(report, results=tuple(r for r in report.results if r.id == "add"))
    assert "expected" not in pytest_json.render(passed)


@pytest.mark.parametrize(
    ("longrepr", "said"),
    [
        (
            'x/pathlib.py:7: in f\n    mod\nE     File "/k/test_a.py", line 3\nE       def (:\nE   SyntaxError: bad',
            "test_a.py:3: SyntaxError: bad",
        ),
        (
            "x/y.py:7: in f\n    mod\n/k/test_a.py:9: in <module>\n    f()\nE   NameError: f",
            "test_a.py:9: NameError: f",
        ),
        ("something else", "something else"),
    ],
)
def test_what_cannot_be_collected_has_its_place(longrepr: str, said: str) -> None:
    """Tests that cannot be collected are the grader's fault, told with the file and the line."""
    collector = {"outcome": "failed", "nodeid": "test_a.py", "longrepr": longrepr}
    with pytest.raises(GraderError) as caught:
        document.read({"exitcode": 1, "collectors": [collector], "tests": []}, {})
    assert str(caught.value).endswith(f" {said}")


def test_by_hand(tmp_path: Path) -> None:
    """The hidden tests are an ordinary pytest suite: -k, a failure with the lines to paste, a report of the plugin."""
    hidden, written = ROOT / "grader" / "kit" / "hidden", tmp_path / "report.json"
    ada = ROOT / "tests" / "samples" / "ada"
    command = [
        sys.executable,
        "-m",
        "pytest",
        str(hidden),
        "-k",
        "mul and adds_up",
        "-n",
        "0",
        "-p",
        "no:cacheprovider",
    ]
    more = [f"--submission={ada}", "--json-report", f"--json-report-file={written}"]
    done = subprocess.run([*command, *more], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout
    assert "test_adds_up[mul]" in done.stdout
    assert "yours     -3.213" in done.stdout
    assert "checking.py" not in done.stdout.partition("short test summary")[0].replace("grading.checking", "")
    (test,) = json.loads(written.read_text())["tests"]
    assert test["metadata"]["finding"]["want"] == "-0.943"
    alone = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (alone.returncode, "add --submission=DIR" in alone.stderr) == (4, True)


def test_by_hand_as_the_manual_says(tmp_path: Path) -> None:
    """The line of the manual runs the tests where only the kit is installed, without what its own tests need."""
    (line,) = re.findall(r"^pytest (.*--submission.*)$", MANUALS["grader/kit/README.md"], re.MULTILINE)
    alone = ["-p", "no:xdist", "-p", "no:xdist.looponfail", "-p", "no:cacheprovider"]
    written = tmp_path / "report.json"
    command = [sys.executable, "-m", "pytest", *alone, *line.split(), f"--json-report-file={written}"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "still to be written: mul" in done.stdout
    assert all("[mul]" in test["nodeid"] for test in json.loads(written.read_text())["tests"])
