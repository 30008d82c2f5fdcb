"""Which of the files that were read are graded, and which of the others these can import."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from grader.base.model import SourceFile
from grader.intake.reading import MAX_LOADED, Read
from grader.kit.gaps import marked, unfilled
from grader.kit.model import Manifest


@dataclass(frozen=True)
class Choice:
    """files: those that are graded. others: what they can import. is_loose: whether no file stands for one of the
    kit's, so that files of any name are graded."""

    files: list[SourceFile]
    others: list[SourceFile]
    is_loose: bool


def choose(read: Read, meant: Mapping[PurePosixPath, str], manifest: Manifest, is_own: bool) -> Choice:
    """Of each of the kit's files one, in the order of the kit; where there are none at all, the files at the top."""
    named = _of_the_kit(read.sources, manifest, is_own)
    is_loose = not named and not any(path in meant for path in read.refused)
    files = _at_the_top(read.sources) if is_loose else named
    return Choice(files, _others(read.sources, files), is_loose)


def of_module(sources: Sequence[SourceFile], module: str) -> list[SourceFile]:
    """Those of a name."""
    return [source for source in sources if source.module == module]


def _of_the_kit(sources: Sequence[SourceFile], manifest: Manifest, is_own: bool) -> list[SourceFile]:
    by_file = [of_module(sources, file.removesuffix(".py")) for file in manifest.files]
    return [min(some, key=_in_own_folder if is_own else _gaps) for some in by_file if some]


def _gaps(source: SourceFile) -> int:
    """How many gaps of the kit are still to be filled in."""
    return unfilled(source.text)


def _in_own_folder(source: SourceFile) -> tuple[int, int]:
    """The file at the top comes first if it was begun, else the notebook, if that was; copies elsewhere come last."""
    is_at_top = "/" not in source.path
    was_begun = _gaps(source) < max(1, marked(source.text))
    return 0 if is_at_top and was_begun else 1 if is_at_top or source.cells else 2, _gaps(source)


def _at_the_top(sources: Sequence[SourceFile]) -> list[SourceFile]:
    loose = [source for source in sources if source.module != "setup"] or sources
    top = min((source.path.count("/") for source in loose), default=0)
    return [source for source in loose if source.path.count("/") == top][:MAX_LOADED]


def _others(sources: Sequence[SourceFile], files: Sequence[SourceFile]) -> list[SourceFile]:
    """Of several of one name the first."""
    modules = {file.module for file in files}
    others = {source.module: source for source in reversed(sources) if source.module not in modules}
    return list(reversed(others.values()))
