"""What the name of a file tells: what kind it is, and whether anybody made it."""

from __future__ import annotations

from pathlib import PurePosixPath

ARCHIVES = (".zip", ".tar", ".tgz", ".tar.gz", ".tbz2", ".tar.bz2", ".txz", ".tar.xz")

SKIPPED = {"__pycache__", "node_modules", "venv", "env", "site-packages"}
_OF_SYSTEMS = {"desktop.ini", "thumbs.db", "ehthumbs.db", "icon\r", "__macosx", "$recycle.bin", "@eadir"}
MAX_DEPTH = 8
# What may hold work, and is not read.
_PACKED = (".7z", ".rar", ".zipx", ".tar.zst", ".tar.lz")
_DOCUMENTS = (".doc", ".docx", ".odt", ".rtf", ".pages")


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
    return path.name.lower().endswith(ARCHIVES)


def is_foreign(path: PurePosixPath) -> bool:
    """Whether a file may hold work in a form that is not read."""
    return is_packed(path) or path.name.lower().endswith(_DOCUMENTS)


def is_packed(path: PurePosixPath) -> bool:
    """Whether a file is an archive of a kind that is not read."""
    return path.name.lower().endswith(_PACKED)


def is_wanted(path: PurePosixPath) -> bool:
    """Whether a path is neither hidden nor in a folder that other programs made."""
    return not any(part in SKIPPED or not is_anybodys(part) for part in path.parts)


def is_anybodys(name: str) -> bool:
    """Whether somebody may have made a file or folder of this name: neither is it hidden, nor left by a system."""
    return not name.startswith(".") and name.casefold() not in _OF_SYSTEMS
