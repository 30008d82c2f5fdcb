"""What the name of a file tells: what kind it is, and whether anybody made it; and the bytes, where a name does not."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

# A second download adds a number, a browser or a mail program an ending.
_ARCHIVE = re.compile(
    r"\.(?:zip|tgz|tbz2?|txz|tar(?: ?\(\d+\))?(?:\.(?:gz|bz2|xz))?)(?:[ .]?(?:\(\d+\)|txt|download))*$", re.IGNORECASE
)
SKIPPED = {"__pycache__", "node_modules", "site-packages"}
_ENVIRONMENTS = {"venv", "env"}  # what pip puts into one lies in folders of it; files in it are somebody's
_OF_SYSTEMS = {"desktop.ini", "thumbs.db", "ehthumbs.db", "icon\r", "__macosx", "$recycle.bin", "@eadir"}
MAX_DEPTH = 8
# What may hold work, and is not read.
_PACKED = (
    *(".7z", ".7z.001", ".rar", ".zipx", ".zip.001", ".z01", ".tar.zst", ".tar.lz", ".tar.lzma", ".tar.z", ".lzh"),
    *(".ace", ".cab", ".sit", ".sitx", ".dmg", ".iso", ".jar", ".whl", ".egg", ".bundle", ".dbc"),
)
_PACKED_ALONE = re.compile(r"(?:^[^.]*|\.(?:py|ipynb)(?:\.txt)?)\.(?:gz|bz2|xz|zst)$", re.IGNORECASE)
_DOCUMENTS = (".doc", ".docx", ".odt", ".rtf", ".pages")
# What work may have been printed to, or a link to where it is; mostly it is about the task.
_ABOUT = (
    *(".pdf", ".htm", ".html", ".mhtml", ".url", ".webloc", ".lnk", ".gdoc", ".eml", ".msg", ".pyc", ".diff", ".patch"),
)
_MARKUP = (".md", ".markdown", ".rmd", ".qmd", ".htm", ".html")
# A name that may have been Python's or a notebook's, or that says nothing: engine.txt, engine.py.bak, engine.py (1).
_OTHER = re.compile(r"^[^.]+$|[._](?:i?py|ipynb)|\.(?:txt|text|json|bak|old|orig)$", re.IGNORECASE)
_DEFINES = re.compile(rb"^(?:class|(?:async )?def)[ \t]+\w+[ \t]*[(:]", re.MULTILINE)


def is_taken(path: PurePosixPath) -> bool:
    """Whether a file is of any of these kinds."""
    return is_read(path) or is_archive(path)


def is_read(path: PurePosixPath) -> bool:
    """Whether a file may hold Python itself."""
    return is_python(path) or is_notebook(path)


def is_python(path: PurePosixPath) -> bool:
    """Whether a file is Python; .txt is what some browsers and mail programs add."""
    return path.name.lower().endswith((".py", ".py.txt"))


def is_notebook(path: PurePosixPath) -> bool:
    """Whether a file is a notebook; some browsers add .json or .txt."""
    return path.name.lower().endswith((".ipynb", ".ipynb.json", ".ipynb.txt"))


def is_archive(path: PurePosixPath) -> bool:
    """Whether a file is an archive."""
    return _ARCHIVE.search(path.name) is not None


def without_ending(name: str) -> str:
    """The name of a file without what says of which kind it is."""
    archive = _ARCHIVE.search(name)
    return name[: archive.start()] if archive else name.rpartition(".")[0] or name


def is_other(path: PurePosixPath) -> bool:
    """Whether a file may be Python or a notebook though its name does not say so: its bytes do."""
    is_named = _OTHER.search(path.name) is not None or path.name.lower().endswith(_MARKUP)
    return is_named and not (is_taken(path) or is_foreign(path) or path.name.lower().startswith("readme"))


def is_markup(path: PurePosixPath) -> bool:
    """Whether Python in a file is a part of something else."""
    return path.name.lower().endswith(_MARKUP)


def holds_cells(data: bytes) -> bool:
    """Whether these bytes are a notebook, whatever its name is."""
    narrow = _narrow(data)
    return narrow[:100].lstrip().startswith(b"{") and b'"cell_type"' in narrow


def holds_definitions(data: bytes) -> bool:
    """Whether there is a line in these bytes that begins a function or a class of Python."""
    return _DEFINES.search(_narrow(data).replace(b"\r", b"\n")) is not None


def begins_as_archive(data: bytes) -> bool:
    """Whether these bytes are an archive, whatever its name is."""
    return data.startswith((b"PK\3\4", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b"))


def _narrow(data: bytes) -> bytes:
    """What is ASCII in a text of whatever encoding."""
    return (data.replace(b"\0", b"") if b"\0" in data[:200] else data).lstrip(b"\xef\xbb\xbf\xff\xfe")


def is_foreign(path: PurePosixPath) -> bool:
    """Whether a file may hold work in a form that is not read."""
    return is_packed(path) or path.name.lower().endswith(_DOCUMENTS)


def is_packed(path: PurePosixPath) -> bool:
    """Whether a file is an archive of a kind that is not read."""
    return path.name.lower().endswith(_PACKED) or _PACKED_ALONE.search(path.name) is not None


def is_about(path: PurePosixPath) -> bool:
    """Whether a file that is not read may be all that somebody handed in: where nothing else is begun."""
    return path.name.lower().endswith(_ABOUT) and not path.name.lower().startswith("readme")


def is_wanted(path: PurePosixPath) -> bool:
    """Whether a path is neither hidden nor in a folder that other programs made."""
    is_installed = any(part in _ENVIRONMENTS for part in path.parts[:-2])
    return not is_installed and not any(part in SKIPPED or not is_anybodys(part) for part in path.parts)


def is_anybodys(name: str) -> bool:
    """Whether somebody may have made a file or folder of this name: neither is it hidden, nor left by a system."""
    return not name.startswith(".") and name.casefold() not in _OF_SYSTEMS
