"""The pages of the course: those of the book, with an editor in each exercise, and those that only a browser has."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from grader import __version__
from grader.base import messages
from grader.book.pages import exercise_anchor, file_name, pages, templates_of
from grader.book.source import chapters
from grader.explore.training import LEARNING_RATES, MAX_HIDDEN, OPTIMISERS, TASKS
from grader.kit import Kit

PAGES = Path(__file__).parent / "pages"
STYLE = "site.css"
OWN_PAGES = ("work.html", "look.html")
_TEXT = re.compile(r"\btext\.([A-Z0-9_]+)")  # as a script names it


def course(kit: Kit, imports: Mapping[str, str]) -> dict[str, bytes]:
    """{path: content} of the pages, their scripts and what these read. imports: what a name of a package stands for in
    a script."""
    templates = templates_of(jinja2.PackageLoader("grader.site", "pages/templates"))
    where = Markup(json.dumps({"imports": imports}))  # noqa: S704 - names of packages and files, our own
    templates.globals |= {"imports": where, "site_policy": _policy(str(where))}
    made = pages(kit, templates)
    made |= {name: templates.get_template(name).render(exercises=_exercises(kit)).encode() for name in OWN_PAGES}
    scripts = {f"pages/{path.name}": path.read_bytes() for path in sorted(PAGES.glob("*.js"))}
    data = json.dumps(_data(kit, b"\n".join(scripts.values()).decode()), ensure_ascii=False)
    return made | scripts | {STYLE: (PAGES / STYLE).read_bytes(), "pages/data.json": data.encode()}


def _data(kit: Kit, scripts: str) -> dict[str, Any]:
    """What the scripts read: texts, exercises in their order, files as handed out, what can be trained on."""
    tasks = {
        name: {"classes": task.classes, "settings": dataclasses.asdict(task.settings)} for name, task in TASKS.items()
    }
    return {
        "version": __version__,
        "texts": {name: getattr(messages, name) for name in sorted(set(_TEXT.findall(scripts)))},
        "exercises": _exercises(kit),
        "files": {file: kit.stub(file) for file in kit.manifest.files},
        "datasets": tasks,
        "optimisers": OPTIMISERS,
        "learning_rates": LEARNING_RATES,
        "most_hidden": MAX_HIDDEN,
    }


def _exercises(kit: Kit) -> list[dict[str, Any]]:
    found = []
    for chapter in chapters(kit):
        for name in chapter.exercises:
            one = kit.manifest.by_id[name]
            page = f"{file_name(chapter)}#{exercise_anchor(name)}"
            plain = {key: getattr(one, key) for key in ("id", "title", "file", "gap", "bonus", "minutes")}
            found.append({**plain, "points": float(one.points), "page": page, "chapter": chapter.heading})
    return found


def _policy(imports: str) -> str:
    """The Content-Security-Policy. Styles are written into elements, by the editor and by what the grader says; scripts
    are nowhere but in files."""
    digest = base64.b64encode(hashlib.sha256(imports.encode()).digest()).decode()
    return (
        f"default-src 'none'; script-src 'self' 'wasm-unsafe-eval' 'sha256-{digest}'; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'"
    )
