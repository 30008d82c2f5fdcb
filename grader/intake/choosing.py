"""Which of the files that were read are graded, and which of the others these can import."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from grader.base.model import SourceFile
from grader.intake.reading import MAX_LOADED, Read
from grader.kit.gaps import UNFILLED, marked, unfilled
from grader.kit.model import Manifest

OPERATORS = ("__add__", "__mul__", "__truediv__", "__pow__")  # whatever the class is called


@dataclass(frozen=True)
class Choice:
    """files: those that are graded. others: what they can import. is_loose: whether no file stands for one of the
    kit's, so that files of any name are graded. instead: the path of a file of another name, and the kit's files that
    it stands for."""

    files: list[SourceFile]
    others: list[SourceFile]
    is_loose: bool
    instead: Mapping[str, Sequence[str]] = field(default_factory=dict)


def choose(read: Read, meant: Mapping[PurePosixPath, str], manifest: Manifest, is_own: bool) -> Choice:
    """Of each of the kit's files one, in the order of the kit; where there are none at all, the files at the top."""
    sources = _without_the_kits_own(read.sources, manifest)
    named = _of_the_kit(sources, manifest, is_own)
    is_loose = not named and not any(path in meant for path in read.refused)
    if is_loose:
        files = _at_the_top(sources)
        return Choice(files, _others(sources, files), is_loose)
    files, instead = _with_work_elsewhere(named, sources, manifest)
    named, beside = _under_names_to_import(files, instead)
    return Choice(named, _others([*beside, *sources], named), is_loose, instead)


def _without_the_kits_own(sources: Sequence[SourceFile], manifest: Manifest) -> list[SourceFile]:
    """The files without what a copy of the kit's repository holds of its own beside exercises/: solutions/ as they
    came, the grader and its tests are nobody's work."""
    paths = {source.path: PurePosixPath(source.path) for source in sources}
    there = {path.parent for path in paths.values()}
    own = {
        source.path
        for source in sources
        if paths[source.path].parent.name == "solutions"
        and paths[source.path].parent.parent / "exercises" in there
        and manifest.is_solution(f"{source.module}.py", source.text)
    }
    roots = {paths[path].parent.parent for path in own}
    kits = [root / folder for root in roots for folder in ("grader", "tests")]
    return [s for s in sources if s.path not in own and not any(map(paths[s.path].is_relative_to, kits))]


def of_module(sources: Sequence[SourceFile], module: str) -> list[SourceFile]:
    """Those of a name."""
    return [source for source in sources if source.module == module]


def _of_the_kit(sources: Sequence[SourceFile], manifest: Manifest, is_own: bool) -> list[SourceFile]:
    by_file = [of_module(sources, file.removesuffix(".py")) for file in manifest.files]
    return [min(some, key=_in_own_folder if is_own else _gaps) for some in by_file if some]


def _with_work_elsewhere(
    named: Sequence[SourceFile], sources: Sequence[SourceFile], manifest: Manifest
) -> tuple[list[SourceFile], dict[str, list[str]]]:
    """The kit's files, and in the place of those that are missing or as they came the file of another name that holds
    most of what was to be in them; and the path of each such file with the files that it stands for."""
    files = {source.module: source for source in named}
    kits = {file.removesuffix(".py") for file in manifest.files}
    others = [source for source in sources if source.module not in kits and not is_as_it_came(source)]
    found: dict[str, SourceFile] = {}
    instead: dict[str, list[str]] = {}
    for file in manifest.files:
        module = file.removesuffix(".py")
        if module in files and not is_as_it_came(files[module]):
            continue
        wanted = _definitions(manifest, file)
        able = [source for source in others if wanted.search(source.text)]
        if able:
            best = max(able, key=lambda source: len(wanted.findall(source.text)) - _gaps_of(source, manifest, file))
            files.pop(module, None)
            found[best.path] = best
            instead.setdefault(best.path, []).append(file)
    return [*found.values(), *files.values()], instead


def _under_names_to_import(
    files: Sequence[SourceFile], instead: Mapping[str, Sequence[str]]
) -> tuple[list[SourceFile], list[SourceFile]]:
    """The files, each under a name that can be imported, and beside those that stand for others of the kit what makes
    what they define known under these names: `from engine import Value` finds the Value of engine_v2.py."""
    named, beside = [], []
    for file in files:
        stands_for = [name.removesuffix(".py") for name in instead.get(file.path, [])]
        if stands_for and not file.module.isidentifier():
            file = replace(file, module=stands_for[0])
        named.append(file)
        beside += [
            SourceFile(module, f"{module}.py", f"from {file.module} import *\n")
            for module in stands_for
            if module != file.module
        ]
    return named, beside


def _gaps_of(source: SourceFile, manifest: Manifest, file: str) -> int:
    """How many gaps of one of the kit's files are still to be filled in."""
    return sum(source.text.count(f'{UNFILLED}"{gap}"') for gap in {e.gap for e in manifest.exercises if e.file == file})


def is_as_it_came(source: SourceFile) -> bool:
    """Whether none of the gaps of a file of the kit has been filled in."""
    return _gaps(source) >= max(1, marked(source.text))


def _definitions(manifest: Manifest, file: str) -> re.Pattern[str]:
    """What defines the names that a file of the kit is to define, at the top level; of Value any class that can add."""
    parts = [symbol.partition(".") for e in manifest.exercises if e.file == file for symbol in e.symbols]
    functions = "|".join(sorted({name for name, _, _ in parts}))
    methods = "|".join(sorted({method for _, _, method in parts if method in OPERATORS}))
    operators = rf"|^[ \t]+def (?:{methods})\b" if methods else ""
    return re.compile(rf"^(?:class|def) (?:{functions})\b{operators}", re.MULTILINE)


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
    modules, paths = {file.module for file in files}, {file.path for file in files}
    some = (source for source in reversed(sources) if source.module not in modules and source.path not in paths)
    others = {source.module: source for source in some}
    return list(reversed(others.values()))
