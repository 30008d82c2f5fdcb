"""Makes a site: its files, of the kit and of the cache."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.base.zipped import zipped
from grader.kit import Kit
from grader.site.cache import contents, pinned
from grader.site.course import course
from grader.upkeep.package import package

HERE = Path(__file__).resolve().parent
ENGINE = HERE / "engine"
SERVICE = "service.js"  # at the top: a service worker is for what lies beside and below it
CLIENT = "engine/client.js"
LISTED = "engine/files.json"  # what is kept for times without a network
VERSION = b'"VERSION"'  # as it stands in both
EDITOR = "editor"  # the folder of the packages of the editor
BOOK = "grader/kit/exercises/book/"
# What no browser runs or reads in Python.
ASIDE = (
    "grader/cli/",
    "grader/classes/",
    "grader/upkeep/",
    "grader/book/",
    "grader/site/engine/",
    "grader/site/pages/",
    BOOK,
)
INSIDE = "grader/sandbox/"
# pytest colours code with pygments when it shows some, which it does not here: it is as large as all the rest.
COLOURLESS = {
    "pygments/__init__.py": "",
    "pygments/formatters/__init__.py": "",
    "pygments/formatters/terminal.py": "class TerminalFormatter: ...\n",
    "pygments/lexer.py": "class Lexer: ...\n",
    "pygments/lexers/__init__.py": "",
    "pygments/lexers/diff.py": "class DiffLexer: ...\n",
    "pygments/lexers/python.py": "class PythonLexer: ...\n",
}


@dataclass(frozen=True)
class Site:
    """{path: content}; first: those that a first visit loads, whatever page it is of."""

    files: Mapping[str, bytes]
    first: tuple[str, ...]

    @property
    def first_bytes(self) -> int:
        return sum(len(self.files[name]) for name in self.first)


def site(kit: Kit, cache: Path) -> Site:
    """The site. OutputError where the cache lacks something."""
    engine = {f"engine/{path.name}": path.read_bytes() for path in sorted(ENGINE.glob("*.js")) if path.name != SERVICE}
    python: dict[str, bytes] = {name: text.encode() for name, text in COLOURLESS.items()}
    files: dict[str, bytes] = dict(engine)
    imports: dict[str, str] = {}
    for one in pinned():
        found = contents(cache, one)
        if one.manager == "wheel":
            python |= found
        elif one.name == "pyodide":
            files |= {f"pyodide/{name}": content for name, content in found.items()}
        else:
            files |= {f"{EDITOR}/{one.name}/{name}": content for name, content in found.items()}
            imports[one.name] = f"./{EDITOR}/{one.name}/{one.files[0]}"
    own = package(kit)
    python |= {name: content for name, content in own.items() if not name.startswith(ASIDE)}
    inside = {
        name.removeprefix(INSIDE): content for name, content in own.items() if name.startswith(f"{INSIDE}inside/")
    }
    files |= {"engine/kit.zip": zipped(python), "engine/inside.zip": zipped(inside)}
    files |= course(kit, imports)
    files[LISTED] = json.dumps(["", *_first(files)]).encode()  # "": the folder itself
    return Site(files | _versioned(files), tuple(_first(files)))


def _versioned(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The scripts that keep files in the browser, with a version that is another one where any file is."""
    digest = hashlib.sha256()
    for name, content in sorted(files.items()):
        digest.update(f"{name}\n{hashlib.sha256(content).hexdigest()}\n".encode())
    version = json.dumps(digest.hexdigest()[:16]).encode()
    service = (ENGINE / SERVICE).read_bytes()
    return {
        SERVICE: service.replace(VERSION, version),
        CLIENT: files[CLIENT].replace(VERSION, version),
    }


def _first(files: Mapping[str, bytes]) -> Iterator[str]:
    yield from (name for name in files if not name.upper().endswith(("LICENSE", "LICENSE.TXT", ".PICKLE")))
