"""Makes what students get: the exercises as they came, and a wheel of mg-grade, with or without the answers.

The edition without answers is made of what is named here. What is not named is not in it: a new room, or a new module
in one that is not there as a whole, stays out until somebody has thought about it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from grader import __version__
from grader.base import messages
from grader.base.text import printable
from grader.book.source import book_files
from grader.kit import GRADED_AT, GRADER, NOTEBOOK, README, Kit
from grader.upkeep import edition, release
from grader.upkeep.package import distribution, package
from grader.upkeep.wheel import wheel, wheel_name

EXERCISES = "exercises"
VERSION = f"{__version__}+handout"
# What shows the book. (What proves that it is in step is no student's.)
BOOK = (
    *(f"{name}.py" for name in ("__init__", "latex", "markdown", "mathml", "pages", "pictures_in_characters")),
    *(f"{name}.py" for name in ("plain", "source", "stub")),
    *(f"templates/{name}" for name in ("book.css", "chapter.html", "exercise.html", "frame.html", "index.html")),
)
# Of grader/, a room as a whole or a file by itself.
PARTS = (
    "__init__.py",
    "__main__.py",
    "base",
    "sandbox",
    "intake",
    "explore",
    *(f"book/{name}" for name in BOOK),
    *(f"kit/{name}.py" for name in ("__init__", "gaps", "manifest", "model", "naming", "pieces")),
    *(
        f"reports/{name}.py"
        for name in ("__init__", "drawing", "screen", "wording", "forms/__init__", "forms/terminal")
    ),
    *(f"reports/pages/{name}" for name in ("__init__.py", "style.css", "table.js")),
    *(f"study/{name}.py" for name in ("__init__", "begun", "cells", "folder", "merge", "progress", "upgrade")),
    *(
        f"cli/{name}.py"
        for name in ("__init__", "bash", "book", "completion", "doctor", "exercises", "files", "output")
    ),
    *(f"cli/{name}.py" for name in ("pictures", "stopping", "train", "ungraded")),
)
# What stands there in the place of another module.
INSTEAD = {"grader/study/notebook.py": "study/ungraded_notebook.py"}
NEEDS = {"click", "jinja2", "latex2mathml", "markdown-it-py"}  # of what the whole package needs
EXTRAS = {"plot"}


@dataclass(frozen=True)
class Handout:
    """What students get. kit: {path: content} of the folder of a kit that they copy from. beside: the other files."""

    kit: dict[str, bytes]
    beside: dict[str, bytes]
    wheel: str


def without_answers(kit: Kit, graded_at: str) -> Handout:
    """A handout that grades nothing. graded_at: a sentence that says where the work is graded."""
    where = printable(" ".join(graded_at.split()))
    exercises = _exercises(kit, is_whole=False)
    content = wheel(VERSION, _files(exercises, where), _metadata(), _licence())
    return _handout(exercises, VERSION, content, messages.HANDOUT_NEXT.format(where=where))


def with_tests(kit: Kit) -> Handout:
    """The same with the package as it is: for study."""
    exercises = _exercises(kit, is_whole=True)
    return _handout(exercises, __version__, whole_wheel(kit), messages.HANDOUT_NEXT_WITH_TESTS)


def _handout(exercises: dict[str, bytes], version: str, content: bytes, what_next: str) -> Handout:
    name = wheel_name(version)
    install = f"python3 -m venv .venv && .venv/bin/python -m pip install ./{name}"
    on_windows = f"py -m venv .venv; .venv\\Scripts\\python -m pip install .\\{name}"
    readme = messages.HANDOUT_README.format(install=install, install_on_windows=on_windows, next=what_next)
    return Handout(exercises, {README: readme.encode(), name: content}, name)


def whole_wheel(kit: Kit) -> bytes:
    """mg-grade as it is here, with the exercises as a release makes them."""
    stubs = {f"grader/kit/{name}": content for name, content in _exercises(kit, is_whole=True).items()}
    metadata = distribution().read_text("METADATA") or ""
    metadata = re.sub("^Version: .*", f"Version: {__version__}", metadata, count=1, flags=re.MULTILINE)
    return wheel(__version__, package(kit) | stubs, metadata, _licence())


def _files(exercises: dict[str, bytes], where: str) -> dict[str, bytes]:
    """The files of the package, as far as they are named in PARTS."""
    files: dict[str, bytes] = {}
    for part in PARTS:
        path = GRADER / part
        for module in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            files[f"grader/{module.relative_to(GRADER).as_posix()}"] = module.read_bytes()
    files |= {name: (GRADER / module).read_bytes() for name, module in INSTEAD.items()}
    files |= {f"grader/kit/{name}": content for name, content in exercises.items()}
    return files | {f"grader/kit/{GRADED_AT}": f"{where}\n".encode()}


def _exercises(kit: Kit, is_whole: bool) -> dict[str, bytes]:
    """The exercises and the data sets: the stubs as a release makes them, as those of a checkout may be filled in.
    is_whole: whether there will be something that grades; else notebook and manual do not speak of it."""
    stubs = release.stubs(kit)
    if is_whole:
        stubs = stubs | {NOTEBOOK: edition.with_wheel(stubs[NOTEBOOK], wheel_name(__version__))}
    else:
        notebook = edition.without_checks(stubs[NOTEBOOK], messages.HANDOUT_NOTEBOOK)
        stubs = stubs | {NOTEBOOK: notebook, README: _manual(stubs[README])}
    files = {f"{EXERCISES}/{name}": text.encode() for name, text in stubs.items()}
    files |= {
        f"{EXERCISES}/{name}": (kit.exercises / name).read_bytes() for name in ("exercises.toml", *book_files(kit))
    }
    return files | {f"datasets/{path.name}": path.read_bytes() for path in kit.data}


def _manual(manual: str) -> str:
    """A short manual of what works without answers, with the path of the long one."""
    _, begin, path = manual.partition(release.PATH_BEGIN)
    return f"{messages.HANDOUT_MANUAL}{begin}{path.partition(release.PATH_END)[0]}{release.PATH_END}\n"


def _licence() -> str:
    return distribution().read_text("licenses/LICENSE") or ""


def _metadata() -> str:
    known = distribution().requires or []
    needs = [need for need in known if "extra ==" not in need and re.split(r"[^\w-]", need)[0] in NEEDS]
    extras = {extra: [need for need in known if f"extra == '{extra}'" in need] for extra in EXTRAS}
    rows = {"Metadata-Version": "2.1", "Name": "mg-grade", "Version": VERSION, "Summary": messages.HANDOUT_SUMMARY}
    lines = [f"{name}: {text}" for name, text in (rows | {"License": "MIT", "Requires-Python": ">=3.11"}).items()]
    lines += [f"Requires-Dist: {need}" for need in needs]
    for extra, its in extras.items():
        lines += [f"Provides-Extra: {extra}", *(f"Requires-Dist: {need}" for need in its)]
    return "\n".join(lines) + "\n"
