"""The Markdown of the book as a tree: CommonMark with tables, and formulas in LaTeX between dollars."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # else only those commands that show the book need it
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_inline import StateInline
    from markdown_it.tree import SyntaxTreeNode

FORMULA, BLOCK = "formula", "formula_block"
_INLINE = re.compile(r"\$([^\s$](?:[^$]*[^\s$])?)\$")
_FENCE = "$$"


@functools.cache
def parser() -> MarkdownIt:
    """What reads it. HTML in it is text."""
    from markdown_it import MarkdownIt

    found = MarkdownIt("commonmark", {"html": False}).enable("table")
    found.inline.ruler.before("escape", FORMULA, _inline)
    found.block.ruler.before("fence", BLOCK, _block, {"alt": ["paragraph"]})
    return found


def tree(markdown: str) -> SyntaxTreeNode:
    """A text as a tree, whose lines are counted from 0."""
    from markdown_it.tree import SyntaxTreeNode

    return SyntaxTreeNode(parser().parse(markdown))


def words(node: SyntaxTreeNode) -> str:
    """What a piece says without its marks; formulas as plain text."""
    from grader.book.latex import plain

    if node.type == FORMULA:
        return plain(node.content)[0]
    if node.type in ("text", "code_inline"):
        return node.content
    if node.type in ("softbreak", "hardbreak"):
        return " "
    return "".join(map(words, node.children))


def walk(node: SyntaxTreeNode) -> Iterator[SyntaxTreeNode]:
    """All that a tree holds, in order."""
    for child in node.children:
        yield child
        yield from walk(child)


def slug(heading: str) -> str:
    """The anchor of a heading, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def _inline(state: StateInline, silent: bool) -> bool:
    """`$x$`: a formula in a line."""
    found = _INLINE.match(state.src, state.pos) if state.src[state.pos] == "$" else None
    if found is None or found.end() > state.posMax:
        return False
    if not silent:
        token = state.push(FORMULA, "math", 0)
        token.content, token.markup = found[1], "$"
    state.pos = found.end()
    return True


def _block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """`$$...$$` on lines of its own: a formula by itself."""
    if not state.src.startswith(_FENCE, state.bMarks[start] + state.tShift[start]) or state.is_code_block(start):
        return False
    lines: list[str] = []
    for number in range(start, end):
        lines.append(state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]].strip())
        text = "\n".join(lines)
        if len(text) > len(_FENCE) and text.endswith(_FENCE):
            break
    else:
        return False
    if not silent:
        token = state.push(BLOCK, "math", 0)
        token.content, token.markup = text[len(_FENCE) : -len(_FENCE)].strip(), _FENCE
        token.map = [start, number + 1]
        state.line = number + 1
    return True
