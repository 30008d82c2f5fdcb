"""The answers of a cluster's workers: what an honest one says arrives as it is, and nothing else arrives."""

from __future__ import annotations

import dataclasses
import json
import os
import pickle
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from conftest import ROOT
from corpus import CORPUS, EXPECTED, asked
from test_batch import LEVEL
from test_intake import EDITION
from test_mistakes import MISTAKES, make

from grader.classes.answers import Nonsense, taken, told
from grader.classes.at_worker import graded
from grader.classes.batch import Job, fault, grade_one
from grader.classes.outcome import Outcome
from grader.classes.plain_pickles import plain_pickles
from grader.classes.policy import Policy
from grader.intake.layouts import read_class
from grader.intake.opening import MAX_CARRIED, carried, texts
from grader.intake.tree import Refused, Tree, walk
from grader.kit import KIT_FOLDER, read_kit
from grader.sandbox.inside.reading.left_out import MAX_ARCHIVE, MAX_BYTES, MAX_NOTEBOOK, MIB

KIT = read_kit()
TIME_BUDGET = 3.0  # seconds: what takes longer has an answer as well


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> Job:
    """One whose report has a mistake, an excerpt and a graph that comes out wrong."""
    folder = tmp_path_factory.mktemp("class")
    make_all(folder / "Zoë")
    return Job(read_class(folder)[0][0], KIT_FOLDER, LEVEL, Policy(), None)


def make_all(folder: Path) -> None:
    folder.mkdir()
    for path in (ROOT / "solutions").glob("*.py"):
        (folder / path.name).write_bytes(path.read_bytes())
    make(folder, MISTAKES["mul-assigned"])


@pytest.fixture(scope="module")
def answer(job: Job) -> dict[str, Any]:
    """What a worker says of it."""
    entry = dataclasses.replace(job.entry, tree=carried(job.entry.tree, KIT.manifest.files))
    found = json.loads(graded(pickle.dumps(dataclasses.replace(job, entry=entry))))
    assert json.loads(found["document"])["wrong_graph"]
    return dict(found)


def test_an_answer_arrives_as_it_is(job: Job, answer: dict[str, Any]) -> None:
    """The same grading as here, but for times; a fault of the grader, and that nothing has changed, too."""
    here, there = grade_one(job), taken(json.dumps(answer).encode(), job, KIT)
    assert here is not None
    assert there is not None
    assert here.report is not None
    assert there.report is not None
    assert here.report == dataclasses.replace(there.report, results=here.report.results)
    assert dataclasses.replace(here, document=None) == dataclasses.replace(there, document=None)
    assert taken(told(here), job, KIT) == here
    failed = fault(job, "Something.", ("Traceback",))
    assert taken(told(failed), job, KIT) == failed
    assert taken(told(None), dataclasses.replace(job, known=("", "", "")), KIT) is None
    with pytest.raises(Nonsense):
        taken(told(None), job, KIT)
    unchanged = in_report(lambda report: report)(answer)
    assert taken(json.dumps(unchanged).encode(), job, KIT) == there


HANDED_IN = {
    **{name: asked(name) for name in [*EXPECTED][::3] if (CORPUS / name / "submission").is_dir()},
    **{mistake.id: [mistake.exercise] for mistake in [*MISTAKES.values()][::5]},
    **{path.name: [*KIT.manifest.by_id] for path in (ROOT / "tests" / "styles").iterdir()},
}


@pytest.mark.world  # a minute
def test_whatever_was_handed_in_is_told(tmp_path: Path) -> None:
    """The answer on attacks and accidents is no nonsense: on the exercises that it is about, as long as it takes to
    say that there was no more time."""
    shutil.copytree(ROOT / "tests" / "styles", tmp_path, dirs_exist_ok=True)
    for name in HANDED_IN:
        if name in EXPECTED:
            shutil.copytree(CORPUS / name / "submission", tmp_path / name)
        elif name in MISTAKES:
            shutil.copytree(ROOT / "solutions", tmp_path / name)
            make(tmp_path / name, MISTAKES[name])
    for entry in read_class(tmp_path)[0]:
        asked_for = tuple(HANDED_IN[entry.shown])
        one = Job(entry, KIT_FOLDER, LEVEL, Policy(exercises=asked_for, time_budget=TIME_BUDGET), None)
        grading = grade_one(one)
        assert taken(told(grading), one, KIT) == grading, entry.shown


def changed(**values: Any) -> Callable[[dict[str, Any]], Any]:
    return lambda answer: {**answer, **values}


def in_report(change: Callable[[Any], object]) -> Callable[[dict[str, Any]], Any]:
    """An answer whose report is another."""

    def act(answer: dict[str, Any]) -> dict[str, Any]:
        report = json.loads(answer["document"])
        change(report)
        return {**answer, "document": json.dumps(report)}

    return act


def mul(report: Any) -> Any:
    return next(exercise for exercise in report["exercises"] if exercise["id"] == "mul")


def goes_round(report: Any) -> None:
    first, *others = report["wrong_graph"]["nodes"]
    others[-1]["children"] = [first["name"]]


@pytest.mark.parametrize(
    "change",
    [
        lambda answer: None,
        lambda answer: [answer],
        lambda answer: {**answer, "more": 1},
        changed(status="missing"),
        changed(status=["graded"]),
        changed(status="error"),
        changed(status="refused"),
        changed(comment=None),
        changed(comment="x" * 200_000),
        changed(content="x"),
        changed(content=""),
        changed(sources={"a.py": 1}),
        changed(tracebacks="x"),
        changed(document=None),
        changed(document=7),
        changed(document="[]"),
        changed(document="[" * 100_000),
        in_report(lambda report: report.update(format=9)),
        lambda answer: {**answer, "document": answer["document"].replace("a * b", "a \ud800 b")},
        lambda answer: {**answer, "document": answer["document"].replace('"format": 3, ', '"format": 2, ')},
        changed(comment="\ud800"),
        in_report(lambda report: report.update(python="2.7")),
        in_report(lambda report: report.update(seed=2)),
        in_report(lambda report: report["sandbox"].update(level="limits", is_sandbox=False)),
        in_report(lambda report: report["submission"].update(name="Bob")),
        in_report(lambda report: report["exercises"].pop()),
        in_report(lambda report: mul(report).update(title={"a": 1})),
        in_report(lambda report: mul(report).update(minutes=True)),
        in_report(lambda report: mul(report).update(excused="Ill.")),
        in_report(lambda report: mul(report)["exact"].update(points="1000")),
        in_report(lambda report: mul(report)["exact"].update(points="1e999999999")),
        in_report(lambda report: mul(report)["exact"].update(max_points="8")),
        in_report(lambda report: mul(report)["tests"][0].update(node=1)),
        in_report(lambda report: mul(report)["misconceptions"].append({"id": 1, "title": 2, "explanation": 3})),
        in_report(lambda report: mul(report)["tests"][0].update(phases={"call": ["passed", "x"]})),
        in_report(lambda report: mul(report)["excerpt"].update(marked=1000)),
        in_report(
            lambda report: report["adjustments"].append({"points": 1, "exact": "1", "reason": "", "exercise": ""})
        ),
        in_report(goes_round),
        in_report(lambda report: report["warnings"].append({"kind": "other", "data": {}, "text": ""})),
    ],
)
def test_nonsense(job: Job, answer: dict[str, Any], change: Callable[[dict[str, Any]], Any]) -> None:
    """Anything else is Nonsense, and no other exception."""
    with pytest.raises(Nonsense):
        taken(json.dumps(change(answer)).encode(), job, KIT)


@pytest.mark.parametrize(
    "answer_", ["{}", {"status": "graded"}, b"", b"{", b"\xff", bytearray(b"{}"), b'{"a": NaN}', None]
)
def test_what_is_no_json(job: Job, answer_: object) -> None:
    with pytest.raises(Nonsense):
        taken(answer_, job, KIT)


def large(folder: Path, name: str, size: int, begin: bytes = b"") -> None:
    """A file that takes no room on the disk."""
    with (folder / name).open("wb") as file:
        file.write(begin)
        file.truncate(size)


def test_what_is_carried_reads_the_same(tmp_path: Path) -> None:
    """A submission that was carried to another machine is read as it is here, whatever is left out of it."""
    make_all(tmp_path / "mine")
    folder = tmp_path / "mine"
    (folder / "book.ipynb").write_text(EDITION)
    (folder / "book.py").write_text(EDITION)  # a notebook, whatever it is called
    (folder / "engine.txt").write_text("def f():\n    pass\n")
    (folder / "notes.txt").write_text("Nothing.\n")
    (folder / "packed.py.bak").write_bytes(b"PK\3\4 and more")
    (folder / "latin.py").write_bytes(b"# -*- coding: latin-1 -*-\n# \xe9\n")
    (folder / "essay.pdf").write_bytes(b"%PDF")
    (folder / "empty.py").touch()
    (folder / "gone.py").symlink_to(folder / "nowhere")
    os.mkfifo(folder / "pipe.py")
    with zipfile.ZipFile(folder / "more.zip", "w") as archive:
        archive.writestr("inside/other.py", "x = 1\n")
    large(folder, "large.py", MAX_BYTES + 1)
    large(folder, "large.ipynb", MAX_NOTEBOOK + 1)
    large(folder, "large.zip", MAX_ARCHIVE + 1)
    large(folder, "cells.py", MAX_NOTEBOOK + 1, b'{"cells": [{"cell_type": ""}]}')
    large(folder, "other.json", MAX_NOTEBOOK + 1, b'{"cells": [{"cell_type": ""}]}')
    files = KIT.manifest.files
    tree = walk(folder)
    packed: Tree = pickle.loads(pickle.dumps(carried(tree, files)))
    assert list(packed) == list(tree)
    assert all(isinstance(content, bytes | Refused) for content in packed.values())
    assert sum(len(content) for content in packed.values() if isinstance(content, bytes)) < 2 * MIB
    here, there = (texts(one, files, None, float("inf")) for one in (tree, packed))
    assert {path: str(text) for path, text in here.items()} == {path: str(text) for path, text in there.items()}
    assert list(here) == list(there)


def test_no_more_is_carried_than_that(tmp_path: Path) -> None:
    """What is too much is left out with a reason; the kit's own files come first."""
    for i in range(3):
        large(tmp_path, f"a{i}.zip", 30 * MIB)
    (tmp_path / "engine.py").write_text("x = 1\n")
    found = carried(walk(tmp_path), KIT.manifest.files)
    assert found[PurePosixPath("engine.py")] == b"x = 1\n"
    assert isinstance(found[PurePosixPath("a1.zip")], bytes)
    assert "more than 64 MiB" in str(found[PurePosixPath("a2.zip")])
    assert sum(len(content) for content in found.values() if isinstance(content, bytes)) <= MAX_CARRIED


class Code:
    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> Any:
        return os.mkdir, (str(self.mark),)


def test_plain_pickles(tmp_path: Path) -> None:
    """A pickle makes plain data, and nothing that it names, until that is over."""
    mark = tmp_path / "mark"
    code = pickle.dumps(Code(mark))
    with plain_pickles():
        with pytest.raises(TypeError):
            pickle.loads(code)
        with pytest.raises(TypeError):
            pickle._Unpickler(__import__("io").BytesIO(code)).load()  # which is written in Python
        assert not mark.exists()
        assert pickle.loads(pickle.dumps([1, "a", b"b", {"c": (None, bytes)}])) == [1, "a", b"b", {"c": (None, bytes)}]
        with plain_pickles():
            pass
        with pytest.raises(TypeError):
            pickle.loads(code)
    assert pickle.loads(pickle.dumps(Outcome.GRADED)) is Outcome.GRADED
    pickle.loads(code)
    assert mark.exists()
