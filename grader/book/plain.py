"""The book as plain text, for a terminal."""

from __future__ import annotations

import difflib
import itertools
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from grader.base import messages
from grader.base.errors import StudyError
from grader.base.points import shown
from grader.base.text import columns, printable, wrapped
from grader.book import latex, pictures_in_characters
from grader.book.markdown import FORMULA, tree, words
from grader.book.source import Chapter, Place, Text, chapters, leading
from grader.book.stub import line_of
from grader.kit import Kit
from grader.kit.model import Exercise

if TYPE_CHECKING:
    from markdown_it.tree import SyntaxTreeNode

WIDTH = 80
INDENT = "    "
GAP = 2  # columns between those of a table
_TOGETHER = "\N{NO-BREAK SPACE}"  # in short formulas, while lines are broken
_SHORT = 24  # characters of a formula that stays on one line


def contents(kit: Kit, width: int = WIDTH) -> str:
    """The chapters, with the names by which they are asked for, and their exercises."""
    book = chapters(kit)
    longest = max(len(chapter.name) for chapter in book)
    lines = [*wrapped(messages.READ_CONTENTS, width), ""]
    for chapter in book:
        lines.append(f"{chapter.number or '':>3}  {chapter.name:<{longest}}  {chapter.title}")
        if chapter.exercises:
            indent = " " * (longest + 7)
            lines += wrapped(", ".join(chapter.exercises), width, indent, indent)
    return "\n".join([*lines, "", *wrapped(messages.READ_HOW, width)]) + "\n"


def find(kit: Kit, name: str, width: int = WIDTH) -> str:
    """A chapter, by its number, its name or its file; or what leads to an exercise, by its id. StudyError where nothing
    is called so, with what is spelt much alike."""
    book = chapters(kit)
    known = {chapter.name: chapter for chapter in book}
    known |= {chapter.file: chapter for chapter in book if chapter.file}
    known |= {str(chapter.number): chapter for chapter in book if chapter.number}
    if name in known:
        return whole(kit, known[name], width)
    if name in kit.manifest.by_id:
        return section(kit, name, width)
    near = [] if name.isdecimal() else difflib.get_close_matches(name.lower(), [*known, *kit.manifest.by_id], 1)
    text = messages.UNKNOWN_READING_NEAR if near else messages.UNKNOWN_READING
    raise StudyError(text.format(name=printable(name), near="".join(near), names=", ".join(c.name for c in book)))


def whole(kit: Kit, chapter: Chapter, width: int = WIDTH) -> str:
    """A chapter from its title to its end."""
    return _written(kit, chapter, chapter.parts, width)


def section(kit: Kit, exercise_id: str, width: int = WIDTH) -> str:
    """What leads to an exercise of the kit since the one before it, and the exercise."""
    chapter = next(chapter for chapter in chapters(kit) if exercise_id in chapter.exercises)
    return _written(kit, chapter, (*leading(chapter, exercise_id), Place(exercise_id)), width)


def _written(kit: Kit, chapter: Chapter, parts: Sequence[Text | Place], width: int) -> str:
    title = wrapped(chapter.heading, width)
    blocks = [[*title, "=" * max(map(columns, title))]]
    for part in parts:
        if isinstance(part, Place):
            blocks.append(wrapped(headline(kit, kit.manifest.by_id[part.exercise]), width, "", INDENT))
        else:
            blocks += _blocks(tree(part.markdown).children, width)
    return "\n\n".join("\n".join(lines) for lines in blocks).replace(_TOGETHER, " ") + "\n"


def headline(kit: Kit, exercise: Exercise) -> str:
    """An exercise on one line."""
    return messages.READ_EXERCISE.format(
        id=exercise.id,
        title=exercise.title,
        minutes=exercise.minutes,
        points=points(exercise),
        file=exercise.file,
        line=line_of(kit, exercise),
    )


def points(exercise: Exercise) -> str:
    """What an exercise is worth, in words."""
    text = messages.BOOK_POINT if exercise.points == 1 else messages.BOOK_POINTS
    return text.format(points=shown(exercise.points)) + (messages.PATH_BONUS if exercise.bonus else "")


def _blocks(nodes: Sequence[SyntaxTreeNode], width: int) -> Iterator[list[str]]:
    """Each piece of a text as lines."""
    for node in nodes:
        yield list(_lines(node, width))


def _lines(node: SyntaxTreeNode, width: int) -> Iterator[str]:
    match node.type:
        case "heading":
            title = wrapped(words(node), width)
            yield from title
            if node.tag == "h2":
                yield "-" * max(map(columns, title))
        case "paragraph":
            picture = _only_picture(node)
            yield from _picture(picture, width) if picture else wrapped(_said(node), width)
        case "fence" | "code_block":
            for line in node.content.rstrip("\n").split("\n"):
                yield from _code(line, width)
        case "formula_block":
            yield from _formula(node.content, width)
        case "bullet_list" | "ordered_list":
            yield from _list(node, width)
        case "table":
            yield from _table(node, width)
        case "hr":
            yield "* * *"
        case _:  # a quotation
            inside = _blocks(node.children, width - len(INDENT))
            yield from _indented(inside, INDENT, INDENT)


def _said(node: SyntaxTreeNode) -> str:
    """What a paragraph says: code in its backticks, the address of a link behind it, formulas as plain text."""
    if node.type == FORMULA:
        text = latex.plain(node.content)[0]
        return text.replace(" ", _TOGETHER) if len(text) <= _SHORT else text
    if node.type == "code_inline":
        return f"`{node.content}`"
    inside = words(node) if not node.children else "".join(map(_said, node.children))
    if node.type == "link" and "://" in str(node.attrs["href"]):
        return f"{inside} ({node.attrs['href']})" if inside != node.attrs["href"] else inside
    return inside


def _only_picture(paragraph: SyntaxTreeNode) -> SyntaxTreeNode | None:
    inside = paragraph.children[0].children if paragraph.children else []
    return inside[0] if len(inside) == 1 and inside[0].type == "image" else None


def _picture(node: SyntaxTreeNode, width: int) -> Iterator[str]:
    """What can be seen in a picture, and some as characters."""
    drawn = pictures_in_characters.drawn(str(node.attrs["src"]), width)
    yield from drawn
    if drawn:
        yield ""
    yield from wrapped(messages.READ_PICTURE.format(text=_said(node)), width, INDENT, INDENT)


def _formula(content: str, width: int) -> Iterator[str]:
    for line in latex.plain(content, is_block=True):
        yield from _code(line, width)


def _code(line: str, width: int) -> list[str]:
    """A line that is to stay as it is, but where it is too long."""
    is_long = columns(line) + len(INDENT) >= width
    return wrapped(line.strip(), width, INDENT, INDENT * 2) if is_long else [f"{INDENT}{line}".rstrip()]


def _list(node: SyntaxTreeNode, width: int) -> Iterator[str]:
    numbers = itertools.count(int(node.attrs.get("start", 1)))
    for item in node.children:
        mark = f"{next(numbers)}. " if node.type == "ordered_list" else "- "
        yield from _indented(_blocks(item.children, width - len(mark)), mark, " " * len(mark), is_tight=True)


def _indented(blocks: Iterator[list[str]], first: str, then: str, is_tight: bool = False) -> Iterator[str]:
    for number, lines in enumerate(blocks):
        if number and not is_tight:
            yield ""
        for i, line in enumerate(lines):
            yield f"{then if number or i else first}{line}".rstrip()


def _table(node: SyntaxTreeNode, width: int) -> Iterator[str]:
    """Columns below each other; what has no room goes on in the next line."""
    cells = [row.children for part in node.children for row in part.children]
    rows = [[_said(cell) for cell in row] for row in cells]
    is_right = ["right" in str(cell.attrs.get("style", "")) for cell in cells[0]]
    widths = [max(columns(row[i]) for row in rows) for i in range(len(rows[0]))]
    while sum(widths) + GAP * (len(widths) - 1) >= width and max(widths) > 1:
        widths[widths.index(max(widths))] -= 1
    for number, row in enumerate(rows):
        pieces = [wrapped(cell, most + 1) or [""] for cell, most in zip(row, widths, strict=True)]
        for line in itertools.zip_longest(*pieces, fillvalue=""):
            yield (" " * GAP).join(map(_aligned, line, widths, is_right)).rstrip()
        if number == 0:
            yield (" " * GAP).join("-" * most for most in widths)


def _aligned(cell: str, width: int, is_right: bool) -> str:
    space = " " * (width - columns(cell))
    return space + cell if is_right else cell + space
