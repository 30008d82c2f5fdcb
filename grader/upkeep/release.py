"""Makes exercises/ from solutions/: what stands between `# exercise: ID` and `# end` becomes a gap, in the files and in
the notebook edition that holds all of them. It makes the pictures of the book as well."""

from __future__ import annotations

import functools
import json
import re
from pathlib import Path
from typing import Any

import nbformat

from grader.base import messages
from grader.base.errors import GraderError
from grader.base.points import shown
from grader.book.pictures import pictures
from grader.book.source import LANGUAGE, chapters, folder, summary
from grader.grading import reference
from grader.intake.notebook import ASIDE, MARK
from grader.kit import NOTEBOOK, README, Kit
from grader.kit.gaps import BEGIN, emptied, faults, gaps, marked, unfilled
from grader.sandbox.inside.reading.notebook import METADATA

# Around the path in the manual of learners, which is written by hand apart from that.
PATH_BEGIN = "<!-- begin of the path: made by mg-grade release from exercises.toml -->"
PATH_END = "<!-- end of the path -->"


@functools.cache
def stubs(kit: Kit) -> dict[str, str]:
    """Every file that learners get a copy of: {file name: text}. GraderError says all that is wrong with the
    solutions."""
    broken = reference.faults(kit)
    if broken:
        raise GraderError("\n".join(broken))
    solutions = {file: kit.solution(file) for file in kit.manifest.files}
    wrong = [f"solutions/{file}:{line}: {why}" for file, text in solutions.items() for line, why in faults(text)]
    wanted = {exercise.gap: exercise for exercise in kit.manifest.exercises}
    found = {(file, gap.exercise): gap.start for file, text in solutions.items() for gap in gaps(text)}
    wrong += [
        messages.GAP_OF_NONE.format(file=file, line=line, id=gap)
        for (file, gap), line in found.items()
        if gap not in wanted
    ]
    wrong += [
        messages.NO_GAP_FOR.format(id=exercise.id, mark=f"{BEGIN}{gap}", file=exercise.file)
        for gap, exercise in wanted.items()
        if (exercise.file, gap) not in found
    ]
    if wrong:
        raise GraderError("\n".join(wrong))
    texts = {file: emptied(text) for file, text in solutions.items()}
    return {**texts, NOTEBOOK: make_notebook(kit, texts), README: make_path(kit)}


def make_path(kit: Kit) -> str:
    """The manual of learners, with the path through the chapters as the manifest has it now: what there is to do, and
    how long it is likely to take. GraderError where the marks around the path are gone."""
    manual = kit.stub(README)
    before, begin, rest = manual.partition(PATH_BEGIN)
    _, end, after = rest.partition(PATH_END)
    if not begin or not end:
        raise GraderError(messages.PATH_MARKS_GONE.format(file=README, begin=PATH_BEGIN, end=PATH_END))
    return f"{before}{begin}\n{_path(kit)}{end}{after}"


def _path(kit: Kit) -> str:
    manifest = kit.manifest
    hours = sum(exercise.minutes for exercise in manifest.exercises) / 60
    text = messages.PATH_HEAD.format(hours=round(hours))
    for chapter in chapters(kit):
        file = chapter.file
        path = f"{folder(kit).relative_to(kit.exercises).as_posix()}/{chapter.name}.md"
        text += messages.PATH_TITLE.format(title=chapter.heading, path=path, summary=summary(chapter)).rstrip() + "\n"
        if not file:
            continue
        exercises = [exercise for exercise in manifest.exercises if exercise.file == file]
        others = ", ".join(f"`{other}`" for other in manifest.rests_on[file])
        text += messages.PATH_CHAPTER.format(
            file=file,
            minutes=sum(exercise.minutes for exercise in exercises),
            rests_on=messages.PATH_RESTS_ON.format(files=others) if others else "",
        )
        for exercise in exercises:
            points = f"{shown(exercise.points)}{messages.PATH_BONUS if exercise.bonus else ''}"
            text += f"| {exercise.id} | {exercise.title} | {exercise.minutes} | {points} |\n"
    return text


def make_notebook(kit: Kit, texts: dict[str, str]) -> str:
    """The notebook edition of the stubs: for each file its reading, then a cell for each of its definitions, with
    another below that checks what there is to fill in."""
    setup = f"{MARK}{ASIDE}\n{messages.NOTEBOOK_SETUP}"
    cells = [_cell("markdown", "title", messages.NOTEBOOK_TITLE), _cell("code", "setup", setup)]
    kit_import = re.compile(
        rf"^from (?:{'|'.join(file.removesuffix('.py') for file in texts)}) import .*\n", re.MULTILINE
    )
    for file, text in texts.items():
        _, reading, code = text.split('"""', 2)
        headline, _, rest = reading.partition("\n")
        cells.append(_cell("markdown", f"{file}-reading", f"## {headline.rstrip('.')}\n{rest}".strip()))
        # In a notebook the chapters before are there already.
        parts = re.split(r"\n\n\n(?=\S)", kit_import.sub("", code).strip())
        last = {gap: i for i, part in enumerate(parts) for gap in re.findall(rf"{BEGIN}(\S+)", part)}
        exercises = [exercise for exercise in kit.manifest.exercises if exercise.gap in last]
        # What stands in several cells, or needs what stands in a later one, is checked below the last of them.
        below = {e.id: max(last[e.gap], *(last.get(need, 0) for need in e.needs), 0) for e in exercises}
        for i, part in enumerate(parts):
            # The same cell has the same id in another version of the kit, whatever comes in before it.
            defined = re.search(r"^(?:def|class) (\w+)", part, re.MULTILINE)
            name = f"{file}-{defined[1] if defined else 'imports'}"
            cells.append(_cell("code", name, f"{MARK}{file}\n{part}", {METADATA: {"file": file}}))
            ids = [exercise.id for exercise in exercises if below[exercise.id] == i]
            if ids:
                call = f"mg_check({', '.join(map(json.dumps, ids))})"
                cells.append(_cell("code", f"{name}-check", f"{MARK}{ASIDE}\n{messages.NOTEBOOK_IMPORT}\n{call}"))
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})  # type: ignore[no-untyped-call]  # no types
    nbformat.validate(notebook)
    return f"{nbformat.writes(notebook)}\n"  # type: ignore[no-untyped-call]  # nor has this


def _cell(kind: str, name: str, text: str, metadata: dict[str, Any] | None = None) -> Any:
    """A cell with an id that is the same every time."""
    make: Any = {"code": nbformat.v4.new_code_cell, "markdown": nbformat.v4.new_markdown_cell}[kind]
    return make(text, id=re.sub(r"[^A-Za-z0-9-]", "-", name), metadata=metadata or {})


@functools.cache
def files(kit: Kit) -> dict[str, str]:
    """Every file that a release writes: {path: text}. GraderError as with stubs, or where a picture cannot be drawn."""
    return stubs(kit) | {f"book/{LANGUAGE}/pictures/{name}.svg": text for name, text in pictures(kit).items()}


def stale_stubs(kit: Kit, folder: Path) -> list[str]:
    """The files of a folder that are not what a release writes there."""
    return [file for file, text in files(kit).items() if _text(folder / file) != text]


def filled_in(kit: Kit, folder: Path) -> list[str]:
    """The files of a folder in which a gap is filled in: somebody's work."""
    there = {file: _text(folder / file) for file in stubs(kit)}
    return [file for file, text in there.items() if unfilled(text) < marked(text)]


def write_stubs(kit: Kit, folder: Path) -> None:
    """Write the files of a release into a folder."""
    for file, text in files(kit).items():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(text, encoding="utf-8", newline="\n")


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""
