"""The source of the book: a Markdown file for each chapter, beside the exercises; pure text.

`exercises/book/en/engine.md` belongs to `engine.py`. It begins with its title (`# The engine`), formulas stand in LaTeX
between dollars, pictures are `![what can be seen](pictures/NAME.svg)`, and a paragraph `**Exercise: add**` is the place
of an exercise. Another language lies beside `en/`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from grader.base import messages
from grader.base.errors import GraderError
from grader.kit import Kit

LANGUAGE = "en"
# Chapters that belong to no file, before and after those that do.
BEFORE = ("introduction",)
AFTER = ("beyond", "history")
PLACE = re.compile(r"^\*\*Exercise: ([\w-]+)\*\*$", re.MULTILINE)


@dataclass(frozen=True)
class Text:
    """Markdown up to the next exercise."""

    markdown: str


@dataclass(frozen=True)
class Place:
    """Where an exercise stands in its chapter."""

    exercise: str


@dataclass(frozen=True)
class Chapter:
    """One chapter. name: that of its source. file: the file of the kit that it leads to, number: which of those it is;
    "" and 0 where it belongs to none. title: without the number. parts: all that is below the title, in order."""

    name: str
    file: str
    number: int
    title: str
    parts: tuple[Text | Place, ...]

    @property
    def heading(self) -> str:
        """The title, with the number where it has one."""
        return f"{self.number}. {self.title}" if self.number else self.title

    @property
    def exercises(self) -> tuple[str, ...]:
        """The ids of the exercises in it, in the order of the text."""
        return tuple(part.exercise for part in self.parts if isinstance(part, Place))


def folder(kit: Kit) -> Path:
    """Where the source of the book lies."""
    return kit.exercises / "book" / LANGUAGE


def book_files(kit: Kit) -> list[str]:
    """The chapters that there are, and their pictures: their paths from the folder of the exercises."""
    paths = (path for ending in ("*.md", "pictures/*.svg") for path in folder(kit).glob(ending))
    return sorted(path.relative_to(kit.exercises).as_posix() for path in paths)


def chapters(kit: Kit) -> list[Chapter]:
    """The book. GraderError where a chapter of it cannot be read."""
    files = dict(zip((file.removesuffix(".py") for file in kit.manifest.files), kit.manifest.files, strict=True))
    numbers = {name: number for number, name in enumerate(files, 1)}
    return [_read(kit, name, files.get(name, ""), numbers.get(name, 0)) for name in (*BEFORE, *files, *AFTER)]


def leading(chapter: Chapter, exercise: str) -> tuple[Text, ...]:
    """What leads to an exercise: the text since the one before, or where there is none the last that there is."""
    place = next(i for i, part in enumerate(chapter.parts) if part == Place(exercise))
    before = next((text for text in reversed(chapter.parts[:place]) if isinstance(text, Text)), None)
    return (before,) if before else ()


def summary(chapter: Chapter) -> str:
    """The first sentence of a chapter as plain text, or ""."""
    from grader.book.markdown import tree, words  # a grade needs none of it

    first = next((part.markdown for part in chapter.parts if isinstance(part, Text)), "")
    paragraph = next((node for node in tree(first).children if node.type == "paragraph"), None)
    found = re.match(r".*?[.?!:](?=\s+[^a-z]|\s*$)", words(paragraph), re.DOTALL) if paragraph else None
    return " ".join(found[0].split()) if found else ""


def _read(kit: Kit, name: str, file: str, number: int) -> Chapter:
    path = folder(kit) / f"{name}.md"
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise GraderError(messages.BOOK_UNREADABLE.format(path=path, why=error)) from error
    headline, _, rest = text.partition("\n")
    if not headline.startswith("# "):
        raise GraderError(messages.BOOK_WITHOUT_TITLE.format(path=path))
    return Chapter(name, file, number, headline.removeprefix("# ").strip(), tuple(_parts(rest)))


def _parts(text: str) -> list[Text | Place]:
    """The texts and exercises of a chapter, in order; no text is empty."""
    found: list[Text | Place] = []
    for i, part in enumerate(PLACE.split(text)):
        if i % 2:
            found.append(Place(part))
        elif part.strip():
            found.append(Text(part.strip("\n") + "\n"))
    return found
