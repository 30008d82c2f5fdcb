"""A handout without answers holds none, which is looked for by content; and with it a student can work."""

from __future__ import annotations

import ast
import base64
import csv
import dataclasses
import functools
import hashlib
import importlib.util
import io
import json
import marshal
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import click
import jinja2
import latex2mathml
import markdown_it
import markupsafe
import mdurl
import pytest
from conftest import ROOT, Run

from grader import __version__
from grader.base import messages
from grader.base.errors import StudyError
from grader.book.source import book_files
from grader.cli import HANDOUT, WHOLE
from grader.explore import expression as expressions
from grader.explore.graph import right_numbers
from grader.explore.rules import numbers_by_rule
from grader.kit import GRADED_AT as GRADED_AT_FILE
from grader.kit import GRADER, NOTEBOOK, README, read_kit
from grader.kit.gaps import filled
from grader.kit.model import Exercise
from grader.upkeep import handout
from grader.upkeep.handout import INSTEAD, PARTS, VERSION, with_tests, without_answers
from grader.upkeep.package import package
from grader.upkeep.wheel import wheel

GRADED_AT = "Upload them to exam {7} of the course."
SHORT = 14  # characters: a shorter line of code is anybody's
STUBS = "\n".join(read_kit().stub(file) for file in read_kit().manifest.files)
Made = dict[str, bytes]


def squeezed(text: str) -> str:
    return " ".join(text.split())


def code_lines(text: str) -> set[str]:
    """The lines of a text that are long enough to be told, without their comments; what is imported tells nothing."""
    lines = (re.sub(r"\s+#.*", "", squeezed(line)) for line in text.splitlines())
    return {line for line in lines if len(line) >= SHORT and not line.startswith(("#", "from ", "import "))}


def given_away(exercises: Iterable[Exercise]) -> str:
    """What hints tell: lines of answers in backticks, with a hole in one at least."""
    hints = (hint for exercise in exercises for hint in exercise.hints)
    return squeezed(" ".join(part for hint in hints for part in re.findall("`([^`]*)`", hint)))


def answers() -> dict[str, str]:
    """Every text that no handout may hold, and what it is."""
    kit = read_kit()
    hints, stubs = given_away(kit.manifest.exercises), squeezed(STUBS)
    found = {}
    for file in kit.manifest.files:
        for line in code_lines(kit.solution(file)):
            if line not in stubs and line not in hints:
                found[line] = f"solutions/{file}"
    book = squeezed(" ".join((kit.exercises / name).read_text() for name in book_files(kit) if name.endswith(".md")))
    for row in (row for rows in kit.misconceptions.values() for row in rows):
        # A mistake that a chapter speaks of, in words, is no secret.
        found |= {text: row.id for text in map(squeezed, (row.title, row.explanation)) if text not in book}
        found |= {line: f"an edit of {row.id}" for _, new in row.edits for line in code_lines(new) if line not in stubs}
    for path in kit.hidden_tests.glob("test_*.py"):
        for test in (node for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef)):
            if test.name.startswith("test_"):
                found[squeezed(ast.get_docstring(test) or test.name)] = found[f"def {test.name}("] = path.name
            found |= {line: path.name for node in test.body for line in code_lines(ast.unparse(node))}
    told = squeezed(" ".join([*messages.SYMPTOMS.values(), *(h for e in kit.manifest.exercises for h in e.hints)]))
    return {text: what for text, what in found.items() if text not in told}


ANSWERS = answers()


def inside(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """A file, and all that is in it where it is an archive."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        yield name, content
        return
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for entry in archive.namelist():
            yield from inside(f"{name}/{entry}", archive.read(entry))


def texts(name: str, content: bytes) -> Iterator[str]:
    """All that a file says: as it is, and what its strings say."""
    if name.endswith(".pyc"):
        yield from of_code(marshal.loads(content[16:]))
        return
    text = content.decode("utf-8")  # whatever else there is must be text, or it could not be looked at
    yield text
    if name.endswith(".ipynb"):
        yield from ("".join(cell["source"]) for cell in json.loads(text)["cells"])
    if name.endswith(".py"):
        tree = ast.parse(text)
        strings = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
        yield "\n".join([*strings, ast.unparse(tree)])


def of_code(code: object) -> Iterator[str]:
    """The strings of compiled code, and the names of what it defines as a file has them."""
    for constant in getattr(code, "co_consts", ()):
        if isinstance(constant, str):
            yield constant
        elif hasattr(constant, "co_consts"):
            yield f"def {constant.co_name}("
            yield from of_code(constant)


@functools.cache
def answers_in(name: str, content: bytes) -> dict[str, str]:
    said = squeezed("\n".join(texts(name, content)))
    return {text: f"{what} in {name}" for text, what in ANSWERS.items() if text in said}


def leaks(files: Made) -> dict[str, str]:
    """Every answer in a handout: {text: what it is, and a file that holds it}."""
    found: dict[str, str] = {}
    for name, content in (entry for file in files.items() for entry in inside(*file)):
        found |= answers_in(name, content)
    return found


def written(folder: Path) -> Made:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A handout as the command makes it."""
    folder = tmp_path_factory.mktemp("handouts") / "for students"
    command = [sys.executable, "-m", "grader", "handout", str(folder), "--graded-at", GRADED_AT]
    subprocess.run(command, check=True, cwd=ROOT, capture_output=True)
    return folder


def test_there_is_something_to_look_for() -> None:
    """Of each exercise there are lines of its answer, and of every mistake its texts."""
    kit = read_kit()
    assert len(ANSWERS) > 1500
    for exercise in kit.manifest.exercises:
        gap = filled(kit.solution(exercise.file))[exercise.gap]
        assert code_lines(gap) & ANSWERS.keys() or len(code_lines(gap)) <= 2, exercise.id


def test_no_hint_is_an_answer() -> None:
    """A handout has all hints: also with the last one there is something left of every answer."""
    kit = read_kit()
    for exercise in kit.manifest.exercises:
        hints = given_away([exercise])
        gap = filled(kit.solution(exercise.file))[exercise.gap]
        lines = [re.sub(r"\s+#.*", "", squeezed(line)) for line in gap.splitlines() if line.strip()]
        assert any(line not in hints for line in lines if not line.startswith("#")), exercise.id


def test_a_handout_holds_no_answers(made: Path) -> None:
    """No line of a solution, no hidden test and no word of the catalogue stands in any file of it."""
    files = written(made)
    assert {"README.md", "exercises/engine.py", f"exercises/{NOTEBOOK}", "exercises/datasets/moons.csv"} <= set(files)
    assert leaks(files) == {}


def _in_wheel(files: Made, name: str, content: bytes) -> Made:
    """The same handout, with one file more in its wheel."""
    path = next(path for path in files if path.endswith(".whl"))
    with zipfile.ZipFile(io.BytesIO(files[path])) as archive:
        entries = {entry: archive.read(entry) for entry in archive.namelist()}
    return files | {path: wheel(VERSION, entries | {name: content}, "", "")}


def _pyc(path: Path) -> bytes:
    code = compile(path.read_bytes(), path.name, "exec")
    return importlib.util.MAGIC_NUMBER + bytes(12) + marshal.dumps(code)


def _in_notebook(files: Made, line: str) -> Made:
    name = f"exercises/{NOTEBOOK}"
    notebook = json.loads(files[name])
    notebook["cells"][5]["source"] = ["# a note\n", f"        {line}\n"]
    return files | {name: json.dumps(notebook).encode()}


LEAKS: dict[str, Callable[[Made], Made]] = {
    "a solution": lambda files: _in_wheel(files, "grader/x.py", (ROOT / "solutions" / "nn.py").read_bytes()),
    "compiled tests": lambda files: _in_wheel(files, "x.pyc", _pyc(GRADER / "kit" / "hidden" / "test_nn.py")),
    "a compiled catalogue": lambda files: _in_wheel(files, "x.pyc", _pyc(GRADER / "kit" / "misconceptions" / "nn.py")),
    "a line in a notebook": lambda files: _in_notebook(files, "other.grad += self.data * out.grad"),
    "a line in a docstring": lambda files: _in_wheel(
        files, "grader/x.py", b'"""Do it so:\n\n    v_hat = self.v[i] / (1 - self.beta2**self.t)\n"""\n'
    ),
    "a test of its own": lambda files: files | {"exercises/check.py": b"def test_slopes(check, draw):\n    pass\n"},
    "a filled gap": lambda files: files | {"exercises/engine.py": (ROOT / "solutions" / "engine.py").read_bytes()},
}


@pytest.mark.parametrize("how", LEAKS)
def test_an_answer_would_be_found(made: Path, how: str) -> None:
    """Wherever one is put, it is seen."""
    assert leaks(LEAKS[how](written(made)))


def test_what_is_in_it_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    """What nobody has named is not in it; and were a room with answers let in as a whole, it would be seen."""
    named = {name.removeprefix("grader/") for name in handout._files({}, GRADED_AT)}
    others = {f"kit/{GRADED_AT_FILE}", *(name.removeprefix("grader/") for name in INSTEAD)}
    assert all(any(name == part or name.startswith(f"{part}/") for part in PARTS) for name in named - others)
    assert not {name.partition("/")[0] for name in named} & {"grading", "classes", "upkeep"}
    for room in ("kit", "upkeep"):
        monkeypatch.setattr(handout, "PARTS", (*PARTS, room))
        assert bool(leaks(handout._files({}, GRADED_AT))) == (room == "kit")


def test_what_is_in_it_finds_what_it_imports() -> None:
    """A module of the handout imports, when it is imported, only what is there as well; what else it imports, later,
    it imports for an edition with answers only."""
    files = {n: content for n, content in handout._files({}, GRADED_AT).items() if n.endswith(".py")}
    modules = {name.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for name in files}
    paths = (path.relative_to(GRADER.parent).with_suffix("") for path in GRADER.rglob("*.py"))
    known = {".".join(path.parts).removesuffix(".__init__") for path in paths}
    later = set()
    for name, content in files.items():
        tree = ast.parse(content)
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "grader":
                wanted = {f"{node.module}.{alias.name}" for alias in node.names} | {str(node.module)}
                missing = wanted & known - modules
                if missing and node in tree.body:
                    pytest.fail(f"{name} imports {missing}")
                later |= missing
    assert later == {"grader.grading.reference", "grader.kit.misconceptions", "grader.upkeep.classroom"}


def test_the_wheel_is_one(made: Path) -> None:
    """Its name, its metadata and its record are as pip wants them, and it is the same one every time."""
    (path,) = made.glob("*.whl")
    assert path.name == f"mg_grade-{__version__}+handout-py3-none-any.whl"
    again = without_answers(read_kit(), GRADED_AT).beside[path.name]
    assert path.read_bytes() == again
    with zipfile.ZipFile(path) as archive:
        info = f"mg_grade-{VERSION}.dist-info"
        rows = list(csv.reader(archive.read(f"{info}/RECORD").decode().splitlines()))
        assert [row[0] for row in rows] == archive.namelist()
        assert rows[-1] == [f"{info}/RECORD", "", ""]
        for name, digest, size in rows[:-1]:
            content = archive.read(name)
            right = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
            assert (digest, size) == (f"sha256={right}", str(len(content)))
        metadata = archive.read(f"{info}/METADATA").decode()
        assert re.findall("^Requires-Dist: ([a-z0-9-]+).*?(extra.*)?$", metadata, re.MULTILINE) == [
            ("click", ""),
            ("jinja2", ""),
            ("latex2mathml", ""),
            ("markdown-it-py", ""),
            ("matplotlib", "extra == 'plot'"),
        ]
        assert "MIT License" in archive.read(f"{info}/licenses/LICENSE").decode()


def test_exercises_that_somebody_filled_in_are_not_handed_out(tmp_path: Path) -> None:
    """Whoever tries the exercises in the checkout hands out the stubs all the same."""
    mine = tmp_path / "kit"
    for part in ("exercises", "solutions", "datasets"):
        shutil.copytree(ROOT / part, mine / part)
    shutil.copy(ROOT / "solutions" / "engine.py", mine / "exercises")
    kit = read_kit(mine)
    assert leaks(without_answers(kit, GRADED_AT).kit) == {}
    assert without_answers(kit, GRADED_AT) == without_answers(read_kit(), GRADED_AT)
    assert with_tests(kit).kit["exercises/engine.py"] == (ROOT / "exercises" / "engine.py").read_bytes()


def test_where_it_is_graded_is_one_line() -> None:
    """Whatever an instructor pastes."""
    made = without_answers(read_kit(), " At\n  the  \x1b[31mdesk. ").beside
    assert b"At the \\x1b[31mdesk." in made[README]


@pytest.mark.world
def test_with_tests(tmp_path: Path, mg_grade: Run) -> None:
    """A handout for study holds the package as it is, and the exercises as init makes them."""
    done = mg_grade("handout", tmp_path / "study", "--with-tests")
    assert (done.returncode, done.stderr) == (0, "")
    assert mg_grade("init", tmp_path / "own").returncode == 0
    files = written(tmp_path / "study")
    own = {f"exercises/{name}": content for name, content in written(tmp_path / "own").items()}
    theirs = {name: content for name, content in files.items() if name.startswith("exercises/")}
    assert {name for name in own.keys() | theirs.keys() if own.get(name) != theirs.get(name)} == {
        f"exercises/{NOTEBOOK}",
        f"exercises/.mg-grade-kit/{NOTEBOOK}",
    }
    notebook = {cell["id"]: "".join(cell["source"]) for cell in json.loads(theirs[f"exercises/{NOTEBOOK}"])["cells"]}
    wheel_there = next(name for name in files if name.endswith(".whl"))
    assert f"%pip install ../{wheel_there} " in notebook["setup"]
    assert "checkout" not in notebook["setup"]
    with zipfile.ZipFile(tmp_path / "study" / f"mg_grade-{__version__}-py3-none-any.whl") as archive:
        whole = {name: archive.read(name) for name in archive.namelist() if name.startswith("grader/")}
        its_notebook = f"grader/kit/exercises/{NOTEBOOK}"
        assert whole.pop(its_notebook) == theirs[f"exercises/{NOTEBOOK}"]
        assert whole == {name: content for name, content in package(read_kit()).items() if name != its_notebook}
        assert "Requires-Dist: pytest>=8" in archive.read(f"mg_grade-{__version__}.dist-info/METADATA").decode()
    assert leaks({"whole.zip": next(content for name, content in files.items() if name.endswith(".whl"))})


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--graded-at", "  "], "--graded-at takes a sentence"),
        (["--graded-at", "x", "--with-tests"], "goes without --with-tests"),
    ],
)
def test_wrong_usage(tmp_path: Path, mg_grade: Run, arguments: list[str], why: str) -> None:
    done = mg_grade("handout", tmp_path / "new", *arguments)
    assert (done.returncode, why in done.stderr, (tmp_path / "new").exists()) == (2, True, False)


def test_a_folder_that_holds_something(tmp_path: Path, mg_grade: Run) -> None:
    """Nothing is written over, and nothing into somebody's folder."""
    (tmp_path / "notes.txt").write_text("mine")
    done = mg_grade("handout", tmp_path)
    assert (done.returncode, "Nothing was changed" in done.stderr) == (2, True)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


@pytest.mark.parametrize(
    ("text", "inputs"),
    [
        ("e=a*b; d=e+c; L=d*f", ("a=2", "b=-3", "c=10", "f=-2")),
        ("(a - b) / (a*a + 1) ** 3", ("a=2", "b=-3")),
        ("tanh(a) * exp(b) + log(a) - relu(b) + relu(a)", ("a=0.7", "b=-1.5")),
        ("u=a*2; y=-a + 3/a", ("a=0.4",)),
        ("2 - a**-1.5 + a**2", ("a=1.2",)),
    ],
)
def test_the_rules_give_what_the_reference_gives(text: str, inputs: tuple[str, ...]) -> None:
    """An edition without answers calculates what is right by the chain rule: the same numbers."""
    kit = read_kit()
    parsed = expressions.parse(kit.manifest, text, inputs)
    for name, (data, grad) in right_numbers(kit, parsed).items():
        assert numbers_by_rule(parsed)[name] == pytest.approx((data, grad), rel=1e-12), name


def test_what_the_rules_cannot_say(tmp_path: Path) -> None:
    """Numbers that are not allowed are told in the same words, and an operation without a rule is named."""
    kit = dataclasses.replace(read_kit(), folder=tmp_path)
    for text, inputs in (("log(a)", ["a=-1"]), ("exp(a)", ["a=1000"]), ("1/a", ["a=0"]), ("a**0.5", ["a=-2"])):
        with pytest.raises(StudyError, match="the expression cannot be calculated with these numbers"):
            right_numbers(kit, expressions.parse(kit.manifest, text, inputs))
    operation = expressions.Operation("y", "sigmoid", ("a",))
    with pytest.raises(StudyError, match="sigmoid has no rule"):
        right_numbers(kit, expressions.Expression({"a": 1.0}, (operation,)))


# What a student does, with the wheel unpacked beside what it needs, and nothing else that is not Python's own.
Student = Callable[..., "subprocess.CompletedProcess[str]"]
AS_INSTALLED = """
import sys
sys.path[:0] = {paths!r}
sys.argv[0] = "mg-grade"
from grader.cli import main
main()
"""


@pytest.fixture(scope="module")
def desk(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel as pip would install it, the packages that it needs, and the exercises."""
    desk = tmp_path_factory.mktemp("desk")
    with zipfile.ZipFile(next(made.glob("*.whl"))) as archive:
        archive.extractall(desk / "site")
    for needed in (click, jinja2, latex2mathml, markdown_it, markupsafe, mdurl):
        path = Path(str(needed.__file__)).parent
        for part in (path, *path.parent.glob(f"{path.name}-*.dist-info")):
            shutil.copytree(part, desk / "site" / part.name)
    shutil.copytree(made / "exercises", desk / "exercises")
    return desk


@pytest.fixture
def student(desk: Path) -> Student:
    def run(*arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
        program = AS_INSTALLED.format(paths=[str(desk / "site")])
        command = [sys.executable, "-I", "-S", "-c", program, *arguments]
        settings = {"capture_output": True, "text": True, "timeout": 60, "check": False, "input": text}
        return subprocess.run(command, cwd=desk / "exercises", **settings)  # type: ignore[call-overload,no-any-return]  # of any kind

    return run


def work(student: Student, folder: Path) -> None:
    """A student's first hour: each step leads to the next, and nothing speaks of what is not there."""
    assert "derivative in derivatives.py:29" in " ".join(student("next").stdout.split())
    assert student("hint", "add").stdout.startswith("Hint 1 of 4")
    assert student("read", "add").stdout.startswith("3. The engine\n")
    assert "Exercise add: a + b" in student("read", "engine").stdout
    assert "13 pages" in student("book", str(folder.parent / "book")).stdout
    page = (folder.parent / "book" / "03-engine.html").read_text()
    assert ("mg-grade next" in page, "mg-grade watch" in page) == (True, False)
    engine = folder / "engine.py"
    before = engine.read_text()
    done = student("graph", "a*b", "a=2", "b=3")
    assert (done.returncode, "backward is still to be written" in done.stdout) == (0, True)
    solution = read_kit().solution("engine.py")
    engine.write_text(solution.replace("self.grad += other.data * out.grad", "self.grad += 2 * out.grad"))
    drawn = student("graph", "a*b", "a=2", "b=3").stdout
    assert re.search(r"> \+ a +2 +2 +grad 3\n", drawn)
    engine.write_text(solution)
    assert ">" not in student("graph", "a*b", "a=2", "b=3").stdout
    listed = student("list").stdout
    assert re.search(r"mul .* 4  begun", listed)
    assert re.search(r"softmax .* 2  not started", listed)
    assert "13 of 42 exercises are begun" in listed
    assert "Hints seen: add 1" in listed
    assert GRADED_AT in listed
    for file in ("nn", "losses", "optim", "train"):
        (folder / f"{file}.py").write_text(read_kit().solution(f"{file}.py"))
    trained = student("train", "four-points", "--steps", "5")
    assert (trained.returncode, "loss: " in trained.stdout) == (0, True), trained.stderr
    stepped = student("step", "a*b", "a=2", "b=3", text="3\n7\n7\n").stdout
    assert "Right: a.grad is 3" in stepped
    assert "b.grad is 1 * 2 = 2" in stepped
    refused = student("reset", "mul")
    assert (refused.returncode, "mul is filled in" in refused.stderr) == (2, True)
    assert student("reset", "mul", "--yes").returncode == 0
    assert 'raise NotImplementedError("mul")' in engine.read_text()
    assert "mul in engine.py" in student("next").stdout or "derivative" in student("next").stdout
    assert "Nothing to do" in student("upgrade").stdout
    assert student("init", str(folder.parent / "another")).returncode == 0
    assert (folder.parent / "another" / "engine.py").read_text() == before
    assert (folder.parent / "another" / README).read_text() == (folder / README).read_text()


@pytest.mark.world  # ten seconds
def test_a_student_works(student: Student, desk: Path) -> None:
    """With the wheel and what it needs alone, on a machine that has nothing else."""
    work(student, desk / "exercises")


ALL = {name for section in WHOLE.values() for name in section}
THERE = {name for section in HANDOUT.values() for name in section}


@pytest.mark.parametrize("name", sorted(ALL - THERE))
def test_what_would_need_answers_says_so(student: Student, name: str) -> None:
    """In a line or two, whatever it is asked, with the place where the work is graded."""
    for arguments in ([name], [name, "--help"]):
        done = student(*arguments)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.split("\n")[1:] == [""]
        assert f"there is no `mg-grade {name}` in it. {GRADED_AT}" in done.stderr


def test_the_other_ways_to_ask_for_answers(student: Student, desk: Path) -> None:
    """A path to grade, the options, and mg_check in a notebook: the same words, and the help speaks of none of them."""
    cases = (["."], ["graph", "a*b", "a=1", "b=2", "--reference"], ["train", "moons", "--reference"])
    for arguments in (*cases, ["init", "--classroom", str(desk / "new")]):
        done = student(*arguments)
        assert (done.returncode, GRADED_AT in done.stderr) == (2, True), arguments
    assert not (desk / "new").exists()
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\nfrom grader.study.notebook import mg_check\nprint(mg_check('a'))"
    )
    command = [sys.executable, "-I", "-S", "-c", code, str(desk / "site")]
    assert GRADED_AT in subprocess.run(command, capture_output=True, text=True, check=True).stdout
    help_text = student("--help").stdout
    assert GRADED_AT in " ".join(help_text.split())
    assert set(re.findall(r"^  (\S+)  ", help_text, re.MULTILINE)) - {"--version", "-h,"} == THERE
    for name in ("graph", "train"):
        assert "--reference" not in student(name, "--help").stdout
    assert "holds no answers" in student("--version").stdout


def test_the_manual_of_a_handout(made: Path) -> None:
    """It speaks of every command that is there and of none that is not, and its notebook of no check."""
    manual = (made / "exercises" / README).read_text()
    assert set(re.findall(r"^\| `mg-grade ([a-z-]+)", manual, re.MULTILINE)) == THERE - {"doctor"}
    assert "| mul | a * b | 10 | 4 |" in manual
    notebook = (made / "exercises" / NOTEBOOK).read_text()
    assert "mg_check" not in notebook
    assert "pip install" not in notebook
    assert "def __mul__" in notebook
    assert "Value.__mul__ = __mul__" in notebook
    readme = (made / README).read_text()
    assert GRADED_AT in readme
    assert readme.count(next(made.glob("*.whl")).name) == 2
    (windows,) = re.findall("```powershell\n(.*?)\n```", readme, re.DOTALL)
    (posix,) = re.findall("```sh\n(.*?)\n```", readme, re.DOTALL)
    assert windows == posix.replace("python3 -m", "py -m").replace(" &&", ";").replace("/bin/", "/Scripts/").replace(
        "/", "\\"
    )


@pytest.mark.world
@pytest.mark.parametrize("where", ["checkout", "installed"])
def test_a_handout_in_an_environment_of_its_own(where: str, tmp_path: Path) -> None:
    """The command of the README installs it where there is nothing, and a student works with it; made from a checkout,
    and from what a handout for study installs."""
    maker = [sys.executable, "-m", "grader"]
    clean = {name: text for name, text in os.environ.items() if name != "PYTHONPATH"}
    if where == "installed":
        subprocess.run([*maker, "handout", tmp_path / "study", "--with-tests"], check=True, cwd=ROOT)
        subprocess.run(["sh", "-c", _command(tmp_path / "study")], check=True, cwd=tmp_path / "study", env=clean)
        maker = [str(tmp_path / "study" / ".venv" / "bin" / "mg-grade")]
    made = tmp_path / "made of it"
    subprocess.run(
        [*maker, "handout", made, "--graded-at", GRADED_AT], check=True, cwd=tmp_path if where == "installed" else ROOT
    )
    assert leaks(written(made)) == {}
    subprocess.run(["sh", "-c", _command(made)], check=True, cwd=made, env=clean)
    listed = subprocess.run([made / ".venv/bin/python", "-m", "pip", "list", "--format", "json"], capture_output=True)
    packages = {row["name"] for row in json.loads(listed.stdout)}
    needed = {"click", "Jinja2", "MarkupSafe", "latex2mathml", "markdown-it-py", "mdurl"}
    assert packages - {"pip", "setuptools"} == {*needed, "mg-grade"}

    def student(*arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
        command = [str(made / ".venv" / "bin" / "mg-grade"), *arguments]
        return subprocess.run(
            command,
            cwd=made / "exercises",
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            input=text,
            env=clean,
        )

    work(student, made / "exercises")
    assert student("grade", ".").returncode == 2


def _command(folder: Path) -> str:
    """What the README of a handout says to run in sh."""
    found: str = re.findall("```sh\n(.*?)\n```", (folder / README).read_text(), re.DOTALL)[0]
    return found
