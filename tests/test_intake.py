"""What a submission can be: folders, files, notebooks and archives, whole and broken."""

from __future__ import annotations

import io
import json
import math
import os
import re
import resource
import stat
import subprocess
import sys
import tarfile
import textwrap
import time
import tracemalloc
import warnings
import zipfile
from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import Any

import nbformat
import pytest
from conftest import BONUS, MOST, ROOT, Run, every
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.base.errors import SubmissionError
from grader.base.model import SourceFile, Submission
from grader.base.report import Status
from grader.grading.pipeline import grade
from grader.intake.opening import texts
from grader.intake.submission import gather, read_submission
from grader.intake.tree import Refused, walk
from grader.intake.work import Work
from grader.kit import NOTEBOOK, read_kit
from grader.kit.pieces import as_functions
from grader.sandbox.confine import choose
from grader.sandbox.inside.reading.archive import paths
from grader.sandbox.inside.reading.kinds import MAX_DEPTH, is_wanted
from grader.sandbox.inside.reading.left_out import MAX_MEMBERS, Budget, LeftOut
from grader.sandbox.inside.reading.notebook import code_cells
from grader.upkeep import edition, release

MANIFEST = read_kit().manifest
SOLUTIONS = {file: (ROOT / "solutions" / file).read_text(encoding="utf-8") for file in MANIFEST.files}
STUBS = {file: (ROOT / "exercises" / file).read_text(encoding="utf-8") for file in MANIFEST.files}
FULL = (MOST, BONUS)


def points(submission: Submission) -> tuple[float, float]:
    report = grade(submission, read_kit())
    assert not report.grader_faults
    return float(report.points), float(report.bonus_points)


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return out.getvalue()


def tarred(files: Mapping[str, str | bytes], mode: str = "w:gz") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:  # type: ignore[call-overload]  # a mode is a str
        for name, text in files.items():
            info = tarfile.TarInfo(name)
            data = text if isinstance(text, bytes) else text.encode()
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def notebook(*cells: str | tuple[str, str], **fields: Any) -> bytes:
    """A notebook of code cells; of a pair the second is the kit's file that its metadata name."""
    made: list[dict[str, Any]] = [
        {
            "cell_type": "code",
            "execution_count": None,
            "outputs": [],
            "metadata": {} if isinstance(cell, str) else {"mg_grade": {"file": cell[1]}},
            "source": cell if isinstance(cell, str) else cell[0],
        }
        for cell in cells
    ]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 4, **fields}).encode()


def without_imports(text: str) -> str:
    """A file of the kit as it would be in a notebook where all names are there already."""
    kits = tuple(f"from {file.removesuffix('.py')} import" for file in MANIFEST.files)
    return "\n".join(line for line in text.splitlines() if not line.startswith(kits))


ONE_NAMESPACE = notebook(*(without_imports(text) for text in SOLUTIONS.values()))
# Outputs before the first cell's text, as notebooks have them.
LARGE_NOTEBOOK = ONE_NAMESPACE.replace(b'"outputs": []', b'"outputs": ["%s"]' % (b"x [\\n" * 1_800_000), 1)
IN_ONE_FILE = "\n".join(without_imports(text) for text in SOLUTIONS.values())
ENGINE = SOLUTIONS["engine.py"]
HALVES = [ENGINE[: ENGINE.index("    def __mul__")], ENGINE[ENGINE.index("    def __mul__") :]]
EDITION = edition.make_notebook(read_kit(), SOLUTIONS)

MARIMO = f"""import marimo

app = marimo.App()

with app.setup:
    import math


@app.cell
def _(
    mo,
):
{textwrap.indent(IN_ONE_FILE, "    ")}
    return (
        Value,
    )


@app.function
def mine():
    return 1


@app.cell
def _():
    )
    return


if __name__ == "__main__":
    app.run()
"""


def _cut_in_two() -> list[str]:
    """The solutions in one file, cut in the middle of the losses."""
    cut = IN_ONE_FILE.index("def softmax")
    return [IN_ONE_FILE[:cut], "import math\nfrom engine import Value\n" + IN_ONE_FILE[cut:]]


RIGHT: dict[str, Callable[[], dict[str, str | bytes]]] = {
    "zip": lambda: {"work.zip": zipped(dict(SOLUTIONS))},
    "a folder in a zip, made on a Mac": lambda: {
        "work.zip": zipped(
            {f"my work/{f}": t for f, t in SOLUTIONS.items()}
            | {f"__MACOSX/my work/._{f}": b"\0\5\x16\7" for f in SOLUTIONS}
            | {"my work/.DS_Store": b"\0"}
        )
    },
    "a zip made on Windows": lambda: {"work.zip": zipped({f"work\\{f}": t for f, t in SOLUTIONS.items()})},
    "tar": lambda: {"work.tar": tarred(SOLUTIONS, "w:")},
    "tar.gz": lambda: {"work.tar.gz": tarred(SOLUTIONS)},
    "tgz by another name": lambda: {"work.zip": tarred(SOLUTIONS)},
    "tar.xz": lambda: {"work.tar.xz": tarred(SOLUTIONS, "w:xz")},
    "a zip in a folder": lambda: {"for you/work.zip": zipped(dict(SOLUTIONS)), "letter.pdf": b"%PDF"},
    "a zip in a zip": lambda: {"a.zip": zipped({"b.zip": zipped(dict(SOLUTIONS))})},
    "a notebook": lambda: {"work.ipynb": ONE_NAMESPACE},
    "the kit's notebook": lambda: {"micrograd.ipynb": EDITION},
    "a notebook in a zip": lambda: {"work.zip": zipped({"a/work.ipynb": ONE_NAMESPACE})},
    "files of a notebook's own": lambda: {
        "work.ipynb": notebook(*(f"%%writefile {file}\n{text}" for file, text in SOLUTIONS.items()))
    },
    "names with additions": lambda: {
        f"{n} {file.removesuffix('.py').title()}_final (1).py": text for n, (file, text) in enumerate(SOLUTIONS.items())
    },
    "saved as text": lambda: {f"{file}.txt": text for file, text in SOLUTIONS.items()},
    "filled notebook, untouched files": lambda: {**STUBS, "micrograd.ipynb": EDITION},
    "filled files, untouched notebook": lambda: {**SOLUTIONS, "micrograd.ipynb": release.stubs(read_kit())[NOTEBOOK]},
    "a file of an own name, untouched files": lambda: {**STUBS, "solution.py": IN_ONE_FILE},
    "a notebook of an own name, untouched files": lambda: {**STUBS, "my_solution.ipynb": ONE_NAMESPACE},
    "two chapters in one file, the others in their own": lambda: {
        **SOLUTIONS,
        **{file: STUBS[file] for file in ("engine.py", "nn.py")},
        "my work.py": SOLUTIONS["engine.py"] + without_imports(SOLUTIONS["nn.py"]),
    },
    "a copy that a browser made": lambda: {**SOLUTIONS, "engine.py": STUBS["engine.py"], "engine (1).py": ENGINE},
    "a second version": lambda: {**SOLUTIONS, "engine.py": STUBS["engine.py"], "engine_v2.py": ENGINE},
    "copies, one of them untouched": lambda: {
        **{file: text for file, text in SOLUTIONS.items() if file != "engine.py"},
        "engine copy 2.py": STUBS["engine.py"],
        "engine copy.py": ENGINE,
    },
    "magics in files": lambda: {
        f: f"# %%\n!pip install \\\n    numpy \\\n    torch\n%matplotlib inline\npip install numpy\nValue?\n{t}"
        for f, t in SOLUTIONS.items()
    },
    "magics over several lines": lambda: {
        "work.ipynb": notebook(
            "!pip install \\\n  torch \\\n  numpy\n" + ENGINE,
            "%timeit sum([\n  1,\n  2,\n])\nconda install -y graphviz\n"
            + "\n".join(without_imports(text) for text in SOLUTIONS.values()),
        )
    },
    "a file that is written in parts": lambda: {
        "work.ipynb": notebook(
            *(f"%%writefile {file}\n{text}" for file, text in SOLUTIONS.items() if file != "engine.py"),
            f"%%writefile engine.py\n{HALVES[0]}",
            f"%%writefile -a engine.py\n{HALVES[1]}",
        )
    },
    "a notebook of bare cells": lambda: {
        "work.ipynb": json.dumps(
            {
                "cells": [{"cell_type": "code", "source": IN_ONE_FILE}],
                "nbformat": 4,
                "nbformat_minor": 4,
                "metadata": {},
            }
        )
    },
    "a marimo notebook": lambda: {"work.py": MARIMO},
    "a folder called as an archive": lambda: {
        "work.zip": zipped({**SOLUTIONS, "engine.py": STUBS["engine.py"]}),
        "work/engine.py": ENGINE,
    },
    "a folder for each chapter, and one name": lambda: {
        f"{file.removesuffix('.py')}/solution.py": text for file, text in SOLUTIONS.items()
    },
    "a chapter in two files": lambda: {**STUBS, **{f"{n}.py": text for n, text in enumerate(_cut_in_two())}},
    "a chapter in another's file": lambda: {
        **SOLUTIONS,
        "engine.py": STUBS["engine.py"],
        "nn.py": ENGINE + without_imports(SOLUTIONS["nn.py"]),
    },
    "UTF-16 without a mark": lambda: {file: text.encode("utf-16-le") for file, text in SOLUTIONS.items()},
    "an encoding that is declared": lambda: {
        file: f'# coding: cp932\nx = "表"\n{text}'.encode("cp932") for file, text in SOLUTIONS.items()
    },
    "a notebook saved as JSON": lambda: {"work.ipynb.json": ONE_NAMESPACE},
    "a notebook saved as text, untouched files": lambda: {**STUBS, "work.ipynb.txt": ONE_NAMESPACE},
    "a notebook in UTF-16": lambda: {"work.ipynb": ONE_NAMESPACE.decode().encode("utf-16")},
    "a notebook in UTF-16 without a mark": lambda: {"work.ipynb": ONE_NAMESPACE.decode().encode("utf-16-le")},
    "a notebook with a mark": lambda: {"work.ipynb": b"\xef\xbb\xbf" + ONE_NAMESPACE},
    "UTF-16 and CRLF": lambda: {file: text.replace("\n", "\r\n").encode("utf-16") for file, text in SOLUTIONS.items()},
    **{
        f"{name} beside an untouched file": lambda name=name: {  # type: ignore[misc]  # a default keeps the name
            **SOLUTIONS,
            "engine.py": STUBS["engine.py"],
            name: ENGINE,
        }
        for name in ("engine.txt", "engine.pyw", "engine.py.bak", "engine.py (1)", "engine", "Copy of engine.PY_")
    },
    "all saved as .txt by Notepad": lambda: {
        file.replace(".py", ".txt"): ("\ufeff" + text).replace("\n", "\r\n").encode("utf-16-le")
        for file, text in SOLUTIONS.items()
    },
    ".txt in a zip": lambda: {"w.zip": zipped({**STUBS, "my work.txt": IN_ONE_FILE})},
    "a notebook called .py, untouched files": lambda: {**STUBS, "work.py": ONE_NAMESPACE},
    "a notebook called .json in a zip": lambda: {"w.zip": zipped({**STUBS, "work.json": ONE_NAMESPACE})},
    "a large notebook called .json": lambda: {**STUBS, "work.json": LARGE_NOTEBOOK},
    "a large notebook called .py": lambda: {"work.py": LARGE_NOTEBOOK},
    "a large notebook called .json in a zip": lambda: {"w.zip": zipped({"work.json": LARGE_NOTEBOOK})},
    "a large notebook called .py in a tar": lambda: {"w.tgz": tarred({"work.py": LARGE_NOTEBOOK})},
    "a large notebook without an ending in a zip": lambda: {"w.zip": zipped({**STUBS, "work": LARGE_NOTEBOOK})},
    "a file called .ipynb": lambda: {"work.ipynb": IN_ONE_FILE},
    "a folder called as an environment": lambda: {**STUBS, **{f"env/{f}": t for f, t in SOLUTIONS.items()}},
    "a script that nbconvert made": lambda: {
        "work.py": "get_ipython().run_line_magic('matplotlib', 'inline')\n"
        + "".join(f"get_ipython().run_cell_magic('time', '', {without_imports(t)!r})\n\n" for t in SOLUTIONS.values())
    },
    "a script that nbconvert made of files": lambda: {
        **STUBS,
        "work.py": "".join(
            f"# In[1]:\n\n\nget_ipython().run_cell_magic('writefile', {f!r}, {t!r})\n" for f, t in SOLUTIONS.items()
        ),
    },
    "an archive that was loaded twice": lambda: {**STUBS, "work.tar(1).gz": tarred(SOLUTIONS)},
    "an archive with an ending": lambda: {**STUBS, "work.zip.download": zipped(dict(SOLUTIONS))},
    "a package that a platform has flattened": lambda: {
        file: re.sub(r"(?m)^from (engine|nn|losses|optim) import", r"from hw3.\1 import", text)
        for file, text in SOLUTIONS.items()
    },
    "all that a package holds": lambda: {
        f"micrograd/{f}": t.replace("from engine import Value", "from micrograd import *") for f, t in SOLUTIONS.items()
    },
    "latin-1": lambda: {file: ("# gr\xfc\xdfe\n" + text).encode("latin-1") for file, text in SOLUTIONS.items()},
}


@pytest.mark.parametrize("name", every(2, RIGHT))
def test_right_work_in_any_wrapping(name: str, tmp_path: Path) -> None:
    """However the solutions are handed in, they get full marks."""
    folder = tmp_path / "handed in"
    for path, content in RIGHT[name]().items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content if isinstance(content, bytes) else content.encode())
    files = list(folder.iterdir())
    assert points(read_submission(folder, MANIFEST)) == FULL
    if len(files) == 1 and files[0].is_file():  # and the file by itself
        assert points(read_submission(files[0], MANIFEST)) == FULL


def test_platforms_drop_metadata() -> None:
    """Where the metadata of the kit's notebook are gone, its marker lines tell the files apart."""
    data = json.loads(EDITION)
    for cell in data["cells"]:
        cell["metadata"] = {}
    submission = gather({PurePosixPath("work.ipynb"): json.dumps(data).encode()}, MANIFEST, "x", "x")
    assert [file.module for file in submission.files] == [file.removesuffix(".py") for file in MANIFEST.files]
    assert points(submission) == FULL


def test_the_notebook_edition_is_a_notebook() -> None:
    """exercises/micrograd.ipynb is valid, says nothing that the solutions alone say, and scores nothing."""
    path = ROOT / "exercises" / NOTEBOOK
    nbformat.validate(nbformat.read(path, 4))  # type: ignore[no-untyped-call]  # it has no types
    report = grade(read_submission(path, MANIFEST), read_kit())
    assert {result.status for result in report.results} == {Status.NOT_STARTED}
    assert report.notes == ()


def test_the_notebook_edition_runs_in_one_namespace() -> None:
    """Its cells, filled in, run from top to bottom as in a kernel."""
    namespace: dict[str, Any] = {}
    for cell in json.loads(EDITION)["cells"]:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), namespace)
    assert {"Value", "MLP", "train_classifier", "trace"} <= set(namespace)


def test_what_is_given_stands_above_the_exercise() -> None:
    """Imports, tools and the class that is taken apart belong to the text: an exercise begins with what has a gap."""
    cells = json.loads((ROOT / "exercises" / NOTEBOOK).read_text(encoding="utf-8"))["cells"]
    after = [next_ for cell, next_ in pairwise(cells) if cell["id"].endswith("-exercise")]
    has_gap_or_check = re.compile(r"NotImplementedError|mg_check")
    assert len(after) == len(MANIFEST.exercises)
    assert [cell["id"] for cell in after if not has_gap_or_check.search("".join(cell["source"]))] == []


def test_magics_and_broken_cells() -> None:
    """Magics, shell lines and questions are set aside; a broken cell is named by its number and costs its own only."""
    engine = SOLUTIONS["engine.py"]
    add = engine.replace("other.grad += out.grad", "other.grad += out.grad").partition("    # The rest needs no slopes")
    assert add[2]
    cells = (
        "%matplotlib inline\n!pip install micrograd\nfiles = !ls\nimport math",
        "%%bash\nrm -rf /",
        "%%time\n" + engine,
        "Value?",
        "def cross_entropy(:\n    pass",
        "%%html\n<b>",
        without_imports(SOLUTIONS["nn.py"]),
        "x = (7\n  % 3)\nassert x == 1",
    )
    report = grade(gather({PurePosixPath("w.ipynb"): notebook(*cells)}, MANIFEST, "x", "x"), read_kit())
    full = {r.file for r in report.results if r.status is Status.PASSED}
    assert full == {"engine.py", "nn.py", "graph.py"} - {"graph.py"}
    (said,) = report.notes
    assert str(said).startswith("w.ipynb cell 5:1 cannot be read as Python")


def test_a_mistake_in_a_notebook_has_its_cell() -> None:
    """A line of a notebook is shown with the number of its cell."""
    wrong = SOLUTIONS["engine.py"].replace("other.grad += self.data * out.grad", "othr.grad += self.data * out.grad")
    data = notebook("import math", "y = 1\n" + wrong)
    result = next(
        r
        for r in grade(gather({PurePosixPath("w.ipynb"): data}, MANIFEST, "x", "x"), read_kit()).results
        if r.id == "mul"
    )
    line = ("y = 1\n" + wrong).split("\n").index("            othr.grad += self.data * out.grad") + 1
    finding = next(test.finding for test in result.tests if test.finding)
    assert str(finding.place) == f"w.ipynb cell 2:{line}"


def test_a_broken_cell_of_the_edition_costs_its_file_only() -> None:
    """In the kit's notebook a cell that cannot be read costs what it defines, and no other chapter."""
    data = json.loads(EDITION)
    cell = next(c for c in data["cells"] if "def softmax" in "".join(c["source"]))
    cell["source"] = "".join(cell["source"]).replace("def softmax(logits):", "def softmax(logits:")
    report = grade(gather({PurePosixPath("w.ipynb"): json.dumps(data).encode()}, MANIFEST, "x", "x"), read_kit())
    assert {r.id for r in report.results if r.status is not Status.PASSED} == {"softmax"}


def test_an_old_notebook() -> None:
    """Notebooks of format 3 are read as well."""
    cell = {
        "cell_type": "code",
        "language": "python",
        "outputs": [],
        "input": "def forward_difference(f, x, h): return 7",
    }
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [{"cells": [cell]}]}
    (read,) = code_cells(json.dumps(old).encode())
    assert read == ("def forward_difference(f, x, h): return 7", "")


def _link_in_zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo("engine.py")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    return out.getvalue()


def _link_in_tar() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE):
            info = tarfile.TarInfo("engine.py")
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
    return out.getvalue()


def _zip_by(method: int, name: str = "engine.py") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr(name, "x = 1\n" * 10_000)
    return out.getvalue()


def _encrypted(name: str = "engine.py") -> bytes:
    data = bytearray(zipped({name: "x = 1\n"}))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    return bytes(data)


def _sparse_tar() -> bytes:
    info = tarfile.TarInfo("engine.py")
    info.size = 2**40
    return info.tobuf() + b"\0" * 1024


def _pax_bomb() -> bytes:
    info = tarfile.TarInfo("x")
    info.type, info.size = tarfile.XHDTYPE, 2**33 - 1
    import gzip

    return gzip.compress(info.tobuf(tarfile.USTAR_FORMAT) + b"\0" * (100 * 1024 * 1024), 9)


BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing at all": (lambda: b"", "no zip or tar"),
    "no archive": (lambda: b"Rar!\x1a\x07\x00" + b"x" * 100, "no zip or tar"),
    "cut off": (lambda: zipped(dict(SOLUTIONS))[:-40], "no zip or tar"),
    "tar.gz cut off": (lambda: tarred(SOLUTIONS)[:2000], "no zip or tar"),
    "encrypted": (_encrypted, "encrypted"),
    "encrypted, by a name that says nothing": (lambda: _encrypted("engine.txt"), "encrypted"),
    "lzma in a zip": (lambda: _zip_by(zipfile.ZIP_LZMA), "not read here"),
    "lzma, by a name that says nothing": (lambda: _zip_by(zipfile.ZIP_LZMA, "engine"), "not read here"),
    "bzip2 in a zip": (lambda: _zip_by(zipfile.ZIP_BZIP2), "not read here"),
    "a bomb": (lambda: zipped({"engine.py": b"\0" * (80 * 1024 * 1024)}), "enormous"),
    "a bomb of many": (lambda: zipped({f"a{i}.py": os.urandom(300) * 3400 for i in range(70)}), "64 MiB"),
    "too many": (lambda: zipped({f"a{i}.txt": "" for i in range(MAX_MEMBERS + 1)}), "too many"),
    "a bomb of tar": (lambda: tarred({"engine.py": "\0" * (80 * 1024 * 1024)}), "64 MiB"),
    "a tar that says it is huge": (_sparse_tar, "64 MiB"),
    "a tar with a huge header": (_pax_bomb, "64 MiB"),
    "only links in a zip": (_link_in_zip, "no Python"),
    "only links in a tar": (_link_in_tar, "no Python"),
    "only paths that lead out": (
        lambda: zipped({"../engine.py": "x = 1", "a/../../nn.py": "x = 1", "..\\optim.py": "x = 1"}),
        "no Python",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_archives_that_are_refused(name: str, tmp_path: Path, mg_grade: Run) -> None:
    """What cannot be read, or would fill a disk, is refused with a reason, in a line and without a trace."""
    make, words = BAD[name]
    path = tmp_path / "work.zip"
    path.write_bytes(make())
    done = mg_grade(path, cwd=tmp_path)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["work.zip"]


def test_absolute_paths_stay_inside(tmp_path: Path) -> None:
    """A member with an absolute path is read as one below the top, and nothing is written anywhere."""
    target = tmp_path / "engine.py"
    found = list(paths(io.BytesIO(zipped({str(target): SOLUTIONS["engine.py"], "C:\\nn.py": "x = 1"})), Budget()))
    assert found
    assert not any(path.is_absolute() for path in found)
    assert not target.exists()


def test_a_deep_path_is_short() -> None:
    """Hundreds of folders in a name are as many objects: what is too deep keeps its beginning and its name."""
    deep = "a/" * 400
    found = list(paths(io.BytesIO(zipped({f"x/{deep}notes.txt": "", f"y/{deep}engine.py": ""})), Budget()))
    assert [(path.parts[0], len(path.parts), path.name) for path in found] == [
        ("x", MAX_DEPTH + 2, "notes.txt"),
        ("y", MAX_DEPTH + 2, "engine.py"),
    ]
    submission = gather(
        {PurePosixPath("w.zip"): zipped({"engine.py": "x = 1", f"y/{deep}nn.py": ""})}, MANIFEST, "", ""
    )
    assert "nn.py was left out" in str(submission.notes[0])


def test_many_archives_are_opened_one_after_the_other(tmp_path: Path) -> None:
    """A folder of archives takes no more open files than one of them."""
    for number in range(60):
        (tmp_path / f"w{number:02}.zip").write_bytes(zipped({"engine.py": f"x = {number}"}))
    level, before = choose().level, resource.getrlimit(resource.RLIMIT_NOFILE)
    free = {*range(1_000)} - {int(path.name) for path in Path("/proc/self/fd").iterdir()}
    resource.setrlimit(resource.RLIMIT_NOFILE, (sorted(free)[30], before[1]))
    try:
        found = texts(walk(tmp_path), (), level, math.inf)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
    assert sorted(map(str, found.values())) == sorted(f"x = {number}" for number in range(60))


def test_nothing_is_kept_of_an_archive_that_ends_too_early() -> None:
    """Whatever was read before it stays, and what comes after it is read."""
    broken = tarred({"nn.py": SOLUTIONS["nn.py"], "data.bin": os.urandom(9_000)})[:-4_000]
    files = {
        "a.zip": zipped({"engine.py": SOLUTIONS["engine.py"]}),
        "b.tar.gz": broken,
        "c.zip": zipped({"losses.py": SOLUTIONS["losses.py"]}),
    }
    submission = gather({PurePosixPath(name): data for name, data in files.items()}, MANIFEST, "", "")
    assert sorted(file.module for file in submission.files) == ["engine", "losses"]
    assert "b.tar.gz was left out" in " ".join(map(str, submission.notes))


@pytest.mark.parametrize("names", [("nn copy tra.py", "nn copy.py"), ("nn.py", "nn_v2.py"), ("nn copy.py", "nn.ipynb")])
def test_a_name_that_is_anothers(names: tuple[str, str]) -> None:
    """A file counts for what is in it, and others import what it holds by that name, whatever it is called."""
    train, nn = names
    tree: dict[PurePosixPath, Any] = {
        PurePosixPath(file): SOLUTIONS[file].encode() for file in MANIFEST.files if file not in ("nn.py", "train.py")
    }
    tree[PurePosixPath(train)] = SOLUTIONS["train.py"].encode()
    text = SOLUTIONS["nn.py"]
    tree[PurePosixPath(nn)] = notebook(text) if nn.endswith(".ipynb") else text.encode()
    submission = gather(tree, MANIFEST, "x", "x")
    known = {file.module: file.text for file in (*submission.files, *submission.others)}
    assert "class Neuron" in known["nn"] or known["nn"] == "from nn_v2 import *\n"
    assert points(submission) == FULL


def test_many_versions_are_compared_fast() -> None:
    """Each of them is looked at once, however many others it is held against."""
    text = re.sub(r"raise NotImplementedError\(.*\)", "pass", "".join(STUBS.values())) + "a\n" * 10_000
    files = {PurePosixPath(f"v{i}.py"): f"{text}# {i}\n".encode() for i in range(40)}
    begin = time.process_time()
    gather(files, MANIFEST, "", "")
    assert time.process_time() - begin < 1.2


# Twenty thousand archives and notebooks that nobody would make.

NAMES = st.sampled_from(
    ["engine.py", "nn.py", "../engine.py", "/etc/engine.py", "a\\..\\nn.py", "w.ipynb", "a/b/c/d/e/f/g/h/i/engine.py"]
) | st.text(max_size=20)
TEXTS = st.binary(max_size=60) | st.sampled_from([ONE_NAMESPACE[:2000], b"x = 1\n", b"\xff\xfe\0"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
CELLS = st.fixed_dictionaries(
    {},
    optional={
        "cell_type": st.sampled_from(["code", "markdown"]) | JSON,
        "source": st.text(max_size=30) | st.lists(st.text(max_size=9)) | JSON,
        "metadata": JSON | st.fixed_dictionaries({"mg_grade": JSON | st.fixed_dictionaries({"file": JSON | NAMES})}),
        "outputs": JSON,
        "input": JSON,
    },
)
NOTEBOOKS = st.fixed_dictionaries(
    {},
    optional={
        "cells": st.lists(CELLS, max_size=4) | JSON,
        "nbformat": st.sampled_from([1, 2, 3, 4, 4, 4, 4, 5]) | JSON,
        "nbformat_minor": st.integers(0, 6) | JSON,
        "metadata": JSON,
        "worksheets": st.lists(st.fixed_dictionaries({"cells": st.lists(CELLS, max_size=3)}), max_size=2) | JSON,
    },
)


def many(number: int, **strategies: Any) -> Callable[[Callable[..., None]], Any]:
    """Try a hundred examples, and as many as this where there is time."""

    def tried(check: Callable[..., None]) -> Any:
        @pytest.mark.parametrize("number", [100, pytest.param(number, marks=pytest.mark.world)])
        def test(number: int) -> None:
            settings(max_examples=number, deadline=None)(given(**strategies)(check))()

        test.__doc__ = check.__doc__
        return test

    return tried


def _gathered(name: str, data: bytes) -> None:
    """Read one file as a submission: it is one, or is refused, and nothing else can happen."""
    try:
        submission = gather({PurePosixPath(name): data}, MANIFEST, "x", "x")
    except (SubmissionError, Refused):
        return
    assert submission.files
    for file in (*submission.files, *submission.others):
        assert file.path.isprintable()
        assert ".." not in PurePosixPath(file.path).parts
        assert not PurePosixPath(file.path).is_absolute()


@many(
    3_000,
    files=st.dictionaries(NAMES, TEXTS, max_size=4),
    damage=st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 255)), max_size=3),
    cut=st.none() | st.integers(0, 2000),
)
def test_any_zip(files: dict[str, bytes], damage: list[tuple[int, int]], cut: int | None) -> None:
    """A zip of anything, whole or damaged, is read or refused."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            with warnings.catch_warnings(action="ignore"):  # two members of one name are what is wanted here
                archive.writestr(zipfile.ZipInfo(name.encode("utf-8", "replace").decode() or "x"), text)
    _gathered("w.zip", _damaged(out.getvalue(), damage, cut))


@many(
    2_500,
    files=st.dictionaries(NAMES, TEXTS, max_size=4),
    damage=st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 255)), max_size=3),
    cut=st.none() | st.integers(0, 2000),
    mode=st.sampled_from(["w", "w:gz", "w:bz2", "w:xz"]),
)
def test_any_tar(files: dict[str, bytes], damage: list[tuple[int, int]], cut: int | None, mode: str) -> None:
    """A tar of anything, whole or damaged, is read or refused."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:  # type: ignore[call-overload]  # a mode is a str
        for name, text in files.items():
            info = tarfile.TarInfo(name.encode("utf-8", "replace").decode())
            info.size = len(text)
            archive.addfile(info, io.BytesIO(text))
    _gathered("w.tar", _damaged(out.getvalue(), damage, cut))


@many(1_500, content=NOTEBOOKS | JSON)
def test_any_notebook(content: Any) -> None:
    """A notebook of any JSON at all is read or refused."""
    _gathered("w.ipynb", json.dumps(content).encode())


def _damaged(data: bytes, damage: list[tuple[int, int]], cut: int | None) -> bytes:
    spoilt = bytearray(data)
    for position, value in damage:
        if spoilt:
            spoilt[position % len(spoilt)] = value
    return bytes(spoilt[:cut])


def test_deeply_nested_json() -> None:
    """JSON that is nested beyond all reason is refused like any other that is no notebook."""
    for data in (b"[" * 200_000, b'{"cells":' * 50_000, b'{"nbformat": 4, "cells": ' + b"[" * 100_000):
        with pytest.raises(LeftOut):
            code_cells(data)


def test_reading_a_notebook_says_nothing(tmp_path: Path) -> None:
    """What a library has to say of an invalid notebook is said to nobody."""
    path = tmp_path / "w.ipynb"
    path.write_bytes(notebook("x = 1", nbformat_minor=99, strange=[1]))
    done = subprocess.run(
        [sys.executable, "-m", "grader", str(path), "-q"], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.stderr == ""


def test_a_notebook_that_runs_another() -> None:
    """%run of another notebook makes its names available, and copies of a class work as one."""
    parts = {
        PurePosixPath("Part1.ipynb"): notebook(SOLUTIONS["engine.py"]),
        PurePosixPath("Part2.ipynb"): notebook("%run Part1.ipynb", without_imports(SOLUTIONS["nn.py"])),
    }
    passed = {r.file for r in grade(gather(parts, MANIFEST, "x", "x"), read_kit()).results if r.status is Status.PASSED}
    assert passed == {"engine.py", "nn.py"}
    copies = {
        PurePosixPath("engine.py"): SOLUTIONS["engine.py"].encode(),
        PurePosixPath("nn.py"): (SOLUTIONS["engine.py"] + without_imports(SOLUTIONS["nn.py"])).encode(),
    }
    passed = {
        r.file for r in grade(gather(copies, MANIFEST, "x", "x"), read_kit()).results if r.status is Status.PASSED
    }
    assert passed == {"engine.py", "nn.py"}


def test_an_archive_beside_other_files() -> None:
    """What an archive holds counts as well where it is handed in beside other files."""
    first, *others = SOLUTIONS
    rest = zipped({file: SOLUTIONS[file] for file in others})
    tree: dict[PurePosixPath, bytes] = {
        PurePosixPath(first): SOLUTIONS[first].encode(),
        PurePosixPath("rest.zip"): rest,
    }
    assert points(gather(dict(tree), MANIFEST, "x", "x")) == FULL


def test_what_is_taken_is_said() -> None:
    """Of several files beside an untouched one the one in which most is filled in is taken, and a note names it."""
    half = ENGINE.replace("self.grad += out.grad", 'raise NotImplementedError("add")', 1)
    assert half != ENGINE
    tree: dict[PurePosixPath, Any] = {PurePosixPath(file): text.encode() for file, text in SOLUTIONS.items()}
    tree[PurePosixPath("engine.py")] = STUBS["engine.py"].encode()
    tree[PurePosixPath("engine (1).py")] = half.encode()
    tree[PurePosixPath("engine (2).py")] = ENGINE.encode()
    submission = gather(tree, MANIFEST, "x", "x")
    assert [str(note) for note in submission.notes] == ["engine (2).py was taken for engine.py."]
    assert points(submission) == FULL


def test_a_notebook_with_large_outputs(tmp_path: Path) -> None:
    """Large pictures and prints are dropped while a notebook is read, and take no memory of the grader."""
    data = json.loads(ONE_NAMESPACE)
    picture = {"output_type": "display_data", "metadata": {}, "data": {"image/png": "A" * 10_000_000}}
    lines = {"output_type": "stream", "name": "stdout", "text": ['step ] "é" \U0001f40d\\\n'] * 150_000}
    data["cells"][2]["outputs"] = [picture, lines]
    path = tmp_path / "w.ipynb"
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    assert path.stat().st_size > 12 * 1024 * 1024
    tracemalloc.start()
    try:
        (read,) = read_submission(path, MANIFEST).files
        assert tracemalloc.get_traced_memory()[1] < 4 * 1024 * 1024
    finally:
        tracemalloc.stop()
    assert read.text.split() == IN_ONE_FILE.split()


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_copy_of_the_repository(end: str) -> None:
    """The kit's own solutions, in whatever line ends, are nobody's work: exercises/ beside them is graded."""
    tree: dict[PurePosixPath, Any] = {
        PurePosixPath("fork/tests/samples/engine.py"): ENGINE.replace("self.data", "self.data + 0").encode()
    }
    for file in MANIFEST.files:
        tree[PurePosixPath("fork/exercises", file)] = (ENGINE if file == "engine.py" else STUBS[file]).encode()
        tree[PurePosixPath("fork/solutions", file)] = SOLUTIONS[file].replace("\n", end).encode()
    submission = gather(dict(tree), MANIFEST, "x", "x")
    assert {file.path for file in submission.files} == {f"fork/exercises/{file}" for file in MANIFEST.files}
    tree[PurePosixPath("fork/solutions/nn.py")] += b"# mine\n"
    assert "fork/solutions/nn.py" in {file.path for file in gather(dict(tree), MANIFEST, "x", "x").files}


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("Jürgen Müller", "utf-8"),
        ("Jürgen Größe_3", "cp437"),
        ("José_3", "cp437"),
        ("佐藤ソ_3", "cp932"),
        ("鈴木表", "cp932"),
        ("李小龙 张伟", "gbk"),
    ],
)
def test_names_in_a_zip_that_does_not_say_their_encoding(name: str, encoding: str) -> None:
    """A name is what its bytes most likely are, and no second byte of a character splits it."""
    raw = name.encode(encoding)
    data = zipped({"x" * len(raw) + "/engine.py": "x = 1"}).replace(b"x" * len(raw), raw)
    assert list(paths(io.BytesIO(data), Budget())) == [PurePosixPath(name, "engine.py")]


POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12345\n"
LEFT_OUT = {
    "work.7z": (b"7z", "not read"),
    "work.docx": (b"PK", "not read"),
    "work.ipynb": (b"<<<<<<< HEAD\n" + ONE_NAMESPACE, "a merge conflict"),
    "other.ipynb": (POINTER, "a Git LFS pointer, not the file"),
    "work.zip": (b"no zip", "no zip"),
    "solution.py": (POINTER, "a Git LFS pointer, not the file"),
    "work.md": (f"# Mine\n\n```python\n{IN_ONE_FILE}\n```\n".encode(), "not read"),
    "work.jar": (b"PK", "not read"),
    "engine.py.gz": (b"\x1f\x8b", "not read"),
    "cell.ipynb": (
        ONE_NAMESPACE.replace(b'"cell_type": "code"', b'"cell_type": "raw"'),
        "cell of text that defines something",
    ),
    "other/engine.py": (b"\n", "nothing in it"),
    "work": (zipped(dict(SOLUTIONS)), "not read"),
}


@pytest.mark.parametrize("name", LEFT_OUT)
def test_what_was_left_out_is_no_zero(name: str) -> None:
    """Beside untouched files it is refused with the reason; beside work a note says it."""
    data, words = LEFT_OUT[name]
    tree: dict[PurePosixPath, Any] = {PurePosixPath(file): text.encode() for file, text in STUBS.items()}
    tree[PurePosixPath(name)] = data
    with pytest.raises(SubmissionError, match=words):
        gather(dict(tree), MANIFEST, "x", "x")
    tree[PurePosixPath("engine.py")] = ENGINE.encode()
    notes = [str(note) for note in gather(dict(tree), MANIFEST, "x", "x").notes]
    if name not in ("solution.py", "work.md"):
        assert any(name in note and words in note for note in notes)


@pytest.mark.parametrize("name", ["work.pdf", "work.html", "Colab.url", "engine.py.lnk", "mail.eml", "engine.pyc"])
def test_what_is_about_the_task_is_no_zero(name: str) -> None:
    """It is refused where nothing else was begun, and no reason for anything where something was."""
    tree: dict[PurePosixPath, Any] = {PurePosixPath(file): text.encode() for file, text in STUBS.items()}
    tree |= {PurePosixPath(name): b"<p>", PurePosixPath("README.html"): b"<p>", PurePosixPath("data.csv"): b"1"}
    with pytest.raises(SubmissionError, match="not read"):
        gather(dict(tree), MANIFEST, "x", "x")
    tree[PurePosixPath("engine.py")] = ENGINE.encode()
    assert gather(dict(tree), MANIFEST, "x", "x").notes == ()
    del tree[PurePosixPath(name)]
    tree[PurePosixPath("engine.py")] = STUBS["engine.py"].encode()
    assert len(gather(dict(tree), MANIFEST, "x", "x").files) == len(STUBS)


def test_an_engine_under_another_name() -> None:
    """A class that is not called Value is taken for it, and that is said."""
    submission = gather({PurePosixPath("engine.py"): ENGINE.replace("Value", "Scalar").encode()}, MANIFEST, "x", "x")
    report = grade(submission, read_kit(), only=["add"])
    assert report.points == 3
    assert "The class Scalar is taken for Value, as the kit calls it." in map(str, report.notes)


@pytest.mark.parametrize("file", ["engine.py", "tensor.py", "autograd.py"])
def test_a_tensor_of_single_numbers_is_an_engine(file: str) -> None:
    """Whatever file it is in; the exercises about tensors were not begun then."""
    submission = gather({PurePosixPath(file): ENGINE.replace("Value", "Tensor").encode()}, MANIFEST, "x", "x")
    report = grade(submission, read_kit(), only=["add", "tensor-elementwise"])
    assert [str(result.status) for result in report.counted] == ["passed", "not-started"]
    assert report.points == 3
    assert not any("not graded" in note for note in map(str, report.notes))


# Ways to put methods into a class from outside, for the functions add and exp below it.
PUTS = {
    "assigned": "Value.__add__ = add\nValue.exp = exp\n",
    "in a row": "Value.__add__ = Value.__radd__ = add\nValue.exp = exp\n",
    "lambdas": "Value.__add__ = lambda self, other: add(self, other)\nValue.exp = (lambda self: exp(self))\n",
    "setattr": "setattr(Value, '__add__', add)\nsetattr(Value, \"exp\", exp)\n",
    "in a loop": "for name, f in {'__add__': add, 'exp': exp}.items():\n    setattr(Value, name, f)\n",
    "in a function": "def put():\n    Value.__add__ = add\n    Value.exp = exp\n\nput()\n",
    "where it is": "if not hasattr(Value, '__add__'):\n    Value.__add__ = add\n    Value.exp = exp\n",
    "by the class that it was": "class Value(Value):\n    __add__ = add\n    def exp(self): return exp(self)\n",
}
CLASS = ENGINE[ENGINE.index("import math") : ENGINE.index("    def __add__")]
METHODS = "\n".join(
    textwrap.dedent(re.findall(rf"^    def {name}\(.*?^        return out\n", ENGINE, re.MULTILINE | re.DOTALL)[0])
    for name in ("__add__", "exp")
).replace("__add__", "add")


IMPORTS = "import math\nfrom engine import Value\n"


@pytest.mark.parametrize("how", PUTS)
@pytest.mark.parametrize("shape", ["one file", "beside untouched files", "two files", "a notebook"])
def test_methods_that_are_put_into_a_class(how: str, shape: str) -> None:
    """They are work as methods in the class are, whatever the file, and graded so."""
    if shape == "two files" and how == "by the class that it was":
        pytest.skip("two classes in two files: which of them is meant, nobody can know")
    text = f"{METHODS}\n{PUTS[how]}"
    whole = f"{CLASS}\n{text}".encode()
    tree = {
        "one file": {"engine.py": whole},
        "beside untouched files": {**{name: stub.encode() for name, stub in STUBS.items()}, "my_engine.py": whole},
        "two files": {"engine.py": CLASS.encode(), "more.py": f"{IMPORTS}\n{text}".encode()},
        "a notebook": {"work.ipynb": notebook(CLASS, METHODS, PUTS[how])},
    }[shape]
    if shape == "one file":
        work = Work(MANIFEST).of(SourceFile("engine", "engine.py", whole.decode()), "engine.py")
        assert work == ({"add", "exp", "reflected"} if how == "in a row" else {"add", "exp"})
    submission = gather({PurePosixPath(name): data for name, data in tree.items()}, MANIFEST, "x", "x")
    report = grade(submission, read_kit(), only=["add", "exp"])
    assert [str(result.status) for result in report.counted] == ["passed", "passed"], report.notes


def test_methods_of_a_tensor_are_no_engines() -> None:
    """What is put into a class with a matrix product is nothing of a Value's, in the notebook as in a file."""
    work = Work(MANIFEST)
    files = {"tensor.py": as_functions((ROOT / "solutions" / "tensor.py").read_text(encoding="utf-8"))}
    files |= {"engine.py": as_functions((ROOT / "solutions" / "engine.py").read_text(encoding="utf-8"))}
    for file, text in files.items():
        others = [name for name in MANIFEST.files if work.of(SourceFile("x", file, text), name)]
        assert others == [file]
        assert work.of(SourceFile("x", file, text), file) == {e.id for e in MANIFEST.exercises if e.file == file}
        assert not work.of(SourceFile("x", file, as_functions(STUBS[file])), file)


def test_a_tensor_is_no_engine() -> None:
    """A class with a matrix product is not taken for the Value of an engine that is as it came, or is not there."""
    tensor = (ROOT / "solutions" / "tensor.py").read_text(encoding="utf-8")
    for engine in ({"engine.py": STUBS["engine.py"]}, {}):
        tree = {PurePosixPath(name): text.encode() for name, text in {**engine, "tensor.py": tensor}.items()}
        report = grade(gather(tree, MANIFEST, "x", "x"), read_kit(), only=["add", "tensor-elementwise"])
        assert [str(result.status) for result in report.counted] == ["not-started", "passed"]
        assert not any("tensor.py" in note or "Tensor" in note for note in map(str, report.notes))


def test_what_installed_an_environment_is_nobodys() -> None:
    """pip puts packages into folders of an environment, and files into none."""
    found = {path: is_wanted(PurePosixPath(path)) for path in ("env/nn.py", "env/lib/nn.py", "a/venv/lib/x/nn.py")}
    assert found == {"env/nn.py": True, "env/lib/nn.py": False, "a/venv/lib/x/nn.py": False}


def test_a_long_string_in_a_large_notebook() -> None:
    """A cell that is too long is named, however large the rest is."""
    data = json.loads(notebook(f"x = '{'x' * 1_100_000}'", "y = 1"))
    data["cells"][1]["outputs"] = [{"data": {"image/png": "A" * 9_000_000}}]
    assert list(code_cells(json.dumps(data).encode())) == [None, ("y = 1", "")]


def test_a_pointer_in_the_place_of_a_file() -> None:
    """It is said to be one, and costs its own exercises."""
    tree: dict[PurePosixPath, Any] = {PurePosixPath(file): text.encode() for file, text in SOLUTIONS.items()}
    tree[PurePosixPath("engine.py")] = POINTER
    submission = gather(tree, MANIFEST, "x", "x")
    ((file, why),) = submission.refused
    assert (file, "a Git LFS pointer" in why) == ("engine.py", True)
