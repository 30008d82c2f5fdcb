"""Syntax of a newer Python is told from what is no Python at all."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import pytest

from grader.grading.pipeline import grade
from grader.intake.submission import read_submission
from grader.kit import read_kit
from grader.reports.forms import terminal
from grader.sandbox.inside.newer import is_newer

NEWER = [
    ((3, 12), "class A[T]: pass"),
    ((3, 12), "class A[T: (int, str)](list[T]):\n    pass"),
    ((3, 12), "def f[T: list[int], *R](x: T) -> T: return x"),
    ((3, 13), "class A[T = int]: pass"),
    ((3, 12), "type X = int"),
    ((3, 12), "type X[T] = list[T]"),
    ((3, 12), "d = {'a': 1}\nprint(f'{d['a']}')"),
    ((3, 12), 'print(f"{", ".join(["a"])} {1!r:>{", 10"[2:]}} {{")'),
    ((3, 12), 'print(f"{"\\n".join(["a"])}" "and")'),
    ((3, 12), 'print(f"{f"{f"{1}"}"}")'),
    ((3, 12), 'print(f"{\n1  # one\n}")'),
    ((3, 14), "try: pass\nexcept ValueError, KeyError: pass"),
    ((3, 14), "x = 1\nprint(t'{x}')"),
]
NEVER = [
    "def f(:\n    pass",
    "x = (1",
    "x = 'abc",
    "x = f'abc",
    "x = f'{1 +}'",
    "x = f'{}'",
    "x = f'{d['a'}'",
    "x = f'{1:{'",
    "class A[T]\n    pass",
    "class A[]: pass",
    "type X",
    "type = = 3",
    "except A, B: pass",
    "for i in range(3)\n    print(f'{i}')",
    "  x = 1",
    "if 1:\nx = 2",
    "if 1:\n        a = 1\n\tb = 2",
    "print 'hello'",
    "x = 3y",
    "a b",
    "\0",
    "x = '''",
    "# class A[T]: pass\nx = = 1",
    "'type X = int'\nx = = 1",
]


def error_of(text: str) -> SyntaxError | ValueError | None:
    try:
        compile(text, "x.py", "exec")
    except (SyntaxError, ValueError) as error:
        return error
    return None


@pytest.mark.parametrize(("version", "text"), NEWER)
def test_what_newer_pythons_have_added(version: tuple[int, int], text: str) -> None:
    """It is no Python before that version, and known to be Python since; a slip in a later line changes nothing."""
    error = error_of(text)
    assert (error is None) == (sys.version_info >= version)
    if isinstance(error, SyntaxError):
        assert is_newer(text, error)
        assert is_newer(f"{text}\nx = = 1", error)
        assert not is_newer(f"x = = 1\n{text}", error_of(f"x = = 1\n{text}"))  # type: ignore[arg-type]  # it is one


@pytest.mark.parametrize("text", NEVER)
def test_what_is_no_python_at_all(text: str) -> None:
    """A slip is never called that."""
    error = error_of(text)
    assert error is not None
    assert not (isinstance(error, SyntaxError) and is_newer(text, error))


@pytest.mark.skipif(sys.version_info >= (3, 14), reason="this Python knows it")
@pytest.mark.parametrize(("line", "is_new"), [("try: pass\nexcept A, B: pass", True), ("x = = 1", False)])
def test_what_is_said_of_it(solved: Path, line: str, is_new: bool) -> None:
    """It is said with the version that grades."""
    engine = solved / "engine.py"
    engine.write_text(f"{engine.read_text()}\n{line}\n")
    report = grade(read_submission(solved, read_kit().manifest), read_kit(), only=["mul"])
    shown = " ".join(click.unstyle(terminal.render(report)).split())
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert (f"This may be syntax of a newer Python; Python {version} grades here." in shown) == is_new
