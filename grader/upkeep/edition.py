"""Makes the notebook edition: the text of the book, and in the place of each exercise its code and a check below it."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import takewhile
from typing import Any

import nbformat

from grader.base import messages
from grader.base.errors import GraderError
from grader.base.points import shown
from grader.base.text import for_markdown
from grader.book.pictures import pictures
from grader.book.source import Chapter, Text, chapters
from grader.intake.notebook import ASIDE, MARK
from grader.kit import Kit
from grader.kit.model import Exercise
from grader.kit.pieces import Piece, pieces
from grader.sandbox.inside.reading.notebook import METADATA

_FENCED = re.compile(r"(^```.*?^```[ \t]*$)", re.MULTILINE | re.DOTALL)
_PICTURE = re.compile(r"!\[(.*?)\]\(pictures/([\w-]+)\.svg\)", re.DOTALL)
_LINK = re.compile(r"(?<!!)\[([^\]]*)\]\((?!https?:)[^)\s]*\)")


def make_notebook(kit: Kit, texts: Mapping[str, str]) -> str:
    """The notebook edition of these texts of the kit's files. GraderError where a chapter or a picture is not there."""
    cells = [
        _cell("markdown", "title", messages.NOTEBOOK_TITLE),
        _cell("code", "setup", f"{MARK}{ASIDE}\n{messages.NOTEBOOK_SETUP}"),
    ]
    # In a notebook the chapters before are there already.
    kits = "|".join(file.removesuffix(".py") for file in texts)
    kit_import = re.compile(rf"^(?:>>> )?from (?:{kits}) import .*\n", re.MULTILINE)
    drawn = pictures(kit)
    for chapter in chapters(kit):
        code = pieces(kit_import.sub("", texts[chapter.file])) if chapter.file else []
        parts = [Text(kit_import.sub("", part.markdown)) if isinstance(part, Text) else part for part in chapter.parts]
        cells += _of_chapter(kit, replace(chapter, parts=tuple(parts)), code, drawn)
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})  # type: ignore[no-untyped-call]  # no types
    nbformat.validate(notebook)
    return f"{nbformat.writes(notebook)}\n"  # type: ignore[no-untyped-call]  # nor has this


def without_checks(notebook: str, title: str) -> str:
    """A notebook edition without the cells that grade, and that prepare for it, under another title."""
    document = json.loads(notebook)
    cells = [cell for cell in document["cells"] if not "".join(cell["source"]).startswith(f"{MARK}{ASIDE}")]
    return _with(document, cells, "title", title)


def with_wheel(notebook: str, wheel: str) -> str:
    """A notebook edition that installs from a wheel, in the folder above its own."""
    document = json.loads(notebook)
    setup = messages.NOTEBOOK_SETUP_WHEEL.format(wheel=wheel)
    return _with(document, document["cells"], "setup", f"{MARK}{ASIDE}\n{setup}")


def _with(document: dict[str, Any], cells: list[dict[str, Any]], name: str, text: str) -> str:
    changed = [{**cell, "source": text.splitlines(keepends=True)} if cell["id"] == name else cell for cell in cells]
    return json.dumps({**document, "cells": changed}, indent=1, ensure_ascii=False) + "\n"


def _of_chapter(kit: Kit, chapter: Chapter, code: list[Piece], drawn: Mapping[str, str]) -> Iterator[Any]:
    """The cells of a chapter: its text, and in the place of each exercise what is filled in for it, and a check."""
    title = f"{chapter.number}. {chapter.title}" if chapter.number else chapter.title
    above, name = f"# {title}\n\n", f"{chapter.name}-text"
    left = dict(enumerate(code))
    places = [kit.manifest.by_id[place] for place in chapter.exercises]
    for part in chapter.parts:
        if isinstance(part, Text):
            yield _cell("markdown", name, f"{above}{_for_notebook(part.markdown, chapter.name, drawn)}".strip())
            above = ""
            continue
        exercise = kit.manifest.by_id[part.exercise]
        later = {other.gap for other in places[places.index(exercise) + 1 :]} - {exercise.gap}
        numbers = _up_to(exercise, left, later, kit)
        # What is given belongs to the text above, not to the exercise.
        given = [] if above else list(takewhile(lambda number: not left[number].gaps, numbers))
        for number in given:
            yield from _of_piece(chapter.file, left.pop(number), code)
        yield _cell("markdown", f"{exercise.id}-exercise", f"{above}{_headline(exercise)}")
        above, name = "", f"{chapter.name}-text-after-{exercise.id}"
        for number in numbers[len(given) :]:
            yield from _of_piece(chapter.file, left.pop(number), code)
        check = f"{messages.NOTEBOOK_IMPORT}\nmg_check({json.dumps(exercise.id)})"
        yield _cell("code", f"{exercise.id}-check", f"{MARK}{ASIDE}\n{check}")
    for piece in left.values():
        yield from _of_piece(chapter.file, piece, code)
    if above:
        yield _cell("markdown", name, above.strip())


def _up_to(exercise: Exercise, left: Mapping[int, Piece], later: set[str], kit: Kit) -> list[int]:
    """Of the pieces that are left those up to the last that an exercise, and what it needs, stand in; methods that can
    wait for their own exercise do."""
    wanted = {exercise.gap, *(kit.manifest.by_id[need].gap for need in exercise.needs)}
    last = max((number for number, piece in left.items() if wanted & {*piece.gaps}), default=-1)
    return [
        number
        for number, piece in left.items()
        if number <= last and not (piece.methods and piece.gaps and later >= {*piece.gaps})
    ]


def _of_piece(file: str, piece: Piece, code: list[Piece]) -> Iterator[Any]:
    """The cell of a piece; below that of a class which is taken apart, what a learner is told of that."""
    # The same cell has the same id in another version of the kit, whatever comes in before it.
    yield _cell("code", f"{file}-{piece.name}", f"{MARK}{file}\n{piece.text}", {METADATA: {"file": file}})
    methods = next((other for other in code if other.methods and other.name.startswith(f"{piece.name}-")), None)
    if methods is not None:
        line = methods.text.split("\n")[-len(methods.methods)]
        told = messages.NOTEBOOK_METHODS.format(cls=piece.name, line=line)
        yield _cell("markdown", f"{file}-{piece.name}-methods", told)


def _headline(exercise: Exercise) -> str:
    text = messages.NOTEBOOK_POINT if exercise.points == 1 else messages.NOTEBOOK_POINTS
    points = text.format(points=shown(exercise.points), bonus=messages.PATH_BONUS if exercise.bonus else "")
    title = for_markdown(exercise.title)
    return messages.NOTEBOOK_EXERCISE.format(id=exercise.id, title=title, minutes=exercise.minutes, points=points)


def _for_notebook(markdown: str, chapter: str, drawn: Mapping[str, str]) -> str:
    """The text of a chapter, which stands alone in a notebook: with its pictures in it, and no link to another one.
    GraderError where there is no such picture."""

    def picture(found: re.Match[str]) -> str:
        if found[2] not in drawn:
            raise GraderError(messages.BOOK_PICTURE_MISSING.format(chapter=chapter, picture=found[2]))
        what = html.escape(" ".join(found[1].split()))
        # As an element: some viewers take no such address in Markdown.
        data = base64.b64encode(drawn[found[2]].encode()).decode()
        return f'<img alt="{what}" src="data:image/svg+xml;base64,{data}">'

    parts = _FENCED.split(markdown)
    parts[::2] = [_LINK.sub(r"\1", _PICTURE.sub(picture, part)) for part in parts[::2]]
    return "".join(parts)


def _cell(kind: str, name: str, text: str, metadata: dict[str, Any] | None = None) -> Any:
    """A cell with an id that is the same every time."""
    make: Any = {"code": nbformat.v4.new_code_cell, "markdown": nbformat.v4.new_markdown_cell}[kind]
    return make(text, id=re.sub(r"[^A-Za-z0-9-]", "-", name), metadata=metadata or {})
