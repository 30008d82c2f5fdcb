"""Which of the files that were read are graded, and which of the others these can import."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from grader.base.model import SourceFile
from grader.intake.reading import MAX_LOADED, Read
from grader.intake.work import Work, is_as_it_came
from grader.kit.gaps import marked, unfilled
from grader.kit.model import Manifest

Found = Mapping[str, Sequence[SourceFile]]  # a file of the kit -> those that are graded for it


@dataclass(frozen=True)
class Choice:
    """files: those that are graded. others: what they can import. is_loose: whether no file stands for one of the
    kit's, so that files of any name are graded. instead: the path of a file of another name, and the kit's files that
    it stands for. undecided: one of the kit's files, and the paths of those that hold work for it that is not graded.
    """

    files: list[SourceFile]
    others: list[SourceFile]
    is_loose: bool
    instead: Mapping[str, Sequence[str]] = field(default_factory=dict)
    undecided: Mapping[str, Sequence[str]] = field(default_factory=dict)


def choose(read: Read, meant: Mapping[PurePosixPath, str], manifest: Manifest, is_own: bool) -> Choice:
    """For each of the kit's files the one that holds most of it, in the order of the kit; where none has such a name,
    all that hold any, and what is at the top."""
    sources = _without_the_kits_own(read.sources, manifest)
    work = Work(manifest)
    named = _of_the_kit(sources, work, manifest, is_own)
    is_loose = not named and not any(path in meant for path in read.refused)
    found = {file: _graded_for(file, named.get(file), sources, work, manifest, is_own) for file in manifest.files}
    undecided = {} if is_own else dict(_undecided(found, sources, work, manifest))
    chosen = _once([source for some in found.values() for source in some])
    if is_loose:
        files = _under_names_of_their_own(_once([*chosen, *_at_the_top(sources)])[:MAX_LOADED])
        return Choice(files, _others(sources, files), is_loose, undecided=undecided)
    instead: dict[str, list[str]] = {}
    for file, some in found.items():
        for source in some:
            if f"{source.module}.py" != file:
                instead.setdefault(source.path, []).append(file)
    own = {source.path for file, some in found.items() for source in some if f"{source.module}.py" == file}
    files, beside = _under_names_to_import(sorted(chosen, key=lambda its: its.path not in instead), instead, own)
    return Choice(files, [*beside, *_others(sources, [*files, *beside])], is_loose, instead, undecided)


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


def _of_the_kit(sources: Sequence[SourceFile], work: Work, manifest: Manifest, is_own: bool) -> dict[str, SourceFile]:
    """Of those with the name of one of the kit's files the one in which most is done."""
    found = {}
    for file in manifest.files:
        some = of_module(sources, file.removesuffix(".py"))
        if some and is_own:
            found[file] = min(some, key=_in_own_folder)
        elif some:
            found[file] = min(some, key=lambda its: (-len(work.of(its, file)), unfilled(its.text)))
    return found


def _graded_for(
    file: str, named: SourceFile | None, sources: Sequence[SourceFile], work: Work, manifest: Manifest, is_own: bool
) -> list[SourceFile]:
    """What is graded for one of the kit's files: that of its name, unless that is as it came, or another holds all
    that is done in it and more. Then it is the one that holds most, with those that hold what it does not."""
    kits = {other.removesuffix(".py") for other in manifest.files}
    able = [source for source in sources if source.module not in kits and work.of(source, file)]
    if named is None:  # a file may have a name of the kit's by chance: an engine in tensor.py
        able += [s for s in sources if s.module in kits and not work.of(s, f"{s.module}.py") and work.of(s, file)]
    is_begun = named is not None and not is_as_it_came(named)
    if named is not None and is_begun:
        done = work.of(named, file)
        able = [] if is_own else [source for source in able if done < work.of(source, file)]
    elif named is not None and not is_own:  # all may have been written into the file of another chapter
        most = sum(exercise.file == file for exercise in manifest.exercises)
        able += [s for s in sources if s.module in kits and s is not named and 2 * len(work.of(s, file)) > most]
    some: list[SourceFile] = []
    for source in sorted(able, key=lambda source: -len(work.of(source, file))):
        if work.of(source, file) - work.of_all(some, file):
            some.append(source)
    if named is not None and any(_imports(source, named.module) for source in some if source is not named):
        return [named, *(source for source in some if source is not named)]  # they add to what it holds
    return some or ([named] if named else [])


def _imports(source: SourceFile, module: str) -> bool:
    """Whether a file imports something from another one, or all of it."""
    return re.search(rf"^(?:from|import) +(?:\w*\.)*{re.escape(module)}\b", source.text, re.MULTILINE) is not None


def _undecided(
    found: Found, sources: Sequence[SourceFile], work: Work, manifest: Manifest
) -> Iterable[tuple[str, list[str]]]:
    """The kit's files for which there is work that is not graded, as other work is: which of them is right, nobody can
    know here."""
    chosen = {source.path for some in found.values() for source in some}
    for file, graded in found.items():
        done = work.of_all(graded, file)
        paths = []
        for source in (source for source in sources if source not in graded):
            ids = work.of(source, file)
            exercises = [manifest.by_id[i] for i in ids]
            is_told = source.path in chosen or any(work.is_same(source, other, exercises) for other in graded)
            if ids - done or (ids and not is_told):
                paths.append(source.path)
        if paths:
            yield file, paths


def _once(sources: Iterable[SourceFile]) -> list[SourceFile]:
    return list({source.path: source for source in sources}.values())


def _under_names_to_import(
    files: Sequence[SourceFile], instead: Mapping[str, Sequence[str]], own: Collection[str]
) -> tuple[list[SourceFile], list[SourceFile]]:
    """The files, each under a name that can be imported, and beside those that stand for others of the kit what makes
    what they define known under these names: `from engine import Value` finds the Value of engine_v2.py. own: the paths
    of those that are graded for the file of the kit whose name they have."""
    shares = Counter(name for names in instead.values() for name in names)

    def gives_up(file: SourceFile) -> bool:
        """Whether its name cannot be imported, or is that of a file for which another stands."""
        return not file.module.isidentifier() or (f"{file.module}.py" in shares and file.path not in own)

    taken = {file.module for file in files if not gives_up(file)}
    alone = []
    for file in files:
        modules = [name.removesuffix(".py") for name in instead.get(file.path, []) if shares[name] == 1]
        if modules and gives_up(file) and modules[0] not in taken:
            file = replace(file, module=modules[0])
        alone.append(file)
    named = _under_names_of_their_own(alone)
    imports: dict[str, list[str]] = {}
    for file in named:
        for name in instead.get(file.path, []):
            imports.setdefault(name.removesuffix(".py"), []).append(f"from {file.module} import *\n")
    there = {file.module for file in named}
    beside = [SourceFile(name, f"{name}.py", "".join(lines)) for name, lines in imports.items() if name not in there]
    return named, beside


def _under_names_of_their_own(files: Sequence[SourceFile]) -> list[SourceFile]:
    """The files, no two under one name."""
    named: dict[str, SourceFile] = {}
    for file in files:
        module = file.module
        while module in named:
            module += "_"
        named[module] = replace(file, module=module)
    return list(named.values())


def _in_own_folder(source: SourceFile) -> tuple[int, int]:
    """The file at the top comes first if it was begun, else the notebook, if that was; copies elsewhere come last."""
    is_at_top = "/" not in source.path
    gaps = unfilled(source.text)
    was_begun = gaps < max(1, marked(source.text))
    return 0 if is_at_top and was_begun else 1 if is_at_top or source.cells else 2, gaps


def _at_the_top(sources: Sequence[SourceFile]) -> list[SourceFile]:
    loose = [source for source in sources if source.module != "setup"] or sources
    top = min((source.path.count("/") for source in loose), default=0)
    return [source for source in loose if source.path.count("/") == top]


def _others(sources: Sequence[SourceFile], files: Sequence[SourceFile]) -> list[SourceFile]:
    """Of several of one name the first."""
    modules, paths = {file.module for file in files}, {file.path for file in files}
    some = (source for source in reversed(sources) if source.module not in modules and source.path not in paths)
    others = {source.module: source for source in some}
    return list(reversed(others.values()))
