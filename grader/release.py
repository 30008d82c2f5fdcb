"""Makes exercises/*.py from solutions/*.py: what stands between `# exercise: ID` and `# end` becomes a gap."""

from __future__ import annotations

import functools
from pathlib import Path

from grader import kit_paths
from grader.errors import GraderError
from grader.manifest import kit_manifest

BEGIN = "# exercise: "
END = "# end"
GAP = "raise NotImplementedError("


@functools.cache
def stubs() -> dict[str, str]:
    """Every file that a release writes: {file name: text}."""
    manifest = kit_manifest()
    gaps: set[str] = set()
    texts: dict[str, str] = {}
    for file in manifest.files:
        texts[file] = make_stub((kit_paths.solutions() / file).read_text(encoding="utf-8"), file, gaps)
    wanted = {exercise.gap for exercise in manifest.exercises}
    if gaps != wanted:
        raise GraderError(f"solutions/ and the manifest disagree about the gaps of {sorted(gaps ^ wanted)}.")
    return texts


def make_stub(solution: str, file: str, gaps: set[str]) -> str:
    """The text of a solution with its gaps in place of the answers; the ids of the gaps are added to `gaps`."""
    lines: list[str] = []
    inside = ""
    for number, line in enumerate(solution.splitlines(), 1):
        mark = line.strip()
        indent = line[: len(line) - len(line.lstrip())]
        if mark.startswith(BEGIN):
            if inside:
                raise GraderError(f"solutions/{file}:{number}: a gap begins inside the gap {inside}.")
            inside = mark.removeprefix(BEGIN)
            gaps.add(inside)
            lines += [line, f'{indent}raise NotImplementedError("{inside}")']
        elif mark == END:
            if not inside:
                raise GraderError(f"solutions/{file}:{number}: a gap ends that has not begun.")
            inside = ""
            lines.append(line)
        elif not inside:
            lines.append(line)
    if inside:
        raise GraderError(f"solutions/{file}: the gap {inside} has no end.")
    return "\n".join(lines) + "\n"


def stale_stubs(folder: Path) -> list[str]:
    """The files of a folder that are not what a release writes there."""
    return [file for file, text in stubs().items() if _text(folder / file) != text]


def filled_in(folder: Path) -> list[str]:
    """The files of a folder in which a gap is filled in: somebody's work."""
    there = {file: _text(folder / file) for file in stubs() if (folder / file).exists()}
    return [file for file, text in there.items() if text.count(GAP) < stubs()[file].count(GAP)]


def write_stubs(folder: Path) -> None:
    """Write the files of a release into a folder."""
    for file, text in stubs().items():
        (folder / file).write_text(text, encoding="utf-8", newline="\n")


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""
