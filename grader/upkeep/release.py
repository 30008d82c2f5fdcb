"""Makes exercises/ from solutions/: what stands between `# exercise: ID` and `# end` becomes a gap, in the files and in
the notebook edition that holds all of them. It makes the pictures of the book as well."""

from __future__ import annotations

import functools
from pathlib import Path

from grader.base import messages
from grader.base.errors import GraderError
from grader.base.points import shown
from grader.book.pictures import pictures
from grader.book.source import LANGUAGE, chapters, folder, summary
from grader.grading import reference
from grader.kit import NOTEBOOK, README, Kit
from grader.kit.gaps import BEGIN, emptied, faults, gaps, marked, unfilled
from grader.upkeep.edition import make_notebook

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
