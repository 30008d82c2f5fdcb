"""The kinds of files that a submission is read from, going by their names."""

from __future__ import annotations

from pathlib import PurePosixPath

ARCHIVES = (".zip", ".tar", ".tgz", ".tar.gz", ".tbz2", ".tar.bz2", ".txz", ".tar.xz")

# What may hold work, and is not read.
_PACKED = (".7z", ".rar", ".zipx", ".tar.zst", ".tar.lz")
_DOCUMENTS = (".doc", ".docx", ".odt", ".rtf", ".pages")


def is_taken(path: PurePosixPath) -> bool:
    """Whether a file is of any of these kinds."""
    return is_python(path) or is_notebook(path) or is_archive(path)


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
