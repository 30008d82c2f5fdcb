"""What in the book is not in step with the kit, or cannot be shown: a line each, with the file and the line."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from grader.base import messages
from grader.base.errors import GraderError
from grader.book import latex
from grader.book.markdown import BLOCK, FORMULA, tree
from grader.book.mathml import mathml
from grader.book.pages import PICTURES, anchors_of
from grader.book.source import PLACE, Chapter, chapters, folder
from grader.kit import Kit

if TYPE_CHECKING:
    from markdown_it.tree import SyntaxTreeNode

_NUMBER = re.compile(r"(?<![\w.])\d[\d,{}]*(?:\.\d+)?(?:e-?\d+)?")
_SMALL = 10  # up to here a number without a point may be a count, or an exponent


@dataclass(frozen=True)
class _Found:
    """A piece of a chapter, and the line (from 0) in which the block begins that it stands in."""

    node: SyntaxTreeNode
    line: int
    is_alone: bool  # the only thing in its paragraph


def faults(kit: Kit) -> Iterator[str]:
    """All of them, by chapter."""
    try:
        book = chapters(kit)
    except GraderError as error:
        yield str(error)
        return
    anchors = {chapter.name: anchors_of(chapter) for chapter in book}
    pictures = {path.name for path in (folder(kit) / PICTURES).glob("*")}
    used: set[str] = set()
    for chapter in book:
        path = folder(kit) / f"{chapter.name}.md"
        text = path.read_text(encoding="utf-8")
        lines = text.split("\n")
        where = path.relative_to(kit.folder).as_posix()
        found = list(_pieces(tree(text)))
        said = [*_of_exercises(kit, chapter, lines), *_of_formulas(found, lines), *_of_links(chapter, anchors, found)]
        for line, why in sorted([*said, *_of_pictures(found, pictures, used)]):
            yield messages.BOOK_FAULT.format(place=f"{where}:{line + 1}", why=why)
        yield from _of_head(kit, chapter, text)
    for name in sorted(pictures - used):
        place = (folder(kit) / PICTURES / name).relative_to(kit.folder).as_posix()
        yield messages.BOOK_FAULT.format(place=place, why=messages.BOOK_PICTURE_UNUSED)


def _pieces(node: SyntaxTreeNode, line: int = 0) -> Iterator[_Found]:
    for child in node.children:
        its_line = child.map[0] if child.map else line
        yield _Found(child, its_line, len(node.children) == 1)
        yield from _pieces(child, its_line)


def _line_of(lines: Sequence[str], piece: str, start: int) -> int:
    """In which line a piece of a block stands."""
    first = piece.split("\n")[0]
    return next((i for i in range(start, len(lines)) if first in lines[i]), start)


def _of_exercises(kit: Kit, chapter: Chapter, lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Each exercise of the file has one place, in the order of the manifest; no other has one."""
    wanted = [exercise.id for exercise in kit.manifest.exercises if exercise.file == chapter.file]
    places = {number: found[1] for number, line in enumerate(lines) if (found := PLACE.fullmatch(line))}
    for exercise_id in wanted:
        if exercise_id not in places.values():
            yield 0, messages.BOOK_NO_PLACE.format(id=exercise_id)
    times: Counter[str] = Counter()
    last = -1
    for number, exercise_id in places.items():
        times[exercise_id] += 1
        if exercise_id not in wanted:
            yield number, messages.BOOK_PLACE_OF_NONE.format(id=exercise_id, name=chapter.name)
        elif times[exercise_id] > 1:
            yield number, messages.BOOK_PLACE_TWICE.format(id=exercise_id)
        elif wanted.index(exercise_id) < last:
            yield number, messages.BOOK_PLACE_LATE.format(id=exercise_id, before=wanted[last])
        else:
            last = wanted.index(exercise_id)


def _of_formulas(found: Sequence[_Found], lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Each can be shown on a page and in a terminal; no dollar is left alone."""
    for piece in found:
        content = piece.node.content
        if piece.node.type == "text" and "$" in content:
            yield _line_of(lines, "$", piece.line), messages.BOOK_DOLLAR
        if piece.node.type not in (FORMULA, BLOCK):
            continue
        line = _line_of(lines, content, piece.line)
        is_block = piece.node.type == BLOCK
        try:
            mathml(content, is_block)
        except GraderError as error:
            yield line, str(error)
            continue
        if re.search(r"[\\{}]", "".join(latex.plain(content, is_block))):
            yield line, messages.BOOK_FORMULA.format(formula=content, why=messages.BOOK_FORMULA_NO_TEXT)


def _of_links(chapter: Chapter, anchors: dict[str, set[str]], found: Sequence[_Found]) -> Iterator[tuple[int, str]]:
    """Each leads to a chapter, to something that stands there, or out into the web."""
    for piece in found:
        if piece.node.type != "link":
            continue
        href = str(piece.node.attrs["href"])
        path, _, anchor = href.partition("#")
        name = path.removesuffix(".md") if path else chapter.name
        is_ours = name in anchors and (not path or path.endswith(".md"))
        if not (href.startswith(("https://", "http://")) or (is_ours and (not anchor or anchor in anchors[name]))):
            yield piece.line, messages.BOOK_LINK.format(href=href)


def _of_pictures(found: Sequence[_Found], pictures: set[str], used: set[str]) -> Iterator[tuple[int, str]]:
    """Each is there, stands in a paragraph by itself, and says in words what can be seen."""
    for piece in found:
        if piece.node.type != "image":
            continue
        path = PurePosixPath(str(piece.node.attrs["src"]))
        used.add(path.name)
        if path.name not in pictures or str(path.parent) != PICTURES:
            yield piece.line, messages.BOOK_NO_PICTURE.format(path=path)
        if not piece.node.children or not piece.is_alone:
            yield piece.line, messages.BOOK_PICTURE.format(path=path)


def _of_head(kit: Kit, chapter: Chapter, text: str) -> Iterator[str]:
    """The head of its file has its number and its title, and no number that the chapter has not. The title is that of
    the manifest."""
    if not chapter.file:
        return
    head = ast.get_docstring(ast.parse(kit.stub(chapter.file)), clean=False) or ""
    title = next(exercise.chapter for exercise in kit.manifest.exercises if exercise.file == chapter.file)
    begin = messages.BOOK_HEAD.format(number=chapter.number, title=chapter.title)
    where = (kit.solutions / chapter.file).relative_to(kit.folder).as_posix()
    if chapter.title != title:
        place = f"{(folder(kit) / chapter.name).relative_to(kit.folder).as_posix()}.md:1"
        yield messages.BOOK_FAULT.format(place=place, why=messages.BOOK_TITLE_OTHER.format(title=title))
    if not head.lower().startswith(begin.lower()):
        yield messages.BOOK_FAULT.format(place=f"{where}:1", why=messages.BOOK_HEAD_OTHER.format(head=begin))
    known = {_value(found) for found in _NUMBER.findall(text)}
    for number, line in enumerate(head.split("\n"), 1):
        for found in _NUMBER.findall(line):
            is_counted = "." in found or _value(found) > _SMALL
            if is_counted and _value(found) not in known:
                known.add(_value(found))  # said once
                why = messages.BOOK_HEAD_NUMBER.format(number=found.strip(","), name=chapter.name)
                yield messages.BOOK_FAULT.format(place=f"{where}:{number}", why=why)


def _value(number: str) -> float:
    """A number, whatever is set between its thousands or stands behind it."""
    return float(re.sub(r"[{},]", "", number))
