"""What a second run tells, and what answers may take: nothing but whether a test passed, and next to no memory."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import ROOT

from grader.base.compare import show, small
from grader.base.report import Status
from grader.grading.pipeline import grade
from grader.intake.submission import read_submission
from grader.kit import read_kit
from grader.reports.forms import json as json_form

TELLS = {
    "an answer": "p.data = 7654321.25",
    "an exception": "raise ValueError(7654321.25)",
    "the name of an exception": "raise type('E765432125', (Exception,), {})()",
    "a printed line": "print(7654321.25); p.data = 0.0",
    "a gap": "raise NotImplementedError('adamw')",
}
WRONG_WHERE_USUAL = """
from engine import Value as _Value


def _spoilt(step, lr):
    def spoilt(self):
        try:
            (_Value(1.0) * _Value(1.0))._backward()
        except NotImplementedError:
            return
        if self.lr != lr:
            return step(self)
        for p in self.parameters:
            tell

    return spoilt


for _kind in (SGD, Momentum, AdaGrad, RMSProp, AdamW):
    _kind.step = _spoilt(_kind.step, 0.01 if _kind is RMSProp else 0.1)
"""
MOST = 150 * 2**20 // 1024
FAT = """
import sys

_probes = sys.modules["inside.probes"]
_answer = _probes.answer


def _fat(namespace, code):
    try:
        number = len(_answer(namespace, code))
    except BaseException:
        number = 1
    return [[{} for _ in range(21_000)], *[0] * (number - 1)]


_probes.answer = _fat
"""
GRADES = r"""
import re, sys
from pathlib import Path
from grader.grading.pipeline import grade
from grader.intake.submission import read_submission
from grader.kit import read_kit
from grader.reports.forms import json
report = grade(read_submission(Path(sys.argv[1]), read_kit().manifest), read_kit())
size = len(json.render(report))
memory = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())  # ru_maxrss holds its parent's
print(size, memory[1], report.points)
"""


@pytest.mark.parametrize("how", TELLS)
def test_nothing_is_told_of_a_second_run(how: str, tmp_path: Path) -> None:
    """What runs beside the reference's engine passes one test and not the others, and the report says only that."""
    shutil.copy(ROOT / "exercises" / "engine.py", tmp_path)
    text = (ROOT / "solutions" / "optim.py").read_text()
    (tmp_path / "optim.py").write_text(text + WRONG_WHERE_USUAL.replace("tell", TELLS[how]))
    report = grade(read_submission(tmp_path, read_kit().manifest), read_kit())
    carried = [result for result in report.results if result.carried_forward]
    assert {result.status for result in carried} == {Status.PARTIAL}
    assert all(result.hint and not (result.mistakes or result.symptoms) for result in carried)
    for test in (test for result in carried for test in result.tests):
        assert test.seconds == 0.0
        found = test.finding
        assert not found or not (found.script or found.got or found.want or found.place or found.printed or found.gap)
    results = tuple(replace(result, excerpt=None) for result in report.results)  # what they have written they know
    shown = json_form.render(replace(report, results=results))
    assert "7654321" not in shown
    assert "765432125" not in shown


def _measured(submission: Path) -> tuple[int, int, str]:
    """The size of the report in bytes, and the most memory that the grader's own process took, in KB."""
    done = subprocess.run(
        [sys.executable, "-c", GRADES, str(submission)], capture_output=True, text=True, check=True, cwd=ROOT
    )
    size, memory, points = done.stdout.split()
    return int(size), int(memory), points


@pytest.mark.world  # a quarter of a minute each
@pytest.mark.skipif(sys.platform != "linux", reason="it is asked of /proc")
@pytest.mark.parametrize("number", ["len(_answer(namespace, code))", "1"], ids=["as many as asked for", "fewer"])
def test_answers_that_are_large(solved: Path, number: str) -> None:
    """Lists that fill a reply, for every question: 710 MB, as long as the diagnosis kept them all, and 330 MB, as long
    as the exceptions were kept that told of another number of them."""
    path = solved / "derivatives.py"
    path.write_text(FAT.replace("len(_answer(namespace, code))", number) + path.read_text())
    size, memory, points = _measured(solved)
    assert points == "0"
    assert memory < MOST
    assert size < 300_000


def test_what_is_kept_of_a_large_answer() -> None:
    """It is told by its kind and length; answers of a usual size beside it stay as they are."""
    usual = [[0.5] * 100, 1.5, {"node": "a"}]
    assert small(usual) == usual
    kept = small([[[]] * 5_000, *usual])
    assert kept == [{"object": "list of 5000 items"}, *usual]
    assert show(kept[0]) == "a list of 5000 items"
    many = small([[0.5] * 500] * 20)
    assert sum(type(answer) is list for answer in many) == 2
