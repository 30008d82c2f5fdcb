"""A learner's solution anywhere in any tree is graded, or there is a reason to look at it: it is never plainly lost."""

from __future__ import annotations

import os
from pathlib import PurePosixPath
from typing import Any

import pytest
from conftest import BONUS, MOST
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_intake import MANIFEST, SOLUTIONS, STUBS, notebook, tarred, without_imports, zipped

from grader.base.errors import SubmissionError
from grader.base.model import Submission
from grader.classes.review import reasons
from grader.grading.pipeline import grade
from grader.intake.submission import gather
from grader.intake.tree import Refused
from grader.intake.work import Work
from grader.kit import read_kit
from grader.kit.gaps import gaps
from grader.upkeep import edition

# What it prints of a failure is long.
pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")
MANY = int(os.environ.get("MG_GRADE_TREES", "250"))
MINE = {file: f"{text}\n# this is mine: {file}\n" for file, text in SOLUTIONS.items()}
EDITION = edition.make_notebook(read_kit(), MINE)
Files = dict[str, bytes]

# Names of folders and files, each with the encoding in which a tool may have written it.
NAMES = {
    "work": "utf-8", "my work": "utf-8", "Jürgen Größe_3": "cp437", "佐藤ソ_3": "cp932", "鈴木表": "cp932",
    "提出": "cp932", "李小龙 张伟": "gbk", "作业": "gbk", "Ünal": "utf-8", "работа": "utf-8", "עבודה": "utf-8",
    "a.b": "utf-8", "engine": "utf-8", "copy (2)": "utf-8", "solutions": "utf-8", "exercises": "utf-8",
    "-rf": "utf-8", "🐍": "utf-8",
}  # fmt: skip
OWN_NAMES = ("solution", "main", "my homework", "hw3", "micrograd", "作业", "1", "Untitled", "a-b", "test", "nn copy")
JUNK: Files = {
    "desktop.ini": b"\0", "__MACOSX/._engine.py": b"\0\5", ".DS_Store": b"\0", "README.md": b"# Task",
    "data.csv": b"1,2",
    "hello.py": b"print('hello')\n", "empty.py": b"", "setup.py": b"import setuptools\n", "task.pdf": b"%PDF",
    "conftest.py": b"import pytest\n", "test_mine.py": b"def test_add():\n    assert 1\n",
    "requirements.txt": b"numpy\n",
    "broken.ipynb": b"{", "empty.ipynb": notebook(""), "broken.zip": b"PK", "empty.zip": zipped({}), "old.7z": b"7z",
    "toy.py": b"class Value:\n    def __add__(self, other):\n        return 1\n", "letter.docx": b"PK",
    "nul.py": b"\0", ".ipynb_checkpoints/work.ipynb": b"{", "venv/engine.py": b"x = 1\n",
    "pictures.zip": zipped({"a.png": b"x"}),
}  # fmt: skip
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32")
NOTEBOOK_ENDS = (".ipynb", ".ipynb.json", ".ipynb.txt", ".IPYNB", ".json", ".py")
COPIES = (
    "{} (1).py",
    "{} copy.py",
    "{} - Copy.py",
    "{}_v2.py",
    "{}(2).py",
    "my_{}_final.py",
    "{}.py.txt",
    "{}.PY",
    "{}.txt",
    "{}.py (1)",
    "{}.pyw",
    "{}",
)


@st.composite
def notebooks(draw: st.DrawFn, *texts: str) -> bytes:
    """A notebook of these cells, in some encoding, with outputs that may be large."""
    data = notebook(*texts).decode()
    if draw(st.integers(0, 60)) == 0:
        outputs = '"outputs": [{"output_type": "stream", "name": "stdout", "text": ["%s"]}]' % ("x [\\n" * 1_800_000)
        data = data.replace('"outputs": []', outputs, 1)
    return data.encode(draw(st.sampled_from(ENCODINGS)))


def part_of(draw: st.DrawFn, file: str) -> str:
    """A file in which some gaps are still as they came."""
    lines = MINE[file].split("\n")
    for gap in reversed(gaps(MINE[file])):
        if draw(st.booleans()):
            indent = lines[gap.start - 1][: -len(lines[gap.start - 1].lstrip())]
            lines[gap.start : gap.end] = [f'{indent}raise NotImplementedError("{gap.exercise}")']
    return "\n".join(lines)


@st.composite
def work(draw: st.DrawFn) -> Files:
    """All of the solution, whole or in pieces, under names of all kinds."""
    shape = draw(
        st.sampled_from(("files", "files", "files", "one file", "one notebook", "edition", "halves", "marimo"))
    )
    own = draw(st.sampled_from(OWN_NAMES))
    if shape == "one file":
        name = f"{own}{draw(st.sampled_from(('.py', '.py.txt', '.PY')))}"
        return {name: "\n".join(map(without_imports, MINE.values())).encode()}
    if shape == "marimo":
        return {f"{own}.py": marimo([without_imports(text) for text in MINE.values()]).encode()}
    if shape == "edition":
        return {f"{own}{draw(st.sampled_from(NOTEBOOK_ENDS))}": EDITION.encode(draw(st.sampled_from(ENCODINGS)))}
    if shape == "one notebook":
        name = f"{own}{draw(st.sampled_from(NOTEBOOK_ENDS))}"
        return {name: draw(notebooks(*map(without_imports, MINE.values())))}
    files: Files = {}
    for file, text in MINE.items():
        stem = file.removesuffix(".py")
        form = draw(st.sampled_from(("named", "named", "copy", "own", "notebook", "folder")))
        name = {
            "named": file,
            "copy": draw(st.sampled_from(COPIES)).format(stem),
            "own": f"{draw(st.sampled_from(OWN_NAMES))} {stem[:3]}.py",
            "notebook": f"{stem}{draw(st.sampled_from(NOTEBOOK_ENDS))}",
            "folder": f"{stem}/{draw(st.sampled_from(OWN_NAMES))}.py",
        }[form]
        if form == "notebook":
            files[name] = draw(notebooks(text))
        elif shape == "halves" and form == "own" and stem in ("losses", "optim", "derivatives"):
            cut = text.index("\n\n\n", text.index(gap_of(text)))
            files |= {f"a {name}": text[:cut].encode(), f"b {name}": ("import math\n" + text[cut:]).encode()}
        else:
            files[name] = text.encode(draw(st.sampled_from(ENCODINGS[:5])))
    return files


def gap_of(text: str) -> str:
    """The mark of the first gap."""
    return text.split("\n")[gaps(text)[0].start - 1]


def marimo(cells: list[str]) -> str:
    """A marimo notebook, as it is saved."""
    lines = ["import marimo", "", '__generated_with = "0.21.1"', "app = marimo.App()", "", ""]
    for number, cell in enumerate(cells):
        is_short = number % 2
        lines += ["@app.cell", "def _():"] if is_short else ["@app.cell(hide_code=True)", "def _(\n    math,\n):"]
        lines += [f"    {line}" if line else "" for line in cell.splitlines()]
        lines += ["    return" if is_short else "    return (\n        Value,\n    )", "", ""]
    return "\n".join([*lines, 'if __name__ == "__main__":', "    app.run()", ""])


def in_archive(draw: st.DrawFn, files: Files) -> bytes:
    """The files in an archive of some kind, where the names may be in an encoding of the tool's own."""
    kind = draw(st.sampled_from(("zip", "raw zip", "w:", "w:gz", "w:bz2", "w:xz")))
    if kind == "zip":
        return zipped(dict(files))
    if kind == "raw zip":
        folder, encoding = draw(st.sampled_from(sorted(NAMES.items())))
        raw = folder.encode(encoding)
        stand_in = "q" * len(raw)
        return zipped({f"{stand_in}/{name}": data for name, data in files.items()}).replace(stand_in.encode(), raw)
    return tarred(dict(files), kind)


@st.composite
def trees(draw: st.DrawFn) -> Files:
    """What is handed in: all of the solution somewhere, among stubs, copies, parts and junk."""
    files = draw(work())
    for _ in range(draw(st.integers(0, 2))):
        files = {f"{draw(st.sampled_from(sorted(NAMES)))}/{name}": data for name, data in files.items()}
    for _ in range(draw(st.sampled_from((0, 0, 0, 1, 1, 2, 3, 4)))):
        name = draw(st.sampled_from(OWN_NAMES)) + draw(st.sampled_from((".zip", ".tar", ".tar.gz", ".ZIP")))
        files = {name: in_archive(draw, files)}
    others: Files = {}
    untouched = draw(st.sampled_from(("", "", "here", "folder", "archive")))
    stubs = {file: text.encode() for file, text in STUBS.items()}
    if untouched == "archive":
        others["exercises.zip"] = zipped(dict(stubs))
    elif untouched:
        others |= {f"{'exercises/' if untouched == 'folder' else ''}{file}": data for file, data in stubs.items()}
    for file in draw(st.lists(st.sampled_from(MANIFEST.files), max_size=3)):
        where = draw(st.sampled_from(("", "old/", "backup/", "zz/")))
        name = draw(st.sampled_from(("{}.py", *COPIES))).format(file.removesuffix(".py"))
        others[where + name] = part_of(draw, file).encode()
    for name in draw(st.lists(st.sampled_from(sorted(JUNK)), max_size=4, unique=True)):
        others[draw(st.sampled_from(("", "", "work/"))) + name] = JUNK[name]
    return {**others, **files}


def handed_in(files: Files) -> Submission | None:
    """What is read of it; None where it is refused."""
    tree: dict[PurePosixPath, Any] = {PurePosixPath(name): data for name, data in files.items()}
    try:
        return gather(tree, MANIFEST, "x", "x")
    except (SubmissionError, Refused):
        return None


def lost(submission: Submission) -> list[str]:
    """The kit's files for which something else than the learner's solution is graded, with nothing said of it."""
    known = Work(MANIFEST)
    found = []
    for file in MANIFEST.files:
        if any(file in note.data.get("files", "").split(", ") for note in submission.notes if note.kind.may_hold_work):
            continue
        # A file of the kit's name comes first, and where there is none, whatever defines the names.
        home = [source for source in submission.files if f"{source.module}.py" == file]
        done: set[str] = set()
        for source in home or submission.files:
            ids = known.of(source, file) - done
            is_mine = f"this is mine: {file}" in source.text or source.text.rstrip("\n") in MINE[file]
            if ids and not is_mine:
                break
            done |= ids
        if done != {exercise.id for exercise in MANIFEST.exercises if exercise.file == file}:
            found.append(file)
    return found


def check(files: Files) -> None:
    submission = handed_in(files)
    assert submission is None or lost(submission) == []


@settings(max_examples=120, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(trees())
def test_no_work_is_lost(files: Files) -> None:
    """In some trees all that the learner wrote is loaded, or there is a reason to look at it."""
    check(files)


@pytest.mark.world
@settings(max_examples=MANY, deadline=None, suppress_health_check=list(HealthCheck))
@given(trees())
def test_no_work_is_lost_in_many_trees(files: Files) -> None:
    """The same in many, and in others each time. MG_GRADE_TREES: how many."""
    check(files)


@settings(max_examples=6, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(trees())
def test_no_points_are_lost(files: Files) -> None:
    """What is graded has full marks, or a reason for review."""
    submission = handed_in(files)
    if submission is not None:
        report = grade(submission, read_kit())
        assert report.points + report.bonus_points == MOST + BONUS or reasons(report)
