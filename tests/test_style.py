"""The code is as clean as it claims to be."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT


@pytest.mark.parametrize(
    "command", [["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy"]], ids=lambda c: " ".join(c)
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
    return found


# From the top down: a module imports only what stands after it.
LAYERS = [
    "grader.__main__",
    "grader.cli",
    "grader.study",
    "grader.upkeep.kit_check",
    "grader.upkeep.release",
    "grader.upkeep.autograder_zip",
    "grader.classes.similarity",
    "grader.classes.batch",
    "grader.reports",
    "grader.classes.exports",
    "grader.classes.grades",
    "grader.classes.gradebook",
    "grader.classes.policy",
    "grader.grading.pipeline",
    "grader.grading.scoring",
    "grader.grading.first_wrong",
    "grader.grading.hidden_run",
    "grader.kit.hidden",
    "grader.grading.checking",
    "grader.base.pasteable",
    "grader.grading.diagnosis",
    "grader.grading.symptoms",
    "grader.kit.misconceptions",
    "grader.base.compare",
    "grader.grading.reference",
    "grader.intake",
    "grader.sandbox",
    "grader.base.whole_files",
    "grader.kit.manifest",
    "grader.kit.paths",
    "grader.base.model",
    "grader.base.errors",
    "grader.base.messages",
]


def test_imports_go_one_way() -> None:
    """Modules form layers, and each imports only lower ones."""

    def layer(name: str) -> int:
        return max(i for i, prefix in enumerate(LAYERS) if f"{name}.".startswith(f"{prefix}."))

    for path in (ROOT / "grader").rglob("*.py"):
        if path == ROOT / "grader" / "__init__.py":
            continue
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for imported in _imports(path):
            if imported != "grader" and any(f"{imported}.".startswith(f"{prefix}.") for prefix in LAYERS):
                assert layer(imported) >= layer(name), f"{name} imports {imported}"


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


def test_the_top_level() -> None:
    """The top level of the repository holds its seven places, a licence and dot-files."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    top = {line.split("/")[0] for line in listed.splitlines()}
    assert {name for name in top if not name.startswith(".")} == {
        "exercises", "solutions", "grader", "datasets", "tests", "README.md", "pyproject.toml", "LICENSE"
    }  # fmt: skip
