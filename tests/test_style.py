"""The code is as clean as it claims to be."""

from __future__ import annotations

import ast
import re
import string
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

from grader import ROOMS
from grader.base import messages
from grader.reports.forms import FORMS


@pytest.mark.parametrize(
    "command",
    [
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
        pytest.param(["mypy"], marks=pytest.mark.world),  # half a minute where it has no cache
    ],
    ids=" ".join,
)
def test_tools(command: list[str]) -> None:
    """ruff and mypy --strict have nothing to say."""
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def _imports(path: Path) -> set[str]:
    """The modules of the grader that a file imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("grader"):
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module or ""}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names if alias.name.startswith("grader")}
    return found


# Room -> its level from the top; a room of that name is a folder of grader/.
LEVEL = {room: number for number, rooms in enumerate(ROOMS) for room in rooms}


def test_imports_go_one_way() -> None:
    """A module imports only from its own room and from rooms further down, in the order that grader/__init__.py has."""
    for path in (ROOT / "grader").rglob("*.py"):
        parts = path.relative_to(ROOT / "grader").parts
        if len(parts) == 1:  # grader/__init__.py and __main__.py
            continue
        room = parts[0]
        assert room in LEVEL, f"{path} is in no room"
        for imported in _imports(path):
            other = f"{imported}.".split(".")[1]
            if other in LEVEL and other != room:
                assert LEVEL[other] > LEVEL[room], f"{path} imports {imported}"


def test_a_kit_is_read_where_something_begins() -> None:
    """The kit is handed down: only what a person or another process starts reads it."""
    begins = {
        "cli",
        "study/notebook.py",
        "classes/at_worker.py",
        "site/answering.py",
        "classes/batch.py",
        "upkeep/kit_check.py",
        "grading/by_hand.py",
        "kit/__init__.py",
    }
    for path in (ROOT / "grader").rglob("*.py"):
        inside = path.relative_to(ROOT / "grader").as_posix()
        if "read_kit" in path.read_text(encoding="utf-8"):
            assert inside in begins or inside.split("/")[0] in begins, inside


@pytest.mark.parametrize("name", FORMS)
def test_a_form_needs_nothing_that_runs(name: str) -> None:
    """Whoever shows a stored report imports neither the sandbox nor what grades."""
    code = f"import sys; from grader.reports.forms import form; form({name!r}); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    rooms = {module.split(".")[1] for module in done.stdout.split() if module.startswith("grader.")}
    assert rooms == {"base", "reports"}


def test_what_runs_beside_learner_code_is_small() -> None:
    """The worker needs nothing but the standard library, and of that no more than it must: each start pays for it."""
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT / 'grader' / 'sandbox')!r}); import inside.worker; "
        "print(*sorted(m for m in sys.modules if not m.startswith(('_', 'encodings', 'inside'))))"
    )
    done = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=True)
    allowed = {
        "abc", "builtins", "codecs", "errno", "gc", "genericpath", "importlib",
        "importlib._bootstrap", "importlib._bootstrap_external", "importlib.machinery", "io", "marshal", "os",
         "os.path", "posix", "posixpath", "stat", "sys", "time", "types", "warnings", "zipimport", "zlib",
    }  # fmt: skip
    assert set(done.stdout.split()) <= allowed


def test_every_text_is_used() -> None:
    """A text that no code and no page names is one that nobody reads."""
    places = [path for ending in ("py", "html", "js") for path in (ROOT / "grader").rglob(f"*.{ending}")]
    code = "\n".join(path.read_text(encoding="utf-8") for path in places)
    named = set(re.findall(r"\b(?:messages|text)\.([A-Z0-9_]+)\b", code))
    inside = ast.walk(ast.parse(Path(messages.__file__).read_text(encoding="utf-8")))  # a text can be a part of others
    named |= {node.id for node in inside if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    assert {name for name in vars(messages) if name.isupper()} - named == set()


def test_every_text_is_given_what_it_holds() -> None:
    """Where a text is filled in, it is with what it has in braces, no less and no more."""
    for path in (ROOT / "grader").rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match call:
                case ast.Call(ast.Attribute(ast.Attribute(ast.Name("messages"), name), "format"), keywords=keywords):
                    wanted = {field for _, field, _, _ in string.Formatter().parse(getattr(messages, name)) if field}
                    given = {keyword.arg for keyword in keywords}
                    assert given == wanted or None in given, f"{path}:{call.lineno}: {name}"


def test_the_top_level() -> None:
    """The top level of the repository holds its seven places, a licence and dot-files."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    top = {line.split("/")[0] for line in listed.splitlines()}
    assert {name for name in top if not name.startswith(".")} == {
        "exercises", "solutions", "grader", "datasets", "tests", "README.md", "pyproject.toml", "LICENSE"
    }  # fmt: skip
